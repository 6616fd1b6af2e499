"""Years to come without small numbers: what is shown is chosen by the base year, so numbers give way, not tables.

Where a table is shown for an area depends on the counted stock of the base year alone. A number of a later year may
become small there. It becomes 0 or the smallest number that may be shown, and what that takes or leaves goes to
neighbouring cells, so that all tables still add up. The same holds for what the areas shown leave over, which everybody
can subtract.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import xarray as xr

from zwkprognose.output.publication.protection import Levels, Mask, rests, small
from zwkprognose.output.publication.rounding import Floats

#: Name of a table → which areas (or districts) it shows.
Masks = Mapping[str, Mask]


def without_small(values: Floats, least: int) -> Floats:
    """Whole numbers with the same sum, none of them between 0 and ``least``.

    Small numbers are 0 or ``least`` in turn, as their running sum asks; what is left goes to the largest.

    Examples
    --------
    >>> without_small(np.array([3.0, 40.0, 1.0, 0.0, 3.0]), 5).tolist()
    [5.0, 42.0, 0.0, 0.0, 0.0]
    """
    few = np.flatnonzero(small(values, least))
    if len(few) == 0 or 0 < values.sum() < least:
        return values
    result, left = values.copy(), 0.0
    for k in few.tolist():
        left += values[k]
        result[k] = least if 2 * left >= least else 0
        left -= result[k]
    if result.max() + left < least:  # nobody can give: one number less is raised
        result[[k for k in few.tolist() if result[k]][-1]] = 0
        left += least
    result[int(np.argmax(result))] += left
    return result


def settled(cells: xr.DataArray, shown: Masks, district_shown: Masks, members: Levels, least: int) -> xr.DataArray:
    """Rounded cells [scenario, year_end, area, nationality, sex, age_group] without small numbers after the base year.

    ``shown`` and ``district_shown`` say for every table which areas and which districts it shows.
    """
    values = np.ascontiguousarray(cells.values.copy())
    chain = [
        (_Table(shown[name], district_shown[name], child, parent), keeps_age)
        for name, child, parent, keeps_age in _groups(cells)
    ]
    for year in (scenario[k] for scenario in values for k in range(1, values.shape[1])):
        by_area = year.reshape(len(year), -1)
        _settle_areas(by_area, shown["total"], district_shown["total"], members, least)
        whole = np.arange(by_area.shape[1])
        for area in np.flatnonzero(small(by_area, least).any(axis=1) & shown["population"]):
            _settle(by_area[area][None], whole, np.zeros_like(whole), least)
        by_group = year.reshape(*year.shape[:2], -1)
        for table, keeps_age in chain:
            _settle_table(by_group.swapaxes(1, 2) if keeps_age else by_group, table, members, least)
    return cells.copy(data=values)


@dataclass(frozen=True)
class _Table:
    """One table of a chain: groups that it sums, within groups of the next coarser one."""

    shown: Mask
    district_shown: Mask
    child: Levels
    parent: Levels


def _groups(cells: xr.DataArray) -> Iterator[tuple[str, Levels, Levels, bool]]:
    """Tables from the coarsest to the finest: name, group of every cell, group of the coarser table, what stays.

    The groups are of (sex, age), or of nationality, where sex and age stay as they are.
    """
    sexes, fine = cells.sizes["sex"], cells.sizes["age_group"]
    broad = np.tile(cells["broad_of"].values, sexes)
    sex = np.repeat(np.arange(sexes), fine)
    by_sex = sex * (int(broad.max()) + 1) + broad
    nationality = np.arange(cells.sizes["nationality"])
    yield "broad", broad, np.zeros_like(broad), False
    yield "by_broad_age", by_sex, broad, False
    yield "by_age", np.arange(sexes * fine), by_sex, False
    yield "by_nationality", nationality, np.zeros_like(nationality), True


def _settle_areas(cells: Floats, shown: Mask, district_shown: Mask, members: Levels, least: int) -> None:
    """Totals of areas and rests [area, cell] that are not small; persons change their area, never their cell."""
    row = np.arange(len(members))
    for hidden in rests(shown, district_shown, members):
        row[hidden] = row[hidden][:1]
    _settle(cells.T, row, np.zeros_like(row), least)


def _settle_table(cells: Floats, table: _Table, members: Levels, least: int) -> None:
    """Cells [area, kept, group] of one table that are not small, in areas shown and in rests.

    Persons change their group within a cell of the next coarser table, never their area or what is kept.
    """
    sums = cells.sum(axis=1) @ np.eye(int(table.child.max()) + 1)[table.child]
    for area in np.flatnonzero(small(sums, least).any(axis=1) & table.shown):
        _settle(cells[area], table.child, table.parent, least)
    for hidden in rests(table.shown, table.district_shown, members):
        if small(sums[hidden].sum(axis=0), least).any():
            block = cells[hidden]
            flat = block.reshape(-1, block.shape[-1])
            _settle(flat, table.child, table.parent, least)
            cells[hidden] = flat.reshape(block.shape)


def _settle(cells: Floats, child: Levels, parent: Levels, least: int) -> None:
    """Move persons along the second axis of ``cells`` [kept, group], in place, until no child is small.

    ``child`` is the number of the sum that a group counts in; only groups of one ``parent`` exchange persons.
    """
    sums: Floats = np.bincount(child, weights=cells.sum(axis=0)).astype(np.float64)
    for family in np.unique(parent[small(sums, least)[child]]):
        own = np.unique(child[parent == family])
        gain = np.zeros_like(sums)
        gain[own] = without_small(sums[own], least) - sums[own]
        for giver, taker, persons in _moves(gain):
            _move(cells, np.flatnonzero(child == giver), np.flatnonzero(child == taker), persons)


def _moves(gain: Floats) -> Iterator[tuple[int, int, float]]:
    """Who gives how many to whom, until everybody has the gain wanted."""
    left = gain.copy()
    while left.any():
        giver, taker = int(np.argmin(left)), int(np.argmax(left))
        persons = min(-left[giver], left[taker])
        left[giver] += persons
        left[taker] -= persons
        yield giver, taker, persons


def _move(cells: Floats, givers: Levels, takers: Levels, persons: float) -> None:
    """Move persons out of the largest cells into the largest cell of the same row."""
    while persons > 0:
        row, place = np.unravel_index(int(np.argmax(cells[:, givers])), (len(cells), len(givers)))
        moved = min(persons, cells[row, givers[place]])
        cells[row, givers[place]] -= moved
        cells[row, takers[int(np.argmax(cells[row, takers]))]] += moved
        persons -= moved
