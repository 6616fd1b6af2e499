"""Moves between the areas of a city: whoever leaves one area arrives in another, cohort by cohort.

Pool: every area sends its movers into one pool, R = r·J, and takes its share of it. Origin–destination
matrix: the movers of every area go to each of the others in given shares. Either way as many arrive as left.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zwkprognose.arithmetic import total
from zwkprognose.engine.arrays import Array, Index, Mask, over_areas
from zwkprognose.engine.rates import Rates

#: Rates by which persons move between the areas, and all by which what happens in one area depends on others.
MOVING = ("move_out_prob", "area_exists")
COUPLING = (*MOVING, "move_in_share", "destination_share")


def arrivals_of(leaving: Array, rates: Rates, order: Index | None) -> Array:
    """Where those who leave (area, group, sex, age) arrive: by pool, or by matrix, added origin by origin."""
    if rates.destination is None:
        assert rates.move_in_share is not None
        return rates.move_in_share * over_areas(leaving, order)
    arriving = np.zeros_like(leaving)
    for origin in range(len(leaving)) if order is None else order:
        arriving += leaving[origin] * rates.destination[origin]
    return arriving


def relocate(start: Array, rates: Rates, exists: Mask, order: Index | None) -> tuple[Array, Array, Array]:
    """At the start of the year everybody moves out of the areas that no longer exist.

    Returns
    -------
    start, leaving, arriving : Array
        The stock after the moves, and the moves.
    """
    gone = ~exists[:, None, None, None]
    leaving = np.where(gone, start, 0.0)
    if not leaving.any():
        return start, leaving, np.zeros_like(start)
    arriving = arrivals_of(leaving, rates, order)
    return np.where(gone, 0.0, start) + arriving, leaving, arriving


def of_existing(rates: Rates, exists: Mask) -> Rates:
    """Rates of a year in which some areas do not exist: nobody moves to them, shares go to the others."""
    if exists.all():
        return rates
    there = exists.astype(float)[:, None, None, None]
    changed = replace(rates, in_moves=rates.in_moves * there)
    if rates.move_in_share is not None:
        share = rates.move_in_share * there
        changed = replace(changed, move_in_share=share / total(share, axis=0))
    if rates.destination is not None:
        share = rates.destination * there
        whole = total(share, axis=1, keepdims=True)
        changed = replace(changed, destination=np.divide(share, whole, out=share, where=whole > 0))
    return changed
