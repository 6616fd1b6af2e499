"""What chance needs to know of a year of a city whose areas depend on each other, as the kernel takes it.

Few arrays, each of many parts: the time that numba needs to compile grows with their number.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.arrays import Array, Index
from zwkprognose.engine.compiled.expected_year import Expected, Year
from zwkprognose.engine.model import Model, YearInputs
from zwkprognose.engine.rates import Rates

Whole = NDArray[np.int64]


class City(NamedTuple):
    """What is the same in all years: sizes, conventions, and what takes place.

    Attributes
    ----------
    exposure (cell), order (area), streams (area)
        Share of movers exposed to deaths, order in which areas are added, addresses of their streams.
    """

    areas: int
    groups: int
    sexes: int
    ages: int
    female: int
    citizens: int
    moving: bool
    changing: bool
    building: bool
    living: bool
    exposure: Array
    order: Whole
    streams: NDArray[np.uint64]


class Ways(NamedTuple):
    """The numbers of a year; a cell is group, sex and age in a row.

    Attributes
    ----------
    rates (rate, area, cell)
        Probability of a change of group, of a move inside, share of what the areas before have left of the pool.
    plan (part, area, cell)
        Persons moving into new dwellings from inside and from outside the city; residents of facilities after the
        year, and those released who stay. Without areas if nothing is planned.
    ladder (origin, column, destination), column (cell)
        Shares of a matrix summed up so far, area by area in their order; which column holds for a cell.
    """

    rates: Array
    plan: Array
    ladder: Array
    column: Whole


def city_of(model: Model, streams: NDArray[np.uint64]) -> City:
    """What is the same in all years of a model."""
    rates = model.rates
    areas, groups, sexes, ages = model.start.shape
    return City(
        areas, groups, sexes, ages, model.female, model.citizens,
        moving=rates.move_out is not None, changing=rates.naturalisation is not None,
        building=model.housing is not None, living=model.facilities is not None,
        exposure=np.broadcast_to(model.exposure, (groups, sexes, ages)).ravel(),
        order=model.area_order.astype(np.int64), streams=streams,
    )  # fmt: skip


def taking_place(model: Model) -> tuple[bool | None, ...]:
    """New dwellings, movers sent by pool, by matrix, changes of group: True, or None, which the kernels leave out."""
    rates = model.rates
    each = (model.housing, rates.move_in_share, rates.destination, rates.naturalisation)
    return tuple(None if one is None else True for one in each)


def ways_of(expected: Expected) -> list[Ways]:
    """All years. Rates that are the same as in the year before are laid out once."""
    model, ways = expected.model, list[Ways]()
    for t, year in enumerate(expected.years):
        same = t > 0 and _same(year, expected.years[t - 1])
        ways.append(_ways(model, year, ways[-1] if same else None))
    return ways


def _same(year: Year, before: Year) -> bool:
    rates = vars(year.given.rates).values(), vars(before.given.rates).values()
    return all(new is old for new, old in zip(*rates, strict=True))


def _ways(model: Model, year: Year, like: Ways | None) -> Ways:
    rates, shape = year.given.rates, model.start.shape
    if like is not None:
        return like._replace(plan=_plan(year.given, shape))
    chances = np.stack([_cells(r, shape) for r in (rates.naturalisation, rates.move_out, rates.move_in_share)])
    chances[2] = _of_the_rest(chances[2], model.area_order)
    return Ways(chances, _plan(year.given, shape), *_ladder(rates, model.area_order, shape))


def _of_the_rest(shares: Array, order: Index) -> Array:
    """Share of each area among its own and those of the areas after it in their order; zero stays zero."""
    rest, found = np.cumsum(shares[order][::-1], axis=0)[::-1], np.zeros_like(shares)
    found[order] = np.divide(shares[order], rest, out=np.zeros_like(rest), where=shares[order] > 0)
    return found


def _cells(values: Array | None, shape: tuple[int, ...]) -> Array:
    """(area, cell), zero if nothing is given."""
    full = np.zeros(shape) if values is None else np.broadcast_to(values, shape)
    return full.reshape(len(full), -1)


def _plan(given: YearInputs, shape: tuple[int, ...]) -> Array:
    arrivals, special = given.arrivals, given.special
    if arrivals is None and special is None:
        return np.zeros((4, 0, int(np.prod(shape[1:]))))
    homes = (None, None) if arrivals is None else arrivals.cells(slice(None))
    facilities = (None, None) if special is None else (special.after, special.released)
    return np.stack([_cells(p, shape) for p in (*homes, *facilities)])


def _ladder(rates: Rates, order: Index, shape: tuple[int, ...]) -> tuple[Array, Whole]:
    if rates.destination is None:
        return np.zeros((0, 0, 0)), np.zeros(0, np.int64)
    shares = rates.destination
    own = shares.shape[2:]
    column = np.broadcast_to(np.arange(np.prod(own)).reshape(own), shape[1:]).ravel()
    table = shares.reshape(*shares.shape[:2], -1).swapaxes(1, 2)
    return np.cumsum(table[..., order], axis=-1), column.astype(np.int64)
