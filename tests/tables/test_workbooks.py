"""Workbooks of every kind: several sheets, merged cells, notes, and what must do no harm."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pandas as pd
import pytest
import xlsxwriter
from support.tidy_files import full_tidy, tidy, total, write

from zwkprognose.errors import TableError
from zwkprognose.tables import check, read_table

FIXTURES = Path(__file__).parent / "fixtures"
TITLE = "Einwohner in Musterlingen am 31.12.2023"


def _sheet(folder: Path) -> Path:
    """A workbook as a neighbouring department would send it."""
    path = folder / "einwohner.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Hinweise").write("A1", "Quelle: Melderegister")
        sheet = book.add_worksheet("Einwohner")
        sheet.merge_range("A1:F1", TITLE)
        sheet.write_row("A3", ["Nr.", "Stadtteil"])
        sheet.merge_range("C3:D3", "männlich")
        sheet.merge_range("E3:F3", "weiblich")
        sheet.write_row("C4", ["unter 18", "18 und älter"] * 2)
        sheet.write_row("A5", ["01", "Altstadt", 10, 20, 11, 21])
        sheet.write_row("A6", ["02", "Neustadt", 5, 6, 7, "."])
        sheet.write("A8", "© Musterlingen")
    return path


def test_merged_headings_and_notes_sheets(tmp_path: Path) -> None:
    table = read_table(_sheet(tmp_path))
    assert total(table, sex="male") == 41
    assert table.cells["status"].tolist().count("hidden") == 1
    assert table.cells["line"].unique().tolist() == [5, 6]
    assert table.source.title.startswith(TITLE)


@pytest.mark.parametrize("suffix", ["xls", "xlsb"])
def test_binary_excel_files(suffix: str) -> None:
    table = read_table(FIXTURES / f"einwohner.{suffix}")
    assert total(table) == 88
    assert total(table, area="02", sex="female", age_from=18) == 8


def _ods(rows: list[list[str | float]]) -> bytes:
    """A minimal OpenDocument sheet."""

    def cell(value: str | float) -> str:
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return f'<table:table-cell office:value-type="float" office:value="{value}"/>'

    body = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    names = ("office", "table", "text")
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
        f'<table:table table:name="Daten">{body}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
    return buffer.getvalue()


def test_open_document_sheet(tmp_path: Path) -> None:
    path = tmp_path / "tabelle.ods"
    path.write_bytes(_ods([["jahr", "gebiet", "anzahl"], [2020.0, "0101", 12.0], [2021.0, "0101", 12.5]]))
    cells = read_table(path).cells
    assert cells["value"].tolist() == [12, 12.5]
    assert cells["area"].tolist() == ["0101", "0101"]


def test_parquet_is_a_tidy_table(tmp_path: Path) -> None:
    path = tmp_path / "tabelle.parquet"
    names = tidy([]).strip().split(";")
    frame = pd.DataFrame([row.split(";") for row in full_tidy()], columns=names)
    typed = frame.astype({"jahr": int, "alter_von": int, "anzahl": float})
    typed["alter_bis"] = pd.to_numeric(typed["alter_bis"])
    typed.to_parquet(path)
    text = read_table(write(tmp_path, tidy(full_tidy())))
    columns = [name for name in text.cells if name != "file"]
    pd.testing.assert_frame_equal(read_table(path).cells[columns], text.cells[columns])
    path.write_bytes(b"PAR1" + b"x" * 50)
    with pytest.raises(TableError, match="beschädigt"):
        read_table(path)


def test_numbers_stored_as_text_are_read_the_german_way(tmp_path: Path) -> None:
    path = tmp_path / "tabelle.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["jahr", "gebiet", "anzahl"])
        sheet.write_row("A2", [2020, "a", "1.234"])
        sheet.write_row("A3", [2020, "b", 1234.5])
    assert read_table(path).cells["value"].tolist() == [1234, 1234.5]


def test_workbook_without_a_table_names_what_it_saw(tmp_path: Path) -> None:
    path = tmp_path / "notizen.xlsx"
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("Hinweise").write("A1", "Nur Text")
        book.add_worksheet("Mehr").write("A1", "Noch mehr Text")
    with pytest.raises(TableError, match=r"keine Tabelle.*Nur Text"):
        read_table(path)
    with xlsxwriter.Workbook(path) as book:
        book.add_worksheet("leer")
    with pytest.raises(TableError, match="leer"):
        read_table(path)


def test_formulas_links_and_circles_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "formeln.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row("A1", ["jahr", "gebiet", "anzahl"])
        sheet.write_row("A2", [2020, "a"])
        sheet.write_formula("C2", "=C3", None, 17)
        sheet.write_row("A3", [2020, "b"])
        sheet.write_formula("C3", "=C2", None, 18)
        sheet.write_row("A4", [2020, "c"])
        sheet.write_formula("C4", "='file:///nirgendwo/[fremd.xlsx]Tab'!A1", None, 19)
    assert read_table(path).cells["value"].tolist() == [17, 18, 19]  # the stored results, nothing is run


def test_archives_that_would_fill_the_memory_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in ("archives", "sheets", "document"):
        monkeypatch.setattr(f"zwkprognose.tables.files.{module}.MAX_BYTES", 10_000)
    big = tidy(f"2020;{i};A;m;D;0;;1" for i in range(2000))
    bomb = tmp_path / "bombe.zip"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tabelle.csv", big)
    with pytest.raises(TableError, match="größer als"):
        read_table(bomb)
    pd.DataFrame({"jahr": range(3000), "anzahl": 1}).to_excel(tmp_path / "gross.xlsx", engine="xlsxwriter")
    with pytest.raises(TableError, match="größer als"):
        read_table(tmp_path / "gross.xlsx")
    with pytest.raises(TableError, match="größer als"):
        read_table(write(tmp_path, big))
    nothing = tmp_path / "ohne.zip"
    with zipfile.ZipFile(nothing, "w") as archive:
        archive.writestr("bild.png", b"x")
    with pytest.raises(TableError, match="keine CSV"):
        read_table(nothing)


def test_large_workbook_reads_like_its_csv(tmp_path: Path) -> None:
    rows = [row.split(";") for row in full_tidy(areas=[f"{i:04d}" for i in range(60)], years=range(2000, 2005))]
    path = tmp_path / "gross.xlsx"
    with xlsxwriter.Workbook(path, {"constant_memory": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, tidy([]).strip().split(";"))
        for i, row in enumerate(rows, start=1):
            sheet.write_row(i, 0, [int(row[0]), *row[1:-1], float(row[-1])])
    table = read_table(path)
    assert len(table.cells) == len(rows)
    assert len(check(table).errors) == 0


def test_sheets_can_be_chosen(tmp_path: Path) -> None:
    """Other sheets may hold charts or figures that contradict; findings name the sheet."""
    path = tmp_path / "einwohner.xlsx"
    with xlsxwriter.Workbook(path) as book:
        for year in (2022, 2023):
            sheet = book.add_worksheet(f"31.12.{year}")
            sheet.write("A1", "Einwohner nach Stadtteil")
            sheet.write_row("A2", ["Stadtteil", "Geschl.", "0-17", "18+"])
            sheet.write_row("A3", ["Altstadt", "m", 1, 2])
            sheet.write_row("A4", ["", "w", 3, "."])
        book.add_worksheet("Diagramm").write_row("A1", ["Jahr", "Höhe"])
        book.get_worksheet_by_name("Diagramm").write_row("A2", [2022, 10])
    with pytest.raises(TableError, match=r"Diagramm.*Höhe") as error:
        read_table(path)
    assert "sheets=" in error.value.remedy
    table = read_table(path, sheets="31.12.*")
    assert table.cells["year"].unique().tolist() == [2022, 2023]
    assert [part.file for part in table.source.parts] == [f"einwohner.xlsx, Blatt 31.12.{y}" for y in (2022, 2023)]
    assert check(table).warnings.frame["message"].str.contains("Blatt 31.12.2023").any()
    assert total(read_table(path, sheets=["31.12.2022"]), age_from=0) == 4
    with pytest.raises(TableError, match="kein Blatt „2021“") as error:
        read_table(path, sheets="2021")
    assert "Diagramm" in error.value.remedy
