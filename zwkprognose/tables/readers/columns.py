"""Rows of a long table as columns, and the words in them translated, each distinct one once."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.ages import UNKNOWN_AGE_WORDS, Upper, parse_age
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.words import plain


def columns_of(document: Document, names: Sequence[str], first: int = 1) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Columns of text by name and the line of each row, from row ``first`` on; empty rows are passed over.

    Every field counts as a label until it becomes a value.

    Raises :class:`TableError` for a row with too few or too many fields.
    """
    width = len(names)
    numbered = enumerate(document.rows[first:], start=first)
    at = [i for i, row in numbered if row and (row[0].strip() or any(map(str.strip, row)))]
    rows = [document.rows[i] for i in at]
    lines = np.array([document.lines[i] for i in at], dtype=np.int64)
    padded = set(map(len, rows)) - {width}
    wrong = [i for i, row in enumerate(rows) if len(row) < width or any(row[width:])] if padded else []
    if wrong:
        raise _wrong_width(document, rows, lines, wrong, width)
    if not rows:
        raise TableError(f"{document.label} enthält eine Kopfzeile, aber keine Zahlen.", remedy="Den Export prüfen.")
    document.fates.mark(Fate.LABEL, lines[:, np.newaxis], np.arange(width))
    columns = zip(*((row[:width] for row in rows) if padded else rows), strict=True)
    return {name: _stripped(column) for name, column in zip(names, columns, strict=True)}, lines


def require_columns(document: Document, columns: Container[str], names: Iterable[str]) -> None:
    """Raise :class:`TableError` for the first column that is missing."""
    for name in names:
        if name not in columns:
            raise TableError(
                f"{document.label}: Die Spalte „{name}“ fehlt.", remedy="Die Tabelle vollständig neu herunterladen."
            )


def translate(
    document: Document,
    texts: np.ndarray,
    lines: np.ndarray,
    rule: Callable[[str], Any],
    column: str,
    expected: str,
) -> np.ndarray:
    """Apply ``rule`` to every distinct text; :class:`TableError` names the lines where it answers ``None``."""
    codes, distinct = pd.factorize(texts)
    said = [rule(text) for text in distinct]
    refuse_unknown(document, texts, lines, np.array([v is None for v in said], dtype=bool)[codes], column, expected)
    return np.array(said, dtype=None if _numeric(said) else object)[codes]


def translate_ages(
    document: Document, texts: np.ndarray, lines: np.ndarray, column: str, upper: Upper = "inclusive"
) -> dict[str, np.ndarray]:
    """Columns ``age_from`` and ``age_to`` from age labels; :class:`TableError` for a label that is none."""
    codes, distinct = pd.factorize(texts)
    ages = [parse_age(text, upper) for text in distinct]
    unknown = np.array([a is None and plain(t) not in UNKNOWN_AGE_WORDS for a, t in zip(ages, distinct, strict=True)])
    refuse_unknown(document, texts, lines, unknown[codes], column, "ein Alter wie 20, 20-24 oder 90 und mehr")
    return {name: values[codes] for name, values in age_columns(ages).items()}


def carried(texts: np.ndarray) -> np.ndarray:
    """Labels that are printed once and hold for the empty fields below.

    >>> carried(np.array(["Mitte", "", "Nord", ""], dtype=object)).tolist()
    ['Mitte', 'Mitte', 'Nord', 'Nord']
    """
    at = np.where(texts != "", np.arange(len(texts)), 0)
    return texts[np.maximum.accumulate(at)]


def refuse_unknown(
    document: Document, texts: np.ndarray, lines: np.ndarray, unknown: np.ndarray, column: str, expected: str
) -> None:
    """Raise :class:`TableError` that names the lines where ``unknown`` holds."""
    if not unknown.any():
        return
    cells = [{"line": int(lines[i]), "column": column, "text": texts[i]} for i in np.flatnonzero(unknown)]
    what = f"„{cells[0]['text']}“ in Spalte „{column}“ ist nicht bekannt." if cells[0]["text"] else (
        f"In der Spalte „{column}“ steht nichts."
    )  # fmt: skip
    raise TableError(
        f"{document.label}, Zeile {cells[0]['line']}: {what}",
        cells=cells,
        remedy=f"Erwartet wird {expected.removesuffix('.')}.",
    )


def _numeric(values: Sequence[Any]) -> bool:
    return all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values)


def _stripped(column: Sequence[str]) -> np.ndarray:
    codes, distinct = pd.factorize(np.array(column, dtype=object))
    return np.array([text.strip() for text in distinct], dtype=object)[codes]


def _wrong_width(
    document: Document, rows: Sequence[Sequence[str]], lines: np.ndarray, wrong: Sequence[int], width: int
) -> TableError:
    cells = [{"line": int(lines[i]), "text": ";".join(rows[i])[:60]} for i in wrong]
    count = len(rows[wrong[0]])
    return TableError(
        f"{document.label}, Zeile {cells[0]['line']}, hat {count} statt {width} Felder.",
        cells=cells,
        remedy="Jede Zeile braucht so viele Felder wie die Kopfzeile.",
    )
