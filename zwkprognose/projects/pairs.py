"""Small tables that say one thing about every area: places, or the district it belongs to."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from zwkprognose.errors import InputError, system_words
from zwkprognose.german import listed
from zwkprognose.tables.areas.alike import folded
from zwkprognose.tables.files.text import decode, separator

KEY = "gebiet"


def read_pairs(path: Path, column: str) -> dict[str, str]:
    """Read a CSV table with the columns ``gebiet`` and ``column``; other columns are not looked at.

    Raises
    ------
    InputError
        If the file cannot be read, a column or a value is missing, or an area stands there twice.
    """
    remedy = f"Eine CSV-Tabelle mit den Spalten {KEY} und {column} angeben, eine Zeile je Gebiet."
    rows = read_rows(path, (KEY, column), remedy)
    pairs: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        key, value = ((row[name] or "").strip() for name in (KEY, column))
        if not key or not value or key in pairs:
            wrong = "Das Gebiet steht zweimal da" if key in pairs else "Gebiet oder Wert fehlt"
            raise InputError(f"Tabelle {path}, Zeile {line}: {wrong}.", cells=[{"area": key}], remedy=remedy)
        pairs[key] = value
    return pairs


def read_rows(path: Path, columns: Sequence[str], remedy: str) -> list[dict[str, str]]:
    """Rows of a small CSV table as texts; other columns stay in them. „Plätze“ is ``plaetze``.

    Raises
    ------
    InputError
        If the file cannot be read or a column is missing.
    """
    try:
        text = decode(path.read_bytes(), str(path)).text
    except OSError as error:
        raise InputError(f"Die Tabelle {path} lässt sich nicht lesen: {system_words(error)}.", remedy=remedy) from None
    reader = csv.DictReader(text.splitlines(), delimiter=separator(text))
    wanted = {folded(name): name for name in columns}
    reader.fieldnames = [wanted.get(folded(name), name) for name in reader.fieldnames or ()]
    rows = list(reader)
    missing = [name for name in columns if not rows or name not in rows[0]]
    if missing:
        raise InputError(f"In der Tabelle {path} fehlt die Spalte {listed(missing)}.", remedy=remedy)
    return rows


def read_number(text: str | None) -> float | None:
    """A number without sign, points and spaces, a decimal comma allowed; None for anything else.

    Examples
    --------
    >>> read_number("0,75"), read_number("12"), read_number("zwölf"), read_number(None)
    (0.75, 12.0, None, None)
    """
    whole, dot, part = (text or "").strip().partition(".")
    said = f"{whole},{part}" if dot else whole
    return float(said.replace(",", ".")) if _is_count(said) else None


def read_whole(text: str | None) -> int | None:
    """A whole number of digits alone; None for anything else.

    Examples
    --------
    >>> read_whole("6"), read_whole("6,5"), read_whole("")
    (6, None, None)
    """
    said = (text or "").strip()
    return int(said) if said.isdecimal() else None


def read_count(text: str | None) -> float | None:
    """A number of places or persons; a point may be one of thousands, so that nothing with a point is read.

    Examples
    --------
    >>> read_count("1030"), read_count("12,5"), read_count("1.030"), read_count(None)
    (1030.0, 12.5, None, None)
    """
    said = (text or "").strip()
    return float(said.replace(",", ".")) if _is_count(said) else None


def read_numbers(path: Path, column: str) -> dict[str, float]:
    """The same with numbers, a decimal comma allowed.

    Raises
    ------
    InputError
        If a value is no number, or negative.
    """
    pairs = read_pairs(path, column)
    wrong = {key: value for key, value in pairs.items() if not _is_count(value)}
    if wrong:
        raise InputError(
            f"In der Tabelle {path} steht nicht überall eine Zahl.",
            cells=[{"area": key, "text": value} for key, value in wrong.items()],
            remedy="Zahlen ohne Punkt und Leerzeichen schreiben, auch eine 0.",
        )
    return {key: float(value.replace(",", ".")) for key, value in pairs.items()}


def _is_count(text: str) -> bool:
    whole, _, part = text.partition(",")
    return whole.isdecimal() and (part.isdecimal() or "," not in text)
