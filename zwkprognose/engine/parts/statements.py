"""Scenarios for parts of the areas: checked as a whole, then said of a part so that its bits are those of the whole.

Relative changes are the same for a part as for all. Goals and additional persons need one number a year that is found
for all areas together and goes along. What is built, housed or held belongs to one city and is planned there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import xarray as xr

from zwkprognose.engine.case.of_scenario import planned, refuse_twice
from zwkprognose.engine.parts.cities import refuse_cities
from zwkprognose.scenarios.effects.verdict import tell
from zwkprognose.scenarios.masks import Place, area_keys

if TYPE_CHECKING:
    from zwkprognose.engine.assemble import Plan
    from zwkprognose.engine.case.base import Base
    from zwkprognose.scenarios import Scenario
    from zwkprognose.scenarios.documents import KeyPath

#: Kinds of statements that select areas, and that name one.
SELECTING = {"assumptions": "annahme", "retention": "halten", "attraction": "anziehen", "shocks": "ereignis",
             "controls": "eckwert"}  # fmt: skip
SITED = {"housing": "erstbezug", "facilities": "sondergruppe"}
#: What the statements of a scenario are measured by, for all areas together.
Wholes = Mapping["KeyPath", xr.DataArray]


def for_parts(scenario: Scenario, base: Base) -> Scenario:
    """The scenario with areas named by their keys, checked against all of the rates.

    Raises
    ------
    ScenarioError, EngineError
        If a statement names what there is not, has no effect anywhere, or holds several cities together.
    """
    from zwkprognose.scenarios.apply import relative_changes
    from zwkprognose.scenarios.effects.judge import require_touched
    from zwkprognose.scenarios.select import rate_name, selected

    refuse_twice(base.plan, scenario)
    tell(base.verdicts(scenario))
    for change, place in relative_changes(scenario):
        name = rate_name(base.rates, change, place)
        require_touched(base.rates[name], selected(base.rates, name, change, base.run, place), change.level, place)
    named = _by_key(scenario, base.run.areas)
    for index, control in enumerate(named.controls):
        if control.each is None:
            called = str(Place(scenario, ("eckwert", index)))
            refuse_cities(called, {"": control.areas or tuple(base.run.areas)}, base.inputs)
    return named


def wholes_of(scenario: Scenario, base: Base) -> Wholes:
    """What goals and additional persons are measured by; rates and stock are read as far as they speak of them."""
    from zwkprognose.scenarios import apply

    used = apply.measured(base.rates, scenario)
    if not used:
        return {}
    run = replace(base.run, stock=base.first_stock.compute())
    rates = base.rates.assign({name: base.rates[name].compute() for name in used})
    return apply.wholes_of(apply.on_years(rates, scenario, base.grid.years), scenario, run)


def rates_under(scenario: Scenario, wholes: Wholes, base: Base) -> xr.Dataset:
    """Rates of some of the areas under a scenario that is said of them."""
    from zwkprognose.scenarios.apply import changed_rates, on_years

    rates, run = on_years(base.rates, scenario, base.grid.years), replace(base.run, wholes=wholes)
    return rates.assign(changed_rates(rates, scenario, run, verdicts=()))


def plan_under(scenario: Scenario, base: Base) -> Plan:
    """The plan of a city with what a scenario builds, houses and holds there."""
    return planned(base.plan, said_of(scenario, base.grid.labels("area")), base.grid, base.first_stock, part=True)


def said_of(scenario: Scenario, areas: Sequence[Any]) -> Scenario:
    """What a scenario says of these areas; every statement keeps its place, though it may speak of nobody here."""
    here = {str(area) for area in areas}
    update: dict[str, Any] = {}
    for field in SELECTING:
        update[field] = tuple(
            one if one.areas is None else one.model_copy(update={"areas": tuple(a for a in one.areas if a in here)})
            for one in getattr(scenario, field)
        )
    return scenario.model_copy(update=update)


def _by_key(scenario: Scenario, known: Mapping[str, str]) -> Scenario:
    """Areas by their keys instead of names, patterns and types."""
    update: dict[str, Any] = {}
    for field, key in SELECTING.items():
        update[field] = tuple(
            one if one.areas is None
            else one.model_copy(update={"areas": tuple(area_keys(one.areas, known, _areas_at(scenario, key, index)))})
            for index, one in enumerate(getattr(scenario, field))
        )  # fmt: skip
    for field, key in SITED.items():
        update[field] = tuple(
            one.model_copy(update={"area": area_keys((one.area,), known, Place(scenario, (key, index, "gebiet")))[0]})
            for index, one in enumerate(getattr(scenario, field))
        )
    return scenario.model_copy(update=update)


def _areas_at(scenario: Scenario, key: str, index: int) -> Place:
    return Place(scenario, (key, index, "gebiete"))
