"""Crosstabs in blocks, one below the other: a line with the name of an area (or a sex) above the rows of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from zwkprognose.tables.files.document import Document
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.readers.crosstab.headings import leads, understand
from zwkprognose.tables.readers.crosstab.layout import has_figures, is_header
from zwkprognose.tables.words import TOTAL_WORDS, dimension_of, plain

Rows = list[list[str]]

#: What the rows of a block are labelled by; a table with a column of areas has no blocks.
_INSIDE = ("age", "birth_year", "sex", "nationality", "year")


def unblocked(rows: Rows, lines: Sequence[int]) -> tuple[Rows, list[int]]:
    """The same table with the name of each block as a first column; other tables as they are.

    >>> unblocked([["Alter", "m"], ["Mitte", ""], ["0", "5"], ["1+", "9"], ["Nord", ""], ["0", "7"]], range(6))
    ([['', 'Alter', 'm'], ['Mitte', '0', '5'], ['Mitte', '1+', '9'], ['Nord', '0', '7']], [0, 2, 3, 5])
    """
    first = next((i for i, row in enumerate(rows) if has_figures(row)), 0)
    start = _header_of_blocks(rows, first)
    if start is None:
        return rows, list(lines)
    last = max(i for i, row in enumerate(rows) if has_figures(row))
    header = rows[start : first - 1]
    built = [*rows[:start], *(["", *row] for row in header)]
    numbers = list(lines[: first - 1])
    block = ""
    for row, line in zip(rows[first - 1 : last + 1], lines[first - 1 : last + 1], strict=True):
        if _is_name(row):
            block = row[0].strip()
        elif any(row) and row not in header:
            built.append([block, *row])
            numbers.append(line)
    return [*built, *rows[last + 1 :]], [*numbers, *lines[last + 1 :]]


def unblocked_document(document: Document) -> Document:
    """The document with the name of each block as a first column; names and repeated headers are noted."""
    rows, lines = unblocked(document.rows, document.lines)
    if rows is document.rows:
        return document
    gone = sorted({*document.lines} - {*lines})
    widest = max(map(len, document.rows))
    document.fates.mark(Fate.LABEL, np.array(gone)[:, np.newaxis], np.arange(widest))
    return replace(document, rows=rows, lines=lines, fates=document.fates.shifted(1))


def _header_of_blocks(rows: Rows, first: int) -> int | None:
    """Index of the first header row, if a name stands alone between the header and the first figures."""
    if first < 2 or not _is_name(rows[first - 1]):
        return None
    start = first - 1
    while start > 0 and is_header(rows[start - 1]):
        start -= 1
    labels = [dimension_of(row[0]) for row in rows[start : first - 1] if row[0].strip()]
    return start if labels and labels[-1] in _INSIDE else None


def _is_name(row: Sequence[str]) -> bool:
    """A first field alone that may name a block: no unit, and nothing that leads to what follows."""
    if not row or not row[0].strip() or any(field.strip() for field in row[1:]) or leads(row[0]):
        return False
    said = understand(row[0])
    return said is None or plain(row[0]) in TOTAL_WORDS or not {"sex", "nationality", "year"}.isdisjoint(said)
