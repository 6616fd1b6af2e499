"""Lee–Carter: log m(x, t) = a(x) + b(x)·k(t), fitted by singular values or as a Poisson model.

a is the mean log rate, b (summing to 1) the pattern of change by age, k (summing to 0 after the first fit) the
index of mortality. The index may be adjusted afterwards so that each year's deaths, each year's likelihood or
each year's life expectancy is met. It is forecast as a random walk with drift.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from zwkprognose.errors import RatesError
from zwkprognose.rates.checks import check_choice
from zwkprognose.rates.mortality.infant import Sex, a_single, preston
from zwkprognose.rates.mortality.lifetable import life_table

Fit = Literal["svd", "sum", "poisson"]
Adjustment = Literal["deaths", "likelihood", "life_expectancy"]

#: Farthest that an adjusted index is sought on either side of the first fit.
SEARCH = 64.0


@dataclass(frozen=True)
class LeeCarter:
    """Parameters a [age], b [age], k [year]."""

    a: np.ndarray
    b: np.ndarray
    k: np.ndarray

    def rates(self, k: np.ndarray | None = None) -> np.ndarray:
        """Death rates [age, year] for the fitted index or another one."""
        index = self.k if k is None else np.asarray(k)
        return np.asarray(np.exp(self.a[:, None] + self.b[:, None] * index))


@dataclass(frozen=True)
class DriftForecast:
    """Random walk with drift: mean and standard error of the index [step]."""

    mean: np.ndarray
    standard_error: np.ndarray


def fit_lee_carter(
    mx: np.ndarray,
    exposure: np.ndarray | None = None,
    *,
    method: Fit = "svd",
    adjust: Adjustment | None = None,
    sex: Sex = "female",
) -> LeeCarter:
    """Fit a Lee–Carter model to death rates, in the variant asked for.

    Parameters
    ----------
    mx : np.ndarray [age, year], per person-year
    exposure : np.ndarray [age, year], person-years, optional
        Needed for the Poisson fit and for adjustments to deaths.
    method : {"svd", "sum", "poisson"}
        First singular value (Lee and Carter 1992), closed form, or maximum likelihood (Brouhns and others 2002).
    adjust : {"deaths", "likelihood", "life_expectancy"}, optional
        What each year's index shall meet after the fit.
    sex : {"female", "male"}
        For the life expectancy.

    Raises
    ------
    RatesError
        If exposure is missing, the rates cannot be fitted, or the target cannot be met.

    Examples
    --------
    >>> truth = LeeCarter(np.array([-4.0, -2.0]), np.array([0.7, 0.3]), np.array([2.0, 0.0, -2.0]))
    >>> fit_lee_carter(truth.rates()).k[[0, 2]].round(6).tolist()
    [2.0, -2.0]
    """
    check_choice("method", method, Fit)
    if adjust is not None:
        check_choice("adjust", adjust, Adjustment)
    if exposure is None and (method == "poisson" or adjust in ("deaths", "likelihood")):
        raise RatesError("Für diese Variante fehlen die Personenjahre.", remedy="exposure angeben.")
    known = np.ones_like(mx) if exposure is None else exposure
    fit = {"svd": fit_svd, "sum": fit_sum, "poisson": lambda m: fit_poisson(m * known, known)}[method]
    model = fit(mx)
    if adjust == "deaths":
        return adjust_deaths(model, mx, known)
    if adjust == "likelihood":
        return adjust_likelihood(model, mx, known)
    if adjust == "life_expectancy":
        return adjust_life_expectancy(model, np.array([life_expectancy(year, sex) for year in mx.T]), sex)
    return model


def fit_svd(mx: np.ndarray) -> LeeCarter:
    """Fit by the first singular value of the centred log rates.

    Parameters
    ----------
    mx : np.ndarray [age, year], per person-year
        Positive death rates.

    Raises
    ------
    RatesError
        If a rate is not positive; the remedy names the Poisson fit, which takes zeros.

    Notes
    -----
    Source: Lee and Carter (1992), JASA 87.
    """
    a, centred = _centred(mx)
    left, values, right = np.linalg.svd(centred, full_matrices=False)
    total = left[:, 0].sum()
    return LeeCarter(a, left[:, 0] / total, values[0] * right[0] * total)


def fit_sum(mx: np.ndarray) -> LeeCarter:
    """Fit in closed form: k is the sum of the centred log rates over age, b their regression on k."""
    a, centred = _centred(mx)
    k = centred.sum(axis=0)
    return LeeCarter(a, centred @ k / (k @ k), k)


def fit_poisson(
    deaths: np.ndarray, exposure: np.ndarray, *, tolerance: float = 1e-12, steps: int = 20_000
) -> LeeCarter:
    """Fit by maximum likelihood, deaths being Poisson with mean exposure · exp(a + b·k).

    Parameters
    ----------
    deaths, exposure : np.ndarray [age, year]
        Persons and person-years; a year of age without any death cannot be fitted.
    tolerance : float
        Relative change of the deviance at which the alternating Newton steps stop.

    Raises
    ------
    RatesError
        If an age has no deaths in all years, or the steps do not converge.

    Notes
    -----
    Source: Brouhns, Denuit and Vermunt (2002), Insurance: Mathematics and Economics 31.
    """
    _check_deaths(deaths)
    model = LeeCarter(
        np.log(deaths.sum(1) / exposure.sum(1)), np.full(len(deaths), 1 / len(deaths)), np.zeros(deaths.shape[1])
    )
    before = np.inf
    for _ in range(steps):
        model = _newton_round(model, deaths, exposure)
        after = deviance(deaths, exposure * model.rates())
        if abs(before - after) <= tolerance * (1 + after):
            return model
        before = after
    raise RatesError(
        f"Das Lee–Carter-Modell konvergiert in {steps} Schritten nicht.",
        remedy="Alter oder Jahre zusammenfassen oder fit_svd wählen.",
    )


def _newton_round(model: LeeCarter, deaths: np.ndarray, exposure: np.ndarray) -> LeeCarter:
    """One Newton step for k, then for a and b, with the constraints restored."""
    a, b, k = model.a, model.b, model.k
    fitted = exposure * model.rates()
    k = k + (b @ (deaths - fitted)) / (b**2 @ fitted)
    a, k = a + b * k.mean(), k - k.mean()
    fitted = exposure * np.exp(a[:, None] + b[:, None] * k)
    a, b = _newton_ab(a, b, k, deaths, fitted)
    return LeeCarter(a + b * k.mean(), b / b.sum(), (k - k.mean()) * b.sum())


def _newton_ab(
    a: np.ndarray, b: np.ndarray, k: np.ndarray, deaths: np.ndarray, fitted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Joint Newton step of a(x) and b(x), age by age a 2 × 2 system."""
    w0, w1, w2 = fitted.sum(1), fitted @ k, fitted @ k**2
    g0, g1 = (deaths - fitted).sum(1), (deaths - fitted) @ k
    determinant = w0 * w2 - w1**2
    return a + (w2 * g0 - w1 * g1) / determinant, b + (w0 * g1 - w1 * g0) / determinant


def deviance(observed: np.ndarray, fitted: np.ndarray) -> float:
    """Poisson deviance 2·Σ(O·log(O/F) − (O − F)), with O·log(O/F) = 0 where O = 0."""
    ratio = np.divide(observed, fitted, out=np.ones_like(fitted), where=observed > 0)
    return float(2 * (observed * np.log(ratio) - (observed - fitted)).sum())


def adjust_deaths(model: LeeCarter, mx: np.ndarray, exposure: np.ndarray) -> LeeCarter:
    """Move k so that the deaths of each year are met in sum."""
    return _adjusted(model, lambda k, t: float(exposure[:, t] @ (_year(model, k) - mx[:, t])))


def adjust_likelihood(model: LeeCarter, mx: np.ndarray, exposure: np.ndarray) -> LeeCarter:
    """Move k to the Poisson maximum of each year, a and b being fixed."""
    return _adjusted(model, lambda k, t: float((model.b * exposure[:, t]) @ (_year(model, k) - mx[:, t])))


def adjust_life_expectancy(model: LeeCarter, e0: np.ndarray, sex: Sex) -> LeeCarter:
    """Move k so that the life expectancy [year] is met."""
    return _adjusted(model, lambda k, t: float(e0[t]) - life_expectancy(_year(model, k), sex))


def life_expectancy(mx: np.ndarray, sex: Sex) -> float:
    """e(0) from single-year rates with Preston's a(0) and 1/m in the open interval."""
    a0 = preston(float(mx[0]), sex)
    return float(life_table(np.arange(len(mx)), mx=mx, ax=a_single(mx, a0)).ex[0])


def drift_forecast(k: np.ndarray, steps: int) -> DriftForecast:
    """Forecast an index as a random walk with drift; the error includes that of the drift.

    Examples
    --------
    >>> drift_forecast(np.array([3.0, 2.0, 0.0, -1.0]), 2).mean.round(3)
    array([-2.333, -3.667])
    """
    changes = np.diff(k)
    drift, n = changes.mean(), len(changes)
    sigma = np.sqrt(((changes - drift) ** 2).sum() / (n - 1))
    h = np.arange(1, steps + 1)
    return DriftForecast(k[-1] + drift * h, sigma * np.sqrt(h * (1 + h / n)))


def _year(model: LeeCarter, k: float) -> np.ndarray:
    return np.asarray(np.exp(model.a + model.b * k))


def _adjusted(model: LeeCarter, gap: Callable[[float, int], float]) -> LeeCarter:
    return replace(model, k=np.array([_root(gap, start, t) for t, start in enumerate(model.k)]))


def _root(gap: Callable[[float, int], float], start: float, year: int) -> float:
    """Index of one year at which the gap closes; the search widens around the first fit."""
    from scipy.optimize import brentq

    reach = 1.0
    while reach <= SEARCH:
        low, high = start - reach, start + reach
        try:
            return float(brentq(gap, low, high, args=(year,), xtol=1e-12))
        except ValueError:  # same sign at both ends
            reach *= 2
    raise RatesError(
        "Der Mortalitätsindex k(t) lässt sich nicht anpassen: Die Zielgröße wird nirgends erreicht.",
        cells=[{"Jahr (Nr.)": year + 1}],
        remedy="Zielwerte prüfen oder ohne Anpassung rechnen.",
    )


def _centred(mx: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    bad = np.argwhere(~(mx > 0))
    if len(bad):
        raise RatesError(
            "Lee–Carter braucht positive Sterbeziffern.",
            cells=[{"age": int(x), "Jahr (Nr.)": int(t) + 1} for x, t in bad],
            remedy="fit_poisson wählen (nimmt Nullen) oder Alter zusammenfassen.",
        )
    logs = np.log(mx)
    a = logs.mean(axis=1)
    return a, logs - a[:, None]


def _check_deaths(deaths: np.ndarray) -> None:
    empty = np.flatnonzero(deaths.sum(axis=1) <= 0)
    if len(empty):
        raise RatesError(
            "In diesen Altern gibt es in keinem Jahr Sterbefälle.",
            cells=[{"age": int(x)} for x in empty],
            remedy="Alter zusammenfassen oder die nationale Tafel verwenden.",
        )
