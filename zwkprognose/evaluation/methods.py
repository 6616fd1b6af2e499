"""Methods and references under one interface: what was known in, persons by area and age out.

A method is a rule for the totals of the areas and a rule for their ages; ages are scaled to the totals.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

import numpy as np

from zwkprognose.evaluation.children import children_of_city, children_shrunk, children_with_trend
from zwkprognose.evaluation.cohorts import city_ratios, hamilton_perry, project_ages
from zwkprognose.evaluation.history import History
from zwkprognose.evaluation.ratio_types import ratios_by_type, shrinkage_by_age
from zwkprognose.evaluation.ratios import quotient
from zwkprognose.rates.totals.control import to_eckwert
from zwkprognose.rates.totals.estimate import forecast_totals

#: (history, number of steps) → stocks after 0, 1 … steps [step, area, sex, group].
AgeRule = Callable[[History, int], np.ndarray]


@dataclass(frozen=True, eq=False)
class Forecast:
    """Persons of the areas in the years wanted: totals [year, area] and, where known, by age.

    ``ages`` is [year, area, sex, group] and adds up to ``totals``, or None.
    """

    totals: np.ndarray
    ages: np.ndarray | None = None


#: (what was known, years wanted, Eckwert [year] or None) → forecast.
Forecaster = Callable[[History, Sequence[int], "np.ndarray | None"], Forecast]


@dataclass(frozen=True)
class Method:
    """A rule for totals and one for ages.

    Attributes
    ----------
    totals : str or None
        Name of a rule of :data:`zwkprognose.rates.totals.RULES`, or ``variable_share``; None takes the
        totals that the cohorts add up to.
    ages : AgeRule or None
        None keeps the age structure of the launch.
    """

    totals: str | None
    ages: AgeRule | None = None

    def __call__(self, history: History, years: Sequence[int], eckwert: np.ndarray | None) -> Forecast:
        """Forecast the years wanted."""
        structure = None if history.persons is None else self._structure(history, years)
        if self.totals is not None:
            totals = forecast_totals(history.past, years, self.totals, eckwert)
        elif structure is None:
            history.ages()  # raises: cohorts need ages
            raise AssertionError
        else:
            totals = structure.sum((2, 3))
            totals = totals if eckwert is None else to_eckwert(totals, eckwert)
        return Forecast(totals, None if structure is None else _scaled(structure, totals))

    def _structure(self, history: History, years: Sequence[int]) -> np.ndarray:
        ahead = np.asarray(years, dtype=float) - history.years[-1]
        if self.ages is None:
            return np.broadcast_to(history.ages(), (len(ahead), *history.ages().shape))
        steps = int(np.ceil(ahead.max() / history.width))
        return between_steps(self.ages(history, steps), ahead / history.width)


def between_steps(stocks: np.ndarray, position: np.ndarray) -> np.ndarray:
    """Stocks at positions between the steps, on straight lines."""
    left = np.minimum(np.floor(position).astype(int), len(stocks) - 2)
    share = (position - left)[:, None, None, None]
    return np.asarray((1 - share) * stocks[left] + share * stocks[left + 1])


def _scaled(structure: np.ndarray, totals: np.ndarray) -> np.ndarray:
    return np.asarray(structure * quotient(totals, structure.sum((2, 3)), 0.0)[..., None, None])


def worth(persons: float) -> Callable[[np.ndarray, History], float]:
    """The same number of persons k for every age."""
    return lambda target, history: persons


RAW = hamilton_perry(worth(0.0))
EB = hamilton_perry(worth(100.0), children=children_shrunk)
BY_TYPE = hamilton_perry(shrinkage_by_age, ratios_by_type, children_with_trend)


def pooled(history: History, steps: int) -> np.ndarray:
    """Hamilton–Perry with the ratios of the city in every area."""
    return project_ages(history, steps, city_ratios(history), children_of_city)


#: References by name; the last is the fastest good method, on groups of ages alone.
METHODS: Mapping[str, Method] = MappingProxyType(
    {
        "unchanged": Method("unchanged"),
        "linear": Method("linear"),
        "exponential": Method("exponential"),
        "linear_exponential": Method("linear_exponential"),
        "variable_share": Method("variable_share"),
        "average": Method("average"),
        "hamilton_perry": Method(None, RAW),
        "hamilton_perry_pooled": Method(None, pooled),
        "hamilton_perry_eb": Method(None, EB),
        "composite": Method("average", EB),
        "trend_shares": Method("trend_shares"),
        "cohort_types": Method("shrunk", BY_TYPE),
    }
)
