"""Households of a projection: by size, people living alone, persons in institutions, dwellings needed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import Floats, summed
from zwkprognose.errors import OutputError
from zwkprognose.inputs.handed import handed, require_dataset
from zwkprognose.output.demand import dwellings_needed, places_of
from zwkprognose.output.publication.bands import make_bands
from zwkprognose.rates.households import HouseholdQuotas, KnownHouseholds, split_persons

#: First ages of the groups in which those who live alone are counted.
ALONE_AGES = (0, 18, 35, 65, 80)
SIZES = "household_size"


def households(
    projection: xr.Dataset,
    quotas: HouseholdQuotas,
    *,
    known: KnownHouseholds | None = None,
    dwellings: Mapping[str, float] | None = None,
    reserve: float = 0.0,
    interval: float = 0.8,
) -> xr.Dataset:
    """Households of every area and year from quotas.

    Parameters
    ----------
    projection : xr.Dataset
        Population [year_end, area, sex, age …], persons.
    quotas : HouseholdQuotas
        Member or head quotas.
    known : KnownHouseholds, optional
        Households that are counted on the first 31.12. of the projection; the odds of every size are multiplied by one
        factor per area so that they come out.
    dwellings : mapping of area key to dwellings, optional
        Dwellings there are on the first 31.12.
    reserve : float
        Share of the dwellings that stand empty for moving and repair.
    interval : float
        Mass of the band if the projection has draws.

    Returns
    -------
    xr.Dataset
        On [scenario, year_end, area] as far as the projection has them: ``households`` and ``household_persons``
        [household_size]; ``institutional``, persons in institutions; ``living_alone`` [sex, age_group];
        ``household_size_mean``; with draws ``households_low`` and ``households_high``; ``member_share`` [area, sex,
        age, household_size] (of head quotas ``head_share``), by which every cell can be followed; with ``dwellings``
        also ``dwellings_missing``. Persons in households and institutions are the population exactly.

    Raises
    ------
    OutputError
        If this is no projection by area, sex and age, or dwellings miss an area.
    RatesError
        If quotas or known households do not fit; names the cell.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> from zwkprognose.rates.households import living_alone
    >>> inputs = load_example("bremerhaven")
    >>> projection = project(inputs, estimate_rates(inputs), until=2030)
    >>> found = households(projection, living_alone(2.8))
    >>> whole = found["household_persons"].sum("household_size") + found["institutional"]
    >>> bool(abs(whole - projection["population"].sum(["nationality", "sex", "age"])).max() < 1e-6)
    True
    """
    require_dataset(projection, "population", error=OutputError)
    if not isinstance(quotas, HouseholdQuotas):
        raise OutputError(
            f"Erwartet werden Haushaltsquoten (HouseholdQuotas); übergeben wurde {handed(quotas)}.",
            remedy="living_alone(…) oder HouseholdQuotas(…) aus zwkprognose.rates.households angeben.",
        )
    people = _people(projection)
    start = people.isel(year_end=0)
    start = start.isel({dim: 0 for dim in ("scenario",) if dim in start.dims})
    start = start.mean("draw") if "draw" in start.dims else start
    areas = [str(key) for key in people["area"].values]
    sexes = [str(sex) for sex in people["sex"].values]
    split = split_persons(quotas, start.values, areas=areas, sexes=sexes, known=known)
    found = split.divide(people.values, areas)
    outer = people.dims[:-2]
    sized = (*outer, SIZES)
    labels = list(quotas.size_labels)
    result = xr.Dataset(
        {
            "households": (sized, found.households, _said("Haushalte", "Haushalte")),
            "household_persons": (sized, found.persons, _said("Personen in Haushalten", "Personen")),
            "institutional": (outer, found.institutional, _said("Personen in Einrichtungen", "Personen")),
            "living_alone": (
                (*outer, "sex", "age_group"), _in_bands(found.alone, ALONE_AGES), _said("Alleinlebende", "Personen"),
            ),
            f"{quotas.kind[:-1]}_share": (
                ("area", "sex", "age", SIZES), split.shares[..., : len(labels)] * (1 - split.institutional[..., None]),
                _said("Anteil der Personen", "Anteil"),
            ),
        },
        {name: people[name] for name in people.coords if name in ("scenario", "draw", "year_end", "area", "area_name")}
        | {SIZES: labels, "sex": sexes, "age": people["age"].values, "age_group": _labels(people)},
        {"quotas": quotas.source, "note": quotas.note, "open_size": split.open_size.tolist()},
    )  # fmt: skip
    result["household_size_mean"] = _mean_size(result)
    if "draw" in result.dims:
        result = _over_draws(result, interval)
    return result if dwellings is None else result.assign(dwellings_missing=_missing(result, dwellings, reserve, areas))


def _people(projection: xr.Dataset) -> xr.DataArray:
    """Persons [scenario, draw, year_end, area, sex, age], as far as there are such."""
    people = projection["population"]
    lacking = [dim for dim in ("year_end", "area", "sex", "age") if dim not in people.dims]
    if lacking:
        raise OutputError(
            "Haushalte folgen aus der Bevölkerung nach Jahr, Gebiet, Geschlecht und Alter.",
            cells=[{"variable": dim} for dim in lacking],
            remedy="Die Vorausberechnung selbst übergeben, nicht ihre Summen.",
        )
    if "nationality" in people.dims:
        people = summed(people, ["nationality"])
    return people.transpose(..., "year_end", "area", "sex", "age")


def _in_bands(alone: Floats, firsts: Sequence[int]) -> Floats:
    """Sums of single ages [..., sex, age group]."""
    return np.asarray(np.add.reduceat(alone, [first for first in firsts if first < alone.shape[-1]], axis=-1))


def _labels(people: xr.DataArray) -> list[str]:
    return [band.label for band in make_bands(ALONE_AGES, int(people["age"].values[-1]))]


def _mean_size(found: xr.Dataset) -> xr.DataArray:
    """Persons in a household; NaN where nobody lives."""
    whole = summed(found["households"], [SIZES])
    return (summed(found["household_persons"], [SIZES]) / whole.where(whole > 0)).assign_attrs(
        _said("Personen je Haushalt", "Personen")
    )


def _over_draws(found: xr.Dataset, mass: float) -> xr.Dataset:
    low, high = (
        found["households"].quantile(q, "draw").drop_vars("quantile") for q in ((1 - mass) / 2, (1 + mass) / 2)
    )
    return found.mean("draw", keep_attrs=True).assign(households_low=low, households_high=high)


def _missing(found: xr.Dataset, dwellings: Mapping[str, float], reserve: float, areas: Sequence[str]) -> xr.DataArray:
    stock = xr.DataArray(places_of(areas, dwellings), {"area": found["area"].values})
    whole = summed(found["households"], [SIZES]).drop_vars("area_name", errors="ignore")
    return dwellings_needed(whole, stock=xr.broadcast(whole, stock)[1], vacancy=reserve)


def _said(name: str, units: str) -> dict[str, Any]:
    return {"long_name": name, "units": units}
