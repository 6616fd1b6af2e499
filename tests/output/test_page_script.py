"""The script of the page against the Python of the outputs: the same numbers, words, tables and lines."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from zwkprognose.german import about, number, percent, signed
from zwkprognose.output.content.material import Material, gather
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.quotas import default_quota
from zwkprognose.output.content.services import Service
from zwkprognose.output.figures.lines import lines, spread, wrapped
from zwkprognose.output.figures.pyramid import pyramid
from zwkprognose.output.figures.scales import ticks
from zwkprognose.output.figures.stacks import stacks
from zwkprognose.output.report import words
from zwkprognose.output.report.embedded import embedded
from zwkprognose.output.report.pages import text_of
from zwkprognose.output.report.portraits import _parts
from zwkprognose.output.report.states import states
from zwkprognose.output.report.table_html import cell_text
from zwkprognose.output.report.tiles import tiles
from zwkprognose.output.tables import cross, needs, ranges, ratios
from zwkprognose.output.tables.cross import CrossTable

from .conftest import make_city

#: What rounding at a half may move a line, in user units.
NEAR = 0.11


def engine() -> MiniRacer:
    """The parts of the script that know no browser."""
    context = MiniRacer()
    for name in ("words.js", "figures.js", "tables.js"):
        context.eval(text_of(name))
    return context


def call(context: MiniRacer, code: str, *values: object) -> object:
    """Result of an expression in which ``$0``, ``$1`` … stand for the values."""
    for k, value in enumerate(values):
        code = code.replace(f"${k}", json.dumps(value))
    return json.loads(str(context.eval(f"JSON.stringify({code})")))


@pytest.fixture(scope="module")
def script() -> MiniRacer:
    return engine()


@pytest.fixture(scope="module")
def material(city: xr.Dataset, inputs: xr.Dataset) -> Material:
    places = {str(key): 100.0 + 50 * k for k, key in enumerate(city["area"].values)}
    services = [Service(default_quota("kita_u3"), places), Service(default_quota("pflege"))]
    return gather(city, inputs, services=services)


@pytest.fixture(scope="module")
def page(material: Material) -> MiniRacer:
    """The script with the numbers of the city."""
    context = engine()
    context.eval(f"const data = {embedded(material, (-5.0, -2.5, 0.0, 2.5, 5.0))}")
    return context


def chosen(numbers: Numbers) -> Iterator[tuple[int, int, Numbers]]:
    """Every state: scenario, year, and the numbers as if they ended there under that scenario."""
    for _, s, y in states(numbers):
        year = int(numbers.years[y])
        facts = replace(numbers.facts, main=numbers.facts.scenarios[s], target_year=year)
        upto = {name: values[:, :y] for name, values in numbers.flows.items()}
        city_upto = {name: values[:, :y] for name, values in numbers.city_flows.items()}
        stocks = ("total", "city_total", "by_age", "by_broad_age", "broad_ages", "by_nationality")
        cut = {name: getattr(numbers, name)[:, : y + 1] for name in (*stocks, "city_by_nationality", "city")}
        yield s, year, replace(
            numbers, facts=facts, years=numbers.years[: y + 1], flow_years=numbers.flow_years[:y],
            flows=upto, city_flows=city_upto, **cut,
        )  # fmt: skip


def places(numbers: Numbers) -> list[int | None]:
    return [None, *(i for i in range(len(numbers.facts.areas)) if numbers.shown(i))]


def at(area: int | None) -> int:
    return 0 if area is None else area + 1


def shown(table: CrossTable) -> list[list[str]]:
    """Heads and cells as they are printed."""
    return [list(table.columns), *([cell_text(table, k, v) for k, v in enumerate(row)] for row in table.rows)]


CELLS = """((t) => t && [
  t.columns.map(([text]) => text), ...t.rows.map((row) => row.map((v, k) => cellText(t.columns[k][1], v))),
])"""


def written(page: MiniRacer, table: str, *values: object) -> list[list[str]]:
    return call(page, f"{CELLS}({table})", *values)


@given(st.floats(-1e7, 1e7) | st.integers(-4000, 4000).map(lambda k: k / 8), st.integers(0, 2))
def test_numbers_are_written_alike(script: MiniRacer, value: float, digits: int) -> None:
    assert call(script, "number($0, $1)", value, digits) == number(value, digits)
    assert call(script, "[signed($0, $1), percent($0, $1)]", value, digits) == [
        signed(value, digits), percent(value, digits),
    ]  # fmt: skip


@given(st.integers(0, 10**7))
def test_round_numbers_are_written_alike(script: MiniRacer, value: int) -> None:
    assert call(script, "about($0)", value) == about(value)


def test_headlines_and_tiles_of_every_place_and_state(page: MiniRacer, material: Material) -> None:
    for s, year, numbers in chosen(material.numbers):
        for area in places(numbers):
            said = call(page, "headline(data, data.places[$0], $1, $2)", at(area), s, year)
            assert said == words.headline(numbers, area)
            shown_tiles = call(page, "tilesOf(data, data.places[$0], $1, $2)", at(area), s, year)
            assert [tuple(tile) for tile in shown_tiles] == tiles(numbers, area)


@pytest.mark.parametrize(("start", "end"), [(100, 100), (0, 0), (1, 1), (0, 1), (3, 2), (1200, 1203), (5, 0)])
def test_sentences_agree_with_their_numbers(script: MiniRacer, start: int, end: int) -> None:
    assert call(script, "changeText($0, $1)", start, end) == words.change_text(start, end)
    way = call(script, "way($0, $1, 2020, 2030).join(' ')", start, end)
    assert way == words._way(start, end, 2020, 2030)


def test_tables_of_every_place_and_scenario(page: MiniRacer, material: Material) -> None:
    last = material.numbers.facts.target_year
    for s, year, numbers in chosen(material.numbers):
        if year != last:
            continue
        for area in places(numbers):
            place = (at(area), s, year)
            assert written(page, "linesTable(data, data.places[$0])", *place) == shown(
                cross.population_by_scenario(numbers, area)
            )
            assert written(page, "componentsTable(data, data.places[$0], $1)", *place) == shown(
                cross.components(numbers, area)
            )
            expected = ratios.ratio_table(numbers, area)
            assert written(page, "ratiosTable(data, data.places[$0], $1, $2)", *place) == shown(expected)
            demand = needs.area_needs(numbers, material.needs, area)
            found = written(page, "placeNeeds(data, $0, $1, $2)", *place)
            assert found == (None if demand is None else shown(demand))
            if not np.isnan(numbers.broad(area)[1]).any():
                ages = cross.age_structure(numbers, area)
                assert written(page, "agesTable(data, data.places[$0], $1)", *place) == shown(ages)


def test_tables_of_all_areas(page: MiniRacer, material: Material) -> None:
    last = material.numbers.facts.target_year
    for s, year, numbers in chosen(material.numbers):
        assert written(page, "componentsOverview(data, $0, $1)", s, year) == shown(cross.area_components(numbers))
        found = written(page, "overviewTable(data, data.places.slice(1), data.unit, $0, $1)", s, year)
        expected = shown(cross.area_overview(numbers))
        assert [row[:6] for row in found] == [row[:6] for row in expected]
        if year == last:
            assert found == expected
            for k, need in enumerate(material.needs):
                table = written(page, "needTable(data, data.needs[$0], $1, $2)", k, s, year)
                assert sorted(map(str, table[0])) == sorted(map(str, shown(needs.need_table(numbers, need))[0]))
                by_head = [dict(zip(table[0], row, strict=True)) for row in table[1:]]
                wanted = shown(needs.need_table(numbers, need))
                assert by_head == [dict(zip(wanted[0], row, strict=True)) for row in wanted[1:]]
                sentence = call(page, "needSentence(data, data.needs[$0], $1, $2)", k, s, year)
                assert sentence == words.need_text(numbers, need)


def test_limits_of_a_real_city() -> None:
    from zwkprognose import estimate_rates, load_example, project

    berlin = load_example("berlin").sel(year_end=slice(None, 2020))
    berlin = berlin.assign(population=berlin["population"].where(berlin["area"] != "0102", 0.0))
    districts = {str(key): f"Bezirk {str(key)[:2]}" for key in berlin["area"].values}
    found = gather(project(berlin, estimate_rates(berlin), until=2040), berlin, districts=districts)
    context = engine()
    context.eval(f"const data = {embedded(found, ())}")
    numbers = found.numbers
    said = [0, 0, 0]
    for area in (None, *range(len(numbers.facts.areas))):
        if not numbers.shown(area):
            continue
        place = 0 if area is None else area + 1
        table = written(context, "spansTable(data, data.places[$0])", place)
        expected = ranges.area_spans(numbers, found.spans, area)
        assert expected is not None
        assert table == shown(expected)
        sentence = call(context, "spanSentence(data, data.places[$0], 0)", place)
        assert sentence == words.spans_text(numbers, found.spans, area)
        said[2 if sentence == words.no_span(numbers.facts.kind) else int(words.VERY_WIDE in sentence)] += 1
        drawn = [list(tile) for tile in tiles(numbers, area, found.spans)]
        assert call(context, "tilesOf(data, data.places[$0], 0, 2040)", place) == drawn
    assert min(said) > 0, "areas with limits, wide ones, and none"
    everywhere = ranges.total_spans(numbers, found.spans)
    assert everywhere is not None
    assert written(context, "allSpansTable(data, data.places.slice(1), data.unit)") == shown(everywhere)
    assert found.districts is not None
    assert found.spans.districts is not None
    larger = ranges.total_spans(found.districts, found.spans.districts)
    assert larger is not None
    assert written(context, "namedOnce(allSpansTable(data, data.districts, data.words.district))") == shown(
        cross.named_once(larger)
    )


def numbers_in(text: str) -> list[float]:
    return [float(value) for value in re.findall(r"-?\d+(?:\.\d+)?", text)]


def drawn_alike(found: str, expected: str) -> bool:
    return np.allclose(numbers_in(found), numbers_in(expected), rtol=0, atol=NEAR)


SERIES = st.lists(st.integers(0, 60_000), min_size=6, max_size=6)


@given(st.lists(SERIES, min_size=1, max_size=4))
def test_lines_are_drawn_alike(script: MiniRacer, rows: list[list[int]]) -> None:
    years, names = (
        np.arange(2020, 2026),
        ["Mittlere Variante", "Untere", "Obere", "Ohne (Probe)"][: len(rows)],
    )
    styles = list(range(len(rows)))
    drawn = lines(years, np.array(rows, dtype=float), names, styles=styles, past=[(2015, 70.0)])
    given_lines = [{"name": n, "values": row, "style": k} for k, (n, row) in enumerate(zip(names, rows, strict=True))]
    html = str(call(script, "linesFigure($0, $1, { past: [[2015, 70]] }).html", years.tolist(), given_lines))
    found = dict(re.findall(r'class="line l(\d)(?: strong)?" points="([^"]*)"', html))
    for line in drawn.lines:
        assert drawn_alike(found[str(line.style)], line.path)
    texts = re.findall(r'class="name l(\d)" x="[\d.]+" y="([\d.-]+)"', html)
    labels = {line.style: line.label_y for line in drawn.lines}
    assert all(abs(float(y) + 2 - labels[int(style)]) <= NEAR for style, y in texts)


@given(st.lists(st.lists(st.integers(-900, 900), min_size=5, max_size=5), min_size=1, max_size=4))
def test_bars_are_drawn_alike(script: MiniRacer, rows: list[list[int]]) -> None:
    names = [f"Saldo {k}" for k in range(len(rows))]
    drawn = stacks(np.arange(2021, 2026), dict(zip(names, np.array(rows, dtype=float), strict=True)))
    layers = [{"name": n, "values": row} for n, row in zip(names, rows, strict=True)]
    html = str(call(script, "stacksFigure([2021, 2022, 2023, 2024, 2025], $0, { texts: [] }).html", layers))
    found = re.findall(r'class="part c\d" d="([^"]*)"', html)
    assert all(drawn_alike(path, layer.path) for path, layer in zip(found, drawn.layers, strict=True))
    assert drawn_alike(re.findall(r'class="balance" points="([^"]*)"', html)[0], drawn.balance)


def test_pyramids_are_drawn_alike(page: MiniRacer, material: Material) -> None:
    numbers = material.numbers
    for area in places(numbers):
        found = numbers.pyramid(area)
        if found is None:
            continue
        bands, ages = found
        others = [ages[s, y] for _, s, y in states(numbers)]
        drawn = pyramid(bands, ages[0, 0], ages[0, -1], others)
        code = """(() => {
          const place = data.places[$0], of = (k, y) => agesBySex(data, place, k, y)[1];
          const all = data.scenarios.flatMap((_, k) => data.milestones.map((y) => of(k, y)));
          const [bands, shown] = agesBySex(data, place, 0, data.milestones.at(-1));
          return pyramidFigure(bands, of(0, data.baseYear), shown, all).html;
        })()"""
        html = str(call(page, code, at(area)))
        for css, path in (("men", drawn.shown.left), ("women", drawn.shown.right)):
            assert drawn_alike(re.findall(f'class="{css}" d="([^"]*)"', html)[0], path)
        assert f"Frauen {drawn.shown.right_total}" in html


def test_balances_are_those_of_the_events(page: MiniRacer, material: Material) -> None:
    numbers = material.numbers
    for area in places(numbers):
        found = call(page, "balancesOf(data, data.places[$0], data.main)", at(area))
        assert {b["name"]: b["values"] for b in found} == {k: v.tolist() for k, v in _parts(numbers, area).items()}


@given(st.floats(-1e6, 1e6), st.just(0.0) | st.floats(1e-3, 1e6), st.integers(2, 8))
def test_ticks_are_the_same(script: MiniRacer, low: float, span: float, count: int) -> None:
    assert call(script, "ticks($0, $1, $2)", low, low + span, count) == pytest.approx(ticks(low, low + span, count))


@given(st.lists(st.floats(0, 300), min_size=1, max_size=7))
def test_labels_move_apart_alike(script: MiniRacer, positions: list[float]) -> None:
    assert call(script, "spread($0, 20, 0, 300)", positions) == pytest.approx(spread(positions, 20, 0, 300), abs=NEAR)


@pytest.mark.parametrize(
    "name", ["Natürliche Entwicklung (ohne Wanderung)", "a", "Donaudampfschifffahrtsgesellschaft x y", "  "]
)
def test_long_names_break_alike(script: MiniRacer, name: str) -> None:
    assert tuple(call(script, "wrapped($0)", name)) == wrapped(name)


def test_small_figures_share_one_scale(script: MiniRacer) -> None:
    areas = [{"key": "1", "name": "A<b>", "values": [10, 20]}, {"key": "2", "name": "B", "values": [500, 500]}]
    html = str(call(script, "multiplesFigure($0, [510, 520])", areas))
    assert "A&#60;b&#62; <b>+100\u202f%" in html
    assert "B <b>0\u202f%" in html
    assert float(re.findall(r'cy="([\d.]+)"', html)[1]) == float(re.findall(r"M0 ([\d.]+)H", html)[0])


def test_a_saved_table_is_a_german_csv(script: MiniRacer) -> None:
    rows = [
        ["Gebiet", "Name", "2040", "in %"],
        ["0101", '=A1 "x"; y', "1.234.567", "+3,2\u202f%"],
        ["02", "B", ".", "−0,5\u202f%"],
    ]
    text = str(call(script, "csvOf($0, [true, true, false, false])", rows))
    assert text.startswith("\ufeff")
    found = list(csv.reader(io.StringIO(text[1:]), delimiter=";"))
    assert found == [rows[0], ["0101", '\'=A1 "x"; y', "1234567", "3,2"], ["02", "B", ".", "-0,5"]]


def test_embedded_numbers_cannot_end_the_script_and_hide_what_is_hidden() -> None:
    town = make_city((9000, 3, 700, 12_000), scenarios={"middle": 1.0})
    found = gather(town)
    text = embedded(found, ())
    assert "<" not in text
    assert "&" not in text
    for i, place in enumerate(json.loads(text)["places"][1:]):
        assert ("total" in place) == found.numbers.shown(i)
        assert place.get("ages") is None or not np.isnan(found.numbers.broad_ages[:, :, i]).any()
