"""Find the parts of a crosstab: title lines, header rows, rows of figures, foot."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.dates import year_end
from zwkprognose.tables.files.document import HEAD_ROWS, Document
from zwkprognose.tables.hidden import hidden_flag
from zwkprognose.tables.readers.crosstab.headings import leads, understand
from zwkprognose.tables.signs import SIGNS, read_cell
from zwkprognose.tables.words import dimension_of, plain

_FOOT = (
    "____", "©", "quelle", "stand:", "anmerkung", "hinweis", "zeichenerklärung", "erläuterung", "fußnote", "legende",
)  # fmt: skip
#: Rows that tell which columns hold figures.
_LOOKED_AT = 20


@dataclass(frozen=True)
class Layout:
    """Where the parts of a crosstab are; ``rows`` are padded to the same width."""

    titles: list[str]
    header: list[list[str]]
    rows: list[list[str]]
    lines: np.ndarray

    def heading(self, column: int) -> str:
        """What stands above a column, for messages."""
        return " ".join(row[column] for row in self.header if row[column])


def find_layout(rows: Sequence[Sequence[str]]) -> tuple[int, int] | None:
    """Index of the first header row and of the first row of figures; ``None`` if there is no crosstab."""
    for first, row in enumerate(rows[:HEAD_ROWS]):
        if has_figures(row) and not _names_columns(row, rows[first + 1 : first + 2]):
            last = first
            while last > 0 and not any(rows[last - 1]):
                last -= 1
            start = last
            while start > 0 and is_header(rows[start - 1]):
                start -= 1
            return (start, _first_marked(rows, start, first)) if start < last else None
    return None


def _names_columns(row: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Years or ages beside a heading that is not known, above figures that are none: ``Ort;2022;2023``."""
    figures = [text for text in row if is_figure(text)]
    counted = [text.strip() for below_row in below for text in below_row if is_figure(text)]
    if is_figure(row[0]) or not row[0].strip() or len(counted) < len(figures) or _all_years(counted):
        return False
    return _all_years(figures) or (len(figures) > 2 and figures[0].strip() == "0" and _all_ages(figures))


def _first_marked(rows: Sequence[Sequence[str]], start: int, first: int) -> int:
    """Index of the first row below the header, also where it prints marks instead of figures."""
    for i in range(start + 1, first):
        named = [column for column, text in enumerate(rows[i - 1]) if dimension_of(text) is not None]
        fields = [text.strip() for text in rows[i]]
        labels = [fields[column] for column in named if column < len(fields)]
        others = [text for column, text in enumerate(fields) if text and column not in named]
        if others and any(label and not _is_heading(label) for label in labels):
            return i
    return first


def layout_of(document: Document) -> Layout:
    """The parts of a document; :class:`TableError` if they cannot be told apart."""
    found = find_layout(document.rows)
    if found is None:
        raise TableError(
            f"In {document.label} ist keine Kopfzeile über den Zahlen zu finden.",
            remedy="Über jeder Zahlenspalte muss stehen, was sie enthält, zum Beispiel „männlich“ oder „0 bis 5“.",
        )
    start, first = found
    last = end_of_body(document.rows, first)
    _refuse_figures_after(document, last, figure_columns(document.rows[first:last]))
    width = max(len(row) for row in document.rows[start:last])
    header = [_padded(row, width) for row in document.rows[start:first] if any(row)]
    body = [_padded(row, width) for row in document.rows[first:last]]
    titles = [" ".join(" ".join(row).split()) for row in document.rows[:start]]
    return Layout([t for t in titles if t], header, body, np.array(document.lines[first:last], dtype=np.int64))


@lru_cache(maxsize=1 << 16)
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
    if len(fields) < 2:
        return False
    figures = [field for field in fields if is_figure(field)]
    if not any(is_figure(field) or (figures and _is_kept_secret(field)) for field in fields[-2:]):
        return False
    named = all(not field or is_figure(field) or _names_nothing_counted(field) for field in fields)
    opens = not fields[0] or dimension_of(fields[0]) is not None
    return not (opens and named and (_all_years(figures) or _all_ages(figures)))


def _is_kept_secret(field: str) -> bool:
    """Words for a hidden number that are no age: "k. A.", not "unter 3"."""
    return hidden_flag(field) is not None and understand(field) is None


def _names_nothing_counted(field: str) -> bool:
    """Headings that may stand beside the years or ages of a header: dimensions, sums, changes and shares."""
    said = understand(field)
    return dimension_of(field) is not None or said in ({}, {"share": True}) or (said is not None and "balance" in said)


def _is_heading(text: str) -> bool:
    return dimension_of(text) is not None or understand(text) is not None or leads(text)


def _all_years(figures: list[str]) -> bool:
    return all(year_end(figure) is not None for figure in figures)


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


def end_of_body(rows: Sequence[Sequence[str]], first: int) -> int:
    """Index of the row after the last one of figures or of marks in their place."""
    columns = figure_columns(rows[first : first + _LOOKED_AT])
    for i in range(first, len(rows)):
        if is_foot(rows[i]) or not (any(map(is_figure, reversed(rows[i][1:]))) or _is_marked(rows[i], columns)):
            return i
    return len(rows)


def figure_columns(rows: Sequence[Sequence[str]]) -> frozenset[int]:
    """Columns that hold figures, apart from the first."""
    return frozenset(column for row in rows for column, text in enumerate(row) if column and is_figure(text))


def _is_marked(row: Sequence[str], columns: Collection[int]) -> bool:
    """Whether a row has labels, and something in a column of figures that is neither figure nor heading."""
    printed = [column for column, text in enumerate(row) if text.strip()]
    marks = [row[column] for column in printed if column in columns]
    labels = [row[column] for column in printed if column not in columns]
    if marks:
        return bool(labels) and not is_figure(labels[0]) and not all(map(_is_heading, (*labels, *marks)))
    return len(labels) > 1 and len(labels) == min(columns, default=0)  # all labels, and nothing counted


def is_foot(row: Sequence[str]) -> bool:
    """A row that begins like a foot, or explains a sign: ``-`` beside "nichts vorhanden"."""
    if not row or not row[0]:
        return False
    if row[0].strip() in SIGNS:
        said = [text.strip() for text in row[1:] if text.strip()]
        return bool(row[0].strip()) and len(said) == 1 and not is_figure(said[0])
    return _begins_foot(row[0])


@lru_cache(maxsize=4096)
def _begins_foot(text: str) -> bool:
    return plain(text).startswith(_FOOT)


def _refuse_figures_after(document: Document, last: int, columns: frozenset[int]) -> None:
    """Figures after the end of the table, and marks in their place before the foot begins."""
    in_foot = False
    for i in range(last, len(document.rows)):
        row = document.rows[i]
        in_foot = in_foot or is_foot(row)
        if not is_foot(row) and (has_figures(row) or (not in_foot and _is_marked(row, columns))):
            raise TableError(
                f"{document.label}, Zeile {document.lines[i]}: Nach dem Ende der Tabelle (Zeile "
                f"{document.lines[last]}) stehen noch Zahlen.",
                cells=[{"line": document.lines[i], "text": ";".join(row)[:60]}],
                remedy="Leerzeilen und Zwischenüberschriften innerhalb der Tabelle löschen.",
            )


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*(field.strip() for field in row), *[""] * (width - len(row))]
