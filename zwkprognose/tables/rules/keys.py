"""Rules about area keys."""

from __future__ import annotations

from zwkprognose.tables.areas.keys import is_date, zeros_all_lost, zeros_lost, zeros_partly_lost
from zwkprognose.tables.areas.reforms import reforms_among
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.table import Status, Table

_REMEDY = (
    "Die Schlüsselspalte als Text formatieren, bevor die Datei geöffnet wird, oder die Nullen mit "
    "restore_zeros(tabelle, width=…) ergänzen, im Projekt mit schluesselstellen = … unter [daten]."
)


def lost_zeros(table: Table) -> Findings:
    """T08: keys that lost their leading zero, within a file or against another file (error).

    Four digits throughout that are all those of Kreise in Länder 01 to 09 may have lost it too (warning).
    """
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
    ) + findings(
        [
            {"area": (own := [key for key in group["area"] if key])[0], "file": file, "amount": len(own)}
            for file, group in keys.groupby("file", sort=False)
            if zeros_all_lost(group["area"])
        ], "T08", "warning",
        "Alle Schlüssel in „{file}“ ({times}, zum Beispiel {area}) können amtliche Schlüssel sein, die ihre "
        "führende Null verloren haben (0{area}).",
        "Sind es amtliche Schlüssel, die Nullen mit restore_zeros(tabelle, width=5) ergänzen, im Projekt mit "
        "schluesselstellen = 5 unter [daten]; eigene Schlüssel der Stadt so lassen.",
    )  # fmt: skip


def dates(table: Table) -> Findings:
    """T27: keys that a spreadsheet has turned into dates; which key was meant cannot be told any more."""
    keys = table.cells[["file", "area"]].drop_duplicates()
    return findings(
        [{"area": key, "file": file} for file, key in keys.itertuples(index=False) if is_date(key)], "T27", "error",
        "Schlüssel „{area}“ in „{file}“ ist ein Datum: Das Tabellenprogramm hat den Schlüssel umgewandelt.",
        "Die Schlüsselspalte als Text formatieren und die Schlüssel neu eintragen.",
    )  # fmt: skip


def reformed(table: Table) -> Findings:
    """T31: the old and the new official key of one place, each with numbers, in tables that reach beyond the reform."""
    present = table.cells[table.cells["status"] != Status.ABSENT.value]
    latest = present["year"].max()
    return findings(
        [
            {"area": reform.old, "new": reform.new, "name": reform.name, "since": reform.since}
            for reform in reforms_among(set(present["area"].unique()))
            if latest >= int(reform.since[-4:])
        ], "T31", "warning",
        "{name} hat seit dem {since} den Schlüssel {new}; die Tabellen führen daneben noch {area}.",
        "Die alten Jahre mit einer Umsteigetabelle (alt; neu; anteil) auf den neuen Gebietsstand umrechnen "
        "(apply_crosswalk).",
    )  # fmt: skip


def _suspects(own: set[str], everywhere: set[str]) -> list[str]:
    against = {key for key in own if key and f"0{key}" in everywhere}
    return sorted({*zeros_lost(own), *zeros_partly_lost(own), *against})
