"""Errors of the age structure."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

CELL = ("sex", "age_group")


def age_structure_error(forecast: xr.DataArray, observed: xr.DataArray) -> xr.DataArray:
    """Age-structure error 100·½Σ|F_a/F − A_a/A| of each area: the share of people in a wrong age group.

    Summed over all cells (sex and age group, or age group where the sexes are not known); the size of the
    area plays no part. Zero is perfect. Tables give the median over the areas.
    """
    with xr.set_options(arithmetic_join="exact"):
        difference = abs(_shares(forecast) - _shares(observed))
        return 50 * difference.sum(CELL, skipna=False)


def _shares(persons: xr.DataArray) -> xr.DataArray:
    """Shares of the cells of an area; not a number where nobody lives."""
    whole = persons.sum(CELL, skipna=False)
    return persons / whole.where(whole > 0)


def wape(forecast: xr.DataArray, observed: xr.DataArray, groups: Sequence[int]) -> xr.DataArray:
    """Weighted absolute percent error of some age groups together: 100·Σ|F − A| / ΣA over the areas.

    Parameters
    ----------
    forecast, observed : xr.DataArray [..., area, sex, age_group], persons
    groups : sequence of int
        First ages of the groups that are counted together.
    """
    f, a = (x.sel(age_group=np.asarray(groups)).sum(CELL, skipna=False) for x in (forecast, observed))
    with xr.set_options(arithmetic_join="exact"):
        return 100 * abs(f - a).sum("area", skipna=False) / a.sum("area").where(lambda persons: persons > 0)
