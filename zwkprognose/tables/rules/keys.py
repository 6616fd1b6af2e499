"""Rules about area keys."""

from __future__ import annotations

from zwkprognose.tables.areas.keys import is_date, zeros_lost, zeros_partly_lost
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.table import Table

_REMEDY = (
    "Formatieren Sie die Schlüsselspalte als Text, bevor Sie die Datei öffnen, oder ergänzen Sie die Nullen mit "
    "restore_zeros(table, width=…)."
)


def lost_zeros(table: Table) -> Findings:
    """T08: keys that lost their leading zero, within a file or against another file."""
    keys = table.cells[["file", "area"]].drop_duplicates()
    everywhere = set(keys["area"])
    rows = [
        {"area": key, "file": file, "longer": f"0{key}"}
        for file, group in keys.groupby("file", sort=False)
        for key in _suspects(set(group["area"]), everywhere)
    ]
    return findings(
        rows, "T08", "error",
        "Schlüssel {area} in „{file}“ hat seine führende Null verloren (gemeint: {longer}).", _REMEDY,
    )  # fmt: skip


def dates(table: Table) -> Findings:
    """T27: keys that a spreadsheet has turned into dates; which key was meant cannot be told any more."""
    keys = table.cells[["file", "area"]].drop_duplicates()
    return findings(
        [{"area": key, "file": file} for file, key in keys.itertuples(index=False) if is_date(key)], "T27", "error",
        "Schlüssel „{area}“ in „{file}“ ist ein Datum: Das Tabellenprogramm hat den Schlüssel umgewandelt.",
        "Formatieren Sie die Schlüsselspalte als Text und tragen Sie die Schlüssel neu ein.",
    )  # fmt: skip


def _suspects(own: set[str], everywhere: set[str]) -> list[str]:
    against = {key for key in own if key and f"0{key}" in everywhere}
    return sorted({*zeros_lost(own), *zeros_partly_lost(own), *against})
