"""From what a projection is asked for to the model that is computed: a base, and the scenarios that set out from it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeGuard

import xarray as xr

from zwkprognose.engine.assemble import Plan, model_of
from zwkprognose.engine.case.provenance import KEY, provenance_of
from zwkprognose.engine.grid import Grid, grid_of, last_stock
from zwkprognose.engine.known import Known
from zwkprognose.engine.model import Model
from zwkprognose.engine.rates import by_name
from zwkprognose.engine.totals import says_mortality, with_totals
from zwkprognose.errors import EngineError
from zwkprognose.rates.totals import CityTotals

if TYPE_CHECKING:
    from zwkprognose.scenarios import Scenario
    from zwkprognose.scenarios.effects.verdict import Verdict
    from zwkprognose.scenarios.run import Run as ScenarioRun

#: Among several scenarios the rates as they are; the bundled scenario of this name says the same.
UNCHANGED = "unchanged"


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
        rates: dict[str, xr.DataArray] = self.known.once("rates", (), lambda: by_name(self.rates))
        if scenario is None:
            return model_of(self.grid, rates, self.plan, self.known)
        from zwkprognose.engine.case.of_scenario import planned
        from zwkprognose.scenarios.apply import changed_rates, on_years

        base = self.known.once("base", (), lambda: on_years(self.rates, scenario, self.grid.years))
        changed = changed_rates(base, scenario, self.run, self.verdicts(scenario))
        stock = self.first_stock
        plan = self.known.once("plan", (scenario,), lambda: planned(self.plan, scenario, self.grid, stock))
        return model_of(self.grid, rates | changed, plan, self.known)

    def verdicts(self, scenario: Scenario) -> tuple[Verdict, ...]:
        """What of a scenario has no effect; refuses statements of which nothing is left."""
        from zwkprognose.scenarios.apply import on_years
        from zwkprognose.scenarios.effects.judge import require_effects

        base = self.known.once("base", (), lambda: on_years(self.rates, scenario, self.grid.years))
        found: tuple[Verdict, ...] = self.known.once(
            "verdicts", (scenario,), lambda: require_effects(scenario, self.run, base)
        )
        return found

    @property
    def first_stock(self) -> xr.DataArray:
        """The stock with which a scenario begins."""
        first: xr.DataArray = self.known.once("first stock", (), self._first_stock)
        return first

    @property
    def run(self) -> ScenarioRun:
        """What the statements of a scenario need to know."""
        run: ScenarioRun = self.known.once("run", (), self._run)
        return run

    def _run(self) -> ScenarioRun:
        from zwkprognose.scenarios.run import run_of

        first = self.first_stock
        return run_of(self.rates, self.grid.years, stock=first, anchor=int(first["year_end"]) + 1)

    def _first_stock(self) -> xr.DataArray:
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

    @property
    def stated(self) -> Scenario:
        """The scenario as a document, also where the rates stay as they are."""
        from zwkprognose.scenarios import Scenario

        return Scenario.bundled(UNCHANGED) if self.scenario is None else self.scenario


class Bases:
    """The bases of a question: one for all scenarios, or one for each if an earlier projection goes on.

    Under a rule for totals, one for those that say how mortality goes on and one for the others.
    """

    def __init__(
        self, inputs: xr.Dataset, rates: xr.Dataset, until: int, plan: Plan, totals: str | None,
        city: CityTotals | None = None,
    ) -> None:  # fmt: skip
        self.inputs, self.rates, self.until, self.plan, self.totals = inputs, rates, until, plan, totals
        self.city = checked_city(city, totals)
        self._found: dict[tuple[str, bool], Base] = {}
        stock = stock_of(inputs)
        require_rates(rates)
        last_stock(stock.isel(scenario=0, drop=True) if "scenario" in stock.dims else stock, until)

    def runs(self, scenario: Scenario | Sequence[Scenario | None] | None) -> list[Run]:
        """A run for each scenario."""
        runs = []
        for chosen in listed(scenario):
            base = self.of(chosen)
            model = base.model(chosen)
            runs.append(Run(chosen, base, model, () if chosen is None else base.verdicts(chosen)))
        return runs

    def of(self, scenario: Scenario | None) -> Base:
        """What a scenario sets out from."""
        name = name_of(scenario) if "scenario" in self.inputs.dims else ""
        key = name, self.totals is not None and says_mortality(scenario)
        if key not in self._found:
            own = _own(self.inputs, scenario)
            base = Base(own, self.rates, grid_of(stock_of(own), self.until), self.plan)
            if self.totals is not None:
                first = int(base.first_stock["year_end"]) + 1 if key[1] else None
                rates = with_totals(own, self.rates, self.plan, self.until, self.totals, self.city, falling_from=first)
                base = Base(own, rates, base.grid, self.plan)
            self._found[key] = base
        return self._found[key]


def stock_of(inputs: xr.Dataset) -> xr.DataArray:
    """The population; refuses anything but a Dataset with one."""
    if not isinstance(inputs, xr.Dataset) or "population" not in inputs:
        raise EngineError("Ohne Bestand gibt es keine Prognose.", remedy="Ein Dataset mit population übergeben.")
    return inputs["population"]


def require_rates(rates: object) -> None:
    """Refuse anything but a Dataset where rates are needed."""
    if not isinstance(rates, xr.Dataset):
        raise EngineError("Ohne Raten gibt es keine Prognose.", remedy="Das Ergebnis von estimate_rates übergeben.")


def checked_city(city: object, totals: str | None) -> CityTotals | None:
    """An official total of the city; it needs a rule by which the areas share it."""
    if city is not None and (not isinstance(city, CityTotals) or totals is None):
        raise EngineError(
            "Ein amtlicher Eckwert der Stadt (city) ist ein CityTotals und braucht eine Regel für die Gesamtzahlen der "
            "Gebiete (totals).",
            remedy='Zum Beispiel totals="shrunk", city=CityTotals({2040: 90000}, error=0.003) angeben.',
        )
    return city


def several(scenario: object) -> TypeGuard[Sequence[Any]]:
    """Is it a list of scenarios, for which results have a dimension?"""
    return isinstance(scenario, Sequence) and not isinstance(scenario, str)


def listed(scenario: Scenario | Sequence[Scenario | None] | None) -> list[Scenario | None]:
    """All scenarios that are asked for; ``None`` are the rates as they are.

    Raises
    ------
    EngineError
        For an empty list, anything but scenarios, and names that come twice.
    """
    scenarios: list[Any] = list(scenario) if several(scenario) else [scenario]
    if not scenarios:
        raise EngineError("Die Liste der Szenarien ist leer.", remedy="Mindestens ein Szenario angeben.")
    _refuse_others([s for s in scenarios if s is not None])
    names = [name_of(s) for s in scenarios]
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


def name_of(scenario: Scenario | None) -> str:
    """Name of a scenario, or of the rates as they are."""
    return UNCHANGED if scenario is None else scenario.name


def _own(inputs: xr.Dataset, scenario: Scenario | None) -> xr.Dataset:
    """The inputs; of an earlier projection with several scenarios those of this one."""
    if "scenario" not in inputs.dims:
        return inputs
    known, name = inputs["scenario"].values.tolist(), name_of(scenario)
    if name not in known:
        raise EngineError(
            f"Fortgesetzt werden soll das Szenario „{name}“, die frühere Prognose hat es aber nicht.",
            cells=[{"scenario": there} for there in known],
            remedy="Szenarien der früheren Prognose angeben; None steht für „unchanged“.",
        )
    return inputs.sel(scenario=name, drop=True)
