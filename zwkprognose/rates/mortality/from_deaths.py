"""Mortality from deaths: a city schedule bent to its own deaths by age, and levels by area.

By age: TOPALS with ridge on the national table, sex by sex. By area: standardised mortality ratio with empirical
Bayes. Where deaths are not split by age, the national schedule takes the place of the city's.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import exp, log, total
from zwkprognose.errors import RatesError
from zwkprognose.names import SEXES
from zwkprognose.rates.base import Base
from zwkprognose.rates.events import age_basis, area_events, by_age_reached, has_events, splits, weighted, yearly_events
from zwkprognose.rates.mortality import Mortality
from zwkprognose.rates.mortality.topals import fit_topals
from zwkprognose.rates.mortality.year_end import INFANT_A0, central, death_exposure, expected_deaths, probability, scale
from zwkprognose.rates.shrinkage import Levels, empirical_bayes, ratio

#: First ages of the bands in which deaths are held against the persons there are.
DEATH_BANDS = (0, 30, 50, 65, 80)
#: Deaths of a band that people who came and died between two stocks explain.
LEFT_OPEN = 5.0

NOTE = "Sterbetafel {mortality_period} für Deutschland im Niveau an die eigenen Sterbefälle angepasst"


def usable(inputs: xr.Dataset) -> bool:
    """Whether deaths are known and can be set against a population before and after."""
    return has_events(inputs, "deaths") and inputs.sizes["year_end"] > 1


def estimate(inputs: xr.Dataset, base: Base) -> Mortality:
    """Estimate death probabilities from the deaths of the base period.

    Parameters
    ----------
    inputs : xr.Dataset
        With ``deaths``, by area if areas shall differ, by sex and age if the city's schedule shall be its own.
    base : Base
    """
    by_age = splits(inputs, "deaths", ("sex", "age"))
    standard = city_schedule(inputs, base) if by_age else base.death_prob
    size = total(expected_deaths(base.stocks, base.years, standard), 0)
    deaths = area_events(inputs, "deaths", base, size)
    expected = weighted(expected_deaths(base.stocks, deaths.years, standard), deaths.weight)
    levels = empirical_bayes(deaths.total(), expected, base.types["mortality"])
    level = levels.level * calibration(base, deaths.years, deaths.weight, standard, levels)
    year = total(np.array(deaths.years) * deaths.weight) / total(deaths.weight)
    return Mortality(scale(standard, level[:, None, None, None]), levels, float(year))


def city_schedule(inputs: xr.Dataset, base: Base) -> np.ndarray:
    """The national table bent to the city's deaths by sex and age [1, 1, sex, age]."""
    deaths = yearly_events(inputs, "deaths", base, ("sex", "age"))
    observed = by_age_reached(deaths.total(), age_basis(inputs, "deaths"), 1 - INFANT_A0)
    exposure = weighted(total(death_exposure(base.stocks, deaths.years), (1, 2)), deaths.weight)
    _check_there_are_as_many(observed, exposure)
    national = base.death_prob[0, 0]
    rates = central(national)
    fits = [fit_topals(o, e, log(r)) for o, e, r in zip(observed, exposure, rates, strict=True)]
    return probability(exp(np.stack([fit.log_rates for fit in fits])))[None, None]


def _check_there_are_as_many(deaths: np.ndarray, lived: np.ndarray) -> None:
    """Refuse deaths [sex, age] of more than everybody: who dies halfway through a year has lived half of it."""
    ends = (*DEATH_BANDS[1:], deaths.shape[-1])
    cells = []
    for sex, (first, end) in product(range(len(deaths)), zip(DEATH_BANDS, ends, strict=True)):
        died, years = (float(total(each[sex, first:end])) for each in (deaths, lived))
        if died > 2 * years + LEFT_OPEN:
            cells.append(
                {"sex": SEXES[sex], "age": f"ab {first}", "Sterbefälle": round(died), "gelebte Jahre": round(years)}
            )
    if cells:
        raise RatesError(
            "Es sterben mehr Personen, als in der Stadt leben.",
            cells=cells,
            remedy="Zählen Bestand und Sterbefälle dieselben Personen? Sonst die Sterbefälle weglassen oder "
            'mortality="national" wählen.',
        )


def calibration(base: Base, years: list[int], weight: np.ndarray, standard: np.ndarray, levels: Levels) -> np.ndarray:
    """Factor on the hazard with which the city's expected deaths equal the observed ones [1].

    Scaling the hazard instead of the probability keeps probabilities below one and moves the sum a little;
    two rounds bring it back.
    """
    factor = np.ones(1)
    for _ in range(3):
        scaled = scale(standard, (levels.level * factor)[:, None, None, None])
        expected = weighted(expected_deaths(base.stocks, years, scaled), weight)
        factor = factor * ratio(total(levels.observed, keepdims=True), total(expected, keepdims=True))
    return factor
