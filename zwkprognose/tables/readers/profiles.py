"""Stadtteilprofile (Hamburg, Statistikamt Nord): a line for each area, dozens of indicators across.

Shape: ``Stadtgebiet;Bevölkerung;Unter 18-Jährige;Anteil der unter 18-Jährigen in %;65-Jährige und Ältere;…``. Only
columns that count persons by age or citizenship are read; every other indicator is named as left out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.ages import ALL_AGES, Age
from zwkprognose.tables.dates import stock_years_in, years_in
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns, cells_frame, value_columns
from zwkprognose.tables.ledger import Fate, note_dropped
from zwkprognose.tables.readers.area_totals import without_sums
from zwkprognose.tables.readers.columns import columns_of
from zwkprognose.tables.readers.restricted import refuse_restricted
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.words import plain

TITLE = "Stadtteilprofile (ein Gebiet je Zeile, viele Kennzahlen)"

_AREAS = frozenset({"stadtgebiet", "stadtteil", "stadtteile", "gebiet", "bezirk", "name"})
_ALL = frozenset({"bevölkerung", "bevölkerung insgesamt", "einwohner insgesamt", "einwohnerzahl"})
_AGE = re.compile(
    r"(?P<under>unter )?(?P<from>\d{1,3})(?:-| bis (?:unter )?(?P<to>\d{1,3})-)jährige(?P<open> und ältere)?"
)
_UNDER = " bis unter "
_FOREIGN = frozenset({"ausländerinnen und ausländer", "ausländer", "ausländer/innen"})
_INDICATOR = re.compile(r"anteil|quote|fläche|dichte|je |durchschnitt|haushalte|wohnung|gebäude|arbeitslose|schüler")
#: Indicators that make a line of areas a profile.
_ENOUGH = 3


def recognise(head: list[list[str]]) -> bool:
    """Areas, their population and a group of ages among several indicators of other things."""
    return _header(head) is not None


def read(document: Document) -> Table:
    """Columns of persons."""
    at = _header(document.head)
    assert at is not None  # recognised
    refuse_restricted(document, [" ".join(row) for row in document.rows[:at]])
    names = [_heading(field) for field in document.rows[at]]
    while names and not names[-1]:
        names.pop()
    groups = {i: group for i, name in enumerate(names) if (group := _group(name))}
    area = next(i for i, name in enumerate(names) if plain(name) in _AREAS)
    columns, lines = columns_of(document, [f"{i}" for i in range(len(names))], first=at + 1)
    others = [i for i in range(len(names)) if i not in groups and i != area and names[i]]
    document.fates.mark(Fate.LEFT_OUT, lines[:, np.newaxis], others)
    height, order = len(lines), list(groups)
    ages = age_columns([groups[i][1] for i in order])
    areas = columns[f"{area}"]
    frame = cells_frame(
        {
            "area": np.repeat(areas, len(order)),
            "area_name": np.repeat(areas, len(order)),
            "year": _year(document, at),
            "variable": "population",
            "nationality": np.tile(np.array([groups[i][0] for i in order], dtype=object), height),
            **{name: np.tile(values, height) for name, values in ages.items()},
            **value_columns(
                [columns[f"{i}"][row] for row in range(height) for i in order], document,
                lines=np.repeat(lines, len(order)), columns=np.tile(np.array(order), height),
                labels=np.tile(np.array([names[i] for i in order], dtype=object), height),
            ),
        }
    )  # fmt: skip
    kept = without_sums(frame, [" ".join(row) for row in document.rows[:at]])
    note_dropped(document, frame, kept.cells, Fate.SUM)
    notes = (
        f"Kennzahlen, die keine Personen nach Alter zählen, sind ausgelassen: {', '.join(names[i] for i in others)}.",
    )
    return Table(kept.cells, _source(document, at, (*notes, *kept.notes), kept.repairs))


def _header(head: Sequence[Sequence[str]]) -> int | None:
    for i, row in enumerate(head[:8]):
        names = [_heading(field) for field in row]
        words = {plain(name) for name in names}
        indicators = sum(bool(_INDICATOR.search(plain(name))) for name in names)
        has_age = any(_AGE.fullmatch(plain(name)) for name in names)
        if words & _AREAS and words & _ALL and has_age and indicators >= _ENOUGH:
            return i
    return None


def _heading(field: str) -> str:
    """A heading without hyphens of broken lines: ``Migrations-hintergrund``."""
    return " ".join(re.sub(r"(?<=[a-zäöüß])-\s*(?=[a-zäöüß])", "", field).split())


def _group(name: str) -> tuple[str, Age] | None:
    """Citizenship and age that a column counts; ``None`` for other indicators."""
    word = plain(name)
    if word in _ALL:
        return TOTAL, ALL_AGES
    if word in _FOREIGN:
        return "foreign", ALL_AGES
    match = _AGE.fullmatch(word)
    return (TOTAL, _age(match, word)) if match else None


def _age(match: re.Match[str], word: str) -> Age:
    first = int(match["from"])
    if match["under"]:
        return 0, first
    if match["open"]:
        return first, None
    if match["to"] is None:
        return first, first + 1
    return first, int(match["to"]) + (_UNDER not in word)


def _year(document: Document, at: int) -> int:
    """The Stichtag in the titles, else the only year of the file's name."""
    titles = " ".join(field for row in document.rows[:at] for field in row)
    name = f"{document.name} {document.sheet}".replace("_", " ")
    for years in (stock_years_in(titles), stock_years_in(name), years_in(name), years_in(titles)):
        if len(years) == 1:
            return years.pop()
        if years:
            break
    raise TableError(
        f"In {document.label} steht nicht eindeutig, für welches Jahr die Zahlen gelten.",
        remedy="Das Jahr in den Namen der Datei schreiben, zum Beispiel stadtteilprofile_2023.csv.",
    )


def _source(document: Document, at: int, notes: tuple[str, ...], repairs: tuple[str, ...]) -> Source:
    title = " ".join(" ".join(" ".join(row).split()) for row in document.rows[:at]).strip()
    return Source(
        document.name, "stadtteilprofile", title=title[:200], universe="Melderegister", notes=notes, repairs=repairs
    )
