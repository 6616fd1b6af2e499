"""Reach a goal: change rates so that a level follows the path a scenario states."""

from __future__ import annotations

from collections.abc import MutableMapping
from typing import TYPE_CHECKING

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
    claimed: dict[str, xr.DataArray] = {}
    for index, assumption in enumerate(scenario.assumptions):
        if assumption.goal is None:
            continue
        place = Place(scenario, ("annahme", index))
        name = rate_name(rates, assumption, place)
        hit = selected(rates, name, assumption, run, place)
        _claim(claimed, name, _span(hit, assumption, run), place)
        changed = _on_path(rates[name], hit, assumption, run, place)
        kept = _where(_span(hit, assumption, run), changed, now[name])
        now[name] = in_contract_order(kept, rates[name])


def path(now: xr.DataArray, assumption: Assumption, run: Run) -> xr.DataArray:
    """Level of each year: (1 − w)·level today + w·goal, with w from 0 to 1."""
    way = run.yearly(assumption.weights(run.years, run.anchor))
    return (1 - way) * now + way * float(assumption.goal or 0.0)


def _on_path(
    values: xr.DataArray, hit: xr.DataArray | None, assumption: Assumption, run: Run, place: Place
) -> xr.DataArray:
    if assumption.quantity == "sterblichkeit":
        return _mortality(values, hit, assumption, run, place)
    now = level(assumption.quantity, values, hit, run.stock)
    if not bool((now > 0).all()):
        raise ScenarioError(
            f"{place.at('ziel')}: Das Ausgangsniveau ist null; ein Ziel lässt sich so nicht erreichen.",
            remedy="Bei Zuzügen „anziehen“ mit einer Personenzahl verwenden.",
        )
    return values * (path(now, assumption, run) / now)


def _mortality(
    values: xr.DataArray, hit: xr.DataArray | None, assumption: Assumption, run: Run, place: Place
) -> xr.DataArray:
    """Death probabilities that give the life expectancies of the path, year by year."""
    wanted = path(level("sterblichkeit", values, hit, run.stock), assumption, run)
    exponents = [_exponent(_of_year(values, y), hit, run, float(wanted.sel(year=y)), place) for y in run.years]
    return 1 - _raised(1 - values, run.yearly(np.array(exponents)))


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
