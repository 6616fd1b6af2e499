"""Read tables: recognise the format, say what was recognised, put several files together."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.document import Document, Readable, open_documents
from zwkprognose.tables.readers import Reader, readers
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.words import is_birth_date

_SHARED = ("kind", "title", "table_code", "publisher", "licence", "gebietsstand", "universe", "secrecy")


def read_table(
    path_or_paths: str | Path | Readable | Iterable[str | Path | Readable],
    *,
    kind: str | None = None,
    sheets: str | Sequence[str] | None = None,
) -> Table:
    """Read one German table, or several files of it, into cells with value, status and source.

    The format is recognised and recorded in ``table.source.kind``; encoding, separator and decimal mark are
    found. Nothing is summed, filled or guessed.

    Parameters
    ----------
    path_or_paths : path or iterable of paths
        CSV (also ``.csv.gz``), Excel workbook, or ZIP with CSV files. Several files are put together.
    kind : str, optional
        Name of the format (see :func:`kinds`) if it is recognised wrongly.
    sheets : str or sequence of str, optional
        Sheets of a workbook (or files in a ZIP) to read, also with ``*`` and ``?``; by default all that hold a
        table.

    Returns
    -------
    Table
        All printed cells, totals among them.

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
    documents = [found for path in _paths(path_or_paths) for found in _documents(path, kind, sheets)]
    tables = [_read_one(document, kind, alone=len(documents) == 1) for document in documents]
    return tables[0] if len(tables) == 1 else concat_tables(tables)


def kinds() -> dict[str, str]:
    """Names of the formats and what they are."""
    return {reader.kind: reader.title for reader in readers()}


def concat_tables(tables: Iterable[Table]) -> Table:
    """Several tables as one; ``source.parts`` keeps each source, and what they share stays on top."""
    parts = tuple(tables)
    if not parts:
        raise TableError("Es wurde keine Datei angegeben.", remedy="Geben Sie mindestens eine Tabelle an.")
    cells = pd.concat([table.cells for table in parts], ignore_index=True)
    sources = tuple(source for table in parts for source in (table.source.parts or (table.source,)))
    return Table(cells, _joint_source(sources))


def _joint_source(sources: Sequence[Source]) -> Source:
    shared = {name: _common([getattr(source, name) for source in sources]) for name in _SHARED}
    notes = tuple(dict.fromkeys(note for source in sources for note in source.notes))
    repairs = tuple(repair for source in sources for repair in source.repairs)
    files = ", ".join(dict.fromkeys(source.file for source in sources))
    return Source(file=files, notes=notes, repairs=repairs, parts=tuple(sources), **shared)


def _common(values: Sequence[str]) -> str:
    return values[0] if len(set(values)) == 1 else ""


def _paths(given: str | Path | Readable | Iterable[str | Path | Readable]) -> list[str | Path | Readable]:
    paths = [given] if isinstance(given, str | Path | Readable) else list(given)
    if not paths:
        raise TableError("Es wurde keine Datei angegeben.", remedy="Geben Sie mindestens eine Tabelle an.")
    return paths


def _documents(path: str | Path | Readable, kind: str | None, sheets: str | Sequence[str] | None) -> list[Document]:
    """Sheets and archive members that hold a table, or those asked for; notes and contents sheets are passed over."""
    documents = open_documents(path)
    if sheets is not None:
        return _chosen(documents, [sheets] if isinstance(sheets, str) else list(sheets))
    if len(documents) == 1:
        return documents
    if kind is not None:
        return [document for document in documents if _named(kind).recognise(document.head)] or documents
    tables = [document for document in documents if _recognised(document) is not None]
    if not tables:
        raise _unrecognised(documents[0])
    return tables


def _chosen(documents: list[Document], patterns: list[str]) -> list[Document]:
    names = [document.sheet or document.name for document in documents]
    lacking = [pattern for pattern in patterns if not any(fnmatchcase(name, pattern) for name in names)]
    if lacking:
        raise TableError(
            f"In „{documents[0].name}“ gibt es kein Blatt „{lacking[0]}“.",
            remedy=f"Vorhanden sind: {', '.join(names)}.",
        )
    wanted = [any(fnmatchcase(name, pattern) for pattern in patterns) for name in names]
    return [document for document, is_wanted in zip(documents, wanted, strict=True) if is_wanted]


def _read_one(document: Document, kind: str | None, *, alone: bool) -> Table:
    """One table; an error in one of several sheets says how to leave it out."""
    try:
        return _read_document(document, kind)
    except TableError as error:
        if alone or not document.sheet:
            raise
        hint = f"{error.remedy} Gehört dieses Blatt nicht dazu, wählen Sie die anderen mit sheets=…."
        raise TableError(error.message, cells=error.cells, remedy=hint) from error


def _read_document(document: Document, kind: str | None) -> Table:
    reader = _named(kind) if kind is not None else _recognised(document)
    if reader is None:
        raise _unrecognised(document)
    if not reader.recognise(document.head):
        raise TableError(
            f"{document.label} hat nicht die Form „{reader.kind}“ ({reader.title}).",
            remedy="Lassen Sie kind= weg; dann wird das Format erkannt oder gesagt, womit die Datei beginnt.",
        )
    table = reader.read(document)
    source = replace(table.source, kind=reader.kind, file=document.origin, sha256=document.sha256)
    return Table(table.cells, replace(source, repairs=(*document.repairs, *table.source.repairs)))


def _recognised(document: Document) -> Reader | None:
    return next((reader for reader in readers() if reader.recognise(document.head)), None)


def _named(kind: str) -> Reader:
    for reader in readers():
        if reader.kind == kind:
            return reader
    near = difflib.get_close_matches(kind, kinds(), n=1, cutoff=0.5)
    hint = f" Meinten Sie „{near[0]}“?" if near else ""
    raise TableError(f"Das Tabellenformat „{kind}“ ist nicht bekannt.{hint}", remedy=f"Es gibt: {', '.join(kinds())}.")


def _unrecognised(document: Document) -> TableError:
    first = next((row for row in document.rows if any(row)), [])
    shown = " | ".join(field for field in first if field)[:120]
    message = f"{document.label} ist keine Tabelle, die gelesen werden kann. Sie beginnt mit: {shown or '(leer)'}"
    if any(map(is_birth_date, first)):
        return TableError(
            message,
            remedy="Steht in jeder Zeile eine Person oder ein Ereignis, zählt read_register(pfad, satzbeschreibung) "
            "sie aus; die Anleitung „Meine Tabellen einlesen“ zeigt eine Satzbeschreibung.",
        )
    return TableError(
        message,
        remedy="Eine Kreuztabelle braucht unmittelbar über den Zahlen eine Kopfzeile, die jede Spalte benennt. Sonst "
        "bringen Sie die Tabelle in die einfache Form jahr; gebiet; name; geschlecht; staatsangehoerigkeit; alter_von; "
        f"alter_bis; anzahl. Ist ein bekanntes Format gemeint, nennen Sie es mit kind=…: {', '.join(kinds())}.",
    )
