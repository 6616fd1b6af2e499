"""Rows for several areas together: kept apart from the areas, so that nobody is counted twice.

A row is left out if it is nearly the sum of the areas and is called so; the difference is said. A row that is called
so and is no sum stays under the empty key, which the check and the inputs refuse. A row that is a sum without being
called so stays too and is refused by :mod:`zwkprognose.tables.areas.doubled`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.german import number_text
from zwkprognose.tables.areas.nested import UNPLACED, by_chance, explained, parts_of
from zwkprognose.tables.areas.whole import is_area_total, is_subtotal, may_be_total
from zwkprognose.tables.noise import VARIANCE
from zwkprognose.tables.sums import strict_sums

#: Chance that is accepted for a row that may be a total by its name.
_CHANCE_OF_NAMED = 0.05
_KEY = ["year", "sex", "nationality", "age_from", "age_to", "destination", "variable"]


@dataclass(frozen=True)
class Kept:
    """Cells of the areas alone; ``notes`` say what was left out, ``repairs`` where that was no exact sum."""

    cells: pd.DataFrame
    notes: tuple[str, ...] = ()
    repairs: tuple[str, ...] = ()


def without_sums(cells: pd.DataFrame, titles: Sequence[str] = ()) -> Kept:
    """Leave out all rows for several areas together.

    Raises
    ------
    TableError
        If a row that is named like a sum of some areas is not one: its persons may be counted twice.
    """
    names = _names(cells)
    cells, subtotals = _without_subtotals(cells, names)
    whole = _without_whole(cells, names)
    town = _without_town(whole.cells, names, titles)
    kept = town.cells.reset_index(drop=True)
    repairs = (*subtotals.repairs, *whole.repairs, *town.repairs)
    return Kept(kept, (*subtotals.notes, *whole.notes, *town.notes), repairs)


def _names(cells: pd.DataFrame) -> dict[str, set[str]]:
    """Everything that each area is called: its key and its names."""
    pairs = cells[["area", "area_name"]].drop_duplicates()
    names: dict[str, set[str]] = {}
    for area, name in pairs.itertuples(index=False):
        names.setdefault(area, set()).update(text for text in (area, name) if text)
    return names


def _called(names: dict[str, set[str]], rule: Callable[[str], bool], areas: Iterable[str]) -> list[str]:
    return [area for area in areas if any(rule(name) for name in names[area])]


def _without_subtotals(cells: pd.DataFrame, names: dict[str, set[str]]) -> tuple[pd.DataFrame, Kept]:
    wholes = set(_called(names, is_area_total, names))
    areas = [area for area in cells["area"].unique() if area not in wholes]
    sums = _called(names, is_subtotal, areas)
    said = []
    for area in sums:
        parts = (_Sum.of(cells, area, members) for members in _neighbours(areas, area, sums) if members)
        found = next((part for part in sorted(parts, key=_Sum.distance) if part.is_near), None)
        if found is None:
            raise TableError(
                f"„{_said(names, area)}“ heißt wie eine Summe, ist aber nicht die Summe der Gebiete davor oder danach.",
                cells=[{"area": area}],
                remedy="Zwischensummen löschen, oder das Gebiet anders nennen, wenn es keine ist.",
            )
        said += [found.difference(_said(names, area))]
    if not sums:
        return cells, Kept(cells)
    note = f"Zwischensummen sind ausgelassen: {', '.join(_said(names, area) for area in sums)}."
    kept = cells[~cells["area"].isin(sums)]
    return kept, Kept(kept, (note,), tuple(filter(None, said)))


def _without_whole(cells: pd.DataFrame, names: dict[str, set[str]]) -> Kept:
    """Rows of all areas are left out where they are nearly the sum, else they are kept under the empty key.

    So is a count that only the whole prints, such as births of a city beside a stock of its areas.
    """
    areas = cells["area"].unique()
    wholes = _called(names, is_area_total, areas) + [area for area in areas if not area]
    if not wholes or len(wholes) == len(areas):
        return Kept(cells.assign(area=cells["area"].mask(cells["area"].isin(wholes), "")) if wholes else cells)
    is_whole = cells["area"].isin(wholes)
    split = _both(cells).isin(_both(cells[~is_whole]))
    members = [area for area in areas if area not in wholes]
    found = [_Sum.of(cells[split], area, members) for area in wholes if (split & (cells["area"] == area)).any()]
    cells = cells.assign(area=cells["area"].mask(is_whole, ""))
    if not found or not all(part.is_near for part in found):
        return Kept(cells)
    note = "Die Zeilen für alle Gebiete zusammen sind deren Summe und ausgelassen."
    said = (part.difference(_said(names, part.area)) for part in found)
    return Kept(cells[~(is_whole & split)], (note,), tuple(filter(None, said)))


def _both(cells: pd.DataFrame) -> pd.MultiIndex:
    return pd.MultiIndex.from_frame(cells[["variable", "year"]])


def _without_town(cells: pd.DataFrame, names: dict[str, set[str]], titles: Sequence[str]) -> Kept:
    """Rows that may be the whole by their name are left out if they are nearly the sum of all others, not by chance."""
    areas = [area for area in cells["area"].unique() if area]
    if len(areas) < 3:
        return Kept(cells)
    sizes = cells.groupby("area", sort=False)["value"].sum()
    large = set(sizes.index[(0.8 * sizes <= sizes.sum() - sizes) & (sizes.sum() - sizes <= 1.2 * sizes)]) - {""}
    if not large:
        return Kept(cells)
    candidates = _called(names, lambda name: may_be_total(name, titles), areas)
    if 2 * len(candidates) > len(areas):
        return Kept(cells)  # "Stadt A", "Gemeinde B": such words are how this table names its areas
    for area in set(candidates) & large:
        found = _Sum.of(cells, area, [other for other in areas if other != area])
        if found.is_near and found.by_chance() < _CHANCE_OF_NAMED:
            name = _said(names, area)
            note = f"Die Zeilen „{name}“ sind die Summe der anderen Gebiete und ausgelassen."
            return Kept(cells[cells["area"] != area], (note,), tuple(filter(None, [found.difference(name)])))
    return Kept(cells)


def _said(names: dict[str, set[str]], area: str) -> str:
    """The longest name of an area, which is the one in words."""
    return max(names.get(area) or {"ohne Gebiet"}, key=len)


def _neighbours(names: list[str], name: str, sums: list[str]) -> Iterator[list[str]]:
    """What a sum may be of: the areas since the sum before it, those up to the next one, or all areas."""
    at = names.index(name)
    yield list(takewhile(lambda other: other not in sums, reversed(names[:at])))
    yield list(takewhile(lambda other: other not in sums, names[at + 1 :]))
    yield [other for other in names if other not in sums]


@dataclass(frozen=True)
class _Sum:
    """A row of sums beside the sums of its areas, cell by cell, as far as both are numbers."""

    area: str
    parts: int
    frame: pd.DataFrame
    is_single: bool

    @classmethod
    def of(cls, cells: pd.DataFrame, area: str, members: list[str]) -> _Sum:
        """Compare the rows of an area with those of others."""
        own = cells[(cells["area"] == area) & cells["value"].notna()]
        printed = own.set_index(_KEY)["value"]
        summed = strict_sums(cells[cells["area"].isin(members)], _KEY).reindex(printed.index)
        frame = pd.DataFrame({"printed": printed, "summed": summed}).dropna().reset_index()
        return cls(area, len(members), frame, printed.index.is_unique)

    @property
    def gap(self) -> np.ndarray:
        """How far every printed number is from the sum."""
        return (self.frame["printed"] - self.frame["summed"]).to_numpy(dtype=float)

    @property
    def is_near(self) -> bool:
        """Whether noise, rounding and persons without an area explain every difference, and all of them together."""
        summed = self.frame["summed"].to_numpy(dtype=float)
        in_cells = (np.abs(self.gap) <= explained(summed, self.parts)).all()
        together = UNPLACED * summed.sum() + 3 * np.sqrt(VARIANCE * (self.parts + 1) * len(summed))
        return bool(self.is_single and len(summed) and in_cells and abs(self.gap.sum()) <= together)

    def distance(self) -> float:
        """Sum of the differences; without a comparable cell none is farther."""
        return float(np.abs(self.gap).sum()) if len(self.gap) else np.inf

    def by_chance(self) -> float:
        """How likely an area that is no total comes as near."""
        return by_chance(np.abs(self.gap), self.frame["summed"].to_numpy(dtype=float))

    def difference(self, name: str) -> str:
        """A German sentence about the difference in the last year that has one; empty for an exact sum."""
        off = self.frame[np.abs(self.gap) > 1e-6]
        if off.empty:
            return ""
        year = int(off["year"].max())
        shown = parts_of(self.frame[(self.frame["year"] == year) & (self.frame["variable"] == off["variable"].iloc[0])])
        printed, summed = float(shown["printed"].sum()), float(shown["summed"].sum())
        return (
            f"„{name}“ ist ausgelassen als Summe der Gebiete, zählt {year} aber {number_text(printed)} statt "
            f"{number_text(summed)} Personen (Unterschied {number_text(printed - summed)}, in "
            f"{number_text(len(off))} von {number_text(len(self.frame))} Zahlen). Gerechnet wird mit den Gebieten."
        )
