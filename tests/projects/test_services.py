"""Demand in a project: quotas by name or of its own, places from a table, mistakes named with their line."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest
import python_calamine

from zwkprognose.errors import InputError, OutputError, ScenarioError
from zwkprognose.projects import load_project, run_project
from zwkprognose.projects.services import services_of

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


def test_a_quota_from_a_table_with_a_course_and_a_reserve(town: Path) -> None:
    """Shares by table, twice as many from 2022 on, a tenth of the places free."""
    (town / "quoten.csv").write_text(
        "alter_von;alter_bis;geschlecht;anteil\n6;9;;0,5\n10;10;w;0,1\n", encoding="utf-8"
    )
    text = """
[[bedarf]]
titel = "Hort"
quelle = "Jugendamt"
tabelle = "quoten.csv"
verlauf = { 2020 = 1.0, 2022 = 2.0 }
plaetze = "plaetze.csv"
reserve = 0.1
"""
    project = load_project(ask(town, text))
    (service,) = services_of(project, 2020)
    assert [(rate.first, rate.last, rate.share, rate.sex) for rate in service.quota.rates] == [
        (6, 9, 0.5, None), (10, 10, 0.1, "female"),
    ]  # fmt: skip
    assert service.quota.factors(np.array([2020, 2021, 2022, 2030])).tolist() == [1.0, 1.5, 2.0, 2.0]
    assert (service.reserve, service.places) == (0.1, {"01": 90.0, "02": 70.5})
    folder = run_project(project, out=town / "aus").folder
    again = load_project(folder / "projekt.toml")
    assert services_of(again, 2020) == [service], "the record says the same"


@pytest.mark.parametrize(
    ("said", "ages"),
    [
        (
            'quote = "einschulung"\nstichtag = "30.06."\neinschulungsquote = 0.9',
            {6: 0.9 * 181 / 365, 7: 0.9 * 184 / 365},
        ),
        ('quote = "grundschule"\nstichtag = "30.06."', {6: 181 / 365, 7: 1.0, 9: 1.0, 10: 184 / 365}),
        ('quote = "kita_ue3"\nstichtag = "31.07."', {3: 1.0, 5: 1.0, 6: 153 / 365}),
    ],
)
def test_the_day_of_school_entry_moves_three_quotas(town: Path, said: str, ages: dict[int, float]) -> None:
    """By hand: 181 days lie up to 30 June, 212 up to 31 July."""
    (service,) = services_of(load_project(ask(town, f"\n[[bedarf]]\n{said}\n")), 2020)
    shares = service.quota.shares(np.arange(101), ["female"])[0]
    assert {age: shares[age] for age in ages} == pytest.approx(ages)
    assert f"Stichtag {said.split('stichtag = ')[1][1:7]}" in service.quota.source


def test_sites_and_catchments_come_from_two_tables(town: Path) -> None:
    (town / "standorte.csv").write_text("standort;plaetze\nNord;80\nSüd;40,5\n", encoding="utf-8")
    catchments = "standort;gebiet;anteil\nNord;01;1\nNord;02;0,4\nSüd;02;0,6\n"
    (town / "einzug.csv").write_text(catchments, encoding="utf-8")
    text = '\n[[bedarf]]\nquote = "kita_ue3"\nstandorte = "standorte.csv"\neinzugsgebiete = "einzug.csv"\n'
    (service,) = services_of(load_project(ask(town, text)), 2020)
    assert service.sites is not None
    assert service.sites.places == {"Nord": 80.0, "Süd": 40.5}
    assert service.sites.matrix(["01", "02"]).tolist() == [[1.0, 0.0], [0.4, 0.6]]
    (town / "einzug.csv").write_text(catchments.replace("Süd;02;0,6", "West;02;0,6"), encoding="utf-8")
    with pytest.raises(InputError, match=r"Zeile 4: Den Standort „West“ gibt es in standorte\.csv nicht"):
        services_of(load_project(town / "PROJEKT.toml"), 2020)
    twice, lacking = "Gebiet und Standort stehen zweimal da", "Gebiet oder Anteil (0 bis 1) fehlt"
    for row, words in (("Süd;02;1,1", lacking), ("Süd;02;", lacking), ("Süd;;0,6", lacking), ("Nord;02;0,1", twice)):
        (town / "einzug.csv").write_text(catchments.replace("Süd;02;0,6", row), encoding="utf-8")
        with pytest.raises(InputError, match=f"Zeile 4: {re.escape(words)}"):
            services_of(load_project(town / "PROJEKT.toml"), 2020)
    for row, words in (("Ost;1.250", "„1.250“ ist keine Zahl von Plätzen"), ("Ost;", "Die Plätze fehlen"),
                       (";7", "Der Standort fehlt"), ("Nord;7", "Der Standort steht zweimal da")):  # fmt: skip
        (town / "standorte.csv").write_text(f"standort;plaetze\nNord;80\n{row}\n", encoding="utf-8")
        with pytest.raises(InputError, match=f"Zeile 3: {words}"):
            services_of(load_project(town / "PROJEKT.toml"), 2020)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ('quote = "pflege"\nstichtag = "30.06."', "einen „stichtag“ haben nur"),
        ('quote = "einschulung"\nstichtag = "31.02."', "„31.02.“ ist kein Tag"),
        ('quote = "grundschule"\neinschulungsquote = 0.9', "hat nur die Quote einschulung"),
        ('quote = "pflege"\nreserve = 0.1', "braucht „plaetze“ oder „standorte“"),
        ('quote = "pflege"\nverlauf = { 2025 = 1.0 }', "aus lauter Einsen"),
        ('quote = "pflege"\nverlauf = { bald = 1.1 }', "hier stehen Jahre und Faktoren"),
        ('quote = "pflege"\nverlauf = { 2025 = 1.1 }\nfaktor = 2\nbis = 2025', "sagen dasselbe"),
        ('quote = "pflege"\nstandorte = "a.csv"', "gehören zusammen"),
        ('tabelle = "a.csv"\n', "brauchen „titel“ und „quelle“"),
    ],
)
def test_what_a_service_cannot_mean_is_refused(town: Path, said: str, words: str) -> None:
    with pytest.raises(ScenarioError, match=words):
        load_project(ask(town, f"\n[[bedarf]]\n{said}\n"))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("6;9;;1,5", "zwischen 0 und 1 liegen, gelesen wurde 1,5"), ("6;9;;viele", "gelesen wurde nichts"),
        ("sechs;9;;0,5", "müssen ganze Zahlen sein"),
        ("6;neun;;0,5", "müssen ganze Zahlen sein"), ("6;;;1,1", "gelesen wurde 1,1"),
        ("6,5;9;;0,5", "müssen ganze Zahlen sein"), ("9;6;;0,5", "müssen ganze Zahlen sein"),
        ("6;9;d;0,5", "weder m noch w"),
    ],
)  # fmt: skip
def test_a_table_of_shares_names_the_line(town: Path, row: str, words: str) -> None:
    (town / "q.csv").write_text(f"alter_von;alter_bis;geschlecht;anteil\n{row}\n", encoding="utf-8")
    text = '\n[[bedarf]]\ntitel = "x"\nquelle = "y"\ntabelle = "q.csv"\n'
    with pytest.raises(InputError, match=f"Zeile 2: .*{words}"):
        services_of(load_project(ask(town, text)), 2020)


@pytest.mark.parametrize("row", ["6;6;;1", "0;;;0", "6;;w;0,5"])
def test_a_table_of_shares_may_name_one_age_everybody_or_nobody(town: Path, row: str) -> None:
    (town / "q.csv").write_text(f"alter_von;alter_bis;geschlecht;anteil\n{row}\n", encoding="utf-8")
    text = '\n[[bedarf]]\ntitel = "x"\nquelle = "y"\ntabelle = "q.csv"\n'
    (service,) = services_of(load_project(ask(town, text)), 2020)
    (rate,) = service.quota.rates
    first, last, sex, part = row.split(";")
    assert (rate.first, rate.last) == (int(first), int(last) if last else None)
    assert (rate.sex, rate.share) == ("female" if sex else None, float(part.replace(",", ".")))
