"""Look into .ods: what cells show, formulas that were never computed, errors, hidden rows.

A cell keeps the text that it shows beside its value; the spreadsheet library gives an empty cell for an error, 0 or 1
for true and false, and a number without the zeros in front that its format shows.
"""

from __future__ import annotations

import io
import re
import zipfile

from .formats import ERRORS, PERCENT, YEAR
from .looks import MAX_PLACES, Look, Looks
from .markup import UnsafeMarkupError, parse, part

#: A cell or row that stands for more than this is the empty rest of the sheet.
_REST = 5000
_SIGNS = (
    b"='", b"table:formula", b'"percentage"', b'"error"', b'"boolean"', b'"date"', b'visibility="', b">0",
)  # fmt: skip
_HIDDEN = ("collapse", "filter")
_ZEROS = re.compile(r"0\d+")


def look(data: bytes) -> Looks:
    """What is seen in each sheet; nothing if the archive is no OpenDocument."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        content = part(archive, "content.xml")
    sheets = _Sheets()
    if b"<table:table" not in content or any(sign in content for sign in _SIGNS):
        parse(content, sheets.start, sheets.end, sheets.text)
    return sheets.looks


class _Sheets:
    """The sheets of a document, read element by element."""

    def __init__(self) -> None:
        self.looks: Looks = {}
        self.sheet = Look()
        self.row = self.column = self.places = 0
        self.rows = self.columns = 1
        self.cell: dict[str, str] = {}
        self.shown: list[str] = []
        self.in_cell = self.in_table = self.in_note = 0

    def start(self, name: str, said: dict[str, str]) -> None:
        """An element begins."""
        if name == "table":
            self.in_table += 1
            if self.in_table == 1:
                self.sheet = self.looks.setdefault(said.get("table:name", ""), Look())
                self.row = self.column = 0
        elif name == "annotation":
            self.in_note += 1
        elif name == "table-column" and self.in_table == 1:
            self.columns = _count(said, "table:number-columns-repeated")
            if said.get("table:visibility") in _HIDDEN and self.columns < _REST:
                self.sheet.columns.update(range(self.column, self.column + self.columns))
            self.column += self.columns
        elif name == "table-row" and self.in_table == 1:
            self.rows, self.column = _count(said, "table:number-rows-repeated"), 0
            if said.get("table:visibility") in _HIDDEN and self.rows < _REST:
                self.sheet.rows.update(range(self.row, self.row + self.rows))
        elif name in ("table-cell", "covered-table-cell") and self.in_table == 1:
            self.cell, self.shown, self.in_cell = said, [], 1
            self.columns = _count(said, "table:number-columns-repeated")

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "table":
            self.in_table -= 1
        elif name == "annotation":
            self.in_note -= 1
        elif name in ("table-cell", "covered-table-cell") and self.in_table == 1:
            self._note()
            self.column, self.in_cell = self.column + self.columns, 0
        elif name == "table-row" and self.in_table == 1:
            self.row += self.rows

    def text(self, text: str) -> None:
        """Text shown in a cell, not that of a comment on it."""
        if self.in_cell and self.in_table == 1 and not self.in_note:
            self.shown.append(text)

    def _note(self) -> None:
        type_, shown = self.cell.get("office:value-type", ""), "".join(self.shown).strip()
        texts, kinds = self.sheet.texts, self.sheet.kinds
        if "table:formula" in self.cell and not type_ and not shown:
            self.sheet.formulas.update(self._places())
        elif self.cell.get("calcext:value-type") == "error" or (type_ == "string" and shown.startswith("#")):
            texts.update(dict.fromkeys(self._places(), ERRORS.get(shown, shown)))
        elif type_ == "boolean":
            texts.update(dict.fromkeys(self._places(), shown or self.cell.get("office:boolean-value", "")))
        elif type_ == "percentage":
            kinds.update(dict.fromkeys(self._places(), PERCENT))
        elif type_ == "float" and _ZEROS.fullmatch(shown):
            kinds.update(dict.fromkeys(self._places(), len(shown)))
        elif type_ == "date" and shown.isdecimal() and len(shown) == 4:
            kinds.update(dict.fromkeys(self._places(), YEAR))

    def _places(self) -> list[tuple[int, int]]:
        self.places += self.rows * self.columns
        if self.places > MAX_PLACES:
            raise UnsafeMarkupError("more cells than a table has")
        return [
            (row, column)
            for row in range(self.row, self.row + self.rows)
            for column in range(self.column, self.column + self.columns)
        ]


def _count(said: dict[str, str], name: str) -> int:
    number = said.get(name, "1")
    return int(number) if number.isdecimal() else 1
