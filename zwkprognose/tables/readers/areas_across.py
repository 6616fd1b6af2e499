"""Crosstabs with areas side by side, as GENESIS prints Länder (12411-0012, -0013): turned so that areas stand in rows.

Every area's columns become a table of their own below the others, with the name of the area in front, and the result is
read as a crosstab. It is one only if titles speak of areas or every unknown heading is a Land, and if the labels on the
left are dates, ages, sexes or groups.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.tables.ages import parse_age
from zwkprognose.tables.areas.whole import is_area_total
from zwkprognose.tables.dates import stated_dates, year_end
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.ledger import Fate, Fates
from zwkprognose.tables.readers import crosstab
from zwkprognose.tables.readers.crosstab.gaps import without_gaps
from zwkprognose.tables.readers.crosstab.headings import leads, understand
from zwkprognose.tables.readers.crosstab.layout import end_of_body, find_layout
from zwkprognose.tables.readers.layout import filled
from zwkprognose.tables.table import Table
from zwkprognose.tables.words import dimension_of, nationality_of, plain, sex_of, without_footnote

TITLE = "Kreuztabelle mit Gebieten nebeneinander (GENESIS 12411-0012, -0013)"

_LAENDER = frozenset(
    {"baden-württemberg", "bayern", "berlin", "brandenburg", "bremen", "hamburg", "hessen", "mecklenburg-vorpommern",
     "niedersachsen", "nordrhein-westfalen", "rheinland-pfalz", "saarland", "sachsen", "sachsen-anhalt",
     "schleswig-holstein", "thüringen"}
)  # fmt: skip
_AREA_WORDS = re.compile(
    r"\b(?:bundesländern?|länder|kreisen?|regierungsbezirken?|gemeinden|stadtteilen?|ortsteilen?|stadtbezirken?|"
    r"stadtvierteln?|quartieren?|ortschaften)\b"
)
#: Heading of the column of areas, and of figures that had no heading but their area.
_AREA, _COUNT = "Gebiet", "Anzahl"


@dataclass(frozen=True)
class _Shape:
    """Rows of the header and of figures, the row of areas, the columns of labels, and those of every area."""

    start: int
    first: int
    last: int
    row: int
    labels: list[int]
    areas: dict[str, list[int]]


def recognise(head: list[list[str]]) -> bool:
    """A header row of names above figures, labels that are no names, and a title that speaks of areas."""
    return _shape(head) is not None


def read(document: Document) -> Table:
    """The crosstab of the turned table; every cell keeps the place where it was printed."""
    document = without_gaps(document)
    shape = _shape(document.rows)
    if shape is None:  # something below the first rows is not as above; the crosstab says what
        return crosstab.read(document)
    _refuse_other_dates(document, shape)
    turned = _turned(document, shape)
    table = crosstab.read(turned)
    cells = table.cells
    spoken = {" ".join(without_footnote(name).split()): name for name in shape.areas}
    pairs = zip(cells["area"], cells["area_name"], strict=True)
    names = [spoken.get(f"{key} {name}", spoken.get(name, "")) for key, name in pairs]
    if "" in names:
        raise TableError(
            f"{document.label}: Die Gebiete „{'“, „'.join(list(shape.areas)[:3])}“ sind nicht zu unterscheiden.",
            remedy="Jedem Gebiet einen eigenen Namen geben, oder Zeilen und Spalten vertauschen.",
        )
    columns = np.array([shape.areas[name] for name in names], dtype=np.int64)
    place = cells["column"].to_numpy() - 1 - len(shape.labels)
    _note(document, shape, turned, set(names))
    return table.with_cells(cells.assign(column=columns[np.arange(len(cells)), place]))


def _shape(rows: Sequence[Sequence[str]]) -> _Shape | None:
    found = find_layout(rows)
    if found is None:
        return None
    start, first = found
    last = end_of_body(rows, first)
    width = max(map(len, rows[start:last]))
    body = [[*(field.strip() for field in row), *[""] * (width - len(row))] for row in rows[first:last]]
    labels = [i for i in range(width) if _is_label([row[i] for row in body])]
    if not labels or labels != list(range(len(labels))):
        return None
    for i in range(start, first):
        names = _padded(filled(rows[i]), width)[len(labels) :]
        unknown = list(dict.fromkeys(name for name in names if name and not _is_known(name)))
        if len(unknown) > 1 and all(name in unknown or is_area_total(name) for name in names):
            return _of_row(rows, start, first, last, i, labels, names) if _are_areas(rows[:start], unknown) else None
    return None


def _of_row(
    rows: Sequence[Sequence[str]], start: int, first: int, last: int, row: int, labels: list[int], names: list[str]
) -> _Shape | None:
    """The shape, if the columns of every area have the same headings."""
    areas: dict[str, list[int]] = {}
    for column, name in enumerate(names, start=len(labels)):
        areas.setdefault(name, []).append(column)
    width = len(labels) + len(names)
    others = [_padded(rows[i], width) for i in range(start, first) if i != row]
    heads = {tuple(tuple(other[column] for other in others) for column in columns) for columns in areas.values()}
    return _Shape(start, first, last, row, labels, areas) if len(heads) == 1 else None


def _are_areas(titles: Sequence[Sequence[str]], names: list[str]) -> bool:
    said = " ".join(field for row in titles for field in row).casefold()
    return all(plain(name) in _LAENDER for name in names) or _AREA_WORDS.search(said) is not None


def _is_label(content: list[str]) -> bool:
    """A column of nothing but dates, sexes, groups or ages in words."""
    values = {value for value in content if value}
    rules = (_is_date, sex_of, nationality_of, lambda text: None if text.isdigit() else parse_age(text, "exclusive"))
    return bool(values) and any(all(rule(value) is not None for value in values) for rule in rules)


def _is_date(text: str) -> bool | None:
    return True if year_end(text) is not None or (re.search(r"\d{4}", text) and stated_dates(text)) else None


def _is_known(heading: str) -> bool:
    return understand(heading) is not None or dimension_of(heading) is not None or leads(heading)


def _padded(row: Sequence[str], width: int) -> list[str]:
    return [*(field.strip() for field in row), *[""] * (width - len(row))]


def _refuse_other_dates(document: Document, shape: _Shape) -> None:
    """Quarters and other days are no ends of a year."""
    for i in range(shape.first, shape.last):
        for column in shape.labels:
            text = document.rows[i][column].strip() if column < len(document.rows[i]) else ""
            if any(date.kind == "other" for date in stated_dates(text)):
                raise TableError(
                    f"{document.label}, Zeile {document.lines[i]}: „{text}“ ist kein 31. Dezember.",
                    cells=[{"line": document.lines[i], "text": text}],
                    remedy="Nur die Bestände am Jahresende herunterladen, oder die anderen Zeilen löschen.",
                )


def _turned(document: Document, shape: _Shape) -> Document:
    """The areas below one another; lines are those of the file."""
    width = max(map(len, document.rows[shape.start : shape.last]))
    own = next(iter(shape.areas.values()))
    header = [_padded(document.rows[i], width) for i in range(shape.start, shape.first) if i != shape.row]
    labels = [[row[i] for i in shape.labels] for row in (*header, _padded(document.rows[shape.row], width))]
    heads = [[_AREA if i == 0 else "", *left, *(row[i2] for i2 in own)] for i, (left, row) in
             enumerate(zip(labels, header, strict=False))]  # fmt: skip
    if not header:
        heads = [[_AREA, *labels[-1], *[_COUNT] * len(own)]]
    rows, lines = list(document.rows[: shape.start]), list(document.lines[: shape.start])
    rows += heads
    lines += list(document.lines[shape.start : shape.start + len(heads)])
    for name, columns in shape.areas.items():
        for i in range(shape.first, shape.last):
            row = _padded(document.rows[i], width)
            rows.append([name, *(row[c] for c in shape.labels), *(row[c] for c in columns)])
            lines.append(document.lines[i])
    rows += document.rows[shape.last :]
    lines += document.lines[shape.last :]
    return replace(document, rows=rows, lines=lines, fates=Fates())


def _note(document: Document, shape: _Shape, turned: Document, read: set[str]) -> None:
    """Labels of the rows, what the crosstab left out, and sums of areas."""
    lines = np.array(document.lines[shape.first : shape.last])
    document.fates.mark(Fate.LABEL, lines[:, np.newaxis], shape.labels)
    front = 1 + len(shape.labels)
    for code, at, columns in turned.fates.marks:
        own = columns >= front
        for places in shape.areas.values():
            document.fates.marks.append((code, at[own], np.array(places)[columns[own] - front]))
    for one in turned.fates.contradictions:
        places = next(own for name, own in shape.areas.items() if one.area in name)
        document.fates.contradictions.append(replace(one, column=places[one.column - front]))
    document.fates.asides.extend(turned.fates.asides)
    for name, places in shape.areas.items():
        if name not in read:
            document.fates.mark(Fate.SUM, lines[:, np.newaxis], places)
