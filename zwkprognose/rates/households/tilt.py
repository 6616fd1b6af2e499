"""Head quotas say how many households there are; their sizes must still hold exactly the persons there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from zwkprognose.arithmetic import Floats, exp, total
from zwkprognose.errors import RatesError
from zwkprognose.german import decimal, number

TOLERANCE = 1e-12
ROUNDS = 200


def tilted(heads: Floats, sizes: Floats, persons: Floats, areas: Sequence[str] = ()) -> tuple[Floats, Floats]:
    """Households [..., area, size] that hold the persons [..., area], as many as there are heads.

    The odds of neighbouring sizes change by the same factor: H_k · e^(λ·size), with one λ for each area and year, is
    nearest to the heads among all that have their number and these persons (least relative entropy).

    Returns
    -------
    households, factors
        Both [..., area, size].

    Raises
    ------
    RatesError
        If so many persons cannot live in so many households; names the area.
    """
    count = total(np.moveaxis(heads, -1, 0), axis=0)
    lived_in = persons > 0
    mean = np.divide(persons, count, out=np.zeros_like(persons), where=count > 0)
    weights = np.broadcast_to(sizes, heads.shape)
    _check(heads, weights, mean, persons, count, areas)
    slope = np.zeros_like(mean)
    below, above = np.full_like(mean, -ROUNDS), np.full_like(mean, ROUNDS)
    for _ in range(ROUNDS):
        factor = exp(slope[..., None] * (weights - mean[..., None]))
        now, spread = _moments(heads * factor, weights)
        off = np.where(lived_in, now - mean, 0.0)
        apart = np.asarray(~(abs(off) <= TOLERANCE * np.maximum(mean, 1.0)))
        if not apart.any():
            break
        # The mean grows with the slope. A step past a slope already seen goes round in circles: halve what is left.
        below, above = np.where(apart & (off < 0), slope, below), np.where(apart & (off > 0), slope, above)
        step = np.divide(off, spread, out=np.asarray(np.sign(off)), where=spread > 0)
        newton = slope - np.clip(step, -1.0, 1.0)  # at most 1: far away the curve is flat
        slope = np.where(apart & ((newton <= below) | (newton >= above)), (below + above) / 2, newton)
    else:
        _refuse(apart, mean, persons, count, areas)
    bent = heads * factor
    scale = np.divide(count, total(np.moveaxis(bent, -1, 0), axis=0), out=np.zeros_like(count), where=count > 0)
    factors = factor * scale[..., None]
    return heads * factors, factors


def possible(heads: Floats, sizes: Floats, persons: Floats) -> NDArray[np.bool_]:
    """Whether so many persons [..., area] can live there: more than the smallest sizes hold, fewer than the largest."""
    count = total(np.moveaxis(heads, -1, 0), axis=0)
    there = heads > 0
    some = there.any(axis=-1)
    least = np.where(some, np.where(there, sizes, np.inf).min(axis=-1), 0.0)
    most = np.where(some, np.where(there, sizes, -np.inf).max(axis=-1), 0.0)
    return np.asarray((persons == 0) | ((persons > least * count) & (persons < most * count)))


def _moments(weights: Floats, sizes: Floats) -> tuple[Floats, Floats]:
    """Mean and variance of the size."""
    first = [total(np.moveaxis(weights * part, -1, 0), axis=0) for part in (np.ones_like(sizes), sizes, sizes * sizes)]
    whole = np.where(first[0] > 0, first[0], 1.0)
    mean = first[1] / whole
    return mean, first[2] / whole - mean * mean


def _check(heads: Floats, sizes: Floats, mean: Floats, persons: Floats, count: Floats, areas: Sequence[str]) -> None:
    wrong = ~possible(heads, sizes, persons)
    if wrong.any():
        _refuse(wrong, mean, persons, count, areas)


def _refuse(wrong: NDArray[np.bool_], mean: Floats, persons: Floats, count: Floats, areas: Sequence[str]) -> None:
    places = np.unique(np.argwhere(wrong)[:, -1])
    first = [tuple(np.argwhere(wrong & (np.arange(wrong.shape[-1]) == a))[0]) for a in places]
    raise RatesError(
        "Bezugspersonenquoten und Personen widersprechen sich.",
        cells=[
            {"message": f"{areas[at[-1]] if areas else at[-1]}: {number(persons[at])} Personen in Privathaushalten, "
             f"{number(count[at])} Haushalte, also je {decimal(mean[at])} Personen"}
            for at in first
        ],
        remedy="Die Quoten prüfen: Im Mittel muss ein Haushalt mehr als eine Person haben und weniger als die größten.",
    )  # fmt: skip
