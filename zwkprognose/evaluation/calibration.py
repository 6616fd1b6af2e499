"""From past errors to limits: how far off must be expected, by size and unrest of an area.

The typical size of an error is fitted on the size of the area, on how restless it was and on the
lead, for outcomes above and below the forecast apart: a new estate adds more than any other thing takes away,
and it is built where building was going on. Errors are divided by the typical one, and the quantiles of what
is left are taken from all launches together. Areas of one launch share their fate (a boom, a wave of refugees), so the
number of independent experiences is that of the launches, not of the areas: what they have not shown of a common error
is added (:mod:`common_error`), or, with the total of the city given, the launch that was hardest to foresee sets the
scale. No limit lies beyond the largest error that was ever observed (:mod:`bounds`).

Areas with fewer than 1,000 persons teach nothing, for the errors of a handful would drown the others. What size does
among large areas says too little of them: the path of a village hangs on single houses. Their typical error grows as
chance does, with the root of the number (:func:`few_persons`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from zwkprognose.arithmetic import solve
from zwkprognose.evaluation.bounds import Bounds, bounds_of
from zwkprognose.evaluation.common_error import CommonError
from zwkprognose.evaluation.past_errors import LEAST_ERRORS, PastErrors
from zwkprognose.rates.totals.growth import SMALLEST_AREA

#: Persons and annual unrest at which the logs of the predictors are zero.
TYPICAL_SIZE, TYPICAL_UNREST = 4000.0, 0.012
#: Unrest below this is register noise; above it an area was built or cleared, which says little of what comes.
LEAST_UNREST, MOST_UNREST = 0.002, 0.1
#: Share of the errors, largest against the typical one, that count only as the largest of the rest in the fit.
EXTREME = 0.01
#: Errors grow at least with the square root of the lead (chance, year by year), at most with the lead (a wrong trend).
LEAST_POWER, MOST_POWER = 0.5, 1.0
#: Power of the lead beyond all leads observed: Berlin and Konstanz show 0.58 to 0.78.
USUAL_POWER = 0.7
#: Limits on one side are at least so many times as far away as those on the other.
LEAST_SIDE = 0.5
#: Typical error to start the fit from if there was none on one side.
LEAST_TYPICAL = 1e-4
#: Weight, in errors, of what slopes are expected to be before any error is seen; a band needs as many errors.
RIDGE = float(LEAST_ERRORS)
STEPS = 50
#: Change of the log typical error at which the fit ends: a person in ten thousand is not moved by it.
ENOUGH = 1e-6
#: Probabilities between which exceedances are interpolated, denser in the tails.
GRID = tuple((1 / (1 + np.exp(-np.linspace(-7.5, 7.5, 301)))).tolist())


@dataclass(frozen=True, eq=False)
class Calibration:
    """Limits of relative errors at one lead.

    Attributes
    ----------
    lead : int
        Longest lead of the errors behind it.
    above, below : np.ndarray [3]
        Log of the typical error above and below the forecast: constant, per log size, per log unrest.
    scores : tuple of np.ndarray
        Errors divided by the typical one, launch by launch, ascending.
    bounds : Bounds
        Beyond which no limit lies.
    common : CommonError
        What the areas share and the past does not show.
    least : CommonError
        What no area is surer than, however calm its past.
    whole : CommonError
        What sums of areas are missed by in common.
    by_hardest : bool
        Whether the launch that was hardest to foresee sets the scale.
    """

    lead: int
    above: np.ndarray
    below: np.ndarray
    scores: tuple[np.ndarray, ...]
    bounds: Bounds = field(default_factory=Bounds)
    common: CommonError = field(default_factory=CommonError)
    least: CommonError = field(default_factory=CommonError)
    whole: CommonError = field(default_factory=CommonError)
    by_hardest: bool = True

    @cached_property
    def ordered(self) -> np.ndarray:
        """The scores of all launches, ascending."""
        return np.sort(np.concatenate(self.scores))

    def quantile(self, probability: float) -> float:
        """Quantile of the scores of all launches, moved outwards by the hardness of the hardest launch.

        The quantile has the conformal rank ⌈(n + 1)·p⌉.
        """
        pooled = _conformal(self.ordered, probability)
        if probability == 0.5:
            return pooled
        side = 1 if probability > 0.5 else -1
        outwards = side * pooled > 0
        return pooled * self.hardness(side) if outwards else pooled / self.hardness(side)

    def hardness(self, side: int) -> float:
        """How many times as large as usual errors above (1) or below (−1) the forecast were at the hardest launch.

        What a launch with n areas says of itself counts n/(n + 30): a few areas tell little about their launch.
        None is harder where the common error is reckoned with on its own.
        """
        if not self.by_hardest:
            return 1.0
        means = np.array([np.maximum(side * s, 0.0).mean() for s in self.scores])
        sizes = np.array([len(s) for s in self.scores])
        usual = np.average(means, weights=sizes)
        if usual == 0:  # no error on this side anywhere
            return 1.0
        return float(max(1 + sizes / (sizes + LEAST_ERRORS) * (means / usual - 1)))

    def factors(
        self, size: np.ndarray, unrest: np.ndarray, probabilities: Sequence[float], few: np.ndarray | float = 1.0
    ) -> np.ndarray:
        """Quantiles of observed/forecast [probability, area]; ``few`` is :func:`few_persons` of the areas.

        A limit is at least half as far away as that of the other side: a bias of the past may turn. What the past
        does not show of the common error is independent of what it shows: distances from the middle add as squares.
        """
        asked, typical = np.asarray(probabilities, dtype=float), self._typical(size, unrest, few)
        middle = self.bounds.clipped(self._limits(np.array([0.5]), *typical), size)
        own = self.bounds.clipped(self._limits(asked, *typical), size) - middle
        away = np.maximum(np.hypot(own, self.common.quantiles(asked)), abs(self.least.quantiles(asked)))
        return np.exp(self.bounds.possible(middle + np.sign(asked - 0.5)[:, None] * away, size))

    def exceedance(
        self, size: np.ndarray, unrest: np.ndarray, ratio: np.ndarray, few: np.ndarray | float = 1.0
    ) -> np.ndarray:
        """Probability that observed/forecast is above a ratio [area]; the inverse of :meth:`factors`."""
        limits = np.maximum.accumulate(self.factors(size, unrest, GRID, few), axis=0)
        below = [np.interp(r, column, GRID) for r, column in zip(np.asarray(ratio), limits.T, strict=True)]
        return 1 - np.array(below)

    def _limits(self, probabilities: np.ndarray, above: np.ndarray, below: np.ndarray) -> np.ndarray:
        """Quantiles of the areas' own log errors [probability, area]."""
        own, other = (self._scaled(p, above, below) for p in (probabilities, 1 - probabilities))
        upper, lower = np.maximum(own, -LEAST_SIDE * other), np.minimum(own, -LEAST_SIDE * other)
        side = probabilities[:, None]
        return np.where(side > 0.5, upper, np.where(side < 0.5, lower, own))

    def _scaled(self, probabilities: np.ndarray, above: np.ndarray, below: np.ndarray) -> np.ndarray:
        """Quantiles of the scores times the typical error of their side [probability, area]."""
        score = np.array([self.quantile(p) for p in probabilities.tolist()])[:, None]
        return score * np.where(score > 0, above, below)

    def _typical(
        self, size: np.ndarray, unrest: np.ndarray, few: np.ndarray | float
    ) -> tuple[np.ndarray, np.ndarray]:
        """Typical log errors above and below the forecast [area]."""
        x = _predictors(size, unrest)
        return few * np.exp(_combined(x, self.above)), few * np.exp(_combined(x, self.below))


@dataclass(frozen=True, eq=False)
class Typical:
    """Typical log errors above and below the forecast, fitted to all leads at once.

    Attributes
    ----------
    lead : int
        The lead that the slopes are of.
    slopes : tuple of np.ndarray [3]
        Above and below: constant, per log size, per log unrest.
    powers : tuple of float
        Powers of the lead with which they grow.
    """

    lead: int
    slopes: tuple[np.ndarray, np.ndarray]
    powers: tuple[float, float]

    def at(self, lead: int) -> list[np.ndarray]:
        """The slopes at a lead among those of the fit."""
        ratio = np.log(lead / self.lead)
        return [s + np.array([p * ratio, 0.0, 0.0]) for s, p in zip(self.slopes, self.powers, strict=True)]

    def beyond(self, known: int, lead: int) -> list[np.ndarray]:
        """The slopes at a lead of which nothing is known, from those at the longest that is known."""
        if lead <= known:
            return self.at(lead)
        ratio = np.log(lead / known)
        return [
            s + np.array([max(p, USUAL_POWER) * ratio, 0.0, 0.0])
            for s, p in zip(self.at(known), self.powers, strict=True)
        ]


def typical_errors(known: Sequence[PastErrors]) -> Typical:
    """Fit the typical errors on both sides to those of all leads; leads count in proportion to their length."""
    longest = max(e.lead for e in known)
    (above, more), (below, less) = (_fit(known, longest, side) for side in (1, -1))
    return Typical(longest, (above, below), (more, less))


def calibrate(
    known: Sequence[PastErrors],
    lead: int,
    common: CommonError | None = None,
    *,
    least: CommonError | None = None,
    whole: CommonError | None = None,
    by_hardest: bool = True,
    typical: Typical | None = None,
) -> Calibration:
    """What is typical of all leads known, at a lead, and the scores of the longest one that is not beyond it.

    Parameters
    ----------
    known : sequence of PastErrors
        One for each lead, none beyond the lead wanted unless there is no shorter one.
    lead : int
        The lead wanted; beyond the longest one known, errors grow with the usual power of the lead.
    common : CommonError, optional
        What the areas share and the past does not show; none unless given.
    least : CommonError, optional
        What no area is surer than; nothing unless given.
    whole : CommonError, optional
        What sums of areas are missed by in common; the same as single ones unless given.
    by_hardest : bool
        Whether the launch that was hardest to foresee sets the scale.
    typical : Typical, optional
        Fitted to these leads and longer ones; to these alone unless given.
    """
    longest, typical = max(known, key=lambda e: e.lead), typical or typical_errors(known)
    x = [_predictors(s, u) for s, u in zip(longest.size, longest.unrest, strict=True)]
    scores = [_scores(e, p, *typical.at(longest.lead)) for e, p in zip(longest.errors, x, strict=True)]
    above, below = typical.beyond(longest.lead, lead)
    bounds = bounds_of(known, lead, LEAST_SIDE)
    common = common or CommonError()
    return Calibration(
        longest.lead, above, below, tuple(scores), bounds, common, least or CommonError(), whole or common, by_hardest
    )


def _scores(errors: np.ndarray, x: np.ndarray, above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Errors of one launch divided by the typical error of their side, ascending."""
    return np.sort(errors / np.exp(np.where(errors > 0, _combined(x, above), _combined(x, below))))


def _fit(known: Sequence[PastErrors], lead: int, side: int) -> tuple[np.ndarray, float]:
    """Slopes of the log typical error on one side at a lead [3], and the power of the lead with which it grows."""
    x = np.concatenate([_predictors(s, u) for e in known for s, u in zip(e.size, e.unrest, strict=True)])
    leads = np.concatenate([np.full(e.count, float(e.lead)) for e in known])
    errors = np.concatenate([part for e in known for part in e.errors])
    x = np.column_stack([x, np.log(leads / lead)])
    slopes = _log_linear(x, np.maximum(side * errors, 0.0), leads / lead)
    power = USUAL_POWER if len(known) == 1 else min(max(float(slopes[-1]), LEAST_POWER), MOST_POWER)
    return slopes[:-1], power


def few_persons(persons: np.ndarray) -> np.ndarray:
    """How many times as large errors are of areas with fewer persons than those that errors are known of [area].

    One house makes the difference there: errors grow as those of chance do, with the root of the number.

    Examples
    --------
    >>> few_persons(np.array([5000.0, 1000.0, 250.0]))
    array([1., 1., 2.])
    """
    return np.asarray(np.sqrt(np.maximum(SMALLEST_AREA / np.maximum(persons, 1.0), 1.0)))


def _conformal(ordered: np.ndarray, probability: float) -> float:
    """Empirical quantile with the rank of a conformal limit on the outer side."""
    n = len(ordered)
    if probability >= 0.5:
        rank = min(int(np.ceil((n + 1) * probability)), n)
        return float(ordered[rank - 1])
    return -_conformal(-ordered[::-1], 1 - probability)


def _predictors(size: np.ndarray, unrest: np.ndarray) -> np.ndarray:
    restless = np.log(np.minimum(np.maximum(unrest, LEAST_UNREST), MOST_UNREST) / TYPICAL_UNREST)
    return np.column_stack([np.ones(len(size)), np.log(size / TYPICAL_SIZE), restless])


def _combined(x: np.ndarray, slopes: np.ndarray) -> np.ndarray:
    """Predictors times slopes, column by column: the same bits on any number of threads."""
    found = x[:, 0] * slopes[0]
    for column, slope in zip(x.T[1:], slopes[1:], strict=True):
        found += column * slope
    return found


def _log_linear(x: np.ndarray, error: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Slopes of log E(error) on the predictors (gamma regression by Fisher's scores), extremes limited.

    A ridge keeps slopes on which little is known near what is expected: no effect of size and unrest, the usual
    power of the lead.
    """
    expected = np.array([0.0, 0.0, 0.0, USUAL_POWER])
    ridge = RIDGE * np.diag(np.minimum(np.arange(x.shape[1]), 1.0))
    columns = np.ascontiguousarray(x.T)
    information = np.array([(columns * (weight * column)).sum(axis=1) for column in columns]) + ridge
    slopes = expected.copy()
    slopes[0] = np.log(max(np.average(error, weights=weight), LEAST_TYPICAL))
    for _ in range(STEPS):
        relative = error / np.exp(_combined(x, slopes))
        relative = np.minimum(relative, np.quantile(relative, 1 - EXTREME))
        score = (columns * (weight * (relative - 1))).sum(axis=1) - np.diag(ridge) * (slopes - expected)
        step = solve(information, score)
        slopes = slopes + step / max(1.0, abs(step).max())
        if abs(step).max() < ENOUGH:
            break
    return slopes
