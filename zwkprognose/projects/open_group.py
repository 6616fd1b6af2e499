"""Tables that print every single age up to the oldest person have no open group; a project says where one begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zwkprognose.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from zwkprognose.tables import Table


def with_open_group(table: Table, open_age: int) -> Table:
    """Read the last printed age of every year as open, if the table has no open group.

    Parameters
    ----------
    table : Table
        Stocks by age.
    open_age : int
        First age of the open group that the project asks for; all ages from there on are put together later.

    Raises
    ------
    InputError
        If a year ends before ``open_age``: then people of higher ages may be missing.
    """
    cells = table.cells
    is_stock = cells["variable"] == "population"
    last = cells[is_stock].groupby("year")["age_from"].max()
    has_open = cells[is_stock & cells["age_to"].isna() & (cells["age_from"] > 0)].groupby("year").size()
    closed = last.drop(has_open.index)
    _require_reach(closed, open_age)
    is_last = is_stock & (cells["age_from"] == cells["year"].map(closed))
    return table.with_cells(cells.assign(age_to=cells["age_to"].mask(is_last)))


def _require_reach(last: pd.Series, open_age: int) -> None:
    short = last[last < open_age]
    if len(short):
        raise InputError(
            f"Die Tabelle hat keine offene Altersgruppe und endet vor dem Alter {open_age}.",
            cells=[{"year": year, "age": age} for year, age in short.items()],
            remedy="»offen_ab« niedriger wählen oder eine Tabelle mit offener Altersgruppe verwenden",
        )
