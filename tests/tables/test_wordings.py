"""Wordings and habits of municipal tables: everyday ones are read, those that count something else are refused."""

from __future__ import annotations

from pathlib import Path
from tempfile import mkdtemp

import numpy as np
import pandas as pd
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tidy_files import write

from zwkprognose.errors import TableError
from zwkprognose.tables import Table, check, read_table

HEAD = "Stadtteil;männlich;weiblich"
BODY = ("Oberdorf;490;510", "Am Hang;400;415", "Mühlfeld;664;689")
PERSONS = 3168


def _read(folder: Path, *lines: str, name: str = "tabelle.csv") -> Table:
    return read_table(write(folder, "\n".join(lines) + "\n", name))


def _persons(table: Table) -> dict[int, float]:
    return {int(year): float(value) for year, value in table.cells.groupby("year")["value"].sum().items()}


def _spans(cells: pd.DataFrame) -> np.ndarray:
    return cells[["age_from", "age_to"]].astype(float).to_numpy()


def _refused(folder: Path, *lines: str, name: str = "tabelle.csv") -> str:
    with pytest.raises(TableError) as caught:
        check(_read(folder, *lines, name=name)).raise_errors()
    assert caught.value.remedy
    return str(caught.value)


@pytest.mark.parametrize(
    "title",
    [
        "Bevölkerung in Halle an der Saale am 31.12.2023",
        "Einwohner in Frankfurt am Main am 31.12.2023",
        "Einwohner der Hanse- und Universitätsstadt Rostock nach Stadtbereichen 31.12.2023",
        "Einwohner im Saalekreis am 31.12.2023",
        "Einwohner in Mannheim am 31.12.2023",
        "Einwohner in Neu-Ulm am 31.12.2023",
        "Bevölkerung in den 23 Wiener Gemeindebezirken am 31.12.2023",
        "Alters- und Geschlechtsstruktur der Bevölkerung am 31.12.2023",
        "Kommunalstatistik Auental - Einwohnerdaten 31.12.2023",
        "Einwohner, nur Hauptwohnung (ohne Nebenwohnung) am 31.12.2023",
        "Einwohner per 31.12.2023, 24:00 Uhr, eigene Berechnung",
        "Einwohner nach Nationalität (deutsch/nichtdeutsch) am 31.12.2023",
    ],
)
def test_titles_of_yearbooks_count_everybody(tmp_path: Path, title: str) -> None:
    table = _read(tmp_path, title, HEAD, *BODY)
    assert _persons(table) == {2023: PERSONS}
    assert set(table.cells["nationality"]) == {"total"}


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Personen in Bedarfsgemeinschaften am 31.12.2023", "Bedarfsgemeinschaften"),
        ("Einwohner in Mietwohnungen am 31.12.2023", "Mietwohnungen"),
        ("Personen im Ruhestand am 31.12.2023", "Ruhestand"),
        ("Gestorbene an Krebs 2023", "Krebs"),
        ("Im Krankenhaus Gestorbene 2023", "Krankenhaus"),
        ("Fernwanderung: Zuzüge 2023", "Fernwanderung"),
        ("Zuzüge von Berlin 2023", "Berlin"),
        ("Durchschnittsbevölkerung: Einwohner 2023", "Durchschnittsbevölkerung"),
    ],
)
def test_titles_of_a_part_are_no_names_of_places(tmp_path: Path, title: str, word: str) -> None:
    assert word in _refused(tmp_path, title, HEAD, *BODY)


@pytest.mark.parametrize(
    ("title", "said"),
    [
        ("Zahl weiblicher Einwohner 2023", {"sex": "female"}),
        ("Bestand ausländischer Einwohner 2023", {"nationality": "foreign"}),
        ("Zahl deutscher Einwohner 2023", {"nationality": "german"}),
    ],
)
def test_groups_in_every_case_narrow_the_table(tmp_path: Path, title: str, said: dict[str, str]) -> None:
    cells = _read(tmp_path, title, "Stadtteil;Anzahl", "Oberdorf;5", "Am Hang;7").cells
    for name, group in said.items():
        assert set(cells[name]) == {group}


@pytest.mark.parametrize(
    "stand",
    [
        "31.12.23", "31. XII. 2023", "12/2023", "Jahreswechsel 2023/2024", "Ende 2023", "1.1.24", "1. Jan. 2024",
        "Jahresbeginn 2024",
    ],
)  # fmt: skip
def test_ends_of_a_year_in_titles(tmp_path: Path, stand: str) -> None:
    assert _persons(_read(tmp_path, f"Einwohner {stand}", HEAD, *BODY)) == {2023: PERSONS}


@pytest.mark.parametrize(
    "stand",
    ["06/2023", "30.06.23", "30. VI. 2023", "Sommer 2023", "2023-06", "1. Halbjahr 2023", "Mittel 2023", "Ø 2023"],
)
def test_parts_of_a_year_are_refused_in_titles_columns_and_rows(tmp_path: Path, stand: str) -> None:
    _refused(tmp_path, f"Einwohner {stand}", HEAD, *BODY)
    if "VI" not in stand:  # a full date beside events is that of the publication
        _refused(tmp_path, f"Sterbefälle {stand}", HEAD, *BODY)
    _refused(tmp_path, "Einwohner", f"Stadtteil;{stand};{stand.replace('2023', '2022')}", *BODY)
    _refused(tmp_path, "Einwohner", "Stichtag;Stadtteil;männlich;weiblich", *(f"{stand};{row}" for row in BODY))


@pytest.mark.parametrize(
    "name",
    [
        "einwohner_2023-06-30", "einwohner_juni_2023", "einwohner_2023_q2", "einwohner_1hj_2023", "einwohner_2023_06",
        "einwohner_06_2023", "einwohner_3006_2023", "einwohner_mitte_2023", "durchschnittsbevoelkerung_2023",
    ],
)  # fmt: skip
def test_parts_of_a_year_are_refused_in_names_of_files(tmp_path: Path, name: str) -> None:
    for title in ("Einwohner", "Einwohner 2023"):
        _refused(tmp_path, title, HEAD, *BODY, name=f"{name}.csv")
    dated = _read(tmp_path, "Einwohner am 31.12.2022", HEAD, *BODY, name=f"{name}.csv")
    assert _persons(dated) == {2022: PERSONS}


@pytest.mark.parametrize("name", ["einwohner_2023", "einwohner_3112_2023", "einwohner_2023-12-31"])
def test_years_in_names_of_files(tmp_path: Path, name: str) -> None:
    assert _persons(_read(tmp_path, HEAD, *BODY, name=f"{name}.csv")) == {2023: PERSONS}


@pytest.mark.parametrize("label", ["2023-12-31 00:00:00", "2023-12-31T00:00:00", "31.12.23", "2023*", "Ende 2023"])
def test_dates_of_rows(tmp_path: Path, label: str) -> None:
    rows = (f"{label};{row}" for row in BODY)
    assert _persons(_read(tmp_path, "Einwohner", "Stichtag;Stadtteil;männlich;weiblich", *rows)) == {2023: PERSONS}


@pytest.mark.parametrize(
    "ages",
    [
        ("0 b. u. 18", "18 b. u. 65", "65 u. m."), ("17 und jünger", "18 bis 64", "65 und älter"),
        ("u18", "18-64", "65+"), ("[0,18)", "[18,65)", "[65,Inf)"), ("bis zu 17 Jahre", "18 bis 64 Jahre", "ab 65"),
        ("unter 18 Jahre alt", "18 bis 64 Jahre alt", "65 Jahre und älter"),
        ("Altersgruppe 0-17", "Altersgruppe 18-64", "Altersgruppe 65+"),
        ("davon unter 18", "18 bis unter 65", "65 und mehr"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("down", [True, False])
def test_wordings_of_ages(tmp_path: Path, ages: tuple[str, ...], down: bool) -> None:
    rows = [["Alter", "Anzahl"], *([age, str(n)] for age, n in zip(ages, (185, 610, 205), strict=True))]
    table = rows if down else [list(row) for row in zip(*rows, strict=True)]
    table = table if down else [["Stadtteil", *table[0][1:]], ["Oberdorf", *table[1][1:]]]
    cells = _read(tmp_path, "Einwohner am 31.12.2023", *("|".join(row) for row in table)).cells
    spans = [tuple(None if np.isnan(end) else int(end) for end in span) for span in _spans(cells)]
    got = dict(zip(spans, cells["value"], strict=True))
    assert got == {(0, 18): 185, (18, 65): 610, (65, None): 205}


@pytest.mark.parametrize("unit", ["1 000", "(Tsd.)", "Einheit: 1 000", "1000 Personen", "Angaben in 1 000"])
@pytest.mark.parametrize("own_line", [True, False])
def test_thousands_in_titles(tmp_path: Path, unit: str, own_line: bool) -> None:
    titles = ("Einwohner am 31.12.2023", unit) if own_line else (f"Einwohner am 31.12.2023 {unit}",)
    table = _read(tmp_path, *titles, HEAD, "Oberdorf;0,490;0,510", "Am Hang;0,400;0,415")
    assert _persons(table) == {2023: pytest.approx(1815)}


@pytest.mark.parametrize(
    "heading", ["Diff.", "Δ", "Änderung", "2022/23", "Zuwachs", "+/- %", "Index (2022=100)", "Abweichung"]
)
@pytest.mark.parametrize("at", [1, 2])
def test_changes_between_the_years(tmp_path: Path, heading: str, at: int) -> None:
    rows = [["Stadtteil", "2022", "2023"], ["Oberdorf", "990", "1000"], ["Am Hang", "805", "815"]]
    for row, text in zip(rows, (heading, "10", "10"), strict=True):
        row.insert(at + 1, text)
    table = _read(tmp_path, "Einwohner nach Stadtteilen", *(";".join(row) for row in rows))
    assert _persons(table) == {2022: 1795, 2023: 1815}


@pytest.mark.parametrize(
    "label",
    [
        "nachrichtlich: Nebenwohnsitze", "dagegen 2022", "zum Vergleich: 31.12.2022", "Vorjahr", "darunter Ausländer",
        "Veränderung in %", "Durchschnitt", "Differenz", "Haushalte", "Stadt 2022", "2022",
    ],
)  # fmt: skip
@pytest.mark.parametrize("gap", [True, False])
def test_rows_that_stand_beside_the_areas_are_refused(tmp_path: Path, label: str, gap: bool) -> None:
    said = _refused(tmp_path, "Einwohner am 31.12.2023", HEAD, *BODY, *([""] if gap else []), f"{label};120;130")
    assert label in said


@given(st.sets(st.integers(0, 2)), st.sampled_from(["", ";;"]), st.booleans())
@settings(max_examples=25)
def test_empty_lines_between_rows_change_nothing(after: set[int], empty: str, total: bool) -> None:
    folder = Path(mkdtemp())
    body = [*BODY, *(["Insgesamt;1554;1614"] if total else [])]
    spaced = [line for i, row in enumerate(body) for line in ((row, empty) if i in after else (row,))]
    plain, gapped = (_read(folder, "Einwohner am 31.12.2023", HEAD, *rows).cells for rows in (body, spaced))
    assert gapped.drop(columns="line").equals(plain.drop(columns="line"))


def test_a_second_table_after_an_empty_line_is_not_read_as_more_areas(tmp_path: Path) -> None:
    _refused(tmp_path, "Einwohner am 31.12.2023", HEAD, *BODY, "", *BODY)


@given(st.lists(st.integers(1, 40), min_size=12, max_size=12), st.integers(0, 1), st.sampled_from(["Stadt", "Auental"]))
@settings(max_examples=25)
def test_a_whole_among_the_areas_of_a_matrix_never_doubles(flows: list[int], off: int, name: str) -> None:
    names = ["Oberdorf", "Am Hang", "Mühlfeld", "Talgrund"]
    square = np.zeros((4, 4), dtype=int)
    square[~np.eye(4, dtype=bool)] = flows
    full = np.block([[square, square.sum(axis=1)[:, None]], [square.sum(axis=0), np.array([[square.sum() + off]])]])
    rows = [";".join([label, *map(str, row)]) for label, row in zip([*names, name], full, strict=True)]
    lines = ("Umzüge 2023", ";".join(["von \\ nach", *names, name]), *rows)
    folder = Path(mkdtemp())
    if name == "Stadt":
        cells = _read(folder, *lines).cells
        assert set(cells["area"]) == set(names)
        assert cells.loc[cells["area"] != cells["destination"], "value"].sum() == square.sum()
    else:
        assert name in _refused(folder, *lines)


def test_results_of_pivot_tables(tmp_path: Path) -> None:
    table = _read(
        tmp_path, "Einwohner am 31.12.2023", "Stadtteil;Geschlecht;unter 18;18 und älter;Gesamtergebnis",
        "Oberdorf;männlich;90;400;490", ";weiblich;95;415;510", "Oberdorf Ergebnis;;185;815;1000",
        "Am Hang;männlich;80;320;400", ";weiblich;85;330;415", "Am Hang Ergebnis;;165;650;815",
        "Gesamtergebnis;;350;1465;1815",
    )  # fmt: skip
    check(table).raise_errors()
    parts = table.cells[
        (table.cells["sex"] != "total") & (table.cells["age_from"] + table.cells["age_to"].fillna(99) != 99)
    ]
    assert set(table.cells["area"]) == {"Oberdorf", "Am Hang"}
    assert parts["value"].sum() == 1815


def test_rows_of_sums_do_not_make_a_column_of_districts_the_finer_one(tmp_path: Path) -> None:
    table = _read(
        tmp_path, "Einwohner am 31.12.2023", "Bezirk;Stadtteil;männlich;weiblich", "Mitte;Oberdorf;490;510",
        ";Am Hang;400;415", "Mitte gesamt;;890;925", "Nord;Mühlfeld;664;689", "Nord gesamt;;664;689",
    )  # fmt: skip
    assert set(table.cells["area"]) == {"Oberdorf", "Am Hang", "Mühlfeld"}


@pytest.mark.parametrize("whole", ["Stadt", "Alle", "Gesamtstadt"])
def test_a_sheet_for_each_area_and_one_for_all(tmp_path: Path, whole: str) -> None:
    sizes = {"01 Oberdorf": 3, "02 Am Hang": 2, "03 Mühlfeld": 4, whole: 9}
    with xlsxwriter.Workbook(tmp_path / "stadtteile.xlsx") as book:
        for name, size in sizes.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate([["Einwohner am 31.12.2023"], ["Alter", "männlich", "weiblich"]]):
                sheet.write_row(number, 0, row)
            for number, (age, m, w) in enumerate(
                [("unter 18", 90, 95), ("18 bis 64", 300, 310), ("65 u. m.", 97, 105)]
            ):
                sheet.write_row(2 + number, 0, [age, m * size, w * size])
    table = read_table(tmp_path / "stadtteile.xlsx")
    check(table).raise_errors()
    assert table.cells["area"].nunique() == 3
    assert table.cells["value"].sum() == 9 * 997


def test_a_list_of_tables_is_no_table(tmp_path: Path) -> None:
    with xlsxwriter.Workbook(tmp_path / "mappe.xlsx") as book:
        sheet = book.add_worksheet("Inhalt")
        for number, row in enumerate([["Nr.", "Titel"], [1, "Einwohner 2022"], [2, "Einwohner 2023"]]):
            sheet.write_row(number, 0, row)
        sheet = book.add_worksheet("2023")
        sheet.write(0, 0, "Einwohner am 31.12.2023")
        for number, line in enumerate((HEAD, *BODY), start=1):
            sheet.write_row(number, 0, [int(text) if text.isdigit() else text for text in line.split(";")])
    assert _persons(read_table(tmp_path / "mappe.xlsx")) == {2023: PERSONS}


def test_tables_below_each_other_are_all_read(tmp_path: Path) -> None:
    """Three quarters on one sheet, each under its name and the same head: what is ten in the first is thirty below."""
    lines = ["Bevölkerung am 31.12.2023;;"]
    for k, name in enumerate(("Nord", "Ost", "Süd"), start=1):
        ages = [f"{age};{10 * k + i};{100 * k + i}" for i, age in enumerate(("unter 18", "18 bis 64", "65 und älter"))]
        lines += [f"Stadtteil {name};;", "Alter;männlich;weiblich", *ages, ";;"]
    path = tmp_path / "a.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    cells = read_table(path).cells
    found = cells.set_index(["area", "sex", "age_from"])["value"].to_dict()
    assert found == {
        (name, sex, age): times * k + i
        for k, name in enumerate(("Nord", "Ost", "Süd"), start=1)
        for sex, times in (("male", 10), ("female", 100))
        for i, age in enumerate((0, 18, 65))
    }
