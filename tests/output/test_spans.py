"""Limits in report and workbook: those of the evaluation, rounded outwards, protected, explained in words."""

from __future__ import annotations

import html
import json
import zipfile
from pathlib import Path

import numpy as np
import pytest
import python_calamine
import xarray as xr

import zwkprognose as zwk
from zwkprognose.evaluation import intervals
from zwkprognose.output import Service, default_quota, default_quotas, write_excel, write_report
from zwkprognose.output.content.facts import Facts, facts_of
from zwkprognose.output.content.material import gather
from zwkprognose.output.content.notes import span_sentences, totals_rule
from zwkprognose.output.content.numbers import Numbers, numbers_of
from zwkprognose.output.content.spans import (
    CITY,
    NO_INPUTS,
    OTHER_AREAS,
    TOO_LITTLE,
    Spans,
    fan_of,
    outward,
    shown_limits,
    spans_of,
)
from zwkprognose.output.report.words import spans_text, typical_text
from zwkprognose.output.tables.ranges import age_spans, area_spans, total_spans

UNTIL = 2032


@pytest.fixture(scope="module")
def berlin() -> xr.Dataset:
    return zwk.load_example("berlin")


@pytest.fixture(scope="module")
def projection(berlin: xr.Dataset) -> xr.Dataset:
    natural = zwk.Scenario.bundled("natural")
    return zwk.project(berlin, zwk.estimate_rates(berlin), natural, until=UNTIL, totals="shrunk")


@pytest.fixture(scope="module")
def facts(projection: xr.Dataset, berlin: xr.Dataset) -> Facts:
    return facts_of(projection, berlin)


@pytest.fixture(scope="module")
def spans(berlin: xr.Dataset, facts: Facts) -> Spans:
    return spans_of(berlin, facts)


@pytest.fixture(scope="module")
def numbers(projection: xr.Dataset, facts: Facts) -> Numbers:
    return numbers_of(zwk.publish(projection), facts)


def test_limits_are_never_narrower_than_those_of_the_evaluation(spans: Spans, berlin: xr.Dataset) -> None:
    plain = intervals(berlin, [2025, 2030, UNTIL], levels=[0.8]).sel(level=0.8)
    assert spans.totals is not None
    totals = spans.totals.drop_sel(area=CITY)
    assert (totals["lower"] <= plain["lower"] + 1e-6).all()
    assert (totals["upper"] >= plain["upper"] - 1e-6).all()
    first = {"year_end": 2025}
    np.testing.assert_allclose(totals["lower"].sel(first), plain["lower"].sel(first))
    city = spans.totals.sel(area=CITY, drop=True)
    np.testing.assert_allclose(city["forecast"], plain["city_forecast"])
    np.testing.assert_allclose(city["upper"].sel(first), plain["city_upper"].sel(first))


def test_small_and_restless_areas_have_limits_and_wide_ones_are_called_so(
    spans: Spans, numbers: Numbers, berlin: xr.Dataset
) -> None:
    persons = berlin["population"].isel(year_end=-1).sum(["nationality", "sex", "age"])
    assert spans.totals is not None
    assert spans.ages is not None
    assert (persons < 1000).any()
    for limits in (spans.totals, spans.ages):
        assert (limits["lower"] <= limits["forecast"]).all()
        assert (limits["forecast"] <= limits["upper"]).all()
        assert (limits["upper"] < np.inf).all()
    wide = 0
    for i, area in enumerate(numbers.facts.areas):
        last = spans.totals.sel(area=area, year_end=UNTIL)
        low, high = outward(last["lower"].values, last["upper"].values)
        text = spans_text(numbers, spans, i)
        assert ("sehr weit" in text) == bool(high > 3 * low)
        wide += bool(high > 3 * low)
        assert fan_of(spans, area) is not None
    assert 0 < wide < 10


def test_only_who_lives_nowhere_has_no_limits(berlin: xr.Dataset) -> None:
    """An area without people has nobody to be wrong about; the signs and the sentence say so."""
    population = berlin["population"].where(berlin["area"] != "0102", 0.0)
    cleared = berlin.assign(population=population)
    projection = zwk.project(cleared, zwk.estimate_rates(cleared), until=2030, totals="shrunk")
    found = gather(projection, cleared)
    assert found.spans.totals is not None
    assert found.spans.ages is not None
    silent = list(found.facts.areas).index("0102")
    for limits in (found.spans.totals, found.spans.ages):
        assert limits["lower"].sel(area="0102").isnull().all()
        assert limits["lower"].drop_sel(area="0102").notnull().all()
    assert "unbewohnt" in spans_text(found.numbers, found.spans, silent)
    table = total_spans(found.numbers, found.spans)
    assert table is not None
    assert set(table.rows[1 + silent][2:]) == {"x"}
    assert all("x" not in row[2:] for k, row in enumerate(table.rows) if k != 1 + silent)
    assert "unbewohnt" in " ".join(span_sentences(found.spans, found.facts))


def test_limits_do_not_tell_small_numbers_apart() -> None:
    """Below the smallest number that is published, that number stands in its place, with the same limits in %."""
    dims, bands = ("year_end", "area", "age_group"), ["a", "b", "c"]
    forecast = np.array([[[3.0, 0.0, 20.0], [0.0, 0.0, 0.0], [8.0, 8.0, 8.0]]])
    factors = {"lower": 0.5, "forecast": 1.0, "upper": 2.0}
    limits = xr.Dataset(
        {name: (dims, factor * forecast) for name, factor in factors.items()},
        {"year_end": [2030], "area": ["", "empty", "full"], "age_group": bands},
    )
    found = shown_limits(limits, 5)
    np.testing.assert_array_equal(found["lower"].sel(area="").values, [[0, 0, 10]])
    np.testing.assert_array_equal(found["upper"].sel(area="").values, [[10, 5, 40]])
    assert found["lower"].sel(area="empty").isnull().all()
    np.testing.assert_array_equal(found["upper"].sel(area="full").values, [[16, 16, 16]])


def test_to_2040_nothing_possible_is_left_out(berlin: xr.Dataset, tmp_path: Path) -> None:
    """City, districts, areas and ages of Berlin: a number in every cell, in the page as in the workbook."""
    districts = {str(key): f"Bezirk {str(key)[:2]}" for key in berlin["area"].values}
    projection = zwk.project(berlin, zwk.estimate_rates(berlin), until=2040, totals="shrunk")
    services = [Service(default_quota(name)) for name in default_quotas()]
    options = {"inputs": berlin, "districts": districts, "services": services}
    page = write_report(projection, tmp_path / "a.html", **options).read_text("utf-8")
    data = json.loads(page.split('<script id="daten" type="application/json">')[1].split("</script>")[0])
    assert len(data["places"]) == 1 + 94
    assert all("null" not in json.dumps([place["fan"], place["ageSpans"]]) for place in data["places"])
    assert all("null" not in json.dumps(place["fan"]) for place in data["districts"])
    later = [data["milestones"].index(year) for year in data["keyYears"]]
    for need in data["needs"]:
        shown = [(need["low"][0][m][at], value) for m in later for at, value in enumerate(need["demand"][0][m])]
        assert all(low is not None for low, value in shown if value)
    book = python_calamine.CalamineWorkbook.from_path(str(write_excel(projection, tmp_path / "a.xlsx", **options)))
    heads = {"Spannen": 2, "Spannen Altersgruppen": 3, "Spannen Bezirke": 1, "Spannen Alter Bezirke": 2}
    sheets = {name: book.get_sheet_by_name(name).to_python() for name in book.sheet_names if "Spannen" in name}
    assert set(sheets) == set(heads)
    for name, left in heads.items():
        rows = sheets[name][4:]
        assert len(rows) > 12
        assert all(isinstance(cell, float) for row in rows for cell in row[left:]), name


def test_without_a_rule_they_belong_to_the_cohorts(berlin: xr.Dataset) -> None:
    alone = zwk.project(berlin, zwk.estimate_rates(berlin), zwk.Scenario.bundled("middle"), until=2030)
    found = spans_of(berlin, facts_of(alone, berlin))
    assert found.method == "Kohorten mit sinkender Sterblichkeit"
    assert found.totals is not None
    persons = alone["population"].sel(year_end=[2025, 2030]).sum(["nationality", "sex", "age"])
    np.testing.assert_allclose(found.totals["forecast"].drop_sel(area=CITY), persons, rtol=1e-6)
    np.testing.assert_allclose(found.totals["forecast"].sel(area=CITY), persons.sum("area"), rtol=1e-6)
    assert (found.totals["lower"].sel(area=CITY) < persons.sum("area")).all()


def test_limits_widen_with_every_year(spans: Spans) -> None:
    for limits in (spans.totals, spans.ages):
        assert limits is not None
        shares = [limits[side] / limits["forecast"] for side in ("lower", "upper")]
        assert not (shares[0].diff("year_end") > 1e-12).any()
        assert not (shares[1].diff("year_end") < -1e-12).any()


def test_rounding_goes_outwards_and_keeps_the_size() -> None:
    rng = np.random.default_rng(1)
    low = 10 ** rng.uniform(0, 6, 500)
    high = low * rng.uniform(1.001, 3, 500)
    down, up = outward(low, high)
    assert (down <= low).all()
    assert (up >= high).all()
    assert (up - down <= np.maximum(1.4 * (high - low), high - low + 2)).all()
    far = low * rng.uniform(3, 40, 500)
    down, up = outward(low, far)
    assert (down[low >= 10] >= 0.79 * low[low >= 10]).all(), "a lower limit keeps its size"
    assert (down <= low).all()
    assert (up >= far).all()


def test_tables_hold_every_area_and_year_once(numbers: Numbers, spans: Spans) -> None:
    table = total_spans(numbers, spans)
    assert table is not None
    assert table.columns == ("Gebiet", "Name", *(f"{y} {s}" for y in (2025, 2030, 2032) for s in ("von", "bis")))
    assert [row[0] for row in table.rows] == [CITY, *numbers.facts.areas]
    for area in (None, 0):
        one = area_spans(numbers, spans, area)
        assert one is not None
        assert one.columns == ("Alter", "2025", "2030", "2032")
        assert one.rows[0][0] == "insgesamt"
        assert len(one.rows) == 1 + len(numbers.broad_bands)


def test_what_is_hidden_has_no_limits(projection: xr.Dataset, facts: Facts, spans: Spans) -> None:
    strict = numbers_of(zwk.publish(projection, min_cell=1500), facts)
    hidden = [i for i in range(len(facts.areas)) if not strict.shown(i)]
    assert hidden
    table, ages = total_spans(strict, spans), age_spans(strict, spans)
    assert table is not None
    assert ages is not None
    assert all(np.isnan(np.array(table.rows[1 + i][2:], dtype=float)).all() for i in hidden), "dots, not dashes"
    assert not {list(facts.areas)[i] for i in hidden} & {row[0] for row in ages.rows}


def test_a_scenario_outside_its_limits_is_named(numbers: Numbers, spans: Spans) -> None:
    """Without migration inner areas lose people whom no past error would have lost."""
    texts = [spans_text(numbers, spans, i) for i in range(len(numbers.facts.areas))]
    assert any(text.endswith(f"liegt {UNTIL} darunter.") for text in texts)
    assert any("liegt 2032 dar" not in text for text in texts)
    assert "In 80 von 100 Fällen liegt die Bevölkerung 2030 zwischen" in texts[0]
    assert typical_text(numbers, spans).startswith("Im Median der Gebiete reicht die Spanne")


def test_the_reader_learns_rule_and_reach(facts: Facts, spans: Spans, berlin: xr.Dataset) -> None:
    said = " ".join(span_sentences(spans, facts))
    assert "„gedämpfter Trend“" in said
    assert "Abweichungen bis 6 Jahre voraus; ab 2027 sind die Spannen hochgerechnet" in said
    assert "„gedämpfter Trend“" in totals_rule(facts)
    alone = zwk.project(berlin, zwk.estimate_rates(berlin), until=2021)
    assert "aus den Kohorten, ohne eigene Vorgabe" in totals_rule(facts_of(alone, berlin))
    ruled = zwk.project(berlin, zwk.estimate_rates(berlin), until=2024, totals="average")
    short = facts_of(ruled, berlin)
    assert "„Mittel aus unverändert und Trend“" in totals_rule(short)
    assert spans_of(berlin, short).method == "Mittel aus unverändert und Trend"
    assert "hochgerechnet" not in " ".join(span_sentences(spans_of(berlin, short), short))


def test_without_experience_the_reason_is_said(berlin: xr.Dataset, facts: Facts) -> None:
    assert spans_of(None, facts).reasons == (NO_INPUTS,)
    assert spans_of(berlin.isel(area=slice(3)), facts).reasons == (OTHER_AREAS,)
    for few in (berlin.isel(year_end=[-1]), berlin.isel(year_end=[-2, -1])):
        assert spans_of(few, facts).reasons == (TOO_LITTLE,)
    said = span_sentences(spans_of(berlin.isel(year_end=[-1]), facts), facts)
    assert said[:2] == ("Für diese Vorausberechnung lassen sich keine Spannen angeben.", TOO_LITTLE)
    assert said[2].startswith("Als Anhalt:")


def test_ages_may_be_unknown_where_totals_are_known(berlin: xr.Dataset, facts: Facts) -> None:
    """One launch three years after the first stock is needed for cohorts; totals need two years."""
    late = berlin.isel(year_end=[1, 2, 3])
    found = spans_of(late, facts)
    assert found.totals is not None
    assert found.ages is None
    assert found.reasons[0].startswith("Für Altersgruppen gibt es keine Spannen")


def test_report_and_workbook_show_them(projection: xr.Dataset, berlin: xr.Dataset, tmp_path: Path) -> None:
    text = write_report(projection, tmp_path / "a.html", inputs=berlin).read_text(encoding="utf-8")
    places = json.loads(text.split('<script id="daten" type="application/json">')[1].split("</script>")[0])["places"]
    assert sum("fan" in place for place in places) == 1 + 94
    assert "null" not in json.dumps([[place["fan"], place["ageSpans"]] for place in places])
    assert "Wie sicher sind diese Zahlen?" in text
    book = python_calamine.CalamineWorkbook.from_path(str(write_excel(projection, tmp_path / "a.xlsx", inputs=berlin)))
    rows = book.get_sheet_by_name("Spannen").to_python(skip_empty_area=False)
    assert len(rows) == 4 + 1 + 94
    assert all(float(row[2]) < float(row[3]) for row in rows[4:] if row[2] != ".")
    assert "Spannen Altersgruppen" in book.sheet_names
    # beside the scenarios of the whole stand its limits, in their years and nowhere else; a chart draws both
    shown = {row[0]: row[-2:] for row in book.get_sheet_by_name("Stadt").to_python(skip_empty_area=False)[4:]}
    limits = {int(head[:4]): rows[4][k : k + 2] for k, head in enumerate(rows[3]) if head.endswith(" von")}
    assert limits == {int(year): cells for year, cells in shown.items() if cells[0] != ""}
    with zipfile.ZipFile(tmp_path / "a.xlsx") as parts:
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    drawn = [chart for chart in charts if "80 von 100 Fällen: bis" in chart]
    assert len(drawn) == 1
    assert f"<c:v>{float(limits[UNTIL][1])}</c:v>" in drawn[0]


def test_a_report_without_limits_says_why(city: xr.Dataset, inputs: xr.Dataset, tmp_path: Path) -> None:
    for given, reason in ((inputs, TOO_LITTLE), (None, NO_INPUTS)):
        text = write_report(city, tmp_path / "a.html", inputs=given).read_text(encoding="utf-8")
        assert reason in html.unescape(text)
        assert '"fan":' not in text


def test_districts_have_ranges_of_their_own(projection: xr.Dataset, berlin: xr.Dataset, tmp_path: Path) -> None:
    """Those of the evaluation for groups, in the page and in the workbook; narrower than all their areas together."""
    districts = {str(key): f"Bezirk {str(key)[:2]}" for key in berlin["area"].values}
    found = gather(projection, berlin, districts=districts)
    assert found.districts is not None
    assert found.spans.districts is not None
    limits = found.spans.districts.totals
    assert limits is not None
    plain = intervals(berlin, [2025], groups=districts, levels=[0.8]).sel(level=0.8)
    own = limits.drop_sel(area=CITY).sel(year_end=[2025])
    assert own["area"].values.tolist() == plain["group"].values.tolist()
    for side in ("lower", "upper"):
        np.testing.assert_allclose(own[side], plain[f"group_{side}"])
    together = (
        plain["upper"].groupby(xr.DataArray(list(districts.values()), {"area": berlin["area"]}, name="group")).sum()
    )
    assert (plain["group_upper"] <= together + 1e-6).all(), "no district is less sure than all of its areas"
    page = write_report(projection, tmp_path / "a.html", inputs=berlin, districts=districts).read_text("utf-8")
    data = json.loads(page.split('<script id="daten" type="application/json">')[1].split("</script>")[0])
    assert [len(place["fan"]) for place in data["districts"]] == [3] * 12
    path = write_excel(projection, tmp_path / "a.xlsx", inputs=berlin, districts=districts)
    book = python_calamine.CalamineWorkbook.from_path(str(path))
    rows = book.get_sheet_by_name("Spannen Bezirke").to_python(skip_empty_area=False)
    assert [row[0] for row in rows[4:]] == ["Insgesamt", *sorted(set(districts.values()))]
    assert [row[0] for row in book.get_sheet_by_name("Spannen Alter Bezirke").to_python()[4:]].count("Bezirk 01") > 5
