r"""Eurostat's tab-separated tables: codes joined by commas in front, a column for each year, flags behind figures.

Shape of the bulk download (``freq,unit,age,sex,geo\TIME_PERIOD<tab>2023 <tab>2024 ``; older files end in ``\time``).
"""

from __future__ import annotations

import re

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.readers.columns import columns_of
from zwkprognose.tables.readers.sdmx import Observations, table_of
from zwkprognose.tables.readers.sdmx_codes import counted
from zwkprognose.tables.table import Table

TITLE = "Eurostat, Tabelle mit Tabulatoren (TSV)"

_CORNER = re.compile(r"[\w,]+\\(?:TIME_PERIOD|time)")
_CELL = re.compile(r"(:|-?[0-9.]+(?:[eE][+-]?\d+)?)\s*([a-z]*)")


def recognise(head: list[list[str]]) -> bool:
    """A corner of codes, a backslash and the time."""
    return bool(head) and bool(head[0]) and _CORNER.fullmatch(head[0][0].strip()) is not None


def read(document: Document) -> Table:
    """All figures; what has none in any row of its area and year is left out."""
    corner, *years = (field.strip() for field in document.rows[0])
    names = re.split(r"[,\\]", corner)[:-1]
    columns, lines = columns_of(document, [corner, *map(str, range(1, len(years) + 1))])
    codes = _split(document, columns[corner], lines, len(names))
    document.fates.mark(Fate.LABEL, lines, 0)
    figures, flags = _cells(document, [columns[str(i)] for i in range(1, len(years) + 1)], lines)
    width = len(years)
    observations = Observations(
        {**{name: np.repeat(codes[:, i], width) for i, name in enumerate(names)},
         "time_period": np.tile(np.array(years, dtype=object), len(lines))},
        figures, flags, np.repeat(lines, width), np.tile(np.arange(1, width + 1), len(lines)),
    )  # fmt: skip
    return table_of(document, observations, counted(document, document.name), "eurostat-tsv", document.name)


def _split(document: Document, keys: np.ndarray, lines: np.ndarray, width: int) -> np.ndarray:
    parts = [key.split(",") for key in keys]
    wrong = next((i for i, part in enumerate(parts) if len(part) != width), None)
    if wrong is not None:
        raise TableError(
            f"{document.label}, Zeile {lines[wrong]}: „{keys[wrong]}“ hat {len(parts[wrong])} statt {width} Schlüssel.",
            cells=[{"line": int(lines[wrong]), "text": keys[wrong]}],
            remedy="Den Datensatz neu herunterladen.",
        )
    return np.array(parts, dtype=object)


def _cells(document: Document, columns: list[np.ndarray], lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Figures and flags row by row: ``41555 b``, ``: c``, ``:``."""
    texts = np.column_stack(columns).ravel()
    found = {text: _CELL.fullmatch(text) for text in dict.fromkeys(texts)}
    for i, text in enumerate(texts):
        if found[text] is None:
            line = int(lines[i // len(columns)])
            raise TableError(
                f"{document.label}, Zeile {line}: „{text}“ ist weder eine Zahl noch ein Zeichen von Eurostat.",
                cells=[{"line": line, "text": text}],
                remedy="Den Datensatz neu herunterladen.",
            )
    pairs = {text: (match[1], match[2]) for text, match in found.items() if match}
    return (np.array([pairs[text][i] for text in texts], dtype=object) for i in (0, 1))  # type: ignore[return-value]
