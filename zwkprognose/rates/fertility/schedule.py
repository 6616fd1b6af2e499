"""Births per woman: the schedule by age reached in the year of birth, who is exposed, and who was born.

Stocks hold no births, but they hold the children: those of age 0 … m−1 are taken back to their births (deaths and
net migration undone). The schedule follows the year of birth method, as the engine needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zwkprognose.arithmetic import total
from zwkprognose.rates.shrinkage import Levels
from zwkprognose.rates.stocks import Stocks, reached

#: Youngest ages whose births are reconstructed: one five-year group, the usual detail of open data.
CHILD_AGES = 5


@dataclass(frozen=True)
class Fertility:
    """Births per woman and year [area, nationality, age], level per area, and children's groups."""

    rate: np.ndarray
    levels: Levels
    group_share: np.ndarray


def schedule_on(ages: int, first_age: int, schedule: np.ndarray) -> np.ndarray:
    """A schedule that starts at ``first_age`` on the ages 0 … ``ages``−1 of the population."""
    out = np.zeros(ages)
    out[first_age : first_age + len(schedule)] = schedule
    return out


def women_exposed(stocks: Stocks, years: list[int]) -> np.ndarray:
    """Women-years ½(J + P) by age reached [year, area, nationality, age]."""
    women = {y: stocks.at(y)[:, :, stocks.female] for y in {y + d for y in years for d in (-1, 0)}}
    return np.stack([(reached(women[y - 1]) + women[y]) / 2 for y in years])


def expected_births(stocks: Stocks, years: list[int], schedule: np.ndarray) -> np.ndarray:
    """Births of each year under a schedule [age] or [nationality, age]: [year, area, mother's nationality]."""
    return total(women_exposed(stocks, years) * schedule, -1)


def implied_births(stocks: Stocks, years: list[int], death_prob: np.ndarray, net: np.ndarray) -> np.ndarray:
    """Births behind the children of the last stock [area, child's nationality], summed over the years."""
    kept = np.cumprod((1 - death_prob) * (1 + net), axis=-1)
    return total((stocks.persons[-1] / kept)[..., : len(years)], (2, 3))


def child_years(stocks: Stocks) -> list[int]:
    """Years in which the youngest children of the last stock were born, as far as stocks reach back."""
    last = stocks.years[-1]
    return list(range(max(stocks.years[0], last - CHILD_AGES) + 1, last + 1))
