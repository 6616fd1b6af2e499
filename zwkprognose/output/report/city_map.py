"""The map of change until the target year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zwkprognose.german import number, percent
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.figures.choropleth import Outline, Shape, class_labels, class_limits, class_of, outline
from zwkprognose.output.tables.cross import relative


@dataclass(frozen=True, slots=True)
class MapArea:
    """One area on the map in its first state."""

    shape: Shape
    name: str
    css: str
    text: str


@dataclass(frozen=True, slots=True)
class Map:
    """The map of change until the target year."""

    outline: Outline
    areas: tuple[MapArea, ...]
    classes: tuple[str, ...]
    limits: tuple[float, ...]


def change_map(numbers: Numbers, geometry: Mapping[str, Any]) -> Map:
    """Change of every area until the target year in the main scenario."""
    drawn = outline(geometry, list(numbers.facts.areas))
    base, end = numbers.total[numbers.main, 0], numbers.total[numbers.main, -1]
    change = relative(end - base, base)
    limits = class_limits(change)
    areas = tuple(
        MapArea(shape, name, css_class(value, limits), f"{name}: {_percent(value)} ({number(a)} → {number(b)})")
        for shape, name, value, a, b in zip(
            drawn.shapes, numbers.facts.areas.values(), change.tolist(), base.tolist(), end.tolist(), strict=True
        )
    )
    return Map(drawn, areas, class_labels(limits), limits)


def css_class(value: float, limits: Sequence[float]) -> str:
    """CSS class of a value on the map."""
    found = class_of(value, limits)
    return "k-none" if found is None else f"k{found}"


def _percent(value: float) -> str:
    return "ohne Angabe" if np.isnan(value) else percent(value)
