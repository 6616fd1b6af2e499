"""Build the long frame of a :class:`~zwkprognose.tables.table.Table`, the same columns for every reader."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.ages import Age
from zwkprognose.tables.files.cell_text import column_name
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.signs import PERCENT, decimal_mark, doubtful_pair, read_cells
from zwkprognose.tables.table import COLUMNS, PROVENANCE

_DEFAULTS: dict[str, Any] = {
    "area": "", "area_name": "", "sex": TOTAL, "nationality": TOTAL, "age_from": 0, "age_to": None,
    "destination": "", "flag": "", "file": "", "line": 0, "column": -1,
}  # fmt: skip


#: A larger number is no count of persons and no rate.
MOST = 1e12
#: What to do about a mark that is not understood.
_MEANING = (
    "Eine Zahl eintragen oder eines der Zeichen -  .  /  x  ...  (Bedeutung nach DIN 55301), oder sagen, was das "
    'Zeichen bedeutet: signs={{"{0}": "hidden"}} (im Projekt unter [daten.zeichen]: '
    'bedeutung = {{ "{0}" = "geheim" }}). Ein Fußnotenzeichen hinter einer Zahl wird verstanden, wenn es unter der '
    "Tabelle erklärt ist."
)


def cells_frame(columns: Mapping[str, Any]) -> pd.DataFrame:
    """A frame with all columns of the contract, in order; what is missing is "not split"."""
    length = max((len(v) for v in columns.values() if _is_column(v)), default=0)
    full = {**_DEFAULTS, **columns}
    frame = pd.DataFrame(
        {name: _column(full[name], length) for name in (*COLUMNS, *PROVENANCE)}, index=pd.RangeIndex(length)
    )
    return frame.astype(
        {
            "age_from": "Int64",
            "age_to": "Int64",
            "value": "float64",
            "year": "int64",
            "line": "int64",
            "column": "int64",
        }
    )


def age_columns(ages: Sequence[Age | None]) -> dict[str, np.ndarray]:
    """Columns ``age_from`` and ``age_to``; an unknown age (``None``) has neither."""
    start = [np.nan if age is None else age[0] for age in ages]
    end = [np.nan if age is None or age[1] is None else age[1] for age in ages]
    return {"age_from": np.array(start, dtype=float), "age_to": np.array(end, dtype=float)}


def value_columns(
    texts: Sequence[str],
    document: Document,
    *,
    lines: Sequence[int] | np.ndarray,
    columns: Sequence[int] | np.ndarray | int,
    labels: Sequence[str] | np.ndarray | str = "",
    decimal: str | None = None,
    shares: np.ndarray | bool = False,
) -> dict[str, Any]:
    """Columns ``value``, ``status``, ``flag``, ``file``, ``line`` and ``column`` from printed cells.

    ``columns`` is the position of each text in its row, from 0; ``labels`` names the column for the message. Raises
    :class:`TableError` for a cell that is neither a number nor a known sign, and for figures whose decimal mark
    cannot be told. Where ``shares`` holds, figures are percent (12,5 and 12,5 % are 0.125); elsewhere a percent sign is
    refused.
    """
    mark = decimal or document.decimal or _mark_of(texts, document, lines, labels)
    cells, bad = read_cells(texts, mark, document.options.signs)
    is_percent = (cells["flag"] == PERCENT).to_numpy()
    if is_percent.any() or np.any(shares):
        bad |= is_percent & ~np.broadcast_to(shares, len(cells))
        value = cells["value"].to_numpy()
        cells["value"] = np.where(is_percent | ~np.broadcast_to(shares, len(cells)), value, value * 0.01)
        cells["flag"] = cells["flag"].where(~is_percent, "")
    bad |= (cells["value"].abs() > MOST).to_numpy()
    if bad.any():
        raise unknown_cells(document, np.flatnonzero(bad), texts, lines, labels)
    places = np.broadcast_to(np.asarray(columns, dtype=np.int64) - document.fates.offset, len(cells))
    said = {str(name): cells[name] for name in cells}
    return {**said, "file": document.origin, "line": np.asarray(lines, dtype=np.int64), "column": places}


def unknown_cells(document: Document, at: Any, texts: Any, lines: Any, labels: Any) -> TableError:
    """The error for cells that are neither number nor sign."""
    cells = [{"line": int(lines[i]), **_named(labels, i), "text": texts[i]} for i in at]
    first = cells[0]
    return TableError(
        f"{document.label}, Zeile {first['line']}: „{first['text']}“ ist weder eine Zahl noch ein bekanntes Zeichen.",
        cells=cells,
        remedy=_MEANING.format(first["text"]),
    )


def uncomputed(document: Document, places: Sequence[tuple[int, int]]) -> TableError:
    """The error for formulas whose value no program has computed yet: neither zero nor nothing."""
    names = [f"{column_name(column)}{line}" for line, column in places]
    more = f" und {len(names) - 1} weiteren" if len(names) > 1 else ""
    return TableError(
        f"{document.label}, Zelle {names[0]}{more}: Dort steht eine Formel, deren Wert nicht berechnet ist.",
        cells=[{"line": line, "column": column_name(column)} for line, column in places],
        remedy="Die Datei in Excel öffnen und speichern; in LibreOffice vorher mit Strg+Umschalt+F9 alles neu "
        "berechnen und als .xlsx speichern.",
    )


def _named(labels: Any, i: int) -> dict[str, str]:
    name = labels if isinstance(labels, str) else labels[i]
    return {"column": name} if name else {}


def _mark_of(texts: Sequence[str], document: Document, lines: Any, labels: Any) -> str:
    distinct = pd.unique(np.asarray(texts, dtype=object))
    mark = decimal_mark(distinct)
    if mark is not None:
        return mark
    pair = doubtful_pair(distinct)
    first = {text.strip(): i for i, text in reversed(list(enumerate(texts)))}
    cells = [{"line": int(lines[first[text]]), **_named(labels, first[text]), "text": text} for text in pair]
    raise TableError(
        f"In {document.label} ist nicht zu erkennen, ob Punkt oder Komma Tausender oder Dezimalen trennt: "
        f"„{pair[0]}“ (Zeile {cells[0]['line']}) und „{pair[1]}“ (Zeile {cells[1]['line']}).",
        cells=cells,
        remedy="Alle Zahlen ohne Tausenderzeichen und mit demselben Dezimalzeichen speichern, zum Beispiel 12345,6.",
    )


def _is_column(values: Any) -> bool:
    return isinstance(values, (list, np.ndarray, pd.Series, pd.api.extensions.ExtensionArray))


def _column(values: Any, length: int) -> Any:
    if _is_column(values):
        return np.asarray(values) if isinstance(values, pd.Series) else values
    if values is None:
        return np.full(length, np.nan)
    return np.full(length, values, dtype=object if isinstance(values, str) else None)
