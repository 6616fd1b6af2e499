"""Mortality: the national table, and what the deaths of a city say besides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zwkprognose.rates.methods import Registry

if TYPE_CHECKING:
    import numpy as np

    from zwkprognose.rates.shrinkage import Levels


@dataclass(frozen=True)
class Mortality:
    """Death probabilities [area, nationality, sex, age] (or broadcastable) and, if estimated, the levels.

    ``year`` is the one they belong to.
    """

    death_prob: np.ndarray
    levels: Levels | None
    year: float


#: ``estimate(inputs, base)`` of each method.
METHODS: Registry[Mortality] = Registry(__name__, {"national": "national_table", "events": "from_deaths"})
