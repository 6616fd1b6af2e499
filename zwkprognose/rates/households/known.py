"""Households that are known on 31.12. of the base year, by area: what the quotas are adjusted to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from zwkprognose.arithmetic import Floats, total
from zwkprognose.errors import RatesError
from zwkprognose.german import decimal, number

Marks = NDArray[np.bool_]
#: Households may have so many times the least persons of the open size in the mean; more contradicts itself.
MOST = 2.0


@dataclass(frozen=True)
class KnownHouseholds:
    """Counted households.

    Parameters
    ----------
    total : mapping of area key to households, optional
        All households.
    by_size : mapping of size to mapping of area key to households
        Households with so many persons; the largest size is the open one.

    Examples
    --------
    >>> known = KnownHouseholds({"01": 60.0}, {1: {"01": 40.0}})
    >>> persons, sizes = known.persons(["01"], np.array([100.0]), (1, 2), None)
    >>> persons.tolist(), sizes.tolist()  # 60 persons in 20 households of two and more
    ([[40.0, 60.0]], [3.0])
    """

    total: Mapping[str, float] = field(default_factory=dict)
    by_size: Mapping[int, Mapping[str, float]] = field(default_factory=dict)

    def persons(
        self, areas: Sequence[str], private: Floats, sizes: Sequence[int], open_size: float | None
    ) -> tuple[Floats, Floats]:
        """Persons [area, size] in households of each size, NaN where unknown, and the mean open size [area].

        ``private`` are the persons [area] in private households. Where the households of all sizes are known, the mean
        size of the largest ones follows from the persons that are left.

        Raises
        ------
        RatesError
            If an area is missing, or households and persons contradict each other; names the area.
        """
        counts, open_sizes = self.counts(areas, sizes), np.full(len(areas), open_size or np.nan)
        smaller = np.array(sizes[:-1], dtype=float)
        found = np.concatenate([counts[:, :-1] * smaller, np.full((len(areas), 1), np.nan)], axis=1)
        whole = np.asarray(~np.isnan(counts).any(axis=1))
        rest = np.asarray(private - total(np.moveaxis(np.where(whole[:, None], found[:, :-1], 0.0), -1, 0), axis=0))
        found[whole, -1] = rest[whole]
        self._check_rest(areas, private, counts, rest, whole, sizes[-1])
        has = whole & (counts[:, -1] > 0)
        open_sizes[has] = rest[has] / counts[has, -1]
        return found, _filled(open_sizes, has, rest, counts[:, -1])

    def counts(self, areas: Sequence[str], sizes: Sequence[int]) -> Floats:
        """Households [area, size], NaN where unknown; the open size follows from the total if need be."""
        odd = set(self.by_size) - set(sizes)
        if odd:
            raise RatesError(
                f"Haushalte mit {min(odd)} Personen sind bekannt, die Quoten unterscheiden nur die Größen "
                f"{', '.join(map(str, sizes))}.",
                remedy="Die größeren Haushalte zusammenzählen oder Quoten mit dieser Größe verwenden.",
            )
        found = np.stack([_of(self.by_size.get(size), areas) for size in sizes], axis=1)
        whole = _of(self.total or None, areas)
        smaller = total(np.moveaxis(found[:, :-1], -1, 0), axis=0)
        found[:, -1] = np.where(np.isnan(found[:, -1]), whole - smaller, found[:, -1])
        off = abs(whole - smaller - found[:, -1]) > 0.5
        wrong = off | (found < 0).any(axis=1)
        if wrong.any():
            by_size = total(np.nan_to_num(found), axis=1)
            raise RatesError(
                "Die Haushalte nach Größe ergeben nicht die Haushalte insgesamt.",
                cells=[
                    {"message": f"{areas[a]}: insgesamt {number(whole[a])}, nach Größe {number(by_size[a])}"}
                    for a in np.flatnonzero(wrong).tolist()
                ],
                remedy="Die Zeilen prüfen.",
            )
        if self.total and np.isnan(found).any():
            raise RatesError(
                "Die Haushalte insgesamt sind bekannt, die nach Größe nicht alle; die Zahl ließe sich nicht einhalten.",
                remedy=f"Haushalte aller Größen ({', '.join(map(str, sizes))}) angeben oder die Spalte haushalte "
                "streichen.",
            )
        return found

    def _check_rest(
        self, areas: Sequence[str], private: Floats, counts: Floats, rest: Floats, whole: Marks, least: int
    ) -> None:
        """Persons who are left for the largest households must be as many as these have."""
        few, many = least * counts[:, -1] * (1 - 1e-9), MOST * least * counts[:, -1] * (1 + 1e-9)
        wrong = whole & ((rest < few - 1e-6) | (rest > many + 1e-6))
        if not wrong.any():
            return
        cells = []
        for a in np.flatnonzero(wrong).tolist():
            size = f"je {decimal(rest[a] / counts[a, -1])}" if counts[a, -1] else "keine solchen Haushalte"
            cells.append({
                "message": f"{areas[a]}: {number(private[a])} Personen in Privathaushalten, für "
                f"{number(counts[a, -1])} Haushalte mit {least} und mehr Personen bleiben {number(rest[a])} ({size})"
            })  # fmt: skip
        raise RatesError(
            "Haushalte und Personen widersprechen sich.",
            cells=cells,
            remedy="Prüfen, ob beide denselben Stichtag haben und Personen in Einrichtungen (Größe 0) abgezogen sind.",
        )


def _of(given: Mapping[str, float] | None, areas: Sequence[str]) -> Floats:
    if given is None:
        return np.full(len(areas), np.nan)
    missing = [area for area in areas if area not in given]
    if missing:
        raise RatesError(
            "In den bekannten Haushalten fehlen Gebiete.",
            cells=[{"area": area} for area in missing],
            remedy="Für jedes Gebiet eine Zeile angeben, auch mit 0.",
        )
    return np.array([float(given[area]) for area in areas])


def _filled(sizes: Floats, has: Marks, rest: Floats, counts: Floats) -> Floats:
    """Areas without large households take the mean size of all the others."""
    if not has.any():
        return sizes
    everywhere = float(total(rest[has]) / total(counts[has]))
    return np.where(np.isnan(sizes), everywhere, sizes)
