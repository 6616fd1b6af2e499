"""A rule about columns that were read and are not used."""

from __future__ import annotations

from typing import Any

import pandas as pd

from zwkprognose.tables.files.cell_text import column_name
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.ledger import Aside
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.table import Table

#: Fewer numbers than this that are keys elsewhere may be so by chance.
_FEWEST = 2
_MESSAGE = "„{file}“: {place} ist nicht verwendet. {why}."


def set_aside(table: Table) -> Findings:
    """T41: a column that is not used, and why; a warning where its numbers are the keys of other files."""
    if not table.ledger.asides:
        return Findings.of([])
    rows = [_row(one, table.cells) for one in table.ledger.asides]
    return findings(
        [row for row in rows if not row["numbers"]], "T41", "info", _MESSAGE, "Nichts ist zu tun."
    ) + findings(
        [row for row in rows if row["numbers"] and not row["elsewhere"]], "T41", "info", _MESSAGE,
        "Nichts ist zu tun. Sind die Zahlen die Schlüssel der Gebiete, die Spalte mit „Schlüssel“ überschreiben.",
    ) + findings(
        [row for row in rows if row["elsewhere"]], "T41", "warning",
        "„{file}“: {place} ist nicht verwendet. {why}; in „{elsewhere}“ sind dieselben Zahlen "
        "Schlüssel der Gebiete.",
        "Sind die Zahlen auch hier die Schlüssel, die Spalte mit „Schlüssel“ überschreiben.",
    )  # fmt: skip


def _row(one: Aside, cells: pd.DataFrame) -> dict[str, Any]:
    others = cells[(cells["file"] != one.file) & cells["area"].isin(list(one.numbers))]
    is_key = len(one.numbers) >= _FEWEST and others["area"].nunique() == len(one.numbers)
    elsewhere = str(others["file"].iloc[0]) if is_key else ""
    named = f"„{one.name}“" if one.name else "ohne Überschrift"
    place = f"Spalte {column_name(one.column)} ({named})"
    said = {"file": one.file, "place": place, "why": one.why}
    return {**said, "numbers": bool(one.numbers), "elsewhere": elsewhere}
