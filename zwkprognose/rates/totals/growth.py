"""Growth of areas: the city's trend, and what an area adds to it."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from zwkprognose.arithmetic import log, mean, power, total
from zwkprognose.rates.totals.past import Past
from zwkprognose.rates.weights import MAD_TO_SD

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
#: The same of what sets an area apart from its city: it has been seen to last less long.
OWN_DAMPING = 0.93
#: Robust standard deviations from the median beyond which the growth of a city in a year is a shock, and the periods
#: that must be known for that.
SHOCK, LEAST_PERIODS = 2.5, 5
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
    return _lasting(float(growth))


def calm_trend(past: Past) -> float:
    """The same without shock years; with all of them if none but shocks are left."""
    starts, shocks = past.base_years(longest=CITY_BASE_YEARS), set(shock_years(past))
    ends = [y for y in past.years if y > starts[0]]
    known = [(a, b) for a, b in pairwise([starts[0], *ends]) if shocks.isdisjoint(range(a + 1, b + 1))]
    if not known:
        return city_trend(past)
    # a year counts in the mean over all base periods as often as it lies in one, in each by its share of it
    weight = np.array([(b - a) * sum(1 / (past.launch - y) for y in starts if y <= a) for a, b in known])
    yearly = np.array([_yearly(past, a, b) for a, b in known])
    return _lasting(float(total(weight * yearly) / total(weight)))


def shock_years(past: Past) -> list[int]:
    """Years in which the city grew or shrank as it otherwise does not.

    Its growth was more than 2.5 robust standard deviations from the median of all years known. Of years between stocks
    that lie further apart each counts like all of them; fewer than five periods tell nothing.

    Examples
    --------
    >>> calm = [100_000, 100_500, 101_100, 101_500, 102_200, 108_000, 108_500]
    >>> shock_years(Past(tuple(range(2010, 2017)), np.array(calm, dtype=float)[:, None]))
    [2015]
    """
    growth = np.array([_yearly(past, a, b) for a, b in pairwise(past.years)])
    if len(growth) < LEAST_PERIODS:
        return []
    apart = abs(growth - np.median(growth))
    shocks = apart > SHOCK * MAD_TO_SD * np.median(apart)
    periods = [pair for pair, shock in zip(pairwise(past.years), shocks, strict=True) if shock]
    return [year for a, b in periods for year in range(a + 1, b + 1)]


def _yearly(past: Past, start: int, end: int) -> float:
    """Annual log growth of the city between two known years."""
    return float(log(total(past.at(end)) / total(past.at(start))) / (end - start))


def _lasting(growth: float) -> float:
    """As much of the city's growth as lasts."""
    relative = growth / FASTEST_LASTING
    return float(growth / np.sqrt(1 + relative * relative))


def lasting_years(ahead: np.ndarray, damping: float = DAMPING) -> np.ndarray:
    """Years of undiminished growth that so many years bring: five in full, then each year less than the one before.

    Parameters
    ----------
    ahead : np.ndarray, years
    damping : float
        What a year brings of the growth of the year before, below 1.
    """
    beyond = np.maximum(ahead - LASTING_YEARS, 0.0)
    return np.asarray(np.minimum(ahead, LASTING_YEARS) + damping * (1 - power(damping, beyond)) / (1 - damping))


def informative(past: Past, *years: int) -> np.ndarray:
    """Areas that were large enough in all of these years [area], bool; all areas if there are too few."""
    large = np.all([past.at(y) >= SMALLEST_AREA for y in years], axis=0)
    present = np.all([past.at(y) > 0 for y in years], axis=0)
    return large if np.count_nonzero(large) >= 3 else present
