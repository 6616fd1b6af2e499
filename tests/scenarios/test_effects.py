"""One rule for statements without effect: refused by name if nothing is left, warned of if a part is lost."""

from __future__ import annotations

import warnings

import pytest
import xarray as xr

from zwkprognose.errors import ScenarioError, ScenarioWarning
from zwkprognose.scenarios import Scenario, apply_scenario
from zwkprognose.scenarios.effects.judge import judged, within
from zwkprognose.scenarios.run import run_of

YEARS = range(2021, 2031)


def scenario(body: str) -> Scenario:
    return Scenario.from_toml(f'name = "probe"\n{body}\n')


def verdicts(rates: xr.Dataset, body: str, years: range = YEARS) -> list[tuple[str, float | None, bool]]:
    """Text, persons and whether nothing is left, of every statement judged."""
    stock = xr.ones_like(rates["in_moves"]).assign_coords(area_name=rates["area_name"])
    found = judged(scenario(body), run_of(rates, years, stock=stock), rates)
    return [(str(verdict), verdict.persons, verdict.nothing_left) for verdict in found]


HOUSES = '[[erstbezug]]\nname = "Hang"\ngebiet = "Hafen"\nwohnungen = 100\nanteil_von_aussen = 0.5\n'
HOME = '[[sondergruppe]]\nname = "Heim"\ngebiet = "Hafen"\nalter = { "80+" = 1.0 }\n'
MOVES = '[[annahme]]\ngroesse = "zuzuege"\n'


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (
            "[[eckwert]]\npersonen = { 2020 = 900 }",
            "personen: 900 am 31.12.2020 bleibt ohne Wirkung: bis 31.12.2020 gilt",
        ),
        ("[[eckwert]]\npersonen = { 2031 = 900, 2035 = 950 }", "gerechnet wird nur bis 31.12.2030"),
        (HOUSES + "von = 2030\neinzug = [0.0, 1.0]", "von: Bezogen wird 2031, gerechnet wird aber 2021 bis 2030"),
        (HOUSES + "von = 2015\nbis = 2018", "Bezogen wird 2015 bis 2018, gerechnet wird aber 2021 bis 2030"),
        (HOME + "plaetze = { 2031 = 40 }", "dort wohnt also nie jemand"),
        (MOVES + "prozent = 10\nvon = 2031", "Die Angabe gilt 2031 bis zum Ende"),
        (MOVES + "prozent = 10\nvon = 2015\nbis = 2020", "Die Angabe gilt 2015 bis 2020"),
        (MOVES + "prozent = 0", "prozent: Die Größe ändert sich nicht"),
        (MOVES + "faktor = 1", "faktor: Die Größe ändert sich nicht"),
        ("[[halten]]\nprozent = 0", "Niemand bleibt, der sonst fortzöge"),
        ("[[anziehen]]\npersonen = 0", "personen: Niemand zieht zusätzlich zu"),
        ('[[ereignis]]\nname = "Flucht"\npersonen = 0', "ereignis 1: personen: Niemand zieht zusätzlich zu"),
        (2 * (MOVES + "prozent = 10\n"), "annahme 2: Dasselbe sagt schon annahme 1"),
        (2 * '[[ereignis]]\nname = "Uni"\npersonen = 9\n', "ereignis 2: Dasselbe sagt schon ereignis 1"),
        (
            "[[eckwert]]\npersonen = { 2025 = 9 }\n[[eckwert]]\npersonen = { 2025 = 8 }",
            "nennt schon eckwert 1 einen Wert für 2025",
        ),
        (MOVES + "faktor = 0\n" + MOVES + "prozent = 10\nvon = 2027", "annahme 2: annahme 1 setzt die Größe auf null"),
        (MOVES + 'prozent = 9\nalter = "200-210"', "Ab 90 Jahren"),
        ('[[eckwert]]\nalter = "95-99"\npersonen = { 2025 = 9 }', "eckwert 1: alter: Ab 90 Jahren"),
    ],
)
def test_nothing_left_is_refused_by_name(rates: xr.Dataset, body: str, said: str) -> None:
    stock = xr.ones_like(rates["in_moves"]).assign_coords(area_name=rates["area_name"])
    with pytest.raises(ScenarioError) as caught:
        apply_scenario(rates, scenario(body), YEARS, stock=stock)
    assert said in str(caught.value)
    assert "Zeile" in str(caught.value)


def test_births_at_sixty_and_moves_of_nobody_are_refused(rates: xr.Dataset) -> None:
    young = rates.assign(fertility_rate=rates["fertility_rate"].where(rates["age"] < 50, 0.0))
    body = '[[annahme]]\ngroesse = "geburten"\nprozent = 50\nalter = "60+"'
    with pytest.raises(ScenarioError, match="annahme 1: Geburtenziffer: In der Auswahl ist jeder Wert null"):
        apply_scenario(young, scenario(body), YEARS)
    apply_scenario(young, scenario(body.replace("60+", "45+")), YEARS)
    empty = rates.assign(in_moves=rates["in_moves"].where(rates["area"] == "0101", 0.0))
    with pytest.raises(ScenarioError, match="In der Auswahl ist jeder Wert null"):
        apply_scenario(empty, scenario(MOVES + 'prozent = 5\ngebiete = ["Mitte"]'), YEARS)
    apply_scenario(empty, scenario(MOVES + 'faktor = 0\ngebiete = ["Mitte"]'), YEARS)  # says what is


@pytest.mark.parametrize(
    ("body", "said", "persons"),
    [
        # of ten dwellings a year from 2012 to 2021 the last ten are built: 90 · 2,06 persons do not come
        (
            HOUSES + "von = 2012\nbis = 2021",
            "Von 100 Wohnungen werden 10 in den gerechneten Jahren 2021 bis 2030 bezogen; 90 mit Einzug 2012 bis 2020",
            185.4,
        ),
        (HOUSES + "von = 2030\neinzug = [0.1, 0.9]", "90 mit Einzug 2031 bleiben ohne Wirkung", 185.4),
        (
            '[[ereignis]]\nname = "Flucht"\npersonen = 50\nvon = 2029\nbis = 2032',
            "2031 bis 2032 bleiben ohne Wirkung",
            100,
        ),
        ("[[anziehen]]\npersonen = 7\nvon = 2019\nbis = 2025", "2019 bis 2020 bleiben ohne Wirkung", 14),
        (
            "[[eckwert]]\npersonen = { 2020 = 9, 2025 = 9, 2040 = 9 }",
            "9 am 31.12.2020 und 9 am 31.12.2040 bleiben",
            None,
        ),
        (HOME + "plaetze = { 2025 = 40, 2035 = 100 }", "100 Plätze ab 31.12.2035 bleiben ohne Wirkung", 60),
        (HOME + "plaetze = { 2025 = 40 }\nschliesst = 2038", "Die Schließung am 31.12.2038 bleibt ohne Wirkung", 40),
        (MOVES + "prozent = 10\nvon = 2028\nbis = 2035", "2031 bis 2035 bleiben ohne Wirkung", None),
        (
            MOVES + 'prozent = 10\nverlauf = "gleitend"\nvon = 2026\nbis = 2035',
            "2030 sind erst 50 % der Änderung erreicht",
            None,
        ),
        (
            MOVES + 'prozent = 9\nalter = "18-29"\n' + MOVES + 'prozent = 5\nalter = "25-40"',
            "annahme 1 und diese Angabe gelten beide für 25 bis 29 Jahre und die Jahre ab 2021",
            None,
        ),
        (
            MOVES + "prozent = 9\nvon = 2022\nbis = 2025\n" + MOVES + "prozent = 5\nvon = 2025\nbis = 2029",
            "gelten beide für 2025",
            None,
        ),
    ],
)
def test_a_lost_part_is_told_with_its_persons(rates: xr.Dataset, body: str, said: str, persons: float | None) -> None:
    ((text, concerned, nothing_left),) = verdicts(rates, body)
    assert said in text
    assert concerned == (persons if persons is None else pytest.approx(persons))
    assert not nothing_left
    with pytest.warns(ScenarioWarning, match="Was tun"):
        apply_scenario(rates, scenario(body), YEARS)


@pytest.mark.parametrize(
    "body",
    [
        MOVES + "prozent = 10\nvon = 2025\n" + MOVES + "prozent = 5",  # one holds the other: meant to multiply
        MOVES + 'prozent = 10\nverlauf = "gleitend"\ndauer = 20',  # a course from the first year on
        HOME + "plaetze = { 2010 = 80, 2015 = 90 }",  # a home that is there already
        HOUSES + "von = 2021\nbis = 2030",
        MOVES + 'prozent = 9\nalter = "18-29"\n' + MOVES + 'prozent = 9\nalter = "30-40"',
        # nobody comes for some years, fewer in the others; a course that is over stays where it has led
        MOVES + "faktor = 0\nvon = 2022\nbis = 2025\n" + MOVES + "prozent = 5",
        MOVES + 'prozent = 10\nverlauf = "gleitend"\nvon = 2022\nbis = 2025\n' + MOVES + "prozent = 5\nvon = 2024",
        HOUSES.replace("0.5", "0") + "von = 2022",  # filled from the other quarter
        MOVES + "faktor = 0\n[[ereignis]]\nname = 'Uni'\npersonen = 700",  # persons come on top of nothing
        "",
    ],
)
def test_what_has_its_effect_is_not_spoken_of(rates: xr.Dataset, body: str) -> None:
    assert verdicts(rates, body) == []


def test_dwellings_that_nobody_can_move_into_are_told(rates: xr.Dataset) -> None:
    """100 dwellings for 2.06 persons each, from nowhere but the only area itself."""
    ((text, persons, nothing_left),) = verdicts(rates.isel(area=[0]), HOUSES.replace("0.5", "0") + "von = 2022")
    assert "Niemand kommt von außerhalb" in text
    assert persons == pytest.approx(206)
    assert nothing_left


def test_what_the_package_brings_is_never_without_effect(rates: xr.Dataset) -> None:
    still = rates.assign(in_moves=0 * rates["in_moves"], out_prob=0 * rates["out_prob"])
    stock = xr.ones_like(rates["in_moves"])
    for name in ("lower", "middle", "upper", "natural", "unchanged", "no-foreign-in-moves"):
        for until in (2021, 2024, 2050):
            assert judged(Scenario.bundled(name), run_of(rates, range(2021, until + 1), stock=stock), rates) == []
            for verdict in judged(Scenario.bundled(name), run_of(still, range(2021, until + 1), stock=stock), still):
                assert not verdict.nothing_left


def test_one_document_serves_runs_of_different_length(rates: xr.Dataset) -> None:
    both = scenario(MOVES + "prozent = 10\nvon = 2028\nbis = 2035")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        apply_scenario(rates, both, range(2021, 2036))
    with pytest.warns(ScenarioWarning, match="2031 bis 2035"):
        apply_scenario(rates, both, range(2021, 2031))


def test_a_shorter_run_can_go_without_what_comes_later(rates: xr.Dataset) -> None:
    whole = scenario(MOVES + "prozent = 10\n" + MOVES + "prozent = 5\nvon = 2028")
    short = within(whole, run_of(rates, range(2021, 2025)))
    assert [a.first_year for a in short.assumptions] == [None]
    assert within(whole, run_of(rates, YEARS)) is whole
    later = apply_scenario(rates, whole, YEARS)["in_moves"].sel(year=slice(2021, 2024))
    xr.testing.assert_identical(apply_scenario(rates, short, range(2021, 2025))["in_moves"], later)


def test_describe_carries_what_is_lost(rates: xr.Dataset) -> None:
    stock = xr.ones_like(rates["in_moves"]).assign_coords(year_end=2020, area_name=rates["area_name"])
    told = scenario(HOUSES + "von = 2012\nbis = 2021").describe(rates, stock, until=2030)
    assert "Achtung: " in told
    assert "Von 100 Wohnungen werden 10" in told
    assert "Betroffen: 185 Personen." in told
    assert "Achtung" not in scenario(HOUSES + "von = 2022").describe(rates, stock, until=2030)


def test_all_statements_without_effect_are_named_at_once(rates: xr.Dataset) -> None:
    body = MOVES + "prozent = 0\n" + '[[ereignis]]\nname = "Uni"\npersonen = 0\n[[halten]]\nprozent = 0'
    with pytest.raises(ScenarioError) as caught:
        apply_scenario(rates, scenario(body), YEARS)
    assert all(name in str(caught.value) for name in ("annahme 1", "ereignis 1", "halten 1"))
