"""Shelf life: how many years a forecast may be used."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.evaluation.measures.errors import absolute_percent_error


def shelf_life(
    forecast: xr.DataArray, observed: xr.DataArray, *, within: float = 10.0, share: float = 80.0
) -> xr.DataArray:
    """Last lead up to which at least 80 % of the areas are within ±10 %, without a miss before; 0 if none.

    Parameters
    ----------
    forecast, observed : xr.DataArray [..., lead, area], persons
    within : float, percent
        Largest error that counts as usable.
    share : float, percent
        Areas that must be usable.
    """
    good = 100 * (absolute_percent_error(forecast, observed) <= within).mean("area") >= share
    good = good.sortby("lead")
    unbroken = good.astype(int).cumprod("lead") == 1
    return (good["lead"] * unbroken).max("lead").astype(np.int64)
