"""What the assumed turnover does to a project: the same projection with half and with twice of it."""

from __future__ import annotations

import json
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from zwkprognose.errors import ScenarioWarning, ZwkError
from zwkprognose.projects.estimated import rates_of
from zwkprognose.projects.load import scenarios_of
from zwkprognose.scenarios.turnover import BANDS, EFFECT, MOST, change, compared, is_assumed, without_acting

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.projects.document import Project
    from zwkprognose.scenarios import Scenario


class Asked(NamedTuple):
    """A scenario, and the same without the statements that change moves which nobody has counted."""

    scenario: Scenario | None
    without: Scenario | None


class People(NamedTuple):
    """Persons by band of ages in the last year under both."""

    under: np.ndarray
    without: np.ndarray | None

    @property
    def effect(self) -> float | None:
        """What the statements change, per cent."""
        return None if self.without is None else change(self.without, self.under)


def with_turnover_effect(project: Project, inputs: xr.Dataset, rates: xr.Dataset) -> xr.Dataset:
    """Rates that carry, as an attribute, what half and twice the turnover would make of the project.

    Rates whose moves are known, or that assume no turnover, come back as they are. Where a scenario cannot be computed
    with another turnover nothing is said of it.
    """
    if not is_assumed(rates.attrs):
        return rates
    turnover, asked = float(rates.attrs["turnover"]), _asked(project)
    now = _people(project, inputs, rates, asked)
    scenarios = [_head(one, people) for one, people in zip(asked, now, strict=True)]
    for value in (turnover / 2, min(2 * turnover, MOST)):
        other = _other_rates(project, inputs, value)
        then = [None] * len(asked) if other is None else _people(project, inputs, other, asked)
        for said, mine, theirs in zip(scenarios, now, then, strict=True):
            if mine is not None and theirs is not None:
                said["turnovers"].append(compared(value, mine.under, theirs.under) | {"effect": theirs.effect})
    found = {"year": project.horizon.until, "scenarios": scenarios}
    return rates.assign_attrs({EFFECT: json.dumps(found, ensure_ascii=False)})


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


def _other_rates(project: Project, inputs: xr.Dataset, turnover: float) -> xr.Dataset | None:
    try:
        return rates_of(project, inputs, turnover=turnover)
    except ZwkError:  # so large a turnover may leave nobody
        return None


def _people(project: Project, inputs: xr.Dataset, rates: xr.Dataset, asked: list[Asked]) -> list[People | None]:
    """The last year under every scenario; none where it is refused."""
    from zwkprognose.engine import prepare

    given = project.horizon.options()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)  # the projection itself tells them
        try:
            case = prepare(
                inputs, rates, until=project.horizon.until, totals=given.get("totals"), city=given.get("city")
            )
        except ZwkError:
            return [None] * len(asked)
        return [_answer(case, one) for one in asked]


def _answer(case: Any, asked: Asked) -> People | None:
    try:
        under = _banded(case.population(asked.scenario, by="age"))
        without = None if asked.without is None else _banded(case.population(asked.without, by="age"))
    except ZwkError:
        return None
    return People(under, without)


def _banded(people: xr.DataArray) -> np.ndarray:
    end = people.isel(year_end=-1)
    return np.array([float(end.sel(age=slice(first, last)).sum()) for first, last in BANDS])
