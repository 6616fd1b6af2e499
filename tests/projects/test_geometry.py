"""Maps that are broken in any way are refused by the area, before anything is computed."""

from __future__ import annotations

import copy
import json
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from zwkprognose.errors import InputError, OutputError
from zwkprognose.output.figures.choropleth import outline
from zwkprognose.projects.geometry import read_geojson

SQUARE = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]


def _feature(key: Any, geometry: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": {"area": key}, "geometry": geometry}


def _polygon(*rings: Any) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": list(rings)}


def _map(*geometries: Any) -> dict[str, Any]:
    """Areas 01, 02 …; the first is a square."""
    shapes = [_polygon(SQUARE), *geometries]
    return {"type": "FeatureCollection", "features": [_feature(f"{i:02d}", s) for i, s in enumerate(shapes, start=1)]}


def _refused(folder: Path, content: str, areas: tuple[str, ...] = ("01", "02")) -> InputError:
    path = folder / "karte.geojson"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_geojson(path, areas)
    assert error.value.remedy
    return error.value


@pytest.mark.parametrize(
    ("geometry", "what"),
    [
        (None, "fehlt"),
        ({}, "keine Fläche"),
        ("Polygon", "keine Geometrie"),
        ({"type": "Point", "coordinates": [0, 0]}, "keine Fläche, sondern „Point“"),
        ({"type": "Polygon"}, "ist leer"),
        (_polygon(), "ist leer"),
        (_polygon([]), "nicht geschlossen"),
        (_polygon(SQUARE[:-1]), "nicht geschlossen"),
        (_polygon([[0, 0], [1, 1], [0, 0]]), "nicht geschlossen"),
        (_polygon([["0", "0"], *SQUARE[1:]]), "Koordinaten"),
        (_polygon([[float("nan"), 0], *SQUARE[1:]]), "Koordinaten"),
        (_polygon([[float("inf"), 0], *SQUARE[1:]]), "Koordinaten"),
        (_polygon([[1e300, 0], *SQUARE[1:]]), "Koordinaten"),
        (_polygon([[True, 0], *SQUARE[1:]]), "Koordinaten"),
        (_polygon([[0], *SQUARE[1:]]), "Koordinaten"),
        (_polygon([0, 1]), "Koordinaten"),
        (_polygon(5), "Koordinaten"),
        ({"type": "Polygon", "coordinates": 5}, "ist leer"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "ist leer"),
        ({"type": "GeometryCollection", "geometries": []}, "ist leer"),
        ({"type": "GeometryCollection", "geometries": [None]}, "fehlt"),
    ],
)
def test_a_broken_outline_names_its_area(tmp_path: Path, geometry: Any, what: str) -> None:
    error = _refused(tmp_path, json.dumps(_map(geometry)))
    assert what in error.message
    assert "Gebiet 02 (Fläche 2 der Karte)" in error.message
    assert error.cells == ({"area": "02"},)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        ("", "kein JSON"), ("{", "kein JSON"), ("[" * 100_000, "verschachtelt"), ("9" * 10_000, "kein JSON"),
        ("null", "FeatureCollection"), ("[]", "FeatureCollection"), ("{}", "FeatureCollection"),
        ("3", "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": []}', "keine Flächen"),
        ('{"type": "FeatureCollection", "features": {}}', "FeatureCollection"),
        (json.dumps(_feature("01", _polygon(SQUARE))), "FeatureCollection"),
        ('{"features": [null]}', "Fläche 1 der Karte nennt kein Gebiet"),
        ('{"features": [{"properties": null}]}', "Fläche 1 der Karte nennt kein Gebiet"),
        ('{"features": [{"properties": {"area": null}}]}', "Fläche 1 der Karte nennt kein Gebiet"),
        ('{"features": [{"properties": {"area": [1]}}]}', "Fläche 1 der Karte nennt kein Gebiet"),
        (json.dumps(_map()), "fehlen Gebiete"),
        (json.dumps({"features": 2 * _map(_polygon(SQUARE))["features"]}), "zweimal"),
    ],
)  # fmt: skip
def test_what_is_no_map_is_refused(tmp_path: Path, content: str, what: str) -> None:
    assert what in _refused(tmp_path, content).message


def test_collections_within_collections_end(tmp_path: Path) -> None:
    deep: Any = _polygon(SQUARE)
    for _ in range(100):
        deep = {"type": "GeometryCollection", "geometries": [deep]}
    assert "Gebiet 02" in _refused(tmp_path, json.dumps(_map(deep))).message


@pytest.mark.parametrize("ring", [[[0, 0], [0, 0], [0, 0], [0, 0]], [[9, 120], [10, 120], [10, 130], [9, 120]]])
def test_no_extent_or_no_latitude(tmp_path: Path, ring: Any) -> None:
    content = json.dumps({"features": [_feature("01", _polygon(ring))]})
    assert "Ausdehnung" in _refused(tmp_path, content, ("01",)).message


def test_areas_that_are_not_projected_do_not_matter(tmp_path: Path) -> None:
    path = tmp_path / "karte.geojson"
    path.write_text(json.dumps(_map(None)), encoding="utf-8")
    assert outline(read_geojson(path, ["01"]), ["01"]).shapes[0].key == "01"


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "fehlt.geojson"):
        with pytest.raises(InputError, match="lässt sich nicht lesen"):
            read_geojson(path)


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, part in inner for place in _places(part, (*path, key)))]


@given(seed=st.integers(0, 2**32))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_part_of_a_map_may_be_anything(seed: int) -> None:
    """One value anywhere is replaced or missing: the map is drawn with finite numbers, or refused."""
    chance = random.Random(seed)
    double = {"type": "MultiPolygon", "coordinates": [[SQUARE], [SQUARE]]}
    whole = {"map": copy.deepcopy(_map(_polygon(SQUARE), double))}
    place = chance.choice(_places(whole)[1:])
    holder: Any = whole
    for key in place[:-1]:
        holder = holder[key]
    if chance.random() < 0.2 and isinstance(holder, list | dict):
        del holder[place[-1]]
    else:
        holder[place[-1]] = chance.choice([None, True, "x", -1, 1e400, 7.5, [], {}, [[]], [1, 2], {"type": "Polygon"}])
    try:
        drawn = outline(whole.get("map"), ["01", "02", "03"])  # type: ignore[arg-type]
    except OutputError as error:
        assert error.remedy  # noqa: PT017
        return
    assert drawn.height < 1e6
    assert all(abs(shape.x) < 1e6 and "nan" not in shape.path and "inf" not in shape.path for shape in drawn.shapes)
