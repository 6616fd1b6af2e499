"""The door of every function that takes a Table: what else people hand in is told what to do, in German."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.frame import MOST
from zwkprognose.tables.table import COLUMNS, PROVENANCE, Table
from zwkprognose.tables.wording import cell_text, records

_NUMBERS = ("number", "zero")
#: Columns whose texts must not be missing.
_TEXTS = ("area", "area_name", "sex", "nationality", "variable")
_NAMES = {
    "Dataset": "ein Datensatz (Dataset)",
    "DataArray": "ein Feld (DataArray)",
    "Table": "eine Tabelle (Table), die schon gelesen ist",
    "DataFrame": "ein DataFrame",
    "list": "eine Liste",
    "tuple": "eine Liste",
    "dict": "ein Wörterbuch (dict)",
}


def require_tables(given: Any) -> tuple[Table, ...]:
    """Several tables; :class:`TableError` for anything else."""
    single = isinstance(given, (Table, str, bytes)) or hasattr(given, "dims") or not isinstance(given, Iterable)
    single = single or hasattr(given, "columns")
    return tuple(require_table(one) for one in ((given,) if single else given))


def require_table(given: Any) -> Table:
    """A table that keeps the contract, with where its cells were printed if a program built it by hand.

    Raises
    ------
    TableError
        If it is none, lacks columns, or holds numbers that are none.
    """
    cells = of_kind_table(given).cells
    missing = [name for name in COLUMNS if name not in cells and name not in ("destination", "flag")]
    if missing:
        raise TableError(
            "Der Tabelle fehlen Spalten: " + ", ".join(missing) + ".",
            remedy="Die Tabelle mit read_table lesen oder die Spalten nach zwkprognose.tables.COLUMNS ergänzen.",
        )
    _refuse_wrong(cells)
    defaults = {"destination": "", "flag": "", **dict.fromkeys(PROVENANCE, -1), "file": given.source.file, "line": 0}
    lacking = {name: value for name, value in defaults.items() if name not in cells}
    table: Table = given
    return table.with_cells(cells.assign(**lacking)) if lacking else table


def of_kind_table(given: Any) -> Table:
    """A Table whatever its cells; :class:`TableError` for anything else."""
    if isinstance(given, Table):
        return given
    raise TableError(
        f"Erwartet wird eine Tabelle (Table); übergeben wurde {what_is(given)}.",
        remedy="Mehrere Tabellen einzeln übergeben, eine Liste mit Stern: build_inputs(*tabellen)."
        if isinstance(given, list | tuple) and all(isinstance(one, Table) for one in given)
        else "Dateien und Tabellen im Speicher zuerst mit read_table(…) lesen und das Ergebnis übergeben.",
    )


def what_is(given: Any) -> str:
    """An object in words.

    >>> what_is("bestand.csv"), what_is(None), what_is(3)
    ('der Text „bestand.csv“', 'nichts (None)', 'die Zahl 3')
    """
    if given is None:
        return "nichts (None)"
    if isinstance(given, str):
        return f"der Text „{given[:60]}“"
    if isinstance(given, Path):
        return f"der Pfad „{given}“"
    if isinstance(given, (bool, int, float)):
        return f"die Zahl {given}"
    name = type(given).__name__
    return _NAMES.get(name, f"ein Objekt der Art {name}")


def _refuse_wrong(cells: pd.DataFrame) -> None:
    """Refuse infinite numbers, numbers that are missing, and names that are none."""
    texts = next((name for name in _TEXTS if cells[name].isna().any()), None)
    if texts is not None:
        raise _wrong(cells, cells[texts].isna().to_numpy(), f"In der Spalte {texts} fehlt eine Angabe.")
    values = cells["value"].to_numpy(dtype=float)
    wrong = np.abs(values) > MOST
    unknown = np.isnan(values)
    if unknown.any():
        wrong |= unknown & cells["status"].isin(_NUMBERS).to_numpy()
    if wrong.any():
        raise _wrong(cells, wrong, "Zellen enthalten keine mögliche Zahl (fehlend, unendlich oder viel zu groß).")


def _wrong(cells: pd.DataFrame, at: np.ndarray, message: str) -> TableError:
    shown = cells[at].iloc[:50]
    named = {name: shown[name].map(lambda text: "" if pd.isna(text) else text) for name in _TEXTS}
    rows = records(shown.assign(**named))
    return TableError(
        message,
        cells=[{"text": cell_text(row), "value": row["value"]} for row in rows],
        remedy="Die Zellen berichtigen; steht dort ein Zeichen statt einer Zahl, den Status setzen (Status.HIDDEN …).",
    )
