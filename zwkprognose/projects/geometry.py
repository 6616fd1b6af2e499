"""Outlines of the areas for the map."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zwkprognose.errors import InputError


def read_geojson(path: Path, areas: Sequence[str] = ()) -> dict[str, Any]:
    """Read a GeoJSON file whose features carry the area key as property ``area``, with every one of ``areas``.

    Raises
    ------
    InputError
        If the file cannot be read, is not GeoJSON, a feature has no area key, or an area has no feature.
    """
    remedy = "eine GeoJSON-Datei mit der Eigenschaft »area« (Gebietsschlüssel) je Fläche angeben"
    try:
        outlines = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"Die Karte {path} lässt sich nicht lesen: {error.strerror}.", remedy=remedy) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"Die Karte {path} ist kein JSON in UTF-8 ({error}).", remedy=remedy) from None
    features = outlines.get("features") if isinstance(outlines, dict) else None
    if not isinstance(features, list) or not all("area" in _properties(f) for f in features):
        raise InputError(f"Die Karte {path} nennt nicht für jede Fläche ein Gebiet.", remedy=remedy)
    missing = [area for area in areas if area not in {str(_properties(f)["area"]) for f in features}]
    if missing:
        raise InputError(
            f"Der Karte {path} fehlen Gebiete.",
            cells=[{"area": area} for area in missing],
            remedy=f"{remedy}, oder ohne Karte rechnen: die Zeile »karte« aus dem Projekt löschen",
        )
    return outlines


def _properties(feature: Any) -> dict[str, Any]:
    return (feature.get("properties") or {}) if isinstance(feature, dict) else {}
