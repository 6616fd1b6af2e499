"""Moves by where they come from and go to: across the border of the town, which is asked for, or within it.

Moves within the town count only with origin and destination (a square of moves); printed as sums they are set aside. A
plain „Zuzüge“ beside „Binnenzuzüge“ may hold these or not: then it is asked.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.words import MEASURE_WORDS, measures_in, plain

_PLACE = (
    r"(?:gesamt|kern|hanse|landeshaupt|kreis)?(?:stadt|gemeinde|kommune|kreis(?:es)?|landkreis(?:es)?|"
    r"(?:stadt|gemeinde|kreis)gebiet(?:e?s)?|ort(?:e?s)?|region|samtgemeinde|verbandsgemeinde)"
)
_PLACES = rf"(?:(?:des |der |unserer? )?{_PLACE})"
_PARTS = (
    r"(?:stadt|orts|gemeinde|stadtbezirks)teile?n?|(?:stadt|orts)?bezirke?n?|(?:stadt)?quartiere?n?|"
    r"(?:stadt|orts)?vierteln?|(?:stadt)?gebiete?n?|ortschaften"
)
_BORDER = r"(?:stadt|gemeinde|kreis|stadtgebiets|orts)[- ]?grenzen?"
_OUTSIDE = re.compile(
    rf"(?:von|nach|aus|v\.)? ?(?:ausserhalb|auswärts|aussen)(?: (?:von )?{_PLACES})?|"
    rf"über (?:die |deren )?{_BORDER}(?: hin(?:weg|aus))?|über (?:die )?grenzen? {_PLACES}|"
    r"von/nach ausserhalb|auswärtige[rsn]?|externe?[rsn]?|aussenwanderung(?:en)?|aussen"
)
_WITHIN = re.compile(
    rf"innerhalb(?: (?:von )?{_PLACES})?|(?:im|in der|in der gesamten) {_PLACE}|"
    rf"(?:aus|von|in|nach|zwischen) (?:den |einem |einen )?(?:anderen?|übrigen?|andere[mrs]) (?:{_PARTS})"
    rf"(?: {_PLACES})?|"
    rf"innerhalb (?:des|eines|desselben|der) (?:{_PARTS})s?|(?:aus dem|in das|ins) (?:stadt|gemeinde)gebiet|"
    rf"zwischen (?:den |verschiedenen )?(?:{_PARTS})(?: {_PLACES})?|"
    r"inner(?:städtisch|örtlich|gemeindlich|kommunal)e?[rsn]?|interne?[rsn]?|(?:binnen|innen)wanderung(?:en)?|binnen"
)
_COMPOUND = re.compile(r"(?P<scope>aussen|binnen)-?(?P<move>[a-zäöü]+)")
#: Fixed words for moves within: "Umzüge", "Binnenumzüge".
_MOVES = re.compile(r"(?:binnen)?umzüge|(?:binnen)?umzug|umgezogene|wohnungswechsel|ortsumzüge")
#: What stands above them and says no direction.
_NOUN = re.compile(
    r"^(?:wanderung(?:en|s(?:bewegung|fälle)(?:en)?)?|bewegung(?:en)?|(?:räumliche )bevölkerungsbewegung)\b ?"
)
_DIRECTED = ("in_moves", "out_moves")
_SPLIT = ("variable", "sex", "nationality", "age", "year")
_QUARTERS = re.compile(rf"(?:{_PARTS})\b")
_WHOLE_KREIS = re.compile(r"kreisfrei|stadtkreis|gemeinden|kreisangehörig")

_ADVICE_WITHIN = (
    "Umzüge innerhalb gehen nur mit Herkunft und Ziel in die Rechnung ein: eine Umzugsmatrix „von \\ nach“, oder die "
    "einfache Tabelle mit ereignis „umzuege“ und der Spalte „ziel“. Für Zuzüge und Fortzüge die Zahlen über die Grenze "
    "der Stadt verwenden („Zuzüge von außerhalb“)."
)


def scope_of(word: str) -> dict[str, Any] | None:
    """What a plain heading says of moves; ``None`` if nothing.

    >>> scope_of("von ausserhalb der stadt"), scope_of("über die stadtgrenze"), scope_of("aus anderen stadtteilen")
    ({'scope': 'outside'}, {'scope': 'outside'}, {'scope': 'within'})
    >>> scope_of("binnenzuzüge"), scope_of("umzüge"), scope_of("aus dem ausland"), scope_of("stadtgrenze")
    ({'variable': 'in_moves', 'scope': 'within'}, {'variable': 'moves', 'scope': 'within'}, None, None)
    """
    if _MOVES.fullmatch(word):
        return {"variable": "moves", "scope": "within"}
    for scope, pattern in (("outside", _OUTSIDE), ("within", _WITHIN)):
        if pattern.fullmatch(_NOUN.sub("", word, count=1) or word):
            border = {"border": "kreis"} if "kreis" in word and scope == "outside" else {}
            return {"scope": scope, **border}
    match = _COMPOUND.fullmatch(word)
    variable = MEASURE_WORDS.get(match["move"]) if match else None
    if match is None or variable not in _DIRECTED:
        return None
    return {"variable": variable, "scope": "outside" if match["scope"] == "aussen" else "within"}


def leads_to_moves(word: str) -> bool:
    """Whether a heading only says that those below it are moves."""
    return _NOUN.fullmatch(word) is not None


def refuse_other_moves(
    document: Document, headings: Mapping[int, str], figures: Mapping[int, Mapping[str, Any]]
) -> None:
    """Raise :class:`TableError` where it is not certain which moves a column counts, or all of them are within."""
    for column, group in figures.items():
        name = f"„{headings[column]}“"
        if "scope" in group and group.get("variable") not in (*_DIRECTED, "moves"):
            raise TableError(
                f"{document.label}: Die Spaltenüberschrift {name} sagt nicht, ob sie Zuzüge oder Fortzüge zählt.",
                remedy="„Zuzüge von außerhalb“ oder „Fortzüge nach außerhalb“ darüberschreiben; einen Saldo so nennen.",
            )
        said = plain(" ".join(field for row in document.head for field in row))
        if group.get("border") and _QUARTERS.search(said) and not _WHOLE_KREIS.search(said):
            raise TableError(
                f"{document.label}: {name} zählt nicht, wer innerhalb des Kreises in die Stadt oder aus ihr zieht.",
                remedy="Gebraucht werden die Zuzüge und Fortzüge über die Stadtgrenze. Ist die Stadt kreisfrei, "
                "„Stadtgrenze“ schreiben.",
            )
        within = next((c for c, other in figures.items() if _is_part(group, other, "within")), None)
        if within is not None and not any(_is_part(group, other, "outside") for other in figures.values()):
            raise TableError(
                f"{document.label}: Ob {name} die Umzüge innerhalb („{headings[within]}“) enthält, ist nicht sicher.",
                remedy="Zählt die Spalte nur, wer von außerhalb kommt oder nach außerhalb zieht, „von außerhalb“ oder "
                "„nach außerhalb“ darüberschreiben; sonst die Umzüge innerhalb abziehen.",
            )


def _is_part(group: Mapping[str, Any], other: Mapping[str, Any], scope: str) -> bool:
    """Whether another column counts the same moves, but only those across the border or within."""
    same = all(group.get(key) == other.get(key) for key in _SPLIT)
    return group.get("variable") in _DIRECTED and "scope" not in group and other.get("scope") == scope and same


def moves_apart(
    document: Document,
    titles: Sequence[str],
    headings: Mapping[int, str],
    figures: Mapping[int, dict[str, Any]],
) -> tuple[dict[int, dict[str, Any]], dict[int, tuple[str, str]]]:
    """Figures that are read, and columns of moves that are set aside → heading and why: those within, sums of both.

    Raises :class:`TableError` where it is not certain which moves a column counts, or where all are within.
    """
    counted = measures_in(" ".join((*titles, document.sheet))) & {*_DIRECTED}
    if len(counted) == 1:  # "Zuzüge 2023" above columns "von außerhalb", "innerhalb der Stadt"
        figures = {c: {"variable": min(counted), **g} if "scope" in g else g for c, g in figures.items()}
    refuse_other_moves(document, headings, figures)
    within = [column for column, group in figures.items() if group.get("scope") == "within"]
    sums = [c for c, group in figures.items() if any(_is_part(group, other, "outside") for other in figures.values())]
    apart = dict.fromkeys(within, "Umzüge innerhalb gehen nur mit Herkunft und Ziel in die Rechnung ein")
    apart |= dict.fromkeys(sums, "Gerechnet wird mit den Zuzügen und Fortzügen von und nach außerhalb daneben")
    if within and len(apart) == len(figures):
        raise TableError(
            f"{document.label}: Die Tabelle zählt nur Umzüge innerhalb („{headings[within[0]]}“).",
            remedy=_ADVICE_WITHIN,
        )
    kept = {
        column: {key: value for key, value in group.items() if key not in ("scope", "border")}
        for column, group in figures.items()
        if column not in apart
    }
    return kept, {column: (headings[column], apart[column]) for column in sorted(apart)}


#: "Umzüge innerhalb der Stadt", "Binnenwanderung": what is below such a title does not come from outside.
_TITLE_WITHIN = re.compile(
    r"\b(?:binnen\w*|umz[uü]ge?n?|inner(?:städtisch|örtlich|gemeindlich)\w*|"
    rf"(?:wanderung\w*|zuzüge|fortzüge) (?:{_WITHIN.pattern}))\b"
)
_TITLE_MOVES = re.compile(r"zuz[uü]g|zugezogen|fortz[uü]g|wegz[uü]g|fortgezogen|weggezogen|wanderung")


def refuse_titles_within(document: Document, titles: Sequence[str], variables: Collection[str]) -> None:
    """Raise :class:`TableError` for in- and out-moves that only a title tells to be within the town."""
    text = plain(" ".join((*titles, document.sheet)))
    match = _TITLE_WITHIN.search(text)
    rest = _TITLE_WITHIN.sub(" ", text)
    directed = not set(_DIRECTED).isdisjoint(variables) or not any(variables)
    if directed and match and not document.options.trusted and not _TITLE_MOVES.search(rest):
        own = re.search(re.escape(match[0]), " ".join((*titles, document.sheet)), re.IGNORECASE)
        raise TableError(
            f"{document.label}: Die Überschrift spricht von „{(own or match)[0]}“; Zuzüge und Fortzüge darunter "
            "wären Umzüge innerhalb.",
            remedy=_ADVICE_WITHIN,
        )


def without_scopes(title: str) -> str:
    """A title of moves without the words that say where from and where to."""
    return title if not _TITLE_MOVES.search(plain(title)) else _TITLE_SCOPE.sub(" ", title)


_TITLE_SCOPE = re.compile(
    rf"\b(?:von|nach|aus) (?:au(?:ß|ss)erhalb|auswärts|au(?:ß|ss)en)(?: (?:von )?{_PLACES})?\b|"
    rf"\büber (?:die )?Grenzen? {_PLACES}\b",
    re.IGNORECASE,
)
