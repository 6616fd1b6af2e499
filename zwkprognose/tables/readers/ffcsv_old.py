"""Flat file "ffcsv" of GENESIS and Regionalstatistik, older generation: a column per measure."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.areas.dissolved import mark_dissolved
from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.readers.columns import columns_of, require_columns, translate
from zwkprognose.tables.readers.genesis_variables import Dimension, dimension_columns, measure_variable
from zwkprognose.tables.table import Source, Table

TITLE = "ffcsv (GENESIS, Regionalstatistik), ältere Form mit einer Spalte je Merkmal"
_NUMBERED = re.compile(r"(\d+)_Merkmal_Code")
_MEASURE = re.compile(r"\s*([A-Z0-9]+)__(.*)__([^_]*)")


def recognise(head: list[list[str]]) -> bool:
    """The German column names of the flat file."""
    return bool(head) and {"Statistik_Code", "Zeit"} <= set(head[0])


def read(document: Document) -> Table:
    """All measures of the file one below the other."""
    names = [name.strip() for name in document.rows[0]]
    columns, lines = columns_of(document, names)
    dimensions = [_dimension(document, columns, m[1]) for m in map(_NUMBERED.fullmatch, names) if m]
    said, suffix = dimension_columns(document, dimensions, lines)
    said["year"] = translate(document, columns["Zeit"], lines, stock_year, "Zeit", "ein Jahr oder ein Stichtag 31.12.")
    measures = [name for name in names if _MEASURE.fullmatch(name)]
    if not measures:
        raise TableError(
            f"{document.label} enthält keine Wertespalte.", remedy="Die Tabelle erneut als ffcsv herunterladen."
        )
    parts = [_part(document, columns, name, said, suffix, lines) for name in measures]
    cells = pd.concat(parts, ignore_index=True)
    return Table(mark_dissolved(cells), _source(document, columns))


def _part(
    document: Document,
    columns: dict[str, np.ndarray],
    name: str,
    said: dict[str, Any],
    suffix: np.ndarray,
    lines: np.ndarray,
) -> pd.DataFrame:
    match = _MEASURE.fullmatch(name)
    assert match is not None  # only such columns are passed
    code, label, unit = match[1], _spoken(match[2]), match[3]
    variable = measure_variable(*(np.array([text], dtype=object) for text in (code, label, unit)))[0]
    named = np.array([f"{variable}{text}" for text in suffix], dtype=object)
    at = list(columns).index(name)
    figures = value_columns(list(columns[name]), document, lines=lines, columns=at, labels=name)
    return cells_frame({**said, "variable": named, **figures})


def _spoken(text: str) -> str:
    """Column names write umlauts as two letters: ``Bevoelkerungsstand``."""
    words = text.replace("_", " ")
    for plain, umlaut in (("oe", "ö"), ("ae", "ä"), ("ue", "ü")):
        words = words.replace(plain, umlaut)
    return words


def _dimension(document: Document, columns: dict[str, np.ndarray], number: str) -> Dimension:
    parts = ("Merkmal_Code", "Merkmal_Label", "Auspraegung_Code", "Auspraegung_Label")
    names = [f"{number}_{part}" for part in parts]
    require_columns(document, columns, names)
    return Dimension(*(columns[name] for name in names))


def _source(document: Document, columns: dict[str, np.ndarray]) -> Source:
    label = str(columns["Statistik_Label"][0]) if "Statistik_Label" in columns else ""
    code = re.match(r"\d{5}-[\dA-Z-]+", document.name)
    return Source(
        document.name,
        "ffcsv-alt",
        title=label,
        table_code=code[0].rstrip("-") if code else str(columns["Statistik_Code"][0]),
        publisher="Statistische Ämter des Bundes und der Länder",
        licence="dl-de/by-2-0",
        universe="Fortschreibung" if "Fortschreibung" in label else "",
    )
