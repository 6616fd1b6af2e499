"""Find the parts of a crosstab: title lines, header rows, rows of figures, foot."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import HEAD_ROWS, Document
from zwkprognose.tables.signs import read_cell
from zwkprognose.tables.words import dimension_of, plain

_FOOT = ("____", "©", "quelle", "stand:", "anmerkung", "hinweis")


@dataclass(frozen=True)
class Layout:
    """Where the parts of a crosstab are; ``rows`` are padded to the same width."""

    titles: list[str]
    header: list[list[str]]
    rows: list[list[str]]
    lines: np.ndarray


def find_layout(rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    """Index of the first header row and of the first row of figures; ``None`` if there is no crosstab."""
    for first, row in enumerate(rows[:HEAD_ROWS]):
        if has_figures(row):
            last = first
            while last > 0 and not any(rows[last - 1]):
                last -= 1
            start = last
            while start > 0 and is_header(rows[start - 1]):
                start -= 1
            return (start, first) if start < last else None
    return None


def layout_of(document: Document) -> Layout:
    """The parts of a document; :class:`TableError` if they cannot be told apart."""
    found = find_layout(document.rows)
    if found is None:
        raise TableError(
            f"In {document.label} ist keine Kopfzeile über den Zahlen zu finden.",
            remedy="Über jeder Zahlenspalte muss stehen, was sie enthält, zum Beispiel „männlich“ oder „0 bis 5“.",
        )
    start, first = found
    last = _end(document, first)
    width = max(len(row) for row in document.rows[start:last])
    header = [_padded(row, width) for row in document.rows[start:first] if any(row)]
    body = [_padded(row, width) for row in document.rows[first:last]]
    titles = [" ".join(" ".join(row).split()) for row in document.rows[:start]]
    return Layout([t for t in titles if t], header, body, np.array(document.lines[first:last], dtype=np.int64))


def is_figure(text: str) -> bool:
    """Whether a field is a printed number or a sign."""
    if text.isdecimal():
        return True
    return bool(text.strip()) and (read_cell(text, ",") is not None or read_cell(text, ".") is not None)


def has_figures(row: Sequence[str]) -> bool:
    """Whether a row is one of figures: numbers at its end that are not the years or ages of a header."""
    fields = [field.strip() for field in row]
    while fields and not fields[-1]:
        fields.pop()
    if len(fields) < 2 or not (is_figure(fields[-1]) or is_figure(fields[-2])):
        return False
    figures = [field for field in fields if is_figure(field)]
    named = all(not field or is_figure(field) or dimension_of(field) is not None for field in fields)
    opens = not fields[0] or dimension_of(fields[0]) is not None
    return not (opens and named and (_all_years(figures) or _all_ages(figures)))


def _all_years(figures: list[str]) -> bool:
    return all(stock_year(figure) is not None for figure in figures)


def _all_ages(figures: list[str]) -> bool:
    if not all(figure.isdecimal() and figure.isascii() and len(figure) < 4 for figure in figures):
        return False
    ages = [int(figure) for figure in figures]
    return ages == list(range(ages[0], ages[0] + len(ages)))


def is_header(row: Sequence[str]) -> bool:
    """Header rows have more than a first field, or begin with the name of a dimension; titles do not."""
    if not row:
        return False
    return any(field.strip() for field in row[1:]) or dimension_of(row[0]) is not None


def _end(document: Document, first: int) -> int:
    """Index of the row after the last row of figures; figures after the foot are refused."""
    last = len(document.rows)
    for i in range(first, len(document.rows)):
        if not any(map(is_figure, reversed(document.rows[i][1:]))):
            last = i
            break
    for i in range(last, len(document.rows)):
        row = document.rows[i]
        if has_figures(row) and not plain(row[0]).startswith(_FOOT):
            raise TableError(
                f"{document.label}, Zeile {document.lines[i]}: Nach dem Ende der Tabelle (Zeile "
                f"{document.lines[last]}) stehen noch Zahlen.",
                cells=[{"line": document.lines[i], "text": ";".join(row)[:60]}],
                remedy="Löschen Sie Leerzeilen und Zwischenüberschriften innerhalb der Tabelle.",
            )
    return last


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*(field.strip() for field in row), *[""] * (width - len(row))]
