"""Berlin's Ortsteile as published (EWR_Ortsteile): one row per occupied combination."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.ages import Age
from zwkprognose.tables.dates import stock_years_in
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns, cells_frame, value_columns
from zwkprognose.tables.readers.columns import columns_of, refuse_unknown, translate
from zwkprognose.tables.table import Source, Status, Table
from zwkprognose.tables.words import nationality_of

TITLE = "Berlin, Einwohnerregister nach Ortsteilen (EWR_Ortsteile)"
_HEADER = ["Bezirk", "Bez-Name", "Ortsteil", "Ortst-Name", "Geschl", "Staatsangeh", "Altersgr", "Häufigkeit"]
_SEX = {"1": "male", "2": "female"}
_GROUP = re.compile(r"(\d{2})_(\d{2})")
_DIMS = ["area", "sex", "nationality", "age_from"]
_ZERO_NOTE = (
    "Die Quelle weist nur besetzte Kombinationen aus; die übrigen sind als genau null ergänzt (Zeichen „-“)."
)


def recognise(head: list[list[str]]) -> bool:
    """The eight columns of the export."""
    return bool(head) and head[0] == _HEADER


def read(document: Document) -> Table:
    """Cells of the export; combinations that a frequency table leaves out are exactly zero."""
    columns, lines = columns_of(document, _HEADER)
    cells = cells_frame(
        {
            "area": columns["Ortsteil"],
            "area_name": columns["Ortst-Name"],
            "year": _year(document),
            "sex": translate(document, columns["Geschl"], lines, _SEX.get, "Geschl", "1 oder 2"),
            "nationality": translate(
                document, columns["Staatsangeh"], lines, nationality_of, "Staatsangeh", "D oder A"
            ),
            **_ages(document, columns["Altersgr"], lines),
            "variable": "population",
            **value_columns(
                list(columns["Häufigkeit"]), document, lines=lines, columns=len(_HEADER) - 1, labels="Häufigkeit"
            ),
        }
    )
    return Table(_with_zeros(cells), _source(document))


def _year(document: Document) -> int:
    years = stock_years_in(document.name)
    if len(years) != 1:
        raise TableError(
            f"{document.label}: Der Stichtag steht nicht im Dateinamen.",
            remedy="Die Datei wie im Original nennen, zum Beispiel EWR_Ortsteile_2014-12-31.csv.",
        )
    return years.pop()


def _ages(document: Document, texts: np.ndarray, lines: np.ndarray) -> dict[str, np.ndarray]:
    codes, distinct = pd.factorize(texts)
    ages = [_age(text) for text in distinct]
    unknown = np.array([age is None for age in ages])
    refuse_unknown(document, texts, lines, unknown[codes], "Altersgr", "eine Altersgruppe wie 20_25")
    return {name: values[codes] for name, values in age_columns(ages).items()}


def _age(text: str) -> Age | None:
    if text == "95 und älter":
        return 95, None
    match = _GROUP.fullmatch(text)
    return (int(match[1]), int(match[2])) if match else None


def _with_zeros(cells: pd.DataFrame) -> pd.DataFrame:
    """Every combination of area, sex, nationality and age group, the missing ones as zero."""
    ages = cells[["age_from", "age_to"]].drop_duplicates()
    names = cells[["area", "area_name"]].drop_duplicates()
    full = names.merge(pd.DataFrame({"sex": list(_SEX.values())}), how="cross")
    full = full.merge(cells[["nationality"]].drop_duplicates(), how="cross").merge(ages, how="cross")
    known = pd.MultiIndex.from_frame(cells[_DIMS])
    missing = full[~pd.MultiIndex.from_frame(full[_DIMS]).isin(known)]
    zeros = cells_frame(
        {
            **{name: missing[name].to_numpy() for name in ("area", "area_name", "sex", "nationality")},
            "age_from": missing["age_from"].astype(float).to_numpy(),
            "age_to": missing["age_to"].astype(float).to_numpy(),
            "year": int(cells["year"].iloc[0]),
            "variable": "population",
            "value": 0.0,
            "status": Status.ZERO.value,
            "file": str(cells["file"].iloc[0]),
        }
    )
    return pd.concat([cells, zeros], ignore_index=True)


def _source(document: Document) -> Source:
    return Source(
        document.name,
        "berlin-ortsteile",
        title="Einwohnerinnen und Einwohner in den Ortsteilen Berlins",
        publisher="Amt für Statistik Berlin-Brandenburg, Einwohnerregisterstatistik",
        licence="CC BY 3.0 DE",
        universe="Melderegister, Hauptwohnung",
        notes=(_ZERO_NOTE,),
    )
