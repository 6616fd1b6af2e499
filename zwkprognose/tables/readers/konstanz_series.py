"""Yearly series of Konstanz: a line per year, a column per quantity or Stadtteil."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.ages import ALL_AGES, Age
from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns, cells_frame, value_columns
from zwkprognose.tables.ledger import Fate, note_dropped
from zwkprognose.tables.readers.columns import columns_of, translate
from zwkprognose.tables.readers.konstanz import AREA, AREA_NAME, MAIN_RESIDENCE, PUBLISHER
from zwkprognose.tables.table import Source, Status, Table
from zwkprognose.tables.words import plain

TITLE = "Konstanz, Jahresreihe (Einwohner, Stadtteile, Geburten, Zuzüge, Wohnungen)"


@dataclass(frozen=True, slots=True)
class Column:
    """What one column of a series counts."""

    variable: str
    sex: str = TOTAL
    nationality: str = TOTAL
    age: Age = ALL_AGES
    area: str = AREA
    area_name: str = AREA_NAME


def _ages(variable: str, **ages: Age) -> dict[str, Column]:
    return {name: Column(variable, age=age) for name, age in ages.items()}


_DISTRICTS = {
    "altstadt": "Altstadt", "paradies": "Paradies", "petershausenwest": "Petershausen-West",
    "petershausenost": "Petershausen-Ost", "koenigsbau": "Königsbau", "allmannsdorf": "Allmannsdorf",
    "staad": "Staad", "fuerstenberg": "Fürstenberg", "wollmatingen": "Wollmatingen",
    "industriegebiet": "Industriegebiet", "egg": "Egg", "litzelstetten": "Litzelstetten",
    "dingelsdorf": "Dingelsdorf", "dettingen": "Dettingen", "wallhausen": "Wallhausen",
}  # fmt: skip

#: Header of each series (without ``jahr``) → what its columns count.
SERIES: tuple[dict[str, Column], ...] = (
    {"geburten": Column("births"), "sterbefaelle": Column("deaths")},
    {"zuzug": Column("in_moves"), "wegzug": Column("out_moves")},
    {
        "gesamt": Column("population"),
        "davon_frauen": Column("population", sex="female"),
        "davon_maenner": Column("population", sex="male"),
        "darunter_roemisch_katholisch": Column("population_catholic"),
        "darunter_evangelisch": Column("population_protestant"),
    },
    {
        "gesamt": Column("population"),
        "deutsch": Column("population", nationality="german"),
        "nichtdeutsch": Column("population", nationality="foreign"),
        "eu": Column("population", nationality="EU"),
        "nichteu": Column("population", nationality="Europa ohne EU"),
        "asien": Column("population", nationality="Asien"),
        "afrika": Column("population", nationality="Afrika"),
        "amerika": Column("population", nationality="Amerika"),
    },
    {
        "wohnbevoelkerung_hauptwohnsitz": Column("population"),
        "wohnberechtigte_haupt_und_nebenwohnsitz": Column("population_with_second_homes"),
        "wohnberechtigte_nebenwohnsitz": Column("population_second_homes"),
    },
    _ages("population", bis_18=(0, 18), bis_30=(18, 30), bis_40=(30, 40), bis_50=(40, 50), bis_60=(50, 60),
          ueber_60=(60, None)),
    _ages("population_share", unter_20=(0, 20), ueber_60=(60, None)),
    {key: Column("population", area=key, area_name=name) for key, name in _DISTRICTS.items()},
    {"gebaeude": Column("residential_buildings"), "wohnungen": Column("dwellings"),
     "belegungsdichte": Column("persons_per_dwelling")},
    {"wohnungen": Column("completed_dwellings"), "wohnflaeche": Column("completed_living_area"),
     "gebaeude": Column("completed_other_buildings"), "nutzflaeche": Column("completed_usable_area")},
)  # fmt: skip

_UNDIVIDED = "petershausen", "Petershausen"
_DIVIDED_SINCE = 1993
_UNDIVIDED_NOTE = (
    "Petershausen ist erst seit 1993 geteilt; die bis dahin doppelt gedruckte Zahl ist hier ein Gebiet „petershausen“."
)


def recognise(head: list[list[str]]) -> bool:
    """One of the known headers after ``jahr``."""
    return _columns(head[0]) is not None if head else False


def read(document: Document) -> Table:
    """Cells of one series; empty fields are absent, not zero."""
    names = [plain(field) for field in document.rows[0]]
    known = _columns(names)
    if known is None:
        raise TableError(f"{document.label}: Diese Spalten hat keine bekannte Reihe: {', '.join(names[1:6])}.")
    columns, lines = columns_of(document, names)
    years = translate(document, columns["jahr"], lines, stock_year, "jahr", "ein Jahr wie 2024")
    series = [
        _cells(document, (at, columns[name]), column, years, lines)
        for at, (name, column) in enumerate(known.items(), 1)
    ]
    printed = pd.concat(series, ignore_index=True)
    cells = _undivided(printed)
    note_dropped(document, printed, cells, Fate.SUM)
    notes = (_UNDIVIDED_NOTE,) if (cells["area"] == _UNDIVIDED[0]).any() else ()
    return Table(cells, replace(_SOURCE, file=document.name, notes=notes))


def _cells(
    document: Document, printed: tuple[int, np.ndarray], column: Column, years: np.ndarray, lines: np.ndarray
) -> pd.DataFrame:
    at, texts = printed
    return cells_frame(
        {
            "area": column.area,
            "area_name": column.area_name,
            "year": years,
            "sex": column.sex,
            "nationality": column.nationality,
            **age_columns([column.age] * len(lines)),
            "variable": column.variable,
            **value_columns(list(texts), document, lines=lines, columns=at, decimal="."),
        }
    )


def _undivided(cells: pd.DataFrame) -> pd.DataFrame:
    """Before the split both halves print the same undivided figure: keep it once, under its own key."""
    early = cells["year"] < _DIVIDED_SINCE
    east = early & (cells["area"] == "petershausenost")
    west = early & (cells["area"] == "petershausenwest")
    same = cells.loc[east, "value"].to_numpy() == cells.loc[west, "value"].to_numpy()
    absent = (cells.loc[east, "status"] == Status.ABSENT.value).to_numpy()
    if not (same | absent).all():
        return cells
    cells.loc[west, ["area", "area_name"]] = _UNDIVIDED
    return cells[~east].reset_index(drop=True)


def _columns(header: list[str]) -> dict[str, Column] | None:
    names = [plain(field) for field in header]
    if names[:1] != ["jahr"]:
        return None
    return next((columns for columns in SERIES if list(columns) == names[1:]), None)


_SOURCE = Source("", "konstanz-reihe", publisher=PUBLISHER, licence="CC0", universe=MAIN_RESIDENCE)
