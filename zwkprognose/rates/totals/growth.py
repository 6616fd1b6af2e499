"""Growth of areas: the city's trend, and what an area adds to it."""

from __future__ import annotations

import numpy as np

from zwkprognose.arithmetic import log, mean, power, total
from zwkprognose.rates.totals.past import Past

#: Smaller areas neither inform an estimate nor the scale of what is usual.
SMALLEST_AREA = 1000
#: Robust standard deviations beyond which growth counts only as growth of that size.
USUAL_RANGE = 6.0
#: Shortest and longest base period of an area's own trend, in years.
TREND_BASES = (3, 10)
#: Longest base period of the city's trend, in years.
CITY_BASE_YEARS = 7
#: Annual log growth that a city's trend comes near to but never passes: the faster the growth, the less of it lasts.
FASTEST_LASTING = 0.01
#: Years for which growth has been seen to last as it is carried on; beyond them each year brings less.
LASTING_YEARS = 5
#: What each year after those brings of the growth of the year before.
DAMPING = 0.96
#: Interquartile range of a normal distribution in standard deviations.
IQR_OF_NORMAL = 1.349


def log_growth(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Log growth of each area [area]; an area that is empty at either end carries no information: 0."""
    known = (start > 0) & (end > 0)
    quotient = np.divide(end, start, out=np.ones(start.shape), where=known)
    return log(quotient)


def deviation(past: Past, start: int, end: int) -> np.ndarray:
    """Annual log growth of each area less that of the city between two known years [area]."""
    a, b = past.at(start), past.at(end)
    return (log_growth(a, b) - log(total(b) / total(a))) / (end - start)


def usual(values: np.ndarray, reference: np.ndarray) -> np.ndarray:
    """Values moved to the limit of the usual range: median ± six robust standard deviations of the reference.

    A settlement that doubles because a quarter was built does not double again.
    """
    low, median, high = np.quantile(reference, [0.25, 0.5, 0.75])
    reach = USUAL_RANGE * (high - low) / IQR_OF_NORMAL
    return np.asarray(np.minimum(np.maximum(values, median - reach), median + reach))


def own_trend(past: Past) -> np.ndarray:
    """Annual growth of each area relative to the city [area], averaged over base periods of 3 to 10 years."""
    shortest, longest = TREND_BASES
    starts = [y for y in past.years if shortest <= past.launch - y <= longest] or [past.base_year()]
    return mean([deviation(past, y, past.launch) for y in starts], 0)


def city_trend(past: Past) -> float:
    """Annual log growth of the city to be expected, before it is damped: c/√(1 + (c/m)²).

    c is the mean over all base periods of one to seven years, so that recent years weigh more; m is the growth that
    lasts at most. Of slow growth nearly everything is carried on, of a boom little.
    """
    now = total(past.last)
    growth = mean([log(now / total(past.at(y))) / (past.launch - y) for y in past.base_years(longest=CITY_BASE_YEARS)])
    relative = growth / FASTEST_LASTING
    return float(growth / np.sqrt(1 + relative * relative))


def lasting_years(ahead: np.ndarray) -> np.ndarray:
    """Years of undiminished growth that so many years bring: five in full, then each year less than the one before.

    Parameters
    ----------
    ahead : np.ndarray, years
    """
    beyond = np.maximum(ahead - LASTING_YEARS, 0.0)
    return np.asarray(np.minimum(ahead, LASTING_YEARS) + DAMPING * (1 - power(DAMPING, beyond)) / (1 - DAMPING))


def informative(past: Past, *years: int) -> np.ndarray:
    """Areas that were large enough in all of these years [area], bool; all areas if there are too few."""
    large = np.all([past.at(y) >= SMALLEST_AREA for y in years], axis=0)
    present = np.all([past.at(y) > 0 for y in years], axis=0)
    return large if np.count_nonzero(large) >= 3 else present
