"""Years and dates of German tables: Stichtage, years in titles, the date of the Gebietsstand."""

from __future__ import annotations

import re

_FOUR = r"(?:1[89]|20|21)\d\d"
_GERMAN_DATE = re.compile(rf"(\d{{1,2}})\.(\d{{1,2}})\.({_FOUR})", re.ASCII)
_ISO_DATE = re.compile(rf"({_FOUR})-(\d{{2}})-(\d{{2}})", re.ASCII)
_YEAR = re.compile(rf"({_FOUR})(?:\.0)?", re.ASCII)
_STOCK_DATES = re.compile(
    rf"(?<!\d)31\.\s?(?:12\.|dezember)\s?({_FOUR})(?!\d)|(?<!\d)({_FOUR})-12-31(?!\d)", re.ASCII
)
_YEARS = re.compile(r"(?<![\d.])((?:19|20)\d\d)(?![\d.]\d)", re.ASCII)


def stock_year(text: str) -> int | None:
    """The calendar year of a Stichtag 31.12. or of events; ``None`` for anything else, also other dates.

    >>> stock_year("31.12.2020"), stock_year("2020-12-31"), stock_year("2020"), stock_year("01.01.2021")
    (2020, 2020, 2020, None)
    """
    text = text.strip()
    if match := _YEAR.fullmatch(text):
        return int(match[1])
    if (match := _GERMAN_DATE.fullmatch(text)) and (int(match[1]), int(match[2])) == (31, 12):
        return int(match[3])
    if (match := _ISO_DATE.fullmatch(text)) and (match[2], match[3]) == ("12", "31"):
        return int(match[1])
    return None


def stock_years_in(text: str) -> set[int]:
    """Years of all Stichtage 31.12. in a text.

    >>> stock_years_in("Einwohner am 31.12.2023"), stock_years_in("Stand: 31. Dezember 2023"), stock_years_in("2023")
    ({2023}, {2023}, set())
    """
    return {int(german or iso) for german, iso in _STOCK_DATES.findall(text.casefold())}


def years_in(text: str) -> set[int]:
    """All four-digit years in a text."""
    return {int(year) for year in _YEARS.findall(text)}


def gebietsstand_in(text: str) -> str:
    """The date of the Gebietsstand that a title names; empty if it names none.

    >>> gebietsstand_in("Bevölkerung (Gebietsstand 15.05.2022)"), gebietsstand_in("Bevölkerung")
    ('15.05.2022', '')
    """
    match = re.search(r"gebietsstand:?\s+(\d{1,2}\.\d{1,2}\.\d{4})", text, re.IGNORECASE)
    return match[1] if match else ""
