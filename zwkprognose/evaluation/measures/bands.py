"""Bands of size and growth in which errors are alike."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

#: Limits of the size classes in tables, persons at the launch.
SIZES = (1000, 2500, 5000, 10000)


def size_bands(start: xr.DataArray, limits: Sequence[float] = SIZES) -> xr.DataArray:
    """Number of the size class of each area: 0 below the first limit, 1 from it on, …"""
    return xr.apply_ufunc(lambda v: np.digitize(v, limits), start)


def growth_bands(growth: xr.DataArray, parts: int = 3) -> xr.DataArray:
    """Terciles of past growth (0 shrinking … 2 growing), or other equal parts, over the areas."""
    limits = np.arange(1, parts) / parts

    def split(values: np.ndarray) -> np.ndarray:
        return np.digitize(values, np.quantile(values, limits))

    return xr.apply_ufunc(split, growth, input_core_dims=[["area"]], output_core_dims=[["area"]], vectorize=True)
