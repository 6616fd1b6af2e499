"""The one-page portrait."""

from __future__ import annotations

from pathlib import Path

import pytest
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.german import number
from zwkprognose.output import profile

from .conftest import make_city
from .test_report import Page


def test_it_shows_one_area_beside_the_city(
    city: xr.Dataset, inputs: xr.Dataset, geometry: dict, tmp_path: Path
) -> None:
    path = profile(city, "0004", tmp_path / "p.html", inputs=inputs, geometry=geometry)
    text = path.read_text(encoding="utf-8")
    page = Page(text)
    words = "".join(page.words)
    assert page.open == []
    assert "Süd-\nWest; Höfe" in words
    assert "Stadt Übungsheim" in words
    assert number(float(city["population"].sel(area="0004", year_end=2020, scenario="middle").sum())) in words
    assert len([s for s in page.all("svg") if s["role"] == "img"]) == 3, "map, lines, pyramid"
    assert "<script" not in text
    assert "Stadt insgesamt" in words


def test_an_unknown_area_is_named(city: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="101"):
        profile(city, "101", tmp_path / "p.html")
    assert list(tmp_path.iterdir()) == []


def test_an_area_is_found_by_its_name_too(city: xr.Dataset, tmp_path: Path) -> None:
    by_name = profile(city, 'Alt"stadt"', tmp_path / "a.html").read_text("utf-8")
    assert by_name == profile(city, "0001", tmp_path / "b.html").read_text("utf-8")


@pytest.mark.parametrize("path", [None, 3, ["a.html"]])
def test_a_page_needs_a_file(city: xr.Dataset, path: object) -> None:
    with pytest.raises(OutputError, match="nicht angegeben"):
        profile(city, "0001", path)


def test_a_page_is_what_its_name_says(city: xr.Dataset, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"Geschrieben wird \.html"):
        profile(city, "0001", tmp_path / "a.docx")
    assert profile(city, "0001", tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_an_area_too_small_to_show_is_refused(tmp_path: Path) -> None:
    town = make_city((3, 2000, 2500), scenarios={"middle": 1.0})
    with pytest.raises(OutputError, match="kleiner Zahlen"):
        profile(town, "0001", tmp_path / "p.html")
    profile(town, "0003", tmp_path / "q.html")
