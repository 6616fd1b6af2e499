"""Words of German (and English) tables for sex, nationality, totals, events and dates."""

from __future__ import annotations

import re

TOTAL_WORDS = frozenset(
    {"insgesamt", "zusammen", "gesamt", "summe", "total", "alle", "alle altersgruppen", "alter insgesamt",
     "all ages", "i", "altersgruppen insgesamt", "geschlecht insgesamt", "nationalität insgesamt",
     "deutsche und ausländer"}
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

_FOOTNOTE = re.compile(r"(?:\s+|(?<=[^\W\d]))\d{1,2}\)\s*$")
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


#: Names of columns that label rows → what they hold.
DIMENSION_WORDS = {
    **dict.fromkeys(
        ("schlüssel", "schluessel", "gebietsschlüssel", "ags", "ars", "regionalschlüssel", "nr", "nr.", "nummer",
         "kennziffer", "gemeindeschlüssel", "kreisschlüssel", "schlüssel-nr.", "raumid", "gebiets-nr."), "area"),
    **dict.fromkeys(
        ("gebiet", "gebietseinheit", "gebietsname", "name", "bezeichnung", "stadtteil", "ortsteil", "bezirk",
         "stadtbezirk", "quartier", "gemeinde", "kreis", "raum", "ortschaft", "region"), "area_name"),
    **dict.fromkeys(("jahr", "stichtag", "zeit", "datum", "year", "berichtsjahr"), "year"),
    **dict.fromkeys(
        ("alter", "altersgruppe", "altersgruppen", "altersjahr", "alter in jahren", "age",
         "alter von ... bis unter ... jahren", "alter von … bis unter … jahren"), "age"),
    **dict.fromkeys(("geschlecht", "sex"), "sex"),
    **dict.fromkeys(("staatsangehörigkeit", "nationalität", "nationality"), "nationality"),
}  # fmt: skip

#: What is counted → variable of the contract.
MEASURE_WORDS = {
    **dict.fromkeys(
        ("bevölkerung", "bevölkerungsstand", "einwohner", "einwohnerzahl", "einwohnerinnen und einwohner", "personen",
         "wohnbevölkerung", "hauptwohnsitzbevölkerung", "population", "bestand"), "population"),
    **dict.fromkeys(("lebendgeborene", "geburten", "geborene", "live births"), "births"),
    **dict.fromkeys(("gestorbene", "sterbefälle", "deaths"), "deaths"),
    **dict.fromkeys(("zuzüge", "zugezogene", "zuzüge über die gemeindegrenzen"), "in_moves"),
    **dict.fromkeys(("fortzüge", "wegzüge", "fortgezogene", "fortzüge über die gemeindegrenzen"), "out_moves"),
}  # fmt: skip


def measures_in(text: str) -> set[str]:
    """Variables of the contract that a title speaks of.

    >>> measures_in("Bevölkerungsstand (Anzahl)"), measures_in("Geburten und Sterbefälle") == {"births", "deaths"}
    ({'population'}, True)
    """
    words = re.findall(r"[a-zäöüß]+", text.casefold())
    return {MEASURE_WORDS[word] for word in words if word in MEASURE_WORDS}


def stock_years_in(text: str) -> set[int]:
    """Years of all Stichtage 31.12. in a text.

    >>> stock_years_in("Einwohner am 31.12.2023"), stock_years_in("Stand: 31. Dezember 2023"), stock_years_in("2023")
    ({2023}, {2023}, set())
    """
    dates = re.findall(r"(?<!\d)31\.\s?(?:12\.|dezember)\s?(\d{4})|(?<!\d)(\d{4})-12-31", text.casefold())
    return {int(german or iso) for german, iso in dates}


def years_in(text: str) -> set[int]:
    """All four-digit years in a text."""
    return {int(year) for year in re.findall(r"(?<![\d.])((?:19|20)\d\d)(?![\d.]\d)", text)}


def gebietsstand_in(text: str) -> str:
    """The date of the Gebietsstand that a title names; empty if it names none.

    >>> gebietsstand_in("Bevölkerung (Gebietsstand 15.05.2022)"), gebietsstand_in("Bevölkerung")
    ('15.05.2022', '')
    """
    match = re.search(r"gebietsstand:?\s+(\d{1,2}\.\d{1,2}\.\d{4})", text, re.IGNORECASE)
    return match[1] if match else ""
