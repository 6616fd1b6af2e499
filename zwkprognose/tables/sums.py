"""Add up cells that have become the same cell."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.counts import KEY
from zwkprognose.tables.frame import cells_frame
from zwkprognose.tables.table import Status
from zwkprognose.tables.wording import cell_text, records


def summed_cells(cells: pd.DataFrame, name_of: Callable[[str], str] | None = None, flag: str = "") -> pd.DataFrame:
    """One row per cell with the sum of its rows; names by ``name_of`` or as printed last."""
    sums = cells.groupby(KEY, dropna=False, sort=False).agg(
        value=("value", "sum"), area_name=("area_name", "last"), file=("file", "first")
    )
    frame = sums.reset_index()
    built = {name: frame[name].to_numpy() for name in (*KEY, "value", "file") if not name.startswith("age")}
    ages = {name: frame[name].astype("float64").to_numpy() for name in ("age_from", "age_to")}
    names = frame["area_name"] if name_of is None else frame["area"].map(name_of)
    return cells_frame({**built, **ages, "area_name": names.to_numpy(), "status": Status.NUMBER.value, "flag": flag})


def strict_sums(cells: pd.DataFrame, by: list[str]) -> pd.Series:
    """Sums of ``value`` by these columns; ``NaN`` where one of the cells is not a number."""
    groups = [cells[name] for name in by]
    sums = cells["value"].groupby(groups, dropna=False).sum()
    if cells["value"].notna().all():
        return sums
    return sums.mask(cells["value"].isna().groupby(groups, dropna=False).any())


def refuse_signs(cells: pd.DataFrame, what: str) -> None:
    """Raise :class:`TableError` if a cell that is to be reckoned with holds a sign."""
    signs = cells[cells["value"].isna() & (cells["status"] != Status.ABSENT.value)]
    if len(signs):
        raise TableError(
            f"{what} ohne Zahl: {len(signs)}.",
            cells=[{"text": cell_text(row)} for row in records(signs.iloc[:50])],
            remedy="Zuerst wählen, welche Zahl an die Stelle der Zeichen tritt: im Projekt unter [daten.zeichen], "
            "in Python mit resolve_status.",
        )
