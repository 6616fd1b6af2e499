"""Area levels between their own noisy figure and the city's: indirect standardisation with empirical Bayes.

Events O of an area are Poisson around E·θ; the levels θ of all areas come from one gamma distribution.
The estimate is a weighted mean of the area's own ratio O/E and the mean of all, and the weight is the
share of the ratio's variance that is real (METHODS: Marshall's global estimator, gamma posterior).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Levels:
    """Shrunk levels of all areas (last axis: area).

    Attributes
    ----------
    level : np.ndarray
        Level of each area relative to the standard schedule, recalibrated to the city's events.
    weight : np.ndarray
        Weight B of the area's own ratio, 0 … 1.
    mean : np.ndarray
        City level μ = ΣO/ΣE.
    variance : np.ndarray
        Estimated true variance A between areas.
    observed, expected : np.ndarray
        Events O and expected events E.
    """

    level: np.ndarray
    weight: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    observed: np.ndarray
    expected: np.ndarray


def empirical_bayes(observed: np.ndarray, expected: np.ndarray) -> Levels:
    """Shrink the ratios observed/expected of areas towards their common mean.

    Parameters
    ----------
    observed, expected : np.ndarray [..., area], events
        Expected events under the standard schedule; an area may expect none and then gets the mean.

    Returns
    -------
    Levels
        Σ expected·level equals Σ observed exactly (recalibration).
    """
    mean = ratio(observed.sum(-1), expected.sum(-1))[..., None]
    own = ratio(observed, expected)
    spread = ratio((expected * (own - mean) ** 2).sum(-1), expected.sum(-1))[..., None]
    noise = ratio(mean[..., 0], expected.mean(-1))[..., None]
    variance = np.maximum(spread - noise, 0.0)
    weight = ratio(variance * expected, variance * expected + mean)
    level = mean + weight * (own - mean)
    level = level * ratio(observed.sum(-1), (expected * level).sum(-1))[..., None]
    return Levels(level, weight, mean[..., 0], variance[..., 0], observed, expected)


def ratio(numerator: np.ndarray, denominator: np.ndarray) -> np.ndarray:
    """Quotient that is 0 where nothing is expected (0/0): such an area carries no information."""
    out = np.zeros(np.broadcast_shapes(np.shape(numerator), np.shape(denominator)))
    return np.divide(numerator, denominator, out=out, where=np.asarray(denominator) > 0)
