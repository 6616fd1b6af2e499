"""Titles that count only some people: one nationality or sex is taken over, anything else is refused.

A sheet "Ausländer 2023" with columns for men and women would otherwise pass for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL, label
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.words import nationality_of, sex_of

_RULES = {"sex": sex_of, "nationality": nationality_of}
_WORD = re.compile(r"[a-zäöüß]{4,}(?:-[a-zäöüß]+)?")
_AGE = re.compile(
    r"\b(?:ab|unter|über|bis) \d{1,3} jahren?\b|\b\d{1,3}(?: bis (?:unter )?| ?[-–] ?)\d{1,3} jahren?\b|"
    r"\b\d{1,3} jahren? und (?:älter|mehr)\b|\b\d{1,3}-jährig"
)
#: Not persons, or not all of them, or no count at all.
_OTHER = re.compile(
    r"\b(?:je 1[ .]?000|veränderung|zunahme|abnahme|\w*saldo|durchschnittsalter|\w*dichte|\w*quote|anteile?|prozent|"
    r"haushalte|arbeitslose|leistungsempfänger\w*|ledige|verheiratete|(?:nur|mit) nebenwohn\w*|"
    r"(?<!ohne )(?<!nach )migrationshintergrund)\b"
)


def groups_in(document: Document, titles: Sequence[str]) -> dict[str, str]:
    """The one sex or nationality that titles and sheet name speak of, for a table that is not split by it.

    >>> from zwkprognose.tables.files.document import Document
    >>> groups_in(Document("a.xlsx", "", [], [], sheet="Ausländer 2023"), ["Einwohner nach Stadtteilen"])
    {'nationality': 'foreign'}
    >>> groups_in(Document("a.xlsx", "", [], []), ["Deutsche und Ausländer, Frauen und Männer"])
    {}
    """
    said = _WORD.findall(" ".join((*titles, document.sheet)).casefold())
    words = {form for word in said for form in _forms(word)}
    found = {name: {value for word in words if (value := rule(word))} - {TOTAL} for name, rule in _RULES.items()}
    return {name: min(values) for name, values in found.items() if len(values) == 1}


def _forms(word: str) -> tuple[str, ...]:
    """The word, and without the ending of the dative; "deutsch" and "deutschen" may be said of anything."""
    return () if word in ("deutsch", "deutschen") else (word, word.removesuffix("n"))


def said_groups(groups: dict[str, str]) -> tuple[str, ...]:
    """A note that the titles narrowed the table."""
    return tuple(f"Nach der Überschrift nur: {label(name, value)}." for name, value in groups.items())


def refuse_other_titles(
    document: Document, titles: Sequence[str], groups: Sequence[dict[str, Any]], *, by_age: bool
) -> None:
    """Raise :class:`TableError` for titles about something other than counts of all persons.

    ``groups`` are those of the columns; what columns say of themselves, titles need not say. ``by_age`` tells
    whether the table is split by age.
    """
    text = " ".join((*titles, document.sheet)).casefold()
    columns_say = all("variable" in group for group in groups) or any("share" in group for group in groups)
    match = (None if columns_say else _OTHER.search(text)) or (None if by_age else _AGE.search(text))
    if match is not None:
        raise TableError(
            f"{document.label}: Die Überschrift spricht von „{match[0]}“; damit sind nicht alle Einwohner gezählt.",
            remedy="Gebraucht werden Anzahlen aller Personen. Ist das doch so, formulieren Sie die Überschrift um.",
        )
