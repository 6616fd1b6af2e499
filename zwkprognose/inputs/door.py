"""The door for tables: a long frame has the columns and kinds of values that the contract promises.

Readers of this package keep the contract; tables that other programs build by hand are checked here, before a
wrong column or an age that ends before it begins can do harm further in.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from zwkprognose.errors import InputError
from zwkprognose.names import SEXES, TOTAL

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

#: More persons than this are no count.
MOST = 1e12
#: What identifies a row in a message.
SHOWN = ("area", "year", "file", "line")
#: Columns of a table and, where it matters, the kind of their values.
KINDS: dict[str, str | None] = {
    "area": None, "area_name": None, "year": "int64", "sex": None, "nationality": None, "age_from": "Int64",
    "age_to": "Int64", "variable": None, "value": "float64", "status": None,
}  # fmt: skip
#: Columns that may be empty: an open age, a number that is hidden.
MAY_BE_EMPTY = {"age_to", "value"}


def check_cells(cells: pd.DataFrame) -> None:
    """Check the cells of a Table against the contract.

    Parameters
    ----------
    cells : pandas.DataFrame
        Long frame as in :class:`zwkprognose.tables.Table`.

    Raises
    ------
    InputError
        Names missing columns, or the rows whose value is of the wrong kind.
    """
    missing = [name for name in KINDS if name not in cells]
    if missing:
        raise InputError(
            "Der Tabelle fehlen Spalten: " + ", ".join(missing) + ".",
            remedy="Die Tabelle mit read_table lesen oder die Spalten nach zwkprognose.tables.COLUMNS ergänzen.",
        )
    kinds = [name for name, kind in KINDS.items() if kind is not None and str(cells[name].dtype) != kind]
    if kinds:
        raise InputError(
            "Spalten der Tabelle haben die falsche Art von Werten: " + ", ".join(kinds) + ".",
            remedy="year als ganze Zahl, age_from und age_to als „Int64“, value als Kommazahl führen.",
        )
    impossible = {name: wrong for name, wrong in _impossible(cells).items() if wrong.any()}
    if impossible:
        raise InputError(
            "Zellen der Tabelle sind unmöglich.",
            cells=[row for name, wrong in impossible.items() for row in _rows(cells, name, wrong)],
            remedy="Die genannten Zellen berichtigen.",
        )


def _impossible(cells: pd.DataFrame) -> dict[str, np.ndarray]:
    """Column → rows whose value cannot be."""
    from zwkprognose.tables import Status

    wrong = {name: cells[name].isna().to_numpy() for name in KINDS if name not in MAY_BE_EMPTY}
    for name, known in (("sex", [*SEXES, TOTAL]), ("status", [str(status) for status in Status])):
        wrong[name] = ~cells[name].isin(known).to_numpy()
    first, last = (cells[name].to_numpy(float, na_value=float("nan")) for name in ("age_from", "age_to"))
    wrong["age_from"] = wrong["age_from"] | (first < 0)
    wrong["age_to"] = last <= first
    value = cells["value"].to_numpy()
    wrong["value"] = (abs(value) > MOST) | (cells["value"].isna() & cells["status"].isin(["number", "zero"])).to_numpy()
    return wrong


def _rows(cells: pd.DataFrame, name: str, wrong: np.ndarray) -> list[dict[str, Any]]:
    """Each row that is wrong in one column, with what identifies it."""
    known = [key for key in SHOWN if key in cells]
    rows = cells.loc[wrong, [*known, name] if name not in known else known].to_dict("records")
    return [{**{key: row[key] for key in known}, "column": name, "text": row[name]} for row in rows]
