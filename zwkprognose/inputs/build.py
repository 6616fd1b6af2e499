"""Tables in, one checked Dataset out."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from zwkprognose.errors import InputError
from zwkprognose.german import numbers
from zwkprognose.inputs.door import check_cells
from zwkprognose.inputs.flows import FLOWS, flow, refuse_other_years
from zwkprognose.inputs.open_group import LastAge, opened
from zwkprognose.inputs.schema import check_dataset
from zwkprognose.inputs.select import (
    WHOLE,
    drop_totals,
    refuse_doubled,
    refuse_whole,
    require_numbers,
    select_areas,
)
from zwkprognose.inputs.stocks import Frame, frame_of, population
from zwkprognose.names import label, variable

#: Ages at which an open group may begin; mortality is known by age up to the last of them.
_OPEN_AGES = (1, 100)

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from zwkprognose.tables import Table


def build_inputs(
    *tables: Table,
    areas: str | Sequence[str] | None = None,
    open_age: int | None = None,
    last_age: LastAge = "closed",
    today: date | None = None,
) -> xr.Dataset:
    """Put tables of stocks and events together into one checked Dataset.

    Parameters
    ----------
    *tables : Table
        One or more tables of stocks on 31.12., and of events if known, from
        :func:`zwkprognose.read_table`.
    areas : str or sequence of str, optional
        Keys of the areas to keep; ``*`` and ``?`` stand for any letters (``"????????"`` keeps the keys of
        eight digits), ``"feinste"`` for the smallest areas that together count everybody once. Needed when a table
        mixes levels.
    open_age : int, optional
        First age of the open group. By default that of the tables, at least 85; an open group that begins
        earlier in the source is split by the national life table.
    last_age : {"closed", "open"}
        What the last age of a table without an open group means: that age alone, so that an open group is
        missing (an error), or everybody of that age and older. ``"open"`` suits tables that list every single
        age up to the oldest person.
    today : datetime.date, optional
        Stocks after this day are refused; by default the day on which the program runs.

    Returns
    -------
    xr.Dataset
        ``population`` [year_end, area, nationality, sex, age] in persons, single years of age, and the
        flows that the tables contain. ``attrs["sources"]`` names every file.

    Raises
    ------
    InputError
        Names missing, double or unreadable cells; nothing is filled in.

    Examples
    --------
    >>> from zwkprognose.examples import tables_of
    >>> from zwkprognose.tables import read_table
    >>> inputs = build_inputs(read_table(tables_of("bremerhaven")))
    >>> float(inputs["population"].sel(year_end=2023).sum().round())
    114677.0
    """
    import xarray as xr

    from zwkprognose.tables.require import of_kind_table

    if not tables:
        raise InputError("Es wurde keine Tabelle übergeben.", remedy="read_table(pfad) übergeben.")
    tables = tuple(map(of_kind_table, tables))
    _refuse_open_age(open_age)
    cells = _all_cells(tables)
    _refuse_future(tables, today or date.today())
    chosen = select_areas(cells[cells["variable"] == "population"], areas)
    refuse_whole(chosen)
    refuse_doubled(chosen, chosen=areas is not None)
    stocks = drop_totals(require_numbers(chosen))
    printed, stocks = stocks, opened(stocks, "population", last_age, open_age)
    frame = frame_of(stocks, open_age)
    dataset = xr.Dataset({"population": population(stocks, frame)})
    flows = {}
    for name in FLOWS:
        events = _of(cells, name)
        if len(events):
            own = drop_totals(events if areas is None else _of_areas(events, frame))
            flows[name] = flow(opened(own, name, last_age, frame.open_age), name, frame)
    refuse_other_years(flows)
    dataset = dataset.assign(flows)
    _describe(dataset, stocks, tables, was_opened=stocks is not printed)
    check_dataset(dataset, "inputs")
    return dataset


def _refuse_moved(cells: pd.DataFrame) -> None:
    """A name under two keys would add the persons of one place to another."""
    from zwkprognose.tables.areas.names import moved, occasions_of
    from zwkprognose.tables.rules.names import MOVED, REMEDY

    found = list(moved(occasions_of(cells)))
    if found:
        raise InputError(MOVED.format(**found[0]), cells=[{"area": row["area"]} for row in found], remedy=REMEDY)


def _all_cells(tables: Sequence[Table]) -> pd.DataFrame:
    import pandas as pd

    from zwkprognose.tables.codes import categorised

    cells = pd.concat([table.cells for table in tables], ignore_index=True)
    check_cells(cells)
    _refuse_moved(cells)
    cells = categorised(cells.assign(area=cells["area"].replace("", WHOLE)))
    if not (cells["variable"] == "population").any():
        raise InputError(
            "Keine der Tabellen enthält einen Bevölkerungsbestand.",
            remedy="Eine Tabelle mit dem Bestand am 31.12. angeben (Spalten jahr, gebiet, alter_von, anzahl …).",
        )
    return cells


def _refuse_open_age(open_age: Any) -> None:
    """Refuse what is no age at which an open group can begin."""
    if open_age is None:
        return
    lowest, highest = _OPEN_AGES
    if not isinstance(open_age, (int, np.integer)) or isinstance(open_age, bool) or not lowest <= open_age <= highest:
        raise InputError(
            f"open_age={open_age!r} ist kein Anfang einer offenen Altersgruppe.",
            remedy=f"Ein ganzes Alter von {lowest} bis {highest} angeben (im Projekt offen_ab).",
        )


def _refuse_future(tables: Sequence[Table], today: date) -> None:
    """Refuse stocks after today and events of a year that is not over, unless their source is a projection."""
    from zwkprognose.tables.rules.future import REMEDY, ahead

    found = [row for table in tables for row in ahead(table.cells, table.source, today)]
    if found:
        raise InputError(
            f"Zahlen für Jahre, die noch nicht zu Ende sind (heute: {today:%d.%m.%Y}).",
            cells=[{"text": row["what"], "year": row["year"], "file": row["file"]} for row in found],
            remedy=REMEDY,
        )


def _of(cells: pd.DataFrame, name: str) -> pd.DataFrame:
    """Cells of one variable; signs that are not numbers are refused."""
    return require_numbers(cells[cells["variable"] == name])


def _of_areas(events: pd.DataFrame, frame: Frame) -> pd.DataFrame:
    """Events of the areas chosen; events of the whole city stay when no area has own ones."""
    own = events[events["area"].isin(frame.areas)]
    return own if len(own) else events


def _describe(dataset: xr.Dataset, stocks: pd.DataFrame, tables: Sequence[Table], was_opened: bool) -> None:
    """Names, units, labels and sources, so that the Dataset explains itself."""
    names = stocks.drop_duplicates("area", keep="last").set_index("area")["area_name"]
    dataset.coords["area_name"] = ("area", [names[a] or a for a in dataset["area"].to_numpy().tolist()])
    dataset["age"].attrs["open"] = 1
    dataset["age"].attrs["group_width"] = int((stocks["age_to"] - stocks["age_from"]).max(skipna=True))
    for name in dataset.data_vars:
        record = variable("inputs", str(name))
        dataset[name].attrs.update(unit=record.unit, label=record.label)
    for dim in dataset.dims:
        if dim in dataset.coords:
            dataset[dim].attrs["label"] = label("dims", str(dim))
    dataset.attrs["sources"] = json.dumps([asdict(t.source) for t in tables], ensure_ascii=False)
    dataset.attrs["findings"] = json.dumps(_estimates(stocks, dataset, was_opened), ensure_ascii=False)


def _estimates(stocks: pd.DataFrame, dataset: xr.Dataset, was_opened: bool) -> list[dict[str, Any]]:
    """German sentences about what is estimated here and not printed in the source."""
    said = []
    widths = (stocks["age_to"] - stocks["age_from"]).dropna()
    if (widths > 1).any():
        said.append(
            "Altersgruppen sind mit einer monotonen Kurve auf einzelne Altersjahre verteilt; "
            "jede Gruppensumme bleibt erhalten."
        )
    if was_opened:
        said.append(
            "Tabellen ohne offene Altersgruppe: Das letzte Alter steht auf Wunsch (last_age) für alle, die so alt oder "
            "älter sind."
        )
    first_open = int(stocks.loc[stocks["age_to"].isna(), "age_from"].min())
    open_age = int(dataset["age"].max())
    if first_open < open_age:
        said.append(
            f"Die offene Altersgruppe ab {first_open} ist nach der Sterbetafel 2022/24 (Deutschland) "
            f"bis {open_age} aufgeteilt."
        )
    if np.diff(dataset["year_end"].to_numpy()).max(initial=0) > 1:
        years = numbers(dataset["year_end"].values.tolist())
        said.append(f"Bestände liegen nur für diese Stichtage vor: 31.12. {years}.")
    return [{"severity": "info", "rule": "I01", "message": text} for text in said]
