"""Workbooks (.xlsx, .xls, .xlsb, .ods) as documents, one per sheet; values only, formulas are never run."""

from __future__ import annotations

import io
import zipfile
from typing import Any

from zwkprognose.errors import MissingExtraError, TableError
from zwkprognose.tables.cell_text import cell_text
from zwkprognose.tables.document import MAX_BYTES, Document, too_big

#: Rows × columns of one sheet that are still read.
MAX_CELLS = 40_000_000


def read_sheets(data: bytes, name: str, sha256: str) -> list[Document]:
    """Every sheet with content; numbers are written with a decimal comma, merged cells stand in the first one."""
    try:
        from python_calamine import CalamineWorkbook
    except ImportError as error:
        raise MissingExtraError(
            f"„{name}“ ist eine Excel-Datei; dafür fehlt das Paket python-calamine.",
            remedy="Installieren Sie es mit: pip install 'zwkprognose[excel]'",
        ) from error
    _refuse_bombs(data, name)
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(title, _grid(workbook.get_sheet_by_name(title), name)) for title in workbook.sheet_names]
    except TableError:
        raise
    except Exception as error:  # the library's own errors share no base class
        raise TableError(
            f"„{name}“ lässt sich nicht als Excel-Datei öffnen ({_plain(error)}).",
            remedy="Öffnen Sie die Datei in Excel oder LibreOffice und speichern Sie sie neu als .xlsx oder .csv.",
        ) from error
    documents = [_document(name, sha256, title, rows) for title, rows in sheets if any(any(row) for row in rows)]
    if not documents:
        raise TableError(f"„{name}“ ist leer.", remedy="Prüfen Sie, ob der Export vollständig gespeichert wurde.")
    return documents


def _document(name: str, sha256: str, title: str, rows: list[list[str]]) -> Document:
    return Document(name, sha256, rows, list(range(1, len(rows) + 1)), sheet=title, decimal=",")


def _grid(sheet: Any, name: str) -> list[list[str]]:
    if sheet.height * sheet.width > MAX_CELLS:
        raise too_big(name)
    return [[cell_text(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]


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


def _plain(error: Exception) -> str:
    return " ".join(str(error).split())[:120]
