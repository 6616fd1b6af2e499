"""Whole numbers that still add up: largest remainders in one direction, controlled rounding in two."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def round_to_total(values: Floats, totals: Floats | None = None) -> Floats:
    """Whole numbers along the last axis that add up to the whole ``totals`` (largest remainder).

    Parameters
    ----------
    values : array [..., n], persons
    totals : array [...], whole persons, optional
        Default: the sums, rounded half up. Must lie within ``n`` of the sums.

    Examples
    --------
    >>> round_to_total(np.array([0.4, 0.4, 1.2])).tolist()
    [1.0, 0.0, 1.0]
    """
    if totals is None:
        totals = round_half_up(values.sum(axis=-1))
    whole = np.floor(values)
    missing = (totals - whole.sum(axis=-1)).astype(np.int64)
    if (missing < 0).any() or (missing > values.shape[-1]).any():
        raise ValueError("the totals are not reachable by rounding the values up or down")
    order = np.argsort(-(values - whole), axis=-1, kind="stable")
    rank = np.argsort(order, axis=-1, kind="stable")
    return np.asarray(whole + (rank < missing[..., None]))


def round_half_up(values: Floats) -> Floats:
    """Nearest whole number, halves upwards, so that no sum depends on even or odd."""
    return np.asarray(np.floor(values + 0.5))


def round_table(values: Floats, row_totals: Floats, column_totals: Floats) -> Floats:
    """Round a table so that rows and columns keep their whole totals; no cell moves by a whole unit.

    Rows are rounded by largest remainder; then single units travel along rows, from a column with one
    too many to a column with one too few, on the shortest path of cells that may still be turned (an
    augmenting path of the flow problem, which has a whole solution whenever the totals are reachable).

    Parameters
    ----------
    values : array [row, column], persons
    row_totals, column_totals : arrays, whole persons; equal sums

    Raises
    ------
    ValueError
        If no rounding of the cells up or down meets both margins.
    """
    whole = np.floor(values)
    turnable = values > whole
    up = round_to_total(values, row_totals) - whole
    surplus = (whole + up).sum(axis=0) - column_totals
    while surplus.any():
        start = int(np.argmax(surplus))
        for row, source, target in _path(up > 0, turnable, start, surplus < 0):
            up[row, source] -= 1
            up[row, target] += 1
        surplus = (whole + up).sum(axis=0) - column_totals
    return whole + up


def _path(
    up: NDArray[np.bool_], turnable: NDArray[np.bool_], start: int, goal: NDArray[np.bool_]
) -> list[tuple[int, int, int]]:
    """Shortest chain of (row, from column, to column) from ``start`` to a goal column."""
    came_from: dict[int, tuple[int, int]] = {start: (-1, -1)}
    queue = deque([start])
    while queue:
        source = queue.popleft()
        rows = np.flatnonzero(up[:, source])
        free = turnable[rows] & ~up[rows]
        for target in np.flatnonzero(free.any(axis=0)):
            if int(target) in came_from:
                continue
            came_from[int(target)] = (int(rows[int(np.argmax(free[:, target]))]), source)
            if goal[target]:
                return _unwind(came_from, int(target))
            queue.append(int(target))
    raise ValueError("no rounding meets both margins")


def _unwind(came_from: dict[int, tuple[int, int]], target: int) -> list[tuple[int, int, int]]:
    steps = []
    while came_from[target][0] >= 0:
        row, source = came_from[target]
        steps.append((row, source, target))
        target = source
    return steps
