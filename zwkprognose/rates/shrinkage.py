"""Area levels between their own noisy figure and the city's: indirect standardisation with empirical Bayes.

Events O of an area are Poisson around E·θ; the levels θ of all areas (or of all areas of one type) come from one
gamma distribution. The estimate is a weighted mean of the area's own ratio O/E and the mean of all, and the weight
is the share of the ratio's variance that is real. Source: Marshall (1991), Applied Statistics 40.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from zwkprognose.arithmetic import total
from zwkprognose.errors import RatesError


@dataclass(frozen=True)
class Levels:
    """Shrunk levels of all areas; all arrays end with the area axis.

    Attributes
    ----------
    level : np.ndarray
        Level of each area relative to the standard schedule, recalibrated to the events of the city (or type).
    weight : np.ndarray
        Weight B of the area's own ratio, 0 … 1.
    mean : np.ndarray
        Level μ = ΣO/ΣE towards which the area is drawn.
    variance : np.ndarray
        Estimated true variance A between areas.
    observed, expected : np.ndarray
        Events O and expected events E.
    """

    level: np.ndarray
    weight: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    observed: np.ndarray
    expected: np.ndarray


def empirical_bayes(observed: np.ndarray, expected: np.ndarray, groups: np.ndarray | None = None) -> Levels:
    """Shrink the ratios observed/expected of areas towards their common mean.

    Parameters
    ----------
    observed, expected : np.ndarray [..., area], events
        Expected events under the standard schedule; an area may expect none and then gets the mean.
    groups : np.ndarray [area], optional
        Type of each area: shrinkage happens inside the type.

    Returns
    -------
    Levels
        Σ expected·level equals Σ observed of every type exactly (recalibration).
    """
    _check_groups(groups, observed.shape[-1])
    seen, awaited = each_type(observed, groups), each_type(expected, groups)
    mean = on_types(ratio(seen, awaited), groups)
    own = ratio(observed, expected)
    apart = own - mean
    spread = ratio(each_type(expected * apart * apart, groups), awaited)
    noise = ratio(ratio(seen, awaited), awaited / each_type(np.ones(observed.shape[-1]), groups))
    variance = on_types(np.maximum(spread - noise, 0.0), groups)
    weight = ratio(variance * expected, variance * expected + mean)
    level = mean + weight * (own - mean)
    level = level * on_types(ratio(seen, each_type(expected * level, groups)), groups)
    mean, variance = (np.broadcast_to(values, level.shape).copy() for values in (mean, variance))
    return Levels(level, weight, mean, variance, observed, expected)


def level_diagnostics(name: str, levels: Levels | None) -> dict[str, Any]:
    """Level, mean, weight, observed and expected events of each area; nothing if nothing was estimated."""
    if levels is None:
        return {}
    dims = ("nationality", "band", "area")[-levels.level.ndim :]
    parts = ("level", "mean", "weight", "observed", "expected")
    return {f"{name}_{part}": (dims, getattr(levels, part)) for part in parts}


def each_type(values: np.ndarray, groups: np.ndarray | None, axis: int = -1) -> np.ndarray:
    """Sums over the areas of each type along an axis, types ascending; one type if none are given."""
    if groups is None:
        return total(values, axis, keepdims=True)
    members = (np.flatnonzero(groups == group) for group in np.unique(groups))
    return np.concatenate([total(values.take(m, axis), axis, keepdims=True) for m in members], axis)


def on_types(per_type: np.ndarray, groups: np.ndarray | None, axis: int = -1) -> np.ndarray:
    """Values of types along an axis for each area; a single one for all if there are no types."""
    return per_type if groups is None else per_type.take(np.unique(groups, return_inverse=True)[1], axis)


def _check_groups(groups: np.ndarray | None, areas: int) -> None:
    if groups is not None and len(groups) != areas:
        raise RatesError(
            f"Die Gebietstypen gelten für {len(groups)} Gebiete, vorhanden sind {areas}.",
            remedy="Für jedes Gebiet genau einen Typ angeben.",
        )


def ratio(numerator: ArrayLike, denominator: ArrayLike) -> np.ndarray:
    """Quotient that is 0 where nothing is expected (0/0): such an area carries no information."""
    out = np.zeros(np.broadcast_shapes(np.shape(numerator), np.shape(denominator)))
    return np.divide(np.asarray(numerator), np.asarray(denominator), out=out, where=np.asarray(denominator) > 0)
