"""PX files (PC-Axis, PxWeb) as rows: one row per keyword, then one per line of figures.

Shape after the file format of Statistics Sweden (edition 2013): ``KEYWORD[language]("variable")="text","text";`` up to
``DATA=`` and the figures, separated by blanks, commas or line ends, signs in quotation marks.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from pathlib import PurePath

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document, too_big

#: Figures of one file that are still read.
MAX_FIGURES = 10_000_000
#: Keywords that a file may begin with.
OPENING = ("CHARSET", "AXIS-VERSION", "CODEPAGE", "LANGUAGE", "LANGUAGES", "CREATION-DATE", "MATRIX", "TITLE")
_OPENS = re.compile(rb"\s*(?:CHARSET|AXIS-VERSION)\s*=\s*\"")
_SPACE = re.compile(r"\s*")
_KEYWORD = re.compile(r'([A-Z][A-Z0-9-]*)(?:\[([A-Za-z-]+)\])?(?:\(([^"()]*(?:"[^"]*"[^"()]*)*)\))?\s*=')
_STATEMENT = re.compile(r'[^";]*(?:"[^"]*"[^";]*)*;')
_PART = re.compile(r'"([^"]*)"|([^\s,"]+)|(,)')
_FIGURE = re.compile(r'"([^"]*)"|([^\s,"]+)')
_CODEPAGE = re.compile(rb'CODEPAGE\s*=\s*"([^"]*)"')
_BOM = b"\xef\xbb\xbf"


def is_px(data: bytes, name: str) -> bool:
    """Whether a file is one by its name or its first keyword."""
    return PurePath(name).suffix.lower() == ".px" or _OPENS.match(data.removeprefix(_BOM)) is not None


def px_document(data: bytes, name: str, sha256: str) -> Document:
    """Rows ``keyword, language, variable, values …``, then ``DATA`` and the figures, line by line.

    Raises
    ------
    TableError
        If the character set is not known, a keyword is not closed, or there are too many figures.
    """
    text, encoding = _decoded(data, name)
    rows: list[list[str]] = []
    lines: list[int] = []
    for at, row in _statements(text, name):
        rows.append(row)
        lines.append(at)
    if not rows or rows[-1][0] != "DATA":
        raise TableError(
            f"„{name}“ ist eine PX-Datei ohne Zahlen: Das Schlüsselwort DATA fehlt.",
            remedy="Die Datei vollständig neu herunterladen.",
        )
    start, line = int(rows[-1].pop()), lines.pop()
    # a line of the file is one row: keywords in the line of the first figures are put before it
    lines = [min(at, line - 1) for at in lines]
    figures = _figures(text[start:], line, name)
    rows[-1] += figures.pop(line, [])
    lines = [*lines, line, *figures]
    rows += figures.values()
    return Document(name, sha256, rows, lines, encoding, decimal=".")


def _decoded(data: bytes, name: str) -> tuple[str, str]:
    """The text; the file names its own code page, without one it is Windows text, without CHARSET text of DOS."""
    if data.startswith(_BOM):
        encoding = "utf-8-sig"
    else:
        said = _CODEPAGE.search(data[:20_000])
        otherwise = "cp1252" if b"CHARSET" in data[:2_000] else "cp850"
        encoding = said[1].decode("ascii", "replace").strip() if said else otherwise
    try:
        return data.decode(codecs.lookup(encoding).name), encoding
    except (LookupError, UnicodeError, ValueError) as error:
        raise TableError(
            f"Der Zeichensatz von „{name}“ (CODEPAGE „{encoding}“) passt nicht zu ihrem Inhalt.",
            remedy="Die Datei neu herunterladen, oder CODEPAGE berichtigen, zum Beispiel zu utf-8 oder iso-8859-15.",
        ) from error


def _statements(text: str, name: str) -> Iterator[tuple[int, list[str]]]:
    """Every keyword with its line; the last, DATA, with the place where the figures begin."""
    at, line, counted = 0, 1, 0
    while (begin := _SPACE.match(text, at).end()) < len(text):  # type: ignore[union-attr]
        match = _KEYWORD.match(text, begin)
        line += text.count("\n", counted, begin)
        counted = begin
        if match is None:
            raise _not_px(name, line, text[begin : begin + 40])
        if match[1] == "DATA":
            yield line, ["DATA", str(match.end())]
            return
        body = _STATEMENT.match(text, match.end())
        if body is None:
            raise _not_px(name, line, match[0])
        subject = ", ".join(quoted or bare for quoted, bare, comma in _PART.findall(match[3] or "") if not comma)
        yield line, [match[1], match[2] or "", subject, *_values(body[0][:-1])]
        at = body.end()


def _values(text: str) -> list[str]:
    """Values of a keyword; strings without a comma between them are one text that was broken into lines."""
    values: list[str] = []
    joined = False
    for quoted, bare, comma in _PART.findall(text):
        if comma:
            joined = False
        elif joined:
            values[-1] += quoted or bare
        else:
            values.append(quoted or bare)
            joined = True
    return values


def _figures(text: str, line: int, name: str) -> dict[int, list[str]]:
    """Figures and signs by line of the file."""
    body, closed, rest = text.partition(";")
    if not closed or rest.strip("\x1a \t\r\n"):
        raise TableError(
            f"„{name}“ endet nicht mit den Zahlen und einem Semikolon; die Datei ist unvollständig.",
            cells=[{"line": line + text.count("\n")}],
            remedy="Die Datei neu herunterladen.",
        )
    number = 0
    found: dict[int, list[str]] = {}
    for at, printed in enumerate(body.split("\n"), start=line):
        row = [quoted or bare for quoted, bare in _FIGURE.findall(printed)]
        number += len(row)
        if number > MAX_FIGURES:
            raise too_big(name)
        if row:
            found[at] = row
    return found


def _not_px(name: str, line: int, text: str) -> TableError:
    return TableError(
        f"„{name}“, Zeile {line}: Hier wird ein Schlüsselwort der Form NAME=…; erwartet.",
        cells=[{"line": line, "text": text.split("\n")[0]}],
        remedy="Die Datei neu herunterladen und nicht mit einem Tabellenprogramm speichern.",
    )
