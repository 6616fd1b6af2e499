"""The youngest age group: children per adult of parental age, not births."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from zwkprognose.evaluation.ratios import base_stock, quotient

if TYPE_CHECKING:
    from zwkprognose.evaluation.history import History

#: (older groups [area, sex, group − 1], number of the step) → children [area, sex].
Children = Callable[[np.ndarray, int], np.ndarray]
ChildRule = Callable[["History"], Children]

#: Ages of those who count as parents of the children of a group of five or ten years.
PARENTS = {5: (15, 45), 10: (10, 50)}
#: Ages at which most children are born; the same for the default method.
CLOSE_PARENTS = {5: (20, 40), 10: (20, 40)}
#: Adults at which an area's own ratio counts one half.
HALF_BELIEVED = 400.0
#: Share of the city's past trend of the ratio that goes on, per step.
TREND_KEPT = 0.5


def children_per_adult(history: History) -> Children:
    """Each area keeps its own ratio."""
    return _rule(history, PARENTS[history.width], 0.0, 0.0)


def children_of_city(history: History) -> Children:
    """Each area takes the ratio of the city."""
    return _rule(history, PARENTS[history.width], np.inf, 0.0)


def children_shrunk(history: History) -> Children:
    """An area's own ratio, drawn towards that of the city."""
    return _rule(history, PARENTS[history.width], HALF_BELIEVED, 0.0)


def children_with_trend(history: History) -> Children:
    """An area's own ratio drawn towards the city's, which follows half its trend, more damped each step.

    Half of the children come from that ratio, half from the area's last share of children: two forecasts
    with different errors, averaged.
    """
    by_ratio = _rule(history, CLOSE_PARENTS[history.width], HALF_BELIEVED, TREND_KEPT)
    stock = history.ages()
    share = _quotient(stock[..., 0], stock.sum((-2, -1))[:, None])

    def rule(older: np.ndarray, step: int) -> np.ndarray:
        first = by_ratio(older, step)
        rest = older.sum((-2, -1)) + first.sum(-1)
        return (first + share * rest[:, None]) / 2

    return rule


def _rule(history: History, parents: tuple[int, int], adults_worth: float, trend: float) -> Children:
    """Children = ratio × adults of parental age; for women only where the sexes are known."""
    at = _columns(history, parents)
    stock = history.ages()
    adults = _adults(history, stock[..., at])
    city = _quotient(stock[..., 0].sum(0), adults.sum())
    own = _quotient(stock[..., 0], adults[:, None], city)
    weight = np.zeros(len(adults)) if np.isinf(adults_worth) else _quotient(adults, adults + adults_worth)
    ratio = city + weight[:, None] * (own - city)
    growth = _trend(history, at) if trend else 1.0

    def rule(older: np.ndarray, step: int) -> np.ndarray:
        kept = growth ** sum(trend**k for k in range(1, step + 1))
        return ratio * kept * _adults(history, older[..., [c - 1 for c in at]])[:, None]

    return rule


def _trend(history: History, at: list[int]) -> float:
    """Factor by which the city's ratio changed in the last step."""
    stocks = history.ages(), base_stock(history)
    now, before = (float(_quotient(s[..., 0].sum(), _adults(history, s[..., at]).sum())) for s in stocks)
    return now / before if before > 0 else 1.0


def _columns(history: History, ages: tuple[int, int]) -> list[int]:
    return [i for i, g in enumerate(history.groups) if ages[0] <= g < ages[1]]


def _adults(history: History, persons: np.ndarray) -> np.ndarray:
    """Persons of parental age [area]: women, or everybody where the sexes are not known."""
    women = [i for i, s in enumerate(history.sexes) if s in ("female", "total")]
    return np.asarray(persons[:, women].sum((1, 2)))


def _quotient(numerator: np.ndarray, denominator: np.ndarray, otherwise: np.ndarray | float = 0.0) -> np.ndarray:
    return quotient(numerator, np.broadcast_to(denominator, numerator.shape), otherwise)
