"""Demand in tables, report and workbook: added by hand, beside its range, and silent where ages are."""

from __future__ import annotations

import html
from pathlib import Path

import numpy as np
import pytest
import python_calamine
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output import Quota, Rate, default_quota, demand, publish, write_excel, write_report
from zwkprognose.output.facts import facts_of
from zwkprognose.output.need_tables import Need, area_needs, need_table, needs_of, short_of_places
from zwkprognose.output.numbers import Numbers, numbers_of
from zwkprognose.output.report.words import need_text

SCHOOL = Quota("schule", "Kinder <8>", (Rate(6, 9, 0.5),), "=eigene Annahme", small_margin=0.25)
PLACES = {"0001": 300.0, "0002": 5.0, "0003": 10.0, "0004": 9000.0, "0005": 1.0}


@pytest.fixture(scope="module")
def numbers(city: xr.Dataset, inputs: xr.Dataset) -> Numbers:
    return numbers_of(publish(city), facts_of(city, inputs))


@pytest.fixture(scope="module")
def need(city: xr.Dataset, numbers: Numbers) -> Need:
    (one,) = needs_of([demand(city, SCHOOL, capacity=PLACES)], numbers.facts)
    return one


def _half(city: xr.Dataset, area: str, year: int, scenario: str = "middle") -> float:
    people = city["population"].sel(area=area, year_end=year, scenario=scenario, age=slice(6, 9))
    return 5 * round(0.5 * float(people.sum()) / 5)


def test_the_table_by_hand(numbers: Numbers, need: Need, city: xr.Dataset) -> None:
    table = need_table(numbers, need)
    assert table.columns == (
        "Gebiet", "Name", "2020", "2025", "2027", "2027 von", "2027 bis", "2027: Variante lower",
        "2027: Variante upper", "Plätze", "Plätze − Bedarf 2027", "Plätze fehlen ab",
    )  # fmt: skip
    rows = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    small, large, whole = rows["0003"], rows["0004"], rows[""]
    assert [small["2020"], small["2025"], small["2027"]] == [_half(city, "0003", y) for y in (2020, 2025, 2027)]
    assert small["2027: Variante upper"] == _half(city, "0003", 2027, "upper")
    assert abs(float(small["2027 von"]) - 0.75 * float(small["2027"])) <= 5
    assert (large["2027 von"], whole["2027 bis"]) == ("–", "–")
    assert (large["Plätze"], large["Plätze − Bedarf 2027"]) == (9000.0, 9000 - float(large["2027"]))
    assert large["Plätze fehlen ab"] == "–"
    assert small["Plätze fehlen ab"] == "2020"
    assert whole["Plätze"] == sum(PLACES.values())
    assert abs(float(whole["2027"]) - sum(_half(city, a, 2027) for a in PLACES)) <= 15


def test_areas_that_hide_their_ages_hide_their_demand(numbers: Numbers, need: Need) -> None:
    hidden = [key for i, key in enumerate(numbers.facts.areas) if np.isnan(numbers.by_age[:, :, i]).any()]
    assert "0002" in hidden
    for row in need_table(numbers, need).rows:
        if row[0] in hidden:
            assert np.isnan(np.array(row[2:9], dtype=float)).all()
            assert np.isnan(float(row[10]))
            assert row[11] == "•"
            assert area_needs(numbers, [need], list(numbers.facts.areas).index(row[0])) is None
    lacking = [key for key in ("0001", "0003", "0005") if key not in hidden and PLACES[key] < 200]
    assert short_of_places(numbers, need) == len(lacking)


def test_an_area_reads_its_demand_with_the_range(numbers: Numbers, need: Need, city: xr.Dataset) -> None:
    table = area_needs(numbers, [need], 2)
    assert table is not None
    assert table.columns == ("31.12.", "2020", "2025", "2027")
    value = f"{_half(city, '0003', 2027):.0f} ("
    assert str(table.rows[0][-1]).startswith(value)
    whole = area_needs(numbers, [need], None)
    assert whole is not None
    assert "(" not in str(whole.rows[0][-1])
    assert need_text(numbers, need).startswith("Insgesamt 2020 rund ")
    assert "9.316 Plätze" in need_text(numbers, need)


def test_report_and_workbook_show_it(city: xr.Dataset, inputs: xr.Dataset, tmp_path: Path) -> None:
    demands = [demand(city, [SCHOOL, default_quota("kita_u3")]), demand(city, SCHOOL, capacity=PLACES)]
    text = write_report(city, tmp_path / "a.html", inputs=inputs, demands=demands).read_text(encoding="utf-8")
    assert 'id="bedarf"' in text
    assert "Kinder <8>" in html.unescape(text)
    assert "Kinder <8>" not in text
    assert "25 bis 30 %" in text
    book = python_calamine.CalamineWorkbook.from_path(
        str(write_excel(city, tmp_path / "a.xlsx", inputs=inputs, demands=demands))
    )
    assert [name for name in book.sheet_names if name.startswith("Bedarf")] == ["Bedarf 1", "Bedarf 2", "Bedarf 3"]
    notes = "\n".join(str(cell) for row in book.get_sheet_by_name("Hinweise").to_python() for cell in row)
    assert "=eigene Annahme" in notes
    assert "Betreuungsquote von Kindern unter 3 Jahren" in notes


def test_demand_of_the_city_alone_is_refused(city: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="andere Gebiete"):
        write_report(city, tmp_path / "a.html", demands=[demand(city, SCHOOL, by=())])
    assert list(tmp_path.iterdir()) == []


def test_four_school_years_follow_the_kindergarten(city: xr.Dataset) -> None:
    """From three on, every child is in the kindergarten or at school, once."""
    both = demand(city, [default_quota("kita_ue3"), default_quota("grundschule")], by=())["demand"].sum("quota")
    ages = city["population"].sum(["area", "nationality", "sex"])
    children = ages.sel(age=slice(3, 9)).sum("age") + 0.25 * ages.sel(age=10)
    np.testing.assert_allclose(both.transpose(*children.dims), children)
