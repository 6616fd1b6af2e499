"""How much of the differences between areas is real: all variances that the counts allow, each as likely as it is.

Counts O of an area vary around E·θ, E being expected at the common level; the relative levels θ of areas have mean 1
and a variance A that nobody knows. A single best A is 0 as soon as chance happens to level the differences, as in half
of all towns with few events: then every area is taken for certain to be like the others. Here the levels are averaged
over all A instead, and how far they lie apart goes into their spread.

The likelihood of A is that of ratios O/E with variances A + 1/E, restricted to what the mean leaves (REML). Before any
count, the square root of C may lie anywhere between 0 and 1, C = 1/(1 + A·Ē) being the share of chance in the variance
of an area of average size. Sources: Strawderman (1971), Annals of Mathematical Statistics 42; Morris (1983), Journal of
the American Statistical Association 78; Christiansen and Morris (1997), ibid. 92. What it is worth against other
estimators, for towns of 5 to 200 areas, shows benchmarks/accuracy/levels.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zwkprognose.arithmetic import exp, log, log1p, total

#: Logarithms of A·Ē between which the variance is looked for: from nothing to areas without anything in common.
LEAST, MOST = -8.0, 24.0
#: Steps of a look, and looks, each of them at what the one before has left.
STEPS, LOOKS = 16, 3
#: So much less likely than the likeliest is left out.
NEGLIGIBLE = 1e-5
#: Density of C is C to the power −½.
PRIOR = 0.5


@dataclass(frozen=True)
class RealVariance:
    """What the counts say, with the common level as unit.

    Attributes
    ----------
    weight : np.ndarray [..., area]
        Mean share of an area's own ratio that is real, 0 … 1.
    spread : np.ndarray [..., area]
        Standard deviation of the level: chance, the unknown A and the unknown mean together.
    """

    weight: np.ndarray
    spread: np.ndarray


def real_variance(observed: np.ndarray, expected: np.ndarray) -> RealVariance:
    """Weigh all variances between areas by how well they explain the counts.

    Parameters
    ----------
    observed, expected : np.ndarray [..., area], events
        Sums over the areas are equal; an area that expects nothing says nothing.
    """
    counts = _Counts.of(observed, expected)
    low, high = (np.full_like(counts.chance, limit) for limit in (LEAST, MOST))
    for _ in range(LOOKS):
        odds = low + (high - low) * (np.arange(STEPS + 1.0) / STEPS)
        support = counts.support(odds)
        likely = exp(support - support.max(axis=-1, keepdims=True))
        low, high = _left(odds, likely > NEGLIGIBLE)
    return counts.averaged(odds, likely / total(likely, -1, keepdims=True))


@dataclass(frozen=True)
class _Counts:
    """Expected events and distance from them [..., 1, area]; ``chance`` is 1/Ē [..., 1]."""

    expected: np.ndarray
    apart: np.ndarray
    chance: np.ndarray

    @classmethod
    def of(cls, observed: np.ndarray, expected: np.ndarray) -> _Counts:
        seen = expected > 0
        apart = np.divide(observed - expected, expected, out=np.zeros(expected.shape), where=seen)
        awaited = total(expected, -1, keepdims=True)
        chance = np.divide(total(seen, -1, keepdims=True), awaited, out=np.zeros(awaited.shape), where=awaited > 0)
        return cls(expected[..., None, :], apart[..., None, :], chance)

    def inflation(self, odds: np.ndarray) -> np.ndarray:
        """Variance of a ratio over what chance alone would make, 1 + A·E [..., step, area]."""
        return np.asarray(1.0 + (self.chance * exp(odds))[..., None] * self.expected)

    def precision(self, inflation: np.ndarray) -> np.ndarray:
        """One over the variance of the mean [..., step]; where nothing is expected the mean is not in question."""
        known = total(self.expected / inflation, -1)
        return np.where(known > 0, known, 1.0)

    def support(self, odds: np.ndarray) -> np.ndarray:
        """Logarithm of the density of the log odds of A [..., step], up to a constant."""
        inflation = self.inflation(odds)
        misfit = total(log(inflation) + self.expected * self.apart * self.apart / inflation, -1)
        prior = odds - (1.0 + PRIOR) * log1p(exp(odds))
        return np.asarray(prior - 0.5 * (misfit + log(self.precision(inflation))))

    def averaged(self, odds: np.ndarray, share: np.ndarray) -> RealVariance:
        """Means over the steps, each with its share."""
        inflation, part = self.inflation(odds), share[..., None]
        weights = 1.0 - 1.0 / inflation
        weight = total(part * weights, -2)
        variance = (self.chance * exp(odds))[..., None]
        of_levels = variance * (1.0 + weights * self.apart) / inflation
        of_mean = (1.0 - weights) * (1.0 - weights) / self.precision(inflation)[..., None]
        moved = (weights - weight[..., None, :]) * self.apart
        spread = np.sqrt(total(part * (of_levels + of_mean + moved * moved), -2))
        return RealVariance(weight, spread)


def _left(odds: np.ndarray, kept: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Ends of what is kept of the steps, with one step to either side [..., 1]."""
    first = np.maximum(kept.argmax(axis=-1) - 1, 0)
    last = np.minimum(STEPS + 1 - kept[..., ::-1].argmax(axis=-1), STEPS)
    low, high = (np.take_along_axis(odds, end[..., None], axis=-1) for end in (first, last))
    return low, high
