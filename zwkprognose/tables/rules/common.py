"""What the rules share: how a finding is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from zwkprognose.names import TOTAL
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.table import Status
from zwkprognose.tables.wording import age_text, cell_text

Severity = Literal["error", "warning", "info"]

KNOWN = (Status.NUMBER.value, Status.ZERO.value)


def place(row: Mapping[str, Any]) -> dict[str, Any]:
    """The cell columns of a finding."""
    age = age_text(row["age_from"], row["age_to"]) if "age_from" in row else ""
    place = {"area": row.get("area", ""), "year": row.get("year"), "sex": row.get("sex", ""), "age": age}
    return {key: value for key, value in place.items() if value not in (None, TOTAL)}


def findings(rows: Iterable[Mapping[str, Any]], rule: str, severity: Severity, message: str, remedy: str) -> Findings:
    """One finding per row; ``message`` is a format string over the row, with ``{cell}`` for the cell in words."""
    return Findings.of(
        {
            **place(row),
            "rule": rule,
            "severity": severity,
            "value": row.get("amount", float("nan")),
            "message": message.format(**{**row, "cell": cell_text(row)}),
            "remedy": remedy,
        }
        for row in rows
    )
