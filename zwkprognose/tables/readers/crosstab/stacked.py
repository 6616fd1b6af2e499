"""Crosstabs below each other on one sheet, each under a repetition of the same header."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zwkprognose.tables.files.document import Document
from zwkprognose.tables.readers.crosstab.layout import end_of_body, find_layout, has_figures

Rows = Sequence[Sequence[str]]


def stacked(document: Document) -> list[Document]:
    """The tables of a sheet, each with the lines above it; the document alone if it holds one table."""
    starts = [0, *_cuts(document.rows)]
    ends = [*starts[1:], len(document.rows)]
    if len(starts) == 1:
        return [document]
    return [
        replace(document, rows=document.rows[start:end], lines=document.lines[start:end])
        for start, end in zip(starts, ends, strict=True)
    ]


def _cuts(rows: Rows) -> list[int]:
    """Indices at which the second table begins, the third and so on: at the titles above its header.

    >>> _cuts([["Nord"], ["Alter", "m"], ["0", "5"], ["1+", "9"], [""], ["Ost"], ["Alter", "m"], ["0", "7"]])
    [5]
    """
    found = find_layout(rows)
    if found is None:
        return []
    header = [fields for row in rows[found[0] : found[1]] if (fields := _fields(row))]
    cuts: list[int] = []
    if not header:
        return cuts
    first = found[1]
    for i in range(first, len(rows) - len(header)):
        below = i + len(header)
        if i == first or not rows[i] or rows[i][0].strip() != header[0][0]:
            continue
        if [_fields(row) for row in rows[i:below]] == header and has_figures(rows[below]):
            cuts.append(_begin(rows, end_of_body(rows, first), i))
            first = below
    return cuts


def _begin(rows: Rows, end: int, header: int) -> int:
    """Index of the first title above a header: after the last empty row, or right after the table before."""
    begin = header
    while begin > end and any(text.strip() for text in rows[begin - 1]):
        begin -= 1
    return begin


def _fields(row: Sequence[str]) -> list[str]:
    fields = [text.strip() for text in row]
    while fields and not fields[-1]:
        fields.pop()
    return fields
