"""The arrays that the engine computes with: no labels, one fixed order of axes.

Rates have the axes (year, area, group, sex, age); an axis of length one means "the same for all" and is
never copied out. ``group`` is the nationality.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.timing import Timing

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Rates:
    """Everything that moves a population, by age reached at the end of the year.

    ``None`` means that the movement does not take place. ``fertility`` has no sex axis,
    ``birth_group`` is (year, area, mother's group, child's group), ``birth_sex`` (year, area, sex).
    """

    death: Array
    out: Array
    in_moves: Array
    fertility: Array
    birth_group: Array
    birth_sex: Array
    naturalisation: Array | None = None
    out_moves: Array | None = None

    def of_year(self, index: int) -> Rates:
        """The rates of one year, without the year axis (views, nothing is copied)."""
        return self._map(lambda values: values[min(index, len(values) - 1)])

    def at_ages(self, ages: slice) -> Rates:
        """The same rates for some of the ages."""
        flows = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _WITHOUT_AGE}
        return replace(self, **{name: v[..., ages] for name, v in flows.items() if v is not None})

    def _map(self, change: Any) -> Rates:
        values: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        return Rates(**{name: None if v is None else change(v) for name, v in values.items()})


_WITHOUT_AGE = ("fertility", "birth_group", "birth_sex")


@dataclass(frozen=True)
class Model:
    """One projection as arrays: start, rates and the convention.

    ``start`` is (area, group, sex, age) in persons, ``years`` the years to project, ``female`` the
    index of the women, ``citizens`` the index of the group that naturalised persons join.
    """

    start: Array
    years: NDArray[np.int64]
    rates: Rates
    timing: Timing = field(default_factory=Timing)
    female: int = 0
    citizens: int = 0

    @property
    def exposure(self) -> Array:
        """Share of the movers of each age that is exposed to the deaths of the year."""
        share = np.full(self.start.shape[-1], self.timing.early)
        share[0] = self.timing.newborn
        return share


@dataclass(frozen=True)
class Flows:
    """Result arrays (scenario, area, year, group, sex, age), area by area in memory; births without age."""

    population: Array
    births: Array
    deaths: Array
    in_moves: Array
    out_moves: Array
    naturalisations: Array | None = None

    def of(self, scenario: int) -> Flows:
        """The arrays of one scenario, without that axis (views)."""
        values: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        return Flows(**{name: None if v is None else v[scenario] for name, v in values.items()})


def allocate(model: Model, scenarios: int = 1) -> Flows:
    """Unfilled result arrays for as many scenarios of a model."""
    areas, *cell = model.start.shape
    years = len(model.years)
    flow = (scenarios, areas, years, *cell)
    nat = np.empty(flow) if model.rates.naturalisation is not None else None
    return Flows(
        population=np.empty((scenarios, areas, years + 1, *cell)),
        births=np.empty(flow[:-1]),
        deaths=np.empty(flow),
        in_moves=np.empty(flow),
        out_moves=np.empty(flow),
        naturalisations=nat,
    )
