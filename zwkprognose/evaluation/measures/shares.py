"""Errors of the distribution over the areas, whatever the total of the city."""

from __future__ import annotations

import xarray as xr


def misallocation(forecast: xr.DataArray, observed: xr.DataArray) -> xr.DataArray:
    """Percent of the people placed in a wrong area: 100·½Σ|F_i/ΣF − A_i/ΣA|."""
    with xr.set_options(arithmetic_join="exact"):
        difference = abs(forecast / forecast.sum("area", skipna=False) - observed / observed.sum("area"))
        return 50 * difference.sum("area", skipna=False)
