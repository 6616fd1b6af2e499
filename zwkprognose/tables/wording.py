"""Cells and ages of a table as people say them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from zwkprognose.german import age_span
from zwkprognose.names import TOTAL, label
from zwkprognose.tables.counts import OPEN


def age_text(start: Any, end: Any) -> str:
    """A half-open age as people say it.

    >>> age_text(20, 25), age_text(90, 1000), age_text(0, 1000), age_text(7, 8)
    ('20 bis 24', '90 und älter', '', '7')
    """
    if pd.isna(start) or start < 0:
        return "unbekannt"
    if pd.isna(end) or end >= OPEN:
        return age_span(start, None) if start else ""
    return age_span(start, end - 1)


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


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as dictionaries."""
    return [{str(key): value for key, value in row.items()} for row in frame.to_dict("records")]
