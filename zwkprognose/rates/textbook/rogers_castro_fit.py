"""Fit a Rogers–Castro schedule to observed migration rates of a city."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from zwkprognose.errors import RatesError
from zwkprognose.rates.checks import check_choice
from zwkprognose.rates.migration.rogers_castro import rogers_castro

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

Size = Literal[7, 9, 11, 13]

CORE = ("a1", "alpha1", "a2", "alpha2", "mu2", "lambda2", "c")
SLOPE = ("a4", "alpha4")
RETIREMENT = ("a3", "alpha3", "mu3", "lambda3")
#: Parameters of each model size.
MODELS: dict[int, tuple[str, ...]] = {7: CORE, 9: CORE + SLOPE, 11: CORE + RETIREMENT, 13: CORE + RETIREMENT + SLOPE}
#: Lower bound, start and upper bound; the heights a and c are shares of the highest observed rate.
RANGES: dict[str, tuple[float, float, float]] = {
    "a1": (0.0, 0.3, 5.0),
    "alpha1": (0.005, 0.1, 2.0),
    "a2": (0.0, 1.5, 50.0),
    "alpha2": (0.005, 0.1, 2.0),
    "mu2": (10.0, 20.0, 40.0),
    "lambda2": (0.02, 0.3, 5.0),
    "a3": (0.0, 0.1, 5.0),
    "alpha3": (0.02, 0.2, 2.0),
    "mu3": (50.0, 65.0, 85.0),
    "lambda3": (0.02, 0.3, 3.0),
    "a4": (0.0, 0.01, 1.0),
    "alpha4": (0.001, 0.02, 0.1),
    "c": (0.0, 0.05, 1.0),
}
HEIGHTS = ("a1", "a2", "a3", "a4", "c")
#: Starting ages of the young peak; the best fit of all starts is kept.
PEAKS = (18.0, 21.0, 26.0)


@dataclass(frozen=True)
class RogersCastroFit:
    """Fitted schedule.

    Attributes
    ----------
    parameters : mapping
        As :func:`zwkprognose.rates.migration.rogers_castro.rogers_castro` takes them.
    fitted : np.ndarray [age]
        Schedule at the observed ages.
    r_squared : float
        Weighted share of the variance over age that the schedule explains.
    """

    parameters: Mapping[str, float]
    fitted: np.ndarray
    r_squared: float

    def rates(self, age: np.ndarray) -> np.ndarray:
        """The schedule at other ages."""
        return rogers_castro(age, **self.parameters)


def fit_rogers_castro(
    age: np.ndarray, rates: np.ndarray, *, size: Size = 7, weights: np.ndarray | None = None
) -> RogersCastroFit:
    """Fit a schedule with 7, 9, 11 or 13 parameters by weighted least squares.

    Parameters
    ----------
    age : np.ndarray [age]
    rates : np.ndarray [age]
        Observed rates or shares by single age.
    size : {7, 9, 11, 13}
        Number of parameters; 9 adds an upward slope at high ages, 11 a retirement peak, 13 both.
    weights : np.ndarray [age], optional
        Exposure; default equal weights.

    Raises
    ------
    RatesError
        If there are fewer ages than parameters, nothing moves, or no start converges.
    """
    check_choice("size", size, Size)
    names = MODELS[size]
    height = float(np.max(rates, initial=0.0))
    if len(age) <= size or height <= 0:
        raise RatesError(
            f"Zu wenige Alter oder keine Wanderungen für ein Rogers-Castro-Modell mit {size} Parametern.",
            cells=[{"Alter": len(age), "höchste Rate": height}],
            remedy="Jahre zusammenfassen oder das Standardprofil verwenden.",
        )
    weight = np.sqrt(np.ones(len(age)) if weights is None else weights / weights.mean())
    tries = [_solve(names, age, rates / height, weight, peak) for peak in PEAKS]
    best = min((t for t in tries if t.success), key=lambda t: t.cost, default=None)
    if best is None:
        raise RatesError(
            f"Das Rogers-Castro-Modell mit {size} Parametern konvergiert nicht.",
            remedy="Ein Modell mit weniger Parametern wählen (size=7).",
        )
    parameters = {n: float(v * height if n in HEIGHTS else v) for n, v in zip(names, best.x, strict=True)}
    fitted = rogers_castro(age, **parameters)
    return RogersCastroFit(parameters, fitted, _r_squared(rates, fitted, weight**2))


def _solve(
    names: tuple[str, ...], age: np.ndarray, rates: np.ndarray, weight: np.ndarray, peak: float
) -> OptimizeResult:
    from scipy.optimize import least_squares

    def residual(values: np.ndarray) -> np.ndarray:
        return weight * (rogers_castro(age, **dict(zip(names, values, strict=True))) - rates)

    lower, start, upper = (np.array([RANGES[n][i] for n in names]) for i in range(3))
    start[names.index("mu2")] = peak
    return least_squares(residual, start, bounds=(lower, upper), x_scale=np.maximum(start, 0.01), max_nfev=2000)


def _r_squared(observed: np.ndarray, fitted: np.ndarray, weight: np.ndarray) -> float:
    mean = np.average(observed, weights=weight)
    return float(1 - (weight * (observed - fitted) ** 2).sum() / (weight * (observed - mean) ** 2).sum())
