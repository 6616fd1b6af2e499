"""Words of German (and English) tables for sex, nationality, totals, events and dates."""

from __future__ import annotations

import re

TOTAL_WORDS = frozenset(
    {"insgesamt", "zusammen", "gesamt", "total", "alle", "alle altersgruppen", "alter insgesamt", "all ages", "i",
     "altersgruppen insgesamt", "geschlecht insgesamt", "nationalität insgesamt", "deutsche und ausländer"}
)  # fmt: skip

SEX_WORDS = {
    "male": "male", "males": "male", "m": "male", "männlich": "male", "maennlich": "male", "männer": "male",
    "maenner": "male", "mann": "male", "gesm": "male",
    "female": "female", "females": "female", "w": "female", "weiblich": "female", "frauen": "female",
    "frau": "female", "gesw": "female",
}  # fmt: skip

NATIONALITY_WORDS = {
    "d": "german", "deutsch": "german", "deutsche": "german", "german": "german", "germans": "german",
    "natd": "german",
    "a": "foreign", "ausländer": "foreign", "auslaender": "foreign", "ausländisch": "foreign",
    "ausländer/innen": "foreign", "ausländerinnen und ausländer": "foreign", "nichtdeutsch": "foreign",
    "nichtdeutsche": "foreign", "nicht deutsch": "foreign", "foreign": "foreign", "foreigners": "foreign",
    "nata": "foreign",
}  # fmt: skip

#: Events of the tidy form → variable of the contract.
EVENTS = {
    "geburten": "births", "sterbefaelle": "deaths", "sterbefälle": "deaths", "zuzuege": "in_moves",
    "zuzüge": "in_moves", "fortzuege": "out_moves", "fortzüge": "out_moves", "umzuege": "moves", "umzüge": "moves",
}  # fmt: skip

_FOOTNOTE = re.compile(r"\s*\d+\)\s*$")
_GERMAN_DATE = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_ISO_DATE = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_YEAR = re.compile(r"((?:1[89]|20|21)\d\d)(?:\.0)?")


def plain(text: str) -> str:
    """A label without case, footnote mark and doubled spaces.

    >>> plain("  Ausländer  2)")
    'ausländer'
    """
    return " ".join(_FOOTNOTE.sub("", text).split()).casefold()


def sex_of(text: str) -> str | None:
    """``male``, ``female`` or ``total``; ``None`` if the word is none of these."""
    word = plain(text)
    return "total" if word in TOTAL_WORDS else SEX_WORDS.get(word)


def nationality_of(text: str) -> str | None:
    """``german``, ``foreign`` or ``total``; ``None`` if the word is none of these."""
    word = plain(text)
    return "total" if word in TOTAL_WORDS else NATIONALITY_WORDS.get(word)


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
