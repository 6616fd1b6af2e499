"""Which tables may show which area: nested tables, a smallest cell, and no way back by subtraction.

The tables of a chain nest: every cell of a coarser one is a sum of cells of the finer one. Each area, and each
district if districts are shown too, is shown up to one level of the chain. At every level

1. every number shown is 0 or at least ``min_cell``;
2. so is, in every cell, every district shown minus its areas shown;
3. and so is the city minus the districts shown and minus the areas shown of the other districts;
4. no such rest is a single area, whose numbers would stand there for everybody to subtract.

A cell below its level is then bounded only by sums of at least ``min_cell``: its row (what is shown of its area),
its column (the rest of its district or of the city), and the rest can always be spread over the other cells,
because rows and columns of the hidden part cross without gaps. So nobody can conclude that it is small, let
alone its value.

A stricter ``min_cell`` starts from what the weaker ones hide, so that it hides the same and more: publications with
different limits are together as safe as the one with the weakest.

Areas are chosen first, as if there were no districts; districts are shown as far as the areas allow. So a
publication with districts and one without hide the same areas, and do not give them back together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zwkprognose.output.publication.rounding import Floats

Levels = NDArray[np.int64]
Mask = NDArray[np.bool_]


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
    tables : sequence of arrays [area, cell], whole persons
        Stock of one 31.12., finest first.
    min_cell : int
        Smallest number that may be shown, besides 0.
    members : int array [area]
        Number of the district of every area; all 0 if there are none.
    start, district_start : int arrays, optional
        Finest levels that are allowed for other reasons.

    Returns
    -------
    int arrays [area] and [district]
        Positions in ``tables``; ``len(tables)`` where no table may show it.
    """
    count = int(members.max()) + 1
    area = np.zeros(len(members), dtype=np.int64) if start is None else start.copy()
    district = np.zeros(count, dtype=np.int64) if district_start is None else district_start.copy()
    for k, table in enumerate(tables):
        layer = _Layer(table, members, area <= k, district <= k)
        for least in range(1, min_cell + 1):
            layer.protect(least)
        area[(area <= k) & ~layer.shown] = k + 1
        district[(district <= k) & ~layer.district_shown] = k + 1
    return area, district


def small(table: Floats, min_cell: int) -> Mask:
    """Cells that show a few persons."""
    return (table > 0) & (table < min_cell)


def hidden_totals(persons: Floats, min_cell: int) -> Mask:
    """Which areas [area] cannot be shown beside their sum: small ones, and the next larger to hide them.

    >>> hidden_totals(np.array([3.0, 700.0, 40.0, 0.0]), 5).tolist(), hidden_totals(np.array([8.0, 700.0]), 5).tolist()
    ([True, False, True, False], [False, False])
    """
    one = np.zeros(len(persons), dtype=np.int64)
    return levels([np.floor(persons + 0.5)[:, None]], min_cell, one)[0] > 0


def rests(shown: Mask, district_shown: Mask, members: Levels) -> Iterator[Mask]:
    """Areas that together are what the numbers shown leave over: of each district shown, and of all others."""
    for district in np.flatnonzero(district_shown):
        yield (members == district) & ~shown
    yield ~district_shown[members] & ~shown


@dataclass
class _Layer:
    """One level of the chain: what is shown of it, made smaller until it is safe."""

    table: Floats
    members: Levels
    shown: Mask
    district_shown: Mask

    def protect(self, least: int) -> None:
        """Hide what shows a cell below ``least``, then the smallest areas and districts until no rest gives it back."""
        self.shown = self.shown & ~small(self.table, least).any(axis=1)
        while self._gives_away(~self.shown, least) and self._people(self.shown).any():
            self.shown[_smallest(self._people(self.shown))] = False
        self.district_shown = self.district_shown & ~small(self._districts, least).any(axis=1)
        for district in np.flatnonzero(self.district_shown):
            own = self._areas_of[district]
            self.district_shown[district] = not self._gives_away(own[~self.shown[own]], least)
        sizes = self._districts.sum(axis=1)
        while self.district_shown.any() and self._gives_away(~self.district_shown[self.members] & ~self.shown, least):
            self.district_shown[_smallest(np.where(self.district_shown, sizes + 1, 0.0))] = False

    @cached_property
    def _sizes(self) -> Floats:
        """Persons [area]."""
        return np.asarray(self.table.sum(axis=1))

    @cached_property
    def _areas_of(self) -> list[Levels]:
        """Positions of the areas of each district."""
        return [np.flatnonzero(self.members == district) for district in range(len(self.district_shown))]

    @cached_property
    def _districts(self) -> Floats:
        """Persons [district, cell]."""
        return np.stack([self.table[own].sum(axis=0) for own in self._areas_of])

    def _people(self, areas: Mask) -> Floats:
        """Persons of some areas [area], 0 for the others; who hides an empty area hides nothing."""
        return np.asarray(np.where(areas, self._sizes, 0.0))

    def _gives_away(self, hidden: Mask | Levels, least: int) -> bool:
        """Whether a rest, by its mask or its positions, has a small cell, or is the number of a single area."""
        alone = np.count_nonzero(self._sizes[hidden]) == 1
        return alone or bool(small(self.table[hidden].sum(axis=0), least).any())


def _smallest(persons: Floats) -> int:
    """Position of the smallest number above 0."""
    return int(np.argmin(np.where(persons > 0, persons, np.inf)))
