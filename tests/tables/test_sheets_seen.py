"""What a workbook shows beside its stored values: formats, formulas that were never computed, errors, hidden parts."""

from __future__ import annotations

import datetime
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.tidy_files import total

from zwkprognose.errors import TableError
from zwkprognose.tables import check, read_table
from zwkprognose.tables.files.document import open_documents

TITLE = "Einwohner am 31.12.2023"
HEADS = ["Nr.", "Stadtteil", "unter 18", "18 und älter"]
ROWS = [["01", "Oberdorf", 90, 300], ["02", "Am Hang", 80, 250]]


def _book(path: Path, change: Callable[[xlsxwriter.Workbook, Any], None] = lambda book, sheet: None) -> Path:
    """A sheet of two quarters, 720 persons, changed in some way."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Einwohner")
        for line, row in enumerate([[TITLE], HEADS, *ROWS]):
            sheet.write_row(line, 0, row)
        change(book, sheet)
    return path


@pytest.mark.parametrize("value", [None, 0, ""])
def test_a_formula_that_was_never_computed_is_no_zero(tmp_path: Path, value: object) -> None:
    given_value = {} if value is None else {"value": value}
    path = _book(tmp_path / "a.xlsx", lambda book, sheet: sheet.write_formula("D4", "=D3-50", **given_value))
    with pytest.raises(TableError, match=r"„a.xlsx“, Blatt „Einwohner“, Zelle D4: .*Formel") as error:
        read_table(path)
    assert "Strg+Umschalt+F9" in error.value.remedy
    assert error.value.cells == ({"line": 4, "column": "D"},)


def test_formulas_as_openpyxl_leaves_them(tmp_path: Path) -> None:
    """All figures are formulas: what the sheet is can only be told by what they stand for."""
    path = tmp_path / "b.xlsx"
    book = openpyxl.Workbook()
    sheet = book.active
    for row in ([TITLE], HEADS, ["01", "Oberdorf", "=80+10", "=300"], ["02", "Am Hang", "=80", "=250"]):
        sheet.append(row)
    book.save(path)
    with pytest.raises(TableError, match="Zelle C3 und 3 weiteren"):
        read_table(path)


def test_computed_values_and_array_formulas(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", lambda book, sheet: sheet.write_formula("D4", "=D3-50", value=250))
    assert total(read_table(path)) == 720
    path = _book(tmp_path / "b.xlsx", lambda book, sheet: sheet.write_array_formula("C3:D4", "{=F1:G2}", None, 0))
    with pytest.raises(TableError, match="Zelle C3 und 3 weiteren"):
        read_table(path)


def test_formulas_outside_of_the_block_do_no_harm(tmp_path: Path) -> None:
    path = _book(tmp_path / "a.xlsx", lambda book, sheet: sheet.write_formula("A7", '="Stand: "&TEXT(TODAY(),"J")'))
    assert total(read_table(path)) == 720


def test_a_computed_empty_text_is_an_empty_cell(tmp_path: Path) -> None:
    def note(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_formula("A7", '=IF(A1="","x","")', None, "")

    source = _book(tmp_path / "a.xlsx", note)
    path = _rewritten(source, tmp_path / "b.xlsx", b"<c r=\"A7\">", b"<c r=\"A7\" t=\"str\">")
    assert open_documents(path)[0].uncomputed == ()
    assert open_documents(source)[0].uncomputed == ((7, 0),)


def _rewritten(source: Path, path: Path, old: bytes, new: bytes, part: str = "xl/worksheets/sheet1.xml") -> Path:
    """A copy of a workbook with one part changed as another program would have written it."""
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path, "w") as after:
        for member in before.infolist():
            data = before.read(member)
            if member.filename == part:
                assert old in data
                data = data.replace(old, new)
            after.writestr(member, data)
    return path


@given(key=st.integers(0, 99_999_999), code=st.sampled_from(["00000000", "0#######", "00 000 000"]))
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_keys_have_the_zeros_that_their_format_shows(tmp_path: Path, key: int, code: str) -> None:
    def zeros(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write_number("A3", key, book.add_format({"num_format": code}))
        sheet.write_string("A4", "Stadt")

    rows = open_documents(_book(tmp_path / "a.xlsx", zeros))[0].rows
    assert rows[2][0] == f"{key:08d}"


@pytest.mark.parametrize(
    ("code", "value", "text"),
    [
        ("0.0%", 0.125, "12,5 %"), ("0%", 0.1254, "12,54 %"), ('0" Personen"', 7, "7"), ("#,##0", 12345, "12345"),
        ("0", 0.5, "0,5"), ("0000", 2024, "2024"), ('0"%"', 12, "12"), ("@", 12, "12"), ("#,##0.00 €", 5, "5"),
        ("[>99]0;00", 7, "7"), ("yyyy", datetime.date(2023, 1, 1), "2023"), ("jjjj", 12, "12"),
        ("dd.mm.yyyy", datetime.date(2023, 12, 31), "2023-12-31"),
    ],
)  # fmt: skip
def test_what_a_cell_shows(tmp_path: Path, code: str, value: Any, text: str) -> None:
    def cell(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.write("F9", value, book.add_format({"num_format": code}))

    assert open_documents(_book(tmp_path / "a.xlsx", cell))[0].rows[8][5] == text


@pytest.mark.parametrize("code", ["0.0%", "0.0"])
def test_shares_are_the_same_with_and_without_a_percent_format(tmp_path: Path, code: str) -> None:
    """Under a heading "%" both 12.5 and a cell of 0.125 in percent format mean an eighth."""
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(path) as book:
        shown = book.add_format({"num_format": code})
        sheet = book.add_worksheet()
        sheet.write_row("A1", [TITLE])
        sheet.write_row("A2", ["Stadtteil", "unter 18", "", "18 und älter", ""])
        sheet.write_row("A3", ["", "Anzahl", "%", "Anzahl", "%"])
        for line, (name, young, old) in enumerate([("Nord", 1, 7), ("Süd", 30, 50)], start=3):
            shares = [young / (young + old), old / (young + old)]
            shares = shares if code == "0.0%" else [100 * share for share in shares]
            sheet.write_row(line, 0, [name, young, None, old])
            sheet.write_number(line, 2, shares[0], shown)
            sheet.write_number(line, 4, shares[1], shown)
    cells = read_table(path).cells
    shares = cells[cells["variable"] == "population_share"]
    assert shares["value"].tolist() == pytest.approx([0.125, 0.875, 0.375, 0.625])
    assert set(shares["flag"]) == {""}


def test_a_percent_cell_among_counts_is_refused(tmp_path: Path) -> None:
    path = _book(
        tmp_path / "a.xlsx",
        lambda book, sheet: sheet.write_number("D4", 0.25, book.add_format({"num_format": "0%"})),
    )
    with pytest.raises(TableError, match=r"Zeile 4.*„25 %“"):
        read_table(path)


@pytest.mark.parametrize(("stored", "shown"), [("#N/A", "#NV"), ("#DIV/0!", "#DIV/0!"), ("#VALUE!", "#WERT!")])
def test_errors_are_no_empty_cells(tmp_path: Path, stored: str, shown: str) -> None:
    path = _book(tmp_path / "a.xlsx", lambda book, sheet: sheet.write_formula("D4", "=NA()", None, stored))
    with pytest.raises(TableError, match=f"Zeile 4.*„{shown}“"):
        read_table(path)


def test_hidden_rows_and_columns_are_read_and_named(tmp_path: Path) -> None:
    def hide(book: xlsxwriter.Workbook, sheet: Any) -> None:
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_row(50, None, None, {"hidden": True})
        sheet.set_column("C:C", None, None, {"hidden": True})

    table = read_table(_book(tmp_path / "a.xlsx", hide))
    assert total(table) == 720
    assert table.source.repairs == (
        "„a.xlsx“, Blatt „Einwohner“: Ausgeblendet, aber mitgelesen: Zeile 4 und Spalte C.",
    )


def test_other_ways_to_write_the_markup_are_read_alike(tmp_path: Path) -> None:
    """Other programs quote attributes otherwise and leave blanks."""
    source = _book(tmp_path / "a.xlsx", lambda book, sheet: sheet.write_formula("D4", "=D3-50"))
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(source) as book:
        xml = book.read(sheet)
    quoted = xml.replace(b'<c r="D4"><f>D3-50</f><v>0</v></c>', b"<c r = 'D4' ><f >D3-50</f><v>0</v></c>")
    assert quoted != xml
    path = _rewritten(source, tmp_path / "b.xlsx", xml, quoted)
    assert open_documents(path)[0].uncomputed == ((4, 3),)


@pytest.mark.parametrize("part", ["xl/workbook.xml", "xl/styles.xml", "xl/worksheets/sheet1.xml"])
def test_document_types_and_entities_are_refused(tmp_path: Path, part: str) -> None:
    source = _book(tmp_path / "a.xlsx", lambda book, sheet: sheet.write_formula("D4", "=D3-50", value=1))
    entity = b'<!DOCTYPE x [<!ENTITY a "1"><!ENTITY b "&a;&a;&a;">]>'
    path = _rewritten(source, tmp_path / "b.xlsx", b'standalone="yes"?>', b'standalone="yes"?>' + entity, part)
    with pytest.raises(TableError, match="lässt sich nicht als Excel-Datei öffnen"):
        read_table(path)


def _sheets(path: Path, sheets: dict[str, list[list[Any]]], hidden: tuple[str, ...] = (), very: bool = False) -> Path:
    with xlsxwriter.Workbook(path) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for line, row in enumerate(rows):
                sheet.write_row(line, 0, row)
            if name in hidden:
                (sheet.very_hidden if very else sheet.hide)()
    return path


def _year(year: int) -> list[list[Any]]:
    return [[f"Einwohner am 31.12.{year}"], HEADS, *ROWS]


@pytest.mark.parametrize("very", [False, True])
def test_a_hidden_sheet_is_not_read_but_named(tmp_path: Path, very: bool) -> None:
    path = _sheets(tmp_path / "a.xlsx", {"2023": _year(2023), "Entwurf": _year(2013)}, ("Entwurf",), very)
    table = read_table(path)
    assert table.cells["year"].unique().tolist() == [2023]
    warnings = check(table).warnings.frame
    (finding,) = warnings.loc[warnings["rule"] == "T33", "message"]
    assert "Blatt Entwurf“ ist nicht gelesen: Das Blatt ist ausgeblendet. Es enthält 4 Zahlen." in finding
    chosen = read_table(path, sheets=["2023", "Entwurf"])
    assert sorted(chosen.cells["year"].unique()) == [2013, 2023]
    assert any("ausgeblendet" in repair for repair in chosen.source.repairs)


def test_a_workbook_of_hidden_sheets_is_refused(tmp_path: Path) -> None:
    path = _sheets(tmp_path / "a.xlsx", {"Hinweise": [["Nur Text"]], "2023": _year(2023)}, ("2023",))
    with pytest.raises(TableError, match="Blatt „2023“ ist ausgeblendet") as error:
        read_table(path)
    assert 'sheets="2023"' in error.value.remedy
    assert total(read_table(path, sheets="2023")) == 720


def test_a_sheet_that_is_not_understood_is_named_with_its_figures(tmp_path: Path) -> None:
    unknown = [["Einwohner"], ["Gebiet 1", "Gr. 1", "Gr. 2"], ["Oberdorf", 90, 300], ["Am Hang", 80, 250]]
    table = read_table(_sheets(tmp_path / "a.xlsx", {"2021": _year(2021), "2022": unknown}))
    (unread,) = table.ledger.unread
    assert (unread.file, unread.figures) == ("a.xlsx, Blatt 2022", 4)
    assert "„a.xlsx, Blatt 2022“ ist nicht gelesen" in check(table).summary()


@pytest.mark.parametrize(
    "rows",
    [
        [["Inhaltsverzeichnis"], ["1", "Einwohner 2021"], ["2", "Einwohner 2023"]],
        [["Inhalt", "Seite"], ["Einwohner nach Alter", 3], ["Haushalte", 5], ["Anhang", 12]],
        [["Zeichenerklärung"], ["-", "nichts vorhanden"], [".", "geheim"], ["0", "weniger als die Hälfte von 1"]],
        [["Impressum"], ["Herausgeber", "Stadt Auental"], ["Telefon", "0711 1234"], ["Stand", 2024]],
        [["Einwohner der Stadt Auental"], ["31.12.2023"], ["Berichtsjahre", 2021, 2022, 2023]],
    ],
)
def test_sheets_of_contents_and_notes_stay_without_a_word(tmp_path: Path, rows: list[list[Any]]) -> None:
    table = read_table(_sheets(tmp_path / "a.xlsx", {"Vorspann": rows, "2023": _year(2023), "Hinweise": rows}))
    assert table.ledger.unread == ()
    assert table.ledger.figures("text") >= sum(str(cell).isdecimal() for row in rows for cell in row)
    assert total(table) == 720


def test_the_records_of_a_pivot_table_are_named(tmp_path: Path) -> None:
    source = _sheets(tmp_path / "a.xlsx", {"2023": _year(2023)})
    with zipfile.ZipFile(source, "a") as book:
        book.writestr("xl/pivotCache/pivotCacheRecords1.xml", "<pivotCacheRecords/>")
    table = read_table(source)
    assert total(table) == 720
    assert "Rohdaten der Pivot-Tabelle" in check(table).summary()


@given(
    figures=st.lists(st.lists(st.integers(10, 1799), min_size=2, max_size=4), min_size=2, max_size=5),
)
@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_sheet_of_figures_is_passed_over(tmp_path: Path, figures: list[list[int]]) -> None:
    """Headings that nobody understands above any figures: all of them are counted."""
    rows: list[list[Any]] = [["Zusammenstellung"], ["Wert"] * max(map(len, figures))]
    rows += [[f"Zeile {chr(65 + i)}", *row] for i, row in enumerate(figures)]
    table = read_table(_sheets(tmp_path / "a.xlsx", {"2023": _year(2023), "Sonstiges": rows}))
    assert [one.figures for one in table.ledger.unread] == [sum(map(len, figures))]


def test_sheets_left_out_by_name_are_counted_as_left_out(tmp_path: Path) -> None:
    path = _sheets(tmp_path / "a.xlsx", {"2021": _year(2021), "2023": _year(2023)})
    whole, chosen = read_table(path).ledger, read_table(path, sheets="2023").ledger
    assert chosen.figures("left_out") > 0
    assert chosen.figures() == whole.figures()
    assert chosen.cells() == whole.cells()
    assert chosen.unread == ()


def test_sheets_for_each_file(tmp_path: Path) -> None:
    one = _sheets(tmp_path / "eins.xlsx", {"2021": _year(2021), "alt": _year(2011)})
    other = _sheets(tmp_path / "zwei.xlsx", {"2023": _year(2023), "alt": _year(2013)})
    table = read_table([one, other], sheets={"eins.xlsx": "2021"})
    assert sorted(table.cells["year"].unique()) == [2013, 2021, 2023]
    with pytest.raises(TableError, match=r"Für „drei.xlsx“ sind Blätter genannt, aber keine der Dateien heißt so"):
        read_table([one, other], sheets={"drei.xlsx": "2021"})
    with pytest.raises(TableError, match=r"In „zwei.xlsx“ gibt es kein Blatt „2021“"):
        read_table([one, other], sheets="2021")
    with pytest.raises(TableError, match="gibt es kein Blatt „2022“"):
        read_table([one, other], sheets=["*", "2022"])


def test_the_same_file_twice_is_read_once(tmp_path: Path) -> None:
    path = _sheets(tmp_path / "a.xlsx", {"2021": _year(2021), "2023": _year(2023)})
    copy = tmp_path / "kopie.xlsx"
    copy.write_bytes(path.read_bytes())
    twice = read_table([path, path])
    assert total(twice) == 2 * 720
    assert any("mehrmals angegeben" in repair for repair in twice.source.repairs)
    assert any("denselben Inhalt" in repair for repair in read_table([path, copy]).source.repairs)
    assert not check(read_table([path, copy])).errors.frame.size


def test_equal_sheets_of_one_workbook_stay(tmp_path: Path) -> None:
    """Two quarters may have the same figures; they are no copies of each other."""
    rows = [["Einwohner am 31.12.2023"], ["Alter", "männlich", "weiblich"], ["unter 18", 5, 6], ["18 und älter", 7, 8]]
    table = read_table(_sheets(tmp_path / "a.xlsx", {"Oberdorf": rows, "Am Hang": rows}))
    assert total(table) == 52


def test_a_workbook_without_areas_given_twice_is_no_table_of_areas(tmp_path: Path) -> None:
    rows = [["Einwohner am 31.12.2023"], ["Alter", "männlich", "weiblich"], ["unter 18", 5, 6], ["18 und älter", 7, 8]]
    path = _sheets(tmp_path / "a.xlsx", {"Einwohner": rows})
    table = read_table([path, path])
    assert total(table) == 26
    assert table.cells["area"].unique().tolist() == [""]


def test_one_content_under_two_years_stays_two_tables(tmp_path: Path) -> None:
    text = "Einwohner\nStadtteil;unter 18;18 und älter\nOberdorf;90;300\nAm Hang;80;250\n"
    paths = [tmp_path / f"einwohner_31.12.{year}.csv" for year in (2022, 2023)]
    for path in paths:
        path.write_text(text, encoding="utf-8")
    assert sorted(read_table(paths).cells["year"].unique()) == [2022, 2023]


def test_members_of_an_archive_are_read_or_named(tmp_path: Path) -> None:
    book = _sheets(tmp_path / "mappe.xlsx", {"2023": _year(2023)})
    path = tmp_path / "archiv.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(book, "daten/mappe.xlsx")
        archive.writestr("einwohner.csv", "Einwohner am 31.12.2021\nStadtteil;unter 18;18+\nOberdorf;90;300\n")
        archive.writestr("liesmich.txt", "Nur Worte")
        archive.writestr("fremd.csv", "Wert A;Wert B\n17;18\n19;20\n")
        archive.writestr("noch.zip", b"PK")
        archive.writestr("__MACOSX/._einwohner.csv", b"\0\1\2")
    table = read_table(path)
    assert sorted(table.cells["year"].unique()) == [2021, 2023]
    assert [(one.file, one.figures) for one in table.ledger.unread] == [("fremd.csv", 4), ("noch.zip", 0)]
