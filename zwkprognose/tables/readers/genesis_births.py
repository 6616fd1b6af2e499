"""GENESIS tables 12612-…: births by sex, order and age, births per 1,000 women, mean ages, stillbirths.

Every figure has a column with its quality mark beside it. Figures stay as printed: births per 1,000 women are
not turned into a rate here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.ages import ALL_AGES, parse_age
from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns, cells_frame, value_columns
from zwkprognose.tables.readers.columns import carried, translate, translate_ages
from zwkprognose.tables.readers.layout import body, footer, stretched
from zwkprognose.tables.readers.marks import unmarked
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.words import plain, sex_of

TITLE = "Destatis 12612, Geburten und Geburtenziffern für Deutschland"

_CODE = re.compile(r"12612-00(01|05|08|09|14|18)")
_ORDERS = {
    "first child": "first", "second child": "second", "third child": "third", "fourth or further child": "further",
    "1. kind": "first", "2. kind": "second", "3. kind": "third", "4. kind und weitere": "further",
}  # fmt: skip
_STILL = {
    "stillborn children": "stillbirths", "totgeborene": "stillbirths",
    "stillborn children per 1000 live and stillborn": "stillbirths_per_1000",
    "totgeborene je 1000 lebend- und totgeborene": "stillbirths_per_1000",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Shape:
    """How one table is laid out: labels of its rows, meaning of its columns, row of the header that names them."""

    rows: tuple[str, ...]
    column: Callable[[str], dict[str, Any] | None]
    variable: str = "births"
    header: int = -1


def _by_sex(label: str) -> dict[str, Any] | None:
    sex = sex_of(label)
    return None if sex is None else {"sex": sex}


def _by_year(label: str) -> dict[str, Any] | None:
    year = stock_year(label)
    return None if year is None else {"year": year}


def _by_age(label: str) -> dict[str, Any] | None:
    age = parse_age(label)
    return None if age is None else {"age": age}


def _by_order(variable: str) -> Callable[[str], dict[str, Any] | None]:
    def read(label: str) -> dict[str, Any] | None:
        order = _ORDERS.get(plain(label))
        return None if order is None else {"variable": f"{variable}_{order}"}

    return read


def _by_measure(label: str) -> dict[str, Any] | None:
    variable = _STILL.get(plain(label))
    return None if variable is None else {"variable": variable}


_SHAPES = {
    "01": _Shape(("year",), _by_sex),
    "05": _Shape(("year", "age"), _by_order("births")),
    "08": _Shape(("age",), _by_year, "births_per_1000_women"),
    "09": _Shape(("year",), _by_age, "total_fertility_rate"),
    "14": _Shape(("year",), _by_order("mean_age_at_birth")),
    "18": _Shape(("year",), _by_measure, header=-2),
}


def recognise(head: list[list[str]]) -> bool:
    """The table code in the first line."""
    return bool(head and head[0] and _CODE.search(head[0][0]))


def read(document: Document) -> Table:
    """Cells of one of the tables, with quality marks."""
    match = _CODE.search(document.rows[0][0])
    if match is None:
        raise TableError(f"{document.label} ist keine der Tabellen 12612-….")
    shape = _SHAPES[match[1]]
    first = _first_figures(document)
    columns = _columns(document, shape, first)
    rows = body(document, first=first, width=len(shape.rows) + 2 * len(columns), labels=len(shape.rows))
    cells = _cells(document, shape, columns, rows.fields, rows.lines)
    return Table(cells, _source(document, match[0]))


def _first_figures(document: Document) -> int:
    """Titles have a first field, header rows do not, figures do again."""
    head = document.head
    for i in range(1, len(head)):
        if head[i] and head[i][0].strip() and head[i - 1] and not head[i - 1][0].strip():
            return i
    raise TableError(f"{document.label}: Es ist keine Zahlenzeile zu finden.", remedy="Die Datei erneut herunterladen.")


def _columns(document: Document, shape: _Shape, first: int) -> list[dict[str, Any]]:
    labels = document.rows[first + shape.header][len(shape.rows) :][::2]
    columns = [(label, shape.column(label)) for label in labels if label.strip()]
    unknown = [label for label, meaning in columns if meaning is None]
    if unknown or not columns:
        raise TableError(
            f"{document.label}: Die Spalte „{(unknown or [''])[0]}“ ist nicht bekannt.",
            remedy="Die Tabelle ohne Änderung als CSV exportieren.",
        )
    return [meaning for _, meaning in columns if meaning is not None]


def _cells(
    document: Document, shape: _Shape, columns: list[dict[str, Any]], fields: list[list[str]], lines: np.ndarray
) -> Any:
    height, width = len(fields), len(columns)
    labelled = len(shape.rows)
    figures = unmarked(document, [row[labelled:] for row in fields], lines, first=labelled)
    spread = np.repeat(lines, width)
    built: dict[str, Any] = {
        "area": "DG",
        "area_name": "Deutschland",
        **age_columns([column.get("age", ALL_AGES) for column in columns] * height),
        "sex": stretched([column.get("sex", TOTAL) for column in columns], height),
        "variable": stretched([column.get("variable", shape.variable) for column in columns], height),
        **value_columns(figures.texts, document, lines=spread, columns=figures.columns, decimal=_decimal(document)),
    }
    if "year" in columns[0]:
        built["year"] = np.tile(np.array([column["year"] for column in columns]), height)
    for position, dimension in enumerate(shape.rows):
        labels = np.repeat(carried(np.array([row[position] for row in fields], dtype=object)), width)
        built.update(_row_labels(document, dimension, labels, spread))
    return cells_frame(built).assign(flag=figures.flags)


def _row_labels(document: Document, dimension: str, labels: np.ndarray, lines: np.ndarray) -> dict[str, np.ndarray]:
    if dimension == "age":
        return translate_ages(document, labels, lines, "Alter")
    return {"year": translate(document, labels, lines, stock_year, "Jahr", "ein Jahr wie 2023")}


def _decimal(document: Document) -> str:
    return "," if any("Deutschland" in field for row in document.head[:8] for field in row) else "."


def _source(document: Document, code: str) -> Source:
    return Source(
        document.name,
        "genesis-geburten",
        title=" ".join(document.rows[1]).strip(" ,;"),
        table_code=code,
        publisher="Statistisches Bundesamt (Destatis)",
        licence="dl-de/by-2-0",
        notes=tuple(footer(document)),
    )
