"""Findings that may be passed on: what they say of single areas is said without numbers of persons."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from zwkprognose.names import TOTAL, label
from zwkprognose.regions import Regions

if TYPE_CHECKING:
    from zwkprognose.tables import Findings

#: What stands in place of the numbers.
UNNUMBERED = "Die Zahlen nennt die Prüfung der Tabellen (zwkprognose check)."


def published_findings(findings: Findings) -> Findings:
    """Findings without the numbers of single areas, which protected tables do not show.

    A finding about an area names the rule and the place; findings about the whole stay as they are.

    Examples
    --------
    >>> from zwkprognose.tables import Findings
    >>> row = {"severity": "warning", "rule": "T21", "area": "04", "year": 2024, "value": 2081.0,
    ...        "message": "Gebiet 04, 2024: Sprung von 3 auf 2.084 Personen.", "remedy": "Prüfen."}
    >>> published_findings(Findings.of([row])).frame["message"].iloc[0]
    'Gebiet 04, 2024: Sprung zwischen Jahren. Die Zahlen nennt die Prüfung der Tabellen (zwkprognose check).'
    """
    from zwkprognose.tables import Findings

    return Findings.of(_unnumbered(row) for row in findings.frame.to_dict("records"))


def worded_findings(findings: Findings, regions: Regions) -> Findings:
    """Findings in the words for the whole and its parts."""
    from zwkprognose.tables import Findings

    rows = findings.frame.to_dict("records")
    return Findings.of(
        {str(key): value for key, value in row.items()}
        | {name: regions.worded(str(row[name])) for name in ("message", "remedy")}
        for row in rows
    )


def _unnumbered(row: dict[Any, Any]) -> dict[str, Any]:
    known = {str(key): value for key, value in row.items()}
    if not known["area"] or not _has_numbers(known):
        return known
    place = [f"Gebiet {known['area']}", *(str(known[name]) for name in ("year",) if known[name] == known[name])]
    place += [label("sex", known["sex"])] if known["sex"] not in ("", TOTAL) else []
    place += [f"Alter {known['age']}"] if known["age"] else []
    message = f"{', '.join(place)}: {label('rules', known['rule'])}. {UNNUMBERED}"
    return known | {"message": message, "value": float("nan")}


def _has_numbers(row: dict[str, Any]) -> bool:
    """Whether a finding says any number beside its key, year and age."""
    said = str(row["message"])
    for known in (row["area"], row["age"], row["year"]):
        said = said.replace(str(known), " ")
    return row["value"] == row["value"] or re.search(r"\d", said) is not None
