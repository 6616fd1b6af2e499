"""Titles that count only a part of the people, for formats whose titles may hold any other word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.readers.crosstab.title_words import TRUSTED, odd_words
from zwkprognose.tables.words import nationality_of, sex_of

_AGES = re.compile(
    r"(?:ab|über|unter) (?:dem )?\d{1,3}\b|\d{1,3} jahren? und (?:mehr|älter)|im alter von \d", re.IGNORECASE
)
_WORD = re.compile(r"[^\W\d_]{4,}")


def restricting_word(document: Document, titles: Sequence[str]) -> str:
    """The first word known to count fewer people or none, also a single sex or nationality; empty if there is none.

    >>> document = Document("a.px", "", [], [])
    >>> [restricting_word(document, [title]) for title in ("Ausländische Wohnbevölkerung", "Wahlberechtigte")]
    ['Ausländische', 'Wahlberechtigte']
    >>> restricting_word(document, ["Wohnbevölkerung nach Geschlecht, Deutsche und Ausländer"])
    ''
    """
    if document.options.trusted:
        return ""
    for title in titles:
        found = next((word for word, restricts in odd_words([title]) if restricts), "")
        ages = _AGES.search(title)
        for rule in (nationality_of, sex_of):
            said = {group: word for word in _WORD.findall(title) if (group := rule(word)) not in (None, "total")}
            found = found or (next(iter(said.values())) if len(said) == 1 else "")
        if found or ages:
            return found or (ages[0] if ages else "")
    return ""


def refuse_restricted(document: Document, titles: Sequence[str]) -> None:
    """Raise :class:`TableError` for a title that counts a part of the people."""
    word = restricting_word(document, titles)
    if word:
        raise TableError(
            f"{document.label}: Die Überschrift spricht von „{word}“; damit sind nicht alle Personen gezählt.",
            cells=[{"text": " ".join(titles)[:120]}],
            remedy=f"Gebraucht werden Anzahlen aller Personen oder aller Bewegungen. {TRUSTED}",
        )
