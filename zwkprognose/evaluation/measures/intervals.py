"""Measures of intervals and of whole distributions."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr


def coverage(lower: xr.DataArray, upper: xr.DataArray, observed: xr.DataArray) -> xr.DataArray:
    """Percent of the areas whose figure lies within the limits."""
    with xr.set_options(arithmetic_join="exact"):
        return 100.0 * ((observed >= lower) & (observed <= upper)).mean("area")


def median_half_width(lower: xr.DataArray, upper: xr.DataArray, centre: xr.DataArray) -> xr.DataArray:
    """Median over the areas of half the width, in percent of the forecast."""
    with xr.set_options(arithmetic_join="exact"):
        return (50 * (upper - lower) / centre).median("area", skipna=False)


def interval_score(lower: xr.DataArray, upper: xr.DataArray, observed: xr.DataArray, level: float) -> xr.DataArray:
    """Interval score (Gneiting and Raftery 2007): width, plus 2/α for every unit by which it is missed.

    Parameters
    ----------
    level : float
        Nominal coverage 1 − α, such as 0.8.
    """
    with xr.set_options(arithmetic_join="exact"):
        below, above = np.maximum(lower - observed, 0.0), np.maximum(observed - upper, 0.0)
        return (upper - lower) + 2 / (1 - level) * (below + above)


def wis(
    median: xr.DataArray, intervals: Mapping[float, tuple[xr.DataArray, xr.DataArray]], observed: xr.DataArray
) -> xr.DataArray:
    """Weighted interval score of several central intervals and the median (Bracher et al. 2021).

    (½|y − m| + Σ α/2·IS_α) / (K + ½); for many intervals it tends to the CRPS.

    Parameters
    ----------
    intervals : mapping of level → (lower, upper)
    """
    with xr.set_options(arithmetic_join="exact"):
        total = 0.5 * abs(observed - median)
        for level, (lower, upper) in intervals.items():
            total = total + (1 - level) / 2 * interval_score(lower, upper, observed, level)
    return total / (len(intervals) + 0.5)


def crps(sample: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Continuous ranked probability score of a sample, E|X − y| − ½E|X − X'|.

    Parameters
    ----------
    sample : np.ndarray [draw, ...]
        Draws; equally likely.
    observed : np.ndarray [...]

    Returns
    -------
    np.ndarray [...]
        Zero is perfect; in the unit of the data.
    """
    ordered = np.sort(sample, axis=0)
    n = len(ordered)
    weight = (2 * np.arange(1, n + 1) - n - 1).reshape(-1, *[1] * observed.ndim)
    spread = (weight * ordered).sum(0) / n**2
    return np.asarray(abs(ordered - observed).mean(0) - spread)
