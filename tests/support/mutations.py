"""Ways in which table files get broken on their way through offices and programs."""

from __future__ import annotations

import random
from collections.abc import Callable

Mutation = Callable[[bytes, random.Random], bytes]

_TOKENS = (
    b"-", b".", b"/", b"x", b"...", b"", b"0", b"-5", b"1.234", b"1,5", b"1.234,5", b"999999999999999999999",
    b"n/a", b"#REF!", b'"', b'""', b"Insgesamt", b"m\xe4nnlich", "männlich".encode(), b"31.12.2019", b"1.1.2020",
    b"2020", b"90 und mehr", b"0-4", b"unter 3", b"1e309", b"nan", b"inf", b"-0", b"\x00", b"\xff", b" ",
    "\u2003".encode(), "٣".encode(), b"=1+1", b"200*", b"200 1)", "200¹".encode(), b"rd. 200", b"n.v.", b"#NV", b"()",
    b"unter 5", b"9" * 5000, b"zus.", b"insg.", b"1. Januar 2020", b"30.6.2020", b"darunter 3-5",
)  # fmt: skip


def mutated(data: bytes, rng: random.Random, steps: int) -> bytes:
    """The data after some random mutations."""
    for _ in range(steps):
        data = rng.choice(MUTATIONS)(data, rng)
    return data


def _lines(data: bytes) -> list[bytes]:
    return data.split(b"\n")


def drop_line(data: bytes, rng: random.Random) -> bytes:
    """Lose a line."""
    lines = _lines(data)
    lines.pop(rng.randrange(len(lines)))
    return b"\n".join(lines)


def repeat_line(data: bytes, rng: random.Random) -> bytes:
    """Have a line twice."""
    lines = _lines(data)
    lines.insert(rng.randrange(len(lines) + 1), rng.choice(lines))
    return b"\n".join(lines)


def swap_lines(data: bytes, rng: random.Random) -> bytes:
    """Exchange two lines."""
    lines = _lines(data)
    i, j = rng.randrange(len(lines)), rng.randrange(len(lines))
    lines[i], lines[j] = lines[j], lines[i]
    return b"\n".join(lines)


def blank_line(data: bytes, rng: random.Random) -> bytes:
    """Insert an empty line."""
    lines = _lines(data)
    lines.insert(rng.randrange(len(lines) + 1), b"")
    return b"\n".join(lines)


def replace_field(data: bytes, rng: random.Random) -> bytes:
    """Put a token into a field."""
    lines = _lines(data)
    at = rng.randrange(len(lines))
    mark = b";" if b";" in lines[at] else b","
    fields = lines[at].split(mark)
    fields[rng.randrange(len(fields))] = rng.choice(_TOKENS)
    lines[at] = mark.join(fields)
    return b"\n".join(lines)


def drop_field(data: bytes, rng: random.Random) -> bytes:
    """Lose a field of one line."""
    lines = _lines(data)
    at = rng.randrange(len(lines))
    fields = lines[at].split(b";")
    fields.pop(rng.randrange(len(fields)))
    lines[at] = b";".join(fields)
    return b"\n".join(lines)


def drop_column(data: bytes, rng: random.Random) -> bytes:
    """Lose a column of all lines."""
    column = rng.randrange(6)
    kept = [line.split(b";") for line in _lines(data)]
    return b"\n".join(b";".join(f for i, f in enumerate(fields) if i != column) for fields in kept)


def change_byte(data: bytes, rng: random.Random) -> bytes:
    """Change a byte."""
    if not data:
        return b"?"
    at = rng.randrange(len(data))
    return data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]


def insert_token(data: bytes, rng: random.Random) -> bytes:
    """Insert a token anywhere."""
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.choice(_TOKENS) + data[at:]


def truncate(data: bytes, rng: random.Random) -> bytes:
    """Break off in the middle."""
    return data[: rng.randrange(len(data) + 1)]


def other_separator(data: bytes, rng: random.Random) -> bytes:
    """Write another separator."""
    return data.replace(b";", rng.choice([b",", b"\t", b"|", b" "]))


def other_encoding(data: bytes, rng: random.Random) -> bytes:
    """Pass through a program that reads and writes the wrong code page."""
    text = data.decode("latin-1")
    return text.encode(rng.choice(["utf-8", "utf-16", "utf-8-sig"]))


def without_zeros(data: bytes, rng: random.Random) -> bytes:
    """Open and save in a spreadsheet: keys lose their zeros."""
    return data.replace(b";0", b";").replace(b"\n0", b"\n")


def excel_decimals(data: bytes, rng: random.Random) -> bytes:
    """Write decimals with the other mark."""
    return data.replace(b",", b".") if rng.random() < 0.5 else data.replace(b".", b",")


MUTATIONS: tuple[Mutation, ...] = (
    drop_line, repeat_line, swap_lines, blank_line, replace_field, replace_field, drop_field, drop_column, change_byte,
    insert_token, truncate, other_separator, other_encoding, without_zeros, excel_decimals,
)  # fmt: skip
