"""Which sheets of a workbook, or members of an archive, are read; what the others hold is said, never passed over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from itertools import pairwise
from pathlib import PurePath

from zwkprognose.errors import TableError
from zwkprognose.tables.copies import File, once
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.ledger import Account, Fate, Ledger, Unread, counted
from zwkprognose.tables.recognise import named, recognised, unrecognised
from zwkprognose.tables.signs import read_cell

#: Patterns for all files, or for each file by its name.
Sheets = str | Sequence[str] | Mapping[str, str | Sequence[str]] | None

HIDDEN = "Das Blatt ist ausgeblendet"
NO_TABLE = "Seine Form ist nicht zu erkennen"
_CONTENTS = re.compile(r"inhalt|verzeichnis|übersicht|seite")
#: Fewer numbers than this stand in notes: a year, the number of a table.
FEWEST = 2


@dataclass(frozen=True)
class Selection:
    """Documents to read, the file that each comes from (by its number), and what became of the others."""

    documents: list[Document]
    ledger: Ledger
    origins: tuple[int, ...] = ()


def selected(files: Sequence[File], kind: str | None, sheets: Sheets) -> Selection:
    """The documents to read of all files."""
    files = once(files)
    parts = [
        _chosen(file.documents, own) if own else _of_file(file.documents, kind)
        for file, own in zip(files, _patterns(files, sheets), strict=True)
    ]
    documents = [document for part in parts for document in part.documents]
    origins = tuple(number for number, part in enumerate(parts) for _ in part.documents)
    return Selection(documents, sum((part.ledger for part in parts), Ledger()), origins)


def _of_file(documents: Sequence[Document], kind: str | None) -> Selection:
    """Visible documents that hold a table; a file of one document is read or refused as a whole."""
    if len(documents) == 1 and not documents[0].hidden:
        return Selection(list(documents), Ledger())
    known = [document for document in documents if _is_table(document, kind)]
    if kind is not None and not known:  # each of them says why it is not of this kind
        return Selection([document for document in documents if not document.unreadable], Ledger())
    shown = [document for document in known if not document.hidden]
    if not shown:
        raise _none_shown(documents, known)
    others = [document for document in documents if not any(document is one for one in shown)]
    unread = {i: said for i, document in enumerate(others) if (said := _unread(document)) is not None}
    notes = [_account(document, Fate.TEXT) for i, document in enumerate(others) if i not in unread]
    return Selection(shown, Ledger(tuple(notes), tuple(unread.values())))


def _is_table(document: Document, kind: str | None) -> bool:
    if kind is None and figures_of(document) == 0 and _CONTENTS.search(document.sheet.casefold()):
        return False  # a list of tables with their numbers has the shape of one
    return not document.unreadable and (
        recognised(document) is not None if kind is None else named(kind).recognise(document.head)
    )


def _none_shown(documents: Sequence[Document], known: Sequence[Document]) -> TableError:
    if not known:
        readable = [document for document in documents if not document.unreadable]
        return unrecognised((readable or [*documents])[0])
    return TableError(
        f"{known[0].label} ist ausgeblendet, und kein anderes Blatt enthält eine Tabelle.",
        remedy=f'Das Blatt einblenden, oder es nennen: sheets="{known[0].sheet}", im Projekt „blaetter“.',
    )


def _unread(document: Document) -> Unread | None:
    """What to say of a document that is not read; nothing about contents and notes that everybody sees."""
    figures = figures_of(document)
    if document.hidden:
        return Unread(document.origin, figures, HIDDEN, hidden=True)
    if figures >= FEWEST or document.unreadable:
        return Unread(document.origin, figures, document.unreadable or NO_TABLE)
    return None


def _chosen(documents: Sequence[Document], patterns: Sequence[str]) -> Selection:
    """The documents asked for by name; the others are left out by that choice."""
    wanted = [any(fnmatchcase(_name(document), pattern) for pattern in patterns) for document in documents]
    read = [_said_hidden(document) for document, is_wanted in zip(documents, wanted, strict=True) if is_wanted]
    unreadable = next((document for document in read if document.unreadable), None)
    if unreadable is not None:
        raise TableError(f"{unreadable.label}: {unreadable.unreadable}.", remedy="Die Datei einzeln angeben.")
    left = [document for document, is_wanted in zip(documents, wanted, strict=True) if not is_wanted]
    return Selection(read, Ledger(tuple(_account(document, Fate.LEFT_OUT) for document in left)))


def _said_hidden(document: Document) -> Document:
    if not document.hidden:
        return document
    said = f"{document.label} ist ausgeblendet und wurde gelesen, weil es ausdrücklich genannt ist."
    return replace(document, repairs=(*document.repairs, said))


def _account(document: Document, fate: Fate) -> Account:
    """The account of a document all of whose cells share one fate."""
    cells, figures = counted(document.rows)
    return Account(document.origin, {fate: cells}, {fate: figures})


def _patterns(files: Sequence[File], sheets: Sheets) -> list[list[str]]:
    """Patterns for each file, none for a file that is read as a whole; every pattern must find something."""
    if sheets is None:
        return [[] for _ in files]
    if isinstance(sheets, Mapping):
        return _patterns_by_file(files, sheets)
    wanted = _list_of(sheets)
    chosen = [file for file in files if len(file.documents) > 1 or file.documents[0].sheet] or files
    _refuse_unmatched(wanted, chosen)
    return [wanted if any(file is one for one in chosen) else [] for file in files]


def _patterns_by_file(files: Sequence[File], sheets: Mapping[str, str | Sequence[str]]) -> list[list[str]]:
    patterns: list[list[str]] = [[] for _ in files]
    for name, said in sheets.items():
        at = [i for i, file in enumerate(files) if PurePath(file.path).match(str(name))]
        if not at:
            raise TableError(
                f"Für „{name}“ sind Blätter genannt, aber keine der Dateien heißt so.",
                remedy=f"Vorhanden sind: {_listed(PurePath(file.path).name for file in files)}.",
            )
        _refuse_unmatched(_list_of(said), [files[i] for i in at])
        for i in at:
            patterns[i] += _list_of(said)
    return patterns


def _list_of(patterns: str | Sequence[str]) -> list[str]:
    return [patterns] if isinstance(patterns, str) else [str(pattern) for pattern in patterns]


def _refuse_unmatched(patterns: Sequence[str], files: Sequence[File]) -> None:
    """Refuse a pattern that finds no sheet in any file, and a file of which no sheet is named."""
    names = [[_name(document) for document in file.documents] for file in files]
    found = {pattern for pattern in patterns for own in names for name in own if fnmatchcase(name, pattern)}
    lacking = [pattern for pattern in patterns if pattern not in found]
    for file, own in zip(files, names, strict=True):
        is_named = any(fnmatchcase(name, pattern) for name in own for pattern in patterns)
        if is_named and not lacking:
            continue
        said = lacking or patterns
        raise TableError(
            f"In „{file.documents[0].name}“ gibt es kein Blatt „{'“ oder „'.join(said)}“.",
            remedy=f"Vorhanden sind: {_listed(name for own in names for name in own)}.",
        )


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _name(document: Document) -> str:
    return document.sheet or document.name


def figures_of(document: Document) -> int:
    """Numbers of a document that are no notes: not the numbering of a list, years, or pages in a table of contents.

    >>> figures_of(Document("a", "", [["1", "Einwohner", "7"], ["2", "Haushalte", "9"], ["", "Seite"]], [1, 2, 3]))
    0
    >>> figures_of(Document("a", "", [["Nord", "7", "5"], ["Ost", "9", "4"]], [1, 2]))
    4
    """
    width = max(map(len, document.rows), default=0)
    about = " ".join((document.sheet, *(text for row in document.rows for text in row))).casefold()
    is_contents = _CONTENTS.search(about) is not None
    columns = ([row[i] for row in document.rows if i < len(row)] for i in range(width))
    waiting = len(document.uncomputed)
    return waiting + sum(_figures_of_column(column, is_contents=is_contents) for column in columns)


def _figures_of_column(texts: Sequence[str], *, is_contents: bool) -> int:
    cells = [read_cell(text) or read_cell(text, ".") for text in texts if any(map(str.isdigit, text))]
    numbers = [cell.value for cell in cells if cell is not None and cell.value == cell.value]
    numbers = [number for number in numbers if not (number.is_integer() and 1800 <= number <= 2200)]
    steps = {after - before for before, after in pairwise(numbers)}
    is_numbering = numbers[:1] in ([0.0], [1.0]) and steps <= {1.0}
    if is_numbering or (is_contents and all(step >= 0 for step in steps)):
        return 0
    return len(numbers)
