"""Years and dates of German tables: Stichtage, years in titles, the date of the Gebietsstand.

A stock belongs to 31 December. One of 1 January is that of the day before, as Austria and Switzerland print it; one
of any other day, a mean of the year and a part of a year are not read as either.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

_FOUR = r"(?:1[89]|20|21)\d\d"
_MONTHS = {
    "januar": 1, "jänner": 1, "jan": 1, "februar": 2, "feber": 2, "feb": 2, "märz": 3, "mrz": 3, "april": 4, "apr": 4,
    "mai": 5, "juni": 6, "jun": 6, "juli": 7, "jul": 7, "august": 8, "aug": 8, "september": 9, "sept": 9, "sep": 9,
    "oktober": 10, "okt": 10, "november": 11, "nov": 11, "dezember": 12, "dez": 12,
}  # fmt: skip
_MONTH = rf"(?:{'|'.join(_MONTHS)})\b\.?"
_ROMAN = {
    "i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10, "xi": 11, "xii": 12,
}  # fmt: skip
_SHORT_YEAR = r"\d\d(?![\d.:])"
_DAY = re.compile(
    rf"(\d{{1,2}})\.\s?(?:(?:(\d{{1,2}})\.|({_MONTH})|([ivx]+)\.)\s?({_FOUR})|(\d{{1,2}})\.({_SHORT_YEAR}))", re.ASCII
)
_ISO = re.compile(rf"({_FOUR})[-_](\d{{2}})[-_](\d{{2}})(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII)
_WORDED = re.compile(
    rf"(?:am |zum |zu )?(?:(?P<end>jahresende|ende|schluss)|jahresbeginn|jahresanfang|anfang|beginn)"
    rf"(?: des jahres)? (?P<year>{_FOUR})", re.ASCII
)  # fmt: skip
_YEAR = re.compile(rf"({_FOUR})(?:\.0)?", re.ASCII)
_YEARS = re.compile(r"(?<![\d.])((?:19|20)\d\d)(?![\d.]\d)", re.ASCII)

_OF_YEAR = rf"\s*(?:des jahres\s*)?(?P<year>{_FOUR})?"
#: A whole year, the end of one, its beginning, and what is neither, in the order in which they are looked for.
_SPOKEN = (
    ("end", rf"(?:0?1\.\s?(?:0?1\.|januar|jänner)\s?(?:{_FOUR})?|januar|jan\.?)\s*(?:bis|-|–)\s*(?:zum )?"
              rf"(?:31\.\s?(?:12\.|dezember)|dezember|dez\.?)\s?(?P<year>{_FOUR})"),
    ("date", rf"(?<![\d.])\d{{1,2}}\.\s?(?:\d{{1,2}}\.|{_MONTH}|[ivx]+\.)\s?{_FOUR}(?!\d)|"
             rf"(?<!\d){_FOUR}[-_]\d{{2}}[-_]\d{{2}}(?!\d)|(?<![\d.])\d{{1,2}}\.\d{{1,2}}\.{_SHORT_YEAR}"),
    ("end", rf"(?<![\d./])12\s?/\s?(?P<year>{_FOUR})(?!\d)"),
    ("end", rf"(?<![\d-])(?P<year>{_FOUR})-12(?![\d-])"),
    ("other", rf"(?<![\d./])0?[1-9]\s?/\s?{_FOUR}(?!\d)|(?<![\d./])1[01]\s?/\s?{_FOUR}(?!\d)|"
              rf"(?<![\d-]){_FOUR}-(?:0[1-9]|1[01])(?![\d-])"),
    ("end", rf"\bjahreswechsel (?P<year>{_FOUR})\s?/\s?(?:{_FOUR}|\d\d)(?!\d)"),
    ("end", rf"\b(?:jahresende|ende(?: dezember)?|schluss){_OF_YEAR}(?!\w)"),
    ("begin", rf"\b(?:jahresbeginn|jahresanfang|anfang(?: januar)?|beginn){_OF_YEAR}(?!\w)"),
    ("other", rf"\b(?:jahresmittel|jahresmitte|mitte(?= (?:des jahres|{_FOUR}))|"
              rf"(?:\d|i{{1,3}}|iv)\. ?(?:quartal|halbjahr|vj)|quartal|halbjahr|q[1-4](?=[ /]?{_FOUR})|"
              rf"(?:frühjahr|frühling|sommer|herbst|winter)(?= ?{_FOUR})|mittel(?= ?{_FOUR})|ø(?= ?{_FOUR})|"
              rf"jahresdurchschnitt|durchschnittliche[rn]?|im durchschnitt|durchschnitt(?= ?{_FOUR})|"
              rf"mittlere[rn]?(?= (?:jahres)?(?:bevölkerung|einwohner|bestand|personen)))[\s/]*(?P<year>{_FOUR})?"),
    ("day", rf"(?<![\d.])(?P<day>\d{{1,2}})\.\s?(?:(?P<month>\d{{1,2}})\.|(?P<name>{_MONTH}))(?!\d)"),
    ("other", rf"\b{_MONTH}\s*(?P<year>{_FOUR})?"),
)  # fmt: skip
_PATTERNS = tuple((kind, re.compile(pattern, re.ASCII)) for kind, pattern in _SPOKEN)
#: Dates of the publication or of the areas, not of the figures.
_OTHER_DATES = re.compile(
    rf"(?:gebietsstand|datenstand|erstellt|erstellungsdatum|abgerufen|abruf|veröffentlicht|druckdatum|erschienen|"
    rf"aktualisiert|stand der daten|eingemeindung\w*)(?: am| vom| zum|:)*\s+"
    rf"(?:\d{{1,2}}\.\s?(?:\d{{1,2}}\.|{_MONTH})\s?{_FOUR}|{_MONTH}\s+{_FOUR}|{_FOUR}[-_]\d\d[-_]\d\d|{_FOUR})|"
    rf"(?:heft|ausgabe|nr\.?|bericht|tabelle|blatt|beitrag)\s+\d{{1,2}}/{_FOUR}",
    re.ASCII,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Stated:
    """A date or part of a year that a text states.

    ``kind`` is ``"end"`` for a 31 December or a whole year, ``"begin"`` for a 1 January, ``"other"`` for what is
    neither. ``year`` is that of the 31 December that is meant; ``None`` if none is, or the text names no year.
    """

    text: str
    kind: Literal["end", "begin", "other"]
    year: int | None = None


def stock_year(text: str) -> int | None:
    """The calendar year of a Stichtag 31.12. or of events; ``None`` for anything else, also other dates.

    >>> stock_year("31.12.2020"), stock_year("2020-12-31"), stock_year("2020"), stock_year("01.01.2021")
    (2020, 2020, 2020, None)
    >>> stock_year("31.12.20"), stock_year("31.XII.2020"), stock_year("30.06.20")
    (2020, 2020, None)
    >>> stock_year("Ende 2020"), stock_year("2020-12-31 00:00:00"), first_of_january("Jahresbeginn 2021")
    (2020, 2020, 2020)
    """
    text = text.strip()
    if match := _YEAR.fullmatch(text):
        return int(match[1])
    day = _day(text)
    return day[2] if day is not None and day[:2] == (31, 12) else None


def first_of_january(text: str) -> int | None:
    """The year before, of whose 31 December a stock of 1 January is; ``None`` for anything else.

    >>> first_of_january("01.01.2021"), first_of_january("1. Jänner 2021"), first_of_january("31.12.2020")
    (2020, 2020, None)
    """
    day = _day(text.strip())
    return day[2] - 1 if day is not None and day[:2] == (1, 1) else None


def year_end(text: str) -> int | None:
    """The year of the 31 December that a stock is of: a year, a 31.12., or the 1 January after it."""
    year = stock_year(text)
    return first_of_january(text) if year is None else year


#: Parts of a year in names of files, where signs that separate them are read as blanks.
_MONTH_IN_NAME = re.compile(
    rf"(?<!\d)(?:(?P<day>[0-3]\d)(?P<of>0[1-9]|1[0-2])|(?P<before>0[1-9]|1[0-2])) {_FOUR}(?!\d)|"
    rf"(?<!\d){_FOUR} (?P<after>0[1-9]|1[0-2])(?! ?\d)|(?<!\d){_FOUR} (?:q[1-4]|\d ?(?:hj|quartal|vj))(?!\w)|"
    rf"(?<!\w)\d ?(?:hj|quartal|halbjahr|vj) {_FOUR}(?!\d)|durchschnitt",
    re.ASCII,
)


def dates_in_name(name: str) -> list[Stated]:
    """Dates and parts of a year in the name of a file.

    >>> [one.kind for one in dates_in_name("einwohner_2023_06")], [one.kind for one in dates_in_name("ew_2023-06-30")]
    (['other'], ['other'])
    >>> dates_in_name("einwohner_2023"), [one.kind for one in dates_in_name("ew_3112_2023")]
    ([], ['end'])
    """
    found = stated_dates(name)
    if found:
        return found
    said = re.sub(r"[\W_]+", " ", name).casefold()
    for match in _MONTH_IN_NAME.finditer(said):
        month = match["of"] or match["before"] or match["after"]
        is_end = month == "12" and match["day"] in (None, "31")
        found.append(Stated(match[0], "end", min(years_in(match[0]))) if is_end else Stated(match[0], "other"))
    return found or stated_dates(said)


def is_day(text: str) -> bool:
    """Whether a text is a full date.

    >>> is_day("14. März 2024"), is_day("1. Halbjahr 2024")
    (True, False)
    """
    return _day(text.strip()) is not None


def _day(text: str) -> tuple[int, int, int] | None:
    """Day, month and year of a date that stands alone."""
    if match := _ISO.fullmatch(text):
        return int(match[3]), int(match[2]), int(match[1])
    if match := _WORDED.fullmatch(text.casefold()):
        return (31, 12, int(match["year"])) if match["end"] else (1, 1, int(match["year"]))
    match = _DAY.fullmatch(text.casefold())
    if match is None:
        return None
    day, month, name, roman, year, short_month, short = match.groups()
    if short is not None:
        return int(day), int(short_month), int(short) + (2000 if int(short) < 50 else 1900)
    if roman is not None and roman not in _ROMAN:
        return None
    return int(day), int(month or 0) or (_ROMAN[roman] if roman else _MONTHS[name.rstrip(".")]), int(year)


def stated_dates(text: str) -> list[Stated]:
    """All dates and parts of a year that a title states, except those of the Gebietsstand or of the publication.

    >>> stated_dates("Einwohner am 31.12.2023 (Gebietsstand 01.07.2024)")
    [Stated(text='31.12.2023', kind='end', year=2023)]
    >>> [(s.kind, s.year) for s in stated_dates("Stand: 1. Jänner 2024")], stated_dates("Juni 2024")[0].kind
    ([('begin', 2023)], 'other')
    >>> stated_dates("Einwohner 2023 nach Stadtteilen"), stated_dates("Geburten Januar bis Dezember 2023")[0].year
    ([], 2023)
    """
    rest = _OTHER_DATES.sub(_blank, text.lower())
    found: list[Stated] = []
    for kind, pattern in _PATTERNS:
        found += [_stated(kind, match, text[match.start() : match.end()].strip()) for match in pattern.finditer(rest)]
        rest = pattern.sub(_blank, rest)
    return found


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _stated(kind: str, match: re.Match[str], said: str) -> Stated:
    if kind == "date":
        day = _day(said)
        kind = _kind(*day[:2]) if day is not None else "other"
        return Stated(said, kind, year_end(said))
    if kind == "day":
        kind = _kind(int(match["day"]), int(match["month"] or _MONTHS[match["name"].rstrip(".")]))
        return Stated(said, kind)
    named = match.groupdict().get("year")
    year = int(named) if named else None
    if kind == "begin":
        return Stated(said, "begin", None if year is None else year - 1)
    return Stated(said, "end", year) if kind == "end" else Stated(said, "other")


def _kind(day: int, month: int) -> Literal["end", "begin", "other"]:
    return "end" if (day, month) == (31, 12) else "begin" if (day, month) == (1, 1) else "other"


def stock_years_in(text: str) -> set[int]:
    """Years of all Stichtage 31.12. (or 1.1.) in a text.

    >>> stock_years_in("Einwohner am 31.12.2023"), stock_years_in("Stand: 31. Dezember 2023"), stock_years_in("2023")
    ({2023}, {2023}, set())
    """
    return {stated.year for stated in stated_dates(text) if stated.year is not None}


def years_in(text: str) -> set[int]:
    """All four-digit years in a text."""
    return {int(year) for year in _YEARS.findall(text)}


def years_outside_dates(text: str) -> Iterator[int]:
    """Years in a text that are no part of a date of the Gebietsstand or of the publication."""
    return map(int, _YEARS.findall(_OTHER_DATES.sub(" ", text.casefold())))


def gebietsstand_in(text: str) -> str:
    """The date of the Gebietsstand that a title names; empty if it names none.

    >>> gebietsstand_in("Bevölkerung (Gebietsstand 15.05.2022)"), gebietsstand_in("Bevölkerung")
    ('15.05.2022', '')
    """
    match = re.search(r"gebietsstand:?\s+(\d{1,2}\.\d{1,2}\.\d{4})", text, re.IGNORECASE)
    return match[1] if match else ""
