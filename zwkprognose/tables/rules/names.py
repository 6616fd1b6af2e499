"""A rule about names of areas: a place that stands under another key elsewhere, and keys that change their name."""

from __future__ import annotations

from zwkprognose.tables.areas.names import changed, moved, occasions_of
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.reporting import findings
from zwkprognose.tables.table import Table

MOVED = (
    "„{name}“ hat {before} den Schlüssel {area}, {after} den Schlüssel {other}, und {area} heißt dort „{instead}“: "
    "Zahlen verschiedener Gebiete kämen unter einen Schlüssel."
)
#: What to do about names under several keys.
REMEDY = "Prüfen, welche Zuordnung stimmt, und die Schlüssel in allen Tabellen angleichen."


def renamed(table: Table) -> Findings:
    """T34: a name that moves to another key (its persons would be added to another place), or a key renamed (info)."""
    occasions = occasions_of(table.cells)
    moves = {row["area"]: row for row in moved(occasions)}
    changes = [row for row in changed(occasions) if row["area"] not in moves]
    return findings(
        moves.values(), "T34", "error", MOVED, REMEDY
    ) + findings(
        changes, "T34", "info", "Gebiet {area} heißt {before} „{name}“, {after} „{instead}“.",
        "Prüfen, ob es dasselbe Gebiet mit demselben Zuschnitt ist; sonst umrechnen (apply_crosswalk).",
    )  # fmt: skip
