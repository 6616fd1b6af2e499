"""ZIP archives with CSV files, bounded before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePath

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import MAX_BYTES, Document, csv_document, too_big

MAX_MEMBERS = 1000
_TABLES = (".csv", ".txt")


def read_archive(data: bytes, name: str, sha256: str) -> list[Document]:
    """Every CSV or text file in the archive as a document; other members are passed over."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = _tables(archive, name)
            return [csv_document(_unpacked(archive, m, name), PurePath(m.filename).name, sha256) for m in members]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise TableError(
            f"„{name}“ ist beschädigt oder verschlüsselt und lässt sich nicht entpacken.",
            remedy="Laden Sie die Datei erneut, oder entpacken Sie sie von Hand.",
        ) from error


def _tables(archive: zipfile.ZipFile, name: str) -> list[zipfile.ZipInfo]:
    members = archive.infolist()
    tables = [m for m in members if PurePath(m.filename).suffix.lower() in _TABLES and not m.is_dir()]
    if not tables:
        raise TableError(f"„{name}“ enthält keine CSV-Datei.", remedy="Geben Sie eine CSV- oder Excel-Datei an.")
    if len(members) > MAX_MEMBERS or sum(m.file_size for m in tables) > MAX_BYTES:
        raise too_big(name)
    return tables


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    """The member's bytes; a header that lies about the size does not help it."""
    with archive.open(member) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_big(name)
    return data
