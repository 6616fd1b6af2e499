"""Better targets and weights for cohort ratios: by age, and by type of area.

Students come and go by the quarter, the old stay everywhere: how much an area's own ratio is worth depends
on the age. And before an area is compared with the city it is compared with areas of its own age structure.
"""

from __future__ import annotations

import numpy as np

from zwkprognose.evaluation.cohorts import city_ratios, observed_cohorts
from zwkprognose.evaluation.history import History
from zwkprognose.evaluation.ratios import quotient
from zwkprognose.rates.totals.growth import informative

#: Share of the true variance between areas that is still there one step later.
LASTING_VARIANCE = 0.5
#: Smallest true variance of a ratio that is believed.
LEAST_VARIANCE = 1e-6
#: Size beyond which deviations count only as that size: so many times the usual one.
USUAL_DEVIATIONS = 3.0
#: Ridge penalty on age shares, in units of one standard deviation.
RIDGE = 1.0
#: Ratios by type are at least this share of the city's.
LEAST_SHARE = 0.05


def ratios_by_type(history: History) -> np.ndarray:
    """Ratios expected from the age structure at the start of the base period [area, sex, group − 1].

    A ridge regression of the observed ratios on the age shares, each area weighted with its cohort.
    """
    before, after = observed_cohorts(history)
    city = city_ratios(history)
    large = _large(history)
    shares = _standardised(_start_shares(history), large)
    deviation = quotient(after, before, city) - city
    usual = USUAL_DEVIATIONS * np.quantile(abs(deviation[large]), 0.8, axis=0)
    deviation = np.minimum(np.maximum(deviation, -usual), usual)
    fitted = np.empty(city.shape)
    for sex, group in np.ndindex(*city.shape[1:]):
        weight = before[:, sex, group] * large
        fitted[:, sex, group] = _ridge(shares, deviation[:, sex, group], weight)
    return np.maximum(city + fitted, LEAST_SHARE * city)


def shrinkage_by_age(target: np.ndarray, history: History) -> np.ndarray:
    """Persons k that the target is worth, by sex and group: noise over lasting true variance.

    k = μ/(λA) with μ the city's ratio, A the variance of the areas' ratios around the target beyond chance
    (method of moments, extreme areas limited), and λ the share of A that lasts.
    """
    before, after = observed_cohorts(history)
    rows = _large(history)
    before, after, target = before[rows], after[rows], target[rows]
    mean = quotient(after.sum(0), before.sum(0), 1.0)
    score = (quotient(after, before, target) - target) * np.sqrt(before)
    usual = USUAL_DEVIATIONS * np.quantile(abs(score), 0.6827, axis=0)
    score = np.minimum(np.maximum(score, -usual), usual)
    exposure = np.maximum(before.sum(0), 1.0)
    variance = (score**2).sum(0) / exposure - mean * len(before) / exposure
    return np.asarray(mean / (LASTING_VARIANCE * np.maximum(variance, LEAST_VARIANCE)))


def _large(history: History) -> np.ndarray:
    return informative(history.past, history.years[-1])


def _start_shares(history: History) -> np.ndarray:
    past = history.past
    assert past.shares is not None
    wanted = history.years[-1] - history.width
    nearest = min(range(len(past.years)), key=lambda i: abs(past.years[i] - wanted))
    return np.asarray(past.shares[nearest])


def _standardised(shares: np.ndarray, rows: np.ndarray) -> np.ndarray:
    spread = shares[rows].std(axis=0)
    return (shares - shares[rows].mean(axis=0)) / np.where(spread > 0, spread, 1.0)


def _ridge(x: np.ndarray, y: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Fitted values; zero where nobody carries weight."""
    if weight.sum() == 0:
        return np.zeros(len(y))
    weight = weight / weight.sum()
    x = x - weight @ x
    left = (x * weight[:, None]).T @ x + RIDGE * np.eye(x.shape[1])
    return np.asarray(x @ np.linalg.solve(left, (x * weight[:, None]).T @ y))
