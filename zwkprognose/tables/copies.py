"""The same file given twice, under one name or as a copy, is read once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from zwkprognose.tables.table import Table


def without_copies(tables: Sequence[Table]) -> list[Table]:
    """Tables without those that repeat another of the same content cell by cell; a note says so.

    Two names for one content may mean two things, where the year stands in the name: then both stay.
    """
    kept: list[Table] = []
    for table in tables:
        at = next((i for i, other in enumerate(kept) if _is_copy(table, other)), None)
        if at is None:
            kept.append(table)
        else:
            kept[at] = _with_note(kept[at], table.source.file)
    return kept


def _is_copy(table: Table, other: Table) -> bool:
    if table.cells.empty or not table.source.sha256 or table.source.sha256 != other.source.sha256:
        return False
    return table.cells.drop(columns="file").equals(other.cells.drop(columns="file"))


def _with_note(table: Table, again: str) -> Table:
    source = table.source
    note = (
        f"„{again}“ ist mehrmals angegeben und einmal gelesen."
        if again == source.file
        else f"„{again}“ hat denselben Inhalt wie „{source.file}“ und ist einmal gelesen."
    )
    repairs = source.repairs if note in source.repairs else (*source.repairs, note)
    return Table(table.cells, replace(source, repairs=repairs), table.ledger)
