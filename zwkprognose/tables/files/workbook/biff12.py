"""Look into .xlsb: number formats, errors, hidden rows; its formulas always carry a value."""

from __future__ import annotations

import io
import posixpath
import struct
import zipfile
from collections.abc import Iterator

from .formats import BUILT_IN, CODES, ERRORS, kind_of
from .looks import Look, Looks
from .markup import parse, part

_ROW, _ERROR_CELL, _ERROR_FORMULA, _COLUMN = 0, 3, 11, 60
#: Cells with a number: short and long, and that of a formula.
_NUMBERS = (2, 5, 9)
_FORMAT, _XF, _FORMATS_BEGIN, _FORMATS_END, _SHEET, _CALCULATION = 44, 47, 617, 618, 156, 157


def look(data: bytes) -> Looks:
    """What is seen in each worksheet; nothing if the archive is no .xlsb."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets, is_uncomputed = _sheets(archive)
        kinds = _kinds(part(archive, "xl/styles.bin"))
        return {name: _seen(part(archive, target), kinds, is_uncomputed) for name, target in sheets.items()}


def _sheets(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    targets: dict[str, str] = {}

    def relation(name: str, said: dict[str, str]) -> None:
        if name == "Relationship":
            target = said.get("Target", "")
            targets[said.get("Id", "")] = target.lstrip("/") if target[:1] == "/" else posixpath.join("xl", target)

    parse(part(archive, "xl/_rels/workbook.bin.rels"), relation)
    sheets: dict[str, str] = {}
    is_uncomputed = False
    for kind, body in _records(part(archive, "xl/workbook.bin")):
        if kind == _SHEET:
            at, end = _text(body, 8)
            sheets[_text(body, end)[0]] = posixpath.normpath(targets.get(at, ""))
        elif kind == _CALCULATION and len(body) >= 26:
            is_uncomputed = bool(struct.unpack_from("<H", body, 24)[0] & 1)
    return sheets, is_uncomputed


def _kinds(styles: bytes) -> dict[int, int]:
    """Style of a cell → how its number is shown."""
    codes = dict(BUILT_IN)
    formats: list[int] = []
    inside = False
    for kind, body in _records(styles):
        inside = kind == _FORMATS_BEGIN or (inside and kind != _FORMATS_END)
        if kind == _FORMAT:
            codes[struct.unpack_from("<H", body)[0]] = _text(body, 2)[0]
        elif kind == _XF and inside:
            formats.append(struct.unpack_from("<H", body, 2)[0])
    kinds = {style: kind_of(codes.get(number, "")) for style, number in enumerate(formats)}
    return {style: kind for style, kind in kinds.items() if kind}


def _seen(sheet: bytes, kinds: dict[int, int], is_uncomputed: bool) -> Look:
    look, row = Look(), -1
    for kind, body in _records(sheet):
        if kind == _ROW and len(body) >= 13:
            row = struct.unpack_from("<I", body)[0]
            if body[11] & 0x10:
                look.rows.add(row)
        elif kind == _COLUMN and len(body) >= 18:
            first, last = struct.unpack_from("<2I", body)
            if body[16] & 1:
                look.columns.update(range(first, min(last, 16_383) + 1))
        elif kind in (*_NUMBERS, _ERROR_CELL, _ERROR_FORMULA) and len(body) >= 9:
            column, style = struct.unpack_from("<2I", body)
            if kind in (_ERROR_CELL, _ERROR_FORMULA):
                name = CODES.get(body[8], "#FEHLER!")
                look.texts[row, column] = ERRORS.get(name, name)
            elif kind == _NUMBERS[2] and is_uncomputed and not any(body[8:16]):
                look.formulas.add((row, column))
            elif shown := kinds.get(style & 0xFFFFFF):
                look.kinds[row, column] = shown
    return look


def _records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """Records: a kind of one or two bytes, a size of up to four, seven bits in each."""
    at = 0
    while at < len(data):
        kind = data[at]
        at += 1
        if kind & 0x80 and at < len(data):
            kind = (kind & 0x7F) | (data[at] & 0x7F) << 7
            at += 1
        size = shift = 0
        while at < len(data) and shift < 28:
            size |= (data[at] & 0x7F) << shift
            shift += 7
            at += 1
            if not data[at - 1] & 0x80:
                break
        yield kind, data[at : at + size]
        at += size


def _text(body: bytes, at: int) -> tuple[str, int]:
    """A text with its length in front, and where it ends."""
    length = struct.unpack_from("<I", body, at)[0]
    length = 0 if length == 0xFFFFFFFF else length
    end = at + 4 + 2 * length
    return body[at + 4 : end].decode("utf-16-le", "replace"), end
