"""The library's own forecast as a method: estimated rates, the engine, totals by the better rule as Eckwerte."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.engine import Eckwert, area_totals
from zwkprognose.engine.project import project
from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.history import History, history_of
from zwkprognose.evaluation.launch import at_launch
from zwkprognose.evaluation.methods import METHODS, Forecast, Forecaster, Method
from zwkprognose.names import SEXES
from zwkprognose.rates import estimate_rates
from zwkprognose.scenarios import Scenario

#: The bundled scenario that says what is expected: levels as in the base period, mortality that goes on falling.
EXPECTED = "middle"


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
    eckwerte = []
    if totals is not None:
        eckwerte.append(area_totals(inputs, until=until, method=totals, city=city))
    elif city is not None:
        eckwerte.append(Eckwert("Gesamtzahl", xr.DataArray(list(city.values()), {"year_end": list(city)})))
    rates, expected = estimate_rates(inputs, **options), Scenario.bundled(EXPECTED)
    return project(inputs, rates, expected, until=until, eckwerte=eckwerte)["population"]


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
