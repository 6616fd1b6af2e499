"""ZIP archives with tables, bounded before anything is unpacked."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import PurePath

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import (
    MAX_BYTES,
    SHEETS,
    Document,
    document_of_parquet,
    text_document,
    too_big,
)

MAX_MEMBERS = 1000
_TEXTS = (".csv", ".txt", ".tsv", ".px")
_TABLES = (*_TEXTS, *SHEETS, ".parquet")
#: Members that may hold figures and are no table files; anything else (pictures, PDF, pages) holds words.
_DATA = (".zip", ".gz", ".7z", ".json", ".geojson", ".xml", ".dbf", ".sav", ".dta", ".sqlite", ".mdb", ".accdb")


def read_archive(data: bytes, name: str, sha256: str) -> list[Document]:
    """The documents of every table file in the archive, and a document without rows for what cannot be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [member for member in archive.infolist() if not _is_clutter(member)]
            _refuse_too_many(members, name)
            return [document for member in members for document in _documents(archive, member, name, sha256)]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        raise TableError(
            f"„{name}“ ist beschädigt oder verschlüsselt und lässt sich nicht entpacken.",
            remedy="Die Datei erneut herunterladen oder von Hand entpacken.",
        ) from error


def _documents(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, sha256: str) -> list[Document]:
    own, kind = PurePath(member.filename).name, _suffix(member)
    if kind in _DATA:
        return [Document(own, sha256, [], [], unreadable=f"Im Archiv „{name}“ wird die Form {kind} nicht gelesen")]
    if kind not in _TABLES:
        return []
    data = _unpacked(archive, member, name)
    if kind in SHEETS:
        from zwkprognose.tables.files.sheets import read_sheets

        return read_sheets(data, own, sha256)
    return [document_of_parquet(data, own, sha256) if kind == ".parquet" else text_document(data, own, sha256)]


def _suffix(member: zipfile.ZipInfo) -> str:
    return PurePath(member.filename).suffix.lower()


def _is_clutter(member: zipfile.ZipInfo) -> bool:
    """Folders, and what macOS puts beside every file."""
    path = PurePath(member.filename)
    return member.is_dir() or "__MACOSX" in path.parts or path.name.startswith(".")


def _refuse_too_many(members: list[zipfile.ZipInfo], name: str) -> None:
    tables = [member for member in members if _suffix(member) in _TABLES]
    if not tables:
        raise TableError(f"„{name}“ enthält keine CSV-Datei.", remedy="Eine CSV- oder Excel-Datei angeben.")
    if len(members) > MAX_MEMBERS or sum(member.file_size for member in tables) > MAX_BYTES:
        raise too_big(name)


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str) -> bytes:
    """The member's bytes; a header that lies about the size does not help it."""
    with archive.open(member) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise too_big(name)
    return data
