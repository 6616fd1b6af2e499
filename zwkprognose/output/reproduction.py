"""Fertility, reproduction and life expectancy of the groups of a projection, from its rates.

Rates are those of birth cohorts by the age reached at the end of the year, as the engine uses them. Groups that
are put together count with the persons that a projection has in them, halfway between two 31.12.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.rates.assemble import FEMALE_BIRTH_SHARE

_AREA_GROUP = ("area", "nationality")


def reproduction(projection: xr.Dataset, rates: xr.Dataset, keep: Sequence[str]) -> dict[str, xr.DataArray]:
    """Total fertility rate, net reproduction rate and life expectancy at birth on ``year``.

    TFR = Σ f(x). With survivors L(x) at the end of the year in which x is reached, L(0) = 1 − q(0) and
    L(x) = L(x−1)·(1 − q(x)): e0 = Σ L(x) + T(A) with T(A) = L(A−1)·(1 − q(A))/q(A) for the open group, and
    NRR = share of girls · Σ f(x)·½(L(x−1) + L(x)).

    Parameters
    ----------
    projection : xr.Dataset
        ``population`` [year_end, …] and ``births`` [year, …] of one scenario, persons.
    rates : xr.Dataset
        ``fertility_rate``, ``death_prob`` of that scenario.
    keep : sequence of str
        Splits to keep, out of ``area nationality``.

    Raises
    ------
    OutputError
        If the projection holds several scenarios or draws, or does not tell the sexes apart.
    """
    _check(projection)
    persons = _halfway(projection)
    gone = [dim for dim in _AREA_GROUP if dim not in keep]
    with xr.set_options(arithmetic_join="exact"):
        women = persons.sel(sex="female", drop=True)
        fertility = _mean(rates["fertility_rate"], women.sel(age=rates["fertility_rate"]["age"]), gone)
        survivors = (1 - _mean(rates["death_prob"], persons, gone)).transpose(..., "age")
        alive = survivors.copy(data=np.cumprod(survivors.values, axis=-1))
        girls = _girls(rates, persons, gone)
        born = girls * (fertility * _women_years(alive, fertility["age"])).sum("age")
    return {
        "total_fertility_rate": _named(fertility.sum("age"), "Zusammengefasste Geburtenziffer", "Kinder je Frau"),
        "net_reproduction_rate": _named(born, "Nettoreproduktionsziffer", "Töchter je Frau"),
        "life_expectancy": _named(_expectancy(survivors, alive), "Lebenserwartung bei Geburt", "Jahre"),
    }


def _check(projection: xr.Dataset) -> None:
    many = [dim for dim in ("scenario", "draw") if dim in projection.dims]
    if many:
        raise OutputError(
            "Raten gehören zu einem Szenario; die Vorausberechnung enthält mehrere.",
            remedy="Ein Szenario wählen (projection.sel(scenario=…)) und seine Raten mit apply_scenario bilden.",
        )
    if "female" not in projection["sex"].values:
        raise OutputError("Die Vorausberechnung unterscheidet Frauen und Männer nicht.", remedy="Ohne rates= aufrufen.")


def _halfway(projection: xr.Dataset) -> xr.DataArray:
    """Persons halfway through the year by the age they reach in it [year, area, nationality, sex, age]."""
    stock = projection["population"].transpose("year_end", *_AREA_GROUP, "sex", "age")
    born = projection["births"].transpose("year", *_AREA_GROUP, "sex").values
    start, end = stock.values[:-1], stock.values[1:]
    older = np.concatenate([born[..., None], start[..., :-1]], axis=-1)
    older[..., -1] += start[..., -1]
    coords = {name: stock[name].values for name in (*_AREA_GROUP, "sex", "age")}
    return xr.DataArray((older + end) / 2, {"year": projection["year"].values, **coords})


def _mean(rate: xr.DataArray, persons: xr.DataArray, gone: Sequence[str]) -> xr.DataArray:
    """Rate of the groups put together; where a group is empty everywhere, the plain mean of the rates."""
    years = {"year": persons["year"]} if "year" in rate.dims else {}
    full = rate.sel(years) + xr.zeros_like(persons)
    weight = persons.sum(gone)
    weighted = (full * persons).sum(gone) / weight.where(weight > 0)
    return weighted.where(weight > 0, full.mean(gone))


def _girls(rates: xr.Dataset, persons: xr.DataArray, gone: Sequence[str]) -> xr.DataArray | float:
    """Share of girls among births."""
    if "female_birth_share" not in rates:
        return FEMALE_BIRTH_SHARE
    share = rates["female_birth_share"]
    return _mean(share, persons.sel(sex="female", age=0, drop=True), gone) if share.dims else float(share)


def _women_years(alive: xr.DataArray, ages: xr.DataArray) -> xr.DataArray:
    """Years lived per girl born in the year in which an age is reached, ½(L(x−1) + L(x))."""
    women = alive.sel(sex="female", drop=True)
    before = women.shift(age=1, fill_value=1.0)
    return ((before + women) / 2).sel(age=ages)


def _expectancy(survivors: xr.DataArray, alive: xr.DataArray) -> xr.DataArray:
    """Life expectancy at birth; NaN where nobody of the open group ever dies."""
    last = survivors.isel(age=-1, drop=True)
    open_years = alive.isel(age=-2, drop=True) * last / (1 - last).where(last < 1)
    return alive.isel(age=slice(None, -1)).sum("age") + open_years


def _named(array: xr.DataArray, name: str, unit: str) -> xr.DataArray:
    return array.assign_attrs(long_name=name, units=unit)
