"""Milestones: value, met or not, and what is missing."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.evaluation.milestones import evaluate_milestones, milestone_sentences

PLAN = """
titel = "Werkstattplan Hafen"
[[meilenstein]]
name = "Kinder im Hafen"
gebiete = ["Hafen"]
alter = "0-5"
jahr = 2022
ziel = 50
[[meilenstein]]
name = "Altenquotient"
alter = "65+"
je_hundert = "20-64"
richtung = "hoechstens"
jahr = 2021
ziel = 30
"""


@pytest.fixture
def projection() -> xr.Dataset:
    """Ten persons per age in the first quarter, five in the second; one more per age and year."""
    coords = {"year_end": [2020, 2021, 2022], "area": ["01", "02"], "nationality": ["total"],
              "sex": ["female", "male"], "age": np.arange(91)}  # fmt: skip
    base = xr.DataArray([5.0, 2.5], {"area": ["01", "02"]}) + xr.DataArray(
        [0, 0.5, 1.0], {"year_end": [2020, 2021, 2022]}
    )
    shape = xr.DataArray(np.ones([len(v) for v in coords.values()]), coords)
    return xr.Dataset({"population": shape * base}).assign_coords(area_name=("area", ["Hafen", "Mitte"]))


def test_values_and_gaps(projection: xr.Dataset) -> None:
    table = evaluate_milestones(projection, PLAN)
    children, quotient = table.to_dict("records")
    assert children["value"] == pytest.approx(6 * 12)
    assert children["today"] == pytest.approx(6 * 10)
    assert children["met"]
    assert children["gap"] == pytest.approx(-22)
    assert quotient["value"] == pytest.approx(100 * 26 / 45)
    assert not quotient["met"]
    assert quotient["gap"] == pytest.approx(100 * 26 / 45 - 30)


def test_scenarios_and_draws(projection: xr.Dataset) -> None:
    several = xr.concat([projection, projection * 0.5], xr.Variable("scenario", ["hoch", "tief"]))
    table = evaluate_milestones(several, PLAN)
    assert table[table["name"] == "Kinder im Hafen"]["met"].tolist() == [True, False]
    factors = xr.DataArray(np.linspace(0.5, 1.5, 101), {"draw": np.arange(101)})
    drawn = evaluate_milestones(projection * factors, PLAN).iloc[0]
    assert drawn["value"] == pytest.approx(72)
    assert drawn["low"] == pytest.approx(0.6 * 72)
    assert drawn["high"] == pytest.approx(1.4 * 72)


def test_sentences_name_the_title_of_a_scenario(projection: xr.Dataset) -> None:
    several = xr.concat([projection, projection * 0.5], xr.Variable("scenario", ["hoch", "tief"]))
    said = json.dumps({"scenarios": [{"name": "hoch", "title": "Obere Variante"}, {"name": "tief"}]})
    first, second, *_ = milestone_sentences(evaluate_milestones(several.assign_attrs(provenance=said), PLAN))
    assert "72 Personen im Szenario „Obere Variante“, am 31.12.2020: 60" in first
    assert "im Szenario „tief“" in second


def test_sentences(projection: xr.Dataset) -> None:
    first, second = milestone_sentences(evaluate_milestones(projection, PLAN))
    assert first == (
        "Kinder im Hafen: am 31.12.2022 72 Personen, am 31.12.2020: 60; Ziel mindestens 50 Personen: erreicht."
    )
    assert "Ziel höchstens 30 je 100 Personen im Alter 20-64: nicht erreicht." in second


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('"Hafen"', '"Hafn"', "Zeile 3, meilenstein 1: Ein Gebiet „Hafn“ gibt es"),
        ("jahr = 2022", "jahr = 2040", "Das Jahr 2040 liegt nicht in der Vorausberechnung"),
        ("ziel = 50", "ziel = viele", "kein gültiges TOML"),
        ('richtung = "hoechstens"', 'richtung = "etwa"', "„etwa“ ist nicht möglich"),
    ],
)
def test_mistakes_are_named(projection: xr.Dataset, old: str, new: str, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        evaluate_milestones(projection, PLAN.replace(old, new))
