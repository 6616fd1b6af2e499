"""Population pyramids: men left, women right, bars over single years or bands, a base year as outline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.german import number
from zwkprognose.output.figures.scales import Scale, ticks
from zwkprognose.output.publication.bands import Band
from zwkprognose.output.publication.rounding import Floats

WIDTH, HEIGHT = 520, 540
_TOP, _BOTTOM, _GAP, _SIDE = 34, 46, 20, 26
#: Years of age over which the open band is drawn.
OPEN_WIDTH = 5


@dataclass(frozen=True, slots=True)
class Bars:
    """One state of the pyramid: outlines of both sides and their totals."""

    left: str
    right: str
    left_total: str
    right_total: str


@dataclass(frozen=True, slots=True)
class Pyramid:
    """Geometry of a pyramid in user units."""

    width: int
    height: int
    left_edge: float
    right_edge: float
    top: int
    bottom: int
    age_ticks: tuple[tuple[float, str], ...]
    value_ticks: tuple[tuple[float, str], ...]
    base: Bars
    shown: Bars


def pyramid(bands: Sequence[Band], base: Floats, shown: Floats, others: Sequence[Floats] = ()) -> Pyramid:
    """Lay out a pyramid.

    Bands of different width are drawn as persons per year of age, so that areas compare.

    Parameters
    ----------
    bands : sequence of Band
    base : array [2, band]
        Women and men in the base year.
    shown : array [2, band]
        The year that is drawn as areas.
    others : sequence of array [2, band]
        Years and scenarios that share the scale.
    """
    top_age = bands[-1].first + OPEN_WIDTH
    widths = np.array([band.width or OPEN_WIDTH for band in bands])
    most = max(float((values / widths).max()) for values in (base, shown, *others))
    most = max(most, 0.5) * 1.03
    steps = [step for step in ticks(0, most, 3 if most >= 10_000 else 4) if step <= most]
    centre = WIDTH / 2
    age = Scale(0, top_age, HEIGHT - _BOTTOM, _TOP)
    right = Scale(0, most, centre + _GAP, WIDTH - _SIDE)
    left = Scale(0, most, centre - _GAP, _SIDE)
    edges = [age(band.first) for band in bands] + [age(top_age)]
    return Pyramid(
        WIDTH, HEIGHT, centre - _GAP, centre + _GAP, _TOP, HEIGHT - _BOTTOM,
        age_ticks=tuple((age(a), str(a)) for a in range(0, top_age, 10)),
        value_ticks=tuple((scale(v), number(v, 0 if v == int(v) else 1)) for scale in (left, right) for v in steps),
        base=_bars(base / widths, base, left, right, edges),
        shown=_bars(shown / widths, shown, left, right, edges),
    )  # fmt: skip


def _bars(density: Floats, counts: Floats, left: Scale, right: Scale, edges: list[float]) -> Bars:
    women, men = counts.sum(axis=1)
    return Bars(_steps(left, density[1], edges), _steps(right, density[0], edges), number(men), number(women))


def _steps(scale: Scale, values: Floats, edges: list[float]) -> str:
    """Path of a staircase from the axis outwards and back."""
    path = [f"M{scale(0):g} {edges[0]:g}"]
    for value, upper in zip(values.tolist(), edges[1:], strict=True):
        path.append(f"H{scale(value):g}V{upper:g}")
    return "".join(path) + f"H{scale(0):g}Z"
