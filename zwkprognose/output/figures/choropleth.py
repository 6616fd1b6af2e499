"""Maps of the areas: outlines from GeoJSON, six classes with round limits around zero."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from zwkprognose.errors import OutputError
from zwkprognose.german import number
from zwkprognose.output.figures.rings import Ring, rings_of
from zwkprognose.output.publication.rounding import Floats

WIDTH = 640
_MARGIN = 4
_STEPS = (0.5, 1, 2, 2.5, 5, 10, 15, 20, 25, 50, 100)


@dataclass(frozen=True, slots=True)
class Shape:
    """Outline of one area and its middle, in user units."""

    key: str
    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Outline:
    """All areas of a map."""

    width: int
    height: int
    shapes: tuple[Shape, ...]


def outline(geometry: Mapping[str, Any], keys: Sequence[str]) -> Outline:
    """Project the areas of a GeoJSON FeatureCollection onto the page.

    Longitude and latitude are drawn equidistant along the middle parallel; coordinates in metres as they are.

    Raises
    ------
    OutputError
        If an area of the projection has no outline (property ``area``), or one that cannot be drawn.
    """
    features = rings_of(geometry, keys)
    points = np.concatenate([np.asarray([p[:2] for p in ring]) for key in keys for ring in features[key]])
    (west, south), (east, north) = points.min(axis=0), points.max(axis=0)
    is_degrees = abs(points).max() <= 180
    if east <= west or north <= south or (is_degrees and max(-south, north) > 85):
        raise OutputError(
            "Die Flächen der Karte haben keine Ausdehnung, oder Länge und Breite sind vertauscht.",
            remedy="Koordinaten als [Länge, Breite] in Grad oder als [Rechtswert, Hochwert] in Metern schreiben.",
        )
    squeeze = math.cos(math.radians((south + north) / 2)) if is_degrees else 1.0
    scale = (WIDTH - 2 * _MARGIN) / ((east - west) * squeeze)
    frame = _Frame(west, north, scale * squeeze, scale)
    height = math.ceil((north - south) * scale + 2 * _MARGIN)
    return Outline(WIDTH, height, tuple(_shape(key, features[key], frame) for key in keys))


def class_limits(values: Floats) -> tuple[float, ...]:
    """Five round limits around zero that spread the changes most evenly over six classes: three lose, three gain.

    Examples
    --------
    >>> class_limits(np.array([-4.0, -1.0, 2.0, 3.0, 7.0, 8.0, 12.0]))
    (-5.0, -2.5, 0.0, 2.5, 5.0)
    """
    known = values[~np.isnan(values)]
    options = [(-2.0 * step, -1.0 * step, 0.0, 1.0 * step, 2.0 * step) for step in _STEPS]
    return max(options, key=lambda limits: _evenness(known, limits))


def class_of(value: float, limits: Sequence[float]) -> int | None:
    """Number of the class, 0 is the lowest; None for a value that is not there.

    The class is that of the number as it is printed, with one decimal: +2,5 % never stands in a class below 2,5 %.

    Examples
    --------
    >>> class_of(2.46, (-5.0, -2.5, 0.0, 2.5, 5.0)), class_of(-0.04, (-5.0, -2.5, 0.0, 2.5, 5.0))
    (4, 3)
    """
    return None if math.isnan(value) else int(np.searchsorted(limits, float(f"{value:.1f}"), side="right"))


def class_labels(limits: Sequence[float]) -> tuple[str, ...]:
    """German names of the classes: ``unter −5 %``, ``−5 bis unter 0 %`` …"""
    texts = [number(limit, 0 if limit == int(limit) else 1) for limit in limits]
    between = [f"{a} bis unter {b} %" for a, b in pairwise(texts)]
    return (f"unter {texts[0]} %", *between, f"{texts[-1]} % und mehr")


@dataclass(frozen=True, slots=True)
class _Frame:
    west: float
    north: float
    x_scale: float
    y_scale: float

    def points(self, ring: Ring) -> list[tuple[float, float]]:
        return [(self.x(float(point[0])), self.y(float(point[1]))) for point in ring]

    def x(self, east: float) -> float:
        return round((east - self.west) * self.x_scale + _MARGIN, 1)

    def y(self, north: float) -> float:
        return round((self.north - north) * self.y_scale + _MARGIN, 1)


def _evenness(values: Floats, limits: Sequence[float]) -> float:
    """Entropy of the class sizes."""
    shares = np.bincount(np.searchsorted(limits, values, side="right"), minlength=6) / max(len(values), 1)
    return float(-(shares[shares > 0] * np.log(shares[shares > 0])).sum())


def _shape(key: str, rings: list[Ring], frame: _Frame) -> Shape:
    drawn = [frame.points(ring) for ring in rings]
    x, y = np.mean(max(drawn, key=len), axis=0)
    return Shape(key, "".join(_path(ring) for ring in drawn), round(float(x), 1), round(float(y), 1))


def _path(points: list[tuple[float, float]]) -> str:
    kept = [point for k, point in enumerate(points) if k == 0 or point != points[k - 1]]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in kept) + "Z"
