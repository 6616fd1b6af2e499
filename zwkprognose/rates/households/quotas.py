"""Quotas of households: which share of the persons of an age lives in households of each size, or heads one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from zwkprognose.arithmetic import Floats, total
from zwkprognose.errors import RatesError
from zwkprognose.german import ages as ages_in_words
from zwkprognose.german import decimal
from zwkprognose.names import SEXES, label

#: Size that stands for persons in institutions (Gemeinschaftsunterkünfte): they have no household.
INSTITUTION = 0
#: How far shares that are printed in percent may miss one.
ROUNDING = 0.005
#: Age that stands for the end of an open group while quotas are checked.
OLDEST = 120
Kind = Literal["members", "heads"]


@dataclass(frozen=True, slots=True)
class Share:
    """Share of one group: completed ages ``first`` to ``last`` inclusive (None: open), one sex or all.

    ``size`` is the number of persons of the household; the largest size of a table is the open one, 0 an institution.
    """

    first: int
    last: int | None
    size: int
    share: float
    sex: str | None = None


@dataclass(frozen=True)
class HouseholdQuotas:
    """Quotas of households by age and sex.

    Parameters
    ----------
    rows : tuple of Share
        ``members``: shares of the persons of an age, over all sizes and institutions they sum to one; where only
        size 1 is given, all others live in households of two and more. ``heads``: shares of the persons who are the
        head (Bezugsperson) of a household of that size, at most one in sum.
    source : str
        Publisher, table, year; stands beside every result.
    kind : {"members", "heads"}
    open_size : float, optional
        Mean number of persons in the households of the largest size.
    note : str
        Known bias; stands beside every result.

    Raises
    ------
    RatesError
        If an age is missing or named twice, shares are impossible or do not sum to one; names the cell.

    Examples
    --------
    >>> alone = HouseholdQuotas((Share(0, 17, 1, 0.0), Share(18, None, 1, 0.3)), "eigene Annahme", open_size=2.8)
    >>> alone.sizes, alone.size_labels
    ((1, 2), ('1', '2 und mehr'))
    >>> alone.table(20, ["total"])[0, 20].tolist()  # institution, alone, with others
    [0.0, 0.3, 0.7]
    """

    rows: tuple[Share, ...]
    source: str
    kind: Kind = "members"
    open_size: float | None = None
    note: str = ""

    def __post_init__(self) -> None:
        _check_rows(self)
        _check_sums(self)
        if self.open_size is not None and not self.sizes[-1] <= self.open_size <= 4 * self.sizes[-1]:
            raise RatesError(
                f"In Haushalten mit {self.sizes[-1]} und mehr Personen können im Mittel nicht "
                f"{decimal(self.open_size)} Personen leben.",
                remedy=f"Eine Zahl ab {self.sizes[-1]} angeben.",
            )

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """Sizes of households, the last one open."""
        given = {row.size for row in self.rows} - {INSTITUTION}
        return (1, 2) if given == {1} and self.kind == "members" else tuple(sorted(given))

    @property
    def size_labels(self) -> tuple[str, ...]:
        """Sizes as heads of columns."""
        return (*(str(size) for size in self.sizes[:-1]), f"{self.sizes[-1]} und mehr")

    @property
    def by_sex(self) -> bool:
        """Whether women and men have different quotas."""
        return any(row.sex for row in self.rows)

    def table(self, oldest: int, sexes: Sequence[str]) -> Floats:
        """Shares [sex, age, institution and sizes] for single ages up to an open group.

        Raises
        ------
        RatesError
            If the quotas differ by sex and the population is not split by sex, or cut its open age group.
        """
        if self.by_sex and not set(sexes) <= set(SEXES):
            raise RatesError(
                "Die Haushaltsquoten unterscheiden Frauen und Männer, die Bevölkerung nicht.",
                remedy="Quoten ohne Geschlecht oder eine Bevölkerung nach Geschlecht verwenden.",
            )
        cut = next((row for row in self.rows if row.first > oldest or (row.last or 0) >= oldest), None)
        if cut is not None:
            raise RatesError(
                f"Die Haushaltsquoten trennen {ages_in_words(cut.first, cut.last)}; ab {oldest} Jahren fasst die "
                "Bevölkerung alle Alter zusammen.",
                remedy="Die oberste Altersgruppe der Quoten offen lassen oder nach mehr Altersjahren gliedern.",
            )
        return self._expanded(oldest, sexes)

    def _expanded(self, oldest: int, sexes: Sequence[str]) -> Floats:
        found = np.zeros((len(sexes), oldest + 1, 1 + len(self.sizes)))
        position = {INSTITUTION: 0} | {size: 1 + k for k, size in enumerate(self.sizes)}
        for row in self.rows:
            ages = slice(row.first, None if row.last is None else row.last + 1)
            for s, sex in enumerate(sexes):
                if row.sex in (None, sex):
                    found[s, ages, position[row.size]] += row.share
        if self.kind == "heads":
            return found
        if {row.size for row in self.rows} <= {INSTITUTION, 1}:
            found[..., -1] = 1.0 - total(np.moveaxis(found[..., :-1], -1, 0), axis=0)
            return found
        sums = total(np.moveaxis(found, -1, 0), axis=0)[..., None]
        return np.divide(found, sums, out=np.zeros_like(found), where=sums > 0)  # printed percents miss one by little


def _check_rows(quotas: HouseholdQuotas) -> None:
    wrong = [row for row in quotas.rows if not 0 <= row.share <= 1 or row.sex not in (None, *SEXES)]
    if wrong:
        raise RatesError(
            "Haushaltsquoten sind Anteile zwischen 0 und 1.",
            cells=[{"message": f"{_group(row.sex, row.first, row.last)}: {decimal(row.share, 4)}"} for row in wrong],
            remedy="Anteile statt Prozent angeben (0,2 statt 20), Geschlecht w, m oder leer.",
        )
    sizes = sorted({row.size for row in quotas.rows} - {INSTITUTION})
    if sizes != list(range(1, len(sizes) + 1)) or not sizes or (quotas.kind == "heads" and len(sizes) < 2):
        raise RatesError(
            f"Die Haushaltsgrößen ({', '.join(map(str, sizes)) or 'keine'}) sind keine Reihe ab 1.",
            remedy="Größen 1, 2, 3 … angeben; die größte ist die offene (5: fünf und mehr Personen).",
        )
    seen: set[tuple[int, int, str]] = set()
    for row in quotas.rows:
        cells = {(row.size, age, sex) for sex in _sexes(row) for age in _ages(row)}
        if cells & seen:
            raise RatesError(
                "Die Haushaltsquoten nennen eine Zelle zweimal.",
                cells=[{"message": f"{_group(row.sex, row.first, row.last)}, Größe {row.size}"}],
                remedy="Jedes Alter, Geschlecht und jede Größe nur einmal angeben.",
            )
        seen |= cells


def _check_sums(quotas: HouseholdQuotas) -> None:
    """Every age has quotas, and they sum to one; at most to one where the rest goes without saying."""
    sums = np.full((len(SEXES), OLDEST + 1), np.nan)
    for row in quotas.rows:
        for sex in _sexes(row):
            part = sums[SEXES.index(sex), row.first : None if row.last is None else row.last + 1]
            part[:] = np.where(np.isnan(part), 0.0, part) + row.share
    if np.isnan(sums).any():
        raise RatesError(
            "Die Haushaltsquoten decken nicht alle Alter ab.",
            cells=[{"message": said} for said in _runs(np.isnan(sums))],
            remedy="Auch für Kinder eine Zeile angeben und die oberste Altersgruppe offen lassen.",
        )
    rest = quotas.kind == "heads" or {row.size for row in quotas.rows} <= {INSTITUTION, 1}
    off = sums > 1 + ROUNDING if rest else abs(sums - 1) > ROUNDING
    if off.any():
        raise RatesError(
            f"Die Haushaltsquoten ergeben zusammen {'mehr als' if rest else 'nicht'} 1.",
            cells=[
                {"message": f"{said}: {decimal(value, 4)}"}
                for value in np.unique(sums[off]).tolist()
                for said in _runs(off & (sums == value))
            ],
            remedy="Die Anteile der genannten Alter prüfen; Personen in Einrichtungen mit der Größe 0 angeben.",
        )


def _sexes(row: Share) -> tuple[str, ...]:
    return SEXES if row.sex is None else (row.sex,)


def _ages(row: Share) -> Iterable[int]:
    return range(row.first, (OLDEST if row.last is None else row.last) + 1)


def _runs(marked: NDArray[np.bool_]) -> Iterable[str]:
    """Marked cells [sex, age] in words, ages that follow each other together."""
    for sex, ages in zip(SEXES, marked, strict=True):
        edges = np.flatnonzero(np.diff(np.concatenate([[False], ages, [False]]).astype(int)))
        for first, end in edges.reshape(-1, 2).tolist():
            yield _group(sex, first, None if end > OLDEST else end - 1)


def _group(sex: str | None, first: int, last: int | None) -> str:
    return f"{label('sex', sex)}, {ages_in_words(first, last)}" if sex else ages_in_words(first, last)
