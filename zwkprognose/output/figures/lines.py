"""Lines over the years: what was counted, and what the scenarios say, each line with its name at its end."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from zwkprognose.german import number
from zwkprognose.output.figures.frame import HEIGHT, Frame, Ticks, frame, year_ticks
from zwkprognose.output.figures.scales import Scale
from zwkprognose.output.publication.rounding import Floats

_LINE_HEIGHT = 15
_LONGEST = 17


@dataclass(frozen=True, slots=True)
class Line:
    """One scenario: path and the label at its end."""

    style: int
    path: str
    end_x: float
    end_y: float
    label_y: float
    name: tuple[str, ...]
    value: str


class Fan(NamedTuple):
    """Limits around the lines: years [y], lower and upper [y] in persons."""

    years: NDArray[np.int64]
    lower: Floats
    upper: Floats


@dataclass(frozen=True, slots=True)
class Lines:
    """Geometry of a line figure in user units."""

    frame: Frame
    x_ticks: Ticks
    lines: tuple[Line, ...]
    past: str
    past_points: tuple[tuple[float, float, str], ...]
    base_x: float
    fan: str = ""


def lines(
    years: NDArray[np.int64],
    values: Floats,
    names: Sequence[str],
    *,
    styles: Sequence[int],
    past: Sequence[tuple[int, float]] = (),
    fan: Fan | None = None,
    height: int = HEIGHT,
) -> Lines:
    """Lay out one line per row of ``values``.

    Parameters
    ----------
    years : int array [y]
    values : array [line, y]
    names : sequence of str
        Titles of the lines.
    styles : sequence of int
        Number of the style of every line, 0 is the most prominent.
    past : sequence of (year, persons)
        What was counted before and in the base year.
    fan : Fan, optional
        Limits drawn as an area that opens from the first value of the lines.
    """
    first, last = min([int(years[0]), *(year for year, _ in past)]), int(years[-1])
    seen = [*values.ravel().tolist(), *(value for _, value in past)]
    seen += [] if fan is None else [*fan.lower.tolist(), *fan.upper.tolist()]
    labels = [wrapped(name) for name in names]
    box = frame(min(seen), max(seen), right_texts=[part for label in labels for part in label], height=height)
    x = Scale(first, last, box.left, box.right)
    return Lines(
        box,
        x_ticks=tuple((x(year), str(year)) for year in year_ticks(first, last)),
        lines=_drawn(x, box, years, values, labels, styles),
        past=_polyline(x, box.y, [year for year, _ in past], [value for _, value in past]),
        past_points=tuple((x(year), box.y(value), f"{year}: {number(value)}") for year, value in past),
        base_x=x(int(years[0])),
        fan="" if fan is None else _opening(x, box.y, int(years[0]), float(values[0, 0]), fan),
    )


def spread(positions: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart until none is closer than ``gap`` to the next, staying as near as possible.

    Examples
    --------
    >>> spread([50, 52, 90], 10, 0, 100)
    [46.0, 56.0, 90.0]
    """
    order = sorted(range(len(positions)), key=lambda k: positions[k])
    result = [0.0] * len(positions)
    placed = _placed(_clusters([positions[k] for k in order], gap), gap)
    lowest = _pushed([max(value, low) for value in placed], gap)
    highest = [-value for value in reversed(_pushed([-min(v, high) for v in reversed(lowest)], gap))]
    for k, value in zip(order, highest, strict=True):
        result[k] = value
    return result


def _clusters(positions: Sequence[float], gap: float) -> list[tuple[float, int]]:
    """Centre and size of the groups of labels that touch each other."""
    merged: list[tuple[float, int]] = []
    for position in positions:
        merged.append((float(position), 1))
        while len(merged) > 1 and merged[-1][0] - merged[-2][0] < gap * (merged[-1][1] + merged[-2][1]) / 2:
            (a, n), (b, m) = merged[-2:]
            merged[-2:] = [((a * n + b * m) / (n + m), n + m)]
    return merged


def _placed(clusters: Sequence[tuple[float, int]], gap: float) -> list[float]:
    return [centre + gap * (k - (size - 1) / 2) for centre, size in clusters for k in range(size)]


def _pushed(rising: Sequence[float], gap: float) -> list[float]:
    """Push each value up to at least ``gap`` above the one before."""
    result: list[float] = []
    for value in rising:
        result.append(max(value, result[-1] + gap) if result else value)
    return result


def _drawn(
    x: Scale,
    box: Frame,
    years: NDArray[np.int64],
    values: Floats,
    names: Sequence[tuple[str, ...]],
    styles: Sequence[int],
) -> tuple[Line, ...]:
    """All lines, the most prominent last so that it lies on top."""
    ends = [box.y(float(row[-1])) for row in values]
    gap = _LINE_HEIGHT * (1 + max(map(len, names))) + 2
    places = spread(ends, gap, box.top + 6, box.bottom - gap + _LINE_HEIGHT + 4)
    labels = [round(place, 1) for place in places]
    drawn = [
        Line(
            styles[k], _polyline(x, box.y, years.tolist(), row.tolist()), x(int(years[-1])), ends[k], labels[k],
            names[k], number(float(row[-1])),
        )
        for k, row in enumerate(values)
    ]  # fmt: skip
    return tuple(sorted(drawn, key=lambda line: -line.style))


def _opening(x: Scale, y: Scale, year: int, value: float, fan: Fan) -> str:
    """Corners of the area: out along the upper limits, back along the lower ones."""
    years = [year, *fan.years.tolist(), *reversed(fan.years.tolist())]
    return _polyline(x, y, years, [value, *fan.upper.tolist(), *reversed(fan.lower.tolist())])


def _polyline(x: Scale, y: Scale, years: Sequence[int], values: Sequence[float]) -> str:
    return " ".join(f"{x(year):g},{y(value):g}" for year, value in zip(years, values, strict=True))


def scenario_styles(count: int, main: int) -> list[int]:
    """Style 0 for the main scenario, four further ones for the others in their order.

    Examples
    --------
    >>> scenario_styles(4, main=1)
    [1, 0, 2, 3]
    """
    return [0 if k == main else 1 + (k if k < main else k - 1) % 4 for k in range(count)]


def wrapped(name: str) -> tuple[str, ...]:
    """A name in at most two short lines; a remark in brackets at its end is left to the tables.

    Examples
    --------
    >>> wrapped("Natürliche Entwicklung (ohne Wanderung)")
    ('Natürliche', 'Entwicklung')
    """
    words = re.sub(r"\s*\([^()]*\)$", "", name).split() or [name]
    lines = [words[0]]
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= _LONGEST:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    kept = lines[:2] if len(lines) <= 2 else [lines[0], lines[1] + " …"]
    return tuple(line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…" for line in kept)
