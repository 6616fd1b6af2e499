"""Variables and attributes of GENESIS, Regionalstatistik and Zensus flat files in terms of the contract."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.ages import ALL_AGES, Age, parse_age_code
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns
from zwkprognose.tables.words import TOTAL_WORDS, measures_in, nationality_of, plain, sex_of

#: Codes of variables that name areas, from the whole country down.
AREA_CODES = ("DINSG", "DLAND", "REGBEZ", "KREISE", "GEMEIN", "GEODL", "GEOBL", "GEORB", "GEOLK", "GEOVB", "GEOGM")


@dataclass(frozen=True)
class Dimension:
    """One variable of a flat file: its codes and labels, and those of its attributes, row by row."""

    codes: np.ndarray
    labels: np.ndarray
    attribute_codes: np.ndarray
    attribute_labels: np.ndarray


def measure_variable(codes: np.ndarray, labels: np.ndarray, units: np.ndarray) -> np.ndarray:
    """Name of the contract for each row's measure; a measure that the contract lacks keeps its own code."""
    triples = pd.MultiIndex.from_arrays([codes, labels, units])
    numbers, distinct = pd.factorize(triples)
    return np.array([_measure(*triple) for triple in distinct], dtype=object)[numbers]


def dimension_columns(
    document: Document, dimensions: Sequence[Dimension], lines: np.ndarray
) -> tuple[dict[str, Any], np.ndarray]:
    """Columns of the contract, and a suffix for the variable from attributes that the contract lacks."""
    said: dict[str, Any] = {}
    suffix = np.full(len(lines), "", dtype=object)
    for dimension in dimensions:
        quadruples = pd.MultiIndex.from_arrays(
            [dimension.codes, dimension.labels, dimension.attribute_codes, dimension.attribute_labels]
        )
        numbers, distinct = pd.factorize(quadruples)
        meanings = [_attribute(document, *quadruple) for quadruple in distinct]
        for name in sorted({meaning[0] for meaning in meanings}):
            own = np.array([meaning[0] == name for meaning in meanings])[numbers]
            values = [meaning[1] if meaning[0] == name else None for meaning in meanings]
            if name == "suffix":
                suffix = suffix + np.array([value or "" for value in values], dtype=object)[numbers]
            else:
                _put(said, name, values, numbers, own)
    return said, suffix


def _measure(code: str, label: str, unit: str) -> str:
    measures = measures_in(label)
    if len(measures) == 1 and unit in ("Anzahl", "number", "Number", "Personen", ""):
        return measures.pop()
    return f"{code}_{unit}" if unit and unit not in ("Anzahl", "number") else code


def _attribute(document: Document, code: str, label: str, attribute: str, text: str) -> tuple[str, Any]:
    """What one attribute says: (column of the contract or ``suffix``, value)."""
    total = plain(text) in TOTAL_WORDS or attribute in ("INSGESAMT",) or not (attribute or text)
    if code.startswith(AREA_CODES):
        return "area", ("DG" if code.startswith(("DINSG", "GEODL")) else attribute, text.strip())
    if code.startswith("GES"):
        return "sex", TOTAL if total else _known(document, sex_of(attribute) or sex_of(text), label, text)
    if code.startswith("NAT"):
        return "nationality", TOTAL if total else nationality_of(attribute) or nationality_of(text) or text
    if code.startswith("ALT"):
        return "age", ALL_AGES if total else _known(document, _age(attribute, text), label, text)
    return "suffix", "" if total else f"/{text}"


def _age(attribute: str, text: str) -> Age | None:
    return parse_age_code(attribute, text)


def _known(document: Document, value: Any, label: str, text: str) -> Any:
    if value is None:
        raise TableError(
            f"{document.label}: Die Ausprägung „{text}“ des Merkmals „{label}“ ist nicht zu verstehen.",
            remedy="Prüfen, ob Schlüssel und Bezeichnung der Ausprägung zusammenpassen.",
        )
    return value


def _put(said: dict[str, Any], name: str, values: list[Any], numbers: np.ndarray, own: np.ndarray) -> None:
    if name == "age":
        columns: dict[str, np.ndarray] = age_columns([value or ALL_AGES for value in values])
    elif name == "area":
        pairs = [value or ("", "") for value in values]
        columns = {
            "area": np.array([key for key, _ in pairs], dtype=object),
            "area_name": np.array([text for _, text in pairs], dtype=object),
        }
    else:
        columns = {name: np.array([value or TOTAL for value in values], dtype=object)}
    for column, distinct in columns.items():
        spread = distinct[numbers]
        said[column] = np.where(own, spread, said[column]) if column in said else spread
