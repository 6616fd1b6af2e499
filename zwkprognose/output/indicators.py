"""Indicators of age structure, nationality and turnover for every area and year."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.inputs.handed import require_dataset
from zwkprognose.output.aggregate import aggregate, splits_of
from zwkprognose.output.reproduction import reproduction


def indicators(
    projection: xr.Dataset,
    *,
    rates: xr.Dataset | None = None,
    by: Iterable[str] = ("area",),
    working_from: int = 20,
    old_from: int = 65,
    very_old_from: int = 80,
) -> xr.Dataset:
    """Compute the usual indicators from a projection, with age limits as arguments.

    Parameters
    ----------
    projection : xr.Dataset
        Population [year_end …] and flows [year …], persons.
    rates : xr.Dataset, optional
        Rates of the projection, with its scenario applied: adds fertility, reproduction, life expectancy. The
        projection must be of one scenario then.
    by : iterable of str
        Splits to keep, out of ``area nationality sex``; ``()`` gives the city.
    working_from, old_from, very_old_from : int
        First completed ages of the working age, the old and the very old.

    Returns
    -------
    xr.Dataset
        On ``year_end``: ``youth_ratio`` (Jugendquotient, P(<20)/P(20–64)·100), ``old_age_ratio``
        (Altenquotient), ``total_ratio`` (Gesamtquotient), ``greying`` (P(80+)/P(65–79)·100), ``billeter``
        ((P(0–14) − P(50+))/P(15–49)·100), ``mean_age`` and ``median_age`` (years), ``foreign_share`` (per cent,
        if nationalities are split). On ``year``: ``natural_balance`` and ``migration_balance`` (persons),
        ``turnover`` ((in-moves + out-moves)/mean population·100, moves between areas included). With ``rates``
        also ``total_fertility_rate`` (TFR, children per woman), ``net_reproduction_rate`` (daughters per woman who
        replace her) and ``life_expectancy`` [sex] (at birth, years), see :mod:`zwkprognose.output.reproduction`.
        NaN where the denominator is zero.

    Examples
    --------
    >>> people = xr.Dataset({"population": (("year_end", "age"), [[10.0] * 100])},
    ...                     coords={"year_end": [2020], "age": range(100)})
    >>> round(float(indicators(people)["old_age_ratio"][0]), 1)
    77.8
    """
    require_dataset(projection, "population", error=OutputError)
    keep = splits_of(by)
    grouped = aggregate(projection, by=(*keep, "age"))
    with xr.set_options(arithmetic_join="exact"):
        result = _age_indicators(grouped["population"], working_from, old_from, very_old_from)
        result |= _flow_indicators(grouped)
        if "nationality" not in keep and "foreign" in projection.get("nationality", []):
            result["foreign_share"] = _foreign_share(aggregate(projection[["population"]], by=(*keep, "nationality")))
        if rates is not None:
            remedy = "Das Ergebnis von estimate_rates(…) übergeben."
            names = ("fertility_rate", "death_prob")
            require_dataset(rates, *names, what="eine Schätzung der Raten", remedy=remedy, error=OutputError)
            result |= reproduction(projection, rates, keep)
    return xr.Dataset(result, attrs=projection.attrs)


def _age_indicators(
    population: xr.DataArray, working_from: int, old_from: int, very_old_from: int
) -> dict[str, xr.DataArray]:
    """Ratios of age groups, mean and median age on ``year_end``."""
    young = _between(population, 0, working_from)
    working = _between(population, working_from, old_from)
    old, very_old = _between(population, old_from, None), _between(population, very_old_from, None)
    children, middle, elders = (_between(population, *limits) for limits in ((0, 15), (15, 50), (50, None)))
    return {
        "youth_ratio": _ratio(young, working, "Jugendquotient"),
        "old_age_ratio": _ratio(old, working, "Altenquotient"),
        "total_ratio": _ratio(young + old, working, "Gesamtquotient"),
        "greying": _ratio(very_old, old - very_old, "Personen ab 80 je 100 von 65 bis 79 Jahren"),
        "billeter": _ratio(children - elders, middle, "Billeter-Maß"),
        "mean_age": mean_age(population),
        "median_age": median_age(population),
    }


def _foreign_share(people: xr.Dataset) -> xr.DataArray:
    population = people["population"]
    foreign = population.sel(nationality="foreign", drop=True)
    return _ratio(foreign, population.sum("nationality"), "Anteil ohne deutsche Staatsangehörigkeit")


def mean_age(population: xr.DataArray) -> xr.DataArray:
    """Mean age in years; persons of completed age x are x + ½ years old, the open group its first age + ½."""
    midpoints = population["age"] + 0.5
    total = population.sum("age")
    mean = (population * midpoints).sum("age") / total.where(total > 0)
    return mean.assign_attrs(long_name="Durchschnittsalter", units="Jahre")


def median_age(population: xr.DataArray) -> xr.DataArray:
    """Age in years that half of the population has not reached; ages are spread evenly within a year."""
    values = population.transpose(..., "age").values
    upto = np.cumsum(values, axis=-1)
    half = upto[..., -1:] / 2
    index = np.minimum((upto < half).sum(axis=-1), values.shape[-1] - 1)[..., None]
    inside = np.take_along_axis(values, index, axis=-1)
    before = np.take_along_axis(upto, index, axis=-1) - inside
    share = np.divide(half - before, inside, out=np.full(half.shape, np.nan), where=inside > 0)
    age = population["age"].values[index] + share
    like = population.isel(age=0, drop=True)
    attrs = {"long_name": "Medianalter", "units": "Jahre"}
    return like.transpose(*(d for d in population.dims if d != "age")).copy(data=age[..., 0]).assign_attrs(attrs)


def _flow_indicators(grouped: xr.Dataset) -> dict[str, xr.DataArray]:
    """Balances and turnover on ``year``, as far as the events are known."""
    flows = {str(name): _over_age(array) for name, array in grouped.items() if "year" in array.dims}
    result: dict[str, xr.DataArray] = {}
    if {"births", "deaths"} <= set(flows):
        result["natural_balance"] = _named(flows["births"] - flows["deaths"], "Natürlicher Saldo", "Personen")
    if {"in_moves", "out_moves"} <= set(flows):
        coming, going = _sum(flows, "in_moves", "moves_in"), _sum(flows, "out_moves", "moves_out")
        result["migration_balance"] = _named(coming - going, "Wanderungssaldo", "Personen")
        mean = _mean_population(_over_age(grouped["population"]), coming["year"])
        result["turnover"] = _ratio(coming + going, mean, "Fluktuation")
    return result


def _mean_population(stock: xr.DataArray, years: xr.DataArray) -> xr.DataArray:
    """Mean of the stocks at the beginning and the end of every year."""
    start = stock.sel(year_end=years.values - 1).rename(year_end="year").assign_coords(year=years.values)
    end = stock.sel(year_end=years.values).rename(year_end="year")
    return (start + end) / 2


def _sum(flows: dict[str, xr.DataArray], *names: str) -> xr.DataArray:
    arrays = [flows[name] for name in names if name in flows]
    total = arrays[0]
    for array in arrays[1:]:
        total = total + array
    return total


def _over_age(array: xr.DataArray) -> xr.DataArray:
    return array.sum("age") if "age" in array.dims else array


def _between(population: xr.DataArray, first: int, end: int | None) -> xr.DataArray:
    """Persons of completed age ``first`` up to, not including, ``end``."""
    age = population["age"]
    inside = age >= first if end is None else (age >= first) & (age < end)
    return population.sel(age=inside).sum("age")


def _ratio(part: xr.DataArray, whole: xr.DataArray, name: str) -> xr.DataArray:
    return _named(100 * part / whole.where(whole != 0), name, "je 100")


def _named(array: xr.DataArray, name: str, unit: str) -> xr.DataArray:
    attrs: dict[str, Any] = {"long_name": name, "units": unit}
    return array.assign_attrs(attrs)
