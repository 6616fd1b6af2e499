"""Milestones: value, met or not, and what is missing."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from zwkprognose import estimate_rates, load_example, project
from zwkprognose.errors import ScenarioError
from zwkprognose.evaluation.milestone_document import read_milestones
from zwkprognose.evaluation.milestone_limits import Range
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
    assert drawn["chance"] == pytest.approx(sum(72 * f >= 50 for f in np.linspace(0.5, 1.5, 101)) / 101)
    assert "erreicht, auf Dauer ab 2020; in 8 von 10 Fällen erreicht." in milestone_sentences(
        evaluate_milestones(projection * factors, PLAN)
    )[0]


def test_the_chance_follows_from_the_tenths_of_past_errors() -> None:
    known = Range((0.8, 1.25), "", (0.8, 0.85, 0.9, 0.95, 1.05, 1.1, 1.15, 1.25))
    assert known.chance(1000, 900, at_least=True) == pytest.approx(0.7)
    assert known.chance(1000, 900, at_least=False) == pytest.approx(0.3)
    assert known.chance(1000, 1000, at_least=True) == pytest.approx(0.5)
    assert known.chance(1000, 1075, at_least=False) == pytest.approx(0.65)
    assert known.chance(1000, 700, at_least=True) == 1
    assert known.chance(1000, 1300, at_least=True) == 0
    assert Range().chance(1000, 900, at_least=True) is None


def test_at_a_tenth_of_past_errors_the_chance_is_that_tenth() -> None:
    factors = (0.8, 0.85, 0.9, 0.95, 1.05, 1.1, 1.15, 1.2)
    known = Range(tenths=factors)
    for factor, share in zip(factors, (0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9), strict=True):
        assert known.chance(200, 200 * factor, at_least=False) == pytest.approx(share)
        assert known.chance(200, 200 * factor, at_least=True) == pytest.approx(1 - share)
    assert known.chance(200, 200, at_least=True) == pytest.approx(0.5)
    assert known.chance(0, 200, at_least=True) is None


def test_the_range_and_the_chance_say_the_same() -> None:
    """In Berlin the goal at a limit of the range for 80 of 100 is reached in 9 or in 1 of 10 cases."""
    known = load_example("berlin")
    made = project(known, estimate_rates(known), until=2025)
    said = 'alter = "65+"\ngebiete = ["0301"]\njahr = 2025\n'
    (first,) = evaluate_milestones(made, plan(ziel=1) + "\n" + said, inputs=known).to_dict("records")
    for goal, chance in ((first["low"], 0.9), (first["high"], 0.1)):
        (row,) = evaluate_milestones(made, plan(ziel=goal) + "\n" + said, inputs=known).to_dict("records")
        assert row["chance"] == pytest.approx(chance, abs=1e-6)


def test_a_measure_names_office_and_year(projection: xr.Dataset) -> None:
    asked = plan(massnahme="Kita bauen", zustaendig="Amt für Jugend", faellig=2021)
    assert milestone_sentences(evaluate_milestones(projection, asked))[0].endswith(
        "Maßnahme: Kita bauen (zuständig: Amt für Jugend, fällig 2021)."
    )


def test_sentences_name_the_title_of_a_scenario(projection: xr.Dataset) -> None:
    several = xr.concat([projection, projection * 0.5], xr.Variable("scenario", ["hoch", "tief"]))
    said = json.dumps({"scenarios": [{"name": "hoch", "title": "Obere Variante"}, {"name": "tief"}]})
    first, second, *_ = milestone_sentences(evaluate_milestones(several.assign_attrs(provenance=said), PLAN))
    assert "72 Personen am 31.12.2022 im Szenario „Obere Variante“ (am 31.12.2020: 60)" in first
    assert "im Szenario „tief“" in second


def test_sentences(projection: xr.Dataset) -> None:
    first, second = milestone_sentences(evaluate_milestones(projection, PLAN))
    assert first == (
        "Kinder im Hafen: 72 Personen am 31.12.2022 (am 31.12.2020: 60); Ziel mindestens 50 Personen: erreicht, auf "
        "Dauer ab 2020."
    )
    assert "Ziel höchstens 30 je 100 Personen (20 bis 64 Jahre): nicht erreicht." in second


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


def plan(**said: object) -> str:
    """A document of one milestone."""
    values = {"name": "Ziel", "ziel": 50} | said
    lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in values.items()]
    return "[[meilenstein]]\n" + "\n".join(lines)


def only(projection: xr.Dataset, document: str, **given: object) -> dict[str, object]:
    (row,) = evaluate_milestones(projection, document, **given).to_dict("records")  # type: ignore[arg-type]
    return row


@pytest.fixture
def groups() -> xr.Dataset:
    """Persons per age: 8 and 2 by group and sex in the first quarter, 4 and 1 in the second; births and moves."""
    coords = {"year_end": [2020, 2021, 2022], "area": ["01", "02"], "nationality": ["german", "foreign"],
              "sex": ["female", "male"], "age": np.arange(91)}  # fmt: skip
    by_area = xr.DataArray([2.0, 1.0], {"area": ["01", "02"]})
    by_group = xr.DataArray([4.0, 1.0], {"nationality": ["german", "foreign"]})
    people = xr.DataArray(np.ones([len(v) for v in coords.values()]), coords) * by_area * by_group
    flows = people.isel(year_end=[1, 2]).rename(year_end="year").assign_coords(year=[2021, 2022])
    born = flows.isel(age=0, drop=True)
    return xr.Dataset({"population": people, "births": born, "deaths": 0.5 * flows, "in_moves": 3 * flows,
                       "out_moves": flows})  # fmt: skip


@pytest.mark.parametrize(
    ("said", "value", "unit"),
    [
        ({"staatsangehoerigkeit": "A", "je_hundert": "alle"}, 20, "je 100 Personen"),
        ({"staatsangehoerigkeit": "A", "geschlecht": "w", "alter": "0-9"}, 10 * 3, "Personen"),
        (
            {"alter": "65+", "je_hundert": "20-64", "gebiete": ["02"]},
            100 * 26 / 45,
            "je 100 Personen (20 bis 64 Jahre)",
        ),
        ({"groesse": "geburten"}, 2 * 15, "Geburten im Jahr"),
        ({"groesse": "zuzuege", "alter": "18-29", "gebiete": ["01"]}, 3 * 12 * 2 * 10, "Zuzüge im Jahr"),
        ({"groesse": "wanderungssaldo"}, 2 * 91 * 2 * 15, "Wanderungssaldo im Jahr"),
        ({"groesse": "natuerlicher_saldo"}, 2 * 15 - 0.5 * 91 * 2 * 15, "Natürlicher Saldo im Jahr"),
    ],
)
def test_shares_groups_and_flows_by_hand(groups: xr.Dataset, said: dict[str, object], value: float, unit: str) -> None:
    row = only(groups, plan(**said))
    assert row["value"] == pytest.approx(value)
    assert (row["unit"], row["year"]) == (unit, 2022)
    assert ("groesse" in said) == np.isnan(row["today"])  # type: ignore[call-overload]


def test_demand_is_a_milestone(groups: xr.Dataset) -> None:
    needed = 0.3 * groups["population"].sel(age=[3, 4, 5]).sum(["nationality", "sex", "age"])
    row = only(groups, plan(bedarf="kita", gebiete=["01"], richtung="hoechstens"), demand={"kita": needed})
    assert row["value"] == pytest.approx(0.3 * 3 * 2 * 10)
    assert row["met"]
    with pytest.raises(ScenarioError, match=r"bedarf: Einen Bedarf „hort“ gibt es"):
        evaluate_milestones(groups, plan(bedarf="hort"), demand={"kita": needed})


def test_since_when_and_when_to_act(projection: xr.Dataset) -> None:
    """Ages 0 to 5 in both quarters: 90, 102, 114."""
    grown = only(projection, plan(alter="0-5", ziel=100, ausloeser=95, vorlauf=3, massnahme="Kita bauen"))
    assert (grown["since"], grown["met"]) == (2021, True)
    assert (grown["trigger_year"], grown["act_by"]) == (2020, 2017)
    limited = only(
        projection, plan(alter="0-5", ziel=120, richtung="hoechstens", ausloeser=110, vorlauf=1, massnahme="Bauen")
    )
    assert (limited["trigger_year"], limited["act_by"], limited["since"]) == (2022, 2021, 2020)
    document = plan(alter="0-5", ziel=120, richtung="hoechstens", ausloeser=110, vorlauf=1, massnahme="Bauen")
    (said,) = milestone_sentences(evaluate_milestones(projection, document))
    assert said.endswith(
        "erreicht, auf Dauer ab 2020. Auslöser über 110: erstmals 2022; zu handeln ist spätestens 2021. "
        "Maßnahme: Bauen."
    )
    (said,) = milestone_sentences(evaluate_milestones(projection, document.replace("vorlauf = 1", "vorlauf = 2")))
    assert said.endswith("erstmals 2022; zu handeln ist sofort. Maßnahme: Bauen.")
    late = only(projection, plan(alter="0-5", ziel=110, jahr=2021))
    assert (late["met"], late["since"]) == (False, 2022)
    assert np.isnan(only(projection, plan(alter="0-5", ziel=200))["since"] or np.nan)


@pytest.mark.parametrize(
    ("document", "sentence"),
    [
        (plan(alter="95-99"), "Ab 90 Jahren unterscheidet die Vorausberechnung keine einzelnen Alter"),
        (plan(alter="85-95"), "Ab 90 Jahren unterscheidet"),
        (plan(staatsangehoerigkeit="A"), "„Ausländerinnen und Ausländer“ gibt es in dieser Vorausberechnung nicht"),
        (plan(jahr=2020), "Das Jahr 2020 ist das Jahr des Ausgangsbestands"),
        (plan() + "\n" + plan(), "meilenstein 2: Dasselbe sagt schon meilenstein 1"),
        (plan(groesse="geburten", alter="20-29"), "„geburten“ zählt Neugeborene mit"),
        (plan(groesse="zuzuege", je_hundert="alle"), "nur für den Bestand"),
        (plan(vorlauf=2), "„vorlauf“ gehört zu einem „ausloeser“"),
        (plan(zustaendig="Amt 50"), "gehören zu einer „massnahme“"),
        (plan(bedarf="kita", alter="0-5"), "zählt nach seiner Quote"),
        (plan(ziel=-5), "nur ein Saldo kann kleiner als 0 sein"),
    ],
)
def test_what_a_milestone_cannot_say(projection: xr.Dataset, document: str, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        evaluate_milestones(projection, document)


@pytest.mark.parametrize(
    ("key", "possible", "impossible"),
    [("name", ["a"], [""]), ("vorlauf", [0, 50], [-1, 51]), ("jahr", [1900, 2300], [1899, 2301]), ("ziel", [0], [])],
)
def test_numbers_may_go_so_far_and_no_further(key: str, possible: list[object], impossible: list[object]) -> None:
    for value in possible:
        read_milestones(plan(ausloeser=3, **{key: value}))
    for value in impossible:
        with pytest.raises(ScenarioError, match=f"meilenstein 1: {key}"):
            read_milestones(plan(ausloeser=3, **{key: value}))


@pytest.mark.parametrize("given", [xr.Dataset({"births": 1.0}), None, "population"])
def test_what_holds_no_stocks_is_refused(given: object) -> None:
    with pytest.raises(ScenarioError, match="Meilensteine brauchen Bestände"):
        evaluate_milestones(given, PLAN)  # type: ignore[arg-type]


def test_a_goal_is_met_and_a_trigger_not_passed_where_they_are_hit_exactly(projection: xr.Dataset) -> None:
    """Ages 0 to 5 in both quarters: 90, 102, 114."""
    for direction, goal, first in (("mindestens", 114, 90), ("hoechstens", 114, 114)):
        row = only(projection, plan(alter="0-5", ziel=goal, richtung=direction, ausloeser=first))
        assert row["met"]
        assert row["gap"] == 0
        assert np.isnan(row["trigger_year"] or np.nan)  # type: ignore[call-overload]


def test_ranges_are_those_of_past_errors() -> None:
    from zwkprognose import estimate_rates, load_example, project
    from zwkprognose.evaluation import age_intervals

    inputs = load_example("berlin")
    projection = project(inputs, estimate_rates(inputs), until=int(inputs["year_end"][-1]) + 5)
    year, area = int(projection["year_end"][-1]), str(inputs["area"].values[0])
    row = only(projection, plan(alter="0-5", gebiete=[area]), inputs=inputs)
    found = age_intervals(inputs, [year], {"x": (0, 5)}, totals=None, levels=[0.8]).sel(
        level=0.8, area=area, age_band="x", year_end=year)  # fmt: skip
    for side, name in (("low", "lower"), ("high", "upper")):
        assert row[side] == pytest.approx(row["value"] * float(found[name] / found["forecast"]))
    assert row["low"] < row["value"] < row["high"]
    assert row["no_range"] == ""
    city = only(projection, plan(alter="0-5"), inputs=inputs)
    together = age_intervals(inputs, [year], {"x": (0, 5)}, totals=None, levels=[0.8],
                             sums={"alle": inputs["area"].values.tolist()}).isel(level=0, year_end=0, age_band=0, sum=0)
    for side in ("lower", "upper"):
        factor = float(together[f"sum_{side}"] / together["sum_forecast"])
        assert city["low" if side == "lower" else "high"] == pytest.approx(city["value"] * factor)


def test_ranges_follow_the_rates_that_the_projection_was_made_with() -> None:
    from zwkprognose import estimate_rates, load_example, project
    from zwkprognose.evaluation import age_intervals

    inputs = load_example("berlin")
    options = {"turnover": 0.15, "shrinkage": 5.0}
    projection = project(inputs, estimate_rates(inputs, **options), until=int(inputs["year_end"][-1]) + 5)
    year, area = int(projection["year_end"][-1]), str(inputs["area"].values[0])
    row = only(projection, plan(alter="18-29", gebiete=[area]), inputs=inputs)
    limits = [
        age_intervals(inputs, [year], {"x": (18, 29)}, totals=None, rates=rates, levels=[0.8]).sel(
            level=0.8, area=area, age_band="x", year_end=year)
        for rates in (options, None)
    ]  # fmt: skip
    own, usual = (float(found["upper"] / found["forecast"]) for found in limits)
    assert row["high"] == pytest.approx(row["value"] * own)
    assert own != pytest.approx(usual, rel=1e-3)


def test_ratios_and_groups_have_ranges_and_flows_say_why_not() -> None:
    from zwkprognose import estimate_rates, load_example, project

    inputs = load_example("berlin")
    projection = project(inputs, estimate_rates(inputs), until=int(inputs["year_end"][-1]) + 5)
    areas = inputs["area"].values.tolist()
    for said in (
        {"alter": "65+", "je_hundert": "20-64"}, {"alter": "0-5", "je_hundert": "alle", "gebiete": areas[:7]},
        {"staatsangehoerigkeit": "A", "gebiete": areas[:1]}, {"geschlecht": "w", "gebiete": ["01*"]},
    ):  # fmt: skip
        row = only(projection, plan(**said), inputs=inputs)
        assert row["low"] < row["value"] < row["high"], said
    flow = only(projection, plan(groesse="zuzuege"), inputs=inputs)
    assert flow["low"] is None
    (told,) = milestone_sentences(evaluate_milestones(projection, plan(groesse="zuzuege"), inputs=inputs))
    assert "ohne Spanne (für Bewegungen sind frühere Abweichungen nicht bekannt)" in told
    short = only(projection, plan(alter="0-5"), inputs=inputs.isel(year_end=[-1]))
    assert short["no_range"] == "frühere Bestände und Gebiete reichen nicht"


def test_a_wrong_milestone_is_named_once(projection: xr.Dataset) -> None:
    with pytest.raises(ScenarioError) as caught:
        evaluate_milestones(projection, plan(zil=3))
    assert "mindestens ein Eintrag" not in str(caught.value)
    with pytest.raises(ScenarioError, match="mindestens ein Eintrag"):
        evaluate_milestones(projection, "meilenstein = []\n")
