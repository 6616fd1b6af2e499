"""Marks of footnotes behind figures: understood where the foot of the table explains them, else refused."""

from __future__ import annotations

import re
from collections.abc import Iterable

_MARK = r"\*{1,3}\)?|\(?\d{1,2}\)|[¹²³⁴⁵⁶⁷⁸⁹⁰]+\)?|[a-z]\)"
_LEGEND = re.compile(rf"({_MARK})\s*[=:–-]?\s*\S")
_MARKED = re.compile(rf"(?P<figure>.*\d)\s*(?P<mark>{_MARK})")
_RAISED = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")


def legend_of(foot: Iterable[str]) -> frozenset[str]:
    """Marks that a foot explains.

    >>> sorted(legend_of(["1) vorläufig", "* geschätzt", "Quelle: Stadt"]))
    ['*', '1']
    """
    return frozenset(_bare(match[1]) for text in foot if (match := _LEGEND.match(text.strip())))


def without_marks(text: str, legend: frozenset[str]) -> str:
    """A figure without a mark that the legend explains; any other text as it is.

    >>> without_marks("200 1)", frozenset({"1"})), without_marks("200*", frozenset())
    ('200', '200*')
    """
    if not legend or text.isdecimal():
        return text
    match = _MARKED.fullmatch(text.strip())
    return match["figure"].strip() if match and _bare(match["mark"]) in legend else text


def _bare(mark: str) -> str:
    return mark.strip("()").translate(_RAISED)
