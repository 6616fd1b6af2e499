"""Skill against a reference, with the chance that it is luck."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr


@dataclass(frozen=True)
class Skill:
    """1 − error/error of the reference: positive is better.

    Attributes
    ----------
    value : float
    lower, upper : float
        Limits of the bootstrap interval.
    """

    value: float
    lower: float
    upper: float

    @property
    def better(self) -> bool:
        """The interval lies above zero."""
        return self.lower > 0


def skill(
    error: xr.DataArray, reference: xr.DataArray, *, draws: int = 2000, level: float = 0.95, seed: int = 1
) -> Skill:
    """Compare two methods on the same areas by paired bootstrap.

    Areas are drawn with replacement, and both methods keep the errors of the areas drawn, in all launches
    at once: an area is hard or easy in all of them.

    Parameters
    ----------
    error, reference : xr.DataArray [area, launch] or [area]
        Absolute errors of the method and of the reference; NaN where an area does not count in a launch.
    draws, level, seed
        Number of bootstrap draws, level of the interval, seed of the random numbers. Draws in which the reference makes
        no error at all have no ratio; not a number where it never makes one.
    """
    reference = reference.transpose(*error.dims)
    with xr.set_options(arithmetic_join="exact"):
        known = (error + reference).notnull()
    a, b = (_summed(x.where(known)) for x in (error, reference))
    picks = np.random.default_rng(seed).integers(len(a), size=(draws, len(a)))
    if not b.sum() > 0:
        return Skill(np.nan, np.nan, np.nan)
    theirs = b[picks].sum(1)
    ratios = 1 - a[picks].sum(1)[theirs > 0] / theirs[theirs > 0]
    lower, upper = np.quantile(ratios, [(1 - level) / 2, (1 + level) / 2])
    return Skill(float(1 - a.sum() / b.sum()), float(lower), float(upper))


def _summed(error: xr.DataArray) -> np.ndarray:
    """Sum over the launches [area]; each launch weighs the same, however many areas count in it."""
    rest = [d for d in error.dims if d != "area"]
    return (error / error.notnull().sum("area")).sum(rest).to_numpy()
