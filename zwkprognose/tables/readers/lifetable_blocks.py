"""12621-0001 with q(x) only: blocks stacked by period and sex, one age a line."""

from __future__ import annotations

import numpy as np
from pandas import DataFrame

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.readers.columns import translate, translate_ages
from zwkprognose.tables.readers.layout import body, footer
from zwkprognose.tables.readers.periods import PERIOD_NOTE, is_period, middle_year
from zwkprognose.tables.table import Source, Status, Table
from zwkprognose.tables.words import sex_of

TITLE = "Destatis 12621-0001, Sterbewahrscheinlichkeiten nach Periode und Geschlecht"
_MEASURE = "Sterbewahrscheinlichkeit [q(x)]"


def recognise(head: list[list[str]]) -> bool:
    """The table code, and q(x) as the only measure."""
    if not head or not any("12621-0001" in field for field in head[0]):
        return False
    return any(len(row) == 3 and row[2].strip() == _MEASURE for row in head)


def read(document: Document) -> Table:
    """Death probabilities by exact age; the year of a period is its middle year."""
    first = next((i for i, row in enumerate(document.rows) if row and is_period(row[0])), len(document.rows))
    rows = body(document, first=first, width=3, labels=2)
    periods, sexes = _carried(document, rows.fields, rows.lines)
    kept = np.array([bool(row[1].strip()) for row in rows.fields])
    fields = [row for row, keep in zip(rows.fields, kept, strict=True) if keep]
    lines = rows.lines[kept]
    cells = cells_frame(
        {
            "area": "DG",
            "area_name": "Deutschland",
            "year": translate(document, periods[kept], lines, middle_year, "Periode", "eine Periode wie 2022/24"),
            "sex": translate(document, sexes[kept], lines, sex_of, "Geschlecht", "männlich oder weiblich"),
            **translate_ages(document, np.array([row[1] for row in fields], dtype=object), lines, "Alter"),
            "variable": "death_prob",
            **value_columns([row[2] for row in fields], document, lines=lines, columns=2, decimal=","),
        }
    )
    return Table(_ended(cells), source_of(document))


def _ended(cells: DataFrame) -> DataFrame:
    """Early tables end at 89 and print a dash beyond: nobody escapes death, so the dash is no zero here."""
    dash = cells["status"] == Status.ZERO.value
    return cells.assign(value=cells["value"].mask(dash), status=cells["status"].mask(dash, Status.ABSENT.value))


def source_of(document: Document) -> Source:
    """Publisher and notes of a Destatis life table."""
    return Source(
        document.name,
        "sterbetafel",
        title="Sterbetafel (Periodensterbetafel): Deutschland",
        table_code="12621-0001",
        publisher="Statistisches Bundesamt (Destatis)",
        licence="dl-de/by-2-0",
        notes=(PERIOD_NOTE, *footer(document)),
    )


def _carried(document: Document, fields: list[list[str]], lines: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Period and sex of every row: printed once, valid until the next."""
    periods, sexes = [], []
    period = sex = ""
    for row, line in zip(fields, lines, strict=True):
        mark = row[0].strip()
        if is_period(mark):
            period, sex = mark, ""
        elif mark:
            sex = mark
        if row[1].strip() and not sex:
            raise TableError(
                f"{document.label}, Zeile {line}: Vor diesem Alter steht kein Geschlecht.",
                cells=[{"line": int(line)}],
                remedy="Die Datei erneut herunterladen.",
            )
        periods.append(period)
        sexes.append(sex)
    return np.array(periods, dtype=object), np.array(sexes, dtype=object)
