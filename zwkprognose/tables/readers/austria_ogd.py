"""Open data of Statistik Austria: codes for everything, their names in files of codes beside the table.

Shape of ``OGD_bevstandjbab2002_BevStand_2024.csv``: ``C-A10-0;C-C11-0;C-GRGEMAKT-0;C-GALTEJ112-0;F-ISIS-1`` with rows
such as ``A10-2024;C11-1;GRGEMAKT-10101;GALTEJ112-1;77``. Age code ``GALTEJ112-N`` is age N − 1, ``GALT5J100-21`` is
100 and older, ``GALT5J100-1`` 0 to 4. Stocks are those of 1 January.
"""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.ages import Age, parse_age
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns, cells_frame, value_columns
from zwkprognose.tables.readers.code_files import labels
from zwkprognose.tables.readers.columns import columns_of, refuse_unknown, translate
from zwkprognose.tables.readers.stock_days import JANUARY_NOTE, day_in
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.words import TOTAL_WORDS, measures_in, plain, sex_of

TITLE = "Statistik Austria, offene Daten mit Schlüsseln (OGD), mit oder ohne Schlüsseldateien"

_DIMENSION = re.compile(r"C-([A-Z0-9]+)-\d+")
_MEASURE = re.compile(r"F-[\w.]+(?:-\d+)?")
_YEAR = re.compile(r"[A-Z0-9]+-((?:19|20)\d\d)")
_SINGLE = re.compile(r"GALTEJ112-(\d{1,3})")
_GROUP = re.compile(r"GALT5J100-(\d{1,2})")
_SEXES = {"C11-1": "male", "C11-2": "female"}
#: First number of the open group of 100 and older.
_LAST_GROUP = 21
#: `` <10101>`` behind names of areas.
_KEY_IN_NAME = re.compile(r"\s*<[^>]*>\s*$")
#: Data sets whose name says what the only measure counts.
_KNOWN = (("bevstandjb", "Bevölkerung zu Jahresbeginn"),)


def recognise(head: list[list[str]]) -> bool:
    """Columns of codes (``C-…-0``) and at least one of figures (``F-…``)."""
    names = [field.strip() for field in head[0]] if head else []
    return any(map(_DIMENSION.fullmatch, names)) and any(map(_MEASURE.fullmatch, names))


def read(document: Document) -> Table:
    """All figures; a column of codes that is not known must hold nothing but its total."""
    names = [field.strip() for field in document.rows[0]]
    columns, lines = columns_of(document, names)
    measures = [name for name in names if _MEASURE.fullmatch(name)]
    said: dict[str, Any] = {}
    for name in (name for name in names if name not in measures):
        said.update(_dimension(document, name, columns[name], lines))
    if "year" not in said:
        raise TableError(
            f"{document.label}: Die Spalte der Zeit (C-A10-0) fehlt.", remedy="Den Datensatz neu herunterladen."
        )
    parts, notes = [], []
    for name in measures:
        variable, shift = _measured(document, name, len(measures))
        figures = value_columns(list(columns[name]), document, lines=lines, labels=name, columns=names.index(name),
                                decimal=",")  # fmt: skip
        parts.append(cells_frame({**said, "year": said["year"] + shift, "variable": variable, **figures}))
        notes += [JANUARY_NOTE] if shift else []
    return Table(pd.concat(parts, ignore_index=True), _source(document, tuple(dict.fromkeys(notes))))


def _dimension(document: Document, name: str, texts: np.ndarray, lines: np.ndarray) -> dict[str, Any]:
    """Columns of the contract from one column of codes, by the codes themselves; labels must not contradict."""
    known = labels(document, name)
    first = str(texts[0])
    if first in _SEXES or first.startswith("C11-"):
        return {"sex": translate(document, texts, lines, _sex_rule(known), name, "C11-1 (männlich) oder C11-2")}
    if first.startswith(("GALTEJ112-", "GALT5J100-")):
        return _ages(document, name, texts, lines, known)
    if first.startswith(("GRGEM", "GRPOLBEZ", "GRBDL", "GRNUTS", "B00-")):
        keys = np.array([text.split("-", 1)[-1] for text in texts], dtype=object)
        distinct = {text: _KEY_IN_NAME.sub("", known.get(text, "")) for text in dict.fromkeys(texts)}
        _refuse_unnamed(document, name, texts, lines, known)
        return {"area": keys, "area_name": np.array([distinct[text] for text in texts], dtype=object)}
    if _YEAR.fullmatch(first):
        return {"year": translate(document, texts, lines, _year, name, "ein Jahr wie A10-2024")}
    if all(plain(known.get(text, "")) in TOTAL_WORDS for text in set(texts)):
        return {}
    raise TableError(
        f"{document.label}: Das Merkmal „{name}“ (zum Beispiel „{first}“) ist nicht bekannt.",
        cells=[{"line": int(lines[0]), "column": name, "text": first}],
        remedy="Einen Datensatz nach Zeit, Gebiet, Alter und Geschlecht herunterladen; nennt die Schlüsseldatei des "
        "Merkmals nur „Insgesamt“, wird es gelesen.",
    )


def _year(code: str) -> int | None:
    match = _YEAR.fullmatch(code)
    return int(match[1]) if match else None


def _sex_rule(known: dict[str, str]) -> Any:
    def rule(code: str) -> str | None:
        sex = _SEXES.get(code)
        return None if code in known and sex_of(known[code]) != sex else sex

    return rule


def age_of(code: str) -> Age | None:
    """Age of a code of single ages or of five-year groups.

    >>> age_of("GALTEJ112-1"), age_of("GALTEJ112-100"), age_of("GALT5J100-1"), age_of("GALT5J100-21")
    ((0, 1), (99, 100), (0, 5), (100, None))
    """
    if match := _SINGLE.fullmatch(code):
        number = int(match[1])
        return (number - 1, number) if number else None
    if match := _GROUP.fullmatch(code):
        number = int(match[1])
        return (5 * number - 5, None if number == _LAST_GROUP else 5 * number) if 1 <= number <= _LAST_GROUP else None
    return None


def _ages(
    document: Document, name: str, texts: np.ndarray, lines: np.ndarray, known: dict[str, str]
) -> dict[str, np.ndarray]:
    ages = {text: age_of(text) for text in dict.fromkeys(texts)}
    for code, age in ages.items():
        said = parse_age(known[code]) if code in known else age
        if said is not None and age is not None and said != age:
            raise TableError(
                f"{document.label}: Der Altersschlüssel „{code}“ heißt in der Schlüsseldatei „{known[code]}“.",
                cells=[{"column": name, "text": code}],
                remedy="Tabelle und Schlüsseldatei desselben Datensatzes neu herunterladen.",
            )
    unknown = np.array([ages[text] is None for text in texts], dtype=bool)
    refuse_unknown(document, texts, lines, unknown, name, "GALTEJ112-1 (unter 1 Jahr) bis GALT5J100-21 (100 und älter)")
    place = {text: i for i, text in enumerate(ages)}
    at = np.array([place[text] for text in texts], dtype=np.int64)
    return {column: values[at] for column, values in age_columns(list(ages.values())).items()}


def _refuse_unnamed(document: Document, name: str, texts: np.ndarray, lines: np.ndarray, known: dict[str, str]) -> None:
    """With a file of codes every code has a name there."""
    if known:
        unknown = np.array([text not in known for text in texts], dtype=bool)
        refuse_unknown(document, texts, lines, unknown, name, "ein Schlüssel der Schlüsseldatei desselben Datensatzes")


def _measured(document: Document, name: str, number: int) -> tuple[str, int]:
    """What a column of figures counts and the years to add, by the HEADER file or the name of the data set."""
    words = labels(document, "HEADER").get(name, "")
    if not words and number == 1:
        words = next((text for part, text in _KNOWN if part in document.name.casefold()), "")
    measures, day = measures_in(words), day_in(words)
    if len(measures) != 1 or day == "other":
        said = f" („{words}“)" if words else ""
        raise TableError(
            f"{document.label}: Es ist nicht zu erkennen, welche Personen die Spalte „{name}“{said} zählt.",
            remedy="Die Datei mit dem Namen des Datensatzes lassen (OGD_bevstandjbab2002_…) oder …_HEADER.csv dazu "
            "angeben; gelesen werden Bevölkerung zu Jahresbeginn, Geburten, Sterbefälle, Zu- und Fortzüge.",
        )
    variable = measures.pop()
    return variable, -1 if variable == "population" and day == "january" else 0


def _source(document: Document, notes: tuple[str, ...]) -> Source:
    return Source(
        document.name, "statistik-austria", title=document.name, publisher="Statistik Austria", licence="CC BY 4.0",
        universe="Bevölkerungsregister, Hauptwohnung", notes=notes,
    )  # fmt: skip
