"""From past errors to limits: how far off must be expected, by size and unrest of an area.

Two steps. The typical size of an error is fitted on the size of the area and on how restless it was; errors
are divided by it. The quantiles of what is left are taken launch by launch, and the launch that was hardest
to foresee sets the limits: areas of one launch share their fate (a boom, a wave of refugees), so the number
of independent experiences is that of the launches, not of the areas.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.evaluation.past_errors import PastErrors

#: Persons and annual unrest at which the logs of the predictors are zero.
TYPICAL_SIZE, TYPICAL_UNREST = 4000.0, 0.012
#: Unrest below this is register noise.
LEAST_UNREST = 0.002
#: Share of the largest errors that count only as the largest of the rest when the typical size is fitted.
EXTREME = 0.05
#: Errors grow at least with the square root of the lead.
LEAST_POWER = 0.5
STEPS = 50


@dataclass(frozen=True, eq=False)
class Calibration:
    """Limits of relative errors for one lead.

    Attributes
    ----------
    lead : int
        Lead of the errors behind it.
    slopes : np.ndarray [3]
        Log of the typical error: constant, per log size, per log unrest.
    scores : tuple of np.ndarray
        Errors divided by the typical one, launch by launch, ascending.
    stretch : float
        Factor for a longer lead than any that could be observed.
    """

    lead: int
    slopes: np.ndarray
    scores: tuple[np.ndarray, ...]
    stretch: float = 1.0

    def typical(self, size: np.ndarray, unrest: np.ndarray) -> np.ndarray:
        """Typical size of the log error of areas."""
        return np.asarray(self.stretch * np.exp(_predictors(size, unrest) @ self.slopes))

    def quantile(self, probability: float) -> float:
        """Quantile of the scores: of the hardest launch outside the middle, the mean of the launches in it.

        Within one launch the conformal rank ⌈(n + 1)·p⌉ is used.
        """
        if probability < 0.5:
            return min(_conformal(s, probability) for s in self.scores)
        if probability > 0.5:
            return max(_conformal(s, probability) for s in self.scores)
        return float(np.mean([np.median(s) for s in self.scores]))

    def factors(self, size: np.ndarray, unrest: np.ndarray, probabilities: Sequence[float]) -> np.ndarray:
        """Quantiles of observed/forecast [probability, area]."""
        score = np.array([self.quantile(p) for p in probabilities])
        return np.asarray(np.exp(score[:, None] * self.typical(size, unrest)))


def calibrate(errors: PastErrors) -> Calibration:
    """Fit the typical error and keep the scores of every launch."""
    x = np.concatenate([_predictors(s, u) for s, u in zip(errors.size, errors.unrest, strict=True)])
    slopes = _log_linear(x, abs(np.concatenate(errors.errors)))
    scores = [
        np.sort(e / np.exp(_predictors(s, u) @ slopes))
        for e, s, u in zip(errors.errors, errors.size, errors.unrest, strict=True)
    ]
    return Calibration(errors.lead, slopes, tuple(scores))


def stretched(calibration: Calibration, lead: int, power: float) -> Calibration:
    """The same for a longer lead: typical errors grow with a power of the lead."""
    factor = (lead / calibration.lead) ** power
    return Calibration(calibration.lead, calibration.slopes, calibration.scores, factor)


def growth_power(known: Sequence[PastErrors]) -> float:
    """Power of the lead with which the mean absolute error grew over the leads known."""
    leads = np.log([e.lead for e in known])
    if len(leads) < 2:
        return LEAST_POWER
    sizes = np.log([abs(np.concatenate(e.errors)).mean() for e in known])
    return float(max(np.polyfit(leads, sizes, 1)[0], LEAST_POWER))


def _conformal(ordered: np.ndarray, probability: float) -> float:
    """Empirical quantile with the rank of a conformal limit on the outer side."""
    n = len(ordered)
    if probability > 0.5:
        rank = min(int(np.ceil((n + 1) * probability)), n)
        return float(ordered[rank - 1])
    return -_conformal(-ordered[::-1], 1 - probability)


def _predictors(size: np.ndarray, unrest: np.ndarray) -> np.ndarray:
    restless = np.log(np.maximum(unrest, LEAST_UNREST) / TYPICAL_UNREST)
    return np.column_stack([np.ones(len(size)), np.log(size / TYPICAL_SIZE), restless])


def _log_linear(x: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Slopes of log E|error| on the predictors (gamma regression by Newton steps), extremes limited."""
    error = np.minimum(error, np.quantile(error, 1 - EXTREME))
    slopes = np.zeros(x.shape[1])
    slopes[0] = np.log(error.mean())
    for _ in range(STEPS):
        relative = error / np.exp(x @ slopes)
        step = np.linalg.solve((x * relative[:, None]).T @ x, x.T @ (relative - 1))
        slopes = slopes + step
        if abs(step).max() < 1e-9:
            break
    return slopes
