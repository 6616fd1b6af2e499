"""A workbook whose cells show something else than they store; its copies in other forms were saved by LibreOffice 7.4.

Beside it, the few records of an .xlsb by hand, after the published description of the format (MS-XLSB).
"""

from __future__ import annotations

import datetime
import struct
import zipfile
from pathlib import Path
from typing import Any

import xlsxwriter

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006"
#: What every form of the workbook shows on its first sheet.
SHOWN = [
    ["Einwohner am 31.12.2023", "", "", "", ""],
    ["Nr.", "Stadtteil", "unter 18", "18 und älter", "Anteil"],
    ["0101", "Oberdorf", "90", "300", "12,5 %"],
    ["0102", "Am Hang", "80", "#NV", "50 %"],
    ["2023", "91", "12345", "#DIV/0!", ""],
]


def write_formats(path: Path) -> Path:
    """The workbook as .xlsx."""
    with xlsxwriter.Workbook(path) as book:
        sheet, hidden = book.add_worksheet("Einwohner"), book.add_worksheet("Alt")
        zeros, percent, year, thousands = (
            book.add_format({"num_format": code}) for code in ("0000", "0.0%", "yyyy", "#,##0")
        )
        sheet.write_row(0, 0, SHOWN[0][:1])
        sheet.write_row(1, 0, SHOWN[1])
        sheet.write(2, 0, 101, zeros)
        sheet.write_formula(2, 1, '="Ober"&"dorf"', None, "Oberdorf")
        sheet.write_row(2, 2, [90, 300])
        sheet.write(2, 4, 0.125, percent)
        sheet.write(3, 0, 102, zeros)
        sheet.write_row(3, 1, ["Am Hang", 80])
        sheet.write_formula(3, 3, "=NA()", None, "#N/A")
        sheet.write(3, 4, 0.5, percent)
        sheet.write(4, 0, datetime.date(2023, 1, 1), year)
        sheet.write_formula(4, 1, "=C3+1", None, 91)
        sheet.write(4, 2, 12345, thousands)
        sheet.write_formula(4, 3, "=1/0", None, "#DIV/0!")
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_column("D:D", None, None, {"hidden": True})
        hidden.write(0, 0, 1)
        hidden.hide()
    return path


def write_xlsb(path: Path, cells: list[tuple[int, int, Any, int]], *, on_load: bool = False) -> Path:
    """An .xlsb of one sheet: cells as row, column, value and style (0 none, 1 ``0000``, 2 percent).

    A value is a text, a number, ``("formula", number)`` or ``("error", code)``; row 4 and column D are hidden.
    """
    sheet = _record(156, struct.pack("<II", 0, 1) + _text("rId1") + _text("Einwohner"))
    calculation = _record(157, struct.pack("<IIIdIH", 0, 1, 100, 0.001, 0, int(on_load)))
    styles = _record(44, struct.pack("<H", 164) + _text("0000")) + _record(617, struct.pack("<I", 3))
    styles += b"".join(_record(47, struct.pack("<HH", 0, number) + bytes(12)) for number in (0, 164, 10))
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Types xmlns="{_PACKAGE}/content-types"/>')
        archive.writestr("_rels/.rels", _rels("officeDocument", "xl/workbook.bin"))
        archive.writestr("xl/_rels/workbook.bin.rels", _rels("worksheet", "worksheets/sheet1.bin"))
        book = _record(131) + _record(143) + sheet + _record(144) + calculation + _record(132)
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/styles.bin", _record(278) + styles + _record(618) + _record(279))
        archive.writestr("xl/worksheets/sheet1.bin", _sheet(cells))
    return path


def _rels(kind: str, target: str) -> str:
    one = f'<Relationship Id="rId1" Type="{_DOCUMENT}/relationships/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{one}</Relationships>'


def _sheet(cells: list[tuple[int, int, Any, int]]) -> bytes:
    last = (max(cell[0] for cell in cells), max(cell[1] for cell in cells))
    out = _record(129) + _record(148, struct.pack("<4I", 0, last[0], 0, last[1]))
    out += _record(60, struct.pack("<4IH", 3, 3, 2304, 0, 1)) + _record(145)
    for row in sorted({cell[0] for cell in cells}):
        out += _record(0, struct.pack("<IIHBB", row, 0, 300, 0, 0x10 * (row == 3)) + bytes(13))
        out += b"".join(_cell(*cell[1:]) for cell in sorted(cells, key=str) if cell[0] == row)
    return out + _record(146) + _record(130)


def _cell(column: int, value: Any, style: int) -> bytes:
    head = struct.pack("<II", column, style)
    if isinstance(value, str):
        return _record(6, head + _text(value))
    if isinstance(value, tuple):
        kind, stored = value
        body = struct.pack("<d", stored) if kind == "formula" else bytes([stored])
        return _record(9 if kind == "formula" else 3, head + body + (bytes(10) if kind == "formula" else b""))
    return _record(5, head + struct.pack("<d", value))


def _record(kind: int, body: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = len(body), b""
    while True:
        length += bytes([size & 0x7F | (0x80 if size > 0x7F else 0)])
        size >>= 7
        if not size:
            return head + length + body


def _text(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")
