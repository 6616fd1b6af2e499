"""One stream of a compound file, the container of .xls: sectors chained in a table of their own."""

from __future__ import annotations

import struct
from collections.abc import Iterable

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_END = 0xFFFFFFFA  # this and above are no sectors


class DamagedError(Exception):
    """A compound file whose chains lead nowhere."""


def stream(data: bytes, names: Iterable[str]) -> bytes:
    """The first stream of one of these names; nothing if there is none."""
    if len(data) < 512 or not data.startswith(MAGIC):
        return b""
    shift, small_shift = struct.unpack_from("<HH", data, 30)
    if shift not in (9, 12) or small_shift != 6:
        raise DamagedError
    first_directory, cutoff, first_small, _, first_more, _ = struct.unpack_from("<I4xI4I", data, 48)
    file = _Sectors(data[1 << shift :], 1 << shift, _table(data, shift, first_more))
    directory = file.chain(first_directory)
    entries = [directory[at : at + 128] for at in range(0, len(directory) - 127, 128)]
    for entry in entries:
        if _name(entry) in names:
            start, size = struct.unpack_from("<II", entry, 116)
            if size >= cutoff:
                return file.chain(start)[:size]
            root = struct.unpack_from("<I", entries[0], 116)[0]
            small = _Sectors(file.chain(root), 1 << small_shift, _numbers(file.chain(first_small)))
            return small.chain(start)[:size]
    return b""


class _Sectors:
    """Sectors of one size, and for each the number of the next."""

    def __init__(self, data: bytes, size: int, following: tuple[int, ...]) -> None:
        self.data, self.size, self.following = data, size, following

    def chain(self, first: int) -> bytes:
        """All sectors from ``first`` on; a chain longer than the table is a circle."""
        parts: list[bytes] = []
        while first < _END:
            if first >= len(self.following) or len(parts) > len(self.following):
                raise DamagedError
            parts.append(self.data[first * self.size : (first + 1) * self.size])
            first = self.following[first]
        return b"".join(parts)


def _table(data: bytes, shift: int, more: int) -> tuple[int, ...]:
    """The number of the sector that follows each sector."""
    size = 1 << shift
    places = [place for place in _numbers(data[76:512]) if place < _END]
    seen = 0
    while more < _END:
        block = _numbers(data[(more + 1) * size : (more + 2) * size])
        seen += 1
        if not block or seen * size > len(data):
            raise DamagedError
        places += [place for place in block[:-1] if place < _END]
        more = block[-1]
    return tuple(number for place in places for number in _numbers(data[(place + 1) * size : (place + 2) * size]))


def _numbers(data: bytes) -> tuple[int, ...]:
    return struct.unpack(f"<{len(data) // 4}I", data[: len(data) // 4 * 4])


def _name(entry: bytes) -> str:
    length = struct.unpack_from("<H", entry, 64)[0]
    return entry[: max(min(length, 64) - 2, 0)].decode("utf-16-le", "replace")
