"""Parts of a packed workbook and the XML in them, bounded, without document types and entities."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from xml.parsers import expat

#: Bytes of one part that are looked at; larger ones only the spreadsheet library sees, which then stops them.
MAX_PART = 400_000_000

Start = Callable[[str, dict[str, str]], None]


class UnsafeMarkupError(Exception):
    """XML that declares a document type: no spreadsheet program writes one."""


def part(archive: zipfile.ZipFile, name: str) -> bytes:
    """A part of the archive; nothing if it is not there."""
    try:
        stream = archive.open(name)
    except KeyError:
        return b""
    with stream:
        data = stream.read(MAX_PART + 1)
    if len(data) > MAX_PART:
        raise UnsafeMarkupError(name)
    return data


def parse(
    data: bytes, start: Start, end: Callable[[str], None] | None = None, text: Callable[[str], None] | None = None
) -> None:
    """Call ``start``, ``end`` and ``text`` for every element, by its name without prefix."""
    if not data:
        return
    names: dict[str, str] = {}

    def local(name: str) -> str:
        return names.get(name) or names.setdefault(name, name.rpartition(":")[2])

    def refuse(*_: object) -> None:
        raise UnsafeMarkupError

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = lambda name, attributes: start(local(name), attributes)
    if end is not None:
        parser.EndElementHandler = lambda name: end(local(name))
    if text is not None:
        parser.CharacterDataHandler = text
    parser.Parse(data, True)
