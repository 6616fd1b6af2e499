"""Brass's relational model: the logit of survival is a straight line in that of a standard table.

Y(x) = ½·log((1 − l(x))/l(x)) = α + β·Y*(x). α moves the level of mortality, β the balance of young and old.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from zwkprognose.errors import RatesError


@dataclass(frozen=True)
class Brass:
    """Level α, slope β and residual standard error of the regression [...]."""

    alpha: np.ndarray
    beta: np.ndarray
    residual_error: np.ndarray


def fit_brass(survivors: np.ndarray, standard: np.ndarray, *, ages: tuple[int, int] = (1, 95)) -> Brass:
    """Regress the logits of observed survivors on those of a standard.

    Parameters
    ----------
    survivors : np.ndarray [..., age]
        l(x) with radix 1, strictly between 0 and 1 in the range of ages.
    standard : np.ndarray [age]
    ages : (int, int)
        First and last age of the regression.

    Raises
    ------
    RatesError
        If a survivor function leaves the open interval (0, 1) in the range.
    """
    part = slice(ages[0], ages[1] + 1)
    x, y = logits(standard[part]), logits(survivors[..., part])
    centred = x - x.mean()
    beta = (y * centred).sum(-1) / (centred**2).sum()
    alpha = y.mean(-1) - beta * x.mean()
    residual = y - alpha[..., None] - beta[..., None] * x
    return Brass(alpha, beta, np.sqrt((residual**2).sum(-1) / (len(x) - 2)))


def brass_survivors(standard: np.ndarray, alpha: np.ndarray, beta: np.ndarray) -> np.ndarray:
    """l(x) [..., age] from a standard and the two parameters [...]; l(0) = 1 stays.

    Examples
    --------
    >>> brass_survivors(np.array([1.0, 0.9, 0.5]), np.array(0.0), np.array(1.0)).round(3)
    array([1. , 0.9, 0.5])
    """
    line = np.asarray(alpha)[..., None] + np.asarray(beta)[..., None] * logits(standard[1:])
    rest = 1 / (1 + np.exp(2 * line))
    return np.concatenate([np.ones((*rest.shape[:-1], 1)), rest], axis=-1)


def logits(survivors: np.ndarray) -> np.ndarray:
    """½·log((1 − l)/l)."""
    bad = np.argwhere(~((survivors > 0) & (survivors < 1)))
    if len(bad):
        raise RatesError(
            "Der Logit nach Brass braucht Überlebende zwischen 0 und 1 (ohne die Grenzen).",
            cells=[{"Stelle": int(cell[-1]) + 1, "l(x)": float(survivors[tuple(cell)])} for cell in bad],
            remedy="Den Altersbereich mit ages= einschränken.",
        )
    return np.asarray(0.5 * np.log((1 - survivors) / survivors))
