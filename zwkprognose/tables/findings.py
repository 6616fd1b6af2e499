"""Befunde: what a check says, row by row, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.german import counted
from zwkprognose.names import label
from zwkprognose.tables.files.cell_text import neutral

FINDING_COLUMNS = ("severity", "rule", "area", "year", "sex", "age", "value", "message", "remedy")
SEVERITIES = ("error", "warning", "info")
_NOUNS = ("Fehler", "Fehler"), ("Warnung", "Warnungen"), ("Hinweis", "Hinweise")


@dataclass(frozen=True)
class Findings:
    """Rows of severity, rule, cell, German sentence and remedy. A check never changes data.

    Attributes
    ----------
    frame : pandas.DataFrame
        Columns :data:`FINDING_COLUMNS`; ``value`` is the number the rule is about (for example a difference).

    Examples
    --------
    >>> rows = [{"rule": "T01", "severity": "warning", "area": "0101", "message": "Mitte: kommt 2-mal vor."}]
    >>> findings = Findings.of(rows)
    >>> len(findings), len(findings.errors), findings.frame.loc[0, "message"]
    (1, 0, 'Mitte: kommt 2-mal vor.')
    """

    frame: pd.DataFrame

    def __post_init__(self) -> None:
        if not isinstance(self.frame, pd.DataFrame) or not {*FINDING_COLUMNS} <= {*self.frame.columns}:
            raise TableError(
                "Befunde sind eine Tabelle mit den Spalten " + ", ".join(FINDING_COLUMNS) + ".",
                remedy="Befunde mit check(…) oder Findings.of(…) erzeugen.",
            )

    @classmethod
    def of(cls, rows: Iterable[Mapping[str, Any]]) -> Findings:
        """Findings from dictionaries; cell columns that do not apply may be left out."""
        given = list(rows)
        return cls(_frame(given) if given else _no_rows().copy())

    def __add__(self, other: Findings) -> Findings:
        parts = [f for f in (self.frame, other.frame) if len(f)]
        return Findings(pd.concat(parts, ignore_index=True)) if parts else self

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def errors(self) -> Findings:
        """Only what must be put right before going on."""
        return self._only("error")

    @property
    def warnings(self) -> Findings:
        """Only what should be known, and travels into the report."""
        return self._only("warning")

    def raise_errors(self) -> None:
        """Raise :class:`TableError` if there is an error among the findings."""
        errors = self.errors.frame
        if errors.empty:
            return
        cells = [_filled(row) for row in errors.drop(columns=["severity", "remedy"]).to_dict("records")]
        count = "einen Fehler" if len(errors) == 1 else f"{len(errors)} Fehler"
        remedy = " ".join(dict.fromkeys(errors["remedy"]))
        raise TableError(f"Die Tabellen enthalten {count}.", cells=cells, remedy=remedy)

    def summary(self, *, shown: int = 5) -> str:
        """A German summary: how many of what, the first of each rule, what to do."""
        if self.frame.empty:
            return "Keine Befunde: Die Tabellen sind vollständig und in sich stimmig."
        counts = [self._count(severity, forms) for severity, forms in zip(SEVERITIES, _NOUNS, strict=True)]
        parts = [", ".join(text for text in counts if text) + "."]
        for severity in SEVERITIES:
            for rule, rows in self._only(severity).frame.groupby("rule", sort=True):
                parts.append(_rule_text(str(rule), severity, rows, shown))
        return "\n".join(parts)

    def to_csv(self, path: str | Path) -> None:
        """Write the findings as CSV for Excel (semicolon, decimal comma, BOM); no text becomes a formula."""
        texts = {name: self.frame[name].map(neutral) for name in ("area", "message", "remedy")}
        self.frame.assign(**texts).to_csv(path, sep=";", decimal=",", index=False, encoding="utf-8-sig")

    def _repr_html_(self) -> str:
        """All findings as a table, errors first, as a notebook shows them."""
        from zwkprognose.tables.shown import findings_html

        return findings_html(self)

    def _only(self, severity: str) -> Findings:
        return Findings(self.frame[self.frame["severity"] == severity].reset_index(drop=True))

    def _count(self, severity: str, forms: tuple[str, str]) -> str:
        number = len(self._only(severity))
        return counted(number, *forms) if number else ""


def _frame(rows: list[Mapping[str, Any]]) -> pd.DataFrame:
    columns: dict[str, Any] = {
        name: pd.Series([_text(row.get(name)) for row in rows], dtype=object) for name in FINDING_COLUMNS
    }
    columns["value"] = pd.Series([row.get("value", np.nan) for row in rows], dtype="float64")
    columns["year"] = pd.array([row.get("year") for row in rows], dtype="Int64")
    return pd.DataFrame(columns)


@cache
def _no_rows() -> pd.DataFrame:
    """Most rules find nothing, so this frame is built once."""
    return _frame([])


def _text(value: Any) -> Any:
    """Nothing instead of a value that does not apply."""
    return "" if pd.isna(value) else value


def _rule_text(rule: str, severity: str, rows: pd.DataFrame, shown: int) -> str:
    name = label("rules", rule)
    lines = [f"{label('severity', severity)} {rule}{f' {name}' if name != rule else ''} ({len(rows)}-mal)"]
    lines += [f"  – {message}" for message in rows["message"].iloc[:shown]]
    if len(rows) > shown:
        lines.append(f"  – … und {len(rows) - shown} weitere")
    lines += [f"  Was tun: {remedy}" for remedy in rows["remedy"].unique()[:1] if remedy]
    return "\n".join(lines)


def _filled(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(key): value for key, value in row.items() if value != "" and not pd.isna(value)}
