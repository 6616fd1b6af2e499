"""TOPALS: a standard schedule of mortality bent by a few linear splines, for areas with few deaths.

log m(x) = log m*(x) + Σ B_k(x)·α_k with linear B-splines at a few knots. The α maximise the Poisson likelihood
minus a penalty on the differences of neighbouring α (the bend stays smooth) and a ridge on the α themselves
(with few deaths the level falls back on the standard; without it the level is not shrunk at all).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from zwkprognose.arithmetic import exp, product, solve, total
from zwkprognose.errors import RatesError

#: Ages of the knots; the last age of the schedule is always one more.
KNOTS = (0, 1, 10, 20, 40, 70)


@dataclass(frozen=True)
class Topals:
    """Fit of one or many areas.

    Attributes
    ----------
    alpha : np.ndarray [..., knot]
        Offsets from the standard at the knots.
    log_rates : np.ndarray [..., age]
        Fitted log death rates by single age.
    covariance : np.ndarray [..., knot, knot]
        Inverse of the penalised information: uncertainty of alpha.
    """

    alpha: np.ndarray
    log_rates: np.ndarray
    covariance: np.ndarray


def fit_topals(
    deaths: np.ndarray,
    exposure: np.ndarray,
    standard: np.ndarray,
    *,
    knots: Sequence[int] = KNOTS,
    smoothness: float = 2.0,
    ridge: float = 10.0,
    edges: Sequence[int] | None = None,
    tolerance: float = 1e-10,
    steps: int = 200,
) -> Topals:
    """Fit TOPALS to deaths by single age or by age group, for all areas at once.

    Parameters
    ----------
    deaths, exposure : np.ndarray [..., age or group]
        Persons and person-years; leading axes are areas, sexes and so on.
    standard : np.ndarray [age]
        Standard log death rates by single age.
    knots : sequence of int
        Ages of the linear splines; the last age is added.
    smoothness : float
        Precision of the differences of neighbouring α.
    ridge : float
        Precision of the α themselves; 5 to 20 shrinks the level of small areas sensibly, 0 does not shrink.
    edges : sequence of int, optional
        Limits of age groups, one more than groups; a group's rate is the mean of its single ages.
    tolerance : float
        Largest step of α at which the Newton iteration stops.

    Raises
    ------
    RatesError
        If the iteration does not converge or the schedule does not cover the ages.

    Notes
    -----
    Source: de Beer (2012), Demographic Research 27; Schmertmann and Gonzaga (2018), Demography 55, for the
    penalised fit; the ridge is added here.
    """
    basis = spline_basis(len(standard), knots)
    size = basis.shape[1]
    mean = None if edges is None else group_means(edges, len(standard))
    steps_of_age = len(standard) if mean is None else len(mean)
    if deaths.shape[-1] != steps_of_age:
        raise RatesError(
            f"Sterbefälle haben {deaths.shape[-1]} Altersstufen, die Standardtafel {steps_of_age}.",
            remedy="Die Altersgrenzen als edges angeben oder die Tafel auf dieselben Alter bringen.",
        )
    difference = np.diff(np.eye(size), axis=0)
    penalty = smoothness * product(difference.T, difference) + ridge * np.eye(size)
    alpha = np.zeros((*deaths.shape[:-1], size))
    for _ in range(steps):
        step, information = _newton(alpha, deaths, exposure, standard, basis, mean, penalty)
        alpha = alpha + step
        if np.abs(step).max(initial=0.0) < tolerance:
            return Topals(alpha, standard + product(alpha, basis.T), _inverse(information))
    raise RatesError(
        f"TOPALS konvergiert in {steps} Schritten nicht.",
        remedy="ridge erhöhen, Alter oder Jahre zusammenfassen, oder nur das Niveau (SMR) schätzen.",
    )


def spline_basis(ages: int, knots: Sequence[int]) -> np.ndarray:
    """Linear B-splines [age, knot]: 1 at the own knot, 0 at the others; the last age is a knot too.

    Examples
    --------
    >>> spline_basis(4, (0, 1))[2]
    array([0. , 0.5, 0.5])
    """
    age = np.arange(ages)[:, None]
    at = np.array([*knots, ages - 1], dtype=float)
    rising, falling = np.ones((2, ages, len(at)))
    rising[:, 1:] = (age - at[:-1]) / np.diff(at)
    falling[:, :-1] = (at[1:] - age) / np.diff(at)
    return np.clip(np.minimum(rising, falling), 0.0, 1.0)


def group_means(edges: Sequence[int], ages: int) -> np.ndarray:
    """Matrix [group, age] that averages the single ages ``edges[i] … edges[i+1] − 1``."""
    age = np.arange(ages)
    inside = np.array([(age >= a) & (age < b) for a, b in pairwise(edges)], dtype=float)
    return inside / total(inside, 1, keepdims=True)


def _newton(
    alpha: np.ndarray,
    deaths: np.ndarray,
    exposure: np.ndarray,
    standard: np.ndarray,
    basis: np.ndarray,
    mean: np.ndarray | None,
    penalty: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """One scoring step and the penalised information [..., knot, knot]."""
    rates = exp(standard + product(alpha, basis.T))
    # derivative of a rate by alpha
    slope = rates[..., None] * basis
    grouped, slope = (rates, slope) if mean is None else (product(rates, mean.T), product(mean, slope))
    relative = slope / grouped[..., None]
    gradient = total((deaths - exposure * grouped)[..., None] * relative, -2) - product(alpha, penalty)
    weighted = relative * (exposure * grouped)[..., None]
    information = total(relative[..., :, None] * weighted[..., None, :], -3) + penalty
    return solve(information, gradient), information


def _inverse(matrix: np.ndarray) -> np.ndarray:
    """Inverse of symmetric positive definite matrices, column by column."""
    size = matrix.shape[-1]
    each = np.broadcast_to(matrix[..., None, :, :], (*matrix.shape[:-1], size, size))
    return solve(each, np.broadcast_to(np.eye(size), matrix.shape))
