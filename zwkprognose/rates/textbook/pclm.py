"""Penalised composite link model: grouped counts, or grouped events with single-year exposure, made smooth.

The single years are exp(B·β) (times exposure) with cubic B-splines; groups are their sums; β maximises the Poisson
likelihood of the groups minus a penalty on second differences. Always positive; sums are met up to the penalty.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from zwkprognose.errors import RatesError

DEGREE = 3


def graduate_pclm(
    counts: np.ndarray,
    edges: Sequence[int],
    *,
    smoothing: float = 1.0,
    exposure: np.ndarray | None = None,
    years_per_knot: int = 2,
    tolerance: float = 1e-9,
    steps: int = 100,
) -> np.ndarray:
    """Split groups of any width, for all areas at once.

    Parameters
    ----------
    counts : np.ndarray [..., group]
        Persons, or events if ``exposure`` is given.
    edges : sequence of int
        Limits of the groups, one more than groups.
    smoothing : float
        Weight of the squared second differences of the spline coefficients.
    exposure : np.ndarray [..., age], person-years, optional
        By single age; the result then is a rate.
    years_per_knot : int
        Single ages per spline.
    tolerance : float
        Largest change of log counts at which the scoring steps stop.

    Returns
    -------
    np.ndarray [..., age]
        Positive counts or rates for ``edges[0] … edges[-1] − 1``.

    Raises
    ------
    RatesError
        If all counts of a row are zero, or the steps do not converge.

    Notes
    -----
    Source: Rizzi, Gampe and Eilers (2015), American Journal of Epidemiology 182.
    """
    _check_counts(counts)
    age = np.arange(edges[0], edges[-1])
    composition = np.array([(age >= a) & (age < b) for a, b in pairwise(edges)], dtype=float)
    weights = composition if exposure is None else composition * exposure[..., None, :]
    basis = spline_basis(age, years_per_knot)
    second = np.diff(np.eye(basis.shape[1]), n=2, axis=0)
    penalty = smoothing * second.T @ second
    beta = _start(counts, composition, weights, basis, penalty)
    for _ in range(steps):
        after = _score(beta, counts, weights, basis, penalty)
        change = float(np.abs((after - beta) @ basis.T).max())
        beta = after
        if change < tolerance:
            return np.exp(beta @ basis.T)
    raise RatesError(
        f"PCLM konvergiert in {steps} Schritten nicht.",
        remedy="smoothing erhöhen oder die monotone Verteilung verwenden.",
    )


def spline_basis(age: np.ndarray, years_per_knot: int) -> np.ndarray:
    """Equally spaced cubic B-splines [age, spline] over the ages, widened by one per cent at either end."""
    from scipy.interpolate import BSpline

    span = float(age[-1] - age[0])
    pieces = len(age) // years_per_knot
    width = 1.02 * span / pieces
    knots = age[0] - 0.01 * span + width * np.arange(-DEGREE, pieces + DEGREE + 1)
    return np.asarray(BSpline.design_matrix(age.astype(float), knots, DEGREE).toarray())


def _start(
    counts: np.ndarray, composition: np.ndarray, weights: np.ndarray, basis: np.ndarray, penalty: np.ndarray
) -> np.ndarray:
    """Coefficients of the step function of the groups (half a case added), smoothed."""
    steps = np.log((counts + 0.5) / weights.sum(axis=-1)) @ composition
    return np.linalg.solve(basis.T @ basis + penalty, (steps @ basis)[..., None])[..., 0]


def _score(
    beta: np.ndarray, counts: np.ndarray, weights: np.ndarray, basis: np.ndarray, penalty: np.ndarray
) -> np.ndarray:
    """One step of iterated weighted least squares on the coefficients."""
    single = np.exp(beta @ basis.T)
    fitted = (weights * single[..., None, :]).sum(-1)
    slope = ((weights * single[..., None, :]) @ basis) / fitted[..., None]
    weighted = np.swapaxes(slope * fitted[..., None], -1, -2)
    left = weighted @ slope + penalty
    working = (counts - fitted) / fitted + (slope @ beta[..., None])[..., 0]
    return np.linalg.solve(left, weighted @ working[..., None])[..., 0]


def _check_counts(counts: np.ndarray) -> None:
    empty = np.argwhere(counts.sum(axis=-1) <= 0)
    if len(empty) or (counts < 0).any():
        raise RatesError(
            "PCLM braucht nicht negative Zahlen und in jeder Reihe mindestens einen Fall.",
            cells=[{"Reihe": tuple(int(i) + 1 for i in row)} for row in empty],
            remedy="Gebiete zusammenfassen oder die monotone Verteilung verwenden.",
        )
