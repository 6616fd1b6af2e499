"""Workbooks with one sheet for each area: where no title says it, the name of the sheet is the name of the area."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import pandas as pd

from zwkprognose.tables.areas.whole import is_area_total, may_be_total
from zwkprognose.tables.counts import KEY
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.readers.area_totals import without_sums
from zwkprognose.tables.readers.crosstab.place import bare_name
from zwkprognose.tables.table import Table

#: "01 Oberdorf": the place of a sheet in the workbook.
_NUMBER = re.compile(r"^\d+[ ._-]+(?=[^\W\d])")


def with_places(documents: Sequence[Document], tables: Sequence[Table]) -> list[Table]:
    """Tables of sheets that count the same cells without an area, each under the name of its sheet; others as they are.

    A sheet for all areas together is left out if it is nearly their sum.
    """
    placed = list(tables)
    for name in dict.fromkeys(document.name for document in documents if document.sheet):
        at = [i for i, document in enumerate(documents) if document.name == name and document.sheet]
        if _are_areas([documents[i].sheet for i in at], [tables[i] for i in at]):
            for i, table in zip(at, _placed([documents[i] for i in at], [tables[i] for i in at]), strict=True):
                placed[i] = table
    return placed


def _are_areas(sheets: Sequence[str], tables: Sequence[Table]) -> bool:
    """Whether the sheets are named like areas and would otherwise print the same cells twice."""
    if len(sheets) < 2 or any((table.cells["area"] != "").any() for table in tables):
        return False
    named = all(bare_name(_NUMBER.sub("", sheet)) or is_area_total(sheet) or may_be_total(sheet) for sheet in sheets)
    return named and bool(pd.concat([table.cells for table in tables]).duplicated(KEY).any())


def _placed(documents: Sequence[Document], tables: Sequence[Table]) -> list[Table]:
    cells = [
        table.cells.assign(area=document.sheet.strip(), area_name=document.sheet.strip())
        for document, table in zip(documents, tables, strict=True)
    ]
    kept = without_sums(pd.concat(cells, ignore_index=True))
    note = f"„{documents[0].name}“: Der Name des Gebiets ist der Name des Blattes."
    return [_noted(table, kept.cells, (note, *kept.notes), kept.repairs) for table in tables]


def _noted(table: Table, kept: pd.DataFrame, notes: tuple[str, ...], repairs: tuple[str, ...]) -> Table:
    own = kept[kept["file"] == table.source.file].reset_index(drop=True)
    source = replace(table.source, notes=(*table.source.notes, *notes), repairs=(*table.source.repairs, *repairs))
    ledger = table.ledger if len(own) else table.ledger.moved(Fate.VALUE, Fate.SUM)
    return Table(own, source, ledger)
