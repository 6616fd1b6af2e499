"""Exports of registers list only cells with somebody in them; a named choice says that all others are zero."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.german import number_text
from zwkprognose.names import TOTAL, label
from zwkprognose.tables.agesets import TOTAL_SPAN, Span, finest
from zwkprognose.tables.counts import ALL_AGE_COUNTS, COUNTS, KEY, OPEN, counts
from zwkprognose.tables.frame import cells_frame
from zwkprognose.tables.records.grid import OLDEST_LISTED
from zwkprognose.tables.table import Source, Status, Table

#: Mark of a cell that the table does not list.
UNLISTED = "nicht genannt"
#: More cells than this are no table any more, but a mistake or moves split too finely.
MOST_CELLS = 5_000_000


def with_unlisted(table: Table, areas: Iterable[str] = ()) -> Table:
    """Add a zero for every cell that the printed areas, years, groups and ages imply and the table does not list.

    Stocks are completed only for areas and years that are printed at all: an area that a year lacks is no zero.
    Events are completed for every area of the table and every year of their kind, moves for every pair of areas.
    Ages in single years run on to the oldest of the table, at least to 100, unless an open group ends them.

    Parameters
    ----------
    table : Table
        Cells as printed; sums beside parts stay as they are.
    areas : iterable of str
        Further areas of the events, where nothing at all happened.

    Raises
    ------
    TableError
        If the full table would have more than five million cells.
    """
    cells = counts(table.cells)
    given = {*areas} or _split_areas(cells)
    oldest = _oldest(cells)
    lacking = {name: _lacking(part, str(name), given, oldest) for name, part in cells.groupby("variable", sort=True)}
    found = {str(name): frame for name, frame in lacking.items() if len(frame)}
    if not found:
        return table
    zeros = _zero_cells(pd.concat(found.values(), ignore_index=True), table)
    said = ", ".join(f"{label('variables', name)} {number_text(len(frame))}" for name, frame in found.items())
    source = _with_repair(table.source, f"„{table.source.file}“: Nicht genannte Zellen zählen als null: {said}.")
    return table.with_cells(pd.concat([table.cells, zeros], ignore_index=True), source)


def _lacking(cells: pd.DataFrame, variable: str, given: set[str], oldest: int) -> pd.DataFrame:
    """Cells of one variable that the grid of its printed values has and the table has not."""
    parts = _without_sums(cells)
    axes = [_places(parts, variable, given), *(parts[[name]].drop_duplicates() for name in ("sex", "nationality"))]
    axes.append(pd.DataFrame(_ages(parts, variable, oldest), columns=["age_from", "age_to"]))
    _refuse_too_many(axes, variable)
    grid = axes[0]
    for axis in axes[1:]:
        grid = grid.merge(axis, how="cross")
    grid = grid.assign(variable=variable)[KEY]
    return grid[~pd.MultiIndex.from_frame(grid).isin(pd.MultiIndex.from_frame(cells[KEY]))]


def _without_sums(cells: pd.DataFrame) -> pd.DataFrame:
    for name in ("sex", "nationality"):
        is_total = cells[name] == TOTAL
        cells = cells if is_total.all() else cells[~is_total]
    return cells


def _places(cells: pd.DataFrame, variable: str, given: set[str]) -> pd.DataFrame:
    """Areas (and destinations) and years of the full grid."""
    printed = cells[["area", "destination", "year"]].drop_duplicates()
    if variable == "population":
        return printed
    own = {*printed["area"], *printed["destination"]} - {""} or {""}
    areas = pd.DataFrame({"area": sorted(own | given if own & given else own)})
    places = areas.merge(printed[["year"]].drop_duplicates(), how="cross")
    if variable != "moves":
        return places.assign(destination="")
    pairs = places.merge(areas.rename(columns={"area": "destination"}), how="cross")
    return pairs[pairs["area"] != pairs["destination"]]


def _ages(cells: pd.DataFrame, variable: str, oldest: int) -> list[Span]:
    """Age groups of the grid: the finest printed, single years without gaps."""
    spans = list(finest(frozenset(_spans(cells)))) or [TOTAL_SPAN]
    closed = [span for span in spans if span[1] < OPEN]
    if not closed or any(end - start > 1 for start, end in closed):
        return spans
    is_open = len(closed) < len(spans)
    by_mother = variable not in ALL_AGE_COUNTS
    first = closed[0][0] if by_mother else 0
    last = spans[-1][0] if is_open else closed[-1][1] if by_mother else oldest + 1
    return [(age, age + 1) for age in range(first, last)] + spans[len(closed) :]


def _spans(cells: pd.DataFrame) -> Iterable[Span]:
    ages = cells[["age_from", "age_to"]].drop_duplicates()
    return zip(ages["age_from"].tolist(), ages["age_to"].tolist(), strict=True)


def _oldest(cells: pd.DataFrame) -> int:
    closed = cells.loc[cells["age_to"] < OPEN, "age_to"]
    return max(int(closed.max()) - 1 if len(closed) else 0, OLDEST_LISTED)


def _split_areas(cells: pd.DataFrame) -> set[str]:
    """Areas of the variables that are split by area at all."""
    own = [set(part.unique()) - {""} for _, part in cells[cells["variable"].isin(COUNTS)].groupby("variable")["area"]]
    return set().union(*(areas for areas in own if len(areas) > 1))


def _refuse_too_many(axes: list[pd.DataFrame], variable: str) -> None:
    size = 1
    for axis in axes:
        size *= len(axis)
    if size > MOST_CELLS:
        raise TableError(
            f"{label('variables', variable)}: Mit allen nicht genannten Zellen hätte die Tabelle {number_text(size)} "
            "Zellen.",
            remedy="Alter oder Gruppen zusammenfassen; Umzüge zwischen Gebieten genügen ohne Alter.",
        )


def _zero_cells(grid: pd.DataFrame, table: Table) -> pd.DataFrame:
    names = table.cells.drop_duplicates("area").set_index("area")["area_name"]
    files = table.cells.drop_duplicates("variable").set_index("variable")["file"]
    ends = grid["age_to"].where(grid["age_to"] < OPEN)
    columns = {name: grid[name].to_numpy() for name in KEY}
    return cells_frame({
        **columns, "age_to": ends.to_numpy(dtype=float), "area_name": [names.get(key, "") for key in grid["area"]],
        "value": 0.0, "status": Status.ZERO.value, "flag": UNLISTED, "file": grid["variable"].map(files).to_numpy(),
    })  # fmt: skip


def _with_repair(source: Source, text: str) -> Source:
    """The remark on the source, and on its first part, so that it is kept when tables are put together."""
    first, *others = source.parts or (None,)
    parts = () if first is None else (_with_repair(first, text), *others)
    return replace(source, repairs=(*source.repairs, text), parts=parts)
