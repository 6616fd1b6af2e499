"""Migration from a single stock and known totals of moves: a standard age schedule at their level."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.rates.base import Base
from zwkprognose.rates.events import has_events
from zwkprognose.rates.migration import Migration, Options
from zwkprognose.rates.migration.from_stocks import base_of
from zwkprognose.rates.migration.from_totals import known_totals, meet_totals
from zwkprognose.rates.migration.gross import NetParts, standard_turnover
from zwkprognose.rates.migration.residuals import NetMigration

NOTE = (
    "gezählte Zu- und Fortzüge, im Alter nach dem Modell von Rogers und Castro verteilt; aus einem einzigen Stichtag "
    "ist nicht zu sehen, in welchem Alter mehr kommen als gehen"
)
#: Any level: the totals decide.
SCALE = 0.05
UNUSED = dict.fromkeys(("shrinkage", "persistence", "turnover"), "es nur einen Stichtag gibt")


def usable(inputs: xr.Dataset) -> bool:
    """With one stock, and moves in both directions."""
    return inputs.sizes.get("year_end", 0) == 1 and has_events(inputs, "in_moves", "out_moves")


def estimate(inputs: xr.Dataset, base: Base, death_prob: np.ndarray, options: Options) -> Migration:
    """Movers of every cell by the schedule and its people, scaled to the totals; no net figures by age."""
    cohorts = base_of(base)
    net = NetMigration.none(cohorts.shape)
    gross = NetParts.of(net.rate, death_prob).gross(cohorts, standard_turnover(cohorts, SCALE))
    return Migration(net, meet_totals(gross, cohorts, death_prob, known_totals(inputs, base, cohorts)), {})
