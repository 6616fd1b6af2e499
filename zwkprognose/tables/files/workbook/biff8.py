"""Look into .xls of Excel 97 and later: number formats, texts and errors of formulas, hidden rows.

The spreadsheet library gives an empty cell for an error, and numbers without the zeros that they show. LibreOffice
stores 0 for every formula whose result is a text; as 0 may be meant as well, such formulas count as not computed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from .compound import stream
from .formats import BUILT_IN, CODES, ERRORS, kind_of
from .looks import Look, Looks

_BOF, _EOF, _SHEET, _FORMAT, _XF, _WRITER = 0x0809, 0x000A, 0x0085, 0x041E, 0x00E0, 0x005C
_FORMULA, _STRING, _NUMBER, _RK, _MULRK, _BOOLERR = 0x0006, 0x0207, 0x0203, 0x027E, 0x00BD, 0x0205
_ROW, _COLUMNS = 0x0208, 0x007D
#: Stands in place of a number of a formula whose result is something else.
_OTHER = b"\xff\xff"
_TEXT, _ERROR = 0, 2
_COMPUTE_ON_LOAD = 0x0002


def look(data: bytes) -> Looks:
    """What is seen in each worksheet; nothing for older forms of .xls."""
    book = stream(data, ("Workbook",))
    places: dict[str, int] = {}
    codes = dict(BUILT_IN)
    formats: list[int] = []
    is_calc = False
    for kind, body in _records(book, 0):
        if kind == _SHEET and len(body) > 8:
            places[_text(body[6], body[7:])] = struct.unpack_from("<I", body)[0]
        elif kind == _FORMAT and len(body) > 5:
            codes[struct.unpack_from("<H", body)[0]] = _text(struct.unpack_from("<H", body, 2)[0], body[4:])
        elif kind == _XF and len(body) > 3:
            formats.append(struct.unpack_from("<H", body, 2)[0])
        elif kind == _WRITER and len(body) > 3:
            is_calc = body[3:].rstrip() == b"Calc"
    kinds = {style: kind_of(codes.get(number, "")) for style, number in enumerate(formats)}
    return {name: _Sheet(kinds, is_calc).read(book, at) for name, at in places.items()}


class _Sheet:
    """One worksheet, read record by record."""

    def __init__(self, kinds: dict[int, int], is_calc: bool) -> None:
        self.look = Look()
        self.kinds, self.is_calc = kinds, is_calc
        self.awaited: tuple[int, int] | None = None

    def read(self, book: bytes, at: int) -> Look:
        """All records of the worksheet that begins there."""
        for kind, body in _records(book, at):
            if kind == _ROW and len(body) >= 14:
                if struct.unpack_from("<H", body, 12)[0] & 0x20:
                    self.look.rows.add(struct.unpack_from("<H", body)[0])
            elif kind == _COLUMNS and len(body) >= 10:
                first, last, _, _, flags = struct.unpack_from("<5H", body)
                if flags & 1:
                    self.look.columns.update(range(first, min(last, 255) + 1))
            elif kind == _STRING and self.awaited is not None and len(body) > 2:
                self.look.texts[self.awaited] = _text(struct.unpack_from("<H", body)[0], body[2:])
                self.awaited = None
            elif kind in (_NUMBER, _RK, _FORMULA, _BOOLERR, _MULRK) and len(body) >= 6:
                self._cell(kind, body)
        return self.look

    def _cell(self, kind: int, body: bytes) -> None:
        row, column, style = struct.unpack_from("<3H", body)
        if kind == _MULRK:
            for i in range((len(body) - 6) // 6):
                self._shown((row, column + i), struct.unpack_from("<H", body, 4 + 6 * i)[0])
        elif kind == _BOOLERR and len(body) >= 8 and body[7]:
            self._error((row, column), body[6])
        elif kind == _FORMULA and len(body) >= 16 and body[12:14] == _OTHER:
            self.awaited = (row, column) if body[6] == _TEXT else None
            if body[6] == _ERROR:
                self._error((row, column), body[8])
        elif kind == _FORMULA and len(body) >= 16 and not any(body[6:14]) and self._is_uncomputed(body[14]):
            self.look.formulas.add((row, column))
        elif kind != _BOOLERR:
            self._shown((row, column), style)

    def _is_uncomputed(self, flags: int) -> bool:
        return self.is_calc or bool(flags & _COMPUTE_ON_LOAD)

    def _shown(self, place: tuple[int, int], style: int) -> None:
        if kind := self.kinds.get(style):
            self.look.kinds[place] = kind

    def _error(self, place: tuple[int, int], code: int) -> None:
        name = CODES.get(code, "#FEHLER!")
        self.look.texts[place] = ERRORS.get(name, name)


def _records(book: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Records of one part of the stream, from its beginning to its end; parts within it (charts) are passed over."""
    depth = 0
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        depth += (kind == _BOF) - (kind == _EOF)
        if depth == 1:
            yield kind, book[at + 4 : at + 4 + size]
        elif depth < 1:
            return
        at += 4 + size


def _text(length: int, body: bytes) -> str:
    """A text of so many letters, of one byte or two each."""
    if not body:
        return ""
    flags, start = body[0], 1 + 2 * bool(body[0] & 8) + 4 * bool(body[0] & 4)
    if flags & 1:
        return body[start : start + 2 * length].decode("utf-16-le", "replace")
    return body[start : start + length].decode("latin-1")
