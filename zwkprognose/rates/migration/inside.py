"""Moves between the areas of a city: who leaves an area for another, and where they go.

Pool: each area's share of all arrivals from inside the city. Origin–destination: the share of each destination for
those who leave an origin; sparse counts lean on the pool.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.errors import RatesError
from zwkprognose.rates.base import Base
from zwkprognose.rates.events import age_basis, by_age_reached, splits, weighted, yearly_events
from zwkprognose.rates.migration.by_band import cohorts, probabilities_by_level
from zwkprognose.rates.migration.rogers_castro import STANDARD, rogers_castro
from zwkprognose.rates.mortality.year_end import scale
from zwkprognose.rates.shrinkage import Levels, empirical_bayes, level_diagnostics, ratio
from zwkprognose.rates.stocks import CELL_DIMS

OD_DIMS = ("origin", "destination")
#: Moves that the pool is worth for the destinations of one origin.
POOL_WEIGHT = 50.0


@dataclass(frozen=True)
class Moves:
    """Moves inside the city.

    Attributes
    ----------
    out_prob : np.ndarray [area, nationality, sex, age], probability
        Of moving to another area of the city.
    in_share : np.ndarray [area, nationality, sex, age], share
        Share of an area in the pool of movers; sums to one over the areas.
    destination : np.ndarray [origin, destination], share
        Sums to one over the destinations.
    levels : Levels
        Levels of areas by nationality and band.
    arrived : np.ndarray [area], persons
        Counted arrivals, weighted like the events behind the levels.
    """

    out_prob: np.ndarray
    in_share: np.ndarray
    destination: np.ndarray
    levels: Levels
    arrived: np.ndarray


def from_moves(inputs: xr.Dataset, base: Base) -> Moves:
    """Estimate moves inside the city from counts by origin and destination.

    Parameters
    ----------
    inputs : xr.Dataset
        With ``moves``; where they are not split by group, sex and age, everybody moves like the standard
        profile and areas differ in level only.
    base : Base
    """
    if not splits(inputs, "moves", CELL_DIMS[1:]):
        return _from_totals(inputs, base)
    events = yearly_events(inputs, "moves", base, (*OD_DIMS, *CELL_DIMS[1:]))
    counts = by_age_reached(events.total(), age_basis(inputs, "moves"))
    flows = total(counts, (2, 3, 4))
    _check_diagonal(flows, base)
    exposure = weighted(np.stack([cohorts(base, y) for y in events.years]), events.weight)
    out_prob, levels = probabilities_by_level(total(counts, 1), exposure, base.types["migration"], base.stocks.coords)
    return Moves(out_prob, pool_share(total(counts, 0)), destination_share(flows), levels, total(flows, 0))


def move_margins(inputs: xr.Dataset, base: Base) -> tuple[np.ndarray, np.ndarray]:
    """Arrivals from and departures to other areas of the city, per year [area]."""
    flows = yearly_events(inputs, "moves", base, OD_DIMS).per_year()
    return total(flows, 0), total(flows, 1)


def move_variables(moves: Moves, destinations: str) -> dict[str, Any]:
    """Probability of moving inside the city, and where to: ``"pool"`` or ``"matrix"``, with what was counted."""
    out = {
        "move_out_prob": (CELL_DIMS, moves.out_prob),
        "move_arrived": (("area",), moves.arrived),
        **level_diagnostics("move", moves.levels),
    }
    if destinations == "matrix":
        return {**out, "destination_share": (("origin", "destination"), moves.destination)}
    return {**out, "move_in_share": (CELL_DIMS, moves.in_share)}


def _from_totals(inputs: xr.Dataset, base: Base) -> Moves:
    """Levels by area from moves that are not split further; the standard profile gives the ages."""
    events = yearly_events(inputs, "moves", base, OD_DIMS)
    flows = events.total()
    _check_diagonal(flows, base)
    exposure = weighted(np.stack([cohorts(base, y) for y in events.years]), events.weight)
    profile = rogers_castro(np.arange(exposure.shape[-1]), **STANDARD)
    levels = empirical_bayes(total(flows, 1), total(exposure * profile, (1, 2, 3)))
    out_prob = scale(np.broadcast_to(profile, exposure.shape), levels.level[:, None, None, None])
    shares = np.broadcast_to(pool_share(total(flows, 0)[:, None])[:, :, None, None], exposure.shape).copy()
    return Moves(out_prob, shares, destination_share(flows), levels, total(flows, 0))


def pool_share(arriving: np.ndarray) -> np.ndarray:
    """Share of each area in the arrivals of every cell [area, …]; thin cells lean on the area's share of all.

    (M + k·w)/(ΣM + k), w being the area's share over all cells; the shares of a cell sum to one. Where nobody moves at
    all, every area has the same.
    """
    counted = total(arriving, tuple(range(1, arriving.ndim)))
    counted = counted if counted.any() else np.ones(len(counted))
    overall = counted / total(counted)
    overall = overall.reshape(-1, *[1] * (arriving.ndim - 1))
    return np.asarray((arriving + POOL_WEIGHT * overall) / (total(arriving, 0) + POOL_WEIGHT))


def destination_share(flows: np.ndarray) -> np.ndarray:
    """Share of every destination for each origin [origin, destination] from sparse counts.

    The counts of an origin lean on the pool without the origin itself: (M_ij + k·w_j)/(M_i + k), w_i = 0. Where nobody
    moves to any of the others, they share alike; a single area has itself.
    """
    others = 1 - np.eye(len(flows)) if len(flows) > 1 else np.ones((1, 1))
    pool = total(flows, 0) * others
    pool = np.where(total(pool, 1, keepdims=True) > 0, pool, others)
    prior = ratio(pool, total(pool, 1, keepdims=True))
    return np.asarray((flows + POOL_WEIGHT * prior) / (total(flows, 1, keepdims=True) + POOL_WEIGHT))


def _check_diagonal(flows: np.ndarray, base: Base) -> None:
    inside = np.flatnonzero(np.diag(flows))
    if len(inside):
        raise RatesError(
            "Umzüge innerhalb eines Gebiets sind keine Umzüge zwischen Gebieten.",
            cells=[{"area": base.stocks.areas[i], "Umzüge": round(float(flows[i, i]), 1)} for i in inside],
            remedy="Zeilen mit gleichem Herkunfts- und Zielgebiet weglassen.",
        )
