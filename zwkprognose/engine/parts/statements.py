"""Scenarios for parts of the areas: relative changes, which are the same for a part as for the whole."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios.effects.verdict import tell
from zwkprognose.scenarios.masks import Place, area_keys

if TYPE_CHECKING:
    from zwkprognose.engine.case.base import Base
    from zwkprognose.scenarios import Scenario
    from zwkprognose.scenarios.run import Run
    from zwkprognose.scenarios.statements import Assumption


def for_parts(scenario: Scenario, base: Base) -> Scenario:
    """The scenario as relative changes alone, areas named by their keys; checked against all of the rates.

    Raises
    ------
    ScenarioError
        If a statement looks at all areas together (goals, persons, dwellings, facilities, Eckwerte), names what there
        is not, or has no effect anywhere.
    """
    from zwkprognose.scenarios.apply import relative_changes
    from zwkprognose.scenarios.effects.judge import require_touched
    from zwkprognose.scenarios.select import rate_name, selected

    _refuse_together(scenario)
    tell(base.verdicts(scenario))
    run, changes = base.run, []
    for change, place in relative_changes(scenario):
        name = rate_name(base.rates, change, place)
        require_touched(base.rates[name], selected(base.rates, name, change, run, place), change.level, place)
        if change.areas is not None:
            keys = area_keys(change.areas, run.areas, place.at("gebiete"))
            change = change.model_copy(update={"areas": tuple(keys)})
        changes.append(change)
    return scenario.model_copy(update={"assumptions": tuple(changes), "retention": (), "attraction": ()})


def rates_under(scenario: Scenario, base: Base) -> xr.Dataset:
    """Rates of some of the areas under such a scenario; changes that touch none of their cells are left out."""
    from zwkprognose.scenarios.apply import changed_rates, on_years

    rates = on_years(base.rates, scenario, base.grid.years)
    here = [one for one in (_here(a, base) for a in scenario.assumptions) if _touches(one, scenario, rates, base.run)]
    kept = scenario.model_copy(update={"assumptions": tuple(here)})
    return rates.assign(changed_rates(rates, kept, base.run, verdicts=()))


def _here(change: Assumption, base: Base) -> Assumption:
    """The change for those of its areas that are in this part."""
    if change.areas is None:
        return change
    there = {str(area) for area in base.inputs["area"].values.tolist()}
    return change.model_copy(update={"areas": tuple(area for area in change.areas if area in there)})


def _touches(change: Assumption, scenario: Scenario, rates: xr.Dataset, run: Run) -> bool:
    from zwkprognose.scenarios.select import rate_name, selected

    if change.areas == ():
        return False
    place = Place(scenario, ())
    values = rates[rate_name(rates, change, place)]
    hit = selected(rates, str(values.name), change, run, place)
    return hit is None or bool((values.where(hit, 0.0) != 0).any())


def together(scenario: Scenario) -> list[str]:
    """Places of the statements whose meaning depends on all areas of the city at once."""
    kinds: Sequence[tuple[str, Any]] = (
        ("eckwert", scenario.controls), ("erstbezug", scenario.housing), ("sondergruppe", scenario.facilities),
        ("ereignis", scenario.shocks),
    )  # fmt: skip
    places = [str(Place(scenario, (key, index))) for key, found in kinds for index in range(len(found))]
    assumed = enumerate(scenario.assumptions)
    places += [str(Place(scenario, ("annahme", i))) for i, change in assumed if change.goal is not None]
    attracted = enumerate(scenario.attraction)
    places += [str(Place(scenario, ("anziehen", i))) for i, drawn in attracted if drawn.persons is not None]
    return places


def _refuse_together(scenario: Scenario) -> None:
    places = together(scenario)
    if places:
        raise ScenarioError(
            f"Szenario „{scenario.called}“: {len(places)} Angaben gelten für alle Gebiete zusammen und lassen sich "
            "nicht in Teilen rechnen.",
            cells=[{"message": place} for place in places],
            remedy="In einem Stück rechnen: inputs.chunk(area=-1). Ziele und zusätzliche Personen lassen sich mit "
            "apply_scenario(rates, szenario, jahre) vorher in Raten umrechnen.",
        )


