"""What one heading of a crosstab says: a sex, a nationality, an age, a year, a measure or a unit."""

from __future__ import annotations

import re
from typing import Any

from zwkprognose.tables.ages import Upper, parse_age
from zwkprognose.tables.dates import first_of_january, stock_year
from zwkprognose.tables.readers.crosstab.moves import leads_to_moves, scope_of
from zwkprognose.tables.words import MEASURE_WORDS, TOTAL_WORDS, dimension_of, nationality_of, plain, sex_of

_UNITS = frozenset({"anzahl", "number", "absolut", "abs.", "abs", "insg.", "personen insgesamt", "zahl", ""})
_SHARES = frozenset(
    {"%", "prozent", "in %", "in v. h.", "v. h.", "v.h.", "vh", "anteil", "anteil in %", "anteil %", "anteile",
     "in prozent", "anteil in prozent", "quote", "quote in %", "anteil an insgesamt", "% von insgesamt"}
)  # fmt: skip
#: "Anteil an der Stadt in %", "% der Gesamtbevölkerung": of what, the figures tell.
_SHARE_OF = re.compile(
    r"(?:prozentualer? )?(?:anteile?|%|prozent)(?: in %| \(%\))? (?:an|am|von|der|des|vom)"
    r"(?: (?:der|dem|den|allen|aller))? ?(?:gesamt|kern)?(?:stadt|bevölkerung|einwohner\w*|stadtgebiet|kreis(?:es)?|"
    r"gemeinde|(?:stadt)?bezirke?s?|insgesamt|personen|zahl)(?: der (?:stadt|bevölkerung|einwohner))?(?: insgesamt)?"
    r"(?: in %| \(%\)| \(in %\)| in prozent)?"
)
_THOUSAND = re.compile(
    r"(?:(?:angaben|zahlen|werte|einheit):? )?(?:in )?(?:1[ .]?000|tausend|tsd\.?)(?: personen| einwohner\w*)?"
)
_BRACKETS = re.compile(r"\s*\(([^)]*)\)\s*$|\s*\[([^\]]*)\]\s*$|\s+in (1[ .]?000|tausend|tsd\.?)$")
#: "darunter", "davon im Alter von … bis unter … Jahren": they only lead to what follows.
_PART_OF = re.compile(r"(?:davon|darunter|dar\.|und zwar):?(?=\s|$)\s*", re.IGNORECASE)
_AT_YEAR_END = re.compile(r"\s+\(?(?:am |zum )?31\.\s?(?:12\.|Dezember)\)?$", re.IGNORECASE)
_AGES_BELOW = re.compile(r"(?:im alter)?(?:\s*von (?:…|\.{2,3}) bis (?:unter )?(?:…|\.{2,3}) jahren?)?")
#: "am 31.12.2023", "Stand 2023", "Jahr 2023", "Stichtag: 31.12.2023".
_STAND = re.compile(r"(?:am |zum |stand:? |stichtag:? |jahr |jahresende |ende )+")
#: Columns of SIKURS and the like: M00, W_05.
_SEX_AND_AGE = re.compile(r"([mw])_?(\d{2,3})")
#: What stands between the parts of a heading; one of more words than this is a sentence.
_BETWEEN = re.compile(r"\s*[,/|\n_]\s*|\s+")
LONGEST = 10
#: Differences of other columns.
_BALANCE = re.compile(
    r"(?:\S+ )*\S*(?:saldo|salden|überschuss|veränderung(?:en|srate)?|veränd\.|änderung|differenz|diff\.|entwicklung|"
    r"zunahme|abnahme|zuwachs|rückgang|abweichung|unterschied|vorjahresvergleich|wachstum|messzahl|index)(?:[ /]\S+)*|"
    r"(?:[+-]\s?/\s?[+–−-]|±|δ|∆|plus\s?/\s?minus)(?: (?:in )?%)?|"
    r"zu-? ?(?:/|bzw\.?|oder|und)[- ]*(?:abnahme|rückgang)(?: \S+)*|"
    r"(?:im vergleich )?zu[rm]? (?:vorjahr\w*|\d{4})(?: \S+)*|(?:\S+ )*(?:gegenüber|ggü\.?|gg\.) .*|"
    r"\d{4}\s?(?:-|–|bis|zu|/)\s?(?:\d{4}|\d\d)(?: .*)?"
)
#: "2022/23" is neither a year nor an age beside one.
_MONTH_OF_YEAR = re.compile(r"(?:\d{1,2}|[ivx]{1,4})\s?/\s?\d{4}|\d{4}\s?/\s?[ivx]{1,4}", re.IGNORECASE)
_SPAN = re.compile(r"\d{4}\s?[/–-]\s?\d\d(?:\d\d)?(?!\d|-)")


def understand(label: str, upper: Upper = "inclusive") -> dict[str, Any] | None:
    """What one header label says; an empty dictionary for totals and units, ``None`` if it is not understood.

    >>> understand("weiblich"), understand("unter 3 Jahre"), understand("2020"), understand("Insgesamt")
    ({'sex': 'female'}, {'age': (0, 3)}, {'year': 2020}, {})
    >>> understand("Einwohner (in 1.000)"), understand("Deutsche, männlich"), understand("Fläche")
    ({'scale': 1000.0, 'variable': 'population'}, {'nationality': 'german', 'sex': 'male'}, None)
    >>> understand("M07"), understand("darunter weiblich"), understand("Wanderungssaldo")
    ({'sex': 'male', 'age': (7, 8)}, {'sex': 'female'}, {'balance': True})
    >>> understand("weiblich 18 bis unter 25 Jahre") == {"sex": "female", "age": (18, 25)}
    True
    >>> understand("Einwohner am 31.12."), understand("Einwohner 31.12.2023")["year"]
    ({'variable': 'population'}, 2023)
    >>> understand("m/w"), understand("Geburten (je 1.000)"), understand("2023 1)")
    (None, None, {'year': 2023})
    """
    label = _PART_OF.sub("", label, count=1) or label
    label = _AT_YEAR_END.sub("", label) or label
    if _MONTH_OF_YEAR.fullmatch(label.strip()):
        return None
    simple = {"balance": True} if _SPAN.fullmatch(label.strip()) else _single(label, upper)
    if simple is not None:
        return simple
    words = [word for word in _BETWEEN.split(label.strip()) if word]
    for first in range(1, len(words) if len(words) <= LONGEST else 0):
        one = _single(" ".join(words[:first]), upper)
        rest = None if one is None else understand(" ".join(words[first:]), upper)
        if one is not None and rest is not None:
            return _joined(one, rest)
    return {"balance": True} if _BALANCE.fullmatch(plain(label)) else None


def _joined(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any] | None:
    """What two parts of a heading say together; ``None`` if they contradict each other, as in ``m/w``."""
    return {**one, **other} if all(other.get(key, value) == value for key, value in one.items()) else None


def leads(label: str) -> bool:
    """Whether a heading only leads to those below it.

    >>> leads("Altersgruppen"), leads("davon im Alter von … bis … Jahren"), leads("Empfänger")
    (True, True, False)
    """
    if leads_to_moves(plain(label)):
        return True
    return dimension_of(label) is not None or _AGES_BELOW.fullmatch(_PART_OF.sub("", plain(label))) is not None


def _single(label: str, upper: Upper) -> dict[str, Any] | None:
    word = plain(label)
    if word in TOTAL_WORDS or word in _UNITS:
        return {}
    if word == "personen":
        return {"persons": True}
    if (year := stock_year(word)) is not None:
        return {"year": year} if word.isdecimal() else {"year": year, "dated": True}
    if (year := first_of_january(word)) is not None:
        return {"year": year, "first_of_january": True}
    if _STAND.match(word) and (rest := _single(_STAND.sub("", word), upper)) and "year" in rest:
        return rest
    for name, rule in (("sex", sex_of), ("nationality", nationality_of)):
        if (value := rule(word)) is not None:
            return {name: value}
    if (age := parse_age(label, upper)) is not None:
        return {"age": age}
    if match := _SEX_AND_AGE.fullmatch(word):
        return {"sex": sex_of(match[1]), "age": (int(match[2]), int(match[2]) + 1)}
    return _measure(word)


def _measure(word: str) -> dict[str, Any] | None:
    if word in MEASURE_WORDS:
        return {"variable": MEASURE_WORDS[word]}
    if _THOUSAND.fullmatch(word):
        return {"scale": 1000.0}
    if word in _SHARES or _SHARE_OF.fullmatch(word):
        return {"share": True}
    if (scope := scope_of(word)) is not None:
        return scope
    match = _BRACKETS.search(word)
    if match is None:
        return None
    unit, rest = _measure_or_unit(match[1] or match[2] or match[3] or ""), _measure_or_unit(word[: match.start()])
    return None if unit is None or rest is None else {**unit, **rest}


def _measure_or_unit(word: str) -> dict[str, Any] | None:
    return {} if word in _UNITS or word in TOTAL_WORDS or word == "personen" else _measure(word)
