"""Demand in a project: quotas by name or of its own, places from a table, mistakes named with their line."""

from __future__ import annotations

from pathlib import Path

import pytest
import python_calamine

from zwkprognose.errors import InputError, OutputError, ScenarioError
from zwkprognose.projects import load_project, run_project

OWN = """
[[bedarf]]
titel = "Kinder im Hort"
quelle = "Jugendamt"
anteile = [{ alter = "6-9", anteil = 0.5 }, { alter = "10", anteil = 0.1, geschlecht = "w" }]
faktor = 1.5
bis = 2025
plaetze = "plaetze.csv"
[[bedarf]]
quote = "pflege"
"""


def ask(town: Path, text: str, places: str = "gebiet;plaetze\n01;90\n02;70,5\n") -> Path:
    path = town / "PROJEKT.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    (town / "plaetze.csv").write_text(places, encoding="utf-8")
    return path


def test_own_quotas_and_places_reach_the_workbook(town: Path) -> None:
    outcome = run_project(ask(town, "\n[ausgabe]\nnur_intern = true\n" + OWN), out=town / "aus")
    book = python_calamine.CalamineWorkbook.from_path(str(outcome.folder / "prognose.xlsx"))
    rows = book.get_sheet_by_name("Bedarf Kinder im Hort, bis 2025").to_python(skip_empty_area=False)
    assert rows[0][0] == "Kinder im Hort, bis 2025 auf das 1,5-Fache, Mittlere Variante"
    ages = outcome.projection["population"].sel(scenario="middle", year_end=2020, area="01").sum("nationality")
    by_hand = 0.5 * float(ages.sel(age=slice(6, 9)).sum()) + 0.1 * float(ages.sel(age=10, sex="female"))
    head, whole, first = rows[3], rows[4], rows[5]
    assert float(first[head.index(2020)]) == 5 * round(by_hand / 5)
    assert (whole[head.index("Plätze")], first[head.index("Plätze")]) == (160.5, 90.0)
    assert "Pflegebedürftige" in (outcome.folder / "bericht.html").read_text(encoding="utf-8")


def test_the_record_runs_again(town: Path) -> None:
    first = run_project(ask(town, OWN), out=town / "eins").folder
    second = run_project(first / "projekt.toml", out=town / "anderswo" / "zwei").folder
    books = [python_calamine.CalamineWorkbook.from_path(str(f / "prognose.xlsx")) for f in (first, second)]
    one, two = (book.get_sheet_by_name("Bedarf Kinder im Hort, bis 2025").to_python() for book in books)
    assert one == two


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('[[bedarf]]\nquote = "hort"\n', "Zeile 13.*hort.*kita_u3"),
        ("[[bedarf]]\nfaktor = 2\nbis = 2030\n", "genau eine der Angaben"),
        ('[[bedarf]]\nquote = "pflege"\nfaktor = 2\n', "gehören zusammen"),
        ('[[bedarf]]\nquote = "pflege"\nfaktor = 2\nbis = 2019\n', "bedarf 1: bis: Die Quote soll sich bis 2019"),
        ('[[bedarf]]\nquote = "pflege"\nfaktor = 1\nbis = 2024\n', "ein „faktor“ von 1 ändert nichts"),
        (2 * '[[bedarf]]\nquote = "pflege"\n', "bedarf 2: Dasselbe sagt schon bedarf 1"),
        (OWN.replace("0.5", "0").replace("0.1", "0"), "alle „anteile“ sind 0"),
        (OWN.replace('"10"', '"9-10"'), "die Altersspannen 6-9 und 9-10 überschneiden sich"),
        ('[[bedarf]]\nanteile = [{ alter = "3", anteil = 1.0 }]\n', "brauchen „titel“ und „quelle“"),
    ],
)
def test_impossible_services_are_refused(town: Path, text: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=f"(?s){words}"):
        run_project(load_project(ask(town, "\n" + text)), out=town / "aus")
    assert not (town / "aus").exists()


def test_a_quota_that_does_not_get_there_is_told(town: Path) -> None:
    text = '\n[[bedarf]]\nquote = "pflege"\nfaktor = 2\nbis = 2030\n'
    findings = run_project(load_project(ask(town, text)), out=town / "aus").findings.frame
    (said,) = findings.loc[findings["rule"] == "S02", "message"]
    assert "Die Quote ändert sich bis 2030, gerechnet wird bis 2025: 50 % des Wegs." in said


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ("gebiet;plaetze\n01;90\n", "02"),
        ("gebiet;plaetze\n01;90\n02;viele\n", "viele"),
        ("gebiet;plaetze\n01;90\n01;80\n02;1\n", "Zeile 3: Das Gebiet steht zweimal da"),
        ("gebiet;plaetze\n01;\n02;1\n", "Zeile 2: Gebiet oder Wert fehlt"),
        ("gebiet;zahl\n01;3\n", "fehlt die Spalte plaetze"),
        ("", "fehlt die Spalte gebiet und plaetze"),
    ],
)
def test_tables_of_places_that_do_not_fit_are_named(town: Path, places: str, words: str) -> None:
    with pytest.raises((InputError, OutputError), match=words):
        run_project(ask(town, OWN, places), out=town / "aus")
    assert not (town / "aus").exists()


def test_a_missing_table_of_places_is_named(town: Path) -> None:
    path = ask(town, OWN)
    (town / "plaetze.csv").unlink()
    with pytest.raises(InputError, match=r"plaetze\.csv lässt sich nicht lesen"):
        run_project(path, out=town / "aus")


def test_districts_come_from_a_table(town: Path) -> None:
    (town / "bezirke.csv").write_text("bezirk,gebiet\nNord,01\nSüd,02\nWest,03\n", encoding="utf-8")
    path = ask(town, '\n[ausgabe]\nbezirke = "bezirke.csv"\nnur_intern = true\n')
    folder = run_project(path, out=town / "aus").folder
    text = (folder / "bevoelkerung-bezirke.csv").read_text(encoding="utf-8-sig")
    assert {line.split(";")[2] for line in text.splitlines()[1:]} == {"Nord", "Süd"}
    assert run_project(folder / "projekt.toml", out=town / "noch").folder.exists()
    (town / "bezirke.csv").write_text("bezirk,gebiet\nNord,01\n", encoding="utf-8")
    with pytest.raises(OutputError, match="02"):
        run_project(path, out=town / "nein")
