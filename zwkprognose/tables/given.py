"""What a user hands in: files, tables in memory, or something else, which is refused by its name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from zwkprognose.errors import TableError
from zwkprognose.tables.copies import File
from zwkprognose.tables.files.document import open_documents
from zwkprognose.tables.files.frames import frame_document, is_frame
from zwkprognose.tables.readers.code_files import joined
from zwkprognose.tables.require import what_is
from zwkprognose.tables.table import Table


def opened(given: Any) -> list[File]:
    """Every file, or table in memory, with its documents."""
    sources = [given] if _is_single(given) else list(given)
    if not sources:
        raise TableError("Es wurde keine Datei angegeben.", remedy="Mindestens eine Tabelle angeben.")
    frames = 0
    files = []
    for source in sources:
        if is_frame(source):
            frames += 1
            document = frame_document(source, frames)
            files.append(File(document.name, [document]))
        elif _is_path(source):
            path = source if isinstance(source, (str, Path)) else source.name
            files.append(File(str(path), open_documents(source)))
        else:
            raise TableError(
                f"Eine Tabelle wird aus einer Datei gelesen; übergeben wurde {what_is(source)}.",
                remedy="Den Pfad einer Datei angeben, oder eine Tabelle im Speicher (pandas, polars, DuckDB, Arrow).",
            )
    groups = joined([file.documents for file in files])
    return [File(file.path, documents) for file, documents in zip(files, groups, strict=True) if documents]


def _is_path(given: Any) -> bool:
    return isinstance(given, (str, Path)) or (hasattr(given, "read_bytes") and hasattr(given, "name"))


def _is_single(given: Any) -> bool:
    if _is_path(given) or is_frame(given) or isinstance(given, (Table, bytes, dict)):
        return True
    return not isinstance(given, Iterable) or hasattr(given, "data_vars") or hasattr(given, "dims")
