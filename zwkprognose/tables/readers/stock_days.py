"""The day of a stock in the words of formats that name it in a label: 1 January, the end of a year, or another day."""

from __future__ import annotations

import re
from typing import Literal

Day = Literal["", "january", "year_end", "other"]

JANUARY_NOTE = "Bestände vom 1. Januar eines Jahres sind als die vom 31.12. des Jahres davor gelesen."
_MONTHS = {"january": r"0?1\.|januar|jänner", "year_end": r"0?12\.|dezember"}
_JANUARY = re.compile(
    rf"(?<!\d)0?1\.\s?(?:{_MONTHS['january']})|jahres(?:beginn|anfang)|1(?:st)? january|january 1|1er janvier"
)
_YEAR_END = re.compile(rf"(?<!\d)31\.\s?(?:{_MONTHS['year_end']})|jahresende|31 december|december 31|31 décembre")
_OTHER = re.compile(
    r"jahresmitte|mittlere|durchschnitt|quartal|semester|mid-?year|average|(?<!\d)\d{1,2}\.\s?(?:0?[2-9]\.|1[01]\.|"
    r"(?:februar|märz|april|mai|juni|juli|august|september|oktober|november))"
)


def day_in(text: str) -> Day:
    """The day that a label names; ``other`` also for means of a year, empty if it names none or several.

    >>> day_in("Bevölkerung zu Jahresbeginn"), day_in("Bestand am 31. Dezember"), day_in("Stand 30.06."), day_in("x")
    ('january', 'year_end', 'other', '')
    """
    words = text.casefold()
    if _OTHER.search(words):
        return "other"
    is_january, is_end = _JANUARY.search(words) is not None, _YEAR_END.search(words) is not None
    if is_january == is_end:
        return ""
    return "january" if is_january else "year_end"
