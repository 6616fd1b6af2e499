"""The model of a run: start, rates, what is planned, and what is given for each of its years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.arrays import Array, Flows, Index
from zwkprognose.engine.features.housing import Arrivals, Housing
from zwkprognose.engine.features.margins import Margin
from zwkprognose.engine.features.special import Facilities, Special
from zwkprognose.engine.features.timing import Timing
from zwkprognose.engine.rates import Rates


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

    @property
    def begins_as_it_ended(self) -> bool:
        """Does the year begin with everybody who was there at the end of the last, each where he was?"""
        return self.special is None and self.exists is None


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
        return self.rates.changed(lambda v: v[0] if len(v) == 1 else None)

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

    @cached_property
    def fertile(self) -> slice:
        """Ages from the first to the last at which anybody bears children."""
        bearing = self.rates.fertility.reshape(-1, self.rates.fertility.shape[-1]).any(axis=0)
        ages = np.flatnonzero(bearing)
        return slice(int(ages[0]), int(ages[-1]) + 1) if ages.size else slice(1, 2)

    @cached_property
    def held(self) -> frozenset[str]:
        """The variables for which there are Eckwerte in some year."""
        return frozenset(m.of for year in self.margins for m in year)

    @property
    def couples_areas(self) -> bool:
        """Does what happens in one area depend on another, or come from outside the rates?"""
        given = (self.rates.move_out, self.exists, self.housing, self.facilities)
        return any(g is not None for g in given) or any(self.margins)

    @property
    def components(self) -> list[str]:
        """The variables of the result besides the stock and the births."""
        moving = self.rates.move_out is not None or self.exists is not None
        naturalised = self.rates.naturalisation is not None
        return components_where(naturalised, moving, self.housing is not None, self.facilities is not None)


def components_where(naturalised: bool, moving: bool, built: bool, housed: bool) -> list[str]:
    """The variables of a result where there is change of group, moves between areas, new dwellings, facilities."""
    has = {
        "naturalisations": naturalised, "moves_in": moving, "moves_out": moving, "erstbezug": built,
        "sondergruppe": housed,
    }  # fmt: skip
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
