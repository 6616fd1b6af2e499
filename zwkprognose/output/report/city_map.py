"""The map of change, and what the script needs to switch it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zwkprognose.german import number, percent
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.figures.choropleth import Outline, Shape, class_labels, class_limits, class_of, outline
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.report.states import states
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


def choices(numbers: Numbers, limits: Sequence[float]) -> str:
    """What the script needs to switch the map: totals of every area by state, as compact JSON."""
    known = {key: _whole(numbers.total[s, y]) for key, s, y in states(numbers)}
    data = {
        "base": _whole(numbers.total[numbers.main, 0]),
        "baseYear": numbers.facts.base_year,
        "names": list(numbers.facts.areas.values()),
        "limits": list(limits),
        "states": known,
    }
    return json.dumps(data, separators=(",", ":")).replace("<", "\\u003c")


def _whole(values: Floats) -> list[int | None]:
    """Whole numbers for the script, null where nothing may be shown."""
    return [None if np.isnan(value) else int(value) for value in values]


def _percent(value: float) -> str:
    return "ohne Angabe" if np.isnan(value) else percent(value)
