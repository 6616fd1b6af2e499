"""Figures as geometry: the drawn lengths are the numbers."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zwkprognose.errors import OutputError
from zwkprognose.german import percent
from zwkprognose.output.figures.choropleth import class_labels, class_limits, class_of, outline
from zwkprognose.output.figures.lines import lines, spread
from zwkprognose.output.figures.pyramid import pyramid
from zwkprognose.output.figures.scales import Scale, ticks
from zwkprognose.output.figures.stacks import stacks
from zwkprognose.output.publication.bands import Band, make_bands

YEARS = np.arange(2020, 2024)
TEXT = st.lists(st.floats(0, 300), min_size=1, max_size=7)


@given(st.floats(-1e6, 1e6), st.just(0.0) | st.floats(1e-3, 1e6), st.integers(2, 8))
def test_ticks_enclose_their_values_and_are_few(low: float, span: float, count: int) -> None:
    marks = ticks(low, low + span, count)
    noise = 1e-6 * max(1, abs(low), span)
    assert marks[0] <= low + noise
    assert marks[-1] >= low + span - noise
    assert 2 <= len(marks) <= count + 3


@given(TEXT)
def test_labels_keep_their_distance_and_order(positions: list[float]) -> None:
    placed = spread(positions, 20, 0, 300)
    order = np.argsort(positions, kind="stable")
    gaps = np.diff(np.array(placed)[order])
    assert (gaps > 19.8).all()
    assert min(placed) >= -0.1
    assert max(placed) <= 300.1


def test_labels_that_do_not_collide_stay() -> None:
    assert spread([10, 100, 200], 20, 0, 300) == [10, 100, 200]


def test_bars_of_a_pyramid_are_as_long_as_the_numbers() -> None:
    bands = make_bands((0, 10, 20), open_age=20)
    base = np.array([[100.0, 200.0, 50.0], [100.0, 100.0, 50.0]])
    drawn = pyramid(bands, base, base * 2)
    right = [float(x) for x in re.findall(r"H([\d.]+)", drawn.shown.right)]
    zero, widths = right[-1], [x - right[-1] for x in right[:-1]]
    # women 200, 400 over ten years each, 100 over the five years of the open band: 20, 40 and 20 a year
    assert widths[0] / widths[1] == pytest.approx(0.5, abs=0.01)
    assert widths[0] / widths[2] == pytest.approx(1.0, abs=0.01)
    assert zero == drawn.right_edge
    assert drawn.shown.right_total == "700"


def test_men_are_left_and_women_right() -> None:
    bands = (Band(0, 9), Band(10, None))
    drawn = pyramid(bands, np.array([[1.0, 1.0], [9.0, 9.0]]), np.zeros((2, 2)))
    assert (drawn.base.left_total, drawn.base.right_total) == ("18", "2")
    assert all(float(x) <= drawn.left_edge for x in re.findall(r"H([\d.]+)", drawn.base.left))


def test_an_empty_area_is_drawn_without_complaint() -> None:
    bands = make_bands((0, 65), open_age=65)
    assert pyramid(bands, np.zeros((2, 2)), np.zeros((2, 2))).base.left_total == "0"
    assert lines(YEARS, np.zeros((1, 4)), ["x"], styles=[0]).lines[0].value == "0"
    assert stacks(YEARS[1:], {"Geburten": np.zeros(3)}).layers[0].path == ""


def test_stacks_grow_away_from_zero() -> None:
    drawn = stacks(YEARS[1:2], {"a": np.array([30.0]), "b": np.array([20.0]), "c": np.array([-10.0])})
    tops = [[float(v) for v in re.findall(r"(?: |V)(-?[\d.]+)", layer.path)] for layer in drawn.layers]
    y = Scale(drawn.frame.y.low, drawn.frame.y.high, drawn.frame.y.start, drawn.frame.y.end)
    assert tops == [[y(0), y(30)], [y(30), y(50)], [y(0), y(-10)]]
    assert drawn.points[0][1] == y(40)


def test_lines_end_at_their_values_and_the_main_one_lies_on_top() -> None:
    drawn = lines(YEARS, np.array([[100.0, 110, 120, 130], [100, 90, 80, 70]]), ["hoch", "tief"], styles=[1, 0])
    assert [line.name for line in drawn.lines] == [("hoch",), ("tief",)]
    by_name = {line.name[0]: line for line in drawn.lines}
    assert by_name["hoch"].end_y < by_name["tief"].end_y
    assert by_name["hoch"].path.split()[0] == by_name["tief"].path.split()[0]


@given(st.lists(st.floats(-80, 300), min_size=1, max_size=60))
def test_six_classes_lie_evenly_around_zero_and_cover_everything(values: list[float]) -> None:
    limits = class_limits(np.array(values))
    assert len(class_labels(limits)) == 6
    assert limits[2] == 0
    assert limits == tuple(-limit for limit in reversed(limits))
    assert {class_of(value, limits) for value in values} <= set(range(6))


@given(st.floats(-30, 30))
def test_the_class_is_that_of_the_printed_number(value: float) -> None:
    limits = (-10.0, -5.0, 0.0, 5.0, 10.0)
    read = float(percent(value).removesuffix("\u202f%").replace("−", "-").replace(",", "."))
    assert class_of(value, limits) == sum(read >= limit for limit in limits)


def test_class_by_hand() -> None:
    limits = (-5.0, -2.5, 0.0, 2.5, 5.0)
    assert [class_of(v, limits) for v in (-7, -5, -0.06, -0.04, 0, 2.44, 2.46, 5)] == [0, 1, 2, 3, 3, 3, 4, 5]
    assert class_of(float("nan"), limits) is None
    assert class_labels(limits) == (
        "unter −5 %", "−5 bis unter −2,5 %", "−2,5 bis unter 0 %",
        "0 bis unter 2,5 %", "2,5 bis unter 5 %", "5 % und mehr",
    )  # fmt: skip


def _square(x: float, y: float) -> list[list[float]]:
    return [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]


def test_a_map_keeps_shapes_north_up_and_metres_as_they_are() -> None:
    polygons = {"a": _square(500_000, 5_800_000), "b": _square(500_001, 5_800_001)}
    features = [
        {"properties": {"area": key}, "geometry": {"type": "MultiPolygon", "coordinates": [[ring]]}}
        for key, ring in polygons.items()
    ]
    drawn = outline({"features": features}, ["a", "b"])
    a, b = drawn.shapes
    assert b.x > a.x
    assert b.y < a.y, "the northern square is drawn above"
    assert drawn.height == pytest.approx(drawn.width, abs=1)


def test_degrees_are_squeezed_towards_the_pole() -> None:
    feature = {"properties": {"area": "a"}, "geometry": {"type": "Polygon", "coordinates": [_square(13, 59.5)]}}
    drawn = outline({"features": [feature]}, ["a"])
    # at 60° a degree of longitude is half as long as one of latitude
    assert drawn.height / drawn.width == pytest.approx(2.0, rel=0.02)


def test_points_are_no_areas() -> None:
    feature = {"properties": {"area": "a"}, "geometry": {"type": "Point", "coordinates": [13, 52]}}
    with pytest.raises(OutputError, match="Point"):
        outline({"features": [feature]}, ["a"])
