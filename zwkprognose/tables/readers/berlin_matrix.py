"""Yearly matrices of Berlin's register (EWR…E_Matrix): areas down, age classes across, sex as margin only."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.ages import ALL_AGES, Age
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns, cells_frame, value_columns
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.readers.columns import columns_of, translate
from zwkprognose.tables.table import Source, Table

TITLE = "Berlin, Einwohnerregister-Matrix der Planungsräume (EWR…E_Matrix)"
_KEYS = ("ZEIT", "RAUMID", "BEZ", "PGR", "BZR", "PLR", "STADTRAUM")
_PARTS = (("BEZ", 2), ("PGR", 2), ("BZR", 2), ("PLR", 2))
_SEX = {"E_E": TOTAL, "E_EM": "male", "E_EW": "female"}
_CLASS = re.compile(r"E_E(\d{2})_(\d{2,3})")
_BAND = re.compile(r"E_E?(?:(\d{1,2}))?U(\d{1,3})")
_OPEN = 110
_WIDTH = 8


def recognise(head: list[list[str]]) -> bool:
    """The key columns and the total of the matrix."""
    return bool(head) and head[0][:8] == [*_KEYS, "E_E"]


def read(document: Document) -> Table:
    """Cells of one matrix: 32 fine and 9 coarse age classes of all, the two sexes in sum."""
    names = document.rows[0]
    document, repairs = _without_stray_totals(document, len(names))
    columns, lines = columns_of(document, names)
    groups = _without_repeats(document, columns, {name: _group(document, name) for name in names[len(_KEYS) :]})
    years = translate(document, columns["ZEIT"], lines, _december, "ZEIT", "ein Monat wie 202012 (Dezember)")
    areas, zeros = _areas(document, columns)
    width = len(groups)
    texts = np.stack([columns[name] for name in groups], axis=1).ravel()
    at = [names.index(name) for name in groups]
    sexes = np.array([sex for sex, _ in groups.values()], dtype=object)
    ages = age_columns([age for _, age in groups.values()])
    cells = cells_frame(
        {
            "area": np.repeat(areas, width),
            "year": np.repeat(years, width),
            "sex": np.tile(sexes, len(lines)),
            **{name: np.tile(values, len(lines)) for name, values in ages.items()},
            "variable": "population",
            **value_columns(list(texts), document, lines=np.repeat(lines, width), columns=np.tile(at, len(lines))),
        }
    )
    return Table(cells, _source(document, (*repairs, *zeros)))


def _december(text: str) -> int | None:
    return int(text[:4]) if re.fullmatch(r"(19|20)\d\d12", text) else None


def _group(document: Document, name: str) -> tuple[str, Age]:
    """(sex, age) of a column; classes end before their second number, 110 stands for open."""
    if name in _SEX:
        return _SEX[name], ALL_AGES
    match = _CLASS.fullmatch(name) or _BAND.fullmatch(name)
    if match is None:
        raise TableError(
            f"{document.label}: Die Spalte „{name}“ ist nicht bekannt.", remedy="Die Datei erneut herunterladen."
        )
    start, end = int(match[1] or 0), int(match[2])
    return TOTAL, (start, None if end == _OPEN else end)


def _without_repeats(
    document: Document, columns: dict[str, np.ndarray], groups: dict[str, tuple[str, Age]]
) -> dict[str, tuple[str, Age]]:
    """Two coarse classes (under 1, 15 to 17) repeat a fine one; they are left out once they agree with it."""
    kept: dict[tuple[str, Age], str] = {}
    for name, group in groups.items():
        first = kept.setdefault(group, name)
        differing = np.flatnonzero(columns[first] != columns[name])
        if differing.size:
            raise TableError(
                f"{document.label}: Die Spalten „{first}“ und „{name}“ zählen dasselbe, sind aber verschieden.",
                cells=[{"area": columns["RAUMID"][i], "text": f"{columns[name][i]}"} for i in differing[:50]],
                remedy="Die Datei erneut herunterladen.",
            )
    return {name: group for group, name in kept.items()}


def _areas(document: Document, columns: dict[str, np.ndarray]) -> tuple[np.ndarray, tuple[str, ...]]:
    """Keys of eight digits; the four parts beside the key prove that only leading zeros are missing."""
    keys = columns["RAUMID"]
    padded = np.array([key.zfill(_WIDTH) for key in keys], dtype=object)
    joined = np.full(len(keys), "", dtype=object)
    for name, width in _PARTS:
        joined = joined + np.array([part.zfill(width) for part in columns[name]], dtype=object)
    wrong = np.flatnonzero((padded != joined) & (padded != "0" * _WIDTH))
    if wrong.size:
        raise TableError(
            f"{document.label}: RAUMID passt nicht zu BEZ, PGR, BZR und PLR.",
            cells=[{"area": keys[i], "text": joined[i]} for i in wrong[:50]],
            remedy="Die Datei erneut herunterladen.",
        )
    lost = int((padded != keys).sum())
    if not lost:
        return keys, ()
    return padded, (f"{document.label}: Schlüssel ohne führende Null ({lost}); sie wurde ergänzt.",)


def _without_stray_totals(document: Document, width: int) -> tuple[Document, tuple[str, ...]]:
    """The file of 2009 ends in a row without a key that sums two columns by hand; it is no area."""
    stray = [i for i, row in enumerate(document.rows) if i and any(row) and not any(row[: len(_KEYS)])]
    if not stray:
        return document, ()
    rows = [row for i, row in enumerate(document.rows) if i not in stray]
    lines = [line for i, line in enumerate(document.lines) if i not in stray]
    shown = ", ".join(str(document.lines[i]) for i in stray)
    note = f"In {document.label}, Zeile {shown}, stehen Summen ohne Schlüssel; sie sind kein Gebiet und ausgelassen."
    for i in stray:
        document.fates.mark(Fate.SUM, document.lines[i], np.arange(width))
    return replace(document, rows=rows, lines=lines), (note,)


def _source(document: Document, repairs: tuple[str, ...]) -> Source:
    return Source(
        document.name,
        "berlin-matrix",
        title="Einwohnerinnen und Einwohner in den Planungsräumen (LOR)",
        publisher="Amt für Statistik Berlin-Brandenburg, Einwohnerregisterstatistik",
        licence="CC BY 3.0 DE",
        universe="Melderegister, Hauptwohnung",
        repairs=repairs,
    )
