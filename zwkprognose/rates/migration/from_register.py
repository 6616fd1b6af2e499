"""Migration from a register of moves: out-probabilities and in-moves by area, group, sex and age.

The city's schedule is counted, areas differ in level by band of age (:mod:`by_band`).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.rates.base import Base
from zwkprognose.rates.events import age_basis, by_age_reached, splits, weighted, yearly_events
from zwkprognose.rates.migration import Migration, Options
from zwkprognose.rates.migration.by_band import BANDS, by_band, cohorts, on_cells, probabilities_by_level
from zwkprognose.rates.migration.from_stocks import net_migration
from zwkprognose.rates.migration.gross import GrossMigration, check_joint
from zwkprognose.rates.migration.inside import from_moves, move_variables
from zwkprognose.rates.shrinkage import Levels, empirical_bayes_by_part, level_diagnostics, ratio
from zwkprognose.rates.stocks import CELL_DIMS

NOTE = "gezählte Zu- und Fortzüge nach Alter und Geschlecht"
UNUSED = {"turnover": "Zu- und Fortzüge bekannt sind"}


def usable(inputs: xr.Dataset) -> bool:
    """Whether in- and out-moves are known by area, group, sex and age."""
    return all(splits(inputs, name, CELL_DIMS) for name in ("in_moves", "out_moves"))


def estimate(inputs: xr.Dataset, base: Base, death_prob: np.ndarray, options: Options) -> Migration:
    """Counted moves as gross figures, with those between the areas if they are known; net ones as in stocks.

    Raises
    ------
    RatesError
        If exits and deaths together would take more than everybody somewhere.
    """
    net = net_migration(base, death_prob, options)
    out_prob, out_levels = out_probabilities(inputs, base, "out_moves")
    check_joint(out_prob, death_prob, base.stocks.areas)
    in_moves, in_levels = arrivals(inputs, base)
    more: dict[str, Any] = {
        "band": (("band",), list(BANDS)),
        **level_diagnostics("out", out_levels),
        **level_diagnostics("in", in_levels),
    }
    if "moves" in inputs:
        more |= move_variables(from_moves(inputs, base), options.destinations)
    return Migration(net, GrossMigration(out_prob, in_moves), more)


def out_probabilities(inputs: xr.Dataset, base: Base, name: str) -> tuple[np.ndarray, Levels]:
    """Exit probability [area, nationality, sex, age] from counted exits, and the levels behind it."""
    events = yearly_events(inputs, name, base, CELL_DIMS)
    observed = by_age_reached(events.total(), age_basis(inputs, name))
    exposure = weighted(np.stack([cohorts(base, y) for y in events.years]), events.weight)
    return probabilities_by_level(observed, exposure, base.types["migration"], base.stocks.coords)


def arrivals(inputs: xr.Dataset, base: Base) -> tuple[np.ndarray, Levels]:
    """In-moves per year [area, nationality, sex, age]: shrunk level by band times the city's profile in the band.

    The level compares an area's arrivals with its share of the city's inhabitants.
    """
    events = yearly_events(inputs, "in_moves", base, CELL_DIMS)
    observed = by_age_reached(events.total(), age_basis(inputs, "in_moves"))
    counted = by_band(observed)
    people = weighted(np.stack([total(base.stocks.at(y), (1, 2, 3)) for y in events.years]), events.weight)
    expected = total(counted, -1, keepdims=True) * people / total(people)
    levels = empirical_bayes_by_part(counted, expected, base.types["migration"])
    city = total(observed, 0)
    profile = ratio(city, on_cells(by_band(city[None]), city.shape[-1])[0])
    persons = on_cells(levels.level * expected, city.shape[-1]) * profile
    return persons / total(events.weight), levels
