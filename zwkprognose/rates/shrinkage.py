"""Area levels between their own noisy figure and the city's: indirect standardisation with empirical Bayes.

Events O of an area are Poisson around E·θ; the levels θ of all areas (or of all areas of one type) come from one
gamma distribution. The estimate is a weighted mean of the area's own ratio O/E and the mean of all, and the weight is
the share of the ratio's variance that is real, by moments. Source: Marshall (1991), Applied Statistics 40.

By moments the real variance is 0 as soon as chance happens to level the differences. So how far the truth may lie from
the estimate is not taken from it, but from all variances that the counts allow (:mod:`real_variance`).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from zwkprognose.arithmetic import total
from zwkprognose.errors import RatesError
from zwkprognose.rates.real_variance import real_variance

#: Rounds in which the parts of areas are brought to the sums of the areas and of the parts.
RAKINGS = 8


@dataclass(frozen=True)
class Levels:
    """Shrunk levels of all areas; all arrays end with the area axis.

    Attributes
    ----------
    level : np.ndarray
        Level of each area relative to the standard schedule, recalibrated to the events of the city (or type).
    weight : np.ndarray
        Weight of the area's own ratio, 0 … 1.
    mean : np.ndarray
        Level μ = ΣO/ΣE towards which the area is drawn.
    variance : np.ndarray
        Estimated true variance A between areas.
    spread : np.ndarray
        Standard deviation of the true level around ``level``, as far as the events tell.
    observed, expected : np.ndarray
        Events O and expected events E.
    """

    level: np.ndarray
    weight: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    spread: np.ndarray
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
    level, weight, mean, variance, back = _by_moments(observed, expected, groups)
    spread = _spread(observed, expected * mean, weight, groups) * mean * back
    return Levels(level, weight, mean, variance, spread, observed, expected)


def empirical_bayes_by_part(observed: np.ndarray, expected: np.ndarray, groups: np.ndarray | None = None) -> Levels:
    """Shrink the ratios of the parts of areas (age bands by group), and keep what is certain of each area as a whole.

    An area that differs from the others in every part would lose a little of the difference in each of them, which for
    its sum is far more than chance. So the parts are raked to the level of the whole area, which has the counts of all
    parts behind it (benchmarking: Pfeffermann and Barnard 1991, Journal of Business & Economic Statistics 9).

    Parameters
    ----------
    observed, expected : np.ndarray [..., area], events
    groups : np.ndarray [area], optional

    Returns
    -------
    Levels
        Σ expected·level equals Σ observed of every type and part, and over the parts of each area the events expected
        at the level of the area as a whole.
    """
    parts = tuple(range(observed.ndim - 1))
    part = empirical_bayes(observed, expected, groups)
    awaited, seen = total(expected, parts), each_type(observed, groups)
    target = _by_moments(total(observed, parts), awaited, groups)[0] * awaited
    level = part.level
    for _ in range(RAKINGS):
        of_parts = total(expected * level, parts)
        level = level * np.where(of_parts > 0, ratio(target, of_parts), 1.0)
        level = level * on_types(ratio(seen, each_type(expected * level, groups)), groups)
    spread = part.spread * np.where(part.level > 0, ratio(level, part.level), 1.0)
    return replace(part, level=level, spread=spread)


def _by_moments(observed: np.ndarray, expected: np.ndarray, groups: np.ndarray | None) -> tuple[np.ndarray, ...]:
    """Level, weight, mean and variance as in :class:`Levels`, and the factor of the recalibration."""
    _check_groups(groups, observed.shape[-1])
    seen, awaited = each_type(observed, groups), each_type(expected, groups)
    mean = on_types(ratio(seen, awaited), groups)
    apart = ratio(observed, expected) - mean
    around = ratio(each_type(expected * apart * apart, groups), awaited)
    noise = ratio(ratio(seen, awaited), awaited / each_type(np.ones(observed.shape[-1]), groups))
    variance = on_types(np.maximum(around - noise, 0.0), groups)
    weight = ratio(variance * expected, variance * expected + mean)
    level = mean + weight * apart
    back = on_types(ratio(seen, each_type(expected * level, groups)), groups)
    mean, variance = (np.broadcast_to(values, level.shape).copy() for values in (mean, variance))
    return level * back, weight, mean, variance, back


def _spread(
    observed: np.ndarray, expected: np.ndarray, weight: np.ndarray, groups: np.ndarray | None
) -> np.ndarray:
    """Standard deviation of the true level around the one with this weight, type by type; the mean is the unit."""
    spread = np.empty(observed.shape)
    for members in [slice(None)] if groups is None else [groups == group for group in np.unique(groups)]:
        known = real_variance(observed[..., members], expected[..., members])
        apart = ratio(observed[..., members], expected[..., members]) - 1.0
        aside = (weight[..., members] - known.weight) * apart
        spread[..., members] = np.sqrt(known.spread * known.spread + aside * aside)
    return spread


def level_diagnostics(name: str, levels: Levels | None) -> dict[str, Any]:
    """Level, mean, weight, spread, observed and expected events of each area; nothing if nothing was estimated."""
    if levels is None:
        return {}
    dims = ("nationality", "band", "area")[-levels.level.ndim :]
    parts = ("level", "mean", "weight", "spread", "observed", "expected")
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
