"""Rules about where tables come from."""

from __future__ import annotations

from zwkprognose.tables.findings import Findings
from zwkprognose.tables.rules.common import findings
from zwkprognose.tables.table import Table


def repaired(table: Table) -> Findings:
    """T15: something was put right on reading."""
    return findings(
        [{"text": text} for text in table.source.repairs], "T15", "warning", "{text}",
        "Prüfen Sie, ob die Berichtigung stimmt, und lassen Sie die Quelle berichtigen.",
    )  # fmt: skip
