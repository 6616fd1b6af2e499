"""Small files in the shape of each official format, with every sign; the cities are invented."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from support.tidy_files import total, write

from zwkprognose.errors import TableError
from zwkprognose.tables import Table, check, read_table

FIXTURES = Path(__file__).parent / "fixtures"


def _cell(table: Table, **wanted: object) -> tuple[float | None, str, str]:
    """(value, status, flag) of the one cell that matches; ``None`` for a value that is not there."""
    cells = table.cells
    for column, value in wanted.items():
        cells = cells[cells[column] == value]
    (row,) = cells.to_dict("records")
    return (None if row["value"] != row["value"] else row["value"]), row["status"], row["flag"]


def test_flat_file_keeps_every_sign() -> None:
    table = read_table(FIXTURES / "12411-9999_de_flat.csv")
    assert (table.source.kind, table.source.table_code) == ("ffcsv", "12411-9999")
    assert table.source.universe == "Fortschreibung"
    city = {"area": "01099", "year": 2024}
    assert _cell(table, **city, sex="female", age_from=15, age_to=20) == (12, "number", "e")
    assert _cell(table, **city, sex="male", age_from=15) == (0, "zero", "")
    assert _cell(table, **city, sex="male", age_from=90) == (None, "hidden", "")
    assert _cell(table, **city, sex="female", age_from=0) == (None, "unreliable", "")
    assert _cell(table, **city, sex="female", age_from=90) == (None, "not_applicable", "")
    assert _cell(table, **city, sex="total", age_to=1) == (None, "late", "")
    assert _cell(table, **city, sex="total", value=0.0) == (0, "number", "p")
    assert _cell(table, area="01098") == (None, "absent", "")  # a dissolved Kreis has no zero


def test_census_file_counts_its_groups_inclusively() -> None:
    table = read_table(FIXTURES / "1000A-9999_de_flat.csv")
    ages = table.cells[["age_from", "age_to"]].astype(object).where(lambda f: f.notna(), None)
    assert ages.to_numpy().tolist() == [[0, 10], [10, 20], [80, None], [0, None]]
    assert table.cells["area"].unique().tolist() == ["010990099099"]
    assert table.source.table_code == "1000A-9999"


def test_older_flat_file() -> None:
    table = read_table(FIXTURES / "musterland_ffcsv_alt.csv")
    assert table.source.kind == "ffcsv-alt"
    assert _cell(table, sex="male", nationality="german") == (1234, "number", "")
    assert _cell(table, sex="male", nationality="foreign") == (None, "hidden", "")
    assert _cell(table, sex="female") == (0, "zero", "")
    assert _cell(table, sex="total", nationality="total") == (9999, "number", "")
    assert table.cells["year"].unique().tolist() == [2022]


def test_zip_holds_the_flat_file(tmp_path: Path) -> None:
    path = tmp_path / "12411-9999.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(FIXTURES / "12411-9999_de_flat.csv", "12411-9999_20250101_de_flat.csv")
        archive.writestr("Lizenz.pdf", b"%PDF-1.4")
    table = read_table(path)
    same = read_table(FIXTURES / "12411-9999_de_flat.csv")
    assert table.cells.drop(columns="file").equals(same.cells.drop(columns="file"))


def test_attribute_that_contradicts_its_label(tmp_path: Path) -> None:
    text = (FIXTURES / "12411-9999_de_flat.csv").read_text(encoding="utf-8-sig")
    wrong = write(tmp_path, text.replace("15 bis unter 20 Jahre", "15 bis unter 25 Jahre"))
    with pytest.raises(TableError, match="15 bis unter 25 Jahre"):
        read_table(wrong)


def test_classic_export() -> None:
    table = read_table(FIXTURES / "12411-77-77-4_muster.csv")
    assert (table.source.kind, table.source.table_code) == ("kreuztabelle", "12411-77-77-4")
    assert table.source.publisher == "Statistische Ämter des Bundes und der Länder"
    city = {"area": "01099", "year": 2021}
    assert _cell(table, **city, sex="male", age_to=20) == (14, "number", "")
    adults = {**city, "age_from": 20}
    assert _cell(table, **adults, sex="male") == (None, "hidden", "")
    assert _cell(table, **adults, sex="female") == (None, "unreliable", "")
    whole = table.cells[
        (table.cells["area"] == "01099") & table.cells["age_to"].isna() & (table.cells["age_from"] == 0)
    ]
    assert whole.set_index("sex")["status"].to_dict() == {"total": "number", "male": "not_applicable", "female": "late"}
    assert set(table.cells.loc[table.cells["area"] == "01098", "status"]) == {"absent"}
    assert any("Zensus 2011" in note for note in table.source.notes)
    assert set(check(table).errors.frame["rule"]) == {"T26"}  # areas of several levels


def test_figures_after_the_foot_are_not_lost(tmp_path: Path) -> None:
    text = (FIXTURES / "12411-77-77-4_muster.csv").read_text(encoding="latin-1")
    at = "01099;  Musterburg, kreisfreie Stadt;unter"
    foot, gap = (text.replace(at, between + at, 1) for between in ("Quelle: Musteramt\n", "\n"))
    with pytest.raises(TableError, match="stehen noch Zahlen"):
        read_table(write(tmp_path, foot))
    whole, gapped = (read_table(write(tmp_path, said)).cells.drop(columns=["line"]) for said in (text, gap))
    assert gapped.equals(whole)


def test_bremen_export() -> None:
    table = read_table(FIXTURES / "12411-03-03-2024.csv")
    assert table.source.kind == "kreuztabelle"
    ages = sorted(set(table.cells["age_from"]))
    assert ages == [0, 3, 6]  # "3 - 6" ends before 6
    assert total(table, area="04099001", sex="male", nationality="german", age_from=3) == 5
    assert set(table.cells.loc[table.cells["area"] == "04099002", "status"]) == {"absent"}
    assert set(check(table).errors.frame["rule"]) == {"T26"}  # areas of several levels


def test_bremen_export_with_a_wrong_sum(tmp_path: Path) -> None:
    text = (FIXTURES / "12411-03-03-2024.csv").read_text(encoding="latin-1")
    wrong = text.replace("unter 3;8;4;4;7;3;4;1;1;0", "unter 3;9;4;4;7;3;4;1;1;0", 1)
    assert wrong != text
    errors = check(read_table(write(tmp_path, wrong, "12411-03-03-2024.csv"))).errors.frame
    assert set(errors["rule"]) <= {"T06", "T07", "T26"}
    assert errors["message"].str.contains("ausgewiesen 9, Summe der Teile").any()


def test_births_with_marks_and_signs() -> None:
    table = read_table(FIXTURES / "12612-0001_muster.csv")
    assert _cell(table, year=2021, sex="male") == (5, "number", "e")
    assert _cell(table, year=2022, sex="male") == (None, "hidden", "")
    assert _cell(table, year=2022, sex="female") == (None, "unreliable", "")
    assert _cell(table, year=2022, sex="total") == (12, "number", "p")


SHEET = """Stadt Musterlingen
Einwohner am 31.12.2023 nach Stadtteil
Nr.;Stadtteil;männlich;;weiblich;;Summe
;;unter 18;18 und älter;unter 18;18 und älter;
01;Altstadt;10;20;11;1.021;1.062
02;Neustadt;5;6;7;8;26
;Summe;15;26;18;1.029;1.088

Quelle: Melderegister
"""


def test_sheet_of_a_neighbouring_department(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, SHEET))
    assert _cell(table, area="01", sex="female", age_from=18) == (1021, "number", "")
    assert _cell(table, area="02", sex="male", age_to=18) == (5, "number", "")
    assert _cell(table, area="02", sex="total") == (26, "number", "")
    assert set(table.cells["area"]) == {"01", "02"}
    assert "deren Summe" in table.source.notes[-1]
    assert len(check(table).errors) == 0


def test_a_column_of_areas_may_hold_keys_or_names(tmp_path: Path) -> None:
    text = "Einwohner am 31.12.2023\nGebiet;Name;männlich;weiblich\n01;Altstadt;103;104\n02;Neustadt;105;106\n"
    keyed = read_table(write(tmp_path, text)).cells
    assert keyed[["area", "area_name"]].drop_duplicates().to_numpy().tolist() == [
        ["01", "Altstadt"],
        ["02", "Neustadt"],
    ]
    named = read_table(write(tmp_path, text.replace(";Name", "").replace("01;", "").replace("02;", ""))).cells
    assert set(named["area"]) == {"Altstadt", "Neustadt"}


def test_row_of_all_areas_that_is_not_their_sum_is_found(tmp_path: Path) -> None:
    errors = check(read_table(write(tmp_path, SHEET.replace("1.088", "1.888")))).errors.frame
    assert "T16" in set(errors["rule"])


@pytest.mark.parametrize(
    ("header", "row", "match"),
    [
        ("Nr.;Stadtteil;Fläche", "01;Altstadt;3,5", "„Fläche“ ist nicht zu verstehen"),
        ("Nr.;Stadtteil;männlich;männlich", "01;Altstadt;3;4", ""),
        ("Nr.;Nummer;männlich", "01;02;3", "enthalten dasselbe Merkmal"),
        ("Geschlecht;männlich;weiblich", "männlich;3;4", "Zeilen und in den Spalten"),
        ("Nr.;Stadtteil;männlich", ";Altstadt;3", "Schlüssel"),
        ("Alter;männlich", "zwanzig;3", "„zwanzig“ in Spalte „Alter“"),
    ],
)
def test_headings_that_are_not_understood(tmp_path: Path, header: str, row: str, match: str) -> None:
    path = write(tmp_path, f"Einwohner am 31.12.2023\n{header}\n{row}\n")
    if match:
        with pytest.raises(TableError, match=match):
            read_table(path)
    else:
        assert check(read_table(path)).errors.frame["rule"].tolist() == ["T01"]


@pytest.mark.parametrize(
    ("title", "match"),
    [
        ("Einwohner", "für welches Jahr"), ("Tabelle 31.12.2023", "was gezählt wird"),
        ("Einwohner am 1.7.2024", "kein Stichtag"), ("Einwohner 2022 und 2023", "für welches Jahr"),
        ("Geburten und Sterbefälle 2023", "was gezählt wird"),
    ],
)  # fmt: skip
def test_titles_must_say_year_and_measure(tmp_path: Path, title: str, match: str) -> None:
    with pytest.raises(TableError, match=match):
        read_table(write(tmp_path, f"{title}\nStadtteil;männlich;weiblich\nMitte;3;4\nNord;5;6\n"))


def test_years_across_measures_and_units(tmp_path: Path) -> None:
    text = "Bevölkerung (in 1.000)\nKreis;2021;2022\nMitte;1,5;2,25\n"
    cells = read_table(write(tmp_path, text)).cells
    with_unit = "Einwohner\nKreis;2021;2022\n;in 1.000;in 1.000\nMitte;1,5;2,25\n"
    assert read_table(write(tmp_path, with_unit)).cells["value"].tolist() == [1500, 2250]
    assert cells["year"].tolist() == [2021, 2022]
