"""Rows at once: most cells of a workbook are numbers in long tables, for which one call per cell is too slow.

The class is made where the library is imported; the rows of a table are turned into the text of its sheet when the
workbook is closed, row by row, so that no second copy of the table is kept.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from zwkprognose.german import HIDDEN

#: Rows of a sheet, as Excel allows them.
MOST_ROWS = 1_048_576
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f]|_x[0-9A-Fa-f]{4}_")


@dataclass(frozen=True, slots=True)
class Column:
    """Formats of a column: of texts, of whole numbers (years), of numbers, and of what is hidden."""

    text: Any = None
    whole: Any = None
    number: Any = None
    hidden: Any = None


@cache
def sheet_with_rows() -> type:
    """A worksheet of the library that also takes whole rows below its other cells."""
    from xlsxwriter.worksheet import Worksheet

    class SheetWithRows(Worksheet):  # type: ignore[misc]
        """One table of rows below everything else on the sheet."""

        _below: tuple[int, Sequence[Sequence[Any]], Sequence[Column]] = (0, (), ())

        def write_rows(self, top: int, rows: Sequence[Sequence[Any]], columns: Sequence[Column]) -> None:
            """Put ``rows`` (texts, ints, floats; NaN is hidden; a row may end early) on the sheet from row ``top``."""
            if top + len(rows) > MOST_ROWS:
                raise ValueError(f"{len(rows)} rows from row {top} do not fit on a sheet")
            if not rows:
                return
            self._below = (top, rows, columns)
            self._check_dimensions(top + len(rows) - 1, len(columns) - 1)

        def _write_rows(self) -> None:
            super()._write_rows()
            self.fh.writelines(_as_xml(*self._below))

    return SheetWithRows


def _as_xml(top: int, rows: Iterable[Sequence[Any]], columns: Sequence[Column]) -> Iterator[str]:
    """Every row as the sheet's file has it."""
    writers = [_writer(place, column) for place, column in enumerate(columns)]
    patterns: dict[tuple[type, ...], _Pattern] = {}
    for line, row in enumerate(rows, start=top + 1):
        kinds = tuple(map(type, row))
        pattern = patterns.get(kinds)
        if pattern is None:
            pattern = patterns[kinds] = _Pattern.of(kinds, columns)
        cells = pattern.cells(line, row)
        if cells is None:
            cells = "".join([write(line, value) for write, value in zip(writers, row, strict=False)])
        yield f'<row r="{line}">{cells}</row>'


@dataclass(frozen=True, slots=True)
class _Pattern:
    """Rows whose cells are of the same kinds share one text, into which line and values are put at once."""

    template: str
    texts: tuple[int, ...]
    floats: tuple[int, ...]

    @classmethod
    def of(cls, kinds: Sequence[type], columns: Sequence[Column]) -> _Pattern:
        """The text of such rows; values of other kinds are left to :func:`_writer`."""
        places = {kind: tuple(k for k, one in enumerate(kinds) if one is kind) for kind in (str, int, float)}
        known = sum(map(len, places.values())) == len(kinds)
        cells = [_frame(k, columns[k], kind) for k, kind in enumerate(kinds)] if known else []
        return cls("".join(cells), places[str], places[float])

    def cells(self, line: int, row: Sequence[Any]) -> str | None:
        """Cells of a row; none if it has an empty text, something hidden or a broken number."""
        if not self.template or not all(map(row.__getitem__, self.texts)):
            return None
        if not all(map(float.is_integer, map(row.__getitem__, self.floats))):
            return None
        values = list(row)
        for k in self.texts:
            values[k] = _inline(row[k])
        return self.template.replace(_LINE, str(line)) % tuple(values)


#: Stands for the number of the line in a pattern; no cell can hold it.
_LINE = "\x00"


def _frame(place: int, column: Column, kind: type) -> str:
    """A cell with places for its line and value."""
    from xlsxwriter.utility import xl_col_to_name

    look = {str: column.text, int: column.whole, float: column.number}[kind]
    head = f'<c r="{xl_col_to_name(place)}{_LINE}{_style(look)}'
    return f"{head} %s</c>" if kind is str else f"{head}><v>%d</v></c>"


def _writer(place: int, column: Column) -> Callable[[int, Any], str]:
    """What turns a value of one column into its cell."""
    from xlsxwriter.utility import xl_col_to_name

    head = f'<c r="{xl_col_to_name(place)}'
    text, whole, number, hidden = map(_style, (column.text, column.whole, column.number, column.hidden))

    def write(line: int, value: Any) -> str:
        if isinstance(value, str):
            return f"{head}{line}{text} {_inline(value)}</c>" if value else f"{head}{line}{text}/>"
        if isinstance(value, int):
            return f"{head}{line}{whole}><v>{value}</v></c>"
        if value != value:
            return f"{head}{line}{hidden} {_inline(HIDDEN)}</c>"
        return f"{head}{line}{number}><v>{int(value) if value % 1 == 0 else float(value)}</v></c>"

    return write


def _style(look: Any) -> str:
    """End of the reference of a cell and the number of its format."""
    return '"' if look is None else f'" s="{look._get_xf_index()}"'


@cache
def _inline(text: str) -> str:
    """A text that stands in its cell; it is never read as a formula."""
    plain = _CONTROL.sub(lambda found: f"_x{ord(found[0][0]):04X}_{found[0][1:]}", text)
    escaped = plain.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    keep = ' xml:space="preserve"' if text != text.strip() else ""
    return f't="inlineStr"><is><t{keep}>{escaped}</t></is>'
