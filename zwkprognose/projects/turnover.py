"""What the assumed turnover does to a project: the same projection with half and with twice of it.

The projection itself is the run's own. What else is needed is computed before it, one after the other, and only sums
are kept: a large state never has two projections in memory.
"""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import xarray as xr

from zwkprognose.errors import ScenarioWarning, ZwkError
from zwkprognose.projects.case import case_of
from zwkprognose.projects.estimated import rates_of
from zwkprognose.projects.load import scenarios_of
from zwkprognose.scenarios.turnover import BANDS, EFFECT, MOST, change, compared, is_assumed, without_acting

if TYPE_CHECKING:
    from zwkprognose.engine import Prepared
    from zwkprognose.projects.document import Project
    from zwkprognose.scenarios import Scenario


class Asked(NamedTuple):
    """A scenario, and the same without the statements that change moves which nobody has counted."""

    scenario: Scenario | None
    without: Scenario | None

    def answered(self, under: np.ndarray | None, without: np.ndarray | None) -> People | None:
        """The answer; none where one of the two is refused."""
        if under is None or (self.without is not None and without is None):
            return None
        return People(under, without)


class People(NamedTuple):
    """Persons by band of ages in the last year under both."""

    under: np.ndarray
    without: np.ndarray | None

    @property
    def effect(self) -> float | None:
        """What the statements change, per cent."""
        return None if self.without is None else change(self.without, self.under)


class Beside(NamedTuple):
    """What the effect takes beside the projection: of it the scenarios without statements, and other turnovers."""

    asked: list[Asked]
    without: list[np.ndarray | None]
    turnovers: dict[float, list[People | None]]


def beside_projection(project: Project, inputs: xr.Dataset, rates: xr.Dataset, case: Prepared) -> Beside | None:
    """What the effect takes beside the projection of a case; none if moves are known or no turnover is assumed."""
    if not is_assumed(rates.attrs):
        return None
    turnover, asked = float(rates.attrs["turnover"]), _asked(project)
    others = {value: _with(project, inputs, value, asked) for value in (turnover / 2, min(2 * turnover, MOST))}
    return Beside(asked, [_without(case, one) for one in asked], others)


def with_turnover_effect(
    rates: xr.Dataset, projection: xr.Dataset, beside: Beside | None
) -> tuple[xr.Dataset, xr.Dataset]:
    """Rates and projection that carry, as an attribute, what half and twice the turnover would make of it.

    Without anything beside the projection they come back as they are. Where a scenario cannot be computed with another
    turnover nothing is said of it.
    """
    from zwkprognose.engine.case.provenance import with_rates_stated

    if beside is None:
        return rates, projection
    own = [_banded(projection, one.scenario) for one in beside.asked]
    now = [one.answered(*pair) for one, *pair in zip(beside.asked, own, beside.without, strict=True)]
    scenarios = [_head(one, people) for one, people in zip(beside.asked, now, strict=True)]
    for value, then in beside.turnovers.items():
        for said, mine, theirs in zip(scenarios, now, then, strict=True):
            if mine is not None and theirs is not None:
                said["turnovers"].append(compared(value, mine.under, theirs.under) | {"effect": theirs.effect})
    found = {"year": int(projection["year_end"][-1]), "scenarios": scenarios}
    rates = rates.assign_attrs({EFFECT: json.dumps(found, ensure_ascii=False)})
    return rates, with_rates_stated(projection, rates)


def with_saved_effect(rates: xr.Dataset, projection: xr.Dataset) -> xr.Dataset:
    """Rates that carry what a saved projection says of its turnover."""
    from zwkprognose.engine.case.provenance import provenance_of

    saved = provenance_of(projection).get("rates", {})
    return rates.assign_attrs({EFFECT: saved[EFFECT]}) if EFFECT in saved else rates


def _asked(project: Project) -> list[Asked]:
    """The main scenario first, then those with statements on assumed moves."""
    from zwkprognose.output.content.facts import main_of

    scenarios = scenarios_of(project)
    if not scenarios:
        return [Asked(None, None)]
    main = main_of(scenarios)
    every = [Asked(s, without_acting(s)) for s in [main, *(s for s in scenarios if s is not main)]]
    return [one for one in every if one.scenario is main or one.without is not None]


def _head(asked: Asked, people: People | None) -> dict[str, Any]:
    name, title = ("", "") if asked.scenario is None else (asked.scenario.name, asked.scenario.title)
    effect = None if people is None else people.effect
    return {"name": name, "title": title or name, "effect": effect, "turnovers": []}


def _with(project: Project, inputs: xr.Dataset, turnover: float, asked: list[Asked]) -> list[People | None]:
    """The last year under every scenario with another turnover; its rates are gone afterwards."""
    try:
        case = case_of(project, inputs, rates_of(project, inputs, turnover=turnover))
    except ZwkError:  # so large a turnover may leave nobody
        return [None] * len(asked)
    return [one.answered(_last(case, one.scenario), _without(case, one)) for one in asked]


def _without(case: Prepared, asked: Asked) -> np.ndarray | None:
    return None if asked.without is None else _last(case, asked.without)


def _last(case: Prepared, scenario: Scenario | None) -> np.ndarray | None:
    """The last year of a case under a scenario; none where it is refused."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)  # the projection itself tells them
        try:
            return _banded(case.project(scenario), None)
        except ZwkError:
            return None


def _banded(projection: xr.Dataset, scenario: Scenario | None) -> np.ndarray:
    """Persons by band of ages in the last year; of a projection with several scenarios under one of them."""
    from zwkprognose.engine.arrays import in_order, over_areas

    chosen = {} if scenario is None else {"scenario": scenario.name}
    end = projection["population"].isel(year_end=-1).sel(chosen).sortby("area")  # no bit hangs on the order of rows
    cells = over_areas(end.transpose("area", "nationality", "sex", "age").values)
    by_age = xr.DataArray(in_order(in_order(cells, 1), 0), {"age": end["age"].values}, ["age"])
    return np.array([float(by_age.sel(age=slice(first, last)).sum()) for first, last in BANDS])
