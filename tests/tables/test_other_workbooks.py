""".xls, .ods and .xlsb say the same as .xlsx, as far as their forms can say it."""

from __future__ import annotations

import contextlib
import random
import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.formats_book import SHOWN, write_formats, write_xlsb

from zwkprognose.errors import TableError, ZwkError
from zwkprognose.tables import read_table
from zwkprognose.tables.files.document import Document, open_documents
from zwkprognose.tables.files.workbook import biff8

FIXTURES = Path(__file__).parent / "fixtures"


def _parts(name: str) -> tuple[str, ...]:
    return (f"„{name}“, Blatt „Einwohner“: Ausgeblendet, aber mitgelesen: Zeile 4 und Spalte D.",)


def _holds(documents: list[Document]) -> None:
    shown, hidden = documents
    assert shown.repairs == _parts(shown.name)
    assert (shown.hidden, hidden.hidden, hidden.sheet) == (False, True, "Alt")


def test_excel(tmp_path: Path) -> None:
    documents = open_documents(write_formats(tmp_path / "formate.xlsx"))
    assert documents[0].rows == SHOWN
    _holds(documents)


def test_open_document() -> None:
    documents = open_documents(FIXTURES / "formate.ods")
    assert documents[0].rows == SHOWN
    _holds(documents)


_ODS = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:spreadsheet>'
    '<table:table table:name="Daten"><table:table-row><table:table-cell office:value-type="string"><text:p>x</text:p>'
    '</table:table-cell></table:table-row><table:table-row table:number-rows-repeated="2">{cells}</table:table-row>'
    "</table:table></office:spreadsheet></office:body></office:document-content>"
)
_COMMENT = "<office:annotation><text:p>geprüft</text:p></office:annotation>"


def _cell(kind: str, value: str, shown: str, more: str = "") -> str:
    said = f"office:value-type='{kind}'" if kind else ""
    said += f" office:{'boolean-' if kind == 'boolean' else ''}value='{value}'" if value else ""
    text = f"<text:p>{shown}</text:p>" if shown else ""
    return f"<table:table-cell {said} {more}>{_COMMENT}{text}</table:table-cell>"


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (_cell("float", "101", "0101"), "0101"), (_cell("float", "101", "101"), "101"),
        (_cell("percentage", "0.125", "13 %"), "12,5 %"), (_cell("boolean", "true", "WAHR"), "WAHR"),
        (_cell("float", "7", "7 Personen"), "7"), (_cell("float", "7", "7", "table:number-columns-repeated='3'"), "7"),
        (_cell("string", "", "#NV", "calcext:value-type='error'"), "#NV"),
        (_cell("", "", "", "table:formula='of:=[.A1]'"), "Formel ohne Wert"),
    ],
)  # fmt: skip
def test_cells_of_open_document_with_a_comment(tmp_path: Path, cell: str, text: str) -> None:
    spaces = " ".join(
        f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text", "calcext")
    )
    path = tmp_path / "a.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", _ODS.format(spaces=spaces, cells=cell + _cell("float", "5", "5")))
        manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{manifest}"/>')
    (document,) = open_documents(path)
    assert [row[0] for row in document.rows] == ["x", text, text]
    assert [row[-1] for row in document.rows][1:] == ["5", "5"]
    assert document.uncomputed == (((2, 0), (3, 0)) if text == "Formel ohne Wert" else ())


def test_excel_97() -> None:
    """LibreOffice stores 0 for the formula of a text: that is no name of a quarter, and no zero."""
    documents = open_documents(FIXTURES / "formate.xls")
    rows = [list(row) for row in documents[0].rows]
    assert documents[0].uncomputed == ((3, 1),)
    rows[2][1] = "Oberdorf"
    assert rows == SHOWN
    _holds(documents)
    with pytest.raises(TableError, match="Zelle B3") as error:
        read_table(FIXTURES / "formate.xls")
    assert "als .xlsx speichern" in error.value.remedy


def test_binary_excel(tmp_path: Path) -> None:
    cells = [
        (0, 0, "Einwohner am 31.12.2023", 0), *((1, i, text, 0) for i, text in enumerate(SHOWN[1])),
        (2, 0, 101.0, 1), (2, 1, "Oberdorf", 0), (2, 2, 90.0, 0), (2, 3, ("formula", 300.0), 0), (2, 4, 0.125, 2),
        (3, 0, 102.0, 1), (3, 1, "Am Hang", 0), (3, 2, ("formula", 0.0), 0), (3, 3, ("error", 42), 0), (3, 4, 0.5, 2),
    ]  # fmt: skip
    (document,) = open_documents(write_xlsb(tmp_path / "a.xlsb", cells))
    assert document.rows[:3] == SHOWN[:3]
    assert document.rows[3] == ["0102", "Am Hang", "0", "#NV", "50 %"]
    assert document.repairs == _parts("a.xlsb")
    (document,) = open_documents(write_xlsb(tmp_path / "b.xlsb", cells, on_load=True))
    assert document.uncomputed == ((4, 2),)


@pytest.mark.parametrize("form", ["xls", "ods", "xlsb"])
@given(seed=st.integers(0, 2**32))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_workbooks_end_in_a_german_error(tmp_path: Path, form: str, seed: int) -> None:
    """Some bytes changed anywhere: the file is read, or refused; nothing crashes and nothing hangs."""
    chance = random.Random(seed)
    source = FIXTURES / ("einwohner.xlsb" if form == "xlsb" else f"formate.{form}")
    data = bytearray(source.read_bytes())
    for _ in range(chance.choice([1, 5, 50])):
        data[chance.randrange(len(data))] = chance.randrange(256)
    path = tmp_path / f"kaputt.{form}"
    path.write_bytes(bytes(data[: chance.choice([len(data), chance.randrange(1, len(data))])]))
    with contextlib.suppress(ZwkError):
        for document in open_documents(path):
            assert all(isinstance(text, str) for row in document.rows for text in row)


@given(seed=st.integers(0, 2**32))
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_parts_of_a_workbook_end_in_a_german_error(tmp_path: Path, seed: int) -> None:
    """A part of an .xlsx or .ods is cut or changed, and packed again as if it were whole."""
    chance = random.Random(seed)
    form = chance.choice(["xlsx", "ods"])
    source = write_formats(tmp_path / "formate.xlsx") if form == "xlsx" else FIXTURES / "formate.ods"
    path = tmp_path / f"kaputt.{form}"
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(path, "w") as after:
        broken = chance.choice([name for name in before.namelist() if name.endswith((".xml", ".rels"))])
        for name in before.namelist():
            data = bytearray(before.read(name))
            if name == broken:
                data = data[: chance.choice([len(data), chance.randrange(len(data))])]
                for _ in range(chance.choice([0, 1, 10]) if data else 0):
                    data[chance.randrange(len(data))] = chance.choice(b'<>"=/09azA&\0')
            after.writestr(name, bytes(data))
    with contextlib.suppress(ZwkError):
        for document in open_documents(path):
            assert all(isinstance(text, str) for row in document.rows for text in row)


def test_a_chart_within_a_sheet_hides_no_cell_below_it() -> None:
    """Records from a beginning to its end; what begins and ends within them is passed over, and only that."""
    begin, end, cell, other = biff8._BOF, biff8._EOF, 0x0203, 0x1001

    def book(*kinds: int) -> bytes:
        return b"".join(struct.pack("<HH", kind, 1) + bytes([i]) for i, kind in enumerate(kinds))

    stream = book(begin, cell, begin, other, begin, other, end, end, cell, begin, other, end, cell, end, cell)
    read = [(kind, body[0]) for kind, body in biff8._records(stream, 0) if kind not in (begin, end)]
    assert read == [(cell, 1), (cell, 8), (cell, 12)]
    assert [body[0] for kind, body in biff8._records(stream, 5 * 9) if kind == other] == [10]
