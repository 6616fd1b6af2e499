"""Net migration from stocks alone: what is left of a cohort after deaths.

A cohort that should number E after the deaths of k years and numbers O has gained or lost by migration
(and by change of nationality, which stocks by nationality cannot separate). Two steps:

1. City: the log ratio of each cohort is the sum of k annual log growth factors by age reached; they are
   recovered by weighted least squares with a penalty on their second differences, all periods at once.
2. Areas: each cohort's excess over the city is spread over the ages it passed, pooled over five years of
   age and shrunk with w = N/(N + k): few persons, little weight.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zwkprognose.arithmetic import exp, log, power, solve, total
from zwkprognose.rates.mortality.year_end import scale
from zwkprognose.rates.shrinkage import each_type, on_types, ratio
from zwkprognose.rates.stocks import Stocks, survivors
from zwkprognose.rates.weights import Outliers, usual_years

#: Ages pooled on either side when an area's deviation from the city is estimated.
POOLED_AGES = 2
#: Length of period for which the shrinkage constant (persons) is stated.
SHRINKAGE_YEARS = 5
#: Persons added to both sides of a city cohort ratio, so that an empty cohort says "no migration".
CITY_PRIOR = 5.0
#: A city's cohort ratio is never known better than this (corrections of the register, graduation).
RATIO_ERROR = 0.1
#: Penalty on squared second differences of annual log growth by age, for single years; it grows with the
#: fourth power of the width of age groups, so that the smoothing spans about half a group.
ROUGHNESS = 16.0


@dataclass(frozen=True)
class Period:
    """Two stocks and the weight of the years between them."""

    start: int
    end: int
    weight: float = 1.0

    @property
    def years(self) -> int:
        """Length in years."""
        return self.end - self.start


@dataclass(frozen=True)
class NetMigration:
    """Annual net migration per survivor, by age reached at the end of the year.

    Attributes
    ----------
    rate : np.ndarray [area, nationality, sex, age], per year
        Larger than −1 by construction.
    weight : np.ndarray [area, nationality, sex, age]
        Weight of the area's own cohorts, 0 … 1.
    exposure : np.ndarray [area, nationality, sex, age], person-years
        Exposure behind the area's own figure.
    city : np.ndarray [nationality, sex, age], per year
        Rate of the whole city.
    """

    rate: np.ndarray
    weight: np.ndarray
    exposure: np.ndarray
    city: np.ndarray

    @classmethod
    def none(cls, shape: tuple[int, ...]) -> NetMigration:
        """Nobody comes or goes."""
        zero = np.zeros(shape)
        return cls(zero, zero, zero, zero[0])


def cohort_residuals(
    stocks: Stocks,
    periods: list[Period],
    death_prob: np.ndarray,
    *,
    hazards: Sequence[np.ndarray] | None = None,
    shrinkage: float = 100.0,
    persistence: float = 0.6,
    outliers: Outliers = "keep",
    types: np.ndarray | None = None,
) -> NetMigration:
    """Estimate annual net migration by area, group, sex and age from the cohorts of several periods.

    Parameters
    ----------
    stocks : Stocks
    periods : list of Period
        Base periods; lengths may differ.
    death_prob : np.ndarray [area, nationality, sex, age] or broadcastable
        By age reached.
    hazards : sequence of np.ndarray [sex, age], optional
        Hazards in each period relative to those of ``death_prob``; the same in all unless given.
    shrinkage : float, persons
        k of w = N/(N + k) for a period of five years and five pooled ages, both sexes.
    persistence : float, 0 … 1
        Share of an area's growth relative to the city (all ages together) that is carried on.
    outliers : {"keep", "downweight"}
        Whether periods in which the city's migration was out of the ordinary count less.
    types : np.ndarray [area], optional
        Areas are drawn towards the mean of their type instead of the city's.
    """
    observed = [stocks.at(p.end) for p in periods]
    dying = [death_prob] * len(periods) if hazards is None else [scale(death_prob, level) for level in hazards]
    expected = [survivors(stocks.at(p.start), q, p.years) for p, q in zip(periods, dying, strict=True)]
    periods = usual_periods(periods, observed, expected, outliers)
    square = stocks.group_width * stocks.group_width
    roughness = ROUGHNESS * square * square
    city = city_growth(periods, [total(o, 0) for o in observed], [total(e, 0) for e in expected], roughness)
    growth = city[None] if types is None else type_growth(periods, observed, expected, city, shrinkage, types)
    surplus = area_surplus(periods, observed, expected, growth)
    factor, weight = area_factors(surplus, shrinkage, persistence)
    return NetMigration(factor * exp(growth) - 1, weight, surplus.exposure, exp(city) - 1)


def usual_periods(
    periods: list[Period], observed: list[np.ndarray], expected: list[np.ndarray], outliers: Outliers
) -> list[Period]:
    """Periods with less weight where the city's net migration per year was out of the ordinary."""
    # the cohorts born in a period have no start: compare the older ones only
    older = [[total(x[..., p.years :]) for x in both] for p, *both in zip(periods, observed, expected, strict=True)]
    yearly = np.array([(ratio(o, e) - 1) / p.years for p, (o, e) in zip(periods, older, strict=True)])
    weights = usual_years(yearly, outliers)
    return [replace(p, weight=p.weight * float(w)) for p, w in zip(periods, weights, strict=True)]


def type_growth(
    periods: list[Period],
    observed: list[np.ndarray],
    expected: list[np.ndarray],
    city: np.ndarray,
    shrinkage: float,
    types: np.ndarray,
) -> np.ndarray:
    """Annual log growth of the type of each area [area, nationality, sex, age]: types are shrunk like areas."""
    of_types, expected_of_types = ([each_type(x, types, axis=0) for x in arrays] for arrays in (observed, expected))
    factor, _ = area_factors(area_surplus(periods, of_types, expected_of_types, city[None]), shrinkage, persistence=1.0)
    return np.asarray(city + on_types(log(factor), types, axis=0))


def city_growth(
    periods: list[Period], observed: list[np.ndarray], expected: list[np.ndarray], roughness: float
) -> np.ndarray:
    """Annual log growth by migration [nationality, sex, age] that reproduces the city's cohort ratios."""
    ages = observed[0].shape[-1]
    right = np.zeros(observed[0].shape)
    left = right[..., None] + smoothing(ages, roughness)
    for period, o, e in zip(periods, observed, expected, strict=True):
        precision = period.weight / (1 / (e + CITY_PRIOR) + RATIO_ERROR * RATIO_ERROR)
        _add_squares(left, precision, period.years)
        right += ages_passed(precision * log((o + CITY_PRIOR) / (e + CITY_PRIOR)), period.years)
    growth = solve(left, right, width=max([2, *(p.years - 1 for p in periods)]))
    growth[..., 0] = growth[..., 1] / 2  # born during the year: half a year of exposure
    return np.asarray(growth)


def smoothing(ages: int, roughness: float) -> np.ndarray:
    """Matrix [age, age] of the penalty on second differences; age 0 is set from age 1 later, not smoothed."""
    penalty = np.zeros((ages, ages))
    penalty[0, 0] = 1.0
    bend = np.array([1.0, -2.0, 1.0])
    for age in range(1, ages - 2):
        penalty[age : age + 3, age : age + 3] += roughness * bend[:, None] * bend
    return penalty


def _add_squares(left: np.ndarray, precision: np.ndarray, years: int) -> None:
    """Add to the normal equations [..., age, age] that each cohort's log ratio is the sum over the ages it passed."""
    age = np.arange(precision.shape[-1])
    for apart in range(min(years, len(age))):
        # cohorts that passed an age and the one so many years above it
        both = ages_passed(precision, years, apart)[..., : len(age) - apart]
        younger, older = age[: len(age) - apart], age[apart:]
        left[..., younger, older] += both
        if apart:
            left[..., older, younger] += both


@dataclass(frozen=True)
class Surplus:
    """Persons above the city's cohorts [area, nationality, sex, age reached].

    Attributes
    ----------
    gained : np.ndarray, persons
        Observed minus usual survivors, each cohort spread evenly over the ages it passed.
    usual : np.ndarray, persons
        Survivors if the cohorts of the area had moved like the city's, spread in the same way.
    exposure : np.ndarray, person-years
        Years that the usual survivors lived at each age.
    """

    gained: np.ndarray
    usual: np.ndarray
    exposure: np.ndarray

    def summed(self, axes: tuple[int, ...]) -> Surplus:
        """The same for several axes together, which stay with length one."""
        return Surplus(*(total(a, axes, keepdims=True) for a in (self.gained, self.usual, self.exposure)))

    def pooled(self) -> Surplus:
        """The same for both sexes and five years of age together."""
        both = self.summed((2,))
        return Surplus(*(neighbours(a) for a in (both.gained, both.usual, both.exposure)))

    def years(self) -> np.ndarray:
        """Mean length of the periods behind each cell; that of all cells where nobody was expected, else one."""
        everybody = total(self.usual)
        mean = total(self.exposure) / everybody if everybody > 0 else 1.0
        return ratio(self.exposure, self.usual) + mean * (self.usual == 0)


def area_surplus(
    periods: list[Period], observed: list[np.ndarray], expected: list[np.ndarray], growth: np.ndarray
) -> Surplus:
    """Sum the surplus of every area over the periods; ``growth`` is that of the city or of the area's type."""
    gained, lived, exposure = (np.zeros(observed[0].shape) for _ in range(3))
    for period, o, e in zip(periods, observed, expected, strict=True):
        usual = e * exp(along_cohorts(growth, period.years))
        usual *= ratio(total(o, 0), total(usual, 0))
        yearly = period.weight / period.years
        years = ages_passed(usual, period.years)
        gained += yearly * ages_passed(o - usual, period.years)
        lived += yearly * years
        exposure += period.weight * years
    return Surplus(gained, lived, exposure)


def area_factors(surplus: Surplus, shrinkage: float, persistence: float) -> tuple[np.ndarray, np.ndarray]:
    """Annual growth of an area's cohorts relative to the city's, and the weight of its own age pattern.

    The level over all ages keeps only the share ``persistence`` of what was seen (a boom seldom goes on);
    the pattern by age keeps the share N/(N + k). Both factors are positive, so a net rate stays above −1.
    Persons gained are set against the mean of the period, not its start: a quarter built on a field grew by
    people per year, not by a multiple of nobody.
    """
    prior = shrinkage * SHRINKAGE_YEARS
    overall, pooled = surplus.summed((2, 3)), surplus.pooled()
    shrunk = overall.usual + prior / overall.years()
    level = 1 + overall.gained / shrunk
    yearly = overall.gained / (shrunk + overall.gained / 2) / overall.years()
    own = 1 + ratio(pooled.gained, pooled.usual)
    weight = pooled.exposure / (pooled.exposure + prior)
    factor = exp(persistence * yearly) * power(1 + weight * (own / level - 1), 1 / pooled.years())
    factor = np.broadcast_to(factor, surplus.exposure.shape)
    exposed = total(surplus.exposure, 0)
    factor = factor * ratio(exposed, total(surplus.exposure * factor, 0))
    factor = np.where(exposed > 0, factor, 1.0)
    factor[..., 0] = np.sqrt(factor[..., 1])
    return factor, np.broadcast_to(weight, factor.shape)


def ages_passed(cohorts: np.ndarray, years: int, least: int = 0) -> np.ndarray:
    """Sum over the cohorts [..., age at the end] that reached each age [..., age] in the last ``years`` years.

    Age x is passed by the cohorts that end at x, x + 1 … x + years − 1; those not yet born at the start are left out,
    and, with ``least``, those that end less than so many years above x.
    """
    ages, passed = cohorts.shape[-1], np.zeros_like(cohorts)
    for later in range(least, years):
        passed[..., max(years - later, 0) : ages - later] += cohorts[..., years:]
    return passed


def along_cohorts(rates: np.ndarray, years: int) -> np.ndarray:
    """Sum of annual rates [..., age reached] over the ages a cohort passed [..., age at the end]; 0 for the unborn."""
    summed = rates.copy()
    for earlier in range(1, min(years, rates.shape[-1])):
        summed[..., earlier:] += rates[..., :-earlier]
    summed[..., :years] = 0.0
    return summed


def neighbours(values: np.ndarray) -> np.ndarray:
    """Sum over the ages [..., age] that are pooled: up to two years younger or older."""
    ages = values.shape[-1]
    pooled = np.zeros_like(values)
    for apart in range(-min(POOLED_AGES, ages - 1), min(POOLED_AGES, ages - 1) + 1):
        pooled[..., max(-apart, 0) : ages - max(apart, 0)] += values[..., max(apart, 0) : ages - max(-apart, 0)]
    return pooled
