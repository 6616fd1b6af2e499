"""Cohort change ratios (Hamilton–Perry): how many of a cohort are found one step later.

A step is as long as an age group is wide, and so is the period the ratios come from. Small areas borrow
from larger ones: a ratio counts N/(N + k) itself and k/(N + k) what it is drawn towards.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from zwkprognose.evaluation.children import ChildRule, children_per_adult
from zwkprognose.evaluation.history import History
from zwkprognose.evaluation.ratios import base_stock, quotient

#: (target, history) → persons k that the target is worth, one for all or by sex and group.
Shrinkage = Callable[[np.ndarray, History], np.ndarray | float]
#: What the ratios of an area are drawn towards: history → [area, sex, group].
Target = Callable[[History], np.ndarray]


def aged(persons: np.ndarray) -> np.ndarray:
    """Cohorts one step older [..., group − 1]: the two oldest groups meet in the open one."""
    oldest = persons[..., -2:].sum(-1, keepdims=True)
    return np.concatenate([persons[..., :-2], oldest], axis=-1)


def observed_cohorts(history: History) -> tuple[np.ndarray, np.ndarray]:
    """Cohorts at the start of the base period and the same one step later [area, sex, group − 1]."""
    start = base_stock(history)
    return aged(start), history.ages()[..., 1:]


def city_ratios(history: History) -> np.ndarray:
    """Ratios of the whole city for every area (pooled)."""
    before, after = observed_cohorts(history)
    return np.broadcast_to(quotient(after.sum(0), before.sum(0), 1.0), before.shape)


def shrunk_ratios(history: History, shrinkage: np.ndarray | float, target: np.ndarray) -> np.ndarray:
    """Ratios of the areas, drawn towards a target: (after + k·target)/(before + k)."""
    before, after = observed_cohorts(history)
    return quotient(after + shrinkage * target, before + shrinkage, target)


def project_ages(history: History, steps: int, ratios: np.ndarray, children: ChildRule) -> np.ndarray:
    """Age structure after 0, 1 … steps [step, area, sex, group], persons."""
    stocks = [history.ages()]
    rule = children(history)
    for step in range(1, steps + 1):
        older = aged(stocks[-1]) * ratios
        stocks.append(np.concatenate([rule(older, step)[..., None], older], axis=-1))
    return np.stack(stocks)


def hamilton_perry(
    shrinkage: Shrinkage, target: Target = city_ratios, children: ChildRule = children_per_adult
) -> Callable[[History, int], np.ndarray]:
    """A Hamilton–Perry method from a shrinkage, a target and a rule for the youngest group."""

    def method(history: History, steps: int) -> np.ndarray:
        aim = target(history)
        return project_ages(history, steps, shrunk_ratios(history, shrinkage(aim, history), aim), children)

    return method
