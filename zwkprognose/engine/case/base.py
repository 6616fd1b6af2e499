"""From what a projection is asked for to the model that is computed: a base, and the scenarios that set out from it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import xarray as xr

from zwkprognose.engine.assemble import Plan, model_of
from zwkprognose.engine.case.of_scenario import planned
from zwkprognose.engine.case.provenance import KEY, provenance_of
from zwkprognose.engine.grid import Grid
from zwkprognose.engine.known import Known
from zwkprognose.engine.model import Model
from zwkprognose.engine.rates import by_name
from zwkprognose.errors import EngineError
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.apply import changed_rates, on_years
from zwkprognose.scenarios.effects.judge import require_effects
from zwkprognose.scenarios.effects.verdict import Verdict
from zwkprognose.scenarios.run import Run as ScenarioRun
from zwkprognose.scenarios.run import run_of


@dataclass(frozen=True)
class Base:
    """Stock, rates and plan of a projection. What holds for several of its scenarios is aligned and checked once."""

    inputs: xr.Dataset
    rates: xr.Dataset
    grid: Grid
    plan: Plan = field(default_factory=Plan)
    known: Known = field(default_factory=Known)

    def model(self, scenario: Scenario | None = None) -> Model:
        """The checked arrays of the projection under a scenario."""
        if scenario is None:
            return model_of(self.grid, self._arrays, self.plan, self.known)
        changed = changed_rates(self._yearly(scenario), scenario, self.run, self.verdicts(scenario))
        stock = self.first_stock
        plan = self.known.once("plan", (scenario,), lambda: planned(self.plan, scenario, self.grid, stock))
        return model_of(self.grid, self._arrays | changed, plan, self.known)

    def verdicts(self, scenario: Scenario | None) -> tuple[Verdict, ...]:
        """What of a scenario has no effect; refuses statements of which nothing is left."""
        if scenario is None:
            return ()
        rates = self._yearly(scenario)
        return self.known.once("verdicts", (scenario,), lambda: require_effects(scenario, self.run, rates))

    @cached_property
    def _arrays(self) -> dict[str, xr.DataArray]:
        return by_name(self.rates)

    def _yearly(self, scenario: Scenario) -> xr.Dataset:
        """The rates on the years of the run; what they lack is told of the first scenario that is asked for."""
        return self.known.once("base", (), lambda: on_years(self.rates, scenario, self.grid.years))

    @cached_property
    def run(self) -> ScenarioRun:
        """What the statements of a scenario need to know."""
        first = self.first_stock
        return run_of(self.rates, self.grid.years, stock=first, anchor=int(first["year_end"]) + 1)

    @cached_property
    def first_stock(self) -> xr.DataArray:
        """The stock with which a scenario begins: a continued projection stays on the paths of the earlier one."""
        if "continues" in provenance_of(self.inputs):
            raise EngineError(
                "Die Prognose, die fortgesetzt werden soll, ist selbst eine Fortsetzung: der Bestand, mit dem das "
                "Szenario begann, ist nicht mehr darin.",
                remedy=f"Vom ersten Bestand an bis {self.grid.years[-1]} rechnen, oder die erste Prognose fortsetzen.",
            )
        if KEY in self.inputs.attrs:
            return self.inputs["population"].isel(year_end=0)
        return self.grid.start.assign_coords(year_end=self.grid.year_start)


@dataclass(frozen=True)
class Run:
    """One scenario of a projection: what it sets out from, and the model that is computed."""

    scenario: Scenario | None
    base: Base
    model: Model
    verdicts: tuple[Verdict, ...] = ()


def stock_of(inputs: xr.Dataset) -> xr.DataArray:
    """The population; refuses anything but a Dataset with one."""
    if not isinstance(inputs, xr.Dataset) or "population" not in inputs:
        raise EngineError("Ohne Bestand gibt es keine Prognose.", remedy="Ein Dataset mit population übergeben.")
    return inputs["population"]


def require_rates(rates: object) -> None:
    """Refuse anything but a Dataset where rates are needed."""
    if not isinstance(rates, xr.Dataset):
        raise EngineError("Ohne Raten gibt es keine Prognose.", remedy="Das Ergebnis von estimate_rates übergeben.")
