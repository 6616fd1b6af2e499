"""Components as bars stacked around zero: above what comes, below what goes, a line for the balance."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zwkprognose.output.figures.frame import Frame, Ticks, frame, year_ticks
from zwkprognose.output.figures.scales import Scale
from zwkprognose.output.publication.rounding import Floats

_BAR = 0.78


@dataclass(frozen=True, slots=True)
class Layer:
    """All bars of one component as one path."""

    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Stacks:
    """Geometry of stacked bars in user units."""

    frame: Frame
    x_ticks: Ticks
    zero: float
    layers: tuple[Layer, ...]
    points: tuple[tuple[float, float], ...]

    @property
    def balance(self) -> str:
        """The line of the balance."""
        return " ".join(f"{x:g},{y:g}" for x, y in self.points)


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
    box = frame(float(below.sum(axis=0).min()), max(float(above.sum(axis=0).max()), 1.0))
    slot = (box.right - box.left) / len(years)
    centres = {year: round(box.left + slot * (k + 0.5), 1) for k, year in enumerate(years.tolist())}
    ends = np.where(table > 0, above.cumsum(axis=0), below.cumsum(axis=0))
    x, width = list(centres.values()), slot * _BAR
    return Stacks(
        box,
        x_ticks=tuple((centres[year], str(year)) for year in year_ticks(int(years[0]), int(years[-1]))),
        zero=box.y(0),
        layers=tuple(Layer(name, _bars(box.y, x, width, ends[k], table[k])) for k, name in enumerate(parts)),
        points=tuple(zip(x, map(box.y, table.sum(axis=0).tolist()), strict=True)),
    )


def _bars(y: Scale, centres: list[float], width: float, ends: Floats, values: Floats) -> str:
    """Rectangles from ``end − value`` to ``end`` of every year with a value."""
    path = []
    for x, end, value in zip(centres, ends.tolist(), values.tolist(), strict=True):
        if value:
            near, far = y(end - value), y(end)
            path.append(f"M{x - width / 2:.1f} {near:g}h{width:.1f}V{far:g}h{-width:.1f}Z")
    return "".join(path)
