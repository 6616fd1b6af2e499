"""Tables of the canton of Aargau and the Swiss statistical office: English columns, one cell or cohort a row."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.readers.columns import columns_of, translate
from zwkprognose.tables.table import Source, Table

TITLE = "Kanton Aargau / BFS, Bevölkerung, Wanderungen oder Prognoseparameter"
OPEN_AGE = 100

_SEX = {"m": "male", "f": "female"}
_NATIONALITY = {"ch": "swiss", "int": "foreign"}
_DIMS = {"year", "spatial_unit", "age", "nat", "sex"}
#: Column → (variable, years to add: persons of 1 January are those of the 31 December before).
_MEASURES = {
    "n": ("population", 0), "n_jan": ("population", -1), "births": ("births", 0), "imm_n": ("in_moves", 0),
    "emi_n": ("out_moves", 0), "fso_projection_n": ("population", 0), "start_n": ("start_population_aged", 0),
    "birthrate": ("births_per_woman", 0), "int_mothers": ("swiss_birth_share", 0), "mor": ("death_prob", 0),
    "emi_int": ("emigration_prob", 0), "emi_nat": ("national_out_prob", 0), "acq": ("naturalisation_prob", 0),
    "imm_int_n": ("immigration", 0), "imm_nat_n": ("national_in_moves", 0), "emi_nat_n": ("national_out_moves", 0),
    "mig_nat_n": ("national_net_moves", 0),
}  # fmt: skip


def recognise(head: list[list[str]]) -> bool:
    """The five dimensions and nothing but known measures."""
    names = set(head[0]) if head else set()
    return names >= _DIMS and bool(names - _DIMS) and names <= _DIMS | {"scen"} | set(_MEASURES)


def read(document: Document) -> Table:
    """Every measure; that of a scenario is named ``population/high``."""
    names = document.rows[0]
    columns, lines = columns_of(document, names)
    groups = _groups(document, columns, lines)
    scenario = columns.get("scen", np.full(len(lines), "", dtype=object))
    parts = [
        _part(document, (at, columns[name]), groups, lines, scenario, *_MEASURES[name])
        for at, name in enumerate(names)
        if name in _MEASURES
    ]
    return Table(pd.concat(parts, ignore_index=True), _source(document, "scen" in names))


def _groups(document: Document, columns: dict[str, np.ndarray], lines: np.ndarray) -> dict[str, Any]:
    ages = translate(document, columns["age"], lines, _age, "age", f"ein Alter von 0 bis {OPEN_AGE}")
    return {
        "area": columns["spatial_unit"],
        "year": translate(document, columns["year"], lines, stock_year, "year", "ein Jahr"),
        "sex": translate(document, columns["sex"], lines, _SEX.get, "sex", "m oder f"),
        "nationality": translate(document, columns["nat"], lines, _NATIONALITY.get, "nat", "ch oder int"),
        "age_from": ages.astype(float),
        "age_to": np.where(ages == OPEN_AGE, np.nan, ages + 1.0),
    }


def _part(
    document: Document,
    column: tuple[int, np.ndarray],
    groups: dict[str, Any],
    lines: np.ndarray,
    scenario: np.ndarray,
    variable: str,
    shift: int,
) -> pd.DataFrame:
    names = np.array([f"{variable}/{name}" if name else variable for name in pd.unique(scenario)], dtype=object)
    codes = pd.factorize(scenario)[0]
    at, texts = column
    figures = value_columns(list(texts), document, lines=lines, columns=at, labels=variable, decimal=".")
    return cells_frame({**groups, "year": groups["year"] + shift, "variable": names[codes], **figures})


def _age(text: str) -> int | None:
    return int(text) if text.isdecimal() and text.isascii() and len(text) < 4 and int(text) <= OPEN_AGE else None


def _source(document: Document, has_scenarios: bool) -> Source:
    if not document.rows:
        raise TableError(f"{document.label} ist leer.", remedy="Die Datei erneut herunterladen.")
    return Source(
        document.name,
        "aargau",
        title="Szenarien der kantonalen Bevölkerungsentwicklung" if has_scenarios else "Bevölkerung und Wanderungen",
        publisher="Bundesamt für Statistik, Statistik Aargau",
        universe="Ständige Wohnbevölkerung",
        notes=("Alter 100 ist offen; in Wanderungs- und Parametertabellen das am Jahresende erreichte Alter.",),
    )
