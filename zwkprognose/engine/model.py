"""The arrays that the engine computes with: no labels, one fixed order of axes.

Rates have the axes (year, area, group, sex, age); an axis of length one means "the same for all" and is
never copied out. ``group`` is the nationality, ``N`` the number of areas.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.timing import Timing

if TYPE_CHECKING:
    from zwkprognose.engine.housing import Arrivals, Housing
    from zwkprognose.engine.margins import Margin
    from zwkprognose.engine.special import Facilities, Special

Array = NDArray[np.float64]
Index = NDArray[np.intp]
#: Results by name of the variable, (area, year, group, sex, age); births without age.
Flows = dict[str, Array]

#: Areas whose sum is formed apart from others, so that threads may share the sum and yet give the same bits.
BLOCK = 64

_WITHOUT_AGE = ("fertility", "birth_group", "birth_sex")


@dataclass(frozen=True)
class Rates:
    """Everything that moves a population, by age reached at the end of the year.

    ``None`` means that the movement does not take place. ``fertility`` has no sex axis,
    ``birth_group`` is (year, area, mother's group, child's group), ``birth_sex`` (year, area, sex),
    ``destination`` (year, origin, destination, group, sex, age). ``in_early`` and ``out_early`` are those
    of the numbers ``in_moves`` and ``out_moves`` who are there from the start of the year, where this is
    not the usual share.
    """

    death: Array
    out: Array
    in_moves: Array
    fertility: Array
    birth_group: Array
    birth_sex: Array
    out_moves: Array | None = None
    naturalisation: Array | None = None
    move_out: Array | None = None
    move_in_share: Array | None = None
    destination: Array | None = None
    in_early: Array | None = None
    out_early: Array | None = None

    def at_ages(self, ages: slice) -> Rates:
        """The same rates for some of the ages."""
        return self._changed(lambda v: v if v.shape[-1] == 1 else v[..., ages], without=_WITHOUT_AGE)

    def _changed(self, change: Callable[[Array], Array], without: tuple[str, ...] = ()) -> Rates:
        mine = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in without}
        return replace(self, **{name: change(v) for name, v in mine.items() if v is not None})


@dataclass(frozen=True)
class YearInputs:
    """Everything that is given for one year; arrays without a year axis.

    ``exists`` says which areas there are, ``birth_scale`` [area, group, sex] multiplies the births,
    ``mothers_early`` (in-moves, out-moves) are movers by completed age among the women at the start.
    """

    rates: Rates
    arrivals: Arrivals | None = None
    special: Special | None = None
    exists: NDArray[np.bool_] | None = None
    margins: tuple[Margin, ...] = ()
    birth_scale: Array | None = None
    mothers_early: tuple[Array, Array] | None = None


@dataclass(frozen=True)
class Model:
    """One projection as arrays: start, rates and the convention.

    Parameters
    ----------
    start : Array
        Stock (area, group, sex, age), persons.
    years : array
        The years to project.
    order : array
        Areas in the order in which sums over areas add them: by key, whatever the order of the rows.
    female, citizens : int
        Index of the women, and of the group that naturalised persons join.
    exists : array, optional
        (year, area): areas that there are.
    margins : tuple of tuples
        Eckwerte of each year: of the stock, and of flows.
    """

    start: Array
    years: NDArray[np.int64]
    rates: Rates
    timing: Timing = field(default_factory=Timing)
    order: Index | None = None
    female: int = 0
    citizens: int = 0
    exists: NDArray[np.bool_] | None = None
    housing: Housing | None = None
    facilities: Facilities | None = None
    margins: tuple[tuple[Margin, ...], ...] = ()

    @cached_property
    def unchanging(self) -> Rates:
        """The rates without a year axis that are the same in every year; ``None`` for the others."""
        mine = {f.name: getattr(self.rates, f.name) for f in fields(Rates)}
        first: dict[str, Any] = {n: v[0] if v is not None and len(v) == 1 else None for n, v in mine.items()}
        return Rates(**first)

    def rates_of_year(self, index: int) -> Rates:
        """The rates of one year, without the year axis (views, nothing is copied)."""
        mine = {f.name: getattr(self.rates, f.name) for f in fields(Rates)}
        return replace(self.unchanging, **{n: v[index] for n, v in mine.items() if v is not None and len(v) > 1})

    @property
    def exposure(self) -> Array:
        """Share of the movers of each age that is exposed to the deaths of the year."""
        share = np.full(self.start.shape[-1], self.timing.early)
        share[0] = self.timing.newborn
        return share

    @property
    def area_order(self) -> Index:
        """Order in which sums over areas add them."""
        return np.arange(len(self.start)) if self.order is None else self.order

    @property
    def couples_areas(self) -> bool:
        """Does what happens in one area depend on another, or come from outside the rates?"""
        given = (self.rates.move_out, self.exists, self.housing, self.facilities)
        return any(g is not None for g in given) or any(self.margins)

    @property
    def components(self) -> list[str]:
        """The variables of the result besides the stock and the births."""
        has = {
            "naturalisations": self.rates.naturalisation is not None,
            "moves_in": self.rates.move_out is not None or self.exists is not None,
            "moves_out": self.rates.move_out is not None or self.exists is not None,
            "erstbezug": self.housing is not None,
            "sondergruppe": self.facilities is not None,
        }
        return ["deaths", "in_moves", "out_moves", *(name for name, there in has.items() if there)]


def allocate(models: Sequence[Model]) -> Flows:
    """Result arrays (scenario, area, year, group, sex, age) of several models.

    In memory they lie area by area, or year by year if areas depend on each other: as they are written. They are
    unfilled, but for components that take place in some of the scenarios only: zero in the others.
    """
    areas, *cell = models[0].start.shape
    scenarios, years = len(models), len(models[0].years)
    by_year = any(m.couples_areas for m in models)

    def empty(years: int, *rest: int) -> Array:
        if by_year:
            return np.empty((scenarios, years, areas, *rest)).swapaxes(1, 2)
        return np.empty((scenarios, areas, years, *rest))

    flows: Flows = {"population": empty(years + 1, *cell), "births": empty(years, *cell[:-1])}
    for name in dict.fromkeys(name for m in models for name in m.components):
        flows[name] = empty(years, *cell)
        for k, model in enumerate(models):
            if name not in model.components:
                flows[name][k] = 0.0
    return flows


def of_scenario(flows: Flows, index: int) -> Flows:
    """The arrays of one scenario, without that axis (views)."""
    return {name: values[index] for name, values in flows.items()}


def in_order(values: Array, axis: int, order: Index | None = None) -> Array:
    """Sum along an axis, term by term from the first to the last, so that a loop gives the same bits."""
    terms = values if order is None else values.take(order, axis=axis)
    terms = terms if axis == 0 else np.moveaxis(terms, axis, 0)
    if terms.size == len(terms):  # NumPy would add a single column pairwise, several it adds row by row
        return np.add.accumulate(terms, axis=0)[-1]
    return np.add.reduce(np.ascontiguousarray(terms), axis=0)


def over_areas(values: Array, order: Index | None = None) -> Array:
    """Sum over the areas, the first axis: blocks of areas one by one in order, and then the blocks."""
    terms = values if order is None else values.take(order, axis=0)
    blocks = [in_order(terms[first : first + BLOCK], 0) for first in range(0, len(terms), BLOCK)]
    return blocks[0] if len(blocks) == 1 else in_order(np.stack(blocks), 0)


def aged(stock: Array) -> Array:
    """J: everybody one year older; those in the open group stay in it, nobody is born yet."""
    start = np.zeros_like(stock)
    start[..., 1:] = stock[..., :-1]
    start[..., -1] += stock[..., -1]
    return start


def dense(values: Any, like: Array) -> Array:
    """The values in the shape of another array (a view)."""
    return np.broadcast_to(values, like.shape)
