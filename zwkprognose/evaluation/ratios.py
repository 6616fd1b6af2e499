"""What ratios of cohorts and of children are made of: the stock one step back, and quotients."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from zwkprognose.errors import EvaluationError

if TYPE_CHECKING:
    from zwkprognose.evaluation.history import History


def base_stock(history: History) -> np.ndarray:
    """Stock one step before the launch [area, sex, group], on a straight line between known years."""
    wanted, years = history.years[-1] - history.width, history.years
    if wanted in years:
        return history.ages(wanted)
    if wanted < years[0]:
        raise _too_short(history, wanted)
    after = next(y for y in years if y > wanted)
    before = years[years.index(after) - 1]
    share = (wanted - before) / (after - before)
    return (1 - share) * history.ages(before) + share * history.ages(after)


def quotient(numerator: np.ndarray, denominator: np.ndarray, otherwise: np.ndarray | float) -> np.ndarray:
    """Quotient, and another value where the denominator is zero."""
    out = np.broadcast_to(np.asarray(otherwise, dtype=float), numerator.shape).copy()
    return np.divide(numerator, denominator, out=out, where=np.asarray(denominator) > 0)


def _too_short(history: History, wanted: int) -> EvaluationError:
    return EvaluationError(
        f"Vor dem Startpunkt 31.12.{history.years[-1]} sind keine {history.width} Jahre bekannt; "
        "Kohorten lassen sich nicht verfolgen.",
        cells=[{"launch": history.years[-1], "year_end": wanted}],
        remedy=f"Startpunkte ab 31.12.{history.years[0] + history.width} wählen oder „unchanged“ verwenden.",
    )
