"""Closing a mortality schedule at high ages, where deaths are too few to be observed.

Kannisto: logit m(x) is a straight line (the risk levels off below 1). Gompertz: log m(x) is one. The line is
fitted by least squares over an age range; the coherent form gives both sexes one slope.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from zwkprognose.arithmetic import exp, log, log1p, mean, total
from zwkprognose.errors import RatesError
from zwkprognose.rates.checks import check_choice

Law = Literal["kannisto", "gompertz"]


def logit(p: np.ndarray) -> np.ndarray:
    """log(p/(1 − p))."""
    return log(p) - log1p(-p)


def expit(y: np.ndarray) -> np.ndarray:
    """Inverse of the logit."""
    return np.asarray(1 / (1 + exp(-y)))


def close_rates(
    mx: np.ndarray,
    *,
    fit_ages: tuple[int, int] = (80, 95),
    last_age: int = 120,
    law: Law = "kannisto",
    coherent: bool = False,
) -> np.ndarray:
    """Replace death rates above the fitted ages by a law of mortality.

    Parameters
    ----------
    mx : np.ndarray [..., age], per person-year
        Death rates by single age from 0.
    fit_ages : (int, int)
        First and last age of the fit, both included; the law begins above the last one.
    last_age : int
        Last age of the result.
    law : {"kannisto", "gompertz"}
    coherent : bool
        One slope for all schedules of the leading axes, each with its own level.

    Returns
    -------
    np.ndarray [..., age 0 … last_age]

    Raises
    ------
    RatesError
        If a rate in the range is zero, missing, or (Kannisto) not below 1.
    """
    check_choice("law", law, Law)
    first, last = fit_ages
    fitted = mx[..., first : last + 1]
    _check(fitted, first, law)
    link, back = (logit, expit) if law == "kannisto" else (log, exp)
    ages = np.arange(first, last + 1) - first
    level, slope = line(ages, link(fitted), coherent)
    beyond = np.arange(last + 1, last_age + 1) - first
    return np.concatenate([mx[..., : last + 1], back(level + slope * beyond)], axis=-1)


def line(x: np.ndarray, y: np.ndarray, common_slope: bool = False) -> tuple[np.ndarray, np.ndarray]:
    """Least-squares level at x = 0 and slope [..., 1] of y [..., x]; the slope may be common to all."""
    centred = x - mean(x)
    slope = total(y * centred, -1, keepdims=True) / total(centred * centred)
    if common_slope:
        slope = np.broadcast_to(mean(slope), slope.shape)
    return mean(y, -1, keepdims=True) - slope * mean(x), slope


def close_probabilities(qx: np.ndarray, last_age: int, tail: int = 5) -> np.ndarray:
    """Continue q [..., age] up to ``last_age``: its logit goes on from the last value with the slope of the tail."""
    y = logit(qx[..., -tail:])
    slope = line(np.arange(tail), y)[1]
    steps = np.arange(1, last_age + 2 - qx.shape[-1])
    return np.concatenate([qx, expit(y[..., -1:] + slope * steps)], axis=-1)


def _check(fitted: np.ndarray, first: int, law: Law) -> None:
    bad = np.argwhere(~((fitted > 0) & (fitted < (1 if law == "kannisto" else np.inf))))
    if fitted.shape[-1] < 3 or len(bad):
        raise RatesError(
            f"Die Sterbeziffern eignen sich nicht für die Schließung nach {law.capitalize()}.",
            cells=[{"age": first + int(cell[-1])} for cell in bad],
            remedy='Einen Altersbereich mit Sterbefällen wählen (fit_ages) oder law="gompertz" setzen.',
        )
