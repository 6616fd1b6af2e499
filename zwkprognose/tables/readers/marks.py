"""Quality marks of GENESIS: a column of letters beside every column of figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.signs import FLAGS


@dataclass(frozen=True)
class Figures:
    """Printed figures row by row, the column and the mark of each."""

    texts: list[str]
    columns: np.ndarray
    flags: np.ndarray


def unmarked(document: Document, rows: Sequence[Sequence[str]], lines: np.ndarray, *, first: int) -> Figures:
    """Split rows of figure, mark, figure … from column ``first`` on; :class:`TableError` for a mark that is none."""
    texts = [text for row in rows for text in row[::2]]
    flags = [flag.strip() for row in rows for flag in row[1::2]]
    for i, flag in enumerate(flags):
        if flag and flag not in FLAGS:
            line = int(lines[i // (len(flags) // len(rows))])
            raise TableError(
                f"{document.label}, Zeile {line}: „{flag}“ ist kein Qualitätskennzeichen.",
                cells=[{"line": line, "text": flag}],
                remedy=f"Erwartet wird eines von {', '.join(sorted(FLAGS))} oder nichts.",
            )
    columns = np.arange(first, first + len(rows[0]), 2)
    document.fates.mark(Fate.MARK, np.asarray(lines)[:, np.newaxis], columns + 1)
    return Figures(texts, np.tile(columns, len(rows)), np.array(flags, dtype=object))
