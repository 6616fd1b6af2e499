"""Workbooks (.xlsx, .xlsb, .xls, .ods) as documents, one per sheet; stored values only, nothing in them is run."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from zwkprognose.errors import MissingExtraError, TableError
from zwkprognose.tables.files import sheet_worker
from zwkprognose.tables.files.cell_text import cell_text
from zwkprognose.tables.files.document import MAX_BYTES, Document, too_big

#: Seconds that a workbook may take.
PATIENCE = 180
_TOO_BIG = 3


def read_sheets(data: bytes, name: str, sha256: str) -> list[Document]:
    """Every sheet with content; numbers are written with a decimal comma, merged cells stand in the first one."""
    if find_spec("python_calamine") is None:
        raise MissingExtraError(
            f"„{name}“ ist eine Excel-Datei; dafür fehlt das Paket python-calamine.",
            remedy="Installieren Sie es mit: pip install 'zwkprognose[excel]'",
        )
    _refuse_bombs(data, name)
    documents = [_document(name, sha256, title, rows) for title, rows in _cells(data, name)]
    filled = [document for document in documents if any(any(row) for row in document.rows)]
    if not filled:
        raise TableError(f"„{name}“ ist leer.", remedy="Prüfen Sie, ob der Export vollständig gespeichert wurde.")
    return filled


def _cells(data: bytes, name: str) -> list[tuple[str, list[list[Any]]]]:
    """Sheets as read by a process of their own (see :mod:`zwkprognose.tables.files.sheet_worker`)."""
    try:
        done = subprocess.run(
            [sys.executable, str(Path(sheet_worker.__file__))],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unreadable(name) from error
    if done.returncode == _TOO_BIG:
        raise too_big(name)
    if done.returncode != 0:
        raise _unreadable(name)
    return [(str(title), rows) for title, rows in json.loads(done.stdout)]


def _document(name: str, sha256: str, title: str, rows: list[list[Any]]) -> Document:
    text = lru_cache(maxsize=None, typed=True)(cell_text)  # most cells repeat others
    texts = [list(map(text, row)) for row in rows]
    return Document(name, sha256, texts, list(range(1, len(rows) + 1)), sheet=title, decimal=",")


def _refuse_bombs(data: bytes, name: str) -> None:
    """An .xlsx or .ods is a ZIP archive: what it unpacks to is bounded before anything is unpacked."""
    if not data.startswith(b"PK\x03\x04"):
        return
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError) as error:
        raise TableError(f"„{name}“ ist beschädigt.", remedy="Laden Sie die Datei erneut.") from error
    if size > MAX_BYTES:
        raise too_big(name)


def _unreadable(name: str) -> TableError:
    return TableError(
        f"„{name}“ lässt sich nicht als Excel-Datei öffnen; sie ist beschädigt, verschlüsselt oder zu groß.",
        remedy="Öffnen Sie die Datei in Excel oder LibreOffice und speichern Sie sie neu als .xlsx oder .csv.",
    )
