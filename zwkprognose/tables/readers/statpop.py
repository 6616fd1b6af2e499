"""STATPOP of the Swiss Federal Statistical Office: a line for each hectare or Gemeinde, a column for each class.

Shape: ``ERHJAHR;RELI;E_KOORD;N_KOORD;B23BTOT;B23BMTOT;B23BWTOT;B23BM01;…;B23BW19`` (from 2024 on without the year in
the names: ``BBTOT``). Class 01 is age 0 to 4, 18 is 85 to 89, 19 is 90 and older. In files of hectares a value of 3
stands for 1 to 3 persons.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.ages import ALL_AGES, Age
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.readers.columns import columns_of, translate
from zwkprognose.tables.table import Source, Status, Table

TITLE = "BFS STATPOP, Altersklassen je Hektar oder Gemeinde"

_CLASS = re.compile(r"B(?P<year>\d\d)?B(?:(?P<all>TOT)|(?P<sex>[MW])(?:(?P<total>TOT)|(?P<age>\d\d)))", re.IGNORECASE)
_OPEN_CLASS = 19
_COMMUNES = ("GMDE", "GDENR", "GMDNR", "BFSNR", "GEMEINDENUMMER")
_NAMES = ("GMDNAME", "GDENAME", "GEMEINDENAME")
_HECTARES = ("RELI", "HECTARE", "REL_ID")
#: What a 3 stands for in a file of hectares: at most 3 persons, printed as the other readers print ``<4``.
HIDDEN_UP_TO_3 = "<4"


def recognise(head: list[list[str]]) -> bool:
    """Columns of classes beside a key of hectares or Gemeinden."""
    names = [field.strip().upper() for field in head[0]] if head else []
    return any(map(_CLASS.fullmatch, names)) and any(name in (*_HECTARES, *_COMMUNES) for name in names)


def read(document: Document) -> Table:
    """Classes of age by sex and totals; other columns are named as left out."""
    names = [field.strip().upper() for field in document.rows[0]]
    columns, lines = columns_of(document, names)
    classes = {name: match for name in names if (match := _CLASS.fullmatch(name))}
    is_hectare = any(name in names for name in _HECTARES)
    built = _areas(columns, is_hectare)
    built["year"] = _years(document, columns, lines, classes)
    parts = [
        _part(document, built, name, match, columns[name], lines, names.index(name), is_hectare)
        for name, match in classes.items()
    ]
    others = _left_out(document, names, classes, lines)
    return Table(pd.concat(parts, ignore_index=True), _source(document, is_hectare, others))


def _areas(columns: dict[str, np.ndarray], is_hectare: bool) -> dict[str, Any]:
    keys = _HECTARES if is_hectare else _COMMUNES
    key = next(name for name in keys if name in columns)
    name = next((name for name in _NAMES if name in columns), "")
    return {"area": columns[key], "area_name": columns.get(name, "")}


def _years(
    document: Document, columns: dict[str, np.ndarray], lines: np.ndarray, classes: dict[str, re.Match[str]]
) -> Any:
    """The year of the survey: of the column ERHJAHR, of the names of the classes, or of the file's name."""
    if "ERHJAHR" in columns:
        return translate(document, columns["ERHJAHR"], lines, _year, "ERHJAHR", "ein Jahr")
    named = {2000 + int(match["year"]) for match in classes.values() if match["year"]}
    named = named or {int(year) for year in re.findall(r"20\d\d", document.name)}
    if len(named) != 1:
        raise TableError(
            f"{document.label}: Es ist nicht zu erkennen, für welches Jahr die Zahlen gelten.",
            remedy="Das Jahr in den Namen der Datei schreiben, zum Beispiel STATPOP2024.csv.",
        )
    return np.full(len(lines), named.pop())


def _year(text: str) -> int | None:
    return int(text) if re.fullmatch(r"(?:19|20)\d\d", text) else None


def _part(
    document: Document, built: dict[str, Any], name: str, match: re.Match[str], texts: np.ndarray, lines: np.ndarray,
    column: int, is_hectare: bool,
) -> pd.DataFrame:  # fmt: skip
    age = _age(document, match)
    sex = TOTAL if match["all"] else {"M": "male", "W": "female"}[match["sex"].upper()]
    figures = value_columns(list(texts), document, lines=lines, labels=name, columns=column, decimal=".")
    cells = cells_frame(
        {**built, "variable": "population", "sex": sex, "age_from": age[0], "age_to": age[1], **figures}
    )
    return _protected(cells) if is_hectare else cells


def _protected(cells: pd.DataFrame) -> pd.DataFrame:
    """A 3 of a hectare is a bound and no number."""
    hidden = cells["value"] == 3
    return cells.assign(
        value=cells["value"].mask(hidden),
        status=cells["status"].mask(hidden, Status.HIDDEN.value),
        flag=cells["flag"].mask(hidden, HIDDEN_UP_TO_3),
    )


def _age(document: Document, match: re.Match[str]) -> Age:
    if not match["age"]:
        return ALL_AGES
    number = int(match["age"])
    if not 1 <= number <= _OPEN_CLASS:
        raise TableError(
            f"{document.label}: Die Altersklasse „{match[0]}“ gibt es nicht.",
            remedy="STATPOP kennt die Klassen 01 (0 bis 4 Jahre) bis 19 (90 und älter).",
        )
    return 5 * number - 5, None if number == _OPEN_CLASS else 5 * number


def _left_out(
    document: Document, names: Sequence[str], classes: dict[str, re.Match[str]], lines: np.ndarray
) -> list[str]:
    """Counts by origin, marital status and the like, which are no part of the table."""
    known = {*classes, "ERHJAHR", "PUBJAHR", *_HECTARES, *_COMMUNES, *_NAMES}
    others = [name for name in names if name not in known and "KOORD" not in name and name != "NOLOC"]
    document.fates.mark(Fate.LEFT_OUT, lines[:, np.newaxis], [names.index(name) for name in others])
    return others


def _source(document: Document, is_hectare: bool, others: Sequence[str]) -> Source:
    notes = ["Eine 3 steht für 1 bis 3 Personen und ist als geheim gehaltene Zahl (<4) gelesen."] if is_hectare else []
    notes += [f"Ausgelassene Spalten: {', '.join(others)}."] if others else []
    return Source(
        document.name, "statpop", title="Statistik der Bevölkerung und der Haushalte (STATPOP)",
        publisher="Bundesamt für Statistik (BFS)", universe="Ständige Wohnbevölkerung", notes=tuple(notes),
    )  # fmt: skip
