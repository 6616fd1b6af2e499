"""Which format a document has, and what to say if it has none."""

from __future__ import annotations

import difflib
from dataclasses import replace

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.readers import Reader, readers
from zwkprognose.tables.readers.crosstab.near import near_miss
from zwkprognose.tables.words import is_birth_date


def kinds() -> dict[str, str]:
    """Names of the formats and what they are."""
    return {reader.kind: reader.title for reader in readers()}


def recognised(document: Document) -> Reader | None:
    """The reader of this document; ``None`` if it is no table that is known.

    A formula that no program has computed yet stands for the number that it will be.
    """
    head = _computed(document).head
    return next((reader for reader in readers() if reader.recognise(head)), None)


def named(kind: str) -> Reader:
    """The reader of this name; :class:`TableError` offers the nearest."""
    for reader in readers():
        if reader.kind == kind:
            return reader
    near = difflib.get_close_matches(str(kind), kinds(), n=1, cutoff=0.5)
    hint = f" Gemeint ist vielleicht „{near[0]}“?" if near else ""
    raise TableError(f"Das Tabellenformat „{kind}“ ist nicht bekannt.{hint}", remedy=f"Es gibt: {', '.join(kinds())}.")


def unrecognised(document: Document) -> TableError:
    """The error for a document without a format."""
    first = next((row for row in document.rows if any(row)), [])
    shown = " | ".join(field for field in first if field)[:120]
    message = f"{document.label} ist keine Tabelle, die gelesen werden kann. Sie beginnt mit: {shown or '(leer)'}"
    if any(map(is_birth_date, first)):
        return TableError(
            message,
            remedy="Steht in jeder Zeile eine Person oder ein Ereignis, zählt read_register(pfad, satzbeschreibung) "
            "sie aus; die Anleitung „Meine Tabellen einlesen“ zeigt eine Satzbeschreibung.",
        )
    if (near := near_miss(document)) is not None:
        return near
    return TableError(
        message,
        remedy="Eine Kreuztabelle braucht unmittelbar über den Zahlen eine Kopfzeile, die jede Spalte benennt. Sonst "
        "die Tabelle in die einfache Form jahr; gebiet; name; geschlecht; staatsangehoerigkeit; alter_von; "
        f"alter_bis; anzahl bringen. Ein bekanntes Format mit kind=… nennen: {', '.join(kinds())}.",
    )


def _computed(document: Document) -> Document:
    if not document.uncomputed:
        return document
    at: dict[int, set[int]] = {}
    for line, column in document.uncomputed:
        at.setdefault(line, set()).add(column)
    rows = [
        ["1" if column in at[line] else text for column, text in enumerate(row)] if line in at else row
        for line, row in zip(document.lines, document.rows, strict=True)
    ]
    return replace(document, rows=rows)
