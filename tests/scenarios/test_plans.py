"""Scenarios from tables."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios import housing_plan, totals_of

HEAD = "name;gebiet;wohnungen;von;bis;typ;anteil_von_aussen;text\n"


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "bauprogramm.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_building_programme_becomes_a_scenario(tmp_path: Path) -> None:
    plan = housing_plan(
        written(tmp_path, HEAD + "Hafen;0101;1.200;2028;2030;frei;0,5;\nWest;0102;80;2027;;;0,25;Süd\n")
    )
    harbour, west = plan.housing
    assert (harbour.dwellings, harbour.persons, list(harbour.years)) == (1200, 2.0, [2028, 2029, 2030])
    assert (west.kind, west.outside_share, west.reason) == ("gemischt", 0.25, "Süd")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("name;gebiet;wohnungen;von\na;1;2;2030\n", "Die Spalte „anteil_von_aussen“ fehlt"),
        (HEAD + "Hafen;0101;viele;2028;;;0,5;\n", "Zeile 2: Eine Zahl lässt sich nicht lesen"),
        (HEAD.replace("text", "extra") + "Hafen;0101;3;2028;;;0,5;x\n", "Die Spalte „extra“ ist unbekannt"),
        (HEAD + "Hafen;0101;3;2028;;;1,5;\n", "der Wert 1.5 ist größer als 1"),
    ],
)
def test_mistakes_in_a_programme_are_named(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        housing_plan(written(tmp_path, text))


def test_totals_of_another_forecast() -> None:
    coords = {"year_end": [2020, 2025], "area": ["1", "2"], "nationality": ["total"], "sex": ["female"], "age": [0, 1]}
    other = xr.Dataset({"population": xr.DataArray(np.full([2, 2, 1, 1, 2], 25.0), coords)})
    assert totals_of(other, [2025]).controls[0].persons == {2025: 100.0}
