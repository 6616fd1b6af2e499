"""Files of codes that an office publishes beside its figures: found by their name, given to the table they belong to.

Statistik Austria writes ``OGD_x.csv`` with codes only, ``OGD_x_C-GRGEMAKT-0.csv`` with the names of these codes, and
``OGD_x_HEADER.csv`` with the names of the columns; all begin with the columns ``code;name``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import PurePath

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.ledger import Fate

_NAME = re.compile(r"(?P<stem>.+)_(?P<what>C-[A-Z0-9]+-\d+|HEADER)$")


def joined(files: Sequence[Sequence[Document]]) -> list[list[Document]]:
    """Documents of files, each with the code files of its data set beside it, and without the code files themselves.

    ``beside`` of a document maps the name of a column (or ``HEADER``) to the file of its codes.

    Raises
    ------
    TableError
        For a file of codes without the table that uses them.
    """
    codes = [document for file in files for document in file if _match(document)]
    tables = [[document for document in file if not _match(document)] for file in files]
    _refuse_alone(codes, {_stem(document) for file in tables for document in file})
    return [[_with_codes(document, codes) for document in file] for file in tables]


def labels(document: Document, column: str) -> dict[str, str]:
    """Names by code from the file of codes beside a document; empty if it was not given."""
    beside = document.beside.get(column)
    if beside is None:
        return {}
    beside.fates.mark(Fate.LABEL, [[line] for line in beside.lines], range(max(map(len, beside.rows))))
    return {row[0].strip(): row[1].strip() for row in beside.rows[1:] if len(row) > 1 and row[0].strip()}


def _refuse_alone(codes: Sequence[Document], stems: set[str]) -> None:
    for document in codes:
        if _stem(document) not in stems:
            raise TableError(
                f"{document.label} enthält nur die Bezeichnungen von Schlüsseln, keine Zahlen.",
                remedy=f"Die Datei zusammen mit „{_stem(document)}.csv“ angeben.",
            )


def _with_codes(document: Document, codes: Sequence[Document]) -> Document:
    own = {match["what"]: code for code in codes if (match := _match(code)) and _stem(code) == _stem(document)}
    return replace(document, beside={**document.beside, **own}) if own else document


def _match(document: Document) -> re.Match[str] | None:
    first = [field.strip().casefold() for field in document.rows[0][:2]] if document.rows else []
    return _NAME.fullmatch(PurePath(document.name).stem) if first == ["code", "name"] else None


def _stem(document: Document) -> str:
    match = _match(document)
    return match["stem"] if match else PurePath(document.name).stem
