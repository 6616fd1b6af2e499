"""Outlines of areas in a GeoJSON document, checked feature by feature before anything is drawn."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from zwkprognose.errors import OutputError

Ring = Sequence[Sequence[float]]

#: Collections within collections that are still followed.
_DEEPEST = 20
#: No coordinate is larger, in degrees or metres.
_FARTHEST = 1e9
#: Points of the smallest closed ring: a triangle, and its first point again.
_FEWEST = 4
REMEDY = (
    "Eine GeoJSON-Datei (FeatureCollection) angeben, in der jede Fläche als Polygon oder MultiPolygon steht und in der "
    "Eigenschaft „area“ den Gebietsschlüssel nennt."
)


def rings_of(geometry: Any, keys: Sequence[str] = ()) -> dict[str, list[Ring]]:
    """All rings of each area; features of areas that are not among ``keys`` are not looked at.

    Raises
    ------
    OutputError
        If this is no FeatureCollection, an area is missing or stands there twice, or an outline cannot be drawn.
    """
    found: dict[str, list[Ring]] = {}
    for number, feature in enumerate(_features(geometry), start=1):
        key = _key(feature, number)
        if keys and key not in keys:
            continue
        if key in found:
            raise OutputError(
                f"In der Karte kommt das Gebiet {key} zweimal vor (zuletzt Fläche {number}).",
                cells=[{"area": key}],
                remedy="Seine Flächen zu einem MultiPolygon vereinen.",
            )
        found[key] = list(_rings(feature.get("geometry"), _Place(key, number)))
    missing = [key for key in keys if key not in found]
    if missing:
        raise OutputError("Der Karte fehlen Gebiete.", cells=[{"area": key} for key in missing], remedy=REMEDY)
    return found


def _features(geometry: Any) -> list[Any]:
    features = geometry.get("features") if isinstance(geometry, Mapping) else None
    if not isinstance(features, list) or not features:
        what = "enthält keine Flächen" if isinstance(features, list) else "ist keine FeatureCollection mit „features“"
        raise OutputError(f"Die Karte {what}.", remedy=REMEDY)
    return features


def _key(feature: Any, number: int) -> str:
    properties = feature.get("properties") if isinstance(feature, Mapping) else None
    key = properties.get("area") if isinstance(properties, Mapping) else None
    if isinstance(key, bool) or not isinstance(key, (str, int)) or key == "":
        raise OutputError(f"Fläche {number} der Karte nennt kein Gebiet.", remedy=REMEDY)
    return str(key)


@dataclass(frozen=True)
class _Place:
    """One feature, to be named in errors."""

    key: str
    number: int

    def error(self, what: str, remedy: str) -> OutputError:
        """The error of this feature."""
        return OutputError(
            f"Der Umriss von Gebiet {self.key} (Fläche {self.number} der Karte) {what}.",
            cells=[{"area": self.key}],
            remedy=remedy,
        )


def _rings(geometry: Any, place: _Place, depth: int = 0) -> Iterator[Ring]:
    """All rings of a polygon, multipolygon or collection."""
    if not isinstance(geometry, Mapping) or depth > _DEEPEST:
        raise place.error("fehlt" if geometry is None else "ist keine Geometrie", "Die Fläche im GIS neu ausgeben.")
    kind = geometry.get("type")
    if kind == "Polygon":
        yield from _polygon(geometry.get("coordinates"), place)
    elif kind == "MultiPolygon":
        for polygon in _filled(geometry.get("coordinates"), place):
            yield from _polygon(polygon, place)
    elif kind == "GeometryCollection":
        for part in _filled(geometry.get("geometries"), place):
            yield from _rings(part, place, depth + 1)
    else:
        raise place.error(f"ist keine Fläche, sondern „{kind}“", "Polygon oder MultiPolygon verwenden.")


def _polygon(coordinates: Any, place: _Place) -> Iterator[Ring]:
    for ring in _filled(coordinates, place):
        if not isinstance(ring, list) or not all(map(_is_point, ring)):
            raise place.error(
                "enthält etwas anderes als Koordinaten",
                "Je Punkt zwei endliche Zahlen schreiben, zum Beispiel [9.1, 47.7].",
            )
        if len(ring) < _FEWEST or list(ring[0][:2]) != list(ring[-1][:2]):
            raise place.error(
                "ist nicht geschlossen", "Jeden Ring mit seinem ersten Punkt enden lassen; er braucht mindestens vier."
            )
        yield ring


def _filled(parts: Any, place: _Place) -> list[Any]:
    if not isinstance(parts, list) or not parts:
        raise place.error("ist leer", "Den Umriss ergänzen.")
    return parts


def _is_point(point: Any) -> bool:
    return isinstance(point, list | tuple) and len(point) >= 2 and all(map(_is_coordinate, point[:2]))


def _is_coordinate(value: Any) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return math.isfinite(value) and abs(value) <= _FARTHEST
