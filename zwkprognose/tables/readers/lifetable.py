"""12621-0001 as a full life table: one period, ages down, sex × seven columns of the table across."""

from __future__ import annotations

import re

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.readers.columns import translate_ages
from zwkprognose.tables.readers.layout import body, filled, stretched
from zwkprognose.tables.readers.lifetable_blocks import source_of
from zwkprognose.tables.readers.marks import unmarked
from zwkprognose.tables.readers.periods import is_period, middle_year
from zwkprognose.tables.table import Table
from zwkprognose.tables.words import sex_of

TITLE = "Destatis 12621-0001, vollständige Sterbetafel einer Periode"

#: Column of the table, by its symbol, → variable.
MEASURES = {
    "q(x)": "death_prob", "p(x)": "survival_prob", "l(x)": "survivors", "d(x)": "table_deaths",
    "L(x)": "person_years", "T(x)": "person_years_ahead", "e(x)": "life_expectancy",
}  # fmt: skip
_SYMBOL = re.compile(r"\[(.\(x\))\]")


def recognise(head: list[list[str]]) -> bool:
    """The table code, and survivors among the measures."""
    if not head or not any("12621-0001" in field for field in head[0]):
        return False
    return any("[l(x)]" in field for row in head for field in row)


def read(document: Document) -> Table:
    """All columns of the life table with their quality marks."""
    at = next((i for i, row in enumerate(document.rows) if row and is_period(row[0])), None)
    if at is None or at < 3:
        raise TableError(f"{document.label}: Die Zeile mit dem Zeitraum (zum Beispiel 2022/24) fehlt.")
    columns = _columns(document, at)
    rows = body(document, first=at + 1, width=1 + 2 * len(columns), labels=1)
    figures = unmarked(document, [row[1:] for row in rows.fields], rows.lines, first=1)
    repeats = len(columns)
    ages = np.repeat(np.array([row[0] for row in rows.fields], dtype=object), repeats)
    lines = np.repeat(rows.lines, repeats)
    cells = cells_frame(
        {
            "area": "DG",
            "area_name": "Deutschland",
            "year": _year(document, document.rows[at][0]),
            "sex": stretched([sex for sex, _ in columns], len(rows.fields)),
            **translate_ages(document, ages, lines, "Alter"),
            "variable": stretched([measure for _, measure in columns], len(rows.fields)),
            **value_columns(figures.texts, document, lines=lines, columns=figures.columns, decimal=","),
        }
    )
    return Table(cells.assign(flag=figures.flags), source_of(document))


def _year(document: Document, period: str) -> int:
    year = middle_year(period)
    if year is None:
        raise TableError(f"{document.label}: „{period}“ ist kein Zeitraum von drei Jahren.")
    return year


def _columns(document: Document, at: int) -> list[tuple[str, str]]:
    """(sex, variable) of each column of figures; every second column holds quality marks."""
    sexes, measures = (filled(row[1:]) for row in document.rows[at - 3 : at - 1])
    columns = []
    for sex, measure in zip(sexes[::2], measures[::2], strict=False):
        symbol = _SYMBOL.search(measure)
        known = sex_of(sex), MEASURES.get(symbol[1]) if symbol else None
        if known[0] is None or known[1] is None:
            raise TableError(f"{document.label}: Die Spalte „{sex} {measure}“ ist nicht bekannt.")
        columns.append((known[0], known[1]))
    return columns
