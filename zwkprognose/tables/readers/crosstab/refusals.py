"""Headings that a crosstab may not have, each with its own advice."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zwkprognose.errors import TableError
from zwkprognose.tables.areas.keys import is_date
from zwkprognose.tables.dates import stated_dates
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.words import MONTHS, OTHER_SEXES, plain

_ADVICE = (
    (MONTHS, "Gebraucht werden Zahlen des ganzen Jahres: die Jahressumme behalten und die Monate löschen."),
    (
        OTHER_SEXES,
        "Gerechnet wird mit männlich und weiblich. Diese Personen wie die amtliche Statistik einem der beiden zuordnen "
        "und die Spalte löschen.",
    ),
)
_PART_OF_MOVES = re.compile(r"zuz[uü]g|zugezogen|fortz[uü]g|wegz[uü]g|fortgezogen|weggezogen|wanderung")
_GENERAL = (
    "Verstanden werden Wörter wie männlich, Deutsche, 0 bis 5, 2024 oder insgesamt. Spalten, die keine Anzahlen von "
    "Personen enthalten, und Überschriften, die nur gliedern, löschen. Stehen Gebiete nebeneinander, in die Ecke "
    "darüber „Stadtteil“ schreiben oder Zeilen und Spalten vertauschen."
)


def not_understood(document: Document, label: str) -> TableError:
    """The error for a heading that is not understood.

    >>> from zwkprognose.tables.files.document import Document
    >>> "ganzen Jahres" in not_understood(Document("a.csv", "", [], []), "Januar").remedy
    True
    """
    said = " ".join(label.split())
    is_other = any(stated.kind == "other" for stated in stated_dates(label))
    if plain(label) not in MONTHS and (is_other or is_date(said)):
        return TableError(
            f"{document.label}: Die Spaltenüberschrift „{said}“ nennt kein Jahresende.",
            remedy="Gebraucht werden Bestände vom 31.12. (oder vom 1.1. danach) und Bewegungen ganzer Jahre; andere "
            "Spalten löschen. Hat ein Tabellenprogramm eine Altersgruppe wie „1-10“ in ein Datum umgewandelt, sie als "
            "Text neu eintragen („1 bis 10“).",
        )
    if _PART_OF_MOVES.search(plain(label)):
        return TableError(
            f"{document.label}: Die Spaltenüberschrift „{said}“ ist nicht zu verstehen; sie nennt vielleicht nur einen "
            "Teil der Zuzüge oder Fortzüge.",
            remedy="Gebraucht werden alle Zuzüge und Fortzüge über die Grenze der Stadt. Ihre Spalte „Zuzüge von "
            "außerhalb“ oder „Fortzüge nach außerhalb“ nennen und die Spalten für Teile löschen.",
        )
    advice = next((text for words, text in _ADVICE if plain(label) in words), _GENERAL)
    return TableError(f"{document.label}: Die Spaltenüberschrift „{said}“ ist nicht zu verstehen.", remedy=advice)


#: Dimensions of tables that are no areas and no dimension of the model; a table split by them counts parts of people.
_OTHER_DIMENSION = re.compile(
    r"familienstand|religion|konfession|monat|quartal|haushalts\w*|personen im haushalt|herkunft\w*|geburtsland|"
    r"staat|staaten|wohndauer|zuzugsjahr|wohnform|bildung\w*|beruf\w*|migration\w*|indikator|merkmal|kategorie|messgröße|kennzahl|"
    r"einheit|art|typ|status|anmerkung|bemerkung|hinweis|fußnote|quelle"
)
_VARIANT = re.compile(r"variante[n]?|szenario|szenarien|szenarios|vorausberechnung\w*|prognose\w*|projektion\w*")


def other_dimension(document: Document, label: str, content: Sequence[str]) -> TableError | None:
    """The error for a column of labels that splits people by something else; ``None`` for names of areas.

    A column that says the same in every row splits nobody.

    >>> from zwkprognose.tables.files.document import Document
    >>> other_dimension(Document("a.csv", "", [], []), "Variante", ["untere", "obere"]).message.split(": ")[1][:8]
    'Die Spal'
    """
    values = list(dict.fromkeys(value for value in content if value))
    word = plain(label)
    if _VARIANT.fullmatch(word) or any(_VARIANT.search(plain(value)) for value in values):
        return TableError(
            f"{document.label}: Die Spalte „{label}“ unterscheidet Varianten einer Vorausberechnung "
            f"({', '.join(values[:3])}); das ist kein Bestand.",
            remedy="Gebraucht werden gezählte Einwohner. Eine amtliche Vorausberechnung gehört als Eckwert in ein "
            "Szenario.",
        )
    if len(values) < 2 or not _OTHER_DIMENSION.fullmatch(word):
        return None
    return TableError(
        f"{document.label}: Die Spalte „{label}“ teilt die Personen nach etwas anderem auf ({', '.join(values[:3])}).",
        remedy="Gebraucht werden Gebiet, Jahr, Geschlecht, Staatsangehörigkeit und Alter. Die Zahlen über diese Spalte "
        "summieren und die Spalte löschen.",
    )
