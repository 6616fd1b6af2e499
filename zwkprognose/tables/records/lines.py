"""Lines of register files as columns of fields, chunk by chunk."""

from __future__ import annotations

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import IO, Any

import numpy as np

from zwkprognose.errors import TableError, system_words
from zwkprognose.tables.files.text import csv_words
from zwkprognose.tables.records.layout import RecordLayout

#: Records in memory at once.
CHUNK = 100_000
MAX_RECORD = 20_000

Fields = dict[str, np.ndarray]


class _Hashing(io.RawIOBase):
    """A raw file that hashes what is read through it and knows the length of no line."""

    def __init__(self, raw: IO[bytes], digest: Any) -> None:
        self._raw, self._digest = raw, digest

    def readable(self) -> bool:
        """Reading is all it does."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill the buffer and hash what came."""
        data = self._raw.read(len(buffer))
        self._digest.update(data)
        buffer[: len(data)] = data
        return len(data)


def chunks(path: Path, layout: RecordLayout, digest: Any, size: int) -> Iterator[tuple[Fields, int]]:
    """Fields of up to ``size`` records and the line of the first of them."""
    try:
        with path.open("rb") as raw:
            hashed = io.BufferedReader(_Hashing(raw, digest), buffer_size=1 << 20)
            stream: Any = gzip.GzipFile(fileobj=hashed) if path.suffix == ".gz" else hashed
            yield from (_delimited if layout.form == "csv" else _fixed)(stream, layout, path.name, size)
    except PermissionError as error:
        raise TableError(f"„{path}“ darf nicht gelesen werden.", remedy="Leserechte beschaffen.") from error
    except UnicodeDecodeError as error:
        raise TableError(
            f"„{path.name}“ ist nicht in {layout.zeichensatz} geschrieben.",
            remedy="In der Satzbeschreibung einen anderen zeichensatz eintragen (utf-8, cp1252, latin-1).",
        ) from error
    except (OSError, EOFError, zlib.error, ValueError) as error:
        why = system_words(error) if isinstance(error, OSError) and error.errno else "die Datei ist beschädigt"
        raise TableError(f"„{path}“ lässt sich nicht lesen: {why}.", remedy="Pfad und Datei prüfen.") from error


def _delimited(stream: IO[bytes], layout: RecordLayout, name: str, size: int) -> Iterator[tuple[Fields, int]]:
    encoding = "utf-8-sig" if layout.zeichensatz == "utf-8" else layout.zeichensatz
    lines = _bounded(io.TextIOWrapper(stream, encoding=encoding, newline=""), name)
    reader = csv.reader(lines, delimiter=layout.trennzeichen)
    try:
        header = [field.strip() for field in next(reader, [])]
        at = _places(layout, header, name)
        line = reader.line_num + 1
        while rows := list(islice(reader, size)):
            yield _columns(rows, at, len(header), name, line), line
            line = reader.line_num + 1
    except csv.Error as error:
        raise TableError(
            f"„{name}“ nahe Zeile {reader.line_num}: {csv_words(error)}.", remedy="Diese Zeile prüfen."
        ) from error


def _places(layout: RecordLayout, header: list[str], name: str) -> dict[str, int]:
    missing = [column for column in layout.columns().values() if column not in header]
    if missing:
        raise TableError(
            f"„{name}“ hat keine Spalte „{missing[0]}“.",
            remedy=f"Vorhanden sind: {', '.join(header[:20])}. Die Satzbeschreibung berichtigen.",
        )
    return {field: header.index(column) for field, column in layout.columns().items()}


def _columns(rows: list[list[str]], at: dict[str, int], width: int, name: str, line: int) -> Fields:
    for i, row in enumerate(rows):
        if len(row) != width:
            raise TableError(
                f"„{name}“, Zeile {line + i}, hat {len(row)} statt {width} Felder.",
                cells=[{"line": line + i}],
                remedy="Jeder Satz braucht so viele Felder wie die Kopfzeile.",
            )
    return {field: np.array([row[i] for row in rows], dtype=object) for field, i in at.items()}


def _fixed(stream: IO[bytes], layout: RecordLayout, name: str, size: int) -> Iterator[tuple[Fields, int]]:
    text = io.TextIOWrapper(stream, encoding=layout.zeichensatz, newline=None)
    lines = _bounded(text, name)
    line = 1
    if layout.kopfzeile:
        next(lines, "")
        line = 2
    positions = layout.positions()
    width = max(last for _, last in positions.values())
    while rows := list(islice(lines, size)):
        short = next((i for i, row in enumerate(rows) if len(row.rstrip("\r\n")) < width), None)
        if short is not None:
            raise TableError(
                f"„{name}“, Zeile {line + short}, ist kürzer als {width} Zeichen.",
                cells=[{"line": line + short}],
                remedy="Die Stellen in der Satzbeschreibung prüfen (und ob die Datei eine Kopfzeile hat).",
            )
        yield {f: np.array([row[a - 1 : b] for row in rows], dtype=object) for f, (a, b) in positions.items()}, line
        line += len(rows)


def _bounded(stream: io.TextIOWrapper, name: str) -> Iterator[str]:
    """Lines, none of which may be endless."""
    while line := stream.readline(MAX_RECORD + 1):
        if len(line) > MAX_RECORD:
            raise TableError(
                f"„{name}“ enthält einen Satz von mehr als {MAX_RECORD} Zeichen.", remedy="Die Datei prüfen."
            )
        yield line
