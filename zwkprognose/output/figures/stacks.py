"""Components as bars stacked around zero: above what comes, below what goes, a line for the balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zwkprognose.output.figures.scales import Scale, ticks
from zwkprognose.output.german import number
from zwkprognose.output.numbers import Floats

WIDTH, HEIGHT = 440, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 10, 12, 30


@dataclass(frozen=True, slots=True)
class Layer:
    """All bars of one component as one path."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Stacks:
    """Geometry of stacked bars in user units."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    zero: float
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    layers: tuple[Layer, ...]
    balance: str
    points: tuple[tuple[float, float], ...]


def stacks(years: NDArray[np.int64], parts: Mapping[str, Floats]) -> Stacks:
    """Lay out signed components of every year.

    Parameters
    ----------
    years : int array [t]
    parts : mapping of name to array [t]
        Persons, negative for what goes; positive and negative parts stack away from zero.
    """
    table = np.stack(list(parts.values()))
    above, below = np.where(table > 0, table, 0.0), np.where(table < 0, table, 0.0)
    y_values = ticks(float(below.sum(0).min()), float(max(above.sum(0).max(), 1.0)), 5, least=1)
    y = Scale(y_values[0], y_values[-1], HEIGHT - _BOTTOM, _TOP)
    slot = (WIDTH - _LEFT - _RIGHT) / len(years)
    centres = [round(_LEFT + slot * (k + 0.5), 1) for k in range(len(years))]
    ends = np.where(table > 0, above.cumsum(0), below.cumsum(0))
    total = table.sum(axis=0).tolist()
    points = tuple((x, y(value)) for x, value in zip(centres, total, strict=True))
    return Stacks(
        WIDTH, HEIGHT, _LEFT, WIDTH - _RIGHT, _TOP, HEIGHT - _BOTTOM, y(0),
        x_ticks=tuple((x, str(year)) for x, year in zip(centres, years.tolist(), strict=True) if year % 5 == 0),
        y_ticks=tuple((y(value), number(value)) for value in y_values),
        layers=tuple(
            Layer(name, _bars(y, centres, slot * 0.78, ends[k], table[k])) for k, name in enumerate(parts)
        ),
        balance=" ".join(f"{x:g},{v:g}" for x, v in points),
        points=points,
    )  # fmt: skip


def _bars(y: Scale, centres: list[float], width: float, ends: Floats, values: Floats) -> str:
    """Rectangles from ``end − value`` to ``end`` of every year with a value."""
    path = []
    for x, end, value in zip(centres, ends.tolist(), values.tolist(), strict=True):
        if value:
            near, far = y(end - value), y(end)
            path.append(f"M{x - width / 2:.1f} {near:g}h{width:.1f}V{far:g}h{-width:.1f}Z")
    return "".join(path)
