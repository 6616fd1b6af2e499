"""Reconcile a table with official margins by iterative proportional fitting, on request only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.german import number_text
from zwkprognose.names import TOTAL
from zwkprognose.tables.counts import KEY, OPEN, plain_ages
from zwkprognose.tables.margins import margins_of
from zwkprognose.tables.require import require_table, require_tables
from zwkprognose.tables.sums import refuse_signs
from zwkprognose.tables.table import Table
from zwkprognose.tables.wording import cell_text, records

ROUNDS = 2000
TOLERANCE = 1e-9


@dataclass(frozen=True)
class Raked:
    """A table that meets its margins, and what that changed.

    Attributes
    ----------
    table : Table
        The fitted cells.
    changes : pandas.DataFrame
        One row per cell: its key, ``before``, ``after``, ``change`` in persons.
    rounds : int
        Rounds of fitting until every margin was met.
    """

    table: Table
    changes: pd.DataFrame
    rounds: int


@dataclass(frozen=True)
class _Constraint:
    """Cells ``group[i] >= 0`` add up to ``target[group[i]]``."""

    group: np.ndarray
    target: np.ndarray
    cells: pd.DataFrame

    def summed(self, values: np.ndarray) -> np.ndarray:
        inside = self.group >= 0
        return np.bincount(self.group[inside], weights=values[inside], minlength=len(self.target))


def rake(table: Table, margins: Table | Sequence[Table], *, tolerance: float = TOLERANCE) -> Raked:
    """Fit the cells of a table to totals that someone else prints (*Randanpassung*).

    Zeros stay zeros and odds ratios are kept; every margin is met to ``tolerance`` (relative), or an error is
    raised. Totals among the cells must be dropped first, so that nobody is counted twice.

    Parameters
    ----------
    table : Table
        Cells without totals (parts only), all of them numbers.
    margins : Table or sequence of Table
        Totals to meet; a group that a margin does not split (``total``, wider ages) is summed over.
    tolerance : float
        Largest relative deviation of a margin that counts as met.

    Returns
    -------
    Raked
        The fitted table, the change of every cell, and the number of rounds.

    Raises
    ------
    TableError
        If cells hold signs, a margin has no cells, a positive margin has only zeros, or margins contradict
        each other; with the amounts.

    References
    ----------
    Deming and Stephan (1940), On a least squares adjustment of a sampled frequency table.
    """
    table = require_table(table)
    frame = plain_ages(table.cells).reset_index(drop=True)
    _refuse_unfit(frame)
    given = require_tables(margins)
    constraints = [c for margin in given for c in _constraints(frame, plain_ages(margin.cells))]
    before = frame["value"].to_numpy(dtype=float)
    after, rounds = _fitted(before, constraints, tolerance)
    changes = frame[KEY].assign(before=before, after=after, change=after - before)
    files = ", ".join(margin.source.file for margin in given)
    note = f"An die Summen aus {files} angepasst; die größte Änderung einer Zelle ist {_largest(changes)} Personen."
    source = replace(table.source, notes=(*table.source.notes, note))
    return Raked(table.with_cells(table.cells.assign(value=after), source), changes, rounds)


def _fitted(start: np.ndarray, constraints: list[_Constraint], tolerance: float) -> tuple[np.ndarray, int]:
    values = start.copy()
    for rounds in range(1, ROUNDS + 1):
        for constraint in constraints:
            values *= _factors(constraint, values)
        worst = max((_deviation(c, values) for c in constraints), default=0.0)
        if worst <= tolerance:
            return values, rounds
    raise _contradiction(max(constraints, key=lambda c: _deviation(c, values)), values)


def _factors(constraint: _Constraint, values: np.ndarray) -> np.ndarray:
    summed = constraint.summed(values)
    empty = np.flatnonzero((summed == 0) & (constraint.target > 0))
    if empty.size:
        row = records(constraint.cells.iloc[empty[:1]])[0]
        raise TableError(
            f"{cell_text(row)}: {number_text(row['value'])} Personen, aber alle Zellen sind null.",
            cells=[{"text": cell_text(r)} for r in records(constraint.cells.iloc[empty[:50]])],
            remedy="Prüfen, ob Summe und Zellen dasselbe Gebiet, Jahr und Alter meinen.",
        )
    factor = np.divide(constraint.target, summed, out=np.zeros_like(summed), where=summed > 0)
    return np.append(factor, 1.0)[constraint.group]  # cells outside every margin (group -1) keep their value


def _deviation(constraint: _Constraint, values: np.ndarray) -> float:
    gap = np.abs(constraint.summed(values) - constraint.target)
    return float((gap / np.maximum(1.0, np.abs(constraint.target))).max(initial=0.0))


def _contradiction(constraint: _Constraint, values: np.ndarray) -> TableError:
    gap = constraint.summed(values) - constraint.target
    order = np.argsort(-np.abs(gap))[:20]
    rows = records(constraint.cells.iloc[order])
    return TableError(
        f"Die Summen widersprechen einander: {cell_text(rows[0])} lässt sich nicht treffen, es bleiben "
        f"{number_text(round(float(gap[order[0]]), 3))} Personen.",
        cells=[{"text": cell_text(row), "value": float(gap[i])} for row, i in zip(rows, order, strict=True)],
        remedy="Zuerst die Summen untereinander angleichen; ihre Gesamtsummen müssen gleich sein.",
    )


def _constraints(cells: pd.DataFrame, margin: pd.DataFrame) -> list[_Constraint]:
    """One constraint for every way in which the rows of a margin are split."""
    split = [dim for dim in ("sex", "nationality") if dim in margin]
    pattern = pd.MultiIndex.from_frame((margin[split] != TOTAL).assign(total=_is_total(margin)))
    return [_constraint(cells, part) for _, part in margin.groupby(pd.factorize(pattern)[0])]


def _constraint(cells: pd.DataFrame, margin: pd.DataFrame) -> _Constraint:
    fixed = ["variable", "area", "destination", "year"]
    fixed += [dim for dim in ("sex", "nationality") if margin[dim].iloc[0] != TOTAL]
    margin = margin.reset_index(drop=True)
    spans = margin[["age_from", "age_to"]].drop_duplicates().sort_values("age_from").to_numpy()
    at = _span_of(cells, spans)
    keys = pd.concat([cells[fixed].assign(span=at), margin[fixed].assign(span=_span_of(margin, spans))])
    codes = keys.groupby([*fixed, "span"], sort=False).ngroup().to_numpy()
    position = pd.Series(np.arange(len(margin)), index=codes[len(cells) :])
    if not position.index.is_unique:
        raise TableError("Eine Summe ist doppelt angegeben.", remedy="Jede Summe nur einmal angeben.")
    group = position.reindex(np.where(at >= 0, codes[: len(cells)], -1)).fillna(-1).to_numpy(dtype=np.int64)
    _refuse_without_cells(margin, group)
    return _Constraint(group, margin["value"].to_numpy(dtype=float), margin)


def _span_of(cells: pd.DataFrame, spans: np.ndarray) -> np.ndarray:
    """Which of the margin's age spans holds each cell; -1 outside all of them."""
    inside = (cells["age_from"].to_numpy()[:, None] >= spans[:, 0]) & (
        cells["age_to"].to_numpy()[:, None] <= spans[:, 1]
    )
    return np.where(inside.any(axis=1), inside.argmax(axis=1), -1)


def _is_total(cells: pd.DataFrame) -> pd.Series:
    return (cells["age_from"] == 0) & (cells["age_to"] == OPEN)


def _refuse_unfit(frame: pd.DataFrame) -> None:
    refuse_signs(frame, "Zellen")
    if margins_of(frame.drop_duplicates(KEY)):
        raise TableError(
            "Die Tabelle enthält Summen neben ihren Teilen; Personen würden doppelt gezählt.",
            remedy="Zuerst die Summen weglassen (parts_only).",
        )


def _refuse_without_cells(margin: pd.DataFrame, group: np.ndarray) -> None:
    lacking = np.setdiff1d(np.flatnonzero(margin["value"].to_numpy() != 0), group)
    if lacking.size:
        rows = records(margin.iloc[lacking[:50]])
        raise TableError(
            f"{cell_text(rows[0])}: Zu dieser Summe gibt es keine Zellen.",
            cells=[{"text": cell_text(row)} for row in rows],
            remedy="Schlüssel, Jahr und Altersgruppen der Summen prüfen.",
        )


def _largest(changes: pd.DataFrame) -> str:
    return number_text(round(float(changes["change"].abs().max()), 1))
