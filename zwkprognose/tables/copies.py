"""The same file given twice, under one name or as a copy, is read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from zwkprognose.tables.files.document import Document
from zwkprognose.tables.table import Table


@dataclass(frozen=True)
class File:
    """One file as it was given, and its documents."""

    path: str
    documents: list[Document]


def once(files: Sequence[File]) -> list[File]:
    """Files without those that are given again under the same name; a note says so."""
    kept: dict[tuple[tuple[str, str, str], ...], File] = {}
    for file in files:
        content = tuple((document.origin, document.sha256, document.sheet) for document in file.documents)
        if content in kept:
            note = f"„{file.documents[0].name}“ ist mehrmals angegeben und einmal gelesen."
            kept[content] = File(file.path, [_repaired(document, note) for document in kept[content].documents])
        else:
            kept[content] = file
    return list(kept.values())


def without_copies(tables: Sequence[Table], origins: Sequence[int]) -> list[Table]:
    """Tables without those that repeat, cell by cell, one of another file with the same content; a note says so.

    Two names for one content may mean two things, where the year stands in the name: then both stay. ``origins`` tells
    the files apart; equal sheets of one workbook stay.
    """
    kept: dict[int, Table] = {}
    for at, table in enumerate(tables):
        first = next((i for i in kept if origins[i] != origins[at] and _is_copy(table, kept[i])), None)
        if first is None:
            kept[at] = table
        else:
            kept[first] = _with_note(kept[first], table.source.file)
    return list(kept.values())


def _is_copy(table: Table, other: Table) -> bool:
    if table.cells.empty or not table.source.sha256 or table.source.sha256 != other.source.sha256:
        return False
    return table.cells.drop(columns="file").equals(other.cells.drop(columns="file"))


def _with_note(table: Table, again: str) -> Table:
    note = f"„{again}“ hat denselben Inhalt wie „{table.source.file}“ und ist einmal gelesen."
    return Table(table.cells, replace(table.source, repairs=(*table.source.repairs, note)), table.ledger)


def _repaired(document: Document, note: str) -> Document:
    return document if note in document.repairs else replace(document, repairs=(*document.repairs, note))
