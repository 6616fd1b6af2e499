"""Apply the statements of a scenario to estimated rates."""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.german import listed
from zwkprognose.names import label, variable
from zwkprognose.scenarios.arrivals import add, arrivals, profile, whole_of
from zwkprognose.scenarios.effects.judge import require_effects, require_touched
from zwkprognose.scenarios.effects.verdict import Verdict, tell
from zwkprognose.scenarios.goals import course, goals_of, reach
from zwkprognose.scenarios.masks import Place
from zwkprognose.scenarios.run import Run, run_of
from zwkprognose.scenarios.select import rate_name, selected
from zwkprognose.scenarios.statements import RATE_OF, Assumption

if TYPE_CHECKING:
    from zwkprognose.scenarios.documents import KeyPath
    from zwkprognose.scenarios.scenario import Scenario


def apply_scenario(
    rates: xr.Dataset,
    scenario: Scenario,
    years: Sequence[int] | np.ndarray,
    *,
    stock: xr.DataArray | None = None,
    areas: xr.DataArray | None = None,
    anchor: int | None = None,
) -> xr.Dataset:
    """Rates under a scenario: every variable that changes is written out year by year.

    Goals (``ziel``) hold first, relative changes multiply what is there then, additional persons are added
    last; inside each of the three steps the order of statements does not matter.

    Parameters
    ----------
    rates : xr.Dataset
        Estimated rates (contract "rates"), with or without ``year``.
    scenario : Scenario
        The assumptions.
    years : sequence of int
        The projected years, ascending.
    stock : xr.DataArray [area, nationality, sex, age], persons, optional
        Population at the start, which weights areas and groups in goals such as a birth rate of the city.
    areas : xr.DataArray [area], optional
        Area coordinate with ``area_name``, for statements that use names; default: that of the rates.
    anchor : int, optional
        Year in which statements without ``von`` begin; default: the first of ``years``. A projection that
        continues an earlier one passes the earlier first year.

    Returns
    -------
    xr.Dataset
        Copy of ``rates`` in which the changed variables carry ``year``; all others are untouched.

    Raises
    ------
    ScenarioError
        If a statement names an unknown area, group or age, lies outside of the years, contradicts another,
        or pushes a probability above 1; nothing is clipped.

    Examples
    --------
    >>> from zwkprognose import Scenario, estimate_rates, load_example
    >>> rates = estimate_rates(load_example("bremerhaven"))
    >>> upper = apply_scenario(rates, Scenario.bundled("upper"), range(2024, 2029))
    >>> (upper["in_moves"].sum(["area", "nationality", "sex", "age"]) / rates["in_moves"].sum()).round(2).values
    array([1.02, 1.04, 1.06, 1.08, 1.1 ])
    """
    run = run_of(rates, years, stock=stock, areas=areas, anchor=anchor)
    base = on_years(rates, scenario, run.years)
    return base.assign(changed_rates(base, scenario, run))


def changed_rates(
    base: xr.Dataset, scenario: Scenario, run: Run, verdicts: tuple[Verdict, ...] | None = None
) -> dict[str, xr.DataArray]:
    """The rates that a scenario changes, from rates of the projected years; as :func:`apply_scenario`.

    ``verdicts`` about what has no effect are given where they are known.
    """
    tell(require_effects(scenario, run, base) if verdicts is None else verdicts)
    changed: dict[str, xr.DataArray] = {}
    now = ChainMap(changed, cast("dict[str, xr.DataArray]", base))
    reach(now, base, scenario, run)
    for assumption, place in relative_changes(scenario):
        name = rate_name(base, assumption, place)
        now[name] = _scaled(now[name], base, assumption, run, place)
    add(now, base, scenario, run)
    for name in {RATE_OF[a.quantity] for a in scenario.assumptions}:
        _check_bounds(now[name], scenario)
    return changed


def measured(rates: xr.Dataset, scenario: Scenario) -> set[str]:
    """Rates that goals and additional persons are measured by."""
    goals = enumerate(scenario.assumptions)
    names = {rate_name(rates, a, Place(scenario, ("annahme", i))) for i, a in goals if a.goal is not None}
    return names | ({"in_moves"} if any(True for _ in arrivals(scenario)) else set())


def wholes_of(base: xr.Dataset, scenario: Scenario, run: Run) -> dict[KeyPath, xr.DataArray]:
    """What goals and additional persons are measured by, for all areas together, by place of the statement.

    With it (:attr:`Run.wholes`) the changed rates of some areas have the bits of those of all.
    """
    found = {goal.place.path: course(base[goal.name], goal, run) for goal in goals_of(base, scenario, run)}
    persons = ((place, profile(base, shock, run, place)) for shock, place in arrivals(scenario))
    return found | {place.path: whole_of(chosen, place) for place, chosen in persons}


def relative_changes(scenario: Scenario) -> Iterator[tuple[Assumption, Place]]:
    """Every relative change of a level, also those that are said as keeping or attracting."""
    return ((change, place) for change, place in _changes(scenario) if change.goal is None)


def _changes(scenario: Scenario) -> Iterator[tuple[Assumption, Place]]:
    """Every change of a level, goals too."""
    for index, assumption in enumerate(scenario.assumptions):
        yield assumption, Place(scenario, ("annahme", index))
    for index, kept in enumerate(scenario.retention):
        yield kept.assumption(), Place(scenario, ("halten", index))
    for index, drawn in enumerate(scenario.attraction):
        if drawn.percent is not None:
            yield drawn.assumption(), Place(scenario, ("anziehen", index))


def on_years(rates: xr.Dataset, scenario: Scenario, years: np.ndarray) -> xr.Dataset:
    """Rates restricted to the projected years, where they already change over time; ``ScenarioError`` if some lack."""
    if "year" not in rates.dims:
        return rates
    missing = sorted(set(years.tolist()) - set(rates["year"].values.tolist()))
    if missing:
        raise ScenarioError(
            f"Szenario „{scenario.called}“: Die Raten gelten nicht für alle Jahre der Vorausberechnung.",
            cells=[{"year": year} for year in missing],
            remedy="Raten für alle Jahre angeben oder einen kürzeren Zeitraum rechnen.",
        )
    return rates if np.array_equal(rates["year"].values, years) else rates.sel(year=years)


def _scaled(values: xr.DataArray, rates: xr.Dataset, assumption: Assumption, run: Run, place: Place) -> xr.DataArray:
    """Values times the factor of one statement, on the dimensions of both, in the order of the contract."""
    course = assumption.factors(run.years, run.anchor)
    hit = selected(rates, str(values.name), assumption, run, place)
    if run.misses(hit):
        return values
    if run.wholes is None:
        require_touched(rates[values.name], hit, assumption.level, place)
    factor = xr.Variable("year", course) if hit is None else xr.where(hit, run.yearly(course), 1.0).variable
    # both stand on the labels of the rates: multiplied without looking whether they fit, which costs as much again
    product = factor.transpose("year", ...) * values.variable
    order = [dim for dim in variable("rates", str(values.name)).dims if dim in product.dims]
    labels = {"year": ("year", run.years)} | dict(rates.coords.variables) | dict(values.coords.variables)
    coords = {name: label for name, label in labels.items() if name in order or name in values.coords}
    return xr.DataArray(product.transpose(*order), coords, name=values.name, attrs=values.attrs)


def _check_bounds(values: xr.DataArray, scenario: Scenario) -> None:
    """Refuse probabilities above 1, with their cells."""
    most = variable("rates", str(values.name)).bounds[1]
    if values.values.max(initial=0.0) <= most:
        return
    above = np.argwhere(values.values > most)
    name = label("variables", str(values.name))
    acting = [place for a, place in _changes(scenario) if RATE_OF[a.quantity] == values.name]
    raise ScenarioError(
        f"{listed(map(str, acting))}: Die {name} steigt in {len(above)} Zellen über 1.",
        cells=[_cell(values, tuple(index)) for index in above],
        remedy="Den Faktor verkleinern oder Alter und Gebiete enger fassen.",
    )


def _cell(values: xr.DataArray, index: tuple[int, ...]) -> dict[str, Any]:
    labels = {str(dim): values[dim].values[i].item() for dim, i in zip(values.dims, index, strict=True)}
    return labels | {"Wert": round(float(values.values[index]), 4)}
