"""The door of every function that takes a Table: what else people hand in is told what to do, in German."""

from __future__ import annotations

from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.table import COLUMNS, PROVENANCE, Table
from zwkprognose.tables.wording import cell_text, records

_NUMBERS = ("number", "zero")
#: Columns whose texts must not be missing.
_TEXTS = ("area", "area_name", "sex", "nationality", "variable")
#: More persons than this are no count.
_MOST = 1e12


def require_table(given: Any, function: str) -> Table:
    """The table, with where its cells were printed if a program built it by hand.

    Raises
    ------
    TableError
        If it is none, lacks columns, or holds numbers that are none.
    """
    refuse_no_table(given, function)
    cells = given.cells
    missing = [name for name in COLUMNS if name not in cells and name not in ("destination", "flag")]
    if missing:
        raise TableError(
            "Der Tabelle fehlen Spalten: " + ", ".join(missing) + ".",
            remedy="Die Tabelle mit read_table lesen oder die Spalten nach zwkprognose.tables.COLUMNS ergänzen.",
        )
    _refuse_wrong(cells)
    defaults = dict(zip(("destination", "flag", *PROVENANCE), ("", "", given.source.file, 0, 0), strict=True))
    lacking = {name: value for name, value in defaults.items() if name not in cells}
    return given.with_cells(cells.assign(**lacking)) if lacking else given


def refuse_no_table(given: Any, function: str) -> None:
    """Raise :class:`TableError` for anything but a table, with what to do instead."""
    if not isinstance(given, Table):
        raise _no_table(given, function)


def _no_table(given: Any, function: str) -> TableError:
    if isinstance(given, (str, PurePath)):
        return TableError(
            f"{function} braucht eine Tabelle, keinen Pfad („{given}“).",
            remedy=f"Die Datei zuerst lesen: {function}(read_table(pfad), …).",
        )
    if isinstance(given, pd.DataFrame):
        return TableError(
            f"{function} braucht eine Tabelle, keinen DataFrame.",
            remedy=f"Den DataFrame zuerst verstehen lassen: {function}(read_table(frame), …).",
        )
    if isinstance(given, (list, tuple)):
        return TableError(
            f"{function} braucht Tabellen einzeln, keine Liste.", remedy=f"Mit Stern übergeben: {function}(*tabellen)."
        )
    return TableError(
        f"{function} braucht eine Tabelle, nicht {type(given).__name__}.",
        remedy="Übergeben, was read_table zurückgibt.",
    )


def _refuse_wrong(cells: pd.DataFrame) -> None:
    """Refuse infinite numbers, numbers that are missing, and names that are none."""
    texts = next((name for name in _TEXTS if cells[name].isna().any()), None)
    if texts is not None:
        raise _wrong(cells, cells[texts].isna().to_numpy(), f"In der Spalte {texts} fehlt eine Angabe.")
    values = cells["value"].to_numpy(dtype=float)
    wrong = np.abs(values) > _MOST
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
