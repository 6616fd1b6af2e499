"""Moves between the areas of a city as a square: from the areas down to the areas across, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.ledger import Fate, note_dropped
from zwkprognose.tables.readers.area_totals import is_area_total
from zwkprognose.tables.readers.crosstab.context import source_of_crosstab, year_of
from zwkprognose.tables.table import Table

TITLE = "Umzugsmatrix: Umzüge eines Jahres zwischen Gebieten, „von \\ nach“ in der Ecke"

_FROM, _TO = "(?:von|aus|herkunft|quelle|fortzug)", "(?:nach|in|ziel|zuzug)"
_CORNER = re.compile(rf"(?P<down>{_FROM}\W+{_TO})|{_TO}\W+{_FROM}", re.IGNORECASE)


def recognise(head: list[list[str]]) -> bool:
    """A corner such as ``von \\ nach`` above the names."""
    return _corner(head) is not None


def read(document: Document) -> Table:
    """One cell for each pair of areas; a row or column of sums has to be right and is left out."""
    at = _corner(document.rows)
    assert at is not None  # recognised
    titles = [" ".join(" ".join(row).split()) for row in document.rows[:at] if any(row)]
    rows, lines, foot = _rows(document, at)
    down, across = [row[0] for row in rows], [field.strip() for field in document.rows[at][1:]]
    while across and not across[-1]:
        across.pop()
    width = len(across)
    texts = [text for row in rows for text in row[1 : 1 + width]]
    spread = np.repeat(lines, width)
    figures = value_columns(
        texts,
        document,
        lines=spread,
        columns=np.tile(np.arange(1, 1 + width), len(rows)),
        labels=np.tile(np.array(across, dtype=object), len(rows)),
    )
    _check(document, down, across, np.asarray(figures["value"], dtype=float).reshape(len(rows), width))
    origin, target = _pairs(document.rows[at][0], down, across)
    cells = cells_frame(
        {
            "area": origin,
            "area_name": origin,
            "destination": target,
            "year": year_of(document, titles),
            "variable": "moves",
            **figures,
        }
    )
    is_sum = np.array([is_area_total(a) or is_area_total(b) for a, b in zip(origin, target, strict=True)])
    kept = cells[~is_sum].reset_index(drop=True)
    note_dropped(document, cells, kept, Fate.SUM)
    document.fates.mark(Fate.LABEL, lines, 0)
    return Table(kept, source_of_crosstab(document, titles, foot))


def _pairs(corner: str, down: list[str], across: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """Origin and destination of every cell, row by row."""
    rows, columns = np.repeat(np.array(down, dtype=object), len(across)), np.array(across * len(down), dtype=object)
    match = _CORNER.fullmatch(corner.strip())
    return (rows, columns) if match and match["down"] else (columns, rows)


def _corner(rows: Sequence[Sequence[str]]) -> int | None:
    """Index of the row that begins with the corner."""
    return next((i for i, row in enumerate(rows[:30]) if row and _CORNER.fullmatch(row[0].strip())), None)


def _rows(document: Document, at: int) -> tuple[list[list[str]], np.ndarray, list[str]]:
    """Rows of figures with their lines, up to the first row without any, and what follows as notes."""
    width = len(document.rows[at])
    last = next((i for i in range(at + 1, len(document.rows)) if not any(document.rows[i][1:])), len(document.rows))
    rows = [[*(field.strip() for field in row), *[""] * (width - len(row))] for row in document.rows[at + 1 : last]]
    foot = [" ".join(" ".join(row).split()) for row in document.rows[last:] if any(row)]
    return rows, np.array(document.lines[at + 1 : last], dtype=np.int64), foot


def _check(document: Document, down: list[str], across: list[str], moves: np.ndarray) -> None:
    """Refuse a matrix that is no square of the same areas, or whose printed sums are none."""
    rows = [i for i, name in enumerate(down) if not is_area_total(name)]
    columns = [i for i, name in enumerate(across) if not is_area_total(name)]
    areas = [down[i] for i in rows]
    if not areas or sorted(areas) != sorted(across[i] for i in columns) or len(set(areas)) < len(areas):
        raise TableError(
            f"{document.label}: In den Zeilen und in den Spalten stehen nicht dieselben Gebiete.",
            cells=[{"area": name} for name in sorted(set(areas) ^ {across[i] for i in columns})],
            remedy="Jedes Gebiet braucht genau eine Zeile und eine Spalte mit demselben Schlüssel.",
        )
    inside = moves[np.ix_(rows, columns)]
    printed = [(moves[rows, j], inside.sum(axis=1)) for j in range(len(across)) if j not in columns]
    printed += [(moves[i, columns], inside.sum(axis=0)) for i in range(len(down)) if i not in rows]
    wrong = sum(int((np.abs(total - summed) > 1e-6).sum()) for total, summed in printed)
    if wrong:
        raise TableError(
            f"{document.label}: Summen der Umzugsmatrix, die nicht stimmen: {wrong}.",
            remedy="Prüfen Sie die Zahlen, oder löschen Sie die Zeile und die Spalte der Summen.",
        )
