"""Apply the statements of a scenario to estimated rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.names import label, variable
from zwkprognose.scenarios.masks import Place, age_mask, area_mask, equals, known_areas
from zwkprognose.scenarios.statements import RATE_OF, Assumption

if TYPE_CHECKING:
    from zwkprognose.scenarios.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Run:
    """What a statement needs to know of the projection: its years, its areas, and when "from now on" is."""

    years: np.ndarray
    anchor: int
    areas: Mapping[str, str]


def apply_scenario(
    rates: xr.Dataset,
    scenario: Scenario,
    years: Sequence[int] | np.ndarray,
    *,
    areas: xr.DataArray | None = None,
    anchor: int | None = None,
) -> xr.Dataset:
    """Rates under a scenario: every variable that changes is written out year by year.

    Parameters
    ----------
    rates : xr.Dataset
        Estimated rates (contract "rates"), with or without ``year``.
    scenario : Scenario
        The assumptions.
    years : sequence of int
        The projected years, ascending.
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
        If a statement names an unknown area, group or age, lies outside of the years, or pushes a
        probability above 1; nothing is clipped.
    """
    span = np.asarray(years, dtype="int64")
    start = int(span[0]) if anchor is None else anchor
    run = Run(span, start, known_areas(rates if areas is None else areas))
    result = _on_years(rates, scenario, span)
    changed: dict[str, None] = {}
    for position, assumption in enumerate(scenario.assumptions):
        place = Place(scenario, ("annahme", position))
        name = _rate_name(rates, assumption, place)
        result = result.assign({name: _multiplied(result[name], _factor(result, assumption, run, place))})
        changed[name] = None
    for name in changed:
        _check_bounds(result[name], scenario)
    return result


def _on_years(rates: xr.Dataset, scenario: Scenario, years: np.ndarray) -> xr.Dataset:
    """Rates restricted to the projected years, where they already change over time."""
    if "year" not in rates.dims:
        return rates
    missing = sorted(set(years.tolist()) - set(rates["year"].values.tolist()))
    if missing:
        raise ScenarioError(
            f"Szenario »{scenario.name}«: Die Raten gelten nicht für alle Jahre der Rechnung.",
            cells=[{"year": year} for year in missing],
            remedy="Raten für alle Jahre angeben oder einen kürzeren Zeitraum rechnen",
        )
    return rates.sel(year=years)


def _rate_name(rates: xr.Dataset, assumption: Assumption, place: Place) -> str:
    name = RATE_OF[assumption.quantity]
    if name not in rates:
        raise ScenarioError(
            f"{place.at('groesse')}: Die Raten enthalten keine Größe »{assumption.quantity}« "
            f"({label('variables', name)}).",
            remedy="die Annahme streichen oder diese Raten schätzen",
        )
    return name


def _factor(rates: xr.Dataset, assumption: Assumption, run: Run, place: Place) -> xr.DataArray:
    """Factor of one statement on ``year`` and on the dimensions it filters, 1 where it does not apply."""
    if not assumption.acts_in(run.years, run.anchor):
        raise _outside(assumption, run, place.at("von"))
    course = xr.DataArray(assumption.factors(run.years, run.anchor), coords={"year": run.years}, dims="year")
    masks = _masks(rates, assumption, run, place)
    if not masks:
        return course
    hit = masks[0]
    for mask in masks[1:]:
        hit = hit & mask
    return xr.where(hit, course, 1.0)


def _outside(assumption: Assumption, run: Run, place: Place) -> ScenarioError:
    first, last = assumption.span(run.anchor)
    return ScenarioError(
        f"{place}: Die Annahme gilt {first} bis {last or 'zum Ende'}, "
        f"gerechnet wird aber {run.years[0]} bis {run.years[-1]}.",
        remedy="die Jahre der Annahme oder den Zeitraum der Rechnung ändern",
    )


def _masks(rates: xr.Dataset, assumption: Assumption, run: Run, place: Place) -> list[xr.DataArray]:
    """One boolean array per filter of the statement."""
    masks = []
    if assumption.areas:
        masks.append(area_mask(rates["area"], assumption.areas, run.areas, place.at("gebiete")))
    if assumption.nationality:
        masks.append(equals(rates, "nationality", assumption.nationality, place.at("staatsangehoerigkeit")))
    if assumption.sex:
        masks.append(equals(rates, "sex", assumption.sex, place.at("geschlecht")))
    if assumption.ages:
        ages = rates[RATE_OF[assumption.quantity]]["age"]
        masks.append(age_mask(ages, int(rates["age"].max()), assumption.ages, place.at("alter")))
    return masks


def _multiplied(values: xr.DataArray, factor: xr.DataArray) -> xr.DataArray:
    """Values times factor on the dimensions of both, in the order of the contract."""
    with xr.set_options(arithmetic_join="exact", keep_attrs=True):
        product = values * factor
    order = [dim for dim in variable("rates", str(values.name)).dims if dim in product.dims]
    return product.transpose(*order).assign_attrs(values.attrs).rename(values.name)


def _check_bounds(values: xr.DataArray, scenario: Scenario) -> None:
    """Refuse probabilities above 1, with their cells."""
    above = np.argwhere(values.values > variable("rates", str(values.name)).bounds[1])
    if len(above) == 0:
        return
    name = label("variables", str(values.name))
    raise ScenarioError(
        f"Szenario »{scenario.name}«: Die {name} steigt in {len(above)} Zellen über 1.",
        cells=[_cell(values, tuple(index)) for index in above],
        remedy="den Faktor verkleinern oder Alter und Gebiete enger fassen",
    )


def _cell(values: xr.DataArray, index: tuple[int, ...]) -> dict[str, Any]:
    labels = {str(dim): values[dim].values[i].item() for dim, i in zip(values.dims, index, strict=True)}
    return labels | {"Wert": round(float(values.values[index]), 4)}
