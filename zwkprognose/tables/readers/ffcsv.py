"""Flat file "ffcsv" of GENESIS-Online, Regionalstatistik and Zensus, new generation: one value per row."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from zwkprognose.tables.areas.dissolved import mark_dissolved
from zwkprognose.tables.dates import gebietsstand_in, stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.noise import CELL_KEY
from zwkprognose.tables.readers.columns import columns_of, require_columns, translate
from zwkprognose.tables.readers.genesis_variables import Dimension, dimension_columns, measure_variable
from zwkprognose.tables.signs import FLAGS
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.universe import CENSUS_DAY

TITLE = "ffcsv (GENESIS, Regionalstatistik, Zensus), neue Form mit einem Wert je Zeile"
_NEEDED = ("time", "value", "value_unit", "value_variable_code", "value_variable_label")
#: Days of the two censuses → their year. They are no ends of a year; the check says so (T25).
CENSUS_DAYS = {"2011-05-09": 2011, "2022-05-15": 2022}
#: Statistics of births, deaths and moves, whose counts carry noise from this year on.
_NOISY_STATISTICS, _NOISY_FROM = ("12612", "12613", "12711"), 2025
_NUMBERED = re.compile(r"(\d+)_variable_code")


def recognise(head: list[list[str]]) -> bool:
    """The English column names of the flat file."""
    return bool(head) and {"time", "value", "value_variable_code"} <= set(head[0])


def read(document: Document) -> Table:
    """All rows; attributes that the contract does not know become part of the variable's name."""
    names = document.rows[0]
    columns, lines = columns_of(document, names)
    require_columns(document, columns, _NEEDED)
    dimensions = [_dimension(document, columns, match[1]) for match in map(_NUMBERED.fullmatch, names) if match]
    decimal = "," if "Insgesamt" in _labels(dimensions) or _is_german(columns) else "."
    variable = measure_variable(columns["value_variable_code"], columns["value_variable_label"], columns["value_unit"])
    said, suffix = dimension_columns(document, dimensions, lines)
    at = names.index("value")
    figures = value_columns(list(columns["value"]), document, lines=lines, columns=at, labels="value", decimal=decimal)
    built: dict[str, Any] = {
        "year": translate(document, columns["time"], lines, _year, "time", "ein Jahr oder ein Stichtag 31.12."),
        **said,
        "variable": np.char.add(variable.astype(str), suffix.astype(str)).astype(object),
        **figures,
    }
    if "value_q" in columns:
        built["flag"] = np.where(np.isin(columns["value_q"], list(FLAGS)), columns["value_q"], built["flag"])
    return Table(mark_dissolved(cells_frame(built)), _source(document, columns))


def _year(text: str) -> int | None:
    return CENSUS_DAYS[text] if text in CENSUS_DAYS else stock_year(text)


def _dimension(document: Document, columns: dict[str, np.ndarray], number: str) -> Dimension:
    parts = ("variable_code", "variable_label", "variable_attribute_code", "variable_attribute_label")
    names = [f"{number}_{part}" for part in parts]
    require_columns(document, columns, names)
    return Dimension(*(columns[name] for name in names))


def _labels(dimensions: list[Dimension]) -> set[str]:
    return {str(label) for dimension in dimensions for label in dimension.attribute_labels}


def _is_german(columns: dict[str, np.ndarray]) -> bool:
    return bool({"Stichtag", "Jahr", "Semester"} & set(columns.get("time_label", ())))


def _universe(columns: dict[str, np.ndarray], label: str) -> str:
    days = [day for day in CENSUS_DAYS if day in columns["time"]]
    if days:
        year, month, day = days[0].split("-")
        return f"Zensus {year}, {CENSUS_DAY}{day}.{month}.{year}"
    return "Fortschreibung" if "Fortschreibung" in label else ""


def _secrecy(columns: dict[str, np.ndarray]) -> str:
    """Both censuses are published with noise, and so are births, deaths and moves since 2025."""
    code = str(columns.get("statistics_code", [""])[0])
    latest = max(_year(time) or 0 for time in set(columns["time"]))
    is_noisy = code in _NOISY_STATISTICS and latest >= _NOISY_FROM
    return CELL_KEY if is_noisy or set(columns["time"]) & set(CENSUS_DAYS) else ""


def _source(document: Document, columns: dict[str, np.ndarray]) -> Source:
    label = columns["statistics_label"][0] if "statistics_label" in columns else ""
    code = re.match(r"\d{5}-[\dA-Z-]+|\d{4}[A-Z]-\d{4}", document.name)
    return Source(
        document.name,
        "ffcsv",
        title=str(label),
        table_code=code[0].rstrip("-") if code else str(columns.get("statistics_code", [""])[0]),
        publisher="Statistische Ämter des Bundes und der Länder",
        licence="dl-de/by-2-0",
        gebietsstand=gebietsstand_in(str(label)),
        universe=_universe(columns, str(label)),
        secrecy=_secrecy(columns),
    )
