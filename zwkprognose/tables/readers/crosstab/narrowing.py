"""Titles that count only some people: one nationality or sex is taken over, anything else is refused.

A sheet "Ausländer 2023" with columns for men and women would otherwise pass for everybody.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL, label
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.readers.crosstab.title_words import RESTRICTING, TRUSTED, refuse_odd_words
from zwkprognose.tables.words import nationality_of, sex_of

#: "Nationalität (deutsch/nichtdeutsch)" names how a table is split, and no group.
_EACH = re.compile(
    r"deutsche?n?\s?(?:/|,|und|oder|u\.)\s?(?:nicht-?deutsch\w*|ausländ\w*)|"
    r"(?:nicht-?deutsch\w*|ausländ\w*)\s?(?:/|,|und|oder|u\.)\s?deutsche?n?\b"
)
#: "deutscher Staatsangehöriger"; of other things, such as towns, German may be said too.
_GERMANS = re.compile(r"deutsche[rn] (?=einwohner|staats|personen|bevölkerung|mütter|frauen|männer|bürger)")
_RULES = {"sex": sex_of, "nationality": nationality_of}
_WORD = re.compile(r"[a-zäöüß]{4,}(?:-[a-zäöüß]+)?")
_NUMBER = r"\d{1,3}(?:-?jährige[rn]?| jahren?)?"
#: "im Alter von 18 und älter", "ab 65 Jahren", "unter 3-Jährige", unless they follow "nach Altersgruppen".
_AGE = re.compile(
    rf"\b(?:ab|unter|über|bis) \d{{1,3}}(?:[- ]jährige[rn]?| jahren?)|"
    rf"\b\d{{1,3}}(?: jahren?)?(?:-? bis (?:unter )?| ?[-–] ?)\d{{1,3}}(?:[- ]jährige[rn]?| jahren?)|"
    rf"\b{_NUMBER} (?:und|u\.) (?:älter\w*|mehr|darüber)|\b\d{{1,3}}-jährig|\bim alter (?:von|ab|über|unter) {_NUMBER}"
)
_SPLIT_BY_AGE = re.compile(r"nach \w*\s?\w*\s?(?:alter|lebens)|altersgruppen|altersjahre|altersklassen")


def groups_in(document: Document, titles: Sequence[str]) -> dict[str, str]:
    """The one sex or nationality that titles and sheet name speak of, for a table that is not split by it.

    >>> from zwkprognose.tables.files.document import Document
    >>> groups_in(Document("a.xlsx", "", [], [], sheet="Ausländer 2023"), ["Einwohner nach Stadtteilen"])
    {'nationality': 'foreign'}
    >>> groups_in(Document("a.xlsx", "", [], []), ["Deutsche und Ausländer, Frauen und Männer"])
    {}
    """
    text = _GERMANS.sub("deutsche ", _EACH.sub(" ", " ".join((*titles, document.sheet)).casefold()))
    said = _WORD.findall(text)
    words = {form for word in said for form in _forms(word)}
    found = {name: {value for word in words if (value := rule(word))} - {TOTAL} for name, rule in _RULES.items()}
    return {name: min(values) for name, values in found.items() if len(values) == 1}


def _forms(word: str) -> tuple[str, ...]:
    """The word, and without the endings of its cases; "deutsch" and "deutschen" may be said of anything."""
    if word in ("deutsch", "deutschen", "deutscher", "deutsches"):
        return ()
    return (word, *(word.removesuffix(ending) for ending in "nrs" if word.endswith(ending)))


def said_groups(groups: dict[str, str]) -> tuple[str, ...]:
    """A note that the titles narrowed the table."""
    return tuple(f"Nach der Überschrift nur: {label(name, value)}." for name, value in groups.items())


def refuse_other_titles(
    document: Document, titles: Sequence[str], groups: Sequence[dict[str, Any]], names: Collection[str]
) -> None:
    """Raise :class:`TableError` for titles about something other than counts of all persons.

    ``groups`` are those of the columns: where every column says what it counts, titles may speak of shares and
    balances too. ``names`` are words that are names of areas.
    """
    columns_say = all("variable" in group for group in groups) or any("share" in group for group in groups)
    refuse_odd_words(document, titles, names, RESTRICTING[:1] if columns_say else RESTRICTING)
    if document.options.trusted:
        return
    for title in (*titles, document.sheet):
        match = _AGE.search(title.casefold())
        if match is not None and not _SPLIT_BY_AGE.search(title.casefold()[: match.start()]):
            raise TableError(
                f"{document.label}: Die Überschrift spricht von „{match[0]}“; damit sind nicht alle Personen gezählt.",
                cells=[{"text": title}],
                remedy=f"Gebraucht werden Anzahlen aller Personen. {TRUSTED}",
            )
