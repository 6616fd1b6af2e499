"""Headings that a crosstab may not have, each with its own advice."""

from __future__ import annotations

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.words import MONTHS, OTHER_SEXES, plain

_ADVICE = (
    (MONTHS, "Gebraucht werden Zahlen des ganzen Jahres: Behalten Sie die Jahressumme und löschen Sie die Monate."),
    (
        OTHER_SEXES,
        "Gerechnet wird mit männlich und weiblich. Ordnen Sie diese Personen wie die amtliche Statistik einem der "
        "beiden zu und löschen Sie die Spalte.",
    ),
)
_GENERAL = (
    "Verwenden Sie Wörter wie männlich, Deutsche, 0 bis 5, 2024 oder insgesamt. Löschen Sie Spalten, die keine "
    "Anzahlen von Personen enthalten, und Überschriften, die nur gliedern. Stehen Gebiete nebeneinander, vertauschen "
    "Sie Zeilen und Spalten."
)


def not_understood(document: Document, label: str) -> TableError:
    """The error for a heading that is not understood.

    >>> from zwkprognose.tables.files.document import Document
    >>> "ganzen Jahres" in not_understood(Document("a.csv", "", [], []), "Januar").remedy
    True
    """
    said = " ".join(label.split())
    advice = next((text for words, text in _ADVICE if plain(label) in words), _GENERAL)
    return TableError(f"{document.label}: Die Spaltenüberschrift „{said}“ ist nicht zu verstehen.", remedy=advice)
