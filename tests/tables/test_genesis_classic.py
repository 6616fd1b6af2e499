"""Classic exports of GENESIS with single ages, in the shapes of 12411-0005, -0006, -0012, -0013, -0021, 12421, 12613.

Five lines of titles, often no heading above the ages, ``unter 1 Jahr``, ``1-Jährige`` … ``85 Jahre und mehr``, a foot
after a line of underscores. All figures are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from support.tidy_files import total, write

from zwkprognose.errors import TableError
from zwkprognose.tables import Table, check, read_table

AGES = ("unter 1 Jahr", "1-Jährige", "2-Jährige", "3 Jahre und mehr")
FOOT = (
    "__________", "Bevölkerungsstand:", "\"Ergebnisse auf Grundlage des Zensus 2022.\"",
    "© Statistisches Bundesamt (Destatis), 2025", "Stand: 01.06.2025 / 12:00:00",
)  # fmt: skip


def _export(folder: Path, code: str, titles: Sequence[str], body: Sequence[str], encoding: str = "cp1252") -> Table:
    lines = [f"GENESIS-Tabelle: {code}", *titles, *body, *FOOT]
    return read_table(write(folder, "\r\n".join(lines) + "\r\n", f"{code}_$F.csv", encoding))


def _ages(table: Table) -> list[tuple[int, int | None]]:
    cells = table.cells[["age_from", "age_to"]].drop_duplicates()
    return [(int(a), None if b != b else int(b)) for a, b in cells.astype("float64").to_numpy()]


SINGLE = [(0, 1), (1, 2), (2, 3), (3, None)]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-8-sig"])
def test_ages_down_and_dates_across(tmp_path: Path, encoding: str) -> None:
    titles = ("Bevölkerung: Deutschland, Stichtag, Altersjahre;;", "Fortschreibung des Bevölkerungsstandes;;",
              "Deutschland;;", "Bevölkerungsstand (Anzahl);;")  # fmt: skip
    body = (";31.12.2022;31.12.2023", *(f"{age};{n};{n + 1}" for age, n in zip(AGES, (10, 20, 20, 70), strict=True)),
            "Insgesamt;120;124")  # fmt: skip
    table = _export(tmp_path, "12411-0005", titles, body, encoding)
    assert _ages(table)[:4] == SINGLE
    assert table.cells["area"].nunique() == 1
    assert total(table, year=2023, age_from=1) == 21
    assert len(check(table).errors) == 0
    assert table.source.table_code == "12411-0005"


def test_ages_down_groups_across_dates_in_front(tmp_path: Path) -> None:
    titles = ("Bevölkerung: Deutschland, Stichtag, Altersjahre,;;;;;;;", "Nationalität, Geschlecht;;;;;;;",
              "Fortschreibung des Bevölkerungsstandes;;;;;;;", "Bevölkerungsstand (Anzahl);;;;;;;")  # fmt: skip
    head = (";;Deutsche;Deutsche;Deutsche;Ausländer;Ausländer;Ausländer",
            ";;männlich;weiblich;Insgesamt;männlich;weiblich;Insgesamt")  # fmt: skip
    body = tuple(
        f"31.12.{year};{age};{n};{n + 1};{2 * n + 1};{k};{k};{2 * k}"
        for year, k in ((2022, 3), (2023, 4))
        for age, n in zip(AGES, (10, 20, 30, 70), strict=True)
    )
    table = _export(tmp_path, "12411-0006", titles, (*head, *body))
    assert _ages(table) == SINGLE
    assert total(table, year=2023, age_from=2, nationality="german", sex="female") == 31
    assert total(table, year=2022, age_from=2, nationality="foreign", sex="total") == 6


def test_areas_across_dates_and_ages_down(tmp_path: Path) -> None:
    titles = ("Bevölkerung: Bundesländer, Stichtag, Altersjahre;;;;", "Fortschreibung des Bevölkerungsstandes;;;;",
              "Bevölkerungsstand (Anzahl);;;;")  # fmt: skip
    body = (";;Baden-Württemberg;Bayern;Insgesamt", *(
        f"31.12.{year};{age};{n};{2 * n};{3 * n}"
        for year in (2022, 2023) for age, n in zip(AGES, (10, 20, 30, 70 + year - 2022), strict=True)
    ))  # fmt: skip
    table = _export(tmp_path, "12411-0012", titles, body)
    assert _ages(table) == SINGLE
    assert set(table.cells["area"]) == {"Baden-Württemberg", "Bayern"}
    assert total(table, year=2023, area="Bayern", age_from=3) == 142


def test_every_figure_of_areas_across_keeps_its_place_and_the_total_is_a_sum() -> None:
    table = read_table(Path(__file__).parent / "fixtures" / "12411-0012_muster.csv")
    assert table.source.kind == "gebiete-nebeneinander"
    bremen = table.cells[(table.cells["area"] == "Bremen") & (table.cells["year"] == 2023)]
    assert bremen[["value", "line", "column"]].to_numpy().tolist() == [
        [13, 10, 2], [23, 11, 2], [33, 12, 2], [73, 13, 2],
    ]  # fmt: skip
    assert table.ledger.figures("value") == 16
    assert table.ledger.figures("sum") == 8
    assert table.ledger.figures("label") == 16


def test_a_total_of_areas_across_that_is_none_is_found(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "fixtures" / "12411-0012_muster.csv").read_bytes().decode("cp1252")
    assert "213" in text
    near = read_table(write(tmp_path, text.replace("213", "214"), "12411-0012_muster.csv", "cp1252"))
    assert any("403 statt 402 Personen" in said for said in near.source.repairs)
    wrong = read_table(write(tmp_path, text.replace("213", "313"), "12411-0012_muster.csv", "cp1252"))
    assert "T16" in set(check(wrong).errors.frame["rule"])


def test_unknown_headings_without_a_title_of_areas_are_no_areas(tmp_path: Path) -> None:
    text = "Einwohner am 31.12.2023\nAlter;Hunde;Katzen\n0 bis 17;5;6\n18 und älter;7;8\n"
    with pytest.raises(TableError, match="„Hunde“"):
        read_table(write(tmp_path, text))


def test_areas_and_sexes_across(tmp_path: Path) -> None:
    titles = ("Bevölkerung: Bundesländer, Stichtag, Geschlecht,;;;;;", "Altersjahre;;;;;",
              "Fortschreibung des Bevölkerungsstandes;;;;;", "Bevölkerungsstand (Anzahl);;;;;")  # fmt: skip
    body = (";;Berlin;Berlin;Bremen;Bremen", ";;männlich;weiblich;männlich;weiblich", *(
        f"31.12.2023;{age};{n};{n + 1};{n + 2};{n + 3}" for age, n in zip(AGES, (10, 20, 30, 70), strict=True)
    ))  # fmt: skip
    table = _export(tmp_path, "12411-0013", titles, body)
    assert total(table, area="Bremen", sex="male", age_from=1) == 22
    assert total(table, area="Berlin", sex="female", age_from=3) == 71


def test_deaths_by_sex_and_age(tmp_path: Path) -> None:
    titles = ("Gestorbene: Deutschland, Jahre, Geschlecht, Altersjahre;;;", "Statistik der Sterbefälle;;;",
              "Deutschland;;;", "Gestorbene (Anzahl);;;")  # fmt: skip
    body = (";;2022;2023", *(
        f"{sex};{age};{n};{n + 1}"
        for sex in ("männlich", "weiblich") for age, n in zip(AGES, (5, 1, 0, 90), strict=True)
    ))  # fmt: skip
    table = _export(tmp_path, "12613-0003", titles, body)
    assert set(table.cells["variable"]) == {"deaths"}
    assert total(table, year=2023, sex="male", age_from=0) == 6


def test_quarters_are_no_ends_of_a_year(tmp_path: Path) -> None:
    titles = ("Bevölkerung: Bundesländer, Quartale;;;", "Fortschreibung des Bevölkerungsstandes;;;",
              "Bevölkerungsstand (Anzahl);;;")  # fmt: skip
    body = (";Bayern;Hessen;Insgesamt", "31.03.2023;10;20;30", "30.06.2023;11;21;32", "30.09.2023;12;22;34",
            "31.12.2023;13;23;36")  # fmt: skip
    with pytest.raises(TableError, match=r"31\.03\.2023|31\.3\.2023"):
        _export(tmp_path, "12411-0021", titles, body)


def test_projection_by_variants_is_refused_by_name(tmp_path: Path) -> None:
    titles = ("Vorausberechneter Bevölkerungsstand: Deutschland,;;;;;",
              "Stichtag, Varianten der Vorausberechnung, Geschlecht,;;;;;", "Altersjahre;;;;;",
              "Vorausberechneter Bevölkerungsstand (1000);;;;;")  # fmt: skip
    body = (";;;;31.12.2030;31.12.2040", *(
        f"BEV-VARIANTE-02;Moderate Entwicklung (G2L2W2);{sex};{age};{n},5;{n},7"
        for sex in ("männlich", "weiblich") for age, n in zip(AGES, (300, 310, 320, 40000), strict=True)
    ))  # fmt: skip
    with pytest.raises(TableError, match=r"Vorausberech|Variante"):
        _export(tmp_path, "12421-0002", titles, body)


# --- ages and years of city files -------------------------------------------------------------------------------------


def test_ages_of_planning_areas_end_before_the_next(tmp_path: Path) -> None:
    """Planungsräume print ``unter6; 6-15; 15-18``: half open, and no blank behind ``unter``."""
    head = "Einwohner am 31.12.2023\nPlanungsraum;unter6;6-15;15-18;18 und älter\n"
    text = head + "01100101;5;6;7;80\n01100102;1;2;3;40\n"
    table = read_table(write(tmp_path, text))
    assert _ages(table) == [(0, 6), (6, 15), (15, 18), (18, None)]


def test_open_age_of_a_city_and_the_year_in_the_name_of_the_file(tmp_path: Path) -> None:
    head = "Einwohner nach Stadtteilen\nNr.;Stadtteil;0 bis unter 80;80 u. älter\n"
    text = head + "101;Altstadt;90;10\n102;Neustadt;80;20\n"
    table = read_table(write(tmp_path, text, "Einwohner_Stadtteile_2023.csv"))
    assert table.cells["year"].unique().tolist() == [2023]
    assert total(table, age_from=80) == 30
