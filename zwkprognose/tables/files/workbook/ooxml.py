"""Look into .xlsx and .xlsm: number formats, formulas that were never computed, errors, hidden rows.

Programs that write workbooks without computing them leave a formula without a value, or write 0 there and ask for
computing on load (``fullCalcOnLoad``); the spreadsheet library gives an empty cell or 0 for both.
"""

from __future__ import annotations

import io
import posixpath
import re
import zipfile

from .formats import BUILT_IN, ERRORS, kind_of
from .looks import Look, Looks
from .markup import parse, part

_WORKBOOK = "xl/workbook.xml"
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_TRUE = ("1", "true")


def look(data: bytes) -> Looks:
    """What is seen in each worksheet."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheets, is_uncomputed = _sheets(archive)
        kinds = _kinds(part(archive, "xl/styles.xml"))
        return {name: _Sheet(kinds, is_uncomputed).read(part(archive, target)) for name, target in sheets.items()}


def _sheets(archive: zipfile.ZipFile) -> tuple[dict[str, str], bool]:
    """Part of each sheet, and whether the workbook is to be computed on load."""
    targets: dict[str, str] = {}
    ids: dict[str, str] = {}
    on_load: list[bool] = []

    def relation(name: str, said: dict[str, str]) -> None:
        if name == "Relationship":
            target = said.get("Target", "")
            targets[said.get("Id", "")] = target.lstrip("/") if target[:1] == "/" else posixpath.join("xl", target)

    def sheet(name: str, said: dict[str, str]) -> None:
        if name == "sheet":
            ids[said.get("name", "")] = next((said[key] for key in said if key.endswith(":id")), "")
        elif name == "calcPr":
            on_load.append(said.get("fullCalcOnLoad", "") in _TRUE)

    parse(part(archive, "xl/_rels/workbook.xml.rels"), relation)
    parse(part(archive, _WORKBOOK), sheet)
    return {name: posixpath.normpath(targets[at]) for name, at in ids.items() if at in targets}, any(on_load)


def _kinds(styles: bytes) -> dict[str, int]:
    """Style of a cell → how its number is shown, for styles that show something else."""
    codes = {str(number): code for number, code in BUILT_IN.items()}
    formats: list[str] = []
    inside: list[str] = []

    def start(name: str, said: dict[str, str]) -> None:
        if name == "numFmt" and "numFmts" in inside:
            codes[said.get("numFmtId", "")] = said.get("formatCode", "")
        elif name == "xf" and "cellXfs" in inside:
            formats.append(said.get("numFmtId", ""))
        inside.append(name)

    def end(_: str) -> None:
        inside.pop()

    parse(styles, start, end)
    kinds = {str(style): kind_of(codes.get(number, "")) for style, number in enumerate(formats)}
    return {style: kind for style, kind in kinds.items() if kind}


class _Sheet:
    """One worksheet, read element by element."""

    def __init__(self, kinds: dict[str, int], is_uncomputed: bool) -> None:
        self.look = Look()
        self.kinds, self.is_uncomputed = kinds, is_uncomputed
        self.row = self.column = -1
        self.cell: dict[str, str] = {}
        self.value: list[str] | None = None
        self.has_value = self.has_formula = self.in_value = False
        self.array: list[tuple[int, int, int, int]] = []

    def read(self, data: bytes) -> Look:
        """Large sheets mostly have nothing to say; whether they do is told without parsing them."""
        if self._may_say(data):
            parse(data, self.start, self.end, self.text)
        return self.look

    def _may_say(self, data: bytes) -> bool:
        begin = data.find(b"<sheetData")
        usual = begin >= 0 and b"'" not in data and b" =" not in data[: begin + 10_000] and b"\0" not in data
        signs = (b"<f>", b"<f ", b"<f/") if b"<f" in data else ()
        shown = (f's="{style}"'.encode() for style in self.kinds)
        return not usual or any(sign in data for sign in (*signs, b't="e"', b'hidden="1"', b'hidden="true"', *shown))

    def start(self, name: str, said: dict[str, str]) -> None:
        """An element begins."""
        if name == "c":
            self._begin_cell(said)
        elif name == "v":
            self.has_value, self.in_value = True, True
        elif name == "f":
            self.has_formula = True
            if said.get("t") == "array":
                self._array(said.get("ref", ""))
        elif name == "row":
            self.row = int(said["r"]) - 1 if said.get("r", "").isdecimal() else self.row + 1
            self.column = -1
            if said.get("hidden") in _TRUE:
                self.look.rows.add(self.row)
        elif name == "col" and said.get("hidden") in _TRUE:
            self.look.columns.update(range(int(said["min"]) - 1, min(int(said["max"]), 16_384)))

    def end(self, name: str) -> None:
        """An element ends."""
        if name == "v":
            self.in_value = False
        elif name == "c":
            self._end_cell()

    def text(self, text: str) -> None:
        """Text, of which only that of values matters."""
        if self.in_value:
            self.value = [*(self.value or ()), text]

    def _begin_cell(self, said: dict[str, str]) -> None:
        place = _PLACE.fullmatch(said.get("r", ""))
        self.column = _number(place[1]) if place else self.column + 1
        self.cell, self.value = said, None
        self.has_value = self.has_formula = self.in_value = False

    def _end_cell(self) -> None:
        place = (self.row, self.column)
        value, kind = "".join(self.value or ()).strip(), self.cell.get("t", "")
        if self._waits(value, kind):
            self.look.formulas.add(place)
        elif kind == "e":
            self.look.texts[place] = ERRORS.get(value, value)
        elif style := self.kinds.get(self.cell.get("s", "")):
            self.look.kinds[place] = style

    def _waits(self, value: str, kind: str) -> bool:
        """Whether the cell is still to be computed; a computed empty text says that it is a text."""
        if self.is_uncomputed and value == "0" and kind in ("", "n") and (self.has_formula or self._in_array()):
            return True
        return self.has_formula and not value and not (kind == "str" and self.has_value)

    def _array(self, ref: str) -> None:
        ends = [_PLACE.fullmatch(end) for end in ref.split(":")]
        if all(ends) and len(ends) == 2:
            (a, b), (c, d) = ((_number(end[1]), int(end[2]) - 1) for end in ends if end)
            if (b, a) != (d, c):
                self.array.append((b, a, d, c))

    def _in_array(self) -> bool:
        return any(
            top <= self.row <= bottom and left <= self.column <= right for top, left, bottom, right in self.array
        )


def _number(letters: str) -> int:
    """Position of a column: A is 0, AA is 26."""
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number - 1
