"""Scores as German Markdown tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from zwkprognose.german import NOTHING, number
from zwkprognose.names import label, labels

#: Measures in the order of the columns.
COLUMNS = (
    "mape", "medape", "malpe", "ape90", "above_10", "misallocation", "ase", "ase_mean",
    "wape_0_4", "wape_5_19", "wape_20_64", "wape_65", "wape_80",
)  # fmt: skip


def score_text(value: Any, digits: int = 1) -> str:
    """A score; a dash for none.

    Examples
    --------
    >>> score_text(-4.75), score_text(None)
    ('−4,8', '–')
    """
    return NOTHING if pd.isna(value) else number(value, digits)


def markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table with figures to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def method_label(method: str, told: str = "none") -> str:
    """German name of a method; unchanged under a given total is the constant share."""
    known = "constant_share" if (method, told) == ("unchanged", "true") else method
    return f"**{label('methods', known)}**" if method in ("own", "default") else label("methods", known)


def measures_table(means: pd.DataFrame, told: str, lead: int) -> str:
    """Methods in rows and measures in columns, mean of the launches."""
    part = means.xs((told, lead), level=("eckwert", "lead"))
    columns = [c for c in COLUMNS if c in part.columns and not part[c].isna().all()]
    rows = [[method_label(k, told), *(score_text(part.loc[k, c]) for c in columns)] for k in in_order(part.index)]
    return markdown(["Verfahren", *(label("measures", c) for c in columns)], rows)


def launches_table(scores: pd.DataFrame, told: str, lead: int, measure: str) -> str:
    """Methods in rows and launches in columns, one measure."""
    part = scores[measure].xs((told, lead), level=("eckwert", "lead")).unstack("launch")
    rows = [[method_label(k, told), *(score_text(v) for v in part.loc[k])] for k in in_order(part.index)]
    return markdown([f"{label('measures', measure)}, Start 31.12.", *(str(c) for c in part.columns)], rows)


def in_order(found: Iterable[str]) -> list[str]:
    """Methods in the order of the label file, own ones last."""
    found = list(found)
    known = [k for k in labels()["methods"] if k in found]
    return known + [k for k in found if k not in known]
