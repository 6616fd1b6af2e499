"""Shares printed beside undivided counts („Einwohner; %“): compared with them as they are rounded, and left out.

Of what it is the share (the whole table, the larger area, everybody in the row) is what nearly all rows agree with.
Shares of ages stay in the table: a rule compares them, also with other files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.tables.areas.whole import is_area_total, is_subtotal
from zwkprognose.tables.ledger import Fate, note_aside
from zwkprognose.tables.readers.columns import carried
from zwkprognose.tables.readers.crosstab.balances import Beside, Formula, share_of
from zwkprognose.tables.readers.crosstab.columns import Columns

#: What two columns must share so that one is the share of the other.
_WHO = ("sex", "nationality", "age", "year")
_NO_WHOLE = "Anteile werden nicht verwendet, und womit dieser zu vergleichen wäre, steht nicht daneben"


def without_shares(columns: Columns, labels: Mapping[str, Any], variables: list[str]) -> tuple[Columns, list[str]]:
    """The columns without the shares of undivided counts that stand beside these, and the variables of the others."""
    counted = dict(zip(columns.figures, variables, strict=True))
    if "age_from" in labels or "birth_year" in labels:
        return columns, variables
    shares = {
        c: g for c, g in columns.figures.items() if g.get("share") and "age" not in g and _count_of(c, counted, columns)
    }
    figures = {c: g for c, g in columns.figures.items() if c not in shares}
    return replace(columns, figures=figures, shares=shares), [counted[c] for c in figures]


def _count_of(share: int, variables: Mapping[int, str], columns: Columns) -> int | None:
    """The column of the counts that a share belongs to: of the same people and year, the nearest on its left."""
    own = columns.figures.get(share, columns.shares.get(share, {}))
    alike = [
        column
        for column, group in columns.figures.items()
        if not group.get("share") and all(group.get(key) == own.get(key) for key in _WHO)
    ]
    wanted = variables.get(share, "").removesuffix("_share")
    alike = [column for column in alike if not wanted or variables.get(column) == wanted]
    return max((column for column in alike if column < share), default=min(alike, default=None))


@dataclass(frozen=True)
class _Shares:
    """Shares of a crosstab and what they may be shares of."""

    beside: Beside

    def compare(self) -> tuple[str, ...]:
        """Note every share that the counts contradict; a German sentence about those that were compared."""
        compared = []
        layout = self.beside.layout
        for column in self.beside.columns.shares:
            best = self.beside.best(column, list(self._possible(column)))
            if best is None:
                note_aside(self.beside.document, column, layout.heading(column), layout.lines, _NO_WHOLE, Fate.SHARE)
            else:
                self.beside.document.fates.mark(Fate.SHARE, layout.lines[:, np.newaxis], [column])
                self.beside.note(column, best, layout.heading(column), is_share=True)
                compared.append(layout.heading(column))
        said = ", ".join(f"„{name}“" for name in dict.fromkeys(compared))
        return (f"Anteile sind mit den Anzahlen verglichen und ausgelassen: {said}.",) if compared else ()

    def _possible(self, column: int) -> Iterator[Formula]:
        count = _count_of(column, self.beside.variables, self.beside.columns)
        if count is None:
            return
        counted = self.beside.values(count)
        name = f"„{self.beside.layout.heading(count)}“"
        for words, whole, half in self._wholes(count, counted):
            share = np.divide(counted, whole, out=np.full(len(counted), np.nan), where=whole > 0)
            yield from share_of(f"{name} von {words}", share, self.beside.half_unit(count) + share * half, whole)

    def _wholes(self, count: int, counted: np.ndarray) -> Iterator[tuple[str, np.ndarray, float]]:
        """What a count may be a share of: everybody in the row, all rows together, the rows of the larger area."""
        half = self.beside.half_unit(count)
        group = self.beside.columns.figures[count]
        for column, other in self.beside.columns.figures.items():
            if column != count and self._holds(other, group, column, count):
                yield (
                    f"„{self.beside.layout.heading(column)}“",
                    self.beside.values(column),
                    self.beside.half_unit(column),
                )
        for key in ("sex", "nationality"):
            if key in group:
                parts = [
                    c
                    for c, other in self.beside.columns.figures.items()
                    if self._beside_by(other, group, key, c, count)
                ]
                if len({self.beside.columns.figures[c][key] for c in parts}) == 2 == len(parts):
                    yield "allen", sum(map(self.beside.values, parts), np.zeros(len(counted))), 2 * half
        yield from self._of_rows(counted, half)

    def _of_rows(self, counted: np.ndarray, half: float) -> Iterator[tuple[str, np.ndarray, float]]:
        rows = self.beside.rows
        names = [str(name) for name in rows.get("area_name", rows.get("area", [""] * len(counted)))]
        is_whole = np.array([is_area_total(name) for name in names], dtype=bool)
        is_sum = is_whole | np.array([is_subtotal(name) for name in names], dtype=bool)
        others = [np.asarray(rows[key], dtype=object) for key in ("year", "sex", "nationality") if key in rows]
        labels = [*zip(*others, strict=True)] if others else [()] * len(counted)
        kinds = pd.factorize(pd.Series(labels, dtype=object))[0]
        if is_whole.any():
            yield "insgesamt", _at_total(counted, kinds, is_whole), half
        plain = np.where(is_sum, 0.0, counted)
        yield "allen", np.bincount(kinds, weights=np.nan_to_num(plain))[kinds], half * np.sqrt(max((~is_sum).sum(), 1))
        if self.beside.columns.parents:
            texts = [row[self.beside.columns.parents[-1]] for row in self.beside.layout.rows]
            above = carried(np.array(texts, dtype=object))
            within = pd.factorize(pd.Series([*zip(kinds.tolist(), above.tolist(), strict=True)], dtype=object))[0]
            yield "dem größeren Gebiet", np.bincount(within, weights=np.nan_to_num(plain))[within], half * 2

    def _holds(self, other: Mapping[str, Any], group: Mapping[str, Any], column: int, count: int) -> bool:
        """Whether another column counts the same and more people."""
        same = self.beside.variables.get(column) == self.beside.variables.get(count)
        own = {key: group[key] for key in _WHO if key in group}
        wide = {key: other[key] for key in _WHO if key in other}
        return same and not other.get("share") and wide.items() < own.items() and other.get("year") == group.get("year")

    def _beside_by(self, other: Mapping[str, Any], group: Mapping[str, Any], key: str, column: int, count: int) -> bool:
        """Whether two columns differ in this one thing only."""
        same = self.beside.variables.get(column) == self.beside.variables.get(count) and not other.get("share")
        return same and key in other and all(other.get(name) == group.get(name) for name in _WHO if name != key)


def _at_total(counted: np.ndarray, kinds: np.ndarray, is_whole: np.ndarray) -> np.ndarray:
    whole = np.full(int(kinds.max()) + 1, np.nan)
    whole[kinds[is_whole]] = counted[is_whole]
    return whole[kinds]


def compare_shares(beside: Beside) -> tuple[str, ...]:
    """Compare the shares of a crosstab with its counts, note contradictions, and say what was compared."""
    return _Shares(beside).compare()
