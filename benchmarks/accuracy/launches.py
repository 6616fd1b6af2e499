"""The page docs/startpunkte.md: every launch of every city, with its errors and whether the limits held."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from zwkprognose.evaluation.tables import markdown, method_label, score_text

if TYPE_CHECKING:
    from run import Results

PROSE = Path(__file__).parent / "vorlagen" / "startpunkte.md"
#: Column of the limits → head of the table.
LIMITS = {"covered": "80 %", "third_0": "kleine", "third_1": "mittlere", "third_2": "große", "few": "unter 1.000",
          "covered_95": "95 %"}  # fmt: skip


def launches_page(results: Results) -> str:
    """The whole page as Markdown."""
    parts = [PROSE.read_text(encoding="utf-8").strip()]
    for city in results.errors.index.unique("city"):
        parts += [f"## {city}", "### Abweichungen und Spannen", _launches(city, results.errors, results.limits)]
        parts += ["### Regeln für den Stadttrend", _trends(results.trends.xs(city, level="city"))]
    children = results.children
    parts += ["## Kinder unter fünf", _children(children)]
    return "\n\n".join(parts) + "\n"


def _launches(city: str, errors: pd.DataFrame, limits: pd.DataFrame) -> str:
    """A line for each lead and launch: errors of the methods, the city, and areas inside their limits."""
    methods = [c for c in errors if c != "missed"]
    rows = []
    for (lead, launch), row in errors.xs(city, level="city").iterrows():
        held = limits.loc[(city, lead, launch)] if (city, lead, launch) in limits.index else None
        inside = [score_text(None if held is None else held[c], 0) for c in LIMITS]
        where = "–" if held is None else "innen" if held["city_covered"] else "außen"
        cells = [*(score_text(row[m]) for m in methods), score_text(row["missed"]), where, *inside]
        rows.append([f"{lead} Jahre ab {launch}", *cells])
    head = ["Horizont, Start", *(method_label(m) for m in methods), "Stadt mehr als gedacht", "Stadt", *LIMITS.values()]
    return markdown(head, rows)


def _trends(errors: pd.DataFrame) -> str:
    """A line for each lead and launch, a column for each trend."""
    rows = [
        [f"{lead} Jahre ab {launch}", *(score_text(v, 2) for v in row)] for (lead, launch), row in errors.iterrows()
    ]
    return markdown(["Horizont, Start", *errors.columns], rows)


def _children(errors: pd.DataFrame) -> str:
    rows = [
        [f"{city}, {lead} Jahre ab {launch}", *(score_text(v) for v in row)]
        for (city, lead, launch), row in errors.iterrows()
    ]
    return markdown(["Stadt, Horizont, Start", "Geburten (gewählt)", "letzter Kinderanteil", "Mittel aus beiden"], rows)
