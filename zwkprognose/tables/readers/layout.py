"""The parts of a classic export: title lines, header rows, body, foot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.signs import read_cell

_FOOT = ("____", "©")


@dataclass(frozen=True)
class Body:
    """Rows of figures with their labels, and the line of each."""

    fields: list[list[str]]
    lines: np.ndarray


def body(document: Document, *, first: int, width: int, labels: int) -> Body:
    """Rows from ``first`` to the foot, each of ``width`` fields, the first ``labels`` of them labels.

    Raises :class:`TableError` for a row of another width and for figures that follow the foot.
    """
    last = foot_at(document, first)
    rows = [row[:width] if not any(row[width:]) else row for row in document.rows[first:last]]
    wrong = [i for i, row in enumerate(rows) if len(row) != width]
    if wrong or not rows:
        raise _broken(document, first + wrong[0] if wrong else first, width)
    _refuse_figures_after(document, last, width)
    lines = np.array(document.lines[first:last], dtype=np.int64)
    document.fates.mark(Fate.LABEL, lines[:, np.newaxis], np.arange(labels))
    return Body(rows, lines)


def foot_at(document: Document, first: int) -> int:
    """Index of the row where the foot begins: a rule, a copyright sign or an empty row."""
    for i in range(first, len(document.rows)):
        row = document.rows[i]
        if not any(field.strip() for field in row) or row[0].startswith(_FOOT):
            return i
    return len(document.rows)


def footer(document: Document) -> list[str]:
    """Lines of the foot as plain text."""
    rows = document.rows[foot_at(document, 1) :]
    texts = (" ".join(" ".join(row).split()) for row in rows)
    return [text for text in texts if text.strip(" _")]


def filled(labels: Sequence[str]) -> list[str]:
    """Header labels with merged cells filled: an empty field repeats the one to its left.

    >>> filled(["", "männlich", "", "weiblich"])
    ['', 'männlich', 'männlich', 'weiblich']
    """
    out: list[str] = []
    for label in labels:
        out.append(label.strip() or (out[-1] if out else ""))
    return out


def stretched(labels: Iterable[Any], rows: int) -> np.ndarray:
    """Labels of columns for all cells of a body that is read row by row."""
    return np.tile(np.array(list(labels), dtype=object), rows)


def looks_like_figures(row: Sequence[str]) -> bool:
    """Whether a row ends in at least two printed numbers."""
    tail = [read_cell(field) for field in row[-2:]]
    return len(tail) == 2 and all(cell is not None and cell.value == cell.value for cell in tail)


def _refuse_figures_after(document: Document, last: int, width: int) -> None:
    for i in range(last, len(document.rows)):
        if len(document.rows[i]) >= width and looks_like_figures(document.rows[i]):
            raise TableError(
                f"{document.label}, Zeile {document.lines[i]}: Nach dem Ende der Tabelle (Zeile "
                f"{document.lines[last]}) stehen noch Zahlen.",
                cells=[{"line": document.lines[i], "text": ";".join(document.rows[i])[:60]}],
                remedy="Leerzeilen innerhalb der Tabelle löschen, oder die Datei erneut herunterladen.",
            )


def _broken(document: Document, at: int, width: int) -> TableError:
    if at >= len(document.rows):
        return TableError(f"{document.label} endet vor der ersten Zahl.", remedy="Die Datei erneut herunterladen.")
    row = document.rows[at]
    return TableError(
        f"{document.label}, Zeile {document.lines[at]}, hat {len(row)} statt {width} Felder.",
        cells=[{"line": document.lines[at], "text": ";".join(row)[:60]}],
        remedy="Die Datei erneut herunterladen und vorher nicht in Excel öffnen.",
    )
