"""An area as the difference of printed areas, such as a city that its state's table does not print."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from zwkprognose.errors import InputError

if TYPE_CHECKING:
    from zwkprognose.projects.document import Difference
    from zwkprognose.tables import Table

#: What two cells must share to be subtracted.
_CELL = ["year", "sex", "nationality", "age_from", "age_to", "destination", "variable"]


def add_difference(table: Table, difference: Difference) -> Table:
    """Add an area as whole minus parts, in every year in which the table does not print it.

    Parameters
    ----------
    table : Table
        Cells of the whole, the parts, and possibly the area itself.
    difference : Difference
        Which area, from which.

    Returns
    -------
    Table
        With the new cells, and a note about them in ``source.notes``.

    Raises
    ------
    InputError
        If whole or part is missing or has no number in a cell; nothing is filled in.
    """
    cells = table.cells
    years = sorted(set(_of(cells, difference.whole)["year"]) - set(_of(cells, difference.area)["year"]))
    if not years:
        return table
    wanted = cells[cells["year"].isin(years)]
    added = _new_cells(wanted, difference)
    note = (
        f"{difference.name or difference.area} {', '.join(map(str, years))}: berechnet als {difference.whole} "
        f"abzüglich {', '.join(difference.parts)}."
    )
    source = replace(table.source, notes=(*table.source.notes, note))
    return replace(table, cells=pd.concat([cells, added], ignore_index=True), source=source)


def _new_cells(cells: pd.DataFrame, difference: Difference) -> pd.DataFrame:
    whole = _numbers(cells, difference.whole)
    value = whole["value"]
    for part in difference.parts:
        subtrahend = _numbers(cells, part)["value"]
        if not subtrahend.index.sort_values().equals(value.index.sort_values()):
            raise InputError(
                f"Die Tabelle druckt {part} nicht in denselben Zellen wie {difference.whole}.",
                cells=[{"area": part}],
                remedy="Jahre und Altersgruppen beider Gebiete vergleichen.",
            )
        value = value - subtrahend.reindex(value.index)
    status = value.eq(0).map({True: "zero", False: "number"})
    changed = whole.assign(value=value, status=status, area=difference.area, area_name=difference.name, flag="")
    return changed.reset_index()[list(cells.columns)]


def _numbers(cells: pd.DataFrame, area: str) -> pd.DataFrame:
    """Cells of one area, indexed by what they count."""
    own = _of(cells, area)
    if own.empty or own["value"].isna().any():
        missing = own[own["value"].isna()].to_dict("records")
        raise InputError(
            f"Das Gebiet {area} hat nicht in allen Zellen eine Zahl; eine Differenz lässt sich nicht bilden.",
            cells=[{"area": area, "year": c["year"], "age": c["age_from"]} for c in missing] or [{"area": area}],
            remedy="Den Schlüssel prüfen oder die Differenz aus dem Projekt streichen.",
        )
    return own.set_index(_CELL)


def _of(cells: pd.DataFrame, area: str) -> pd.DataFrame:
    return cells[cells["area"] == area]
