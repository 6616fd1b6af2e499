"""A rule about time that has not come: stocks after today and events of a year that is not over."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pandas as pd

from zwkprognose.names import label
from zwkprognose.tables.counts import COUNTS
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.table import Source, Table

#: What a source says that states its figures as a projection.
_PROJECTION = re.compile(r"voraus(?:berechn|schätz)|projektion|prognos|szenari", re.IGNORECASE)


def future(table: Table, today: date | None = None) -> Findings:
    """T30: a Stichtag that lies ahead, or events of a year that is not over, unless the source is a projection."""
    day = today or date.today()
    rows = [{**row, "amount": row["year"], "today": f"{day:%d.%m.%Y}"} for row in ahead(table.cells, table.source, day)]
    stocks = [row for row in rows if row["variable"] == "population"]
    return findings(
        stocks, "T30", "error", "„{file}“: Der Stichtag 31.12.{year} liegt in der Zukunft (heute: {today}).", REMEDY
    ) + findings(
        [row for row in rows if row["variable"] != "population"], "T30", "error",
        "„{file}“: {what} {year}: Das Jahr ist noch nicht zu Ende (heute: {today}).",
        "Die Zeilen dieses Jahres weglassen, bis die Zahlen des ganzen Jahres vorliegen.",
    )  # fmt: skip


#: What to do about a stock that lies ahead.
REMEDY = (
    "Das Jahr berichtigen. Sind es vorausberechnete Zahlen, das als Grundgesamtheit sagen: "
    'with_universe(tabelle, "Vorausberechnung"), im Projekt grundgesamtheit = "Vorausberechnung" unter [daten.quelle].'
)


def ahead(cells: pd.DataFrame, source: Source, today: date) -> list[dict[str, Any]]:
    """File, variable and year of counts that nobody can have counted yet; sources of projections are left out."""
    last = today.year if (today.month, today.day) == (12, 31) else today.year - 1
    late = cells[(cells["year"] > last) & cells["variable"].isin(COUNTS)]
    if late.empty:
        return []
    late = late if "file" in late else late.assign(file=source.file)
    parts = {part.file: part for part in source.parts} | {"": source}
    stated = {file for file in late["file"].unique() if _is_projection(source, parts.get(file, source))}
    found = late.loc[~late["file"].isin(stated), ["file", "variable", "year"]].drop_duplicates()
    return [
        {"file": file or source.file, "variable": variable, "year": int(year), "what": label("variables", variable)}
        for file, variable, year in found.itertuples(index=False)
    ]


def _is_projection(*sources: Source) -> bool:
    return any(_PROJECTION.search(text) for source in sources for text in (source.universe, source.title))
