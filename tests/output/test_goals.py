"""Answers to milestones in report, workbook and CSV: rounded, and none where few persons stand behind them."""

from __future__ import annotations

import json
import re

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from zwkprognose.evaluation import evaluate_milestones
from zwkprognose.german import HIDDEN
from zwkprognose.output import write_report
from zwkprognose.output.content.goals import goal_sentences, goal_table, published_goals, write_goals

PLAN = """
[[meilenstein]]
name = "Kinder"
alter = "0-5"
ziel = 50
ausloeser = 70
vorlauf = 1
massnahme = "Kita prüfen"
zustaendig = "Jugendamt"
faellig = 2024
richtung = "hoechstens"
[[meilenstein]]
name = "Anteil der Kinder"
alter = "0-5"
je_hundert = "alle"
ziel = 10
[[meilenstein]]
name = "Wenige"
gebiete = ["02"]
alter = "3"
ziel = 1
"""


@pytest.fixture
def table() -> pd.DataFrame:
    """61,2 children of 928,2 persons in the city, 1 person aged 3 in the small area."""
    coords = {"year_end": [2020, 2021], "area": ["01", "02"], "nationality": ["total"], "sex": ["female", "male"],
              "age": np.arange(91)}  # fmt: skip
    by_area = xr.DataArray([4.6, 0.5], {"area": ["01", "02"]})
    people = xr.DataArray(np.ones([len(v) for v in coords.values()]), coords) * by_area
    said = json.dumps({"scenarios": [{"name": "a", "title": "Variante A"}]})
    projection = xr.Dataset({"population": people}).expand_dims(scenario=["a"]).assign_attrs(provenance=said)
    return evaluate_milestones(projection, PLAN)


def test_numbers_are_rounded_and_small_ones_hidden(table: pd.DataFrame) -> None:
    shown = published_goals(table, internal=False, min_cell=5)
    assert shown is not None
    children, share, few = shown.to_dict("records")
    assert (children["value"], children["today"], children["gap"]) == (60.0, 60.0, 10.0)
    assert share["value"] == 7.0  # 6,59 per cent of fewer than 500 persons behind it
    assert all(few[name] is None or np.isnan(few[name]) for name in ("value", "today", "gap", "since"))
    said = goal_sentences(shown)
    assert said[0].startswith("Kinder: 60 Personen am 31.12.2021 im Szenario „Variante A“ (am 31.12.2020: 60)")
    assert said[2] == "Wenige: keine Angabe, weil zu wenige Personen dahinterstehen."
    assert published_goals(table, internal=True, min_cell=5) is table


@pytest.mark.parametrize(("count", "share"), [(4.99, None), (5.0, 7.0), (499.9, 7.0), (500.0, 6.6)])
def test_who_stands_behind_a_number_decides_how_exact_it_is(
    table: pd.DataFrame, count: float, share: float | None
) -> None:
    """6.59 of a hundred: nothing of fewer than five persons, a decimal from 500 on."""
    shown = published_goals(table.assign(count=count), internal=False, min_cell=5)
    assert shown is not None
    children, ratio, _ = shown.to_dict("records")
    assert children["value"] == (None if share is None else 60.0)
    assert ratio["value"] == (None if share is None else pytest.approx(share))


def test_the_sheet_and_the_file_say_the_same(table: pd.DataFrame, tmp_path) -> None:
    shown = published_goals(table, internal=False, min_cell=5)
    assert shown is not None
    rows = goal_table(shown).rows
    assert rows[0][:11] == ("Kinder", "Variante A", "Personen", "2021", "höchstens 50", "nicht erreicht", "",
                            "70 nicht erreicht", "Kita prüfen", "Jugendamt", "2024")  # fmt: skip
    assert rows[0][11:] == (60.0, 60.0, "", "", 10.0)
    assert rows[2][5:] == (HIDDEN, "", "", "", "", "", *[HIDDEN] * 5)
    written = write_goals(shown, tmp_path / "meilensteine.csv").read_text("utf-8-sig").splitlines()
    assert written[0].startswith("meilenstein;szenario;szenario_titel;jahr;einheit")
    assert written[1].startswith("Kinder;a;Variante A;2021;Personen;hoechstens;50;2020;60;60;;;nein;;10")
    assert written[3] == "Wenige;a;Variante A;2021;Personen;mindestens;1;2020;;;;;;;;;;;;;;;"


def test_the_report_has_the_plan_under_every_scenario(city: xr.Dataset, tmp_path) -> None:
    plan = '[[meilenstein]]\nname = "Größe"\nziel = 50000\n'
    answers = evaluate_milestones(city, plan)
    page = write_report(city, tmp_path / "a.html", milestones=answers).read_text("utf-8")
    found = re.findall(r'<div data-plan="(\d)"( hidden)?>(.*?)</div>\n</div>', page, re.DOTALL)
    assert [(k, bool(hidden)) for k, hidden, _ in found] == [("0", True), ("1", False), ("2", True)]
    for (_, _, text), name in zip(found, city["scenario"].values, strict=True):
        people = float(city["population"].sel(scenario=name, year_end=2027).sum())
        assert f"{5 * round(people / 5):,}".replace(",", ".") in text
        assert f"Variante {name}" in text
