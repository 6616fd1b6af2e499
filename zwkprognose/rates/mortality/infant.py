"""Mean time lived by those who die in an age interval: the rules that tell life tables apart."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np

from zwkprognose.rates.checks import check_choice

Sex = Literal["female", "male"]
Rule = Literal["preston", "andreev_kingkade", "coale_demeny", "constant_force", "greville"]

#: Andreev and Kingkade (2015), used by the Human Mortality Database: pieces (upper m0, constant, slope).
ANDREEV_KINGKADE: dict[str, tuple[tuple[float, float, float], ...]] = {
    "female": ((0.01724, 0.14903, -2.05527), (0.06891, 0.04667, 3.88089), (np.inf, 0.31411, 0.0)),
    "male": ((0.02300, 0.14929, -1.99545), (0.08307, 0.02832, 3.26021), (np.inf, 0.29915, 0.0)),
}
#: Coale and Demeny (West) as a function of m0 (Preston et al. 2001, table 3.3), for m0 below 0.107.
PRESTON: dict[str, tuple[float, float]] = {"female": (0.053, 2.800), "male": (0.045, 2.684)}
#: Coale and Demeny (West) as a function of q0, for q0 below 0.1.
COALE_DEMENY: dict[str, tuple[float, float]] = {"female": (0.050, 3.000), "male": (0.0425, 2.875)}


def andreev_kingkade(m0: float, sex: Sex) -> float:
    """a(0) from the infant death rate after Andreev and Kingkade."""
    constant, slope = next((c, s) for upper, c, s in ANDREEV_KINGKADE[sex] if m0 < upper)
    return constant + slope * m0


def preston(m0: float, sex: Sex) -> float:
    """a(0) from the infant death rate, Coale–Demeny West in the form of Preston, Heuveline and Guillot."""
    constant, slope = PRESTON[sex]
    return constant + slope * min(m0, 0.107)


def coale_demeny(m0: float, sex: Sex) -> float:
    """a(0) as a linear function of q(0), Coale–Demeny West; q(0) itself depends on a(0).

    From q = m/(1 + (1 − a)·m) and a = c + s·q follows s·m·q² − (1 + (1 − c)·m)·q + m = 0.
    """
    constant, slope = COALE_DEMENY[sex]
    middle = 1 + (1 - constant) * m0
    q0 = (middle - np.sqrt(middle**2 - 4 * slope * m0**2)) / (2 * slope * m0)
    return float(constant + slope * min(q0, 0.1))


def a_single(mx: np.ndarray, a0: float) -> np.ndarray:
    """a(x) of a table by single years: half a year, the given value at age 0, 1/m in the open interval."""
    ax = np.full(mx.shape, 0.5)
    ax[..., 0] = a0
    ax[..., -1] = 1 / mx[..., -1]
    return ax


def constant_force(mx: np.ndarray, width: np.ndarray) -> np.ndarray:
    """a(x) if the force of mortality is constant in each interval: n + 1/m − n/(1 − exp(−n·m)); 1/m at the end."""
    m, n = mx[..., :-1], width[:-1]
    return np.concatenate([n + 1 / m - n / -np.expm1(-n * m), 1 / mx[..., -1:]], axis=-1)


def greville(mx: np.ndarray, age: np.ndarray) -> np.ndarray:
    """a(x) of five-year intervals from the slope of the rates (Greville 1943, as the United Nations use it).

    a = 2.5 − 25/12·(m − k) with k = log(m(x+5)/m(x−5))/10 from age 15 on, 2.5 below; the first two intervals
    (0 and 1–4) are left to the caller as 0.5 and 2.
    """
    ax = np.full(mx.shape, 2.5)
    growth = np.log(mx[..., 2:] / mx[..., :-2]) / 10
    ax[..., 1:-1] = 2.5 - 25 / 12 * (mx[..., 1:-1] - growth)
    ax[..., (age >= 5) & (age < 15)] = 2.5
    ax[..., 0], ax[..., 1], ax[..., -1] = 0.5, 2.0, 1 / mx[..., -1]
    return ax


#: Rules for the first year of life; all later single years have half a year.
INFANT_RULES: dict[str, Callable[[float, Sex], float]] = {
    "preston": preston,
    "andreev_kingkade": andreev_kingkade,
    "coale_demeny": coale_demeny,
}


def separation(age: np.ndarray, mx: np.ndarray, *, rule: Rule = "preston", sex: Sex = "female") -> np.ndarray:
    """Years that the dying live in each interval, a(x), by one of the usual rules; for :func:`life_table`.

    Parameters
    ----------
    age : np.ndarray [age]
        First ages of the intervals.
    mx : np.ndarray [age], per person-year
        Death rates; the last one belongs to the open interval.
    rule : {"preston", "andreev_kingkade", "coale_demeny", "constant_force", "greville"}
        The first three are for single years and differ in the first one (by sex), ``constant_force`` is for any
        intervals, ``greville`` for 0, 1–4, 5–9 …
    sex : {"female", "male"}

    Raises
    ------
    RatesError
        If there is no such rule.

    Examples
    --------
    >>> separation(np.arange(3), np.array([0.004, 0.001, 0.2]), rule="andreev_kingkade").round(3)
    array([0.141, 0.5  , 5.   ])
    """
    check_choice("rule", rule, Rule)
    if rule == "constant_force":
        return constant_force(mx, np.append(np.diff(age), 0))
    if rule == "greville":
        return greville(mx, age)
    return a_single(mx, INFANT_RULES[rule](float(mx[0]), sex))
