"""What is given for one year of a city whose areas depend on each other, as the kernels of the draws take it.

Few arrays, each of many parts: the time that numba needs to compile grows with their number.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.arrays import Array, Index
from zwkprognose.engine.draws.whole import whole_special
from zwkprognose.engine.features.housing import Arrivals
from zwkprognose.engine.features.margins import Margin
from zwkprognose.engine.features.special import Special
from zwkprognose.engine.model import Model
from zwkprognose.engine.rates import Rates
from zwkprognose.engine.years import year_inputs

Whole = NDArray[np.int64]
#: Variables that Eckwerte hold, by the number that the kernels know them by.
HELD = ("population", "births", "deaths", "in_moves", "out_moves")


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


class Year(NamedTuple):
    """The numbers of a year; a cell is group, sex and age in a row.

    Attributes
    ----------
    rates (rate, area, cell)
        Probability of death, of leaving the city, known out-moves, in-moves, probability of a change of group,
        of a move inside, share of the pool.
    plan (part, area, cell)
        Persons moving into new dwellings from inside and from outside the city; residents of facilities before
        and after the year, and those released who stay. Without areas if nothing is planned.
    exposure (cell), order (area), gone (area)
        Share of movers exposed to deaths, order in which areas are added, areas that have ceased to exist.
    limits (area, 3)
        Largest probabilities of death, of leaving the city, of the other exits.
    fertile (area, group, age), children (area, mother's group, child's group and sex)
    shares (2, origin, column, destination), column (cell)
        Shares of a matrix and their sums so far, area by area in their order; which column holds for a cell.
    rows (margin, area), columns (margin, cell), margins (margin, 4), targets
        Eckwerte: row and column, −1 for none; number of the variable, of columns, first target and number of
        targets; their values, not a number where there is no cell.
    """

    rates: Array
    plan: Array
    exposure: Array
    order: Whole
    gone: NDArray[np.bool_]
    limits: Array
    fertile: Array
    children: Array
    shares: Array
    column: Whole
    rows: Whole
    columns: Whole
    margins: Whole
    targets: Array


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


def years_of(model: Model, events: bool) -> list[Year]:
    """All years; facilities have whole persons if events are drawn. Rates that never change are laid out once."""
    years: list[Year] = []
    known = model.unchanging
    for t in range(len(model.years)):
        same = t > 0 and model.exists is None and all(
            getattr(known, name) is not None or getattr(model.rates, name) is None for name in vars(known)
        )  # fmt: skip
        years.append(_year(model, t, events, years[0] if same else None))
    return years


def _year(model: Model, t: int, events: bool, like: Year | None) -> Year:
    given, shape = year_inputs(model, t), model.start.shape
    special = whole_special(model.facilities, t) if events and model.facilities is not None else given.special
    rates, order = given.rates, model.area_order
    if like is None:
        lasting = _rates(rates, shape), (_limits(rates, shape), *_births(rates, shape), *_matrix(rates, order, shape))
    else:
        lasting = like.rates, like[5:10]
    parts = (
        lasting[0],
        _plan(given.arrivals, special, shape),
        np.broadcast_to(model.exposure, shape[1:]).ravel(),
        order.astype(np.int64),
        np.zeros(0, bool) if given.exists is None else ~given.exists,
        *lasting[1],
        *_targets(model.margins[t] if model.margins else (), shape),
    )
    return Year(*(np.require(p, requirements=["C", "W"]) for p in parts))


def _rates(rates: Rates, shape: tuple[int, ...]) -> Array:
    given = (rates.death, rates.out, rates.out_moves, rates.in_moves, rates.naturalisation, rates.move_out,
             rates.move_in_share)  # fmt: skip
    return np.stack([_cells(r, shape) for r in given])


def _cells(values: Array | None, shape: tuple[int, ...]) -> Array:
    """(area, cell), zero if nothing is given."""
    full = np.zeros(shape) if values is None else np.broadcast_to(values, shape)
    return full.reshape(len(full), -1)


def _plan(arrivals: Arrivals | None, special: Special | None, shape: tuple[int, ...]) -> Array:
    if arrivals is None and special is None:
        return np.zeros((5, 0, int(np.prod(shape[1:]))))
    homes = (None, None) if arrivals is None else arrivals.cells(slice(None))
    facilities = (None, None, None) if special is None else (special.before, special.after, special.released)
    return np.stack([_cells(p, shape) for p in (*homes, *facilities)])


def _births(rates: Rates, shape: tuple[int, ...]) -> tuple[Array, Array]:
    areas, groups, sexes, ages = shape
    children = rates.birth_group[..., None] * rates.birth_sex[:, None, None]
    return (
        np.broadcast_to(rates.fertility, (areas, groups, ages)),
        np.broadcast_to(children, (areas, groups, groups, sexes)).reshape(areas, groups, groups * sexes),
    )


def _matrix(rates: Rates, order: Index, shape: tuple[int, ...]) -> tuple[Array, Whole]:
    if rates.destination is None:
        return np.zeros((2, 0, 0, 0)), np.zeros(0, np.int64)
    shares = rates.destination
    own = shares.shape[2:]
    column = np.broadcast_to(np.arange(np.prod(own)).reshape(own), shape[1:]).ravel()
    table = shares.reshape(*shares.shape[:2], -1).swapaxes(1, 2)
    return np.stack([table, np.cumsum(table[..., order], axis=-1)]), column.astype(np.int64)


def _limits(rates: Rates, shape: tuple[int, ...]) -> Array:
    other = [_largest(r, shape) for r in (rates.naturalisation, rates.move_out) if r is not None]
    return np.stack([_largest(rates.death, shape), _largest(rates.out, shape), sum(other, np.zeros(shape[0]))], axis=1)


def _largest(rate: Array, shape: tuple[int, ...]) -> Array:
    return np.broadcast_to(rate.max(axis=(1, 2, 3)), shape[:1])


def _targets(margins: tuple[Margin, ...], shape: tuple[int, ...]) -> tuple[NDArray[Any], ...]:
    areas, size = shape[0], int(np.prod(shape[1:]))
    cells = [np.broadcast_to(m.cells, shape[1:]).ravel() for m in margins]
    first = np.cumsum([0, *(m.target.size for m in margins)]).tolist()
    table = [(HELD.index(m.of), m.target.shape[1], a, m.target.size) for m, a in zip(margins, first, strict=False)]
    values = [np.where(m.present, m.target, np.nan).ravel() for m in margins]
    return (
        np.array([m.areas for m in margins], dtype=np.int64).reshape(-1, areas),
        np.array(cells, dtype=np.int64).reshape(-1, size),
        np.array(table, dtype=np.int64).reshape(-1, 4),
        np.concatenate([np.zeros(0), *values]),
    )
