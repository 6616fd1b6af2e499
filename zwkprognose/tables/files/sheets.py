"""Workbooks (.xlsx, .xlsb, .xls, .ods) as documents, one per sheet; stored values only, nothing in them is run."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from zwkprognose.errors import MissingExtraError, TableError
from zwkprognose.tables.files.cell_text import cell_text, column_name
from zwkprognose.tables.files.document import MAX_BYTES, Document, too_big
from zwkprognose.tables.files.workbook.worker import TOO_BIG

#: Seconds that a workbook may take.
PATIENCE = 180
#: Runs the worker from its folder, so that it loads nothing else of this package.
_RUN = "import sys; sys.path.insert(0, sys.argv[1]); from workbook.worker import main; sys.exit(main())"


def read_sheets(data: bytes, name: str, sha256: str) -> list[Document]:
    """Every sheet with content; numbers are written with a decimal comma, merged cells stand in the first one."""
    if find_spec("python_calamine") is None:
        raise MissingExtraError(
            f"„{name}“ ist eine Excel-Datei; dafür fehlt das Paket python-calamine.",
            remedy="Das Paket installieren: pip install 'zwkprognose[excel]'",
        )
    parts = _parts(data, name)
    documents = [_document(name, sha256, sheet) for sheet in _sheets(data, name)]
    filled = [document for document in documents if any(any(row) for row in document.rows)]
    if not filled:
        raise TableError(f"„{name}“ ist leer.", remedy="Prüfen, ob der Export vollständig gespeichert wurde.")
    return [*filled, *_pivot_records(parts, name, sha256)]


def _pivot_records(parts: Sequence[str], name: str, sha256: str) -> list[Document]:
    """What a pivot table was made of, often row by row, travels with the workbook and is shown on no sheet."""
    if not any(part.startswith("xl/pivotCache/pivotCacheRecords") for part in parts):
        return []
    why = "Die Rohdaten der Pivot-Tabelle stehen auf keinem Blatt"
    return [Document(name, sha256, [], [], sheet="(Zwischenspeicher)", unreadable=why)]


def _sheets(data: bytes, name: str) -> list[dict[str, Any]]:
    """Sheets as read by a process of their own (see :mod:`zwkprognose.tables.files.workbook.worker`)."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", _RUN, str(Path(__file__).parent)],
            input=data,
            capture_output=True,
            timeout=PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise _unreadable(name) from error
    if done.returncode == TOO_BIG:
        raise too_big(name)
    if done.returncode != 0:
        raise _unreadable(name)
    return list(json.loads(done.stdout))


def _document(name: str, sha256: str, sheet: dict[str, Any]) -> Document:
    text = lru_cache(maxsize=None, typed=True)(cell_text)  # most cells repeat others
    rows = [list(map(text, row)) for row in sheet["rows"]]
    return Document(
        name,
        sha256,
        rows,
        list(range(1, len(rows) + 1)),
        sheet=str(sheet["title"]),
        decimal=",",
        repairs=_hidden_parts(f"„{name}“, Blatt „{sheet['title']}“", sheet["hidden_rows"], sheet["hidden_columns"]),
        hidden=bool(sheet["hidden"]),
        uncomputed=tuple((row + 1, column) for row, column in sheet["formulas"]),
    )


def _hidden_parts(label: str, rows: Sequence[int], columns: Sequence[int]) -> tuple[str, ...]:
    """A sentence about rows and columns that are read though nobody sees them, by a filter or by hand."""
    lines, letters = [str(row + 1) for row in rows], list(map(column_name, columns))
    parts = (("Zeile", "Zeilen", lines), ("Spalte", "Spalten", letters))
    said = [f"{one if len(at) == 1 else many} {_listed(at)}" for one, many, at in parts if at]
    return (f"{label}: Ausgeblendet, aber mitgelesen: {' und '.join(said)}.",) if said else ()


def _listed(names: Sequence[str], shown: int = 5) -> str:
    return ", ".join(names[:shown]) + (f" und {len(names) - shown} weitere" if len(names) > shown else "")


def _parts(data: bytes, name: str) -> list[str]:
    """Parts of an .xlsx or .ods, a ZIP archive: what it unpacks to is bounded before anything is unpacked."""
    if not data.startswith(b"PK\x03\x04"):
        return []
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise TableError(f"„{name}“ ist beschädigt.", remedy="Die Datei erneut herunterladen.") from error
    if sum(member.file_size for member in members) > MAX_BYTES:
        raise too_big(name)
    return [member.filename for member in members]


def _unreadable(name: str) -> TableError:
    return TableError(
        f"„{name}“ lässt sich nicht als Excel-Datei öffnen; sie ist beschädigt, verschlüsselt oder zu groß.",
        remedy="Die Datei in Excel oder LibreOffice öffnen und neu als .xlsx oder .csv speichern.",
    )
