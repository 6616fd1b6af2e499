"""What rows for several areas together are called."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zwkprognose.tables.words import TOTAL_WORDS, plain

#: "I" and "Z" are totals of other things; an area may be called so, and "Alle" is a village.
_TOTAL_AREAS = (TOTAL_WORDS - {"i", "z", "alle"}) | {
    "stadt insgesamt", "gesamtstadt", "stadt gesamt", "insgesamt (stadt)", "stadt zusammen", "stadtgebiet insgesamt",
    "gesamtes stadtgebiet", "alle gebiete", "alle stadtteile", "alle stadtbezirke", "alle bezirke", "alle ortsteile",
    "alle quartiere", "alle gemeinden", "stadt insg.", "stadt ges.", "stadt zus.",
}  # fmt: skip
#: "Bezirk Mitte zusammen", "Summe Nord", "Altstadt Ergebnis": neighbouring areas together.
_SUBTOTAL_WORDS = frozenset(
    {"zusammen", "insgesamt", "gesamt", "summe", "zwischensumme", "ergebnis", "insg.", "insg", "zus.", "zus", "ges.",
     "σ", "∑"}
)  # fmt: skip
#: What a whole town or district may be called, and one of several areas as well: the numbers decide.
_WHOLE_WORDS = frozenset(
    {"stadt", "stadtgebiet", "gemeinde", "landkreis", "kreis", "samtgemeinde", "verbandsgemeinde", "bezirk",
     "stadtbezirk", "land", "region", "gesamtstadt", "alle"}
)  # fmt: skip


def is_area_total(name: str) -> bool:
    """Whether a label names all areas together.

    >>> is_area_total("Insg."), is_area_total("Stadt insgesamt:"), is_area_total("Stadt Auental"), is_area_total("Alle")
    (True, True, False, False)
    """
    word = plain(name).strip(" :=*")
    return word in _TOTAL_AREAS


def is_subtotal(name: str) -> bool:
    """Whether a label is named like a sum of some areas.

    >>> is_subtotal("Bezirk Mitte zusammen"), is_subtotal("Mitte"), is_subtotal("Gesamtschulviertel")
    (True, False, False)
    """
    words = plain(name).strip(" :=*").split()
    return len(words) > 1 and not is_area_total(name) and not _SUBTOTAL_WORDS.isdisjoint((words[0], words[-1]))


def may_be_total(name: str, titles: Sequence[str] = ()) -> bool:
    """Whether a label may name the whole: "Stadt Auental", "Alle", or the name of the town that titles speak of.

    >>> may_be_total("Stadt Auental"), may_be_total("Auental", ["Einwohner in Auental am 31.12.2023"])
    (True, True)
    >>> may_be_total("Oberdorf", ["Einwohner in Auental"]), may_be_total("Alle")
    (False, True)
    """
    words = plain(name).split()
    said = f" {plain(' '.join(titles))} ".replace(",", " ").replace(":", " ")
    return bool(words) and (words[0] in _WHOLE_WORDS or f" {' '.join(words)} " in said)


#: "nachrichtlich: …", "darunter …", "Vorjahr", "Veränderung in %": what such a row counts is no area.
_BESIDE = re.compile(
    r"(?:nachrichtlich|nachr\.|dagegen|zum vergleich|vergleich|darunter|dar\.|davon|ausserdem|vorjahr\w*|stand|"
    r"\w*veränderung\w*|\w*anteile?|\w*durchschnitt\w*|mittelwert|median|differenz|abweichung|\w*saldo|zunahme|abnahme|"
    r"zuwachs|rückgang|\w*haushalte|\w*index|messzahl|nebenwohn\w*|zweitwohn\w*|\w*dichte|je|pro|in %|%)(?!\w).*"
)


def stands_beside(name: str) -> bool:
    """Whether a label among names of areas is said of something else.

    >>> [stands_beside(name) for name in ("nachrichtlich: Nebenwohnsitze", "Veränderung in %", "dagegen 2022")]
    [True, True, True]
    >>> stands_beside("Standberg"), stands_beside("Oberdorf"), stands_beside("12")
    (False, False, False)
    """
    return _BESIDE.fullmatch(plain(name)) is not None


#: Persons or moves that are booked under no area.
_UNPLACED = re.compile(
    r"(?:nicht|ohne|keine?[rn]?|un)\s?(?:zu|be|an)?\S*(?:zuordn\w*|zugeordnet\w*|zuzuordnen\w*|ordenbar\w*|kannt\w*|"
    r"angaben?|adresse|anschrift|gebiet|quartier|stadtteil|ortsteil|lokalisier\w*|verortbar\w*)"
)


def is_unplaced(name: str) -> bool:
    """Whether a label is for those who are booked under no area.

    >>> [is_unplaced(name) for name in ("nicht zuzuordnen", "ohne Angabe", "unbekannt", "Unterdorf")]
    [True, True, True, False]
    """
    return _UNPLACED.fullmatch(plain(name).strip("() .")) is not None
