"""Fertility by area: the national schedule at the level that the area's youngest children imply.

Stocks hold no births, but they hold the children. Children of age 0 … m−1 are taken back to their
births (deaths and net migration undone) and compared with the births that the national schedule
expects from the women who lived there in those years. The ratio, shrunk towards the city, is the level.
The schedule is by age reached in the year of birth (year of birth method), as the engine needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zwkprognose.rates.levels import Levels, empirical_bayes, ratio
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


def expected_births(stocks: Stocks, years: range, schedule: np.ndarray) -> np.ndarray:
    """Births of each year under a schedule, Σ f(x)·½(J(x) + P(x)) over women [year, area, nationality]."""
    women = [stocks.at(y)[:, :, stocks.female] for y in range(years.start - 1, years.stop)]
    return np.array([(reached(a) + b) / 2 @ schedule for a, b in pairwise(women)])


def implied_births(stocks: Stocks, years: range, death_prob: np.ndarray, net: np.ndarray) -> np.ndarray:
    """Births behind the children of the last stock [year, area, child's nationality]."""
    kept = np.cumprod((1 - death_prob) * (1 + net), axis=-1)
    born = (stocks.persons[-1] / kept)[..., : len(years)].sum(axis=2)
    return np.moveaxis(born[..., ::-1], -1, 0)


def from_children(stocks: Stocks, schedule: np.ndarray, death_prob: np.ndarray, net: np.ndarray) -> Fertility:
    """Estimate fertility from the youngest children of the last stock.

    Parameters
    ----------
    stocks : Stocks
    schedule : np.ndarray [age], births per woman and year
        Standard schedule by age reached.
    death_prob, net : np.ndarray [area, nationality, sex, age]
        By age reached; ``net`` is annual net migration per survivor.
    """
    children = recent_children(stocks, death_prob, net)
    mothers = expected_births(stocks, _child_years(stocks), schedule).sum(0)
    levels = empirical_bayes(children.sum(-1), mothers.sum(-1))
    return at_levels(schedule, children, mothers, levels, stocks)


def from_births(
    schedule: np.ndarray, births: np.ndarray, children: np.ndarray, mothers: np.ndarray, stocks: Stocks
) -> Fertility:
    """Fertility at the level of births by area; the children of the last stock give the groups.

    Parameters
    ----------
    births : np.ndarray [area], births of all base years
    children, mothers : np.ndarray [area, nationality]
        Implied births by the child's group; births expected by the mother's group in the base years.
    """
    levels = empirical_bayes(births, mothers.sum(-1))
    matched = children * ratio(births.sum(), children.sum())
    return at_levels(schedule, matched, mothers, levels, stocks)


def national(schedule: np.ndarray, stocks: Stocks) -> Fertility:
    """The national schedule for every area and group; children keep their mother's group."""
    areas, groups = stocks.persons.shape[1:3]
    one, nothing = np.ones(areas), np.zeros(areas)
    levels = Levels(one, nothing, np.ones(()), np.zeros(()), nothing, nothing)
    rate = np.broadcast_to(schedule, (areas, groups, len(schedule))).copy()
    return Fertility(rate, levels, np.eye(groups))


def recent_children(stocks: Stocks, death_prob: np.ndarray, net: np.ndarray) -> np.ndarray:
    """Births behind the youngest children, summed over the years [area, child's nationality]."""
    return np.asarray(implied_births(stocks, _child_years(stocks), death_prob, net).sum(0))


def _child_years(stocks: Stocks) -> range:
    last = stocks.years[-1]
    return range(max(stocks.years[0], last - CHILD_AGES) + 1, last + 1)


def at_levels(
    schedule: np.ndarray, children: np.ndarray, mothers: np.ndarray, levels: Levels, stocks: Stocks
) -> Fertility:
    """Fertility rates from area levels, and the groups of mothers and children that go with them."""
    group_level, group_share = child_groups(children, mothers, [str(g) for g in stocks.coords["nationality"].values])
    rate = levels.level[:, None, None] * group_level[None, :, None] * schedule
    return Fertility(rate, levels, group_share)


def child_groups(children: np.ndarray, mothers: np.ndarray, groups: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Level of each mother's group and share of children by group [mother's, child's], from city sums.

    A child of a German mother is German. A child of a foreign mother is foreign with probability p, else
    German (§ 4 StAG). Children by group fix one number besides the level: as long as foreign children are
    fewer than foreign mothers would have at the common level, both groups have that level and p is the
    quotient; beyond, p = 1 and each group has the level its own children show. Groups of another kind
    keep the mother's group.
    """
    born, expected = children.sum(0), mothers.sum(0)
    common = ratio(born.sum(), expected.sum())
    if set(groups) != {"german", "foreign"}:
        return ratio(born, common * expected), np.eye(len(groups))
    german, foreign = groups.index("german"), groups.index("foreign")
    level, share = np.ones(2), np.eye(2)
    if born[foreign] <= common * expected[foreign]:
        kept = ratio(born[foreign], common * expected[foreign])
        share[foreign, [foreign, german]] = kept, 1 - kept
    else:
        level = ratio(born, common * expected)
    return level, share
