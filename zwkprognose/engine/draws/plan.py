"""What chance needs to know of a year of a city whose areas depend on each other, as the kernel takes it.

Few arrays, each of many parts: the time that numba needs to compile grows with their number.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.arrays import Array, Index
from zwkprognose.engine.compiled.expected_year import Expected, Year
from zwkprognose.engine.model import Model, YearInputs
from zwkprognose.engine.rates import Rates

Whole = NDArray[np.int64]


class City(NamedTuple):
    """Sizes, conventions, and what takes place: moves inside by pool or matrix, changes of group, dwellings, homes."""

    areas: int
    groups: int
    sexes: int
    ages: int
    female: int
    citizens: int
    mothers_start: float
    moving: bool
    pool: bool
    matrix: bool
    changing: bool
    building: bool
    living: bool


class Ways(NamedTuple):
    """The numbers of a year; a cell is group, sex and age in a row.

    Attributes
    ----------
    rates (rate, area, cell)
        Probability of a change of group, of a move inside, share of the pool.
    plan (part, area, cell)
        Persons moving into new dwellings from inside and from outside the city; residents of facilities after the
        year, and those released who stay. Without areas if nothing is planned.
    exposure (cell), order (area)
        Share of movers exposed to deaths, order in which areas are added.
    fertile (area, group, age), children (area, mother's group, child's group and sex)
    ladder (origin, column, destination), column (cell)
        Shares of a matrix summed up so far, area by area in their order; which column holds for a cell.
    """

    rates: Array
    plan: Array
    exposure: Array
    order: Whole
    fertile: Array
    children: Array
    ladder: Array
    column: Whole


def city_of(model: Model) -> City:
    """Sizes and conventions of a model."""
    rates = model.rates
    areas, groups, sexes, ages = model.start.shape
    return City(
        areas, groups, sexes, ages, model.female, model.citizens, float(model.timing.mothers_start),
        moving=rates.move_out is not None, pool=rates.move_in_share is not None,
        matrix=rates.destination is not None, changing=rates.naturalisation is not None,
        building=model.housing is not None, living=model.facilities is not None,
    )  # fmt: skip


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
    given, shape = year.given, model.start.shape
    parts: tuple[NDArray[Any], ...]
    if like is None:
        exposure, order = np.broadcast_to(model.exposure, shape[1:]).ravel(), model.area_order
        rates = given.rates.naturalisation, given.rates.move_out, given.rates.move_in_share
        parts = (np.stack([_cells(r, shape) for r in rates]), exposure, order.astype(np.int64),
                 *_births(given.rates, shape), *_ladder(given.rates, order, shape))  # fmt: skip
    else:
        parts = (like.rates, *like[2:])
    first, *rest = (np.require(p, requirements=["C", "W"]) for p in parts)
    return Ways(first, _plan(given, shape), *rest)


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


def _births(rates: Rates, shape: tuple[int, ...]) -> tuple[Array, Array]:
    areas, groups, sexes, ages = shape
    children = rates.birth_group[..., None] * rates.birth_sex[:, None, None]
    return (
        np.broadcast_to(rates.fertility, (areas, groups, ages)),
        np.broadcast_to(children, (areas, groups, groups, sexes)).reshape(areas, groups, groups * sexes),
    )


def _ladder(rates: Rates, order: Index, shape: tuple[int, ...]) -> tuple[Array, Whole]:
    if rates.destination is None:
        return np.zeros((0, 0, 0)), np.zeros(0, np.int64)
    shares = rates.destination
    own = shares.shape[2:]
    column = np.broadcast_to(np.arange(np.prod(own)).reshape(own), shape[1:]).ravel()
    table = shares.reshape(*shares.shape[:2], -1).swapaxes(1, 2)
    return np.cumsum(table[..., order], axis=-1), column.astype(np.int64)
