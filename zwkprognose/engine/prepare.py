"""From what a projection is asked for to the model that is computed: rates and plan under a scenario."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import xarray as xr

from zwkprognose.engine.assemble import Plan, model_of
from zwkprognose.engine.base_path import with_totals
from zwkprognose.engine.grid import Grid, grid_of
from zwkprognose.engine.model import Model
from zwkprognose.engine.provenance import KEY, provenance_of
from zwkprognose.errors import EngineError

if TYPE_CHECKING:
    from zwkprognose.scenarios import Scenario
    from zwkprognose.scenarios.run import Run as ScenarioRun

#: Among several scenarios the rates as they are; the bundled scenario of this name says the same.
UNCHANGED = "unchanged"


@dataclass(frozen=True)
class Run:
    """One scenario of a projection: what it starts from, what is planned, and the model that is computed."""

    scenario: Scenario | None
    inputs: xr.Dataset
    rates: xr.Dataset
    grid: Grid
    plan: Plan
    model: Model

    @property
    def stated(self) -> Scenario:
        """The scenario as a document, also where the rates stay as they are."""
        from zwkprognose.scenarios import Scenario

        return Scenario.bundled(UNCHANGED) if self.scenario is None else self.scenario

    @property
    def facts(self) -> ScenarioRun:
        """What the statements of the scenario were judged by."""
        from zwkprognose.scenarios.run import run_of

        first = _first_stock(self.inputs, self.grid)
        return run_of(self.rates, self.grid.years, stock=first, anchor=int(first["year_end"]) + 1)


def runs_of(
    inputs: xr.Dataset, rates: xr.Dataset, scenario: Scenario | Sequence[Scenario | None] | None, until: int,
    plan: Plan, totals: str | None,
) -> list[Run]:  # fmt: skip
    """A run for each scenario; ``totals`` is the rule that the totals of the areas follow without one, if any."""
    runs: list[Run] = []
    stock_of(inputs)
    for chosen in _listed(scenario):
        own = _own(inputs, chosen)
        grid = grid_of(stock_of(own), until)
        if totals is None:
            base = rates
        elif runs and own is runs[0].inputs:
            base = runs[0].rates
        else:
            base = with_totals(own, rates, plan, until, totals)
        runs.append(Run(chosen, own, base, grid, plan, prepared(own, base, chosen, grid, plan)))
    return runs


def prepared(inputs: xr.Dataset, rates: xr.Dataset, scenario: Scenario | None, grid: Grid, plan: Plan) -> Model:
    """The checked arrays of a projection under a scenario."""
    return model_of(grid, _applied(rates, scenario, grid, inputs), _planned(plan, scenario, grid, inputs))


def stock_of(inputs: xr.Dataset) -> xr.DataArray:
    """The population; refuses anything but a Dataset with one."""
    if not isinstance(inputs, xr.Dataset) or "population" not in inputs:
        raise EngineError("Ohne Bestand gibt es keine Prognose.", remedy="Ein Dataset mit population übergeben.")
    return inputs["population"]


def _listed(scenario: Scenario | Sequence[Scenario | None] | None) -> list[Scenario | None]:
    several = isinstance(scenario, Sequence) and not isinstance(scenario, str)
    scenarios: list[Any] = list(scenario) if several else [scenario]  # type: ignore[arg-type]
    if not scenarios:
        raise EngineError("Die Liste der Szenarien ist leer.", remedy="Mindestens ein Szenario angeben.")
    _refuse_others([s for s in scenarios if s is not None])
    names = [_name(s) for s in scenarios]
    double = sorted({name for name in names if names.count(name) > 1})
    if double:
        raise EngineError("Mehrere Szenarien haben denselben Namen.", cells=[{"scenario": name} for name in double],
                          remedy="Jedem Szenario einen eigenen Namen geben.")  # fmt: skip
    return scenarios


def _refuse_others(scenarios: Sequence[object]) -> None:
    """Refuse names and documents in the place of scenarios."""
    if not scenarios:
        return
    from zwkprognose.scenarios import Scenario

    wrong = [s for s in scenarios if not isinstance(s, Scenario)]
    if wrong:
        raise EngineError(
            "Ein Szenario wird als Scenario übergeben, mehrere als Liste.",
            cells=[{"scenario": s} for s in wrong],
            remedy='Zum Beispiel Scenario.bundled("middle") oder Scenario.from_toml("szenario.toml").',
        )


def _name(scenario: Scenario | None) -> str:
    return UNCHANGED if scenario is None else scenario.name


def _own(inputs: xr.Dataset, scenario: Scenario | None) -> xr.Dataset:
    """The inputs; of an earlier projection with several scenarios those of this one."""
    if "scenario" not in inputs.dims:
        return inputs
    known, name = inputs["scenario"].values.tolist(), _name(scenario)
    if name not in known:
        raise EngineError(
            f"Fortgesetzt werden soll das Szenario „{name}“, die frühere Prognose hat es aber nicht.",
            cells=[{"scenario": there} for there in known],
            remedy="Szenarien der früheren Prognose angeben; None steht für „unchanged“.",
        )
    return inputs.sel(scenario=name, drop=True)


def _applied(rates: xr.Dataset, scenario: Scenario | None, grid: Grid, inputs: xr.Dataset) -> xr.Dataset:
    if scenario is None:
        return rates
    from zwkprognose.scenarios import apply_scenario

    first = _first_stock(inputs, grid)
    return apply_scenario(rates, scenario, grid.years, stock=first, anchor=int(first["year_end"]) + 1)


def _planned(plan: Plan, scenario: Scenario | None, grid: Grid, inputs: xr.Dataset) -> Plan:
    """The plan with the dwellings, facilities and Eckwerte of the scenario."""
    if scenario is None:
        return plan
    from zwkprognose.engine.of_scenario import planned

    return planned(plan, scenario, grid, _first_stock(inputs, grid))


def _first_stock(inputs: xr.Dataset, grid: Grid) -> xr.DataArray:
    """The stock with which a scenario begins: a continued projection stays on the paths of the earlier one."""
    if "continues" in provenance_of(inputs):
        raise EngineError(
            "Die Prognose, die fortgesetzt werden soll, ist selbst eine Fortsetzung: der Bestand, mit dem das "
            "Szenario begann, ist nicht mehr darin.",
            remedy=f"Vom ersten Bestand an bis {grid.years[-1]} rechnen, oder die erste Prognose fortsetzen.",
        )
    if KEY in inputs.attrs:
        return inputs["population"].isel(year_end=0)
    return grid.start.assign_coords(year_end=grid.year_start)
