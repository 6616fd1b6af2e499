"""Totals of the areas by a rule: as Eckwerte, and as rates under which the areas reach them.

Ages come from the cohorts, how many people there are from the trend.

A rule for totals says how many will live where if things go on. Met as an Eckwert under every scenario it
would make all of them alike. So the totals are met once, with the rates as they are, and the flows that did it
become rates of each year: what a scenario changes afterwards is seen.

Among what goes on is that people grow older: the rule knows nothing of mortality, and the middle variant, in which it
falls, is what is expected. So a scenario that says how mortality goes on sets out from a path on which it falls as in
the middle variant, whose totals are then those of the rule; all others, from one with the mortality of the rates.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import power, summed, total
from zwkprognose.engine import doors, formulas
from zwkprognose.engine.arrays import Array, Flows
from zwkprognose.engine.assemble import Plan, model_of
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.features.special import Sondergruppe
from zwkprognose.engine.features.timing import Timing, timing_of
from zwkprognose.engine.grid import Grid, grid_of, labelled, projection_of
from zwkprognose.engine.known import Known
from zwkprognose.engine.model import Model, allocate, of_scenario
from zwkprognose.engine.rates import by_name, rates_of
from zwkprognose.engine.reference import cohorts
from zwkprognose.engine.years import year_inputs
from zwkprognose.errors import EngineError
from zwkprognose.rates.totals import CityTotals, estimate_totals
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.apply import changed_rates
from zwkprognose.scenarios.run import run_of

NAME = "Gesamtzahl der Gebiete"
#: The bundled scenario that says what is expected.
EXPECTED = "middle"
DIMS = ("area", "year", "nationality", "sex", "age")


def area_totals(
    inputs: xr.Dataset, *, until: int, method: str = "shrunk", city: Mapping[int, float] | CityTotals | None = None
) -> Eckwert:
    """The totals of the areas by a named rule, for every year of a projection.

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` of several 31.12.; areas in which nobody lives have no trend and stay free.
    until : int
        Last year.
    method : str
        Rule of :func:`zwkprognose.rates.totals.estimate_totals`.
    city : mapping of year to persons or CityTotals, optional
        Total of the city in one or more years up to ``until``; in the years between it changes at a constant
        rate, that of :class:`zwkprognose.rates.totals.CityTotals` in a straight line. The areas share it.

    Returns
    -------
    Eckwert
        For ``eckwerte`` of :func:`zwkprognose.project`.

    Raises
    ------
    EngineError
        If the total of the city is not given for the last year.
    """
    population = inputs["population"]
    last = summed(population.isel(year_end=-1), set(population.dims) - {"year_end", "area"})
    launch = int(population["year_end"][-1])
    years = range(launch + 1, until + 1)
    path = None if city is None else _path(city, launch, float(total(last.values)), years)
    totals = estimate_totals(inputs, list(years), method=method, eckwert=path)
    return Eckwert(NAME, totals.isel(area=np.flatnonzero(last.values > 0)))


def _path(city: Mapping[int, float] | CityTotals, launch: int, start: float, years: range) -> dict[int, float]:
    """The city in every year: at a constant rate between the years that are known."""
    if isinstance(city, CityTotals):
        return city.path(launch, start, years)
    known = {launch: start} | {int(y): float(v) for y, v in city.items()}
    if max(known) < years[-1] or min(known.values()) <= 0:
        raise EngineError(
            f"Der Eckwert der Stadt muss positiv sein und bis {years[-1]} reichen.",
            cells=[{"year_end": y, "value": v} for y, v in city.items()],
            remedy="Mindestens für das letzte Jahr der Prognose einen Eckwert angeben.",
        )
    at = sorted(known)
    return {year: _between(known, at[bisect_left(at, year) - 1 :][:2], year) for year in years}


def _between(known: Mapping[int, float], ends: Sequence[int], year: int) -> float:
    """Persons in a year at the constant rate from one known year to the next."""
    first, last = ends
    return known[first] * float(power(known[last] / known[first], (year - first) / (last - first)))


def rates_to_totals(
    inputs: xr.Dataset,
    rates: xr.Dataset,
    *,
    until: int,
    method: str = "shrunk",
    city: Mapping[int, float] | CityTotals | None = None,
    timing: str | Timing = "cohort",
    citizens: str | None = None,
    sondergruppen: Sequence[Sondergruppe] = (),
) -> xr.Dataset:
    """Change in-moves and exits of every year so that the areas reach the totals of a rule.

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` of several 31.12.
    rates : xr.Dataset
        Rates as for :func:`zwkprognose.project`.
    until : int
        Last year.
    method, city
        Rule and total of the city, as in :func:`zwkprognose.engine.area_totals`.
    timing, citizens, sondergruppen
        As in :func:`zwkprognose.project`. Dwellings and Eckwerte come on top.

    Returns
    -------
    xr.Dataset
        The rates with ``in_moves`` and ``out_prob`` [year, area, nationality, sex, age]. A projection with
        them has the totals of the rule and the ages of the cohorts.

    Raises
    ------
    EngineError
        If the totals cannot be reached, or movers are counted by completed age.
    """
    plan = Plan(timing, citizens, sondergruppen=tuple(sondergruppen))
    return with_totals(inputs, rates, plan, until, method, city)


#: What to do where nobody gave an Eckwert but a rule for the totals.
UNREACHABLE = (
    "Ohne Regel für die Gesamtzahlen rechnen (gesamtzahlen, totals), eine andere wählen, oder Raten mit Zu- und "
    "Fortzügen schätzen, die ihr folgen können."
)


def with_totals(
    inputs: xr.Dataset,
    rates: xr.Dataset,
    plan: Plan,
    until: int,
    method: str,
    city: Mapping[int, float] | CityTotals | None = None,
    falling_from: int | None = None,
) -> xr.Dataset:
    """The same for a plan, whose dwellings and Eckwerte are left out.

    From ``falling_from`` on mortality falls on the path, but not in the rates that are given back.
    """
    if timing_of(plan.timing).by_completed_age:
        raise EngineError(
            "Eine Regel für die Gesamtzahlen (totals) gibt es nur, wenn Wandernde nach Geburtsjahr gezählt werden.",
            remedy="timing weglassen oder die Gesamtzahlen als Eckwert angeben: eckwerte=[area_totals(…)].",
        )
    grid = grid_of(inputs["population"], until)
    if "year" in rates.dims:
        rates = rates.sel(year=grid.years)
    target = area_totals(inputs, until=until, method=method, city=city)
    falling = {} if falling_from is None else _falling(rates, grid, falling_from)
    try:
        return met(grid, rates, plan, target, instead=falling)[0].assign_attrs(totals=method)
    except EngineError as error:
        remedy = UNREACHABLE if target.name in error.message else error.remedy
        raise EngineError(error.message, cells=error.cells, remedy=remedy) from error


def met(
    grid: Grid, rates: xr.Dataset, plan: Plan, *targets: Eckwert, instead: Mapping[str, xr.DataArray] | None = None
) -> tuple[xr.Dataset, xr.Dataset]:
    """The rates with the in-moves and exits with which a projection meets Eckwerte, and that projection.

    Dwellings of the plan are left out; ``instead`` are rates that hold on the way, but not in what is given back.
    """
    known = Known()
    model = model_of(grid, by_name(rates) | dict(instead or {}), replace(plan, eckwerte=targets, erstbezug=None), known)
    flows = of_scenario(allocate([model]), 0)
    compute.run(model, flows)
    found = _with_flows(grid, rates, model, flows, rates_of(grid, by_name(rates), known).death)
    return found, projection_of(grid, flows)


def says_mortality(scenario: Scenario | None) -> bool:
    """Whether a scenario says how mortality goes on in the whole city: every year, or along a line."""
    assumptions = () if scenario is None else scenario.assumptions
    return any(a.quantity == "sterblichkeit" and a.course != "sprung" and a.areas is None for a in assumptions)


def _falling(rates: xr.Dataset, grid: Grid, first: int) -> dict[str, xr.DataArray]:
    """The mortality of the middle variant."""
    return changed_rates(rates, Scenario.bundled(EXPECTED), run_of(rates, grid.years, anchor=first))


def _with_flows(grid: Grid, rates: xr.Dataset, model: Model, flows: Flows, death: Array) -> xr.Dataset:
    """The rates with the in-moves of a projection, and its exits as a share of those who were there."""
    share = np.empty((len(grid.years), *model.start.shape))  # year by year, as the kernels read rates
    known, most = (np.broadcast_to(rate, share.shape) for rate in (model.rates.out, _most(model, death)))
    for t, exits in enumerate(share):
        there = _cohorts(model, flows, t)
        exits[:] = known[t]
        np.divide(flows["out_moves"][:, t], there, out=exits, where=there > 0)
        np.minimum(exits, most[t], out=exits)
    changed = {"in_moves": flows["in_moves"], "out_prob": share.swapaxes(0, 1)}
    arrays = {
        name: labelled(values, grid, DIMS).transpose("year", "area", ...).assign_attrs(rates[name].attrs)
        for name, values in changed.items()
    }
    return rates.drop_vars(["out_moves"], errors="ignore").assign(arrays)


def _most(model: Model, death: Array) -> Array:
    """Largest probability to leave beside that to die: where all leave whom an Eckwert lets go, rounding is let off."""
    most: Array = (1.0 - 2.0 * doors.NOBODY_LEFT - death) / formulas.surviving(death, model.exposure)
    return np.where(death < 1.0, np.maximum(most, 0.0), 1.0)


def _cohorts(model: Model, flows: Flows, t: int) -> Array:
    """Those who are exposed to leaving in a year (area, group, sex, age): cohorts at its start, and its births."""
    _, start, _ = cohorts(flows["population"][:, t], year_inputs(model, t), model)
    start[..., 0] = flows["births"][:, t]
    return start
