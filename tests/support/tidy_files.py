"""Small helpers for tests of tables."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from zwkprognose.tables import Table

TIDY_HEADER = "jahr;gebiet;name;geschlecht;staatsangehoerigkeit;alter_von;alter_bis;anzahl"


def write(folder: Path, text: str, name: str = "tabelle.csv", encoding: str = "utf-8") -> Path:
    """A file with this text."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def tidy(rows: Iterable[str], header: str = TIDY_HEADER) -> str:
    """A tidy table as text."""
    return "\n".join([header, *rows]) + "\n"


def full_tidy(areas: Iterable[str] = ("0101", "0102"), years: Iterable[int] = (2019, 2020)) -> list[str]:
    """Rows of a complete small table: two sexes, two nationalities, three age groups."""
    ages = ("0;17", "18;64", "65;")
    return [
        f"{year};{area};Ort {area};{sex};{nation};{age};{100 + i}"
        for year in years
        for area in areas
        for sex in "mw"
        for nation in "DA"
        for i, age in enumerate(ages)
    ]


def total(table: Table, **wanted: object) -> float:
    """Sum of the values of the cells that match exactly."""
    cells = table.cells
    for column, value in wanted.items():
        cells = cells[cells[column] == value]
    assert len(cells), wanted
    return float(cells["value"].sum())
