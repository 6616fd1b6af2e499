"""How a finding is made from rows that a rule has found."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

from zwkprognose.german import number, number_text
from zwkprognose.names import TOTAL
from zwkprognose.tables.files.cell_text import column_name
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.ledger import Contradiction
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
    """One finding per row.

    ``message`` is a format string over the row, with ``{cell}`` for the cell in words and ``{times}`` for its amount.
    """
    return Findings.of(
        {
            **place(row),
            "rule": rule,
            "severity": severity,
            "value": row.get("amount", float("nan")),
            "message": message.format(**{**row, "cell": cell_text(row), "times": number(row.get("amount", 0))}),
            "remedy": remedy,
        }
        for row in rows
    )


def noise_accepted(rows: Iterable[Mapping[str, Any]], rule: str) -> Findings:
    """One warning per file about sums (rows with ``amount``) that differ no more than the noise of their counts."""
    return findings(
        _largest(rows), rule, "warning",
        "{where}: Summen, die von ihren Teilen abweichen: {number}, höchstens um {most} ({which}). Mehr verändert die "
        "Cell-Key-Methode die Zahlen nicht, mit der diese Tabelle geheim gehalten wird.",
        "Nichts angleichen. Die ausgewiesenen Zahlen der Ebene verwenden, die gebraucht wird.",
    )  # fmt: skip


def rounding_accepted(rows: Iterable[Mapping[str, Any]], rule: str) -> Findings:
    """One remark per file about sums that differ no more than rounding to ``step`` of all figures explains."""
    return findings(
        _largest(rows), rule, "info",
        "{where}: Alle Zahlen sind Vielfache von {step}, also wohl gerundet. Summen und Salden, die deshalb von ihren "
        "Teilen abweichen: {number}, höchstens um {most} ({which}).",
        "Nichts angleichen; gerechnet wird mit den Teilen. Gibt es ungerundete Zahlen, diese verwenden.",
    )  # fmt: skip


def contradiction_place(one: Contradiction) -> str:
    """Where a printed figure stands that the others contradict: heading, area, year, line and column."""
    place = f"Zeile {one.line}, Spalte {column_name(one.column)}"
    return ", ".join(filter(None, [f"„{one.name}“", one.area, str(one.year or ""), place]))


def _largest(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """One row per file: how many there are, and the largest."""
    files: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        files.setdefault(str(row.get("file", "")), []).append(row)
    largest = [(file, own, max(own, key=lambda row: abs(row["amount"]))) for file, own in files.items()]
    return [
        {
            "amount": row["amount"],
            "where": f"„{file}“",
            "number": number_text(len(own)),
            "most": number_text(abs(row["amount"])),
            "which": row.get("where") or cell_text(row),
            "step": row.get("step", ""),
        }
        for file, own, row in largest
    ]
