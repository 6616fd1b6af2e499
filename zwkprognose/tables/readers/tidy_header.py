"""The header of a tidy table: where it stands, and which column name was meant by a wrong one."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import replace

from zwkprognose.errors import TableError
from zwkprognose.german import listed
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.numbering import BARE, names_numbering
from zwkprognose.tables.words import DIMENSION_WORDS, MEASURE_WORDS, plain

COLUMN_NAMES = (
    "jahr", "gebiet", "name", "geschlecht", "staatsangehoerigkeit", "alter", "alter_von", "alter_bis",
    "ereignis", "ziel", "anzahl",
)  # fmt: skip
#: Columns without which there is no cell.
REQUIRED = ("jahr", "anzahl")
#: Names that no crosstab prints: with three others they make a row the header of a tidy table.
_OWN_NAMES = frozenset({"alter_von", "alter_bis", "ereignis", "ziel"})
_ENOUGH, _SEARCHED = 4, 20
_SPELLINGS = {"staatsangehörigkeit": "staatsangehoerigkeit", "nationalität": "staatsangehoerigkeit"}
#: What other tables call a column → the name here.
_ROLES = {
    "area": "gebiet", "area_name": "gebiet", "year": "jahr", "sex": "geschlecht",
    "nationality": "staatsangehoerigkeit", "age": "alter",
}  # fmt: skip
_COUNT_WORDS = frozenset({*MEASURE_WORDS, "wert", "zahl", "anz", "value", "menge"})


def header_row(rows: Sequence[Sequence[str]]) -> int | None:
    """Index of the header: the first row with ``jahr`` and ``anzahl``, or a row among the first that is ours alone."""
    if rows and set(REQUIRED) <= _names(rows[0]):
        return 0
    return next((i for i, row in enumerate(rows[:_SEARCHED]) if _is_header(_names(row))), None)


def below_titles(document: Document) -> tuple[Document, list[str], tuple[str, ...]]:
    """The document from its header on, the titles above it, and a German sentence that it does not begin at once."""
    at = header_row(document.rows) or 0
    rows = (" ".join(filter(None, map(str.strip, row))) for row in document.rows[:at])
    titles = [title for title in rows if title]
    below = replace(document, rows=document.rows[at:], lines=document.lines[at:])
    if not titles:
        return below, [], ()
    note = (
        f"{document.label}: Die Kopfzeile steht erst in Zeile {document.lines[at]}; als Überschrift gelesen ist, was "
        f"darüber steht („{titles[0][:60]}“)."
    )
    return below, titles, (note,)


def header_names(document: Document) -> list[str]:
    """Names of the columns in order.

    Raises
    ------
    TableError
        For a name that is not known (with the one that was probably meant), a name twice, or a missing column.
    """
    names = [_spelled(field) for field in document.rows[0]]
    while names and not names[-1]:
        names.pop()
    _refuse_unknown(document, names)
    if len(set(names)) < len(names):
        raise TableError(f"{document.label}: Eine Spalte kommt doppelt vor.", remedy="Die zweite löschen.")
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise TableError(
            f"{document.label}: Die Spalte „{missing[0]}“ fehlt.",
            remedy=f"Jede Zeile braucht {listed(REQUIRED)}. Die Spalte ergänzen.",
        )
    return names


def _refuse_unknown(document: Document, names: list[str]) -> None:
    unknown = [name for name in names if name not in COLUMN_NAMES and not _counts(name)]
    if not unknown:
        return
    meant = [(name, _meant(name, names)) for name in unknown]
    name, guess = next(((n, g) for n, g in meant if g), meant[0])
    raise TableError(
        f"{document.label}: Die Spalte „{name}“ ist nicht bekannt."
        + (f" Gemeint ist vielleicht „{guess}“?" if guess else ""),
        remedy=f"Erlaubt sind die Spalten {', '.join(COLUMN_NAMES)}. Weitere Spalten bitte löschen.",
    )


def _counts(name: str) -> bool:
    """Whether a column only counts rows by its name; "nr" beside the column of areas says no more."""
    word = name.replace("_", " ")
    return names_numbering(word) or names_numbering(name) or word in BARE


def _meant(unknown: str, names: Sequence[str]) -> str:
    """The column that a wrong name probably means, among those that the header still lacks."""
    word = unknown.replace("_", " ")
    said = "anzahl" if word in _COUNT_WORDS else _ROLES.get(DIMENSION_WORDS.get(word, ""), "")
    free = [name for name in COLUMN_NAMES if name not in names]
    return said if said in free else next(iter(difflib.get_close_matches(unknown, free, n=1)), "")


def _names(row: Sequence[str]) -> set[str]:
    return {_spelled(field) for field in row}


def _is_header(names: set[str]) -> bool:
    return len(names & set(COLUMN_NAMES)) >= _ENOUGH and not names.isdisjoint(_OWN_NAMES)


def _spelled(field: str) -> str:
    name = plain(field).replace(" ", "_")
    return _SPELLINGS.get(name, name)
