"""Bytes to lines: encoding, byte order mark, separator. Found, not asked; doubtful text is refused."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from itertools import islice
from unicodedata import normalize

from zwkprognose.errors import TableError

#: A line longer than this is no line of a table.
MAX_LINE = 1_000_000
SAVE_AS_UTF8 = "Die Datei in Excel als „CSV UTF-8 (durch Trennzeichen getrennt)“ speichern."

_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
# UTF-8 that was read as Windows text and stored again: "Ã¼" for "ü".
_TWICE = re.compile("[\u00c2\u00c3][\u0080-\u00bf\u0152-\u2122]")
# In a DOS code page ä ö ü ß land on these when read as Windows text.
_DOS = re.compile("[A-Za-z][„”\u0081][a-z]")
_LOST = re.compile("\ufffd")


@dataclass(frozen=True)
class Decoded:
    """Text of a file, its encoding, and what had to be put right (German sentences)."""

    text: str
    encoding: str
    repairs: tuple[str, ...] = ()


def decode(data: bytes, name: str) -> Decoded:
    """The text of a file; :class:`TableError` if no encoding gives readable German."""
    text, encoding = _decoded(data, name)
    text = normalize("NFC", text)  # an umlaut may be one sign or two
    for pattern in (_LOST, _DOS) if encoding == "cp1252" else (_LOST,):
        _refuse(pattern, text, name)
    repaired, number = _TWICE.subn(_once, text)
    if repaired == text:
        return Decoded(text, encoding)
    first = text.count("\n", 0, _TWICE.search(text).start()) + 1  # type: ignore[union-attr]
    where = f"{number}-mal, zuerst Zeile {first}"
    note = f"In „{name}“ waren Umlaute doppelt kodiert ({where}); sie wurden wiederhergestellt."
    return Decoded(repaired, encoding, (note,))


def separator(text: str) -> str:
    """The field separator of a text table: the first of ``; tab | ,`` that a third of the lines contain."""
    lines = [line for line in islice(text[:200_000].splitlines(), 300) if line.strip()]
    for mark in ";\t|,":
        if 3 * sum(mark in line for line in lines) >= len(lines) > 0:
            return mark
    return ";"


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _strict(data, encoding, name), encoding
    if b"\0" in data:
        raise TableError(f"„{name}“ ist keine Textdatei.", remedy="Erlaubt sind CSV, Excel (.xlsx) und ZIP mit CSV.")
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        return _strict(data, "cp1252", name), "cp1252"


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeError as error:
        raise TableError(f"Der Zeichensatz von „{name}“ ist nicht zu erkennen.", remedy=SAVE_AS_UTF8) from error


def _once(match: re.Match[str]) -> str:
    """The one character that two stand for; the two themselves if they do not stand for one."""
    for encoding in ("cp1252", "latin-1"):
        try:
            return match[0].encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
    return match[0]


def _refuse(pattern: re.Pattern[str], text: str, name: str) -> None:
    match = pattern.search(text)
    if match is None:
        return
    line = text.count("\n", 0, match.start()) + 1
    start = max(text.rfind("\n", 0, match.start()) + 1, match.start() - 15)
    raise TableError(
        f"In „{name}“, Zeile {line}, sind Umlaute zerstört (falscher Zeichensatz).",
        cells=[{"line": line, "text": text[start : match.end() + 10].split("\n")[0]}],
        remedy="Die ursprüngliche Datei öffnen und als „CSV UTF-8“ speichern.",
    )


#: Beginnings of what Python says about lines that are no CSV → the same in German.
_CSV = {
    "field larger": "ein Feld ist zu lang; vielleicht ist ein Anführungszeichen nicht geschlossen",
    "unexpected end": "ein Anführungszeichen ist nicht geschlossen",
    "line contains NUL": "sie enthält ein Zeichen ohne Bedeutung (NUL)",
    "new-line": "ein Feld ohne Anführungszeichen enthält einen Zeilenumbruch",
}


def csv_words(error: csv.Error) -> str:
    """What is wrong with a line of a CSV file, as a German clause.

    >>> csv_words(csv.Error("line contains NUL")), csv_words(csv.Error("something new"))
    ('sie enthält ein Zeichen ohne Bedeutung (NUL)', 'sie ist beschädigt')
    """
    return next((said for begin, said in _CSV.items() if str(error).startswith(begin)), "sie ist beschädigt")
