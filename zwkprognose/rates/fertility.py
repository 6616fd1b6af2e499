"""Fertility by area: the national schedule at the level that the area's youngest children imply.

Stocks hold no births, but they hold the children. Children of age 0 … m−1 are taken back to their
births (deaths and net migration undone) and compared with the births that the national schedule
expects from the women who lived there in those years. The ratio, shrunk towards the city, is the level.
The schedule is by age reached in the year of birth (year of birth method), as the engine needs it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zwkprognose.arithmetic import total
from zwkprognose.rates.birth_groups import child_groups
from zwkprognose.rates.levels import Levels, empirical_bayes
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


def from_children(
    stocks: Stocks,
    schedule: np.ndarray,
    death_prob: np.ndarray,
    net: np.ndarray,
    types: np.ndarray | None = None,
) -> Fertility:
    """Estimate fertility from the youngest children of the last stock.

    Parameters
    ----------
    stocks : Stocks
    schedule : np.ndarray [age], births per woman and year
        Standard schedule by age reached.
    death_prob, net : np.ndarray [area, nationality, sex, age]
        By age reached; ``net`` is annual net migration per survivor.
    types : np.ndarray [area], optional
        Types of areas inside which levels are shrunk.
    """
    years = child_years(stocks)
    children = implied_births(stocks, years, death_prob, net)
    mothers = total(expected_births(stocks, years, schedule), 0)
    levels = empirical_bayes(total(children, -1), total(mothers, -1), types)
    group_level, share = child_groups(total(children, 0), total(mothers, 0), stocks.groups)
    rate = levels.level[:, None, None] * group_level[:, None] * schedule
    return Fertility(rate, levels, share)


def national(schedule: np.ndarray, stocks: Stocks) -> Fertility:
    """The national schedule for every area and group; children keep their mother's group."""
    areas, groups = stocks.persons.shape[1:3]
    one, nothing = np.ones(areas), np.zeros(areas)
    levels = Levels(one, nothing, one, nothing, nothing, nothing)
    rate = np.broadcast_to(schedule, (areas, groups, len(schedule))).copy()
    return Fertility(rate, levels, np.eye(groups))
