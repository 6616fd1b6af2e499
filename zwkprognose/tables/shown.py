"""Tables and findings as a notebook shows them; every text is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from zwkprognose.german import age_label, counted, decimal, number
from zwkprognose.names import label
from zwkprognose.tables.findings import SEVERITIES

if TYPE_CHECKING:
    from zwkprognose.tables.findings import Findings
    from zwkprognose.tables.table import Table

#: Rows shown before the rest is only counted.
_ROWS = 8
_MOST_FINDINGS = 100


def table_html(table: Table) -> str:
    """Source, extent, marks in the place of numbers, and the first rows."""
    cells = table.cells
    years = [int(year) for year in pd.unique(cells["year"])]
    span = "" if not years else f", {min(years)}" + (f" bis {max(years)}" if len(set(years)) > 1 else "")
    said = f"{counted(len(cells), 'Zelle', 'Zellen')}, {counted(cells['area'].nunique(), 'Gebiet', 'Gebiete')}{span}"
    marks = cells["status"].astype(str).value_counts()
    others = {str(status): n for status, n in marks.items() if status not in ("number", "zero")}
    odd = [f"{number(n)} {label('status', status)}" for status, n in others.items()]
    title = escape(table.source.title or table.source.file or "Tabelle")
    where = f" · {escape(table.source.publisher)}" if table.source.publisher else ""
    head = f"<p><strong>{title}</strong>{where}<br>{escape('; '.join([said, *odd]))}</p>"
    return f"<div>{head}{_rows_html(cells.head(_ROWS))}{_rest(len(cells))}</div>"


def _rows_html(cells: pd.DataFrame) -> str:
    heads = ("Gebiet", "Name", "Jahr", "Geschlecht", "Staatsangehörigkeit", "Alter", "Größe", "Wert")
    rows = [
        (
            row["area"], row["area_name"], str(row["year"]), label("sex", row["sex"]),
            label("nationality", row["nationality"]), _age(row["age_from"], row["age_to"]),
            label("variables", row["variable"]), _value(row["value"], str(row["status"])),
        )
        for row in cells.to_dict("records")
    ]  # fmt: skip
    return _table(heads, rows)


def _age(first: Any, end: Any) -> str:
    """Half-open ages in words."""
    if pd.isna(first):
        return "unbekannt"
    last = None if pd.isna(end) else int(end) - 1
    return "alle" if int(first) == 0 and last is None else age_label(int(first), last)


def _value(value: Any, status: str) -> str:
    return label("status", status) if pd.isna(value) else decimal(float(value))


def _rest(count: int) -> str:
    return f"<p>… und {counted(count - _ROWS, 'weitere Zelle', 'weitere Zellen')}</p>" if count > _ROWS else ""


def findings_html(findings: Findings) -> str:
    """How many of what, then each with what to do, errors first."""
    frame = findings.frame
    if frame.empty:
        return f"<p>{escape(findings.summary())}</p>"
    ranked = frame.sort_values("severity", key=_rank, kind="stable").head(_MOST_FINDINGS)
    rows = [
        (label("severity", row["severity"]), label("rules", row["rule"]), str(row["message"]), str(row["remedy"]))
        for row in ranked.to_dict("records")
    ]
    more = f"<p>… und {len(frame) - _MOST_FINDINGS} weitere</p>" if len(frame) > _MOST_FINDINGS else ""
    count = escape(findings.summary(shown=0).splitlines()[0])
    return f"<div><p><strong>{count}</strong></p>{_table(('Art', 'Regel', 'Befund', 'Was tun'), rows)}{more}</div>"


def _rank(severities: pd.Series) -> pd.Series:
    return severities.map({name: rank for rank, name in enumerate(SEVERITIES)})


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> str:
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    body = "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
