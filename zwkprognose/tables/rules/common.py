"""What the rules share: which variables count persons, how a cell is named, how a finding is made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal

import pandas as pd

from zwkprognose.names import TOTAL, label
from zwkprognose.tables.findings import Findings
from zwkprognose.tables.table import Status

Severity = Literal["error", "warning", "info"]

#: Variables that count persons; their parts add up to their totals.
COUNTS = ("population", "births", "deaths", "in_moves", "out_moves", "moves")
#: Counts of persons that have every age from 0 on.
ALL_AGE_COUNTS = ("population", "deaths", "in_moves", "out_moves", "moves")
#: Everything that makes a cell one of a kind.
KEY = ["variable", "area", "destination", "year", "sex", "nationality", "age_from", "age_to"]
KNOWN = (Status.NUMBER.value, Status.ZERO.value)
#: Upper end that stands for "open" in comparisons.
OPEN = 1000


def counts(cells: pd.DataFrame, variables: Iterable[str] = COUNTS) -> pd.DataFrame:
    """Cells of variables that count persons, with plain integer ages (``-1`` unknown, :data:`OPEN` open)."""
    frame = cells[cells["variable"].isin(list(variables))]
    start = frame["age_from"].astype("float64")
    end = frame["age_to"].astype("float64")
    end = end.where(end.notna() | start.isna(), OPEN)
    return frame.assign(age_from=_integers(start), age_to=_integers(end))


def _integers(values: pd.Series) -> pd.Series:
    return values.where(values.notna(), -1).astype("int64")


def age_text(start: Any, end: Any) -> str:
    """A half-open age as people say it.

    >>> age_text(20, 25), age_text(90, 1000), age_text(0, 1000), age_text(7, 8)
    ('20 bis 24', '90 und älter', '', '7')
    """
    if pd.isna(start) or start < 0:
        return "unbekannt"
    if pd.isna(end) or end >= OPEN:
        return f"{start} und älter" if start else ""
    return str(start) if end == start + 1 else f"{start} bis {end - 1}"


def cell_text(row: Mapping[str, Any]) -> str:
    """A cell in words: area, year, sex, nationality, age, as far as it is split."""
    name = str(row.get("area_name") or "").strip()
    area = " ".join(part for part in (str(row.get("area", "")), f"({name})" if name else "") if part)
    parts = [label("variables", str(row.get("variable", ""))), area, str(row.get("year", ""))]
    parts += [label(dim, str(row[dim])) for dim in ("sex", "nationality") if row.get(dim, TOTAL) != TOTAL]
    if "age_from" in row:
        age = age_text(row["age_from"], row["age_to"])
        parts.append(f"Alter {age}" if age else "")
    return ", ".join(part for part in parts if part)


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


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as dictionaries."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]


def number_text(value: float) -> str:
    """A number the German way, whole where it is whole.

    >>> number_text(1234567.0), number_text(0.5)
    ('1.234.567', '0,5')
    """
    text = f"{value:,.0f}" if float(value).is_integer() else f"{value:,.6g}"
    return text.translate(str.maketrans(",.", ".,"))
