"""The report: complete without network and script, readable aloud, and nothing in it runs."""

from __future__ import annotations

import base64
import datetime
import hashlib
import json
import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.german import number
from zwkprognose.output import write_report
from zwkprognose.regions import regions_of

from .conftest import make_city

VOID = {"meta", "input", "br", "img", "link", "hr"}


class Page(HTMLParser):
    """Elements with attributes and text, and whether they nest."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag, f"</{tag}> closes nothing"

    def handle_data(self, data: str) -> None:
        if not self.open or self.open[-1] not in {"script", "style"}:
            self.words.append(data)

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.elements if name == tag]


@pytest.fixture(scope="module")
def text(
    city: xr.Dataset,
    inputs: xr.Dataset,
    geometry: dict,
    findings: object,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    path = tmp_path_factory.mktemp("html") / "bericht.html"
    day = datetime.date(2026, 2, 3)
    write_report(city, path, inputs=inputs, geometry=geometry, findings=findings, created=day)
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def page(text: str) -> Page:
    return Page(text)


def test_it_is_well_formed_german_html(page: Page) -> None:
    assert page.open == []
    assert page.all("html")[0]["lang"] == "de"
    ids = [attrs["id"] for _, attrs in page.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


def test_it_needs_no_network(text: str, page: Page) -> None:
    for _, attrs in page.elements:
        for name in ("src", "href", "data", "action"):
            assert (attrs.get(name) or "#").startswith("#")
    assert not re.search(r"https?:", text)
    assert "@import" not in text
    assert "url(" not in text


def test_names_survive_and_are_never_markup(text: str, page: Page, city: xr.Dataset) -> None:
    words = "".join(page.words)
    for name in city["area_name"].values.tolist():
        assert name in words
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "Amt für &lt;b&gt;Statistik" in text


def test_every_figure_of_the_city_has_words_and_a_table(page: Page) -> None:
    figures = [attrs for attrs in page.all("svg") if "fig" in (attrs.get("class") or "")]
    assert len(figures) == 3, "lines, components, pyramid"
    assert all(attrs["role"] == "img" and len(attrs["aria-label"] or "") > 40 for attrs in figures)
    assert len(page.all("figure")) == 3
    assert sum("tab" in (attrs.get("class") or "") for attrs in page.all("details")) == 3


def test_without_script_all_areas_stand_in_tables(text: str, city: xr.Dataset) -> None:
    plain = "".join(re.findall(r"<noscript>(.*?)</noscript>", text, re.DOTALL))
    for key in city["area"].values.tolist():
        assert plain.count(f'<td class="text key">{key}</td>') == 4, "population, ages, components, ratios"


def test_headings_do_not_skip_levels(page: Page) -> None:
    levels = [int(tag[1]) for tag, _ in page.elements if tag in {"h1", "h2", "h3", "h4", "h5"}]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))


def test_form_fields_have_labels_and_links_lead_somewhere(page: Page, city: xr.Dataset) -> None:
    ids = {attrs.get("id") for _, attrs in page.elements}
    areas = {f"#gebiet={key}" for key in city["area"].values.tolist()}
    for link in page.all("a"):
        assert (link["href"] or "")[1:] in ids or link["href"] in areas
    labelled = {attrs.get("for") for attrs in page.all("label")}
    fields = [*page.all("select"), *(field for field in page.all("input") if field.get("type") != "radio")]
    assert {field["id"] for field in fields} == {"gebiet", "daneben", "daneben-szenario", "tabelle"}
    assert {field["id"] for field in fields} <= labelled


def test_nothing_but_its_own_style_and_scripts_may_run(text: str, page: Page) -> None:
    policy = next(attrs["content"] or "" for attrs in page.all("meta") if "http-equiv" in attrs)
    assert policy.startswith("default-src 'none';")
    assert "unsafe" not in policy
    for tag in ("style", "script"):
        for body in re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL):
            checksum = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
            assert f"'sha256-{checksum}'" in policy
    assert not [attrs for _, attrs in page.elements if {"style", "onclick", "onload"} & set(attrs)]


def test_the_numbers_are_the_projection(page: Page, city: xr.Dataset) -> None:
    words = "".join(page.words)
    total = city["population"].sel(scenario="middle").sum(["area", "nationality", "sex", "age"])
    assert number(float(total.sel(year_end=2020))) in words
    assert number(float(total.sel(year_end=2027).round())) in words
    assert "03.02.2026" in words


def test_script_data_cannot_end_the_script(text: str) -> None:
    data = text.split('<script id="daten" type="application/json">')[1].split("</script>")[0]
    assert json.loads(data)["places"][2]["name"] == "<script>alert(1)</script>"


def test_small_areas_carry_no_ages_by_sex(text: str) -> None:
    data = json.loads(text.split('<script id="daten" type="application/json">')[1].split("</script>")[0])
    # the one with 150 persons, and a second one so that the first does not come back by subtraction
    assert sum(place["kind"] > 1 for place in data["places"]) == 2


def test_very_many_areas_are_left_out_and_that_is_said(city: xr.Dataset, inputs: xr.Dataset, tmp_path: Path) -> None:
    few = make_city(tuple(float(40 * k) for k in range(1, 1602)), scenarios={"middle": 1.0}, until=2021)
    text = write_report(few, tmp_path / "a.html", internal=True).read_text(encoding="utf-8")
    assert "Der Bericht zeigt von 1.601 Gebieten die 200 größten und keine Karte" in text
    data = json.loads(text.split('<script id="daten" type="application/json">')[1].split("</script>")[0])
    start = few["population"].isel(scenario=0, year_end=0).sum(["nationality", "sex", "age"])
    largest = start["area"].values[np.argsort(start.values)[-200:]]
    assert [place["key"] for place in data["places"][1:]] == sorted(largest.tolist())
    assert "1.601 Gebiete" in text


def test_findings_are_listed_severe_first(page: Page) -> None:
    words = [word for word in page.words if word in {"Warnung", "Hinweis"}]
    assert words == ["Warnung", "Hinweis"]


def test_internal_says_so(city: xr.Dataset, tmp_path: Path) -> None:
    write_report(city, tmp_path / "a.html", internal=True)
    assert "Interne Fassung" in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_one_area_one_scenario_no_extras(city: xr.Dataset, tmp_path: Path) -> None:
    one = city.sel(area=["0004"]).sel(scenario="middle", drop=True)
    words = "".join(Page(write_report(one, tmp_path / "a.html").read_text(encoding="utf-8")).words)
    assert "1 Gebiet ·" in words
    assert "Alle Gebiete" not in words


def test_a_map_with_a_missing_area_names_it(city: xr.Dataset, geometry: dict, tmp_path: Path) -> None:
    short = {"type": "FeatureCollection", "features": geometry["features"][1:]}
    with pytest.raises(OutputError, match="0001"):
        write_report(city, tmp_path / "a.html", geometry=short)
    assert list(tmp_path.iterdir()) == []


def test_it_says_from_which_years_and_how_the_rates_come(tmp_path: Path) -> None:
    from zwkprognose import estimate_rates, load_example, project

    inputs = load_example("bremerhaven")
    rates = estimate_rates(inputs, base_years=[2010, 2020, 2023], mortality_period="2021/23")
    projection = project(inputs, rates, until=2025)
    words = " ".join(Page(write_report(projection, tmp_path / "a.html").read_text(encoding="utf-8")).words)
    assert "Basiszeitraum: 2010–2020, 2020–2023." in words
    assert "Sterblichkeit: Sterbetafel 2021/23 für Deutschland." in words
    assert "Wanderung: Vergleich der Bestände;" in words


def test_whole_and_parts_have_their_own_names(city: xr.Dataset, tmp_path: Path) -> None:
    regions = regions_of("Landkreis Rostock", ["Landkreis", "Amt", "Gemeinde"])
    districts = dict(zip(city["area"].values.tolist(), ["Nord", "Nord", "Süd", "Süd", "Süd"], strict=True))
    own = city.assign_attrs(regions=regions.as_text(), title="Rostock")
    text = write_report(own, tmp_path / "a.html", districts=districts).read_text(encoding="utf-8")
    kinds = "h\\d|nav|caption|label|button|summary"
    heads = re.findall(rf"<(?:{kinds})[^>]*>(.*?)</(?:{kinds})>", text.split("<script id")[0])
    said = " ".join(heads)
    for word in ("Landkreis Rostock insgesamt", "Ämter", "Gemeinden", "Alle Gemeinden", "Nur eine Gemeinde"):
        assert word in said
    for word in ("Stadt", "Gebiet ", "Gebiete", "Bezirk"):
        assert word not in said, [head for head in heads if word in head]
    data = json.loads(text.split('<script id="daten" type="application/json">')[1].split("</script>")[0])
    assert data["places"][0]["name"] == "Landkreis Rostock insgesamt"
    assert data["words"] == {
        "toTheWhole": "dem Landkreis", "district": ["Amt", "Ämter"], "dative": "Gemeinden", "none": "Keine Gemeinde",
        "noSpan": [
            f"Keine Spanne: {the} ist im Ausgangsbestand unbewohnt." for the in ("Der Landkreis", "Die Gemeinde")
        ],
        "wide": [3, "Die Spanne ist sehr weit; die Zahl nennt nur die Größenordnung."],
    }  # fmt: skip
