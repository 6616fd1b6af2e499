"""Empty lines between the rows of a crosstab, as yearbooks set them to group areas or ages: they end no table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zwkprognose.tables.files.document import Document
from zwkprognose.tables.readers.crosstab.layout import figure_columns, find_layout, has_figures, is_foot


def without_gaps(document: Document) -> Document:
    """The document without the empty lines after which the same columns of figures go on."""
    gaps = set(_gaps(document.rows))
    if not gaps:
        return document
    kept = [i for i in range(len(document.rows)) if i not in gaps]
    return replace(document, rows=[document.rows[i] for i in kept], lines=[document.lines[i] for i in kept])


def _gaps(rows: Sequence[Sequence[str]]) -> list[int]:
    """Indices of empty lines between rows whose figures and labels stand in the same columns.

    >>> body = [["Ort", "m", "w"], ["Nord", "5", "7"], ["", "", ""], ["Ost", "4", "6"], [""], ["Quelle", "", "3"]]
    >>> _gaps(body)
    [2]
    """
    found = find_layout(rows)
    gaps: list[int] = []
    waiting: list[int] = []
    above: Sequence[str] = ()
    for i in range(len(rows) if found is None else found[1], len(rows)):
        if not any(text.strip() for text in rows[i]):
            waiting.append(i)
            continue
        if waiting and not (above and _goes_on(above, rows[i])):
            break
        gaps += waiting
        waiting, above = [], rows[i]
    return gaps


def _goes_on(above: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row has figures in the columns of those above, and a label before them."""
    columns = figure_columns([row])
    labelled = bool(row[0].strip()) or not above[0].strip()
    return labelled and bool(columns) and columns == figure_columns([above]) and has_figures(row) and not is_foot(row)
