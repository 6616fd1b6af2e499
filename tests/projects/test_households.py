"""Households in a project: tables are read, results stand in every file, mistakes are named with file and line."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import python_calamine

from zwkprognose.errors import InputError, RatesError, ScenarioError, ZwkError
from zwkprognose.output import open_netcdf
from zwkprognose.projects import load_project, rewrite_report, run_project

ASKED = """
[haushalte]
quoten = "quoten.csv"
quelle = "Melderegister, eigene Auszählung"
groesse_offen = 5.4
bestand = "haushalte.csv"
wohnungen = "wohnungen.csv"
reserve = 0.03
[[szenario]]
name = "bauen"
titel = "Mit Neubau"
[[szenario.erstbezug]]
name = "Hafenkante"
gebiet = "02"
wohnungen = 40
von = 2022
bis = 2023
anteil_von_aussen = 0.5
"""
INTERNAL = "[ausgabe]\nnur_intern = true\n"
#: Persons by size in groups of age and sex; size 0 are homes, the last one is open.
COUNTED = {
    "0;17;": (0, 0, 100, 300, 400, 200),
    "18;64;m": (10, 280, 300, 200, 150, 60), "18;64;w": (10, 280, 300, 200, 150, 60),
    "65;;m": (10, 200, 700, 60, 20, 10), "65;;w": (20, 480, 440, 40, 10, 10),
}  # fmt: skip
QUOTAS = "alter_von;alter_bis;geschlecht;groesse;anzahl\n" + "".join(
    f"{group};{size}{'+' * (size == 5)};{count}\n"
    for group, counts in COUNTED.items()
    for size, count in enumerate(counts)
)
FILES = {
    "quoten.csv": QUOTAS,
    "haushalte.csv": "gebiet;haushalte_1;haushalte_2\n01;1200;1000\n02;520;430\n",
    "wohnungen.csv": "gebiet;wohnungen\n01;3100\n02;1300\n",
}


def ask(town: Path, text: str = ASKED, **files: str) -> Path:
    path = town / "PROJEKT.toml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")
    for name, content in (FILES | files).items():
        (town / name).write_text(content, encoding="utf-8")
    return path


def test_a_run_writes_households_everywhere(town: Path) -> None:
    outcome = run_project(ask(town, ASKED + INTERNAL), out=town / "aus")
    exact = open_netcdf(outcome.folder / "haushalte.nc")
    first = exact["households"].isel(scenario=0, year_end=0)
    assert first.sel(area="01", household_size="1").item() == pytest.approx(1200)
    assert first.sel(area="02", household_size="2").item() == pytest.approx(430)
    persons = exact["household_persons"].sum("household_size") + exact["institutional"]
    whole = outcome.projection["population"].sum(["nationality", "sex", "age"])
    np.testing.assert_allclose(persons.transpose(*whole.dims).values, whole.values, rtol=1e-12)

    with (outcome.folder / "haushalte.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    base = [row for row in rows if row["szenario"] == "middle" and row["jahr"] == "2020"]
    ones = {
        row["gebiet"]: row["anzahl"] for row in base if (row["merkmal"], row["haushaltsgroesse"]) == ("haushalte", "1")
    }
    assert ones == {"": "1720", "01": "1200", "02": "520"}
    built = {(row["szenario"], row["jahr"]): row["anzahl"] for row in rows
             if row["gebiet"] == "02" and row["merkmal"] == "wohnungen"}  # fmt: skip
    assert built["middle", "2025"] == "1300"
    assert [built["bauen", year] for year in ("2021", "2022", "2023", "2025")] == ["1300", "1320", "1340", "1340"]

    book = python_calamine.CalamineWorkbook.from_path(str(outcome.folder / "prognose.xlsx"))
    assert {"Haushalte", "Haushalte Gebiete", "Alleinlebende", "Wohnungen"} <= set(book.sheet_names)
    sheet = book.get_sheet_by_name("Haushalte").to_python(skip_empty_area=False)
    head = next(row for row in sheet if "1 Person" in row)
    start = next(row for row in sheet if row[0] in (2020, 2020.0, "2020"))
    assert start[head.index("1 Person")] == 1720
    page = (outcome.folder / "bericht.html").read_text(encoding="utf-8")
    assert "Haushalte und Wohnungen" in page
    assert "Melderegister, eigene Auszählung" in page


def test_small_quarters_are_blank_and_the_exact_file_stays_inside(town: Path) -> None:
    folder = run_project(ask(town), out=town / "aus").folder
    with (folder / "haushalte.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file, delimiter=";") if row["merkmal"] == "haushalte"]
    assert {(row["anzahl"], row["hinweis"]) for row in rows if row["gebiet"]} == {("", "geheim gehalten")}
    assert all(row["anzahl"] for row in rows if not row["gebiet"])
    given, kept = (folder / "weitergabe.txt").read_text(encoding="utf-8").split("NUR INTERN")
    assert "haushalte.csv" in given
    assert "haushalte.nc" in kept


def test_the_record_runs_again_and_the_report_is_written_anew(town: Path) -> None:
    first = run_project(ask(town), out=town / "eins").folder
    second = run_project(first / "projekt.toml", out=town / "anderswo" / "zwei").folder
    assert (first / "haushalte.csv").read_bytes() == (second / "haushalte.csv").read_bytes()
    again = rewrite_report(first / "prognose.nc", out=town / "neu.html")
    assert "Haushalte und Wohnungen" in again.read_text(encoding="utf-8")


def test_national_quotas_need_no_table(town: Path) -> None:
    text = '\n[haushalte]\nquoten = "mikrozensus"\ngroesse_offen = 2.7\n'
    folder = run_project(ask(town, text), out=town / "aus").folder
    assert "Mikrozensus 2011" in (folder / "bericht.html").read_text(encoding="utf-8")


def test_one_area_has_households_too(town: Path) -> None:
    text = '\n[haushalte]\nquoten = "mikrozensus"\ngroesse_offen = 2.7\n'
    path = ask(town, text)
    path.write_text(path.read_text("utf-8").replace("[prognose]", 'gebiete = ["01"]\n\n[prognose]'), "utf-8")
    assert (run_project(path, out=town / "aus").folder / "haushalte.csv").is_file()


@pytest.mark.parametrize(
    ("text", "files", "kind", "said"),
    [
        (ASKED.replace('quelle = "Melderegister, eigene Auszählung"\n', ""), {}, ScenarioError, "„quelle“"),
        (ASKED.replace("groesse_offen = 5.4\n", ""), {}, RatesError, "groesse_offen"),
        ('\n[haushalte]\nquoten = "mikrozensus"\nverfahren = "bezugspersonen"\n', {}, ScenarioError, "bringt Quelle"),
        ('\n[haushalte]\nquoten = "mikrozensus"\nreserve = 0.1\n', {}, ScenarioError, "gehört zu „wohnungen“"),
        (ASKED, {"quoten.csv": QUOTAS.replace("0;17;;1;0", "0;17;x;1;0")}, InputError, "Zeile 3: geschlecht ist „x“"),
        (ASKED, {"quoten.csv": QUOTAS.replace(";400\n", ";4.000,5x\n")}, InputError, "Zeile 6: anzahl ist „4.000,5x“"),
        (ASKED, {"quoten.csv": QUOTAS.replace("18;64;m", "18;60;m")}, RatesError, "männlich, 61 bis 64 Jahre"),
        (ASKED, {"quoten.csv": QUOTAS.replace("65;;w", "65;;m")}, RatesError, "eine Zelle zweimal"),
        (ASKED, {"quoten.csv": "alter_von;anteil\n0;1\n"}, InputError, "alter_bis und geschlecht und groesse"),
        (ASKED, {"haushalte.csv": "gebiet;haushalte_1\n01;1200\n"}, RatesError, "Gebiet: 02"),
        (ASKED, {"haushalte.csv": "gebiet;haushalte_1\n01;9\n01;9\n"}, InputError, "Zeile 3: Das Gebiet 01 steht zwei"),
        (ASKED, {"haushalte.csv": "gebiet;haushalte_1\n01;120000\n02;5\n"}, RatesError, "01, Haushalte mit 1 Person"),
        (ASKED, {"haushalte.csv": "gebiet;name\n01;x\n"}, InputError, "stehen keine Haushalte"),
        (ASKED, {"wohnungen.csv": "gebiet;wohnungen\n01;3100\n"}, ZwkError, "Gebiet: 02"),
        (ASKED.replace("[haushalte]", '[haushalte]\nverfahren = "bezugspersonen"'), {},
         InputError, "Bezugspersonenquoten sind Anteile"),
    ],
)  # fmt: skip
def test_mistakes_are_named(town: Path, text: str, files: dict[str, str], kind: type[ZwkError], said: str) -> None:
    with pytest.raises(kind) as caught:
        run_project(load_project(ask(town, text, **files)), out=town / "aus")
    assert said in str(caught.value)
    assert not (town / "aus").exists()


def test_all_households_and_those_of_one_person_give_the_mean_size(town: Path) -> None:
    """6,370 and 2,912 persons: the 5,170 and 2,312 who do not live alone live in 2,000 and 890 households."""
    text = '\n[haushalte]\nquoten = "mikrozensus"\nbestand = "haushalte.csv"\n' + INTERNAL
    counts = "gebiet;haushalte;haushalte_1\n01;3200;1200\n02;1490;600\n"
    outcome = run_project(ask(town, text, **{"haushalte.csv": counts}), out=town / "aus")
    exact = open_netcdf(outcome.folder / "haushalte.nc").isel(scenario=0, year_end=0)
    assert exact["households"].sum("household_size").values == pytest.approx([3200, 1490])
    persons = outcome.projection["population"].isel(scenario=0, year_end=0).sum(["nationality", "sex", "age"])
    expected = persons.values / [3200, 1490]
    assert exact["household_size_mean"].values == pytest.approx(expected)


def test_head_quotas_of_a_table(town: Path) -> None:
    rows = ["0;17;;1;0", "0;17;;2;0", "0;17;;3;0", "18;;;1;0,25", "18;;;2;0,2", "18;;;3;0,14"]
    quotas = "alter_von;alter_bis;geschlecht;groesse;anteil\n" + "\n".join(rows) + "\n"
    text = '\n[haushalte]\nquoten = "quoten.csv"\nquelle = "x"\nverfahren = "bezugspersonen"\ngroesse_offen = 3.8\n'
    outcome = run_project(ask(town, text, **{"quoten.csv": quotas}), out=town / "aus")
    exact = open_netcdf(outcome.folder / "haushalte.nc")
    persons = exact["household_persons"].sum("household_size")
    whole = outcome.projection["population"].sum(["nationality", "sex", "age"])
    np.testing.assert_allclose(persons.transpose(*whole.dims).values, whole.values, rtol=1e-9)
    adults = outcome.projection["population"].sel(age=slice(18, None)).sum(["nationality", "sex", "age"])
    np.testing.assert_allclose(exact["households"].sum("household_size").transpose(*adults.dims), 0.59 * adults)
