"""Ages in every wording of German tables, stored half-open as ``[from, to)``.

``20-24`` and ``20 bis 24 Jahre`` end inclusively, ``20 bis unter 25`` does not, and ``20 - 25`` can only be
told from its neighbours: ``3 - 6`` beside ``6 - 10`` is exclusive, ``3-5`` beside ``6-9`` inclusive.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Literal

from zwkprognose.tables.words import TOTAL_WORDS, plain

#: Half-open ages; ``None`` as upper end is open.
Age = tuple[int, int | None]
Upper = Literal["inclusive", "exclusive"]

ALL_AGES: Age = (0, None)
UNKNOWN_AGE_WORDS = frozenset(
    {"unbekannt", "unbek.", "o. a.", "alter unbekannt", "ohne angabe", "age unknown", "unknown"}
)

_UNIT = r"(?:\s*(?:jahre?n?|j\.?|years?))?"
_OPEN = (
    r"(?:(?:und|u\.|oder|&) ?(?:mehr|älter(?:e[rn]?)?|aelter|darüber|höher)|u\. ?m\.?|u\. ?ä(?:lt)?\.?|plus|\+|"
    r"ff\.?|(?:and|or) (?:over|older))"
)
_UNDER = r"(?:(?:unter|under|jünger als|u\.?) ?|< ?)"
_TO = r"(?:bis|to|b\.|-|–|—|−)"
_INCLUDED = r"(?:einschl(?:\.|ießlich)|inkl(?:\.|usive)) ?"
_N = r"([0-9]{1,3})"
#: "18- bis 64-Jährige": the word says no more than the numbers.
_YEAR_OLDS = re.compile(r"[- ]*jährigen?r?(?![a-zäöüß])")
_HANGING = re.compile(r"(?<=\d)-(?= (?:bis|und|u\.))")
#: "im Alter von 18 bis unter 25 Jahren", "Altersgruppe 0-17", "darunter unter 6", "bis zu 17".
_LEADING = re.compile(
    r"(?:(?:davon|darunter|dar\.|und zwar):? )?(?:im )?(?:alter |alters(?:gruppe|klasse):? )?(?:von |zwischen )?"
    r"(?=\d|unter|über|ueber|bis|ab|<|>|≥|\[)"
)
_NO_MORE = re.compile(r"(?<=bis )zu (?=\d)|(?<=jahre) alt$|(?<=jahren) alt$")
_BETWEEN = re.compile(r"(?<=\d) und (?=\d)")
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Age]], ...] = (
    (re.compile(rf"(?:0 )?(?:bis )?{_UNDER}{_N}{_UNIT}"), lambda m: (0, int(m[1]))),
    (re.compile(rf"{_N}(?:{_UNIT} ?){_TO}? ?{_UNDER}{_N}{_UNIT}"), lambda m: (int(m[1]), int(m[2]))),
    (re.compile(rf"{_N}(?:{_UNIT} ?){_TO} ?{_INCLUDED}{_N}{_UNIT}"), lambda m: (int(m[1]), int(m[2]) + 1)),
    (re.compile(rf"{_N}{_UNIT}\s*{_OPEN}(?:{_UNIT})(?: und älter)?"), lambda m: (int(m[1]), None)),
    (re.compile(rf"(?:ab|>=|≥) ?{_N}{_UNIT}(?: an)?(?: {_OPEN})?"), lambda m: (int(m[1]), None)),
    (re.compile(rf"(?:älter als|aelter als|mehr als|über|ueber|>) ?{_N}{_UNIT}"), lambda m: (int(m[1]) + 1, None)),
    (re.compile(r"(?:unter|vor) (?:einem|dem ersten|dem 1\.) (?:lebens)?jahr"), lambda m: (0, 1)),
    (re.compile(rf"{_N}{_UNIT} und jünger(?:e[rn]?)?"), lambda m: (0, int(m[1]) + 1)),
    (re.compile(rf"{_N}{_UNIT}"), lambda m: (int(m[1]), int(m[1]) + 1)),
)
_RANGE = re.compile(rf"(?:{_N}{_UNIT}\s*(?:{_TO}|_)|bis)\s*{_N}{_UNIT}")
#: As R and pandas cut: "[18,65)"; the bracket at its end is no mark of a footnote.
_INTERVAL = re.compile(rf"\[{_N}, ?(?:{_N}\)|(?:[Ii]nf|∞)[\])])")
_CODE = re.compile(r"ALT([0-9]{3})(?:B([0-9]{2,3}|XXX)|(UM))?")


def parse_age(text: str, upper: Upper = "inclusive") -> Age | None:
    """One age label; ``None`` if it is not one.

    >>> parse_age("20 bis unter 25 Jahre"), parse_age("20-24"), parse_age("90 u. m."), parse_age("unter 1 Jahr")
    ((20, 25), (20, 25), (90, None), (0, 1))
    >>> parse_age("3 - 6", upper="exclusive"), parse_age("Insgesamt"), parse_age("Mitte") is None
    ((3, 6), (0, None), True)
    >>> parse_age("18 - < 21"), parse_age("bis 2 Jahre"), parse_age("80 plus"), parse_age("älter als 64")
    ((18, 21), (0, 3), (80, None), (65, None))
    >>> parse_age("über 64"), parse_age("Über 80 Jahre")
    ((65, None), (81, None))
    >>> parse_age("Unter 18-Jährige"), parse_age("18- bis 64-Jährige"), parse_age("65-Jährige und Ältere")
    ((0, 18), (18, 65), (65, None))
    >>> parse_age("17 und jünger"), parse_age("18 b. u. 65"), parse_age("[18, 65)"), parse_age("darunter unter 6 Jahre")
    ((0, 18), (18, 65), (18, 65), (0, 6))
    """
    if match := _INTERVAL.fullmatch(text.strip()):
        return _forward((int(match[1]), int(match[2]) if match[2] else None))
    words = _numbers_said(text)
    if words in TOTAL_WORDS:
        return ALL_AGES
    words = words.replace("_", " ")
    for pattern, build in _RULES:
        if match := pattern.fullmatch(words):
            return _forward(build(match))
    if match := _RANGE.fullmatch(words) or _RANGE.fullmatch(_numbers_said(text)):
        return _forward((int(match[1] or 0), int(match[2]) + (upper == "inclusive")))
    return None


def _numbers_said(text: str) -> str:
    """A label without the words around its numbers.

    >>> _numbers_said("18- bis 64-Jährige"), _numbers_said("im Alter von 65 Jahren und älter")
    ('18 bis 64', '65 jahren und älter')
    """
    words = _NO_MORE.sub("", _HANGING.sub("", _YEAR_OLDS.sub("", plain(text)).strip())).strip()
    led = _LEADING.match(words)
    if led is None or not led[0]:
        return words
    return _BETWEEN.sub(" bis ", words[led.end() :]) if "zwischen" in led[0] else words[led.end() :]


def _forward(age: Age) -> Age | None:
    """The age, unless it ends before it begins."""
    return age if age[1] is None or age[0] < age[1] else None


def is_range(text: str) -> bool:
    """Whether a label is a pair of numbers that does not say if its end is included."""
    return bool(_RANGE.fullmatch(_numbers_said(text)))


def range_end(labels: Iterable[str]) -> Upper | None:
    """How the pairs in a set of labels end; ``None`` if the set does not tell.

    >>> range_end(["unter 3", "3 - 6", "6 - 10"]), range_end(["0-4", "5-9"]), range_end(["3 - 6"]) is None
    ('exclusive', 'inclusive', True)
    """
    pairs = [match.groups() for match in map(_RANGE.fullmatch, map(_numbers_said, labels)) if match]
    starts = {int(start or 0) for start, _ in pairs} | {age[0] for age in _open_ends(labels)}
    ends = {int(end) for _, end in pairs}
    touching, stepping = len(ends & starts), len({end + 1 for end in ends} & starts)
    if touching == stepping:
        return None
    return "exclusive" if touching > stepping else "inclusive"


def parse_age_code(code: str, label: str = "") -> Age | None:
    """An age attribute of GENESIS or Zensus; the label decides what ``B`` means, the code must not contradict.

    >>> parse_age_code("ALT015B20", "15 bis unter 20 Jahre"), parse_age_code("ALT010B019", "10 bis 19 Jahre")
    ((15, 20), (10, 20))
    >>> parse_age_code("ALT090UM"), parse_age_code("ALT080BXXX"), parse_age_code("ALT007")
    ((90, None), (80, None), (7, 8))
    """
    match = _CODE.fullmatch(code.strip())
    said = parse_age(label) if label else None
    if match is None:
        return said
    coded = _coded_ages(match)
    if said is None:
        return coded[0] if len(coded) == 1 else None
    return said if said in coded else None


def _coded_ages(match: re.Match[str]) -> list[Age]:
    start = int(match[1])
    if match[3] or match[2] == "XXX":
        return [(start, None)]
    if match[2] is None:
        return [(start, start + 1)]
    end = int(match[2])
    # Two digits exclude the end (GENESIS), three include it (Zensus 2022); only a label can overrule.
    return [(start, end)] if len(match[2]) == 2 else [(start, end + 1)]


def _open_ends(labels: Iterable[str]) -> list[Age]:
    ages = (parse_age(label) for label in labels if not is_range(label))
    return [age for age in ages if age is not None and age != ALL_AGES]
