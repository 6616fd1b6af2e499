"""Areas within areas: a parent table (Ortsteil → Stadtteil → Bezirk), sums upwards, and whether they hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.german import number_text
from zwkprognose.tables.areas.keys import parent_of
from zwkprognose.tables.counts import COUNTS, KEY
from zwkprognose.tables.files.document import open_documents
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.readers.columns import columns_of
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.require import require_table
from zwkprognose.tables.sums import refuse_signs, strict_sums, summed_cells
from zwkprognose.tables.table import Status, Table
from zwkprognose.tables.wording import records


@dataclass(frozen=True)
class Hierarchy:
    """Each area's parent (empty at the top) and the names of the areas; free of circles."""

    parents: Mapping[str, str]
    names: Mapping[str, str]

    def __post_init__(self) -> None:
        """Refuse an area that is, over its parents, its own parent."""
        for area in self.parents:
            seen = {area}
            above = self.parents[area]
            while above:
                if above in seen:
                    raise TableError(
                        f"Gebiet {above} ist sich über seine übergeordneten Gebiete selbst übergeordnet.",
                        cells=[{"area": key} for key in sorted(seen)],
                        remedy="Die Spalte uebergeordnet berichtigen.",
                    )
                seen.add(above)
                above = self.parents.get(above, "")

    def path(self, area: str) -> tuple[str, ...]:
        """The areas above one, nearest first."""
        above = self.parents.get(area, "")
        return (above, *self.path(above)) if above else ()

    def depth(self, area: str) -> int:
        """How many levels lie above an area."""
        return len(self.path(area))


def read_hierarchy(path: str | Path) -> Hierarchy:
    """Read a parent table with the columns ``gebiet; uebergeordnet`` and, if wanted, ``name``."""
    document = open_documents(path)[0]
    names = [field.strip().casefold().replace("ü", "ue") for field in document.rows[0]]
    if not {"gebiet", "uebergeordnet"} <= set(names):
        raise TableError(
            f"{document.label} ist keine Gebietstabelle.",
            remedy="Gebraucht werden die Spalten gebiet; name; uebergeordnet (leer an der Spitze).",
        )
    columns, _ = columns_of(document, names)
    repeated = pd.Series(columns["gebiet"])[pd.Series(columns["gebiet"]).duplicated()].unique()
    if len(repeated):
        raise TableError(
            f"{document.label}: Das Gebiet {repeated[0]} steht doppelt.",
            cells=[{"area": key} for key in repeated],
            remedy="Jedes Gebiet gehört zu genau einem übergeordneten.",
        )
    parents = dict(zip(columns["gebiet"], columns["uebergeordnet"], strict=True))
    labels = columns.get("name", columns["gebiet"])
    return Hierarchy(parents, dict(zip(columns["gebiet"], labels, strict=True)))


def official_hierarchy(keys: Iterable[str]) -> Hierarchy:
    """The hierarchy in official keys: each key's parent is the nearest one above it that is among the keys."""
    known = {key for key in keys if key}
    return Hierarchy({key: _nearest(key, known) for key in known}, {})


def aggregate_areas(table: Table, hierarchy: Hierarchy, *, depth: int) -> Table:
    """Sum counts up to the areas of one depth (0 is the top); areas above that depth are left out.

    Raises
    ------
    TableError
        If an area is not in the hierarchy, or cells to be summed hold signs.
    """
    table = require_table(table)
    if not isinstance(depth, int) or depth < 0:
        raise TableError(f"depth={depth!r} ist keine Ebene.", remedy="Eine ganze Zahl ab 0 angeben (0: ganz oben).")
    cells = table.cells[table.cells["variable"].isin(COUNTS)]
    unknown = sorted(set(cells["area"]) - set(hierarchy.parents))
    if unknown:
        raise TableError(
            f"In der Gebietstabelle fehlen Gebiete ({len(unknown)}): {', '.join(unknown[:10])}.",
            cells=[{"area": key} for key in unknown],
            remedy="Die Gebietstabelle ergänzen.",
        )
    target = {area: _at_depth(hierarchy, area, depth) for area in cells["area"].unique()}
    own = _leaves(cells[cells["status"] != Status.ABSENT.value], hierarchy)
    refuse_signs(own, "Zu summierende Zellen")
    summed = summed_cells(own.assign(area=own["area"].map(target)), lambda area: hierarchy.names.get(area, ""))
    note = f"Gebiete sind zu {summed['area'].nunique()} übergeordneten Gebieten summiert."
    return table.with_cells(summed, replace(table.source, notes=(*table.source.notes, note)))


def check_hierarchy(table: Table, hierarchy: Hierarchy) -> Findings:
    """T07: printed areas that differ from the sum of the areas below them, where all of those are printed."""
    table = require_table(table)
    joined = children_sums(table.cells, hierarchy)
    expected = pd.Series(list(hierarchy.parents.values())).value_counts()
    complete = joined["children"] == joined["area"].map(expected)
    bad = joined[complete & ((joined["value"] - joined["summed"]).abs() > 1e-6)]
    return findings(
        [_difference(row) for row in records(bad)], "T07", "error",
        "{cell}: ausgewiesen {printed}, Summe der Teilgebiete {parts}.",
        "Prüfen, ob alle Teilgebiete da sind und keines doppelt.",
    )  # fmt: skip


def children_sums(cells: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
    """Printed cells of areas that have others below them, with ``summed`` over and number of ``children``."""
    counted = cells[cells["variable"].isin(COUNTS)].drop_duplicates(KEY)
    parent = {area: hierarchy.parents.get(area, "") for area in counted["area"].unique()}
    children = counted.assign(area=counted["area"].map(parent))
    children = children[children["area"] != ""]
    numbers = children["value"].mask(children["status"] == Status.ABSENT.value, 0.0)
    children = children.assign(value=numbers)
    number = children.groupby(KEY, dropna=False).size()
    sums = pd.DataFrame({"summed": strict_sums(children, KEY), "children": number})
    return counted.merge(sums.reset_index(), on=KEY, how="inner", validate="one_to_one")


def _difference(row: dict[str, Any]) -> dict[str, Any]:
    texts = {"printed": number_text(row["value"]), "parts": number_text(row["summed"])}
    return {**row, **texts, "amount": row["value"] - row["summed"]}


def _leaves(cells: pd.DataFrame, hierarchy: Hierarchy) -> pd.DataFrame:
    """Cells of areas below which the table prints no other in the same year."""
    pairs = cells[["area", "year"]].drop_duplicates()
    above = {(parent, year) for area, year in pairs.itertuples(index=False) for parent in hierarchy.path(area)}
    is_leaf = [(area, year) not in above for area, year in zip(cells["area"], cells["year"], strict=True)]
    return cells[is_leaf]


def _at_depth(hierarchy: Hierarchy, area: str, depth: int) -> str:
    line = (*reversed(hierarchy.path(area)), area)
    return line[min(depth, len(line) - 1)]


def _nearest(key: str, known: set[str]) -> str:
    """The longest key that begins this one; official keys end at Kreis, Land, and the whole country."""
    for length in range(len(key) - 1, 1, -1):
        if key[:length] in known:
            return key[:length]
    return "DG" if parent_of(key) and "DG" in known and key != "DG" else ""
