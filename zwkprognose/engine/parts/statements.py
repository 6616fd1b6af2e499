"""Scenarios for parts of the areas: checked as a whole, then said of a part so that its bits are those of the whole.

Relative changes are the same for a part as for all. Goals and additional persons need one number a year that is found
for all areas together and goes along. What is built, housed or held belongs to one city and is planned there.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import xarray as xr

from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.base import Base
from zwkprognose.engine.case.of_scenario import planned, refuse_twice
from zwkprognose.engine.parts.cities import refuse_cities
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.apply import changed_rates, measured, on_years, relative_changes
from zwkprognose.scenarios.apply import wholes_of as wholes_under
from zwkprognose.scenarios.documents import KeyPath
from zwkprognose.scenarios.effects.judge import require_touched
from zwkprognose.scenarios.effects.verdict import tell
from zwkprognose.scenarios.masks import Place, area_keys
from zwkprognose.scenarios.select import rate_name, selected

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
    used = measured(base.rates, scenario)
    if not used:
        return {}
    run = replace(base.run, stock=base.first_stock.compute())
    rates = base.rates.assign({name: base.rates[name].compute() for name in used})
    return wholes_under(on_years(rates, scenario, base.grid.years), scenario, run)


def rates_under(scenario: Scenario, wholes: Wholes, base: Base) -> xr.Dataset:
    """Rates of some of the areas under a scenario that is said of them."""
    rates, run = on_years(base.rates, scenario, base.grid.years), replace(base.run, wholes=wholes)
    return rates.assign(changed_rates(rates, scenario, run, verdicts=()))


def plan_under(scenario: Scenario, base: Base) -> Plan:
    """The plan of a city with what a scenario builds, houses and holds there."""
    return planned(base.plan, said_of(scenario, base.grid.labels("area")), base.grid, base.first_stock, part=True)


def said_of(scenario: Scenario, areas: Sequence[Any]) -> Scenario:
    """What a scenario says of these areas; every statement keeps its place, though it may speak of nobody here."""
    here = {str(area) for area in areas}
    return scenario.model_copy(update=_selecting(scenario, lambda named, _: [area for area in named if area in here]))


def _by_key(scenario: Scenario, known: Mapping[str, str]) -> Scenario:
    """Areas by their keys instead of names, patterns and types."""
    update = _selecting(scenario, lambda named, place: area_keys(named, known, place))
    for field, key in SITED.items():
        update[field] = tuple(
            one.model_copy(update={"area": area_keys((one.area,), known, Place(scenario, (key, index, "gebiet")))[0]})
            for index, one in enumerate(getattr(scenario, field))
        )
    return scenario.model_copy(update=update)


def _selecting(scenario: Scenario, change: Callable[[tuple[str, ...], Place], list[str]]) -> dict[str, Any]:
    """The statements that select areas, with others in the place of those that they name."""
    update: dict[str, Any] = {}
    for field, key in SELECTING.items():
        statements = list(getattr(scenario, field))
        for index, one in enumerate(statements):
            if one.areas is not None:
                areas = change(one.areas, Place(scenario, (key, index, "gebiete")))
                statements[index] = one.model_copy(update={"areas": tuple(areas)})
        update[field] = tuple(statements)
    return update
