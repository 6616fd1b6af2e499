"""Shapley values: what each of several changes contributes, whatever the order in which they are made."""

from __future__ import annotations

from collections.abc import Sequence
from math import factorial

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def shapley(values: Floats) -> Floats:
    """Contribution of every change.

    φ_i = Σ_{S without i} |S|!·(k − |S| − 1)!/k! · (v(S with i) − v(S))

    Parameters
    ----------
    values : array (2^k, …)
        Result for every set of changes; bit i of the position says whether change i is made.

    Returns
    -------
    array (k, …)
        Sums over the changes to ``values[-1] − values[0]``.

    Examples
    --------
    >>> shapley(np.array([0.0, 1.0, 2.0, 5.0]))  # two changes: 1 and 2 alone, 5 together
    array([2., 3.])
    """
    k = (len(values) - 1).bit_length()
    return np.stack([_contribution(values, change, k) for change in range(k)]) if k else values[:0]


def subsets(k: int) -> Sequence[tuple[bool, ...]]:
    """Every set of k changes, in the order in which :func:`shapley` expects them."""
    return [tuple(bool(number >> i & 1) for i in range(k)) for number in range(2**k)]


def weight(size: int, k: int) -> float:
    """Share of the orders in which exactly the ``size`` changes of a set come before a given other one."""
    return factorial(size) * factorial(k - size - 1) / factorial(k)


def _contribution(values: Floats, change: int, k: int) -> Floats:
    without = [number for number in range(2**k) if not number >> change & 1]
    weights = np.array([weight(number.bit_count(), k) for number in without])
    gains = values[[number | 1 << change for number in without]] - values[without]
    return np.asarray(np.tensordot(weights, gains, axes=1))
