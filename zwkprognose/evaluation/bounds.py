"""How far off a forecast can be at all: no limit lies further away than what was ever observed.

The typical error grows with the unrest of an area and with the lead. Both are extrapolated, and a few areas that were
built up within a short past are enough to stretch them beyond anything that happens. What happened is the bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.evaluation.past_errors import PastErrors
from zwkprognose.rates.totals.growth import SMALLEST_AREA

#: An extrapolated bound is no more than three times the forecast, unless more than that has been observed.
MOST = float(np.log(3.0))
#: Beyond the leads observed the largest error grows as chance does, with the square root of the lead.
GROWTH = 0.5
#: Standard deviations of chance by which areas smaller than those observed may be further off.
CHANCE = 2.0


@dataclass(frozen=True)
class Bounds:
    """Largest log errors above and below the forecast, of areas that are large enough to be observed."""

    above: float = np.inf
    below: float = np.inf

    def clipped(self, error: np.ndarray, size: np.ndarray) -> np.ndarray:
        """Log errors [area], none beyond the bounds."""
        more = _chance(size)
        return np.clip(error, -self.below - more, self.above + more)

    def possible(self, error: np.ndarray, size: np.ndarray) -> np.ndarray:
        """Log errors [..., area] with the common part, none beyond three times the forecast or what was observed."""
        more = _chance(size)
        return np.clip(error, -max(self.below, MOST) - more, max(self.above, MOST) + more)


def bounds_of(known: Sequence[PastErrors], lead: int, least_side: float) -> Bounds:
    """The largest errors of all leads, for the lead wanted; one side at least so many times as large as the other."""
    above, below = (max(_grown(e, side, lead) for e in known) for side in (1, -1))
    return Bounds(max(above, least_side * below), max(below, least_side * above))


def _grown(errors: PastErrors, side: int, lead: int) -> float:
    """The largest error on one side at a lead; at a longer one it may be larger."""
    seen = max(float((side * e).max(initial=0.0)) for e in errors.errors)
    return max(seen, min(seen * max(lead / errors.lead, 1.0) ** GROWTH, MOST))


def _chance(size: np.ndarray) -> np.ndarray:
    """By how much few persons may be further off than the smallest area that was observed."""
    return CHANCE * np.sqrt(np.maximum(1 / np.maximum(size, 1.0) - 1 / SMALLEST_AREA, 0.0))
