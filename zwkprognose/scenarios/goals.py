"""Reach a goal: change rates so that a level follows the path a scenario states."""

from __future__ import annotations

from collections.abc import Iterator, MutableMapping
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import exp, log, power
from zwkprognose.errors import ScenarioError
from zwkprognose.german import number_text
from zwkprognose.scenarios.levels import UNITS, by_age, level, life_expectancy
from zwkprognose.scenarios.masks import Place
from zwkprognose.scenarios.run import Run
from zwkprognose.scenarios.select import in_contract_order, rate_name, selected
from zwkprognose.scenarios.statements import Assumption

if TYPE_CHECKING:
    from zwkprognose.scenarios.scenario import Scenario

#: Range of the exponent of mortality in which a life expectancy is looked for.
EXPONENTS = (0.1, 10.0)


def reach(now: MutableMapping[str, xr.DataArray], rates: xr.Dataset, scenario: Scenario, run: Run) -> None:
    """Let rates follow all goals of a scenario.

    Fertility, in-moves and probabilities of leaving are multiplied by one factor a year. Mortality changes
    as q' = 1 − (1 − q)^θ with one θ a year (proportional hazards), which never exceeds 1.

    Raises
    ------
    ScenarioError
        If two goals speak of the same cells and years, or a goal cannot be reached.
    """
    for goal in goals_of(rates, scenario, run):
        if run.misses(goal.hit):
            continue
        values, path_of = rates[goal.name], goal.place.path
        change = course(values, goal, run) if run.wholes is None else run.wholes[path_of]
        changed = 1 - _raised(1 - values, change) if goal.of_mortality else values * change
        now[goal.name] = in_contract_order(_where(goal.span, changed, now[goal.name]), values)


class Goal(NamedTuple):
    """A goal, the variable it changes, the cells it selects, and those cells in the years in which it speaks."""

    assumption: Assumption
    place: Place
    name: str
    hit: xr.DataArray | None
    span: xr.DataArray

    @property
    def of_mortality(self) -> bool:
        """Is it a life expectancy?"""
        return self.assumption.quantity == "sterblichkeit"


def goals_of(rates: xr.Dataset, scenario: Scenario, run: Run) -> Iterator[Goal]:
    """All goals of a scenario; :class:`ScenarioError` if two speak of the same cells and years."""
    claimed: dict[str, xr.DataArray] = {}
    for index, assumption in enumerate(scenario.assumptions):
        if assumption.goal is None:
            continue
        place = Place(scenario, ("annahme", index))
        name = rate_name(rates, assumption, place)
        hit = selected(rates, name, assumption, run, place)
        span = _span(hit, assumption, run)
        _claim(claimed, name, span, place)
        yield Goal(assumption, place, name, hit, span)


def course(values: xr.DataArray, goal: Goal, run: Run) -> xr.DataArray:
    """What brings all of those selected on the path, year by year: a factor, of mortality the exponent θ."""
    if goal.of_mortality:
        return _exponents(values, goal, run)
    now = level(goal.assumption.quantity, values, goal.hit, run.stock)
    if not bool((now > 0).all()):
        raise ScenarioError(
            f"{goal.place.at('ziel')}: Das Ausgangsniveau ist null; ein Ziel lässt sich so nicht erreichen.",
            remedy="Bei Zuzügen „anziehen“ mit einer Personenzahl verwenden.",
        )
    return path(now, goal.assumption, run) / now


def path(now: xr.DataArray, assumption: Assumption, run: Run) -> xr.DataArray:
    """Level of each year: (1 − w)·level today + w·goal, with w from 0 to 1."""
    way = run.yearly(assumption.weights(run.years, run.anchor))
    return (1 - way) * now + way * float(assumption.goal or 0.0)


def _exponents(values: xr.DataArray, goal: Goal, run: Run) -> xr.DataArray:
    """θ of every year, which gives the life expectancies of the path."""
    hit, place = goal.hit, goal.place
    wanted = path(level("sterblichkeit", values, hit, run.stock), goal.assumption, run)
    return run.yearly(
        np.array([_exponent(_of_year(values, y), hit, run, float(wanted.sel(year=y)), place) for y in run.years])
    )


def _exponent(values: xr.DataArray, hit: xr.DataArray | None, run: Run, wanted: float, place: Place) -> float:
    """θ for which the selected have the wanted life expectancy."""
    from scipy.optimize import brentq

    def gap(log_theta: float) -> float:
        changed = 1 - _raised(1 - values, exp(log_theta))
        return float(life_expectancy(by_age(changed, hit, run.stock))) - wanted

    low, high = (float(log(e)) for e in EXPONENTS)
    if not gap(low) >= 0 >= gap(high):  # not a number where nobody reaches an age at which nobody dies
        raise ScenarioError(
            f"{place.at('ziel')}: {number_text(wanted)} {UNITS['sterblichkeit']} lassen sich mit diesen Raten nicht "
            "erreichen.",
            remedy="Den Zielwert prüfen (Jahre, je Geschlecht).",
        )
    return float(exp(brentq(gap, low, high, xtol=1e-12)))


def _raised(survival: xr.DataArray, exponent: xr.DataArray | np.ndarray) -> xr.DataArray:
    raised: xr.DataArray = xr.apply_ufunc(power, survival, exponent)
    return raised


def _of_year(values: xr.DataArray, year: int) -> xr.DataArray:
    return values.sel(year=year, drop=True) if "year" in values.dims else values


def _span(hit: xr.DataArray | None, assumption: Assumption, run: Run) -> xr.DataArray:
    """Cells and years in which a goal speaks: for a glide to the end of the projection."""
    touched = run.yearly(assumption.weights(run.years, run.anchor) > 0)
    return touched if hit is None else hit & touched


def _claim(claimed: dict[str, xr.DataArray], name: str, span: xr.DataArray, place: Place) -> None:
    """Two goals for one cell and year contradict each other."""
    if name in claimed and bool((claimed[name] & span).any()):
        raise ScenarioError(
            f"{place}: Für dieselben Gebiete, Gruppen und Jahre nennt das Szenario schon einen Zielwert dieser Größe.",
            remedy="Eines der beiden Ziele streichen oder Jahre und Gebiete abgrenzen.",
        )
    claimed[name] = span | claimed[name] if name in claimed else span


def _where(span: xr.DataArray, changed: xr.DataArray, kept: xr.DataArray) -> xr.DataArray:
    with xr.set_options(arithmetic_join="exact"):
        return xr.where(span, changed, kept)
