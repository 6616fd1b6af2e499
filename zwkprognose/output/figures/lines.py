"""Lines over the years: what happened, and what the scenarios say, each line with its name at its end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from zwkprognose.output.figures.scales import Scale, ticks
from zwkprognose.output.german import number
from zwkprognose.output.numbers import Floats

WIDTH, HEIGHT = 440, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 62, 108, 14, 30
_LABEL_GAP = 26
_LONGEST = 17


@dataclass(frozen=True, slots=True)
class Line:
    """One scenario: path and the label at its end."""

    style: int
    path: str
    end_x: float
    end_y: float
    label_y: float
    name: str
    value: str


@dataclass(frozen=True, slots=True)
class Lines:
    """Geometry of a line figure in user units."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, str], ...]
    lines: tuple[Line, ...]
    past: str
    past_points: tuple[tuple[float, float, str], ...]
    base_x: float


def lines(
    years: NDArray[np.int64], values: Floats, names: Sequence[str], *, main: int, past: Sequence[tuple[int, float]] = ()
) -> Lines:
    """Lay out the lines of all scenarios.

    Parameters
    ----------
    years : int array [y]
    values : array [scenario, y], persons
    names : sequence of str
        Titles of the scenarios.
    main : int
        Position of the main scenario; it gets the first style.
    past : sequence of (year, persons)
        What was counted before and in the base year.
    """
    first = min([int(years[0]), *(year for year, _ in past)])
    all_values = [*values.ravel().tolist(), *(value for _, value in past)]
    y_values = ticks(min(all_values), max(all_values), 5, least=1)
    x = Scale(first, int(years[-1]), _LEFT, WIDTH - _RIGHT)
    y = Scale(y_values[0], y_values[-1], HEIGHT - _BOTTOM, _TOP)
    ends = [y(float(row[-1])) for row in values]
    styles = _styles(len(names), main)
    drawn = [
        Line(styles[k], _polyline(x, y, years.tolist(), row.tolist()), x(int(years[-1])), ends[k], label_y,
             _short(names[k]), number(float(row[-1])))
        for k, (row, label_y) in enumerate(zip(values, spread(ends, _LABEL_GAP, _TOP + 4, HEIGHT - _BOTTOM), strict=True))
    ]  # fmt: skip
    return Lines(
        WIDTH, HEIGHT, _LEFT, WIDTH - _RIGHT, _TOP, HEIGHT - _BOTTOM,
        x_ticks=tuple((x(year), str(year)) for year in _year_ticks(first, int(years[-1]))),
        y_ticks=tuple((y(value), number(value)) for value in y_values),
        lines=tuple(sorted(drawn, key=lambda line: -line.style)),
        past=_polyline(x, y, [year for year, _ in past], [value for _, value in past]),
        past_points=tuple((x(year), y(value), f"{year}: {number(value)}") for year, value in past),
        base_x=x(int(years[0])),
    )  # fmt: skip


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart until none is closer than ``gap`` to the next, staying as near as possible.

    Examples
    --------
    >>> spread([50, 52, 90], 10, 0, 100)
    [46.0, 56.0, 90.0]
    """
    order = sorted(range(len(positions)), key=lambda k: positions[k])
    groups = [[float(positions[k]), 1] for k in order]
    merged: list[list[float]] = []
    for centre, size in groups:
        merged.append([centre, size])
        while len(merged) > 1 and _overlap(merged[-2], merged[-1], gap):
            (a, n), (b, m) = merged[-2], merged[-1]
            merged[-2:] = [[(a * n + b * m) / (n + m), n + m]]
    placed: list[float] = []
    for centre, size in merged:
        first = min(max(centre - gap * (size - 1) / 2, low), max(high - gap * (size - 1), low))
        placed += [round(first + gap * k, 1) for k in range(int(size))]
    result = [0.0] * len(placed)
    for rank, k in enumerate(order):
        result[k] = placed[rank]
    return result


def _overlap(a: list[float], b: list[float], gap: float) -> bool:
    return b[0] - a[0] < gap * (a[1] + b[1]) / 2


def _styles(count: int, main: int) -> list[int]:
    """Style 0 for the main scenario, the others in their order."""
    return [0 if k == main else k + 1 if k < main else k for k in range(count)]


def _year_ticks(first: int, last: int) -> list[int]:
    step = 5 if last - first <= 32 else 10
    return [year for year in range(first, last + 1) if year % step == 0]


def _polyline(x: Scale, y: Scale, years: Sequence[int], values: Sequence[float]) -> str:
    points = " ".join(f"{x(year):g},{y(value):g}" for year, value in zip(years, values, strict=True))
    return points


def _short(name: str) -> str:
    return name if len(name) <= _LONGEST else name[: _LONGEST - 1].rstrip() + "…"
