"""Rules for area totals as named functions: the references that a model has to beat, and the default.

Every rule takes the past and the years wanted and returns persons [year, area]. None of them looks at a
total of the city; :func:`zwkprognose.rates.totals.control.to_eckwert` does that afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from zwkprognose.arithmetic import exp, log, power, total
from zwkprognose.rates.totals.growth import (
    OWN_DAMPING,
    calm_trend,
    city_trend,
    deviation,
    informative,
    lasting_years,
    own_trend,
    usual,
)
from zwkprognose.rates.totals.past import Past
from zwkprognose.rates.totals.persistence import PRIOR_AREAS, persistence
from zwkprognose.rates.totals.types import type_growth

#: Share of an area's deviation from its city that usually goes on.
USUAL_SHARE = 0.25
#: Annual log growth apart from the city beyond which an area was built or cleared.
MOST_DEVIATION = 0.05

Rule = Callable[[Past, Sequence[int]], np.ndarray]


def unchanged(past: Past, years: Sequence[int]) -> np.ndarray:
    """The last known total, for ever; under an Eckwert the constant share of population (CSP)."""
    return np.broadcast_to(past.last, (len(years), past.last.size)).copy()


def linear(past: Past, years: Sequence[int]) -> np.ndarray:
    """The average annual change of the base period goes on (LIN)."""
    start = past.base_year()
    change = (past.last - past.at(start)) / (past.launch - start)
    return past.last + _ahead(past, years) * change


def exponential(past: Past, years: Sequence[int]) -> np.ndarray:
    """The average growth factor of the base period goes on (EXP); an area empty at its start stays as it is."""
    start = past.base_year()
    before = past.at(start)
    quotient = np.divide(past.last, before, out=np.ones(before.shape), where=before > 0)
    return past.last * power(quotient, _ahead(past, years) / (past.launch - start))


def linear_exponential(past: Past, years: Sequence[int]) -> np.ndarray:
    """Growing areas linearly, shrinking ones exponentially (LIN/EXP), so that none falls below zero."""
    growing = past.last > past.at(past.base_year())
    return np.where(growing, linear(past, years), exponential(past, years))


def average(past: Past, years: Sequence[int]) -> np.ndarray:
    """Mean of unchanged and LIN/EXP (AVG)."""
    return (unchanged(past, years) + linear_exponential(past, years)) / 2


def trend_shares(past: Past, years: Sequence[int], *, city: float = 1.0, own: float = 0.25) -> np.ndarray:
    """The city's trend, and a quarter of what the area's trend differs from it (α = 1, β = ¼).

    P·exp(h·(α·c + β·d)) with the city's annual log growth c and the area's deviation d in the base period.
    """
    now, start = past.last, past.base_year()
    before, years_back = past.at(start), past.launch - start
    c = log(total(now) / total(before)) / years_back
    known = (before > 0) & (now > 0)
    d = log(np.divide(now, before, out=np.ones(now.shape), where=known)) / years_back - np.where(known, c, 0.0)
    return now * exp(_ahead(past, years) * (city * c + own * d))


def shrunk(past: Past, years: Sequence[int]) -> np.ndarray:
    """The default: the city's trend, plus as much of the area's growth as may be expected to last.

    All of it fades after five years, what sets an area apart sooner than the growth of the city. Every area is forecast
    on its own: without an Eckwert the city is what its areas add up to.
    """
    return _carried_on(past, years, city_trend(past))


def calm(past: Past, years: Sequence[int]) -> np.ndarray:
    """The default without shock years in the city's trend; for who knows that they will not come again."""
    return _carried_on(past, years, calm_trend(past))


def _carried_on(past: Past, years: Sequence[int], city: float) -> np.ndarray:
    ahead = _ahead(past, years)
    return past.last * exp(lasting_years(ahead) * city + lasting_years(ahead, OWN_DAMPING) * area_growth(past))


def area_growth(past: Past) -> np.ndarray:
    """Annual log growth of each area relative to the city [area], before it is damped: two forecasts, weighed.

    One goes by what has been seen to last in this city, the other by what usually does. What n areas have shown counts
    n/(n + 30): neither forecast is the better one in every city, and few areas tell little of theirs.
    """
    areas = int(np.count_nonzero(informative(past, past.launch)))
    weight = areas / (areas + PRIOR_AREAS)
    return weight * learned_growth(past) + (1 - weight) * usual_growth(past)


def learned_growth(past: Past) -> np.ndarray:
    """What has been seen to last: the part of a deviation that areas of this age structure showed, and the rest.

    Of either goes on the share that lasted within the known past (:mod:`persistence`).
    """
    own, by_type = persistence(past)
    trend, large = own_trend(past), informative(past, past.launch)
    fitted, expected = type_growth(past, past.base_year())
    return np.asarray(own * (usual(trend, trend[large]) - fitted) + by_type * expected)


def usual_growth(past: Past) -> np.ndarray:
    """A quarter of the deviation in the last five years, whatever the past says of its kind; none of what was built."""
    trend = deviation(past, past.base_year(), past.launch)
    return USUAL_SHARE * np.minimum(np.maximum(trend, -MOST_DEVIATION), MOST_DEVIATION)


def _ahead(past: Past, years: Sequence[int]) -> np.ndarray:
    """Years from the last known one [year, 1]."""
    return (np.asarray(years, dtype=float) - past.launch)[:, None]


#: All rules by name.
RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "unchanged": unchanged,
        "linear": linear,
        "exponential": exponential,
        "linear_exponential": linear_exponential,
        "average": average,
        "trend_shares": trend_shares,
        "shrunk": shrunk,
        "calm": calm,
    }
)
