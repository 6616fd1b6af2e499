"""Mortality over time: constant, trend with damping, Lee–Carter, or on the way to a target life expectancy.

All act on the hazard behind a death probability, h = −log(1 − q), so that a probability stays one at any
strength. The pattern by age is that of Germany's published tables; areas and groups keep their relative level.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
import xarray as xr

from zwkprognose import national
from zwkprognose.arithmetic import exp, log, log1p, power, summed, total
from zwkprognose.errors import RatesError
from zwkprognose.german import number_text
from zwkprognose.rates.checks import check_choice, check_numbers, projected_years, refuse_years
from zwkprognose.rates.mortality.closing import line
from zwkprognose.rates.mortality.lee_carter import drift_forecast, fit_svd
from zwkprognose.rates.mortality.year_end import scale, year_end_death_prob

Improvement = Literal["constant", "trend", "lee_carter", "target"]

#: Middle years of the tables from which the trend is read; the pandemic is left out.
TREND_YEARS = (1999, 2018)


def improve_mortality(
    rates: xr.Dataset,
    years: Sequence[int],
    *,
    method: Improvement = "trend",
    damping: float = 0.97,
    target_e0: Mapping[str, float] | None = None,
    trend_years: tuple[int, int] = TREND_YEARS,
) -> xr.Dataset:
    """Let the death probabilities of a rates Dataset change over the years of a projection.

    Parameters
    ----------
    rates : xr.Dataset
        With ``death_prob`` for one year.
    years : sequence of int
        Years of the projection, ascending; the first one already improves by one step.
    method : {"constant", "trend", "lee_carter", "target"}
        No change; mean annual decline of log hazard by sex and age; the same from a Lee–Carter fit; or the
        pattern of the trend at the strength that leads to ``target_e0`` in the last year.
    damping : float, 0 … 1
        Each year's decline is this share of the year's before (trend and Lee–Carter); 1 does not damp.
    target_e0 : mapping, years of life
        Life expectancy at birth by sex (``{"female": 86.0, "male": 82.5}``) for the mean of all areas.
    trend_years : (int, int)
        First and last middle year of the national tables used.

    Returns
    -------
    xr.Dataset
        A copy whose ``death_prob`` has the dimension ``year``.

    Raises
    ------
    RatesError
        If an option is impossible or has no effect, or a target is missing or out of reach.

    Notes
    -----
    Damped trend: log h(t) = log h(0) + β·(φ + φ² + … + φᵗ).

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example
    >>> rates = estimate_rates(load_example("bremerhaven"))
    >>> path = improve_mortality(rates, range(2024, 2041), method="target", target_e0={"female": 85, "male": 81})
    >>> last = path["death_prob"].sel(year=2040).mean(["area", "nationality"])
    >>> life_expectancy(last.transpose("sex", "age").values).round(2)
    array([85., 81.])
    """
    check_choice("method", method, Improvement)
    check_numbers(damping=damping)
    refuse_years(rates, "death_prob")
    if target_e0 is not None and method != "target":
        raise RatesError("target_e0 bleibt ohne Wirkung.", remedy='method="target" wählen oder target_e0 weglassen.')
    years = projected_years(years)
    steps = np.arange(1, len(years) + 1)
    open_age = rates.sizes["age"] - 1
    sexes = [str(s) for s in rates["sex"].values]
    if method == "constant":
        change = np.zeros((len(years), len(sexes), open_age + 1))
    elif method in ("trend", "lee_carter"):
        decline = _decline(method, open_age, trend_years, sexes)
        change = decline * np.cumsum(power(damping, steps))[:, None, None]
    else:
        change = _towards_target(rates, target_e0, _decline("trend", open_age, trend_years, sexes), steps)
    return _with_years(rates, years, change, method)


def annual_decline(open_age: int, trend_years: tuple[int, int] = TREND_YEARS) -> xr.DataArray:
    """Mean annual change of log hazard in Germany by sex and age reached (least squares over the tables).

    Returns
    -------
    xr.DataArray [sex, age], per year
        Negative where mortality fell.
    """
    middle, hazards = national_hazards(open_age, trend_years)
    slope = line(middle, log(hazards))[1][..., 0]
    return _by_sex_and_age(slope, open_age)


def lee_carter_decline(open_age: int, trend_years: tuple[int, int] = TREND_YEARS) -> xr.DataArray:
    """Annual change of log hazard b(x)·drift after a Lee–Carter fit of the national tables, sex by sex."""
    _, hazards = national_hazards(open_age, trend_years)
    fits = [fit_svd(h) for h in hazards]
    drift = [fit.b * (drift_forecast(fit.k, 1).mean[0] - fit.k[-1]) for fit in fits]
    return _by_sex_and_age(np.stack(drift), open_age)


def national_hazards(open_age: int, trend_years: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Middle years [period] and hazards [sex, age, period] of the national tables in a span of years."""
    periods = {int(p[:4]) + 1: p for p in national.periods()}
    middle = [y for y in sorted(periods) if trend_years[0] <= y <= trend_years[1]]
    if len(middle) < 3:
        raise RatesError(
            f"Zwischen {trend_years[0]} und {trend_years[1]} liegen zu wenige Sterbetafeln für einen Trend.",
            cells=[{"year": y} for y in middle],
            remedy=f"Einen Zeitraum zwischen {min(periods)} und {max(periods)} wählen.",
        )
    tables = [year_end_death_prob(national.death_prob(periods[y]), open_age).to_numpy() for y in middle]
    return np.array(middle), -log1p(-np.stack(tables, axis=-1))


def life_expectancy(death_prob: np.ndarray) -> np.ndarray:
    """Life expectancy at birth [...] from death probabilities [..., age] by age reached at the end of the year.

    L(0) = 1 − q(0), L(x) = L(x−1)·(1 − q(x)), and T(A) = S·(T(A) + L(A−1)) for the open group.
    """
    survival = 1 - death_prob
    lived = np.cumprod(survival[..., :-1], axis=-1)
    beyond = lived[..., -1] * survival[..., -1] / (1 - survival[..., -1])
    return total(lived, -1) + beyond


def _decline(method: str, open_age: int, trend_years: tuple[int, int], sexes: list[str]) -> np.ndarray:
    pattern = (annual_decline if method == "trend" else lee_carter_decline)(open_age, trend_years)
    both = summed(pattern, ["sex"]) / pattern.sizes["sex"]
    return np.stack([(pattern.sel(sex=s) if s in pattern["sex"] else both).to_numpy() for s in sexes])


def _towards_target(
    rates: xr.Dataset, target_e0: Mapping[str, float] | None, decline: np.ndarray, steps: np.ndarray
) -> np.ndarray:
    """Change of log hazard [year, sex, age]: the trend times a strength that grows evenly to the last year."""
    sexes = [str(s) for s in rates["sex"].values]
    if target_e0 is None or set(target_e0) != set(sexes):
        raise RatesError(
            "Für die Ziel-Lebenserwartung fehlt die Angabe je Geschlecht.",
            cells=[{"sex": s} for s in sexes],
            remedy='target_e0={"female": 86.0, "male": 82.5} angeben.',
        )
    others = [d for d in rates["death_prob"].dims if d not in ("sex", "age")]
    cells = math.prod(rates.sizes[d] for d in others)
    mean = (summed(rates["death_prob"], others) / cells).transpose("sex", "age").to_numpy()
    total = [_strength(q, beta, target_e0[s], s) for q, beta, s in zip(mean, decline, sexes, strict=True)]
    return np.asarray((steps / steps[-1])[:, None, None] * np.array(total)[:, None] * decline)


def _strength(death_prob: np.ndarray, decline: np.ndarray, target: float, sex: str) -> float:
    from scipy.optimize import brentq  # here: half of the time that importing the rates took

    def gap(strength: float) -> float:
        return float(life_expectancy(scale(death_prob, exp(strength * decline)))) - target

    try:
        return float(brentq(gap, -400, 400, xtol=1e-10))
    except ValueError as error:
        raise RatesError(
            f"Die Lebenserwartung von {number_text(target)} Jahren ist nicht zu erreichen.",
            cells=[{"sex": sex, "Lebenserwartung bisher": round(float(life_expectancy(death_prob)), 2)}],
            remedy="Ein Ziel nahe der heutigen Lebenserwartung wählen.",
        ) from error


def _with_years(rates: xr.Dataset, years: Sequence[int], change: np.ndarray, method: str) -> xr.Dataset:
    factor = xr.DataArray(
        exp(change),
        coords={"year": list(years), "sex": rates["sex"].values, "age": rates["age"].values},
        dims=("year", "sex", "age"),
    )
    before = rates["death_prob"]
    with xr.set_options(arithmetic_join="exact"):
        after = xr.apply_ufunc(scale, before, factor).transpose("year", *before.dims)
    out = rates.assign(death_prob=after.assign_attrs(before.attrs))
    return out.assign_attrs(mortality_improvement=method)


def _by_sex_and_age(values: np.ndarray, open_age: int) -> xr.DataArray:
    coords = {"sex": ["female", "male"], "age": np.arange(open_age + 1)}
    return xr.DataArray(values, coords=coords, dims=("sex", "age"))
