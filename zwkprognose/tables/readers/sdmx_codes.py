"""Codes of Eurostat, ISTAT and the OECD in terms of the contract: data sets, sexes, ages, citizenship, flags.

The codes are those of the SDMX code lists CL_SEX, CL_AGE and CL_OBS_STATUS as Eurostat disseminates them
(``Y_LT1, Y1 … Y_OPEN, TOTAL, UNK``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.ages import ALL_AGES, Age
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns
from zwkprognose.tables.readers.columns import refuse_unknown, translate
from zwkprognose.tables.table import Status

#: Role of a dimension by its name at Eurostat, ISTAT and the OECD.
ROLES = {
    "geo": "area", "ref_area": "area", "itter107": "area", "reg_id": "area", "territory": "area",
    "sex": "sex", "sexistat1": "sex", "age": "age", "eta1": "age",
    "time_period": "year", "time": "year",
    "unit": "unit", "unit_measure": "unit", "freq": "freq",
    "citizen": "nationality", "citizenship": "nationality",
}  # fmt: skip
#: Names of data sets → what they count; stocks of 1 January belong to the end of the year before.
_DATASETS = (
    (re.compile(r"demo_(?:r_)?(?:d\d?)?p?jan|demo_r_d2jan|migr_pop\dctz|popres\d|demo_(?:r_)?pjan"), "population"),
    (re.compile(r"demo_(?:r_)?ma(?:gec|ger|gea)|demo_(?:r_)?mag"), "deaths"),
    (re.compile(r"demo_(?:r_)?fa(?:sec|gec|ger)|demo_(?:r_)?fag|demo_fasec"), "births"),
    (re.compile(r"migr_imm"), "in_moves"),
    (re.compile(r"migr_emi"), "out_moves"),
)  # fmt: skip
_PROJECTIONS = re.compile(r"proj|prj|europop|df_pop_proj")
_OECD = re.compile(r"oecd")
_SEXES = {"t": "total", "_t": "total", "9": "total", "m": "male", "1": "male", "f": "female", "2": "female"}
_NATIONS = {"total": "total", "_t": "total", "t": "total", "nat": "german", "for": "foreign"}
_AGE_RULES = (
    (re.compile(r"Y_?LT_?(\d{1,3})|YLE0(?:_0)?"), lambda m: (0, int(m[1] or 1))),
    (re.compile(r"Y_?GE_?(\d{1,3})|Y(\d{1,3})_(?:MAX|OVER|GE)"), lambda m: (int(m[1] or m[2]), None)),
    (re.compile(r"Y(\d{1,3})[-_T]Y?(\d{1,3})"), lambda m: (int(m[1]), int(m[2]) + 1)),
    (re.compile(r"Y(\d{1,3})"), lambda m: (int(m[1]), int(m[1]) + 1)),
)
_TOTAL_AGES = frozenset({"TOTAL", "_T", "T"})
_UNKNOWN_AGES = frozenset({"UNK", "_U", "UNKNOWN"})
#: The last open group of single ages, whose beginning only its neighbours say.
OPEN_AGE = "Y_OPEN"
#: Units that count persons → persons in one.
UNITS = {"nr": 1.0, "per": 1.0, "ps": 1.0, "ths": 1000.0, "ths_per": 1000.0, "": 1.0}


@dataclass(frozen=True)
class Counted:
    """What a data set counts, and the years to add to its time."""

    variable: str
    shift: int


def counted(document: Document, names: str) -> Counted:
    """What is counted, by the names of file and data flow; :class:`TableError` if they do not say, or for others."""
    words = names.casefold()
    if _PROJECTIONS.search(words):
        raise TableError(
            f"{document.label}: Der Datensatz „{names.strip()}“ ist eine Vorausberechnung und kein Bestand.",
            remedy="Einen Datensatz gezählter Bevölkerung herunterladen, zum Beispiel demo_pjan oder demo_r_pjangrp3.",
        )
    if _OECD.search(words):
        raise TableError(
            f"{document.label}: Bestände der OECD gelten je nach Land für die Jahresmitte oder den 1. Januar.",
            remedy="Die Bevölkerung zum 1. Januar von Eurostat (demo_pjan, demo_r_pjangrp3) oder vom Amt des Landes "
            "herunterladen.",
        )
    for pattern, variable in _DATASETS:
        if pattern.search(words):
            return Counted(variable, -1 if variable == "population" else 0)
    raise TableError(
        f"{document.label}: Es ist nicht zu erkennen, welcher Datensatz das ist („{names.strip()[:80]}“).",
        remedy="Die Datei so benennen wie den Datensatz, zum Beispiel demo_pjan.tsv (Bevölkerung am 1. Januar), "
        "demo_magec.tsv (Gestorbene) oder demo_fasec.tsv (Geburten).",
    )


def coded_sexes(document: Document, texts: np.ndarray, lines: np.ndarray, column: str) -> np.ndarray:
    """Sexes; :class:`TableError` for a code that is none."""
    return translate(document, texts, lines, lambda code: _SEXES.get(code.casefold()), column, "M, F oder T")


def coded_nations(document: Document, texts: np.ndarray, lines: np.ndarray, column: str) -> np.ndarray:
    """Citizens of the country, foreigners, all; other groups keep their code."""
    return translate(document, texts, lines, lambda code: _NATIONS.get(code.casefold()) or code or None, column,
                     "NAT, FOR oder TOTAL")  # fmt: skip


def coded_ages(document: Document, texts: np.ndarray, lines: np.ndarray, column: str) -> dict[str, np.ndarray]:
    """Ages; :data:`OPEN_AGE` has no beginning yet. :class:`TableError` for a code that is none."""
    ages = {text: age_of(text) for text in dict.fromkeys(texts)}
    bad = np.array([ages[text] == "" for text in texts], dtype=bool)
    refuse_unknown(document, texts, lines, bad, column, "ein Alter wie Y_LT1, Y25, Y20-24, Y_GE85 oder TOTAL")
    columns = age_columns([age if isinstance(age, tuple) else None for age in ages.values()])
    place = {text: i for i, text in enumerate(ages)}
    at = np.array([place[text] for text in texts], dtype=np.int64)
    return {name: values[at] for name, values in columns.items()}


def age_of(code: str) -> Age | str | None:
    """An age code; ``None`` for unknown ages and the open one, ``""`` for what is no age.

    >>> age_of("Y_LT1"), age_of("Y7"), age_of("Y5-9"), age_of("Y_GE85"), age_of("TOTAL"), age_of("UNK"), age_of("DE")
    ((0, 1), (7, 8), (5, 10), (85, None), (0, None), None, '')
    >>> age_of("Y5T9"), age_of("Y15_64"), age_of("Y5_9")
    ((5, 10), (15, 65), (5, 10))
    """
    text = code.strip().upper()
    if text in _TOTAL_AGES:
        return ALL_AGES
    if text in _UNKNOWN_AGES or text == OPEN_AGE:
        return None
    for pattern, build in _AGE_RULES:
        if match := pattern.fullmatch(text):
            age: Any = build(match)
            return age if age[1] is None or age[0] < age[1] else ""
    return ""


def flag_status(flag: str) -> Status:
    """What a missing figure means by its flag: confidential, not applicable, or not there.

    >>> flag_status("c"), flag_status("z"), flag_status("u"), flag_status("")
    (<Status.HIDDEN: 'hidden'>, <Status.NOT_APPLICABLE: 'not_applicable'>, <Status.UNRELIABLE: 'unreliable'>, \
<Status.HIDDEN: 'hidden'>)
    """
    if "z" in flag or "m" in flag.split():
        return Status.NOT_APPLICABLE
    return Status.UNRELIABLE if "u" in flag else Status.HIDDEN
