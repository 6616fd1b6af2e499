"""Growth by type of area: what areas of this age structure did before.

Quarters full of families shrink when the children leave, quarters of young adults fill up: in each city
and decade in its own way. A ridge regression of past growth on the age structure at the start of the
period learns that way from all areas; applied to today's age structure it says what is to be expected.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np

from zwkprognose.arithmetic import mean, solve, total
from zwkprognose.rates.totals.growth import deviation, informative, usual
from zwkprognose.rates.totals.past import Past

#: Ridge penalty per area, in units of one standardised age share.
RIDGE = 2.0
#: Persons at which an area's age structure is half believed.
HALF_BELIEVED = 300.0


def type_growth(past: Past, start: int) -> tuple[np.ndarray, np.ndarray]:
    """Growth expected from the age structure, for the base period and for the time after it.

    Parameters
    ----------
    past : Past
        With age shares. The base period runs from ``start`` to the last known year.
    start : int
        First year of the base period; its length is also that of the earlier periods learned from.

    Returns
    -------
    tuple of np.ndarray [area], annual log growth relative to the city
        For the age structure at the start and for the one at the end of the base period.
    """
    if past.shares is None:
        return np.zeros(past.last.shape), np.zeros(past.last.shape)
    periods = _periods(past, past.launch - start)
    effect = mean([past.once(("effect", a, b), partial(_effect, past, a, b)) for a, b in periods], 0)
    believed = past.last / (past.last + HALF_BELIEVED)
    unusual = past.shares - mean(past.shares[:, informative(past, past.launch)], 1, keepdims=True)
    then, now = (believed * total(unusual[year] * effect, -1) for year in (past.years.index(start), -1))
    return then, now


def _periods(past: Past, length: int) -> Sequence[tuple[int, int]]:
    """All pairs of known years that far apart."""
    return [(y - length, y) for y in past.years if y - length in past.years]


def _effect(past: Past, start: int, end: int) -> np.ndarray:
    """Annual growth per unit of age share in one period [class]."""
    assert past.shares is not None
    rows = informative(past, start, end)
    shares = past.shares[past.years.index(start), rows]
    apart = shares - mean(shares, 0)
    spread = np.sqrt(mean(apart * apart, 0))
    spread[spread == 0] = 1.0
    x = apart / spread
    growth = deviation(past, start, end)[rows]
    y, weight = usual(growth, growth), np.sqrt(past.at(start)[rows])
    y = y - total(y * weight) / total(weight)
    weighted = x * weight[:, None]
    left = total(weighted[:, :, None] * x[:, None, :], 0) + RIDGE * total(weight) * np.eye(x.shape[1])
    return solve(left, total(weighted * y[:, None], 0)) / spread
