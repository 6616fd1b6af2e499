"""Text files of the Human Mortality Database: life tables, deaths, exposures, population by single ages and years.

Shape (Methods Protocol version 6): a title ``Germany, Life tables (period 1x1), Males<tab>Last modified: …``, an empty
line, the header ``Year Age mx qx ax lx dx Lx Tx ex``, then columns of fixed width; the last age is ``110+``, a point is
a number that is not known, deaths and the others have ``Female Male Total``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.readers.columns import translate, translate_ages
from zwkprognose.tables.readers.stock_days import JANUARY_NOTE
from zwkprognose.tables.table import Source, Table

TITLE = "Human Mortality Database, Sterbetafeln, Gestorbene und Bevölkerung nach Altersjahren"

#: Column of a life table → variable, as those of Destatis are named.
_LIFE_TABLE = {
    "mx": "central_death_rate", "qx": "death_prob", "ax": "years_lived_by_dying", "lx": "survivors",
    "dx": "table_deaths", "Lx": "person_years", "Tx": "person_years_ahead", "ex": "life_expectancy",
}  # fmt: skip
_SEX_COLUMNS = {"Female": "female", "Male": "male", "Total": "total"}
_SEX_OF_TITLE = {"females": "female", "males": "male", "total": "total"}
#: Word of the title → (variable, years to add).
_COUNTS = (
    ("deaths", ("deaths", 0)), ("exposure", ("exposure", 0)), ("population size", ("population", -1)),
    ("births", ("births", 0)), ("death rates", ("central_death_rate", 0)),
)  # fmt: skip
_GERMANY = {"Germany": ("DG", "Deutschland")}
_INTERVAL = re.compile(r"((?:1[6-9]|20)\d\d)-((?:1[6-9]|20)\d\d)")
_YEAR = re.compile(r"(?:1[6-9]|20)\d\d")
_MARKED_YEAR = re.compile(r"((?:1[6-9]|20)\d\d)[+-]")


@dataclass(frozen=True)
class _Rows:
    """Names of the columns, and the fields of every line."""

    names: list[str]
    fields: list[list[str]]
    lines: np.ndarray


def recognise(head: list[list[str]]) -> bool:
    """The header of years and ages below a title that says when it was modified."""
    if not head or "Last modified:" not in " ".join(head[0]):
        return False
    return any(row[:1] == ["Year"] for row in head[:6])


def read(document: Document) -> Table:
    """All columns; intervals of years stand for their middle year, with a note."""
    rows = _rows(document)
    title = " ".join(document.rows[0][0].split())
    ages = (
        np.array([row[rows.names.index("Age")] for row in rows.fields], dtype=object) if "Age" in rows.names else None
    )
    years = np.array([row[0] for row in rows.fields], dtype=object)
    measures = _measures(document, rows, title)
    shift = measures[0][3]
    _refuse_marked(document, years, rows.lines)
    numbers = translate(document, years, rows.lines, _year, "Year", "ein Jahr oder ein Zeitraum wie 2015-2019") + shift
    width = len(measures)
    lines = np.repeat(rows.lines, width)
    places = [rows.names.index(name) for name, *_ in measures]
    labels = [i for i, name in enumerate(rows.names) if name in ("Year", "Age")]
    document.fates.mark(Fate.LABEL, rows.lines[:, np.newaxis], labels)
    texts = [row[place] for row in rows.fields for place in places]
    area, area_name = _GERMANY.get(title.split(",")[0], (title.split(",")[0], title.split(",")[0]))
    cells = cells_frame(
        {
            "area": area, "area_name": area_name,
            "year": np.repeat(numbers, width),
            "sex": np.tile(np.array([sex for _, sex, _, _ in measures], dtype=object), len(rows.fields)),
            "variable": np.tile(np.array([name for _, _, name, _ in measures], dtype=object), len(rows.fields)),
            **_ages(document, ages, rows.lines, width),
            **value_columns(
                texts, document, lines=lines, columns=np.tile(places, len(rows.fields)), decimal="."
            ),
        }
    )  # fmt: skip
    return Table(cells, _source(document, title, years, shift))


def _rows(document: Document) -> _Rows:
    at = next(i for i, row in enumerate(document.rows) if row[:1] == ["Year"])
    names = document.rows[at]
    body = [(row, line) for row, line in zip(document.rows[at + 1 :], document.lines[at + 1 :], strict=True) if row]
    for row, line in body:
        if len(row) != len(names):
            raise TableError(
                f"{document.label}, Zeile {line}, hat {len(row)} statt {len(names)} Felder.",
                cells=[{"line": line, "text": " ".join(row)[:60]}],
                remedy="Die Datei neu herunterladen.",
            )
    if not body:
        raise TableError(f"{document.label} enthält keine Zahlen.", remedy="Die Datei neu herunterladen.")
    return _Rows(names, [row for row, _ in body], np.array([line for _, line in body], dtype=np.int64))


def _measures(document: Document, rows: _Rows, title: str) -> list[tuple[str, str, str, int]]:
    """Column, sex, variable, years to add."""
    unknown = [name for name in rows.names if name not in {"Year", "Age", *_LIFE_TABLE, *_SEX_COLUMNS}]
    if unknown or "cohort" in title.casefold():
        raise TableError(
            f"{document.label}: Die Datei zählt nach Geburtsjahrgängen („{(unknown or ['cohort'])[0]}“).",
            remedy="Die Periodentafeln oder die Zahlen nach Alter und Jahr (1x1) herunterladen.",
        )
    if "qx" in rows.names:
        said = title.split("Last modified")[0].replace(",", " ").casefold().split()
        sex = next((_SEX_OF_TITLE[word] for word in reversed(said) if word in _SEX_OF_TITLE), None)
        if sex is None:
            raise TableError(
                f"{document.label}: Die Titelzeile nennt kein Geschlecht.",
                remedy="Die Datei mit ihrer ersten Zeile herunterladen (mltper, fltper oder bltper).",
            )
        return [(name, sex, variable, 0) for name, variable in _LIFE_TABLE.items() if name in rows.names]
    counted = next((found for word, found in _COUNTS if word in title.casefold()), None)
    if counted is None or not set(_SEX_COLUMNS) & set(rows.names):
        raise TableError(
            f"{document.label}: „{title[:80]}“ ist nicht bekannt.",
            remedy="Gelesen werden Sterbetafeln, Deaths, Exposure, Population size, Births und Death rates.",
        )
    return [(name, sex, *counted) for name, sex in _SEX_COLUMNS.items() if name in rows.names]


def _ages(document: Document, ages: np.ndarray | None, lines: np.ndarray, width: int) -> dict[str, Any]:
    if ages is None:
        return {}
    built = translate_ages(document, ages, lines, "Age")
    return {name: np.repeat(values, width) for name, values in built.items()}


def _year(text: str) -> int | None:
    """A year, or the middle of an interval of an odd number of years."""
    if _YEAR.fullmatch(text):
        return int(text)
    match = _INTERVAL.fullmatch(text)
    first, last = (int(match[1]), int(match[2])) if match else (0, 1)
    return (first + last) // 2 if first < last and (last - first) % 2 == 0 else None


def _refuse_marked(document: Document, years: np.ndarray, lines: np.ndarray) -> None:
    """``1990-`` and ``1990+`` are the territory before and after a change; both in one series are no series."""
    marked = [i for i, year in enumerate(years) if _MARKED_YEAR.fullmatch(year)]
    if marked:
        raise TableError(
            f"{document.label}, Zeile {lines[marked[0]]}: „{years[marked[0]]}“ ist ein Bestand vor oder nach einer "
            "Änderung des Gebiets.",
            cells=[{"line": int(lines[i]), "text": years[i]} for i in marked[:50]],
            remedy="Eine der beiden Zeilen wählen, die andere löschen, und das Zeichen hinter dem Jahr entfernen.",
        )


def _source(document: Document, title: str, years: np.ndarray, shift: int) -> Source:
    notes = [JANUARY_NOTE] if shift else []
    if any(map(_INTERVAL.fullmatch, years)):
        notes.append("Zeiträume stehen für ihr mittleres Jahr (2015-2019: 2017).")
    if any("qx" in row for row in document.rows[:6]):
        notes.append("Die Werte der letzten Altersgruppe (110+) schließen die Sterbetafel ab; q(110+) ist 1.")
    return Source(
        document.name, "hmd", title=title.split("Last modified")[0].strip()[:200],
        publisher="Human Mortality Database", licence="CC BY 4.0", notes=tuple(notes),
    )  # fmt: skip
