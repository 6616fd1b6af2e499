"""12411-03-03 of Bremen Infosystem: areas × age groups × sex × nationality, one file per year."""

from __future__ import annotations

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.areas.dissolved import mark_dissolved
from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.readers.columns import translate, translate_ages
from zwkprognose.tables.readers.layout import body, filled, footer, stretched
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.words import nationality_of, sex_of

TITLE = "Bremen 12411-03-03, Bevölkerung nach Ortsteil, Alter, Geschlecht und Nationalität"
_LABELS = 4
_HEADER = slice(1, 4)


def recognise(head: list[list[str]]) -> bool:
    """The table code in the first line."""
    return bool(head and head[0] and head[0][0].startswith("12411-03-03"))


def read(document: Document) -> Table:
    """Cells of one original export: 19 columns of counts are the nine sums of sex × nationality."""
    groups = _groups(document)
    rows = body(document, first=4, width=_LABELS + len(groups), labels=_LABELS)
    labels = np.array([row[:_LABELS] for row in rows.fields], dtype=object)
    # Every cell of the row carries the labels of the row; rows run slowest.
    names = ("area", "area_name", "year", "age")
    repeated = {name: np.repeat(labels[:, i], len(groups)) for i, name in enumerate(names)}
    lines = np.repeat(rows.lines, len(groups))
    texts = [text for row in rows.fields for text in row[_LABELS:]]
    columns = range(_LABELS, _LABELS + len(groups))
    # The header says "Alter von ... bis unter ...".
    ages = translate_ages(document, repeated["age"], lines, "Alter", upper="exclusive")
    cells = cells_frame(
        {
            "area": repeated["area"],
            "area_name": repeated["area_name"],
            "year": translate(document, repeated["year"], lines, stock_year, "Zeit", "ein Stichtag 31.12."),
            **ages,
            "sex": stretched([sex for sex, _ in groups], len(rows.fields)),
            "nationality": stretched([nationality for _, nationality in groups], len(rows.fields)),
            "variable": "population",
            **value_columns(texts, document, lines=lines, columns=stretched(columns, len(rows.fields))),
        }
    )
    return Table(mark_dissolved(cells), _source(document))


def _groups(document: Document) -> list[tuple[str, str]]:
    """(sex, nationality) of each column of figures, from the two header rows below the measure."""
    if len(document.rows) < 5:
        raise TableError(f"{document.label} bricht in der Kopfzeile ab.", remedy="Laden Sie die Datei erneut.")
    upper, lower = (filled(row[_LABELS:]) if i == 0 else row[_LABELS:] for i, row in enumerate(document.rows[2:4]))
    groups = [_group(document, a, b) for a, b in zip(upper, [*lower, *[""] * len(upper)], strict=False)]
    if len(groups) != 9 or len(set(groups)) != 9:
        raise TableError(
            f"{document.label} hat andere Spalten als 12411-03-03: {len(groups)} statt 9 Gruppen.",
            remedy="Exportieren Sie die Tabelle mit allen Spalten.",
        )
    return groups


def _group(document: Document, upper: str, lower: str) -> tuple[str, str]:
    nationality = nationality_of(upper) if nationality_of(upper) not in (None, "total") else "total"
    sex = sex_of(lower) if lower.strip() else sex_of(upper)
    if nationality is None or sex is None:
        raise TableError(f"{document.label}: Die Spalte „{upper} {lower}“ ist nicht bekannt.")
    return sex, nationality


def _source(document: Document) -> Source:
    return Source(
        document.name,
        "bremen-12411-03-03",
        title=" ".join(document.rows[0][0].split()),
        table_code="12411-03-03",
        publisher="Statistisches Landesamt Bremen",
        universe="Fortschreibung",
        notes=tuple(footer(document)),
    )
