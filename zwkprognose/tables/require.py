"""Refuse what is no Table where one is expected, and say what it is instead."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from zwkprognose.errors import TableError
from zwkprognose.tables.table import Table

_NAMES = {
    "Dataset": "ein Datensatz (Dataset)",
    "DataArray": "ein Feld (DataArray)",
    "Table": "eine Tabelle (Table), die schon gelesen ist",
    "DataFrame": "ein DataFrame",
    "list": "eine Liste",
    "tuple": "eine Liste",
    "dict": "ein Wörterbuch (dict)",
}


def require_tables(given: Any) -> tuple[Table, ...]:
    """Several tables; :class:`TableError` for anything else."""
    single = isinstance(given, (Table, str, bytes)) or hasattr(given, "dims") or not isinstance(given, Iterable)
    single = single or hasattr(given, "columns")
    return tuple(require_table(one) for one in ((given,) if single else given))


def require_table(given: Any) -> Table:
    """A table as ``read_table`` gives it; :class:`TableError` for anything else."""
    if isinstance(given, Table):
        return given
    raise TableError(
        f"Erwartet wird eine Tabelle (Table); übergeben wurde {what_is(given)}.",
        remedy="Dateien und Tabellen im Speicher zuerst mit read_table(…) lesen und das Ergebnis übergeben.",
    )


def what_is(given: Any) -> str:
    """An object in words.

    >>> what_is("bestand.csv"), what_is(None), what_is(3)
    ('der Text „bestand.csv“', 'nichts (None)', 'die Zahl 3')
    """
    if given is None:
        return "nichts (None)"
    if isinstance(given, str):
        return f"der Text „{given[:60]}“"
    if isinstance(given, Path):
        return f"der Pfad „{given}“"
    if isinstance(given, (bool, int, float)):
        return f"die Zahl {given}"
    name = type(given).__name__
    return _NAMES.get(name, f"ein Objekt der Art {name}")
