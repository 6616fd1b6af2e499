"""Open data of Statistik Stadt Zürich: a code column for each variable, sort and label columns beside it.

Shape of the stock by Quartier, age, sex and origin (BEV390OD3903): ``StichtagDatJahr,AlterVSort,AlterVCd,…,SexCd,
SexLang,…,QuarCd,QuarLang,HerkunftCd,HerkunftLang,AnzBestWir``; events have ``EreignisDatJahr`` and ``AnzGebuWir``,
``AnzSterWir``, ``AnzZuzuWir``, ``AnzWezuWir``. Only what occurs has a line.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.readers.columns import columns_of, refuse_unknown, translate
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.words import sex_of

TITLE = "Statistik Stadt Zürich, offene Daten mit Schlüsselspalten (AlterVCd, SexCd, QuarCd …)"

_YEARS = ("StichtagDatJahr", "EreignisDatJahr")
#: Column of figures → variable of the contract.
_MEASURES = {
    "AnzBestWir": "population", "AnzGebuWir": "births", "AnzSterWir": "deaths", "AnzZuzuWir": "in_moves",
    "AnzWezuWir": "out_moves", "AnzWegzWir": "out_moves",
}  # fmt: skip
_SEXES = {"1": "male", "2": "female"}
_ORIGINS = {"1": "swiss", "2": "foreign"}
#: Columns that belong to a variable read by its code, or describe the file.
_BESIDE = re.compile(
    r"(?:Stichtag|Ereignis)Dat(?:Jahr)?|(?:AlterV(?:\d\d)?|Sex|Kreis|Quar|Herkunft)(?:Sort|Cd|Kurz|Lang)|Datenstand\w*"
)


def recognise(head: list[list[str]]) -> bool:
    """A column of the year and one of counts in the city's spelling."""
    names = {field.strip() for field in head[0]} if head else set()
    return not names.isdisjoint(_YEARS) and any(name.startswith("Anz") for name in names)


def read(document: Document) -> Table:
    """All counts; a further variable in the file is refused, its parts would count persons several times."""
    names = [field.strip() for field in document.rows[0]]
    columns, lines = columns_of(document, names)
    measures = [name for name in names if name in _MEASURES]
    _refuse_others(document, names, measures)
    built = _groups(document, columns, lines)
    parts = []
    for name in measures:
        figures = value_columns(
            list(columns[name]), document, lines=lines, labels=name, columns=names.index(name), decimal="."
        )
        parts.append(cells_frame({**built, "variable": _MEASURES[name], **figures}))
    return Table(pd.concat(parts, ignore_index=True), _source(document))


def _groups(document: Document, columns: dict[str, np.ndarray], lines: np.ndarray) -> dict[str, Any]:
    year = next(name for name in _YEARS if name in columns)
    built: dict[str, Any] = {"year": translate(document, columns[year], lines, stock_year, year, "ein Jahr")}
    if "AlterVCd" in columns:
        ages = translate(document, columns["AlterVCd"], lines, _age, "AlterVCd", "ein Alter von 0 bis 130")
        built.update(age_from=ages.astype(float), age_to=ages + 1.0)
    if "SexCd" in columns:
        built["sex"] = translate(
            document, columns["SexCd"], lines, _SEXES.get, "SexCd", "1 (männlich) oder 2 (weiblich)"
        )
        _check_sexes(document, columns, lines, built["sex"])
    if "HerkunftCd" in columns:
        built["nationality"] = translate(
            document, columns["HerkunftCd"], lines, _ORIGINS.get, "HerkunftCd", "1 (Schweiz) oder 2 (Ausland)"
        )
    key, name = next(
        ((key, name) for key, name in (("QuarCd", "QuarLang"), ("KreisCd", "KreisLang")) if key in columns), ("", "")
    )
    return {**built, "area": columns.get(key, ""), "area_name": columns.get(name, "")}


def _check_sexes(document: Document, columns: dict[str, np.ndarray], lines: np.ndarray, sexes: np.ndarray) -> None:
    """Codes and labels of the same line must agree."""
    for name in ("SexLang", "SexKurz"):
        if name in columns:
            wrong = np.array([sex_of(text) != sex for text, sex in zip(columns[name], sexes, strict=True)], dtype=bool)
            refuse_unknown(document, columns[name], lines, wrong, name, "dasselbe Geschlecht wie in SexCd")


def _age(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 4 and int(text) <= 130 else None


def _refuse_others(document: Document, names: Sequence[str], measures: Sequence[str]) -> None:
    counted = [name for name in names if name.startswith("Anz") and name not in measures]
    further = [name for name in names if not _BESIDE.fullmatch(name) and not name.startswith("Anz")]
    if not measures or counted:
        raise TableError(
            f"{document.label}: Die Spalte „{(counted or ['Anz…'])[0]}“ ist nicht bekannt.",
            remedy=f"Gelesen werden {', '.join(_MEASURES)}; andere Spalten mit Anzahlen löschen.",
        )
    if further:
        raise TableError(
            f"{document.label}: Das Merkmal „{further[0]}“ unterteilt die Zahlen weiter oder schränkt sie ein.",
            remedy="Die Datei ohne dieses Merkmal herunterladen, oder die Zeilen vorher darüber zusammenzählen.",
        )


def _source(document: Document) -> Source:
    return Source(
        document.name, "zuerich", title=document.name, publisher="Statistik Stadt Zürich", licence="CC0",
        universe="Wirtschaftliche Wohnbevölkerung", notes=(
            "Nur was vorkommt, hat eine Zeile; die ältesten Altersjahre sind einzeln ausgewiesen.",
        ),
    )  # fmt: skip
