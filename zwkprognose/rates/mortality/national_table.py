"""Mortality as in Germany: the national table for every area and group."""

from __future__ import annotations

import xarray as xr

from zwkprognose.rates.base import Base
from zwkprognose.rates.mortality import Mortality

NOTE = "Sterbetafel {mortality_period} für Deutschland"


def usable(inputs: xr.Dataset) -> bool:
    """Always."""
    return True


def estimate(inputs: xr.Dataset, base: Base) -> Mortality:
    """The table of the base period."""
    return Mortality(base.death_prob, None, base.mortality_year)
