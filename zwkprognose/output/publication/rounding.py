"""Whole numbers that still add up: largest remainders in one direction, controlled rounding in two."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

#: Sums nearer to a whole number than this are whole: they are counts behind a little arithmetic.
_NOISE = 1e-6


def round_half_up(values: Floats) -> Floats:
    """Nearest whole number, halves upwards, so that no sum depends on even or odd."""
    return np.asarray(np.floor(values + 0.5))


def round_to_total(values: Floats, totals: Floats | None = None) -> Floats:
    """Whole numbers along the last axis that add up to the whole ``totals`` (largest remainder).

    Parameters
    ----------
    values : array [..., n], persons
    totals : array [...], whole persons, optional
        Default: the sums, rounded half up. Must be reachable by rounding each value up or down.

    Examples
    --------
    >>> round_to_total(np.array([0.4, 0.4, 1.2])).tolist()
    [1.0, 0.0, 1.0]
    """
    if totals is None:
        totals = round_half_up(values.sum(axis=-1))
    whole = np.floor(values)
    missing = np.rint(totals - whole.sum(axis=-1)).astype(np.int64)
    if (missing < 0).any() or (missing > values.shape[-1]).any():
        raise ValueError("the totals are not reachable by rounding the values up or down")
    order = np.argsort(whole - values, axis=-1, kind="stable")
    up = np.zeros(values.shape)
    np.put_along_axis(up, order, np.arange(values.shape[-1]) < missing[..., None], axis=-1)
    return np.asarray(whole + up)


def round_table(values: Floats) -> Floats:
    """Round a table so that no cell, row sum or column sum moves by a whole unit, nor the total by more than half.

    Whole cells and whole margins stay as they are.

    Parameters
    ----------
    values : array [row, column], persons, not negative

    Notes
    -----
    Controlled rounding as a flow problem (Cox, JASA 82, 1987): a slack row and column make all margins whole; then a
    whole solution exists. Rows are rounded first; where a column has too many, cells of it change places with a
    neighbour of their row that has too few, those first that lose least by it, and along shortest augmenting paths
    where no direct change is left.

    Examples
    --------
    >>> round_table(np.array([[0.5, 0.5], [0.5, 0.5]])).sum(axis=0).tolist()
    [1.0, 1.0]
    """
    table, rows, columns = _with_slack(values)
    whole = np.floor(table)
    part = np.asfortranarray(table - whole)  # columns are what is read from here on
    up = np.asfortranarray(round_to_total(table, rows) > whole)
    surplus = np.rint(whole.sum(axis=0) + up.sum(axis=0) - columns)
    while surplus.any():
        source = int(np.argmax(surplus))
        if not _give(up, part, surplus, source):
            for row, giver, taker in _path(up, part > 0, source, surplus < 0):
                up[row, giver], up[row, taker] = False, True
            surplus = np.rint(whole.sum(axis=0) + up.sum(axis=0) - columns)
    return np.asarray((whole + up)[:-1, :-1])


def _give(up: NDArray[np.bool_], part: Floats, surplus: Floats, source: int) -> bool:
    """Let cells of one column change places with such of columns that have too few; whether any did."""
    given = False
    for target in np.argsort(surplus, kind="stable")[: np.count_nonzero(surplus < 0)].tolist():
        rows = np.flatnonzero(up[:, source] & (part[:, target] > 0) & ~up[:, target])
        count = int(min(surplus[source], -surplus[target], len(rows)))
        best = rows[np.argsort(part[rows, source] - part[rows, target], kind="stable")[:count]]
        up[best, source], up[best, target] = False, True
        surplus[source] -= count
        surplus[target] += count
        given |= count > 0
        if surplus[source] == 0:
            break
    return given


def _with_slack(values: Floats) -> tuple[Floats, Floats, Floats]:
    """The table with a slack row and column, and its whole row and column sums."""
    right, below = _to_whole(values.sum(axis=1)), _to_whole(values.sum(axis=0))
    total = float(values.sum())
    corner = round_half_up(np.array(total)) - np.floor(total + _NOISE)
    table = np.block([[values, right[:, None]], [below, corner]])
    # The corner stands for the fraction of the total, already decided; its margins count the fraction itself.
    fraction = total - np.floor(total + _NOISE)
    rows = np.rint(np.append(values.sum(axis=1) + right, below.sum() + fraction))
    columns = np.rint(np.append(values.sum(axis=0) + below, right.sum() + fraction))
    return table, rows, columns


def _to_whole(sums: Floats) -> Floats:
    """What is missing to the next whole number; nothing for a sum that is whole but for noise."""
    missing = np.ceil(sums) - sums
    return np.where((missing < _NOISE) | (missing > 1 - _NOISE), 0.0, missing)


def _path(
    up: NDArray[np.bool_], free: NDArray[np.bool_], start: int, goal: NDArray[np.bool_]
) -> list[tuple[int, int, int]]:
    """Shortest chain of (row, from column, to column) from ``start`` to a goal column."""
    seen = np.zeros(len(goal), dtype=bool)
    seen[start] = True
    by_row, by_column = np.full(len(goal), -1), np.full(len(goal), -1)
    queue = deque([start])
    while queue:
        source = queue.popleft()
        rows = np.flatnonzero(up[:, source])
        open_cells = free[rows] & ~up[rows]
        targets = np.flatnonzero(open_cells.any(axis=0) & ~seen)
        if not len(targets):
            continue
        seen[targets] = True
        by_row[targets], by_column[targets] = rows[open_cells[:, targets].argmax(axis=0)], source
        reached = targets[goal[targets]]
        if len(reached):
            return _unwind(by_row, by_column, int(reached[0]))
        queue.extend(targets.tolist())
    raise ValueError("no rounding meets both margins")


def _unwind(by_row: NDArray[np.int64], by_column: NDArray[np.int64], target: int) -> list[tuple[int, int, int]]:
    steps = []
    while by_row[target] >= 0:
        row, source = int(by_row[target]), int(by_column[target])
        steps.append((row, source, target))
        target = source
    return steps


def round_balance(parts: Floats, totals: Floats) -> Floats:
    """Whole signed parts along the first axis that add up to whole ``totals``, none changing its sign.

    Parts are rounded to the nearest; what is missing goes to the parts nearest to the next whole number.

    Parameters
    ----------
    parts : array [part, ...], persons, negative for those who leave
    totals : array [...], whole persons

    Examples
    --------
    >>> round_balance(np.array([2.4, -1.4, 0.3]), np.array(2.0)).tolist()
    [3.0, -1.0, 0.0]
    """
    whole = np.where(parts < 0, -round_half_up(-parts), round_half_up(parts))
    missing = np.rint(totals - whole.sum(axis=0))
    while missing.any():
        step = np.sign(missing)
        gain = np.where(parts == 0, -1.0, (parts - whole) * step)
        flips = (whole + step) * np.sign(parts) < 0
        best = np.argmax(np.where(flips, -np.inf, gain), axis=0)
        np.put_along_axis(whole, best[None], np.take_along_axis(whole, best[None], 0) + step, 0)
        missing = np.rint(totals - whole.sum(axis=0))
    return np.asarray(whole)
