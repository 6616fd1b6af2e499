"""The day of a stock in the words of formats that name it in a label: 1 January, the end of a year, or another day."""

from __future__ import annotations

import re
from typing import Literal

from zwkprognose.tables.dates import stated_dates

Day = Literal["", "january", "year_end", "other"]

JANUARY_NOTE = "Bestände vom 1. Januar eines Jahres sind als die vom 31.12. des Jahres davor gelesen."
#: Labels of files that have no German one.
_ENGLISH = (
    (re.compile(r"1(?:st)? january|january 1|beginning of (?:the )?year"), "1. januar"),
    (re.compile(r"31(?:st)? december|december 31|end of (?:the )?year"), "31. dezember"),
    (re.compile(r"mid-?year|average"), "jahresmitte"),
)


def day_in(text: str) -> Day:
    """The day that a label names; ``other`` also for means of a year, empty if it names none or several.

    >>> day_in("Bevölkerung zu Jahresbeginn"), day_in("Bestand am 31. Dezember"), day_in("Stand 30.06."), day_in("x")
    ('january', 'year_end', 'other', '')
    >>> day_in("Population on 1 January"), day_in("Bestand am 1. Januar und am 31. Dezember")
    ('january', '')
    """
    words = text.casefold()
    for english, german in _ENGLISH:
        words = english.sub(german, words)
    kinds = {date.kind for date in stated_dates(words)}
    if "other" in kinds:
        return "other"
    if len(kinds) != 1:
        return ""
    return "january" if "begin" in kinds else "year_end"
