"""How much of past growth lasts: learned from the past itself.

The known years are cut in two at every possible year. Growth before the cut, split into the part that
goes with the type of area and the area's own rest, is held against growth after the cut. The two slopes
say what share of each part lasted. Where little is known they stay near a cautious prior: a quarter of the
own trend, and nothing of a pattern by type that has not yet been seen to repeat itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from zwkprognose.arithmetic import mean, solve, total
from zwkprognose.rates.totals.growth import deviation, informative, usual
from zwkprognose.rates.totals.past import BASE_YEARS, Past
from zwkprognose.rates.totals.types import type_growth
from zwkprognose.rates.weights import MAD_TO_SD

#: Shares that last if nothing is known: of the own trend, of the growth by type.
PRIOR = np.array([0.25, 0.0])
#: Number of areas that the prior is worth.
PRIOR_AREAS = 30
HUBER = 1.345
ROBUST_STEPS = 20
#: Change of the slopes at which the steps end.
SETTLED = 1e-7
#: Two columns are one if no larger share of their squares is their own.
ALIKE = 1e-12


def persistence(past: Past) -> np.ndarray:
    """Share of the own trend and of the growth by type that lasts [2], each 0 … 1."""
    return persistence_from([past.once(("cut", *cut), partial(_cut, past, *cut)) for cut in cuts(past)])


@dataclass(frozen=True, eq=False)
class Cut:
    """Weighted squares [2, 2] and products [2] of growth before and after a cut, and the number of areas."""

    square: np.ndarray
    product: np.ndarray
    areas: int

    @classmethod
    def of(cls, before: np.ndarray, after: np.ndarray) -> Cut:
        """From growth before [area, 2] and after [area], both around their medians."""
        return cls(*_moments(before, after), len(after))


def persistence_from(cases: list[Cut]) -> np.ndarray:
    """Slopes of growth after on growth before a cut, drawn towards the prior."""
    if not cases:
        return PRIOR
    square, product = mean([c.square for c in cases], 0), mean([c.product for c in cases], 0)
    prior = np.diag(square) * PRIOR_AREAS / mean([c.areas for c in cases])
    prior = np.where(np.diag(square) == 0, 1.0, prior)  # no growth by type known: only the own trend has a slope
    slopes = solve(square + np.diag(prior), product + prior * PRIOR)
    return np.minimum(np.maximum(slopes, 0.0), 1.0)


def cuts(past: Past) -> list[tuple[int, int, int]]:
    """Start, cut and end of the comparisons that leave the longest time on the shorter side."""
    inner = past.years[1:-1]
    found, reach = [], _reach(past) if inner else 0
    for cut in inner:
        before = [cut - y for y in past.years if 0 < cut - y <= reach]
        after = [y - cut for y in past.years if 0 < y - cut <= reach]
        if before and after:
            found.append((min(max(before), max(after)), cut - max(before), cut, cut + max(after)))
    longest = max((f[0] for f in found), default=0)
    return [f[1:] for f in found if f[0] == longest]


def _reach(past: Past) -> int:
    """Longest period looked at: five years, or the usual distance of the stocks if that is longer."""
    return max(BASE_YEARS, int(np.max(np.diff(past.years))))


def _cut(past: Past, start: int, cut: int, end: int) -> Cut:
    known = past.until(cut)
    rows = informative(past, start, cut, end)
    fitted, expected = type_growth(known, start)
    trend, after = deviation(past, start, cut)[rows], deviation(past, cut, end)[rows]
    before = np.column_stack([usual(trend, trend) - fitted[rows], expected[rows]])
    after = usual(after, after)
    return Cut.of(before - np.median(before, axis=0), after - np.median(after))


def _moments(x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted sums of squares and products of a Huber regression (residuals beyond 1.345 s.d. count less)."""
    weight = np.ones(len(y))
    before = np.full(2, np.inf)
    for _ in range(ROBUST_STEPS):
        slopes = _slopes(*_sums(x, y, weight))
        if abs(slopes - before).max() < SETTLED:
            break
        before = slopes
        size = abs(y - total(x * slopes, 1))
        scale = HUBER * MAD_TO_SD * np.median(size)
        if scale == 0:
            break
        weight = 1 / np.maximum(1.0, size / scale)
    return _sums(x, y, weight)


def _sums(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weighted sums of squares [2, 2] and of products [2]."""
    weighted = x * weight[:, None]
    return total(weighted[:, :, None] * x[:, None, :], 0), total(weighted * y[:, None], 0)


def _slopes(square: np.ndarray, product: np.ndarray) -> np.ndarray:
    """Least squares of two columns; the shortest of all solutions where one column says what the other does."""
    own = square[1, 1] * square[0, 0] - square[0, 1] * square[1, 0]
    if own > ALIKE * square[0, 0] * square[1, 1]:
        return solve(square, product)
    both = square[0, 0] + square[1, 1]
    return product / both if both > 0 else np.zeros(2)
