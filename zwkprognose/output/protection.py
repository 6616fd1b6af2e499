"""Which tables may show which area: nested tables, a smallest cell, and no way back by subtraction.

The tables of a chain nest: every cell of a coarser one is a sum of cells of the finer one. Each area is
shown up to one level of the chain. Two conditions protect what lies below it:

1. every number shown is 0 or at least ``min_cell``;
2. at every level, the city (and every district that is shown) minus the areas shown is 0 or at least
   ``min_cell`` in every cell.

A cell below is then bounded only by sums of at least ``min_cell``: its row (the number shown for its area),
its column (the rest of the city), and the rest can always be spread over the other cells, because rows and
columns of the hidden part cross without gaps. So nobody can conclude that it is small, let alone its value.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zwkprognose.output.rounding import Floats

Levels = NDArray[np.int64]


def levels(
    tables: Sequence[Floats], min_cell: int, *, start: Levels | None = None, groups: Levels | None = None
) -> Levels:
    """Finest table of a nested chain in which each area may be shown.

    Parameters
    ----------
    tables : sequence of arrays [time, area, cell], whole persons
        Finest first.
    min_cell : int
        Smallest number that may be shown, besides 0.
    start : int array [area], optional
        Finest level that is allowed for other reasons.
    groups : int array [area], optional
        Number of the group (district) to which each area belongs, if groups are shown too: then the second
        condition holds in every group, and so in the city.

    Returns
    -------
    int array [area]
        Position in ``tables``; ``len(tables)`` for an area that no table may show. The same for all times.
    """
    areas = tables[0].shape[1]
    level = np.zeros(areas, dtype=np.int64) if start is None else start.copy()
    groups = np.zeros(areas, dtype=np.int64) if groups is None else groups
    size = tables[-1].sum(axis=(0, 2))
    for k, table in enumerate(tables):
        safe = ~small(table, min_cell).any(axis=(0, 2))
        level[(level == k) & ~safe] = k + 1
        for group in np.unique(groups):
            _close(level, k, table, np.flatnonzero(groups == group), size, min_cell)
    return level


def small(table: Floats, min_cell: int) -> NDArray[np.bool_]:
    """Cells that show a few persons."""
    return (table > 0) & (table < min_cell)


def _close(level: Levels, k: int, table: Floats, members: Levels, size: Floats, min_cell: int) -> None:
    """Hide the smallest areas of a group at level ``k`` until what is hidden together has no small cell."""
    while (shown := members[level[members] <= k]).size and small(_rest(table, members, shown), min_cell).any():
        level[shown[np.argmin(size[shown])]] = k + 1


def _rest(table: Floats, members: Levels, shown: Levels) -> Floats:
    """The group minus the areas shown [time, cell]."""
    return np.asarray(table[:, np.setdiff1d(members, shown)].sum(axis=1))
