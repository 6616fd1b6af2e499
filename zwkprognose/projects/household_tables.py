"""Tables of households: quotas by age, sex and size, households and dwellings by area."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from zwkprognose.errors import InputError, RatesError, system_words
from zwkprognose.projects.pairs import KEY
from zwkprognose.rates.households import HouseholdQuotas, KnownHouseholds, Share
from zwkprognose.tables.files.text import decode, separator

Rows = list[tuple[int, dict[str, str]]]
QUOTAS = ("alter_von", "alter_bis", "geschlecht", "groesse")
SEXES = {"w": "female", "m": "male", "": None}
TOTAL = "haushalte"
_REMEDY = {
    "quotas": "Eine CSV-Tabelle mit den Spalten alter_von, alter_bis, geschlecht (w, m oder leer), groesse (1, 2, … 5; "
    "0 für Einrichtungen) und anteil oder anzahl angeben.",
    "known": "Eine CSV-Tabelle mit der Spalte gebiet und haushalte oder haushalte_1, haushalte_2 … angeben, eine Zeile "
    "je Gebiet.",
}  # fmt: skip


def read_quotas(
    path: Path, *, kind: Literal["members", "heads"], source: str, open_size: float | None, note: str = ""
) -> HouseholdQuotas:
    """Quotas as shares (``anteil``) or as counted persons (``anzahl``), from which the shares follow.

    Raises
    ------
    InputError
        If the table cannot be read; names the line.
    RatesError
        If the quotas are impossible; names the cell.
    """
    rows = _read(path, "quotas")
    counted = "anteil" not in rows[0][1]
    _require(path, rows, (*QUOTAS, "anzahl" if counted else "anteil"), "quotas")
    if counted and kind == "heads":
        raise InputError(
            f"Die Tabelle {path} zählt Personen; Bezugspersonenquoten sind Anteile aller Personen eines Alters.",
            remedy="Die Spalte anteil angeben: Bezugspersonen durch Personen desselben Alters und Geschlechts.",
        )
    found = [_share(path, line, row, "anzahl" if counted else "anteil") for line, row in rows]
    if counted:
        found = _shares(path, found)
    shares = tuple(Share(first, last, size, value, sex) for first, last, sex, size, value in found)
    try:
        return HouseholdQuotas(shares, source, kind, open_size, note)
    except RatesError as error:
        raise RatesError(f"Tabelle {path}: {error.message}", cells=error.cells, remedy=error.remedy) from None


def read_known(path: Path) -> KnownHouseholds:
    """Households by area: ``haushalte`` in all, ``haushalte_1`` … by size, as far as they are known.

    Raises
    ------
    InputError
        If the table cannot be read, a value is no number, or an area stands there twice.
    """
    rows = _read(path, "known")
    columns = [name for name in rows[0][1] if name == TOTAL or re.fullmatch(rf"{TOTAL}_\d", name)]
    _require(path, rows, (KEY,), "known")
    if not columns:
        raise InputError(f"In der Tabelle {path} stehen keine Haushalte.", remedy=_REMEDY["known"])
    by_column: dict[str, dict[str, float]] = {name: {} for name in columns}
    for line, row in rows:
        area = row[KEY]
        if not area or area in by_column[columns[0]]:
            wrong = f"Das Gebiet {area} steht zweimal da" if area else "Das Gebiet fehlt"
            raise InputError(f"Tabelle {path}, Zeile {line}: {wrong}.", remedy=_REMEDY["known"])
        for name in columns:
            by_column[name][area] = _number(path, line, name, row[name])
    sizes = {int(name[-1]): counts for name, counts in by_column.items() if name != TOTAL}
    return KnownHouseholds(by_column.get(TOTAL, {}), sizes)


_Row = tuple[int, int | None, str | None, int, float]


def _share(path: Path, line: int, row: Mapping[str, str], column: str) -> _Row:
    sex = row["geschlecht"].lower()
    if sex not in SEXES:
        raise InputError(
            f"Tabelle {path}, Zeile {line}: geschlecht ist „{row['geschlecht']}“.",
            remedy="Für Männer m, für Frauen w oder nichts eintragen.",
        )
    first, last, size = (_whole(path, line, name, row[name]) for name in ("alter_von", "alter_bis", "groesse"))
    if first is None or size is None:
        name = "alter_von" if first is None else "groesse"
        raise InputError(f"Tabelle {path}, Zeile {line}: {name} fehlt.", remedy=_REMEDY["quotas"])
    if last is not None and last < first:
        raise InputError(
            f"Tabelle {path}, Zeile {line}: alter_bis ({last}) liegt unter alter_von ({first}).",
            remedy="Beide Alter prüfen; alter_bis ist das letzte Alter der Gruppe, leer heißt offen.",
        )
    return first, last, SEXES[sex], size, _number(path, line, column, row[column])


def _shares(path: Path, rows: Sequence[_Row]) -> list[_Row]:
    """Counted persons as shares of those of their age and sex."""
    sums: dict[tuple[int, int | None, str | None], float] = {}
    for first, last, sex, _, count in rows:
        sums[first, last, sex] = sums.get((first, last, sex), 0.0) + count
    empty = [group for group, persons in sums.items() if persons <= 0]
    if empty:
        raise InputError(
            f"In der Tabelle {path} wohnt in einer Altersgruppe niemand; ein Anteil ist nicht bestimmt.",
            cells=[{"age_from": first} for first, _, _ in empty],
            remedy="Die Gruppe mit der nächsten zusammenfassen.",
        )
    return [(first, last, sex, size, count / sums[first, last, sex]) for first, last, sex, size, count in rows]


def _read(path: Path, what: str) -> Rows:
    try:
        text = decode(path.read_bytes(), str(path)).text
    except OSError as error:
        message = f"Die Tabelle {path} lässt sich nicht lesen: {system_words(error)}."
        raise InputError(message, remedy=_REMEDY[what]) from None
    lines = csv.DictReader(text.splitlines(), delimiter=separator(text))
    rows = [
        (line, {str(key or "").strip().lower(): str(value or "").strip() for key, value in row.items()})
        for line, row in enumerate(lines, start=2)
    ]
    if not rows:
        raise InputError(f"Die Tabelle {path} hat keine Zeilen.", remedy=_REMEDY[what])
    return rows


def _require(path: Path, rows: Rows, columns: Sequence[str], what: str) -> None:
    missing = [name for name in columns if name not in rows[0][1]]
    if missing:
        raise InputError(f"In der Tabelle {path} fehlt die Spalte {' und '.join(missing)}.", remedy=_REMEDY[what])


def _whole(path: Path, line: int, column: str, text: str) -> int | None:
    if not text:
        return None
    plain = text.removesuffix("+")
    if not plain.isdecimal():
        raise InputError(
            f"Tabelle {path}, Zeile {line}: {column} ist „{text}“, keine ganze Zahl.", remedy="Nur Ziffern eintragen."
        )
    return int(plain)


def _number(path: Path, line: int, column: str, text: str) -> float:
    if not re.fullmatch(r"\d+([.,]\d+)?", text) or re.fullmatch(r"[1-9]\d{0,2}\.\d{3}", text):  # 1.030 is no 1,03
        raise InputError(
            f"Tabelle {path}, Zeile {line}: {column} ist „{text}“, keine Zahl.",
            remedy="Eine Zahl ohne Tausenderpunkt eintragen, auch eine 0.",
        )
    return float(text.replace(",", "."))
