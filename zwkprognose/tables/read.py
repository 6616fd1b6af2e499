"""Read tables: recognise the format, say what was recognised, put several files together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.collecting import without_collecting
from zwkprognose.tables.copies import without_copies
from zwkprognose.tables.files.document import Document, Options
from zwkprognose.tables.files.frames import NAME, WITHOUT_TITLE
from zwkprognose.tables.frame import uncomputed
from zwkprognose.tables.given import opened
from zwkprognose.tables.ledger import Ledger, settled
from zwkprognose.tables.readers import Reader
from zwkprognose.tables.recognise import kinds, named, recognised, unrecognised
from zwkprognose.tables.require import require_tables
from zwkprognose.tables.selection import Sheets, selected
from zwkprognose.tables.sheets_of_areas import with_places
from zwkprognose.tables.signs import meanings_of
from zwkprognose.tables.table import Source, Table

__all__ = ["concat_tables", "kinds", "read_table"]

_SHARED = ("kind", "title", "table_code", "publisher", "licence", "gebietsstand", "universe", "secrecy")


@without_collecting()
def read_table(
    path_or_paths: object,
    *,
    kind: str | None = None,
    sheets: Sheets = None,
    signs: Mapping[str, str] | None = None,
    titles: Literal["strict", "trusted"] = "strict",
) -> Table:
    """Read one German table, or several files of it, into cells with value, status and source.

    The format is recognised and recorded in ``table.source.kind``; encoding, separator and decimal mark are
    found. Nothing is summed, filled or guessed.

    Parameters
    ----------
    path_or_paths : path, DataFrame, or iterable of these
        CSV (also ``.csv.gz``), Excel workbook, Parquet, or ZIP with such files; or a table in memory: a frame of
        pandas or polars, a DuckDB relation, an Arrow table. Several are put together.
    kind : str, optional
        Name of the format (see :func:`kinds`) if it is recognised wrongly.
    sheets : str, sequence of str, or mapping of these, optional
        Sheets of a workbook (or files in a ZIP) to read, also with ``*`` and ``?``; by default all that hold a
        table and are not hidden. A mapping names them for each file: ``{"mappe.xlsx": "2023*"}``.
    signs : mapping of str → str, optional
        What printed marks mean that are no signs of DIN 55301, for example ``{"n. v.": "hidden"}``; the meanings are
        those of :class:`~zwkprognose.tables.Status`, or their German words (:data:`zwkprognose.tables.signs.MEANINGS`).
    titles : {"strict", "trusted"}
        ``"strict"`` refuses titles with a word that may say that not everybody is counted; ``"trusted"`` takes the
        user's word that everybody is.

    Returns
    -------
    Table
        All printed cells, totals among them; ``Table.ledger`` says what became of everything else in the file.

    Raises
    ------
    TableError
        If a file cannot be opened, no format or more than the named one is meant, or a cell is not understood.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from zwkprognose.tables import read_table
    >>> file = Path(mkdtemp()) / "bestand.csv"
    >>> lines = ["jahr;gebiet;alter_von;alter_bis;anzahl", "2025;0101;0;17;80", "2025;0101;18;;400"]
    >>> _ = file.write_text("\\n".join(lines), "utf-8")
    >>> read_table(file).cells["value"].tolist()
    [80.0, 400.0]
    """
    chosen = selected(opened(path_or_paths), kind, sheets)
    alone = len(chosen.documents) == 1
    options = Options(meanings_of(signs or {}), trusted=_trusted(titles))
    documents = [replace(document, options=options) for document in chosen.documents]
    read = with_places(documents, [_read_one(document, kind, alone=alone) for document in documents])
    tables = without_copies(read, chosen.origins)
    table = tables[0] if len(tables) == 1 else concat_tables(tables)
    if table.cells.empty:
        raise TableError(
            " ".join(table.source.notes[:3]) or "Die Dateien enthalten keine Zahl.",
            remedy="Eine Tabelle wählen, die Personen zählt.",
        )
    return replace(table, ledger=table.ledger + chosen.ledger)


def _trusted(titles: str) -> bool:
    if titles not in ("strict", "trusted"):
        raise TableError(f"titles=„{titles}“ ist nicht bekannt.", remedy="Möglich sind „strict“ und „trusted“.")
    return titles == "trusted"


def concat_tables(tables: Iterable[Table]) -> Table:
    """Several tables as one; ``source.parts`` keeps each source, and what they share stays on top."""
    parts = require_tables(tables)
    if not parts:
        raise TableError("Es wurde keine Tabelle angegeben.", remedy="Mindestens eine Tabelle angeben.")
    cells = pd.concat([table.cells for table in parts if len(table.cells)] or [parts[0].cells], ignore_index=True)
    sources = tuple(source for table in parts for source in (table.source.parts or (table.source,)))
    ledger = sum((table.ledger for table in parts), Ledger())
    return Table(cells, joint_source(sources), ledger)


def joint_source(sources: Sequence[Source]) -> Source:
    """One source for tables that were put together."""
    shared = {name: _common([getattr(source, name) for source in sources]) for name in _SHARED}
    notes = tuple(dict.fromkeys(note for source in sources for note in source.notes))
    repairs = tuple(repair for source in sources for repair in source.repairs)
    files = ", ".join(dict.fromkeys(source.file for source in sources))
    return Source(file=files, notes=notes, repairs=repairs, parts=tuple(sources), **shared)


def _common(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else ""


def _read_one(document: Document, kind: str | None, *, alone: bool) -> Table:
    """One table; an error in one of several sheets says how to leave it out."""
    try:
        return _read_document(document, kind)
    except TableError as error:
        if document.name.startswith(NAME):
            raise TableError(error.message, cells=error.cells, remedy=f"{error.remedy} {WITHOUT_TITLE}") from error
        if alone or not document.sheet:
            raise
        hint = f"{error.remedy} Gehört dieses Blatt nicht dazu, die anderen mit sheets=… wählen (im Projekt: blaetter)."
        raise TableError(error.message, cells=error.cells, remedy=hint) from error


def _read_document(document: Document, kind: str | None) -> Table:
    try:
        table = _as_read(document, named(kind) if kind is not None else recognised(document))
    except TableError as error:
        if document.uncomputed:  # what else is wrong cannot be told before they are computed
            raise uncomputed(document, document.uncomputed) from error
        raise
    lines = table.cells["line"]
    waiting = [place for place in document.uncomputed if lines.min() <= place[0] <= lines.max()]
    if waiting:
        raise uncomputed(document, waiting)
    return table


def _as_read(document: Document, reader: Reader | None) -> Table:
    if reader is None:
        raise unrecognised(document)
    if not (document.uncomputed or reader.recognise(document.head)):
        raise TableError(
            f"{document.label} hat nicht die Form „{reader.kind}“ ({reader.title}).",
            remedy="kind= weglassen; dann wird das Format erkannt oder gesagt, womit die Datei beginnt.",
        )
    table = reader.read(document)
    source = replace(table.source, kind=reader.kind, file=document.origin, sha256=document.sha256)
    source = replace(source, repairs=(*document.repairs, *table.source.repairs))
    beside = (settled(codes, table.cells.iloc[:0]) for codes in document.beside.values())
    return Table(table.cells, source, sum(beside, settled(document, table.cells)))
