"""One year later: what was projected and what was counted, as a page, a workbook and tables. For internal use."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import xarray as xr

from zwkprognose.names import label
from zwkprognose.output.content.facts import facts_of
from zwkprognose.output.files.extras import require
from zwkprognose.output.files.reading import is_ours, write_reading, write_table
from zwkprognose.output.report.pages import render
from zwkprognose.output.report.table_html import cell_text
from zwkprognose.output.tables.cross import CrossTable
from zwkprognose.output.tables.interim import (
    COMPONENTS,
    area_table,
    cause_bars,
    cause_table,
    component_table,
    deviation_table,
    goal_table,
    tiles,
)
from zwkprognose.output.workbook.tables import write_tables

#: Files of a comparison in the order in which they are written.
INTERIM = (
    "zwischenbilanz.html", "zwischenbilanz.md", "zwischenbilanz.csv", "zwischenbilanz-ziele.csv",
    "zwischenbilanz-zerlegung.csv", "zwischenbilanz.xlsx",
)  # fmt: skip
NOTICE = "Nur intern: Die Zahlen sind nicht gerundet gerechnet, und kleine Zahlen sind nicht geschützt."
#: Column of the goals → head of the table.
GOALS = {
    "name": "ziel", "year": "jahr", "unit": "einheit", "direction": "richtung", "target": "zielwert",
    "value_before": "bisher", "met_before": "bisher_erreicht", "since_before": "bisher_ab",
    "value_now": "jetzt", "met_now": "jetzt_erreicht", "since_now": "jetzt_ab",
    "chance_before": "bisher_anteil_der_faelle", "chance_now": "jetzt_anteil_der_faelle",
    "trigger_year_before": "ausloeser_bisher_ab", "trigger_year_now": "ausloeser_jetzt_ab",
    "action": "massnahme", "office": "zustaendig", "due": "faellig",
}  # fmt: skip
#: Column of the comparison → head of the table.
COMPARED = {
    "area": "gebiet", "name": "name", "component": "bestandteil", "projected": "erwartet", "observed": "gezaehlt",
    "deviation": "abweichung", "percent": "prozent", "low": "spanne_von", "high": "spanne_bis", "place": "lage",
}  # fmt: skip
is_interim = is_ours(INTERIM[0])


class Compared(Protocol):
    """What is written: sentences, projected and observed by area, goals, why the forecast moved, its new edition."""

    @property
    def title(self) -> str: ...
    @property
    def year(self) -> int: ...
    @property
    def scenario(self) -> str: ...
    @property
    def sentences(self) -> Sequence[str]: ...
    @property
    def table(self) -> pd.DataFrame: ...
    @property
    def goals(self) -> pd.DataFrame | None: ...
    @property
    def decomposition(self) -> xr.Dataset: ...
    @property
    def projection(self) -> xr.Dataset: ...


def write_interim(
    folder: str | Path, found: Compared, *, force: bool = False, created: datetime.date | None = None
) -> Path:
    """Write a comparison as ``zwischenbilanz.html`` and ``.md`` to read, as a workbook, and as CSV tables.

    Raises
    ------
    OutputError
        If the folder already has one and ``force`` is not given, or the system refuses to write.
    """
    require("xlsxwriter", extra="excel")
    tables = tables_of(found)

    def pages() -> tuple[str, str]:
        html = render(
            "interim.html.j2", created, title=found.title, year=found.year, scenario=found.scenario, notice=NOTICE,
            tiles=tiles(found.table), sentences=_not_in_tiles(found), tables=tables,
            bars=cause_bars(found.decomposition), end=int(found.decomposition["year_end"][-1]),
        )  # fmt: skip
        return html, page_of(found, tables)

    def rest(draft: Path) -> None:
        write_table(draft / INTERIM[2], tuple(COMPARED.values()), _compared(found.table))
        if found.goals is not None:
            goals = found.goals[list(GOALS)].itertuples(index=False, name=None)
            write_table(draft / INTERIM[3], tuple(GOALS.values()), (tuple(map(_said, row)) for row in goals))
        write_table(
            draft / INTERIM[4], ("jahr", "gebiet", "altersgruppe", "ursache", "personen"), _causes(found.decomposition)
        )
        write_tables(draft / INTERIM[5], facts_of(found.projection), tables)

    return write_reading(folder, INTERIM, pages, rest, force=force)


def tables_of(found: Compared) -> dict[str, CrossTable]:
    """What the page and the workbook show, by the name of the sheet."""
    several = found.table["area"].nunique() > 2
    shown: dict[str, CrossTable | None] = {
        "Bestandteile": component_table(found.table),
        "Gebiete": area_table(found.table) if several else None,
        "Gebiete nach Bestandteil": deviation_table(found.table) if several else None,
        "Meilensteine": None if found.goals is None else goal_table(found.goals),
        "Ursachen": cause_table(found.decomposition),
    }
    return {sheet: table for sheet, table in shown.items() if table is not None}


def _not_in_tiles(found: Compared) -> list[str]:
    """Sentences that say more than the tiles do: all but those of single flows."""
    flows = tuple(f"{label('variables', name)} " for name in COMPONENTS[1:])
    return [sentence for sentence in found.sentences if not sentence.startswith(flows)]


def page_of(found: Compared, tables: dict[str, CrossTable]) -> str:
    """The page as Markdown."""
    parts = [f"# {found.title}: Zwischenbilanz zum 31.12.{found.year}", f"**{NOTICE}**", *found.sentences]
    for table in tables.values():
        parts += [f"## {table.title}", _grid(table), *([table.note] if table.note else [])]
    return "\n\n".join(parts) + "\n"


def _grid(table: CrossTable) -> str:
    """A table of Markdown."""
    rows = [[cell_text(table, k, cell) for k, cell in enumerate(row)] for row in table.rows]
    lines: Iterable[Sequence[str]] = [table.columns, ["---", *["---:"] * (len(table.columns) - 1)], *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)


def _compared(table: pd.DataFrame) -> Iterator[tuple[Any, ...]]:
    named = table.assign(component=[label("variables", name) for name in table["component"]])
    return named[list(COMPARED)].itertuples(index=False, name=None)


def _causes(decomposition: xr.Dataset) -> Iterator[tuple[Any, ...]]:
    last = decomposition["contribution"].isel(year_end=-1).transpose("area", "age_group", "component")
    year = int(last["year_end"])
    bands, causes = last["age_group"].values.tolist(), [label("components", c) for c in last["component"].values]
    for area, of_area in zip(last["area"].values.tolist(), last.values.tolist(), strict=True):
        for band, of_band in zip(bands, of_area, strict=True):
            yield from ((year, area, band, cause, persons) for cause, persons in zip(causes, of_band, strict=True))


def _said(value: Any) -> Any:
    """A goal's field: years without decimals, yes or no in words."""
    if isinstance(value, bool) or str(type(value).__name__) == "bool":
        return "ja" if value else "nein"
    return value
