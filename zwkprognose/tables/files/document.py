"""A file as rows of text, whatever it was stored as; what readers look at."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Protocol, runtime_checkable

from zwkprognose.errors import TableError, system_words
from zwkprognose.tables.files.text import MAX_LINE, csv_words, decode, separator
from zwkprognose.tables.ledger import Fates
from zwkprognose.tables.table import Status

#: More than this, unpacked, is not read into memory at once (register records are streamed instead).
MAX_BYTES = 400_000_000
HEAD_ROWS = 60
#: First line of files that are meant for Excel; it is no row of the table.
_SEPARATOR_LINE = re.compile(r"sep=([;,|\t])\r?\n", re.IGNORECASE)
#: First line of the Human Mortality Database, whose columns are set apart by blanks.
_SET_IN_BLANKS = re.compile(r"[^\n]*Last modified:[^\n]*Methods Protocol[^\n]*\n")
SHEETS = (".xlsx", ".xlsm", ".xlsb", ".xls", ".ods")


@runtime_checkable
class Readable(Protocol):
    """Anything with a name and bytes: a path, or a file inside the package."""

    @property
    def name(self) -> str:
        """File name."""

    def read_bytes(self) -> bytes:
        """The whole file."""


@dataclass(frozen=True)
class Options:
    """Named choices for reading: printed marks with their meaning, and titles that the user vouches for."""

    signs: Mapping[str, Status] = field(default_factory=dict)
    trusted: bool = False


@dataclass(frozen=True)
class Document:
    """One table file (or sheet) as rows of text fields.

    Attributes
    ----------
    name : str
        File name as people know it.
    sha256 : str
        Hash of the file as stored.
    rows : list of list of str
        Fields of each row; empty rows are kept.
    lines : list of int
        Line of the file (row of the sheet) that each row came from, counted from 1.
    decimal : str or None
        Decimal mark if the format fixes it (Excel), else ``None``.
    repairs : tuple of str
        What had to be put right on opening, as German sentences.
    hidden : bool
        Whether it is a sheet that the workbook does not show.
    uncomputed : tuple of (int, int)
        Line and position of formulas that no program has computed yet; a text stands there that is no number.
    unreadable : str
        Why a member of an archive cannot be read, as a German clause; it has no rows then.
    fates : Fates
        Notes of the reader about what became of cells; copies of the document share them.
    options : Options
        What the user has said about the file.
    beside : mapping of str to Document
        Files of codes of the same data set, by the name of the column whose codes they explain.
    """

    name: str
    sha256: str
    rows: list[list[str]] = field(repr=False)
    lines: list[int] = field(repr=False)
    encoding: str = ""
    sheet: str = ""
    decimal: str | None = None
    repairs: tuple[str, ...] = ()
    hidden: bool = False
    uncomputed: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    unreadable: str = ""
    fates: Fates = field(default_factory=Fates, repr=False, compare=False)
    options: Options = Options()
    beside: Mapping[str, Document] = field(default_factory=dict, repr=False, compare=False)

    @property
    def head(self) -> list[list[str]]:
        """The first rows, enough to recognise a format."""
        return self.rows[:HEAD_ROWS]

    @property
    def origin(self) -> str:
        """File, and sheet of a workbook, as cells and sources name it."""
        return f"{self.name}, Blatt {self.sheet}" if self.sheet else self.name

    @property
    def label(self) -> str:
        """How messages name the document."""
        return f"„{self.name}“, Blatt „{self.sheet}“" if self.sheet else f"„{self.name}“"


def open_documents(source: str | Path | Readable) -> list[Document]:
    """The documents in one file: one for a CSV, one per sheet of a workbook, one per CSV in a ZIP."""
    name, data = _bytes_of(source)
    sha256 = hashlib.sha256(data).hexdigest()
    if not data.strip(b"\xef\xbb\xbf \t\r\n;,"):
        raise TableError(f"„{name}“ ist leer.", remedy="Prüfen, ob der Export vollständig gespeichert wurde.")
    if PurePath(name).suffix.lower() in SHEETS:
        from zwkprognose.tables.files.sheets import read_sheets

        return read_sheets(data, name, sha256)
    if data.startswith(b"PAR1"):
        return [document_of_parquet(data, name, sha256)]
    if data.startswith(b"PK\x03\x04"):
        from zwkprognose.tables.files.archives import read_archive

        return read_archive(data, name, sha256)
    return [text_document(_gunzipped(data, name), name, sha256)]


def text_document(data: bytes, name: str, sha256: str) -> Document:
    """A text file as a document: PX by its keywords, anything else by its separators."""
    from zwkprognose.tables.files.px import is_px, px_document

    return (px_document if is_px(data, name) else csv_document)(data, name, sha256)


def csv_document(data: bytes, name: str, sha256: str) -> Document:
    """A delimited text file as a document."""
    decoded = decode(data, name)
    rows, lines = (_blank_rows if _SET_IN_BLANKS.match(decoded.text) else _csv_rows)(decoded.text, name)
    if not rows:
        raise TableError(f"„{name}“ ist leer.", remedy="Prüfen, ob der Export vollständig gespeichert wurde.")
    return Document(name, sha256, rows, lines, decoded.encoding, repairs=decoded.repairs)


def document_of_parquet(data: bytes, name: str, sha256: str) -> Document:
    """A Parquet file as a document."""
    from zwkprognose.tables.files.parquet import read_parquet

    return read_parquet(data, name, sha256)


def too_big(name: str) -> TableError:
    """The error for a file that unpacks to more than is read at once."""
    return TableError(
        f"„{name}“ ist entpackt größer als {MAX_BYTES // 1_000_000} MB.",
        remedy="Die Datei nach Jahren teilen; Einzeldaten liest read_register mit einer Satzbeschreibung.",
    )


def _bytes_of(source: Any) -> tuple[str, bytes]:
    path = Path(source) if isinstance(source, str) else source
    if isinstance(path, Path):
        _refuse_non_files(path)
    try:
        return path.name, path.read_bytes()
    except PermissionError as error:
        raise TableError(
            f"„{path}“ darf nicht gelesen werden: keine Leserechte.", remedy="Leserechte beschaffen."
        ) from error
    except (OSError, ValueError) as error:
        raise TableError(f"„{path}“ lässt sich nicht öffnen: {_refused(error)}.", remedy="Den Pfad prüfen.") from error


def _refuse_non_files(path: Path) -> None:
    try:
        is_dir, exists = path.is_dir(), path.exists()
        size = path.stat().st_size if exists and not is_dir else 0
    except (OSError, ValueError) as error:
        raise TableError(f"„{path}“ lässt sich nicht öffnen: {_refused(error)}.", remedy="Den Pfad prüfen.") from error
    if is_dir:
        raise TableError(f"„{path}“ ist ein Ordner.", remedy="Die Datei angeben, zum Beispiel eine .csv darin.")
    if not exists:
        raise TableError(f"„{path}“ gibt es nicht.", remedy="Schreibweise und Ordner prüfen.")
    if size > MAX_BYTES:
        raise too_big(path.name)


def _gunzipped(data: bytes, name: str) -> bytes:
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as stream:
            text = stream.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise TableError(
            f"„{name}“ ist beschädigt und lässt sich nicht entpacken.", remedy="Die Datei erneut herunterladen."
        ) from error
    if len(text) > MAX_BYTES:
        raise too_big(name)
    return text


def _csv_rows(text: str, name: str) -> tuple[list[list[str]], list[int]]:
    _refuse_long_lines(text, name)
    first = _SEPARATOR_LINE.match(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=first[1] if first else separator(text))
    rows: list[list[str]] = []
    lines: list[int] = []
    start = 1
    try:
        for row in reader:
            rows.append(list(map(sys.intern, row)))  # fields repeat over and over: each text is kept once
            lines.append(start)
            start = reader.line_num + 1
    except csv.Error as error:
        raise TableError(
            f"„{name}“, Zeile {start}, ist keine gültige Tabellenzeile: {csv_words(error)}.",
            cells=[{"line": start}],
            remedy="Die Anführungszeichen in dieser Zeile prüfen.",
        ) from error
    return (rows[1:], lines[1:]) if first else (rows, lines)


def _blank_rows(text: str, name: str) -> tuple[list[list[str]], list[int]]:
    """A title line, then fields that any number of blanks divides."""
    _refuse_long_lines(text, name)
    title, *rest = text.splitlines()
    return [[title], *(line.split() for line in rest)], list(range(1, len(rest) + 2))


def _refuse_long_lines(text: str, name: str) -> None:
    """A line of a million characters would become as many fields before anyone looks at them."""
    start = 0
    while len(text) - start > MAX_LINE:
        start = text.rfind("\n", start, start + MAX_LINE + 1) + 1
        if not start:
            break
    else:
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if len(line) > MAX_LINE:
            raise TableError(
                f"„{name}“, Zeile {number}, ist mit {len(line)} Zeichen zu lang für eine Tabelle.",
                remedy="Prüfen, ob die Datei wirklich eine Tabelle ist.",
            )


def _refused(error: OSError | ValueError) -> str:
    """Why a path cannot be opened; the only other error is a character that no path may have."""
    return system_words(error) if isinstance(error, OSError) else "der Pfad enthält ein unmögliches Zeichen"
