"""Which tables may show which area: nested tables, a smallest cell, and no way back by subtraction.

The tables of a chain nest: every cell of a coarser one is a sum of cells of the finer one. Each area, and each
district if districts are shown too, is shown up to one level of the chain. At every level

1. every number shown is 0 or at least ``min_cell``;
2. so is, in every cell, every district shown minus its areas shown;
3. and so is the city minus the districts shown and minus the areas shown of the other districts.

A cell below its level is then bounded only by sums of at least ``min_cell``: its row (what is shown of its area),
its column (the rest of its district or of the city), and the rest can always be spread over the other cells,
because rows and columns of the hidden part cross without gaps. So nobody can conclude that it is small, let
alone its value.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zwkprognose.output.publication.rounding import Floats

Levels = NDArray[np.int64]


def levels(
    tables: Sequence[Floats],
    min_cell: int,
    members: Levels,
    *,
    start: Levels | None = None,
    district_start: Levels | None = None,
) -> tuple[Levels, Levels]:
    """Finest table of a nested chain in which each area and each district may be shown.

    Parameters
    ----------
    tables : sequence of arrays [time, area, cell], whole persons
        Finest first.
    min_cell : int
        Smallest number that may be shown, besides 0.
    members : int array [area]
        Number of the district of every area; all 0 if there are none.
    start, district_start : int arrays, optional
        Finest levels that are allowed for other reasons.

    Returns
    -------
    int arrays [area] and [district]
        Positions in ``tables``; ``len(tables)`` where no table may show it. The same for all times.
    """
    count = int(members.max()) + 1
    area = np.zeros(len(members), dtype=np.int64) if start is None else start.copy()
    district = np.zeros(count, dtype=np.int64) if district_start is None else district_start.copy()
    for k, table in enumerate(tables):
        layer = _Layer(table, _by_district(table, members, count), members, min_cell, area <= k, district <= k)
        layer.protect()
        area[(area <= k) & ~layer.shown] = k + 1
        district[(district <= k) & ~layer.district_shown] = k + 1
    return area, district


def small(table: Floats, min_cell: int) -> NDArray[np.bool_]:
    """Cells that show a few persons."""
    return (table > 0) & (table < min_cell)


@dataclass
class _Layer:
    """One level of the chain: what is shown of it, made smaller until it is safe."""

    table: Floats
    districts: Floats
    members: Levels
    min_cell: int
    shown: NDArray[np.bool_]
    district_shown: NDArray[np.bool_]

    def protect(self) -> None:
        """Hide what shows a small cell, then the smallest neighbours until no rest has one."""
        self.shown = self.shown & ~small(self.table, self.min_cell).any(axis=(0, 2))
        self.district_shown = self.district_shown & ~small(self.districts, self.min_cell).any(axis=(0, 2))
        while self._hide_in_districts() or self._hide_in_city():
            pass

    def _hide_in_districts(self) -> bool:
        """Hide one area of a district whose rest is small; False if there is none."""
        for district in np.flatnonzero(self.district_shown):
            inside = self.members == district
            if self._is_small(inside & ~self.shown) and (inside & self.shown).any():
                self.shown[_smallest(self.table, inside & self.shown)] = False
                return True
        return False

    def _hide_in_city(self) -> bool:
        """Hide one district, or one area of the hidden districts, if the rest of the city is small."""
        loose = ~self.district_shown[self.members]
        if not self._is_small(loose & ~self.shown):
            return False
        if (loose & self.shown).any():
            self.shown[_smallest(self.table, loose & self.shown)] = False
            return True
        if self.district_shown.any():
            self.district_shown[_smallest(self.districts, self.district_shown)] = False
            return True
        return False

    def _is_small(self, hidden: NDArray[np.bool_]) -> bool:
        return bool(small(self.table[:, hidden].sum(axis=1), self.min_cell).any())


def _smallest(table: Floats, candidates: NDArray[np.bool_]) -> int:
    """Position of the candidate with the fewest persons."""
    return int(np.argmin(np.where(candidates, table.sum(axis=(0, 2)), np.inf)))


def _by_district(table: Floats, members: Levels, count: int) -> Floats:
    return np.stack([table[:, members == district].sum(axis=1) for district in range(count)], axis=1)
