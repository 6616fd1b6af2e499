"""The one Stadtteil that a title or a sheet names: its table needs no column of areas."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zwkprognose.tables.readers.crosstab.headings import understand
from zwkprognose.tables.readers.crosstab.title_words import is_spoken_of, odd_words
from zwkprognose.tables.words import dimension_of

_KINDS = (
    r"(?:Stadt|Orts|Gemeinde)teil|(?:Stadt|Orts|Land)?[Bb]ezirk|Stadtbezirk|(?:Stadt|Orts)?[Vv]iertel|Quartier|Ortschaft|"
    r"(?:Planungs|Sozial)raum|Bezirksregion|Kiez|Statistischer Bezirk|(?:Orts|Samt|Verbands)?[Gg]emeinde"
)
_NAMED = re.compile(
    rf"\b(?:{_KINDS})(?:e?s)?:?\s+(?P<name>(?:\d+\s+)?[A-ZÄÖÜ][^:;,–|(]*?)\s*(?=$|[:;,–|(]|\s-\s|\bam\b|\bnach\b)"
)
_LONGEST = 5


def area_in(titles: Sequence[str]) -> str:
    """The name; empty if titles name none or several.

    >>> area_in(["Stadtteil Am Hang: Einwohner nach Alter"]), area_in(["Einwohner nach Stadtteilen"])
    ('Am Hang', '')
    """
    names = {match["name"].strip() for title in titles for match in _NAMED.finditer(title)}
    return names.pop() if len(names) == 1 else ""


def bare_name(text: str) -> str:
    """A line above a table, or the name of a sheet, that is nothing but a name; empty for other lines.

    >>> bare_name("Am Hang"), bare_name("Einwohner 2023"), bare_name("männlich"), bare_name("Stand: 31.12.2023")
    ('Am Hang', '', '', '')
    """
    words = text.split()
    if not words or len(words) > _LONGEST or not words[0][0].isupper() or any(map(str.isdigit, text)) or ":" in text:
        return ""
    if understand(text) is not None or dimension_of(text) is not None:
        return ""
    restricts = any(found for _, found in odd_words([text]))
    return "" if restricts or is_spoken_of(text) else text.strip()
