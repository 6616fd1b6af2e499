"""What a limit may be asked for: persons of some ages, of one group or sex, or so many of them per hundred others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from zwkprognose.engine.draws.summary import Band
from zwkprognose.rates.totals import Past


@dataclass(frozen=True)
class Quantity:
    """Persons, or persons per hundred of the ages ``per``.

    Attributes
    ----------
    ages : (first age, last age or None)
    nationality, sex : str, optional
        Only these of them; the others of ``per`` are all persons of their ages.
    per : (first age, last age or None), optional
        Ages of those of whom a hundred are taken.
    """

    ages: Band
    nationality: str | None = None
    sex: str | None = None
    per: Band | None = None


def counted(population: xr.DataArray, quantities: Mapping[str, Band | Quantity]) -> xr.Dataset:
    """``persons`` and ``against`` [year_end, area, age_band]: the value is one divided by the other.

    Plain persons are divided by one, so that sums of areas are taken of both alike. ``size`` are the persons by whose
    number an error is judged.
    """
    parts = []
    for asked in quantities.values():
        one = asked if isinstance(asked, Quantity) else Quantity(asked)
        chosen = {dim: [value] for dim, value in (("nationality", one.nationality), ("sex", one.sex)) if value}
        persons = _of_ages(population.sel(chosen) if chosen else population, one.ages)
        parts.append((persons, None if one.per is None else _of_ages(population, one.per).values / 100))
    first = parts[0][0]
    arrays = {
        "persons": np.stack([persons.values for persons, _ in parts]),
        "against": np.stack([np.ones(first.shape) if per is None else per for _, per in parts]),
    }
    dims = ("age_band", *first.dims)
    found = xr.Dataset({name: (dims, values) for name, values in arrays.items()}, first.coords)
    return found.assign(size=found["persons"]).assign_coords(age_band=list(quantities))


def value_of(found: xr.Dataset) -> xr.DataArray:
    """Persons, or persons per hundred; none where nobody is there to take them of."""
    return found["persons"] / found["against"].where(found["against"] > 0)


def summed_over(found: xr.Dataset, member: xr.DataArray, ratios: Sequence[bool]) -> xr.Dataset:
    """The same of sums of areas; ``member`` is [sum, area], ``ratios`` says which quantities are per hundred."""
    sums = found.map(lambda values: xr.dot(values, member, dim="area"))
    per = xr.DataArray(list(ratios), {"age_band": found["age_band"].values}, "age_band")
    return sums.assign(against=sums["against"].where(per, 1.0)).transpose("year_end", "sum", "age_band")


def members(areas: Sequence[str], sums: Mapping[str, Sequence[str]]) -> xr.DataArray:
    """Which area belongs to which sum [sum, area], one or zero."""
    belongs = [[float(area in chosen) for area in areas] for chosen in map(set, sums.values())]
    return xr.DataArray(belongs, {"sum": list(sums), "area": list(areas)}, ("sum", "area"))


def past_of_sum(past: Past, inside: np.ndarray) -> Past:
    """The past of a sum of areas and of the rest of the city, if anybody has always lived there."""
    parts = np.stack([past.persons @ inside, past.persons @ (1 - inside)], axis=1)
    return Past(past.years, parts if (parts[:, 1] > 0).all() else parts[:, :1])


def _of_ages(population: xr.DataArray, ages: Band) -> xr.DataArray:
    return population.sel(age=slice(*ages)).sum([d for d in ("nationality", "sex", "age") if d in population.dims])
