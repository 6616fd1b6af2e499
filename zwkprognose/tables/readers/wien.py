"""Open data of the city of Vienna (MA 23) by Gemeindebezirk: a title line, then codes of areas, dates, ages, sexes.

Shape: ``NUTS;DISTRICT_CODE;SUB_DISTRICT_CODE;REF_YEAR;REF_DATE;SEX;AGE1;AUT;FOR`` (older files ``NUTS1;NUTS2;NUTS3``),
or without the columns of sexes and ages, with ``POP_TOTAL;POP_MEN;POP_WOMEN``; ``9xx00`` is Bezirk xx, ``90000`` the
city, REF_DATE 1 January.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.ledger import Fate, note_dropped
from zwkprognose.tables.readers.area_totals import without_sums
from zwkprognose.tables.readers.columns import columns_of, require_columns, translate, translate_ages
from zwkprognose.tables.readers.restricted import refuse_restricted
from zwkprognose.tables.readers.stock_days import JANUARY_NOTE
from zwkprognose.tables.table import Source, Table

TITLE = "Stadt Wien (MA 23), offene Daten nach Bezirken"

#: Column of figures → sex and nationality.
_MEASURES = {
    **dict.fromkeys(("POP", "POP_TOTAL", "POP_VALUE", "TOTAL"), (TOTAL, TOTAL)),
    **dict.fromkeys(("POP_MEN", "POP_MALE", "MEN"), ("male", TOTAL)),
    **dict.fromkeys(("POP_WOMEN", "POP_FEMALE", "WOMEN"), ("female", TOTAL)),
    **dict.fromkeys(("AUT", "POP_AUT", "AUT_TOTAL"), (TOTAL, "austrian")),
    **dict.fromkeys(("FOR", "POP_FOR", "FOR_TOTAL", "NON_AUT"), (TOTAL, "foreign")),
    "AUT_MEN": ("male", "austrian"), "AUT_WOMEN": ("female", "austrian"),
    "FOR_MEN": ("male", "foreign"), "FOR_WOMEN": ("female", "foreign"),
}  # fmt: skip
_SEXES = {"1": "male", "2": "female", "m": "male", "w": "female", "0": TOTAL}
_AREA = ("DISTRICT_CODE", "REF_YEAR", "REF_DATE")
_KNOWN = frozenset({"NUTS", "NUTS1", "NUTS2", "NUTS3", "SUB_DISTRICT_CODE", "SEX", *_AREA})
_AGE = re.compile(r"AGE(?:_?(\d{1,2}|GROUP))?")
_DATE = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})|(\d{1,2})\.(\d{1,2})\.(\d{4})")
_CITY = "90000"


def recognise(head: list[list[str]]) -> bool:
    """The columns of Bezirk and date in one of the first lines."""
    return _header(head) is not None


def read(document: Document) -> Table:
    """Columns of persons; columns of anything else are named as left out."""
    at = _header(document.head)
    assert at is not None  # recognised
    refuse_restricted(document, [" ".join(row) for row in document.rows[:at]])
    names = [field.strip().upper() for field in document.rows[at]]
    while names and not names[-1]:
        names.pop()
    columns, lines = columns_of(document, names, first=at + 1)
    require_columns(document, columns, _AREA)
    measures = [name for name in names if name in _MEASURES]
    others = [n for n in names if n not in _KNOWN and n not in measures and not _AGE.fullmatch(n)]
    if not measures:
        raise TableError(
            f"{document.label}: Keine Spalte zählt Personen ({', '.join(others)}).",
            remedy="Eine Datei mit POP_TOTAL, POP_MEN und POP_WOMEN oder AUT und FOR herunterladen.",
        )
    document.fates.mark(Fate.LEFT_OUT, lines[:, np.newaxis], [names.index(name) for name in others])
    built, notes = _common(document, names, columns, lines)
    notes += [f"Spalten, die keine Personen zählen, sind ausgelassen: {', '.join(others)}."] if others else []
    parts = [_part(document, built, name, columns[name], lines, names.index(name)) for name in measures]
    printed = pd.concat(parts, ignore_index=True)
    kept = without_sums(printed)
    note_dropped(document, printed, kept.cells, Fate.SUM)
    return Table(kept.cells, _source(document, at, (*notes, *kept.notes), kept.repairs))


def _header(head: Sequence[Sequence[str]]) -> int | None:
    wanted = set(_AREA)
    return next((i for i, row in enumerate(head[:4]) if wanted <= {field.strip().upper() for field in row}), None)


def _common(
    document: Document, names: Sequence[str], columns: dict[str, np.ndarray], lines: np.ndarray
) -> tuple[dict[str, Any], list[str]]:
    years = translate(document, columns["REF_DATE"], lines, _year_end, "REF_DATE", "ein 1. Januar oder 31. Dezember")
    _check_years(document, columns["REF_YEAR"], years, lines)
    built: dict[str, Any] = {"year": years, "area": _areas(columns), "variable": "population"}
    if "SEX" in columns:
        built["sex"] = translate(document, columns["SEX"], lines, lambda t: _SEXES.get(t.casefold()), "SEX", "1 oder 2")
    ages = [name for name in names if _AGE.fullmatch(name)]
    if ages:
        built.update(_ages(document, ages[0], columns[ages[0]], lines))
    is_january = bool((columns["REF_YEAR"].astype(int) > years).any())
    return built, [JANUARY_NOTE] if is_january else []


def _ages(document: Document, name: str, texts: np.ndarray, lines: np.ndarray) -> dict[str, np.ndarray]:
    """Ages; bare numbers are single ages only where the heading says so."""
    match = _AGE.fullmatch(name)
    is_grouped = match is not None and match[1] not in (None, "1", "01")
    if is_grouped and any(text.isdigit() for text in texts):
        bad = next(i for i, text in enumerate(texts) if text.isdigit())
        raise TableError(
            f"{document.label}, Zeile {lines[bad]}: „{texts[bad]}“ in „{name}“ ist die Nummer einer Altersgruppe.",
            cells=[{"line": int(lines[bad]), "column": name, "text": texts[bad]}],
            remedy="Die Nummern durch die Altersgruppen ersetzen (0-4, 5-9, …), die das Verzeichnis der Datei nennt.",
        )
    return translate_ages(document, texts, lines, name)


def _areas(columns: dict[str, np.ndarray]) -> np.ndarray:
    """The Zählbezirk where the file has one, else the Bezirk; the city has the empty key."""
    district = columns["DISTRICT_CODE"]
    below = columns.get("SUB_DISTRICT_CODE", district)
    split = np.array([b.isdigit() and b not in (d, _CITY) for b, d in zip(below, district, strict=True)], dtype=bool)
    keys = np.where(split, below, district)
    return np.where(keys == _CITY, "", keys)


def _year_end(text: str) -> int | None:
    """The year whose end a date stands for; ``None`` for other days."""
    match = _DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day = (match[1], match[2], match[3]) if match[1] else (match[6], match[5], match[4])
    return {(1, 1): int(year) - 1, (12, 31): int(year)}.get((int(month), int(day)))


def _check_years(document: Document, texts: np.ndarray, years: np.ndarray, lines: np.ndarray) -> None:
    wrong = np.array([t not in (f"{y}", f"{y + 1}") for t, y in zip(texts, years, strict=True)], dtype=bool)
    if wrong.any():
        at = int(np.flatnonzero(wrong)[0])
        raise TableError(
            f"{document.label}, Zeile {lines[at]}: REF_YEAR „{texts[at]}“ passt nicht zu REF_DATE.",
            cells=[{"line": int(lines[at])}],
            remedy="Die Datei neu herunterladen.",
        )


def _part(
    document: Document, built: dict[str, Any], name: str, texts: np.ndarray, lines: np.ndarray, column: int
) -> pd.DataFrame:
    sex, nationality = _MEASURES[name]
    if sex != TOTAL and "sex" in built:
        raise TableError(
            f"{document.label}: Das Geschlecht steht in der Spalte SEX und in der Spalte „{name}“.",
            remedy="Eine der beiden löschen.",
        )
    figures = value_columns(list(texts), document, lines=lines, labels=name, columns=column)
    sexes = {} if sex == TOTAL else {"sex": sex}
    return cells_frame({**built, **sexes, "nationality": nationality, **figures})


def _source(document: Document, at: int, notes: tuple[str, ...], repairs: tuple[str, ...]) -> Source:
    title = " ".join(" ".join(row).strip() for row in document.rows[:at]).strip()
    return Source(
        document.name, "wien", title=title[:200], publisher="Stadt Wien", licence="CC BY 4.0",
        universe="Melderegister, Hauptwohnung", notes=notes, repairs=repairs,
    )  # fmt: skip
