"""The one Stadtteil that a title names: its table needs no column of areas."""

from __future__ import annotations

import re
from collections.abc import Sequence

_KINDS = (
    r"(?:Stadt|Orts|Gemeinde)teil|(?:Stadt|Orts|Land)?[Bb]ezirk|Stadtbezirk|(?:Stadt|Orts)?[Vv]iertel|Quartier|Ortschaft|"
    r"(?:Planungs|Sozial)raum|Bezirksregion|Kiez|Statistischer Bezirk|(?:Orts|Samt|Verbands)?[Gg]emeinde"
)
_NAMED = re.compile(
    rf"\b(?:{_KINDS})(?:e?s)?:?\s+(?P<name>(?:\d+\s+)?[A-ZÄÖÜ][^:;,–|(]*?)\s*(?=$|[:;,–|(]|\s-\s|\bam\b|\bnach\b)"
)


def area_in(titles: Sequence[str]) -> str:
    """The name; empty if titles name none or several.

    >>> area_in(["Stadtteil Am Hang: Einwohner nach Alter"]), area_in(["Einwohner nach Stadtteilen"])
    ('Am Hang', '')
    """
    names = {match["name"].strip() for title in titles for match in _NAMED.finditer(title)}
    return names.pop() if len(names) == 1 else ""
