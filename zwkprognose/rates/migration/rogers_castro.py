"""Rogers–Castro model migration schedules: children, labour force, retirement and a constant.

m(x) = a1·exp(−α1·x) + a2·exp(−α2(x−μ2) − exp(−λ2(x−μ2))) + a3·exp(−α3(x−μ3) − exp(−λ3(x−μ3)))
     + a4·exp(α4·x) + c; with 7 parameters (a1 … λ2, c), 9 (upward slope), 11 (retirement peak) or 13 (both).
"""

from __future__ import annotations

import numpy as np

from zwkprognose.arithmetic import exp

#: Typical shape of moves across a city line: a young peak, children with their parents, few of the old.
STANDARD = {"a1": 0.02, "alpha1": 0.1, "a2": 0.06, "alpha2": 0.1, "mu2": 20.0, "lambda2": 0.4, "c": 0.003}


def rogers_castro(
    age: np.ndarray,
    *,
    a1: float,
    alpha1: float,
    a2: float,
    alpha2: float,
    mu2: float,
    lambda2: float,
    a3: float = 0.0,
    alpha3: float = 0.0,
    mu3: float = 0.0,
    lambda3: float = 0.0,
    a4: float = 0.0,
    alpha4: float = 0.0,
    c: float = 0.0,
) -> np.ndarray:
    """Migration intensity by age under a Rogers–Castro schedule.

    Source: Rogers and Castro (1981), Model Migration Schedules, IIASA RR-81-30.

    Examples
    --------
    >>> rates = rogers_castro(np.arange(100), **STANDARD)
    >>> int(rates[15:].argmax()) + 15
    23
    """
    labour = a2 * exp(-alpha2 * (age - mu2) - exp(-lambda2 * (age - mu2)))
    retirement = a3 * exp(-alpha3 * (age - mu3) - exp(-lambda3 * (age - mu3))) if a3 else 0.0
    return np.asarray(a1 * exp(-alpha1 * age) + labour + retirement + a4 * exp(alpha4 * age) + c)
