"""Rules for area totals as named functions: the references that a model has to beat, and the default.

Every rule takes the past and the years wanted and returns persons [year, area]. None of them looks at a
total of the city; :func:`zwkprognose.rates.totals.control.to_eckwert` does that afterwards.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import numpy as np

from zwkprognose.arithmetic import exp, log, power, total
from zwkprognose.rates.totals.growth import city_trend, informative, lasting_years, own_trend, usual
from zwkprognose.rates.totals.past import Past
from zwkprognose.rates.totals.persistence import persistence
from zwkprognose.rates.totals.types import type_growth

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
    """The default: the city's trend, plus as much of the area's growth as has been seen to last.

    An area's deviation from the city is split into what areas of its age structure did (type) and its own
    rest; of either goes on the share that lasted within the known past (:mod:`persistence`). All of it fades after
    five years. Every area is forecast on its own: without an Eckwert the city is what its areas add up to.
    """
    return past.last * exp(lasting_years(_ahead(past, years)) * (city_trend(past) + area_growth(past)))


def area_growth(past: Past) -> np.ndarray:
    """Annual log growth of each area relative to the city that has been seen to last [area], before it is damped."""
    own, by_type = persistence(past)
    trend, large = own_trend(past), informative(past, past.launch)
    fitted, expected = type_growth(past, past.base_year())
    return np.asarray(own * (usual(trend, trend[large]) - fitted) + by_type * expected)


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
    }
)
