"""Infer hidden cells from printed totals: exactly where one number is missing, else evenly within all margins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.german import number_text
from zwkprognose.tables.counts import KEY, plain_ages
from zwkprognose.tables.margins import Margins, margins_of
from zwkprognose.tables.wording import cell_text, records

ROUNDS = 5000
TOLERANCE = 1e-9


def imputed(cells: pd.DataFrame, chosen: np.ndarray) -> np.ndarray:
    """Numbers for the chosen cells such that every total that is printed is the sum of its parts.

    A cell that is alone unknown in a sum is reckoned exactly, again and again. What is left starts with equal
    numbers and is fitted to the remainders of all margins in turn (iterative proportional fitting).

    Raises
    ------
    TableError
        If a cell is in no sum, or the remainders are negative or contradict each other.
    """
    frame = plain_ages(cells)
    first = ~frame.duplicated(KEY).to_numpy()
    values = frame["value"].to_numpy(dtype=float).copy()
    margins = [_placed(m, np.flatnonzero(first)) for m in margins_of(frame[first])]
    _deduce(values, margins)
    open_cells = chosen & np.isnan(values)
    if open_cells.any():
        _fit(frame, values, open_cells, margins)
        _deduce(values, margins)
    _refuse_impossible(frame, values, chosen)
    return values[chosen]


def _placed(margins: Margins, positions: np.ndarray) -> Margins:
    """Margins of a selection of the cells, placed among all cells."""
    return Margins(margins.parts_name, positions[margins.total], positions[margins.part], margins.group)


def _deduce(values: np.ndarray, margins: list[Margins]) -> None:
    """Fill every cell that is the only unknown of a sum, until none is left."""
    progress = True
    while progress:
        progress = False
        for m in margins:
            unknown_parts = np.bincount(m.group, weights=np.isnan(values[m.part]), minlength=len(m.total))
            known_sum = np.bincount(m.group, weights=np.nan_to_num(values[m.part]), minlength=len(m.total))
            totals_open = np.isnan(values[m.total]) & (unknown_parts == 0)
            values[m.total[totals_open]] = known_sum[totals_open]
            single = ((unknown_parts == 1) & ~np.isnan(values[m.total]))[m.group] & np.isnan(values[m.part])
            rest = values[m.total] - known_sum
            values[m.part[single]] = rest[m.group[single]]
            progress = progress or bool(totals_open.any() or single.any())


def _fit(frame: pd.DataFrame, values: np.ndarray, unknown: np.ndarray, margins: list[Margins]) -> None:
    """Fit the unknown cells to the remainders of all known totals."""
    remainders = [_remainder(m, values, unknown) for m in margins]
    bound = np.zeros(len(values), dtype=bool)
    for part, _, _ in remainders:
        bound[part] = True
    if (unknown & ~bound).any():
        _refuse(frame, np.flatnonzero(unknown & ~bound), "ist in keiner ausgewiesenen Summe enthalten")
    for part, group, target in remainders:
        if (target < -1e-6).any():  # the known parts are more than their total
            least = int(target.argmin())
            amount = number_text(float(target[least]))
            _refuse(frame, part[group == least], f"müsste mit den anderen unbekannten zusammen {amount} sein")
    values[unknown] = 1.0
    for _ in range(ROUNDS):
        if _fit_once(values, remainders) < TOLERANCE:
            return
    part, group, target = max(remainders, key=lambda r: _misfit(values, r))
    off = np.abs(np.bincount(group, weights=values[part], minlength=len(target)) - target).argmax()
    _refuse(frame, part[group == off][:1], "lässt sich mit den ausgewiesenen Summen nicht in Einklang bringen")


def _remainder(m: Margins, values: np.ndarray, unknown: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(unknown parts, their sums, what is left for them) of all sums whose total is known."""
    usable = ~np.isnan(values[m.total])
    other_gaps = np.bincount(m.group, weights=np.isnan(values[m.part]) & ~unknown[m.part], minlength=len(m.total))
    usable &= other_gaps == 0
    open_part = unknown[m.part] & usable[m.group]
    known_sum = np.bincount(m.group, weights=np.nan_to_num(values[m.part]), minlength=len(m.total))
    groups, group = np.unique(m.group[open_part], return_inverse=True)
    return m.part[open_part], group, (values[m.total] - known_sum)[groups]


def _fit_once(values: np.ndarray, remainders: list[tuple[np.ndarray, np.ndarray, np.ndarray]]) -> float:
    """One round of proportional fitting; the largest misfit before each step."""
    misfit = 0.0
    for remainder in remainders:
        part, group, target = remainder
        if not len(target):
            continue
        misfit = max(misfit, _misfit(values, remainder))
        summed = np.bincount(group, weights=values[part], minlength=len(target))
        factor = np.divide(target, summed, out=np.zeros_like(target), where=summed > 0)
        values[part] *= factor[group]
    return misfit


def _misfit(values: np.ndarray, remainder: tuple[np.ndarray, np.ndarray, np.ndarray]) -> float:
    part, group, target = remainder
    if not len(target):
        return 0.0
    summed = np.bincount(group, weights=values[part], minlength=len(target))
    return float(np.abs(summed - target).max() / max(1.0, np.abs(target).max()))


def _refuse_impossible(frame: pd.DataFrame, values: np.ndarray, chosen: np.ndarray) -> None:
    unknown = np.flatnonzero(chosen & np.isnan(values))
    if unknown.size:
        _refuse(frame, unknown, "ist in keiner ausgewiesenen Summe enthalten")
    negative = np.flatnonzero(chosen & (values < -1e-6))
    if negative.size:
        amount = number_text(float(values[negative[0]]))
        _refuse(frame, negative, f"müsste nach den ausgewiesenen Summen {amount} sein")


def _refuse(frame: pd.DataFrame, at: np.ndarray, why: str) -> None:
    rows = records(frame.iloc[at[:50]])
    raise TableError(
        f"{cell_text(rows[0])}: Diese Zelle {why}.",
        cells=[{"text": cell_text(row)} for row in rows],
        remedy="Für diese Zellen zero oder midpoint wählen, oder die Summen berichtigen.",
    )
