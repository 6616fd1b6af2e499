"""The library's own forecast as a method: estimated rates, the engine, totals by the better rule as Eckwerte."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.engine import Eckwert, area_totals
from zwkprognose.engine.prepare import prepare
from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.history import History, history_of
from zwkprognose.evaluation.launch import at_launch
from zwkprognose.evaluation.methods import METHODS, Forecast, Forecaster, Method
from zwkprognose.names import SEXES
from zwkprognose.rates import estimate_rates
from zwkprognose.scenarios import Scenario

#: The bundled scenario that says what is expected: levels as in the base period, mortality that goes on falling.
EXPECTED = "middle"
#: Areas that are projected in one go; together, 11,000 of them need more than a gigabyte.
AREAS_AT_A_TIME = 2000


def as_known(inputs: xr.Dataset) -> xr.Dataset:
    """Inputs as they are."""
    return inputs


@dataclass(frozen=True)
class Library:
    """``project(inputs, estimate_rates(inputs), Scenario.bundled("middle"), …)`` from what was known at the launch.

    Attributes
    ----------
    totals : str or None
        Rule for the totals of the areas; None takes what the rates make of them, scaled to an Eckwert of the
        city if there is one.
    prepare : callable
        Turns what was known into inputs that the engine can take, such as sexes where the source has none.
    options : mapping
        Further arguments of :func:`zwkprognose.estimate_rates`; base years are moved with the launch.
    base : int, optional
        Base year to which base years among the options belong.
    """

    totals: str | None = "shrunk"
    prepare: Callable[[xr.Dataset], xr.Dataset] = as_known
    options: dict[str, Any] = field(default_factory=dict)
    base: int | None = None

    def __call__(self, history: History, years: Sequence[int], eckwert: np.ndarray | None) -> Forecast:
        """Forecast the years wanted."""
        inputs = self.prepare(history.inputs)
        _check_sexes(inputs)
        city = None if eckwert is None else dict(zip(years, eckwert.tolist(), strict=True))
        options = at_launch(self.options, history.years, self.base)
        population = forecast(inputs, max(years), self.totals, city, **options)
        result = history_of(population.sel(year_end=list(years)), history.groups)
        ages = result.persons
        if ages is not None and len(history.sexes) == 1:
            ages = ages.sum(axis=2, keepdims=True)
        return Forecast(result.past.persons, ages)


def forecast(
    inputs: xr.Dataset, until: int, totals: str | None, city: Mapping[int, float] | None, **options: Any
) -> xr.DataArray:
    """The stocks that the library forecasts: middle variant, a rule for totals or none, the city's total if known."""
    return xr.concat(list(forecast_in_parts(inputs, until, totals, city, **options)), "area")


def forecast_in_parts(
    inputs: xr.Dataset, until: int, totals: str | None, city: Mapping[int, float] | None, **options: Any
) -> Iterator[xr.DataArray]:
    """The same for some areas after the other, for those who need only sums of them."""
    eckwerte = []
    if totals is not None:
        eckwerte.append(area_totals(inputs, until=until, method=totals, city=city))
    elif city is not None:
        eckwerte.append(Eckwert("Gesamtzahl", xr.DataArray(list(city.values()), {"year_end": list(city)})))
    rates, expected = estimate_rates(inputs, **options), Scenario.bundled(EXPECTED)
    for areas in _together(rates, eckwerte):
        goals = [goal for one in eckwerte for goal in _of(one, rates["area"].values[areas])]
        case = prepare(inputs.isel(area=areas), rates.isel(area=areas), until=until, eckwerte=goals)
        yield case.population(expected, by=("area", "nationality", "sex", "age"))


def _together(rates: xr.Dataset, eckwerte: Sequence[Eckwert]) -> list[slice]:
    """Areas that are projected in one go: a part of many that do not depend on each other, for the memory."""
    count = rates.sizes["area"]
    if "move_out_prob" in rates or any("area" not in one.target.dims for one in eckwerte):
        return [slice(0, count)]
    return [slice(first, first + AREAS_AT_A_TIME) for first in range(0, count, AREAS_AT_A_TIME)]


def _of(eckwert: Eckwert, areas: np.ndarray) -> list[Eckwert]:
    """An Eckwert as far as it is one of these areas; those of the whole stay."""
    target = eckwert.target
    if "area" not in target.dims:
        return [eckwert]
    mine = np.isin(target["area"].values, areas)
    return [replace(eckwert, target=target.isel(area=mine))] if mine.any() else []


def all_methods(inputs: xr.Dataset | xr.DataArray) -> dict[str, Forecaster]:
    """Every method that the data can carry: the library's own only with ages and both sexes."""
    population = inputs["population"] if isinstance(inputs, xr.Dataset) else inputs
    if "age" not in population.dims:
        totals: dict[str, Forecaster] = {name: m for name, m in METHODS.items() if m.ages is None}
        return totals | {"default": Method("shrunk")}
    found: dict[str, Forecaster] = dict(METHODS)
    if can_run(population):
        found |= {"cohorts": Library(totals=None), "default": Library()}
    return found


def can_run(inputs: xr.Dataset | xr.DataArray) -> bool:
    """Whether stocks are split by age and both sexes, as the library's own forecast needs them."""
    population = inputs["population"] if isinstance(inputs, xr.Dataset) else inputs
    return "age" in population.dims and "sex" in population.dims and set(population["sex"].values.tolist()) == {*SEXES}


def _check_sexes(inputs: xr.Dataset) -> None:
    if not can_run(inputs):
        raise EvaluationError(
            "Das Verfahren der Bibliothek braucht Bestände nach Geschlecht und Alter.",
            remedy="Andere Verfahren wählen oder die Geschlechter mit prepare= ergänzen.",
        )
