"""A run writes one folder, and the document in it gives the same results again."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from support.results import RESULTS

from zwkprognose.engine import check_balance
from zwkprognose.errors import InputError, OutputError, RatesError, ScenarioError, TableError, ZwkError
from zwkprognose.projects import load_project, new_project, run_project
from zwkprognose.projects.estimated import rates_of
from zwkprognose.projects.run import STEPS, checked, doubts, inputs_of
from zwkprognose.projects.sources import read_tables


def test_a_run_writes_the_folder_beside_the_document(town: Path) -> None:
    outcome = run_project(town / "PROJEKT.toml")
    assert outcome.folder == town / "ergebnisse"
    assert {path.name for path in outcome.folder.iterdir()} == RESULTS
    assert check_balance(outcome.projection) < 1e-9
    assert outcome.projection["scenario"].values.tolist() == ["middle", "natural"]
    assert float(outcome.projection["in_moves"].sel(scenario="natural").sum()) == 0


def test_the_recorded_document_gives_the_same_bits(town: Path, tmp_path: Path) -> None:
    first = run_project(town / "PROJEKT.toml")
    again = run_project(first.folder / "projekt.toml", out=tmp_path / "noch-einmal")
    xr.testing.assert_identical(again.projection.drop_attrs(), first.projection.drop_attrs())


def test_changed_tables_are_refused_by_the_recorded_document(town: Path) -> None:
    first = run_project(town / "PROJEKT.toml")
    stocks = town / "bestand.csv"
    stocks.write_text(stocks.read_text().replace(";89;89;11", ";89;89;12"), encoding="utf-8")
    with pytest.raises(InputError, match="geändert"):
        run_project(first.folder / "projekt.toml", out=town / "neu")


def test_results_are_replaced_only_on_request(town: Path) -> None:
    run_project(town / "PROJEKT.toml")
    report = (town / "ergebnisse" / "bericht.html").read_bytes()
    with pytest.raises(OutputError, match="liegen schon Ergebnisse"):
        run_project(town / "PROJEKT.toml")
    assert (town / "ergebnisse" / "bericht.html").read_bytes() == report
    run_project(town / "PROJEKT.toml", force=True)


def test_every_step_is_announced(town: Path) -> None:
    told: list[tuple[str, int, int]] = []
    run_project(town / "PROJEKT.toml", progress=lambda *step: told.append(step))
    assert told == [(name, i, len(STEPS)) for i, name in enumerate(STEPS)]


def test_the_base_year_cuts_off_what_came_later(town: Path) -> None:
    text = (town / "PROJEKT.toml").read_text(encoding="utf-8")
    early = text.replace("[prognose]", '[raten]\nwanderung = "none"\n[prognose]\nbasisjahr = 2015')
    (town / "PROJEKT.toml").write_text(early, encoding="utf-8")
    outcome = run_project(town / "PROJEKT.toml")
    assert int(outcome.projection["year_end"][0]) == 2015
    np.testing.assert_array_equal(outcome.inputs["year_end"], [2015])


def test_an_eckwert_that_asks_for_unusual_growth_is_doubted(town: Path) -> None:
    document = (town / "PROJEKT.toml").read_text(encoding="utf-8")
    more = '\n[[szenario]]\nname = "gross"\n\n[[szenario.eckwert]]\npersonen = { 2021 = 9000 }\n'
    project = load_project(written(town, document + more))
    inputs = inputs_of(project, read_tables(project))
    (finding,) = doubts(project, inputs, rates_of(project, inputs)).frame.to_dict("records")
    assert finding["rule"] == "S01"
    assert "auf 9.000 am 31.12.2021 müsste die Bevölkerung jedes Jahr um" in finding["message"]


def written(town: Path, document: str) -> Path:
    (town / "PROJEKT.toml").write_text(document, encoding="utf-8")
    return town / "PROJEKT.toml"


def changed(town: Path, old: str, new: str) -> None:
    path = town / "PROJEKT.toml"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def spoil(town: Path, old: str, new: str) -> None:
    path = town / "bestand.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize(
    ("mistake", "error", "sentence"),
    [
        (lambda t: changed(t, "bestand.csv", "fehlt.csv"), ScenarioError, "Die Datei „fehlt.csv“ gibt es nicht"),
        (lambda t: changed(t, "[prognose]", "[prognose]\nbasisjahr = 2019"), InputError, "31.12.2019 gibt es nicht"),
        (lambda t: changed(t, "2025", "2020"), ZwkError, "2020"),
        (lambda t: spoil(t, ";5;5;40", ";5;5;vier"), TableError, "vier"),
        (lambda t: spoil(t, "2015;01;Altstadt;m;5;5;40\n", ""), ZwkError, "5"),
        (lambda t: spoil(t, "2015;01;Altstadt;m;5;5;40\n", "2015;01;Altstadt;m;4;4;40\n"), ZwkError, "4"),
        (lambda t: changed(t, "szenarien = ", 'szenarien = ["s.toml"] #'), ScenarioError, "„Hafn“"),
    ],
)
def test_bad_input_is_named_and_writes_nothing(town: Path, mistake, error: type[ZwkError], sentence: str) -> None:
    (town / "s.toml").write_text(
        'name = "s"\n[[annahme]]\ngroesse = "zuzuege"\nfaktor = 0\ngebiete = ["Hafn"]\n', encoding="utf-8"
    )
    mistake(town)
    with pytest.raises(error, match=sentence):
        run_project(town / "PROJEKT.toml")
    assert not (town / "ergebnisse").exists()


def test_a_new_project_is_complete(tmp_path: Path) -> None:
    written = new_project(tmp_path / "neu")
    assert {path.name for path in written} == {
        "projekt.toml",
        "szenario.toml",
        "szenario.schema.json",
        "projekt.schema.json",
        "bestand.csv",
        "gebiete.geojson",
        "bezirke.csv",
    }
    with pytest.raises(OutputError, match="liegen schon Dateien"):
        new_project(tmp_path / "neu")
    new_project(tmp_path / "neu", force=True)


def test_numbers_that_were_changed_a_little_may_miss_their_sums_if_the_project_says_so(town: Path) -> None:
    table = town / "bestand.csv"
    head, *rows = table.read_text(encoding="utf-8").splitlines()
    printed = [row for row in rows if row.startswith("2015;01;Altstadt;m;")]
    total = sum(int(row.rsplit(";", 1)[1]) for row in printed)
    table.write_text("\n".join([head, f"2015;01;Altstadt;m;;;{total + 3}", *rows]) + "\n", encoding="utf-8")
    plain = checked(read_tables(load_project(town / "PROJEKT.toml")))
    assert len(plain.errors) > 0
    changed(town, "[prognose]", '[daten.quelle]\ngeheimhaltung = "cell-key"\n\n[prognose]')
    assert len(checked(read_tables(load_project(town / "PROJEKT.toml"))).errors) == 0


def test_a_project_names_the_sheets_it_means(town: Path) -> None:
    import xlsxwriter

    rows = [line.split(";") for line in (town / "bestand.csv").read_text(encoding="utf-8").splitlines()]
    with xlsxwriter.Workbook(str(town / "bestand.xlsx")) as book:
        for name, factor in (("Bestand", 1), ("Planung", 2)):
            sheet = book.add_worksheet(name)
            for k, row in enumerate(rows):
                sheet.write_row(k, 0, row if k == 0 else [*row[:-1], int(row[-1]) * factor])
    persons = read_tables(load_project(town / "PROJEKT.toml"))[0].cells["value"].sum()
    changed(town, '"bestand.csv"', '"bestand.xlsx"\nblaetter = "Best*"')
    assert read_tables(load_project(town / "PROJEKT.toml"))[0].cells["value"].sum() == persons


def test_options_of_the_rates_are_named_as_the_document_names_them(town: Path) -> None:
    changed(town, "[prognose]", '[raten]\nwanderung = "none"\numschlag = 0.1\n\n[prognose]')
    with pytest.raises(RatesError, match=r"(?s)Zeile \d+, raten: umschlag=0,1 .*umschlag weglassen"):
        run_project(town / "PROJEKT.toml")
