"""No migration: nobody comes or goes."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.rates.base import Base
from zwkprognose.rates.migration import Migration, Options
from zwkprognose.rates.migration.gross import GrossMigration
from zwkprognose.rates.migration.residuals import NetMigration

NOTE = "keine"
UNUSED = dict.fromkeys(("shrinkage", "persistence", "turnover"), "ohne Wanderung gerechnet wird")


def usable(inputs: xr.Dataset) -> bool:
    """Only if it is asked for."""
    return False


def estimate(inputs: xr.Dataset, base: Base, death_prob: np.ndarray, options: Options) -> Migration:
    """Zeros."""
    nothing = np.zeros(base.stocks.persons.shape[1:])
    return Migration(NetMigration.none(nothing.shape), GrossMigration(nothing, nothing.copy()), {})
