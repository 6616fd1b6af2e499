"""Outlines of the areas for the map."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from zwkprognose.errors import InputError, OutputError, system_words


def read_geojson(path: Path, areas: Sequence[str] = ()) -> dict[str, Any]:
    """Read a GeoJSON file whose features carry the area key as property ``area``, with every one of ``areas``.

    Raises
    ------
    InputError
        If the file cannot be read or is not GeoJSON, a feature has no area key, an area has no feature, or its
        outline cannot be drawn.
    """
    from zwkprognose.output.figures.choropleth import outline
    from zwkprognose.output.figures.rings import REMEDY, rings_of

    try:
        outlines: dict[str, Any] = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"Die Karte {path} lässt sich nicht lesen: {system_words(error)}.", remedy=REMEDY) from None
    except RecursionError:
        raise InputError(f"Die Karte {path} ist zu tief verschachtelt.", remedy=REMEDY) from None
    except json.JSONDecodeError as error:
        where = f"Zeile {error.lineno}, Spalte {error.colno}"
        raise InputError(f"Die Karte {path} ist kein JSON: {where} ist nicht zu verstehen.", remedy=REMEDY) from None
    except UnicodeDecodeError:
        raise InputError(f"Die Karte {path} ist nicht in UTF-8 gespeichert.", remedy=REMEDY) from None
    except ValueError:
        raise InputError(f"Die Karte {path} ist kein JSON: Eine Zahl ist zu lang.", remedy=REMEDY) from None
    try:
        outline(outlines, list(areas) or list(rings_of(outlines)))
    except OutputError as error:
        without = " Oder ohne Karte rechnen: die Zeile „karte“ aus dem Projekt löschen."
        message = f"{path.name}: {error.message}"
        raise InputError(message, cells=error.cells, remedy=f"{error.remedy}{without}") from None
    return outlines
