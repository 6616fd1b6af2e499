"""Fertility as in Germany: the national schedule for every area and group; children keep their mother's group."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.rates.base import Base
from zwkprognose.rates.fertility.schedule import Fertility
from zwkprognose.rates.shrinkage import Levels

NOTE = "Geburtenziffern {fertility_year} für Deutschland"


def usable(inputs: xr.Dataset) -> bool:
    """Always."""
    return True


def estimate(inputs: xr.Dataset, base: Base, death_prob: np.ndarray, net: np.ndarray) -> Fertility:
    """The schedule of the base period."""
    areas, groups = base.stocks.persons.shape[1:3]
    one, nothing = np.ones(areas), np.zeros(areas)
    levels = Levels(one, nothing, one, *[nothing] * 4)
    rate = np.broadcast_to(base.schedule, (areas, groups, len(base.schedule))).copy()
    return Fertility(rate, levels, np.eye(groups))
