"""Moves between the areas of a city as a square: from the areas down to the areas across, or the other way round.

The corner says the direction, in one field (``von \\ nach``) or, as yearbooks print it, in two: "vom Stadtbezirk …"
over the rows and "zogen in den Stadtbezirk …" over the columns. Keys may stand beside the names, and headings in two
rows. What is printed for all areas together is checked and left out, and so is who moved from or to nowhere known.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.german import number_text
from zwkprognose.tables.areas.whole import is_area_total, is_subtotal, is_unplaced, may_be_total
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import cells_frame, value_columns
from zwkprognose.tables.ledger import Fate, note_dropped
from zwkprognose.tables.readers.crosstab.context import source_of_crosstab, year_of
from zwkprognose.tables.readers.crosstab.layout import is_figure
from zwkprognose.tables.readers.crosstab.narrowing import groups_in, said_groups
from zwkprognose.tables.readers.crosstab.title_words import RESTRICTING, refuse_odd_words, words_of
from zwkprognose.tables.readers.move_sums import Axis, differing, named
from zwkprognose.tables.table import Source, Status, Table
from zwkprognose.tables.words import plain

TITLE = "Umzugsmatrix: Umzüge eines Jahres zwischen Gebieten, „von \\ nach“ in der Ecke"

_FROM = r"(?:vo[mn]|aus|herkunft|quelle|fortzug|fortzüge|wegzug|wegzüge)"
_TO = r"(?:nach|ins?|ziel|zuzug|zuzüge)"
_MOVED = r"(?:(?:um|ver|zu|weg|fort)?(?:ge)?zogen |umzüge |kamen )?"
_CORNER = re.compile(rf"(?P<down>{_FROM}\W+{_TO})|{_TO}\W+{_FROM}", re.IGNORECASE)
_HALF_FROM, _HALF_TO = (re.compile(rf"{_MOVED}{words}\b.*", re.IGNORECASE | re.DOTALL) for words in (_FROM, _TO))
#: Words in titles of matrices that restrict nobody.
_SPOKEN = {
    "innerstädtische", "innerstädtischen", "innerhalb", "herkunft", "herkunftsgebiet", "ziel", "zielgebiet",
    "binnenumzüge", "umzugsmatrix", "wanderungsmatrix", "wanderungsverflechtung", "verflechtung", "umzugsverflechtung",
}  # fmt: skip
#: Rows that may hold a corner, and rows that its headings may take.
_SEARCHED, _HEADINGS = 30, 4
#: Somebody may be counted here, and how many is not said.
_UNKNOWN = (Status.HIDDEN.value, Status.UNRELIABLE.value, Status.LATE.value)
#: What a row for all areas is called here, whatever its printed name.
_WHOLE = "Insgesamt"


@dataclass(frozen=True)
class _Corner:
    """Where the direction stands: first row, whether the rows are the origins, and labels in front of the figures."""

    at: int
    down_is_origin: bool
    labels: int | None = None


@dataclass(frozen=True)
class _Square:
    """The parts of a matrix: rows of the document, columns of figures, and what each of them is called."""

    rows: list[int]
    columns: list[int]
    down: list[str]
    across: list[str]
    names: list[str]


def recognise(head: list[list[str]]) -> bool:
    """A corner such as ``von \\ nach`` above the names, or the two halves of one."""
    return _corner(head) is not None


def read(document: Document) -> Table:
    """One cell for each pair of areas; sums have to be right, nearly at least, and are left out."""
    corner = _corner(document.rows)
    assert corner is not None  # recognised
    titles = [" ".join(" ".join(row).split()) for row in document.rows[: corner.at] if any(row)]
    square = _square(document, corner)
    refuse_odd_words(document, titles, _SPOKEN | words_of([*square.names, *square.down]), RESTRICTING)
    width = len(square.columns)
    lines = np.array([document.lines[i] for i in square.rows], dtype=np.int64)
    figures = value_columns(
        [_field(document.rows[i], j) for i in square.rows for j in square.columns],
        document,
        lines=np.repeat(lines, width),
        columns=np.tile(square.columns, len(lines)),
        labels=np.tile(np.array(square.across, dtype=object), len(lines)),
    )
    moves = np.asarray(figures["value"], dtype=float).reshape(len(lines), width)
    square = _with_whole(document, square, moves, titles)
    statuses = np.asarray(figures["status"], dtype=object).reshape(moves.shape)
    sums, repairs = _sums(document, square, moves, statuses)
    groups = groups_in(document, titles)
    down, across = np.array(square.down, dtype=object), np.array(square.across, dtype=object)
    names = dict(zip(square.down, square.names, strict=True))
    pairs = np.repeat(down, width), np.tile(across, len(lines))
    origin, target = pairs if corner.down_is_origin else pairs[::-1]
    cells = cells_frame(
        {
            "area": origin,
            "area_name": np.array([names.get(key, key) for key in origin], dtype=object),
            "destination": target,
            "year": year_of(document, titles),
            "variable": "moves",
            **figures,
        }
    ).assign(**groups)
    kept = cells[~sums.ravel()]
    note_dropped(document, cells, kept, Fate.SUM)
    # on the diagonal nobody moves from one area to another: what is no number there says nothing
    silent = kept["status"].isin([Status.ABSENT.value, Status.NOT_APPLICABLE.value])
    moved = kept[~silent | (kept["area"] != kept["destination"])].reset_index(drop=True)
    note_dropped(document, kept, moved, Fate.LEFT_OUT)
    document.fates.mark(Fate.LABEL, lines[:, np.newaxis], np.arange(min(square.columns)))
    source = _source(document, titles, int(lines[-1]), repairs)
    return Table(moved, replace(source, notes=(*source.notes, *said_groups(groups))))


def _source(document: Document, titles: Sequence[str], last: int, repairs: tuple[str, ...]) -> Source:
    below = (row for row, line in zip(document.rows, document.lines, strict=True) if line > last and any(row))
    source = source_of_crosstab(document, titles, [" ".join(" ".join(row).split()) for row in below])
    return replace(source, repairs=repairs)


def _corner(rows: Sequence[Sequence[str]]) -> _Corner | None:
    """The first row with both directions in one field, or with the two halves in it and a row below."""
    for at, row in enumerate(rows[:_SEARCHED]):
        for field in row[:2]:
            if match := _CORNER.fullmatch(field.strip()):
                return _Corner(at, bool(match["down"]))
        if found := _halves(rows, at):
            return found
    return None


def _halves(rows: Sequence[Sequence[str]], at: int) -> _Corner | None:
    """ "vom Stadtbezirk …" in front and "zogen in den Stadtbezirk …" behind it, in this row or one of the next."""
    behind = [(j, text) for j, text in enumerate(rows[at]) if j > 0 and text.strip()]
    if not behind:
        return None
    column, across = behind[0] if not rows[at][0].strip() or len(behind) == 1 else behind[-1]
    for row in rows[at : at + _HEADINGS]:
        down = next((text.strip() for text in row[:column] if text.strip()), "")
        for is_origin, (first, second) in ((True, (_HALF_FROM, _HALF_TO)), (False, (_HALF_TO, _HALF_FROM))):
            if first.fullmatch(down) and second.fullmatch(across.strip()):
                return _Corner(at, is_origin, column)
    return None


def _square(document: Document, corner: _Corner) -> _Square:
    """Rows and columns with the same areas; :class:`TableError` if there are no such ones."""
    found = list(_squares(document.rows, corner))
    right = next((square for square in found if _matches(square)), None)
    if right is not None:
        return _by_key(right)
    if not found:
        raise TableError(
            f"{document.label}, Zeile {document.lines[corner.at]}: Unter der Ecke stehen keine Zahlen.",
            remedy="Die Datei neu herunterladen, oder prüfen, ob die Zahlen als Text mit Zusätzen gespeichert sind.",
        )
    areas, others = (_areas(labels) for labels in (found[0].down, found[0].across))
    raise TableError(
        f"{document.label}: In den Zeilen und in den Spalten stehen nicht dieselben Gebiete.",
        cells=[{"area": name} for name in sorted({*areas} ^ {*others}) or sorted(areas)],
        remedy="Jedes Gebiet braucht genau eine Zeile und eine Spalte mit demselben Schlüssel.",
    )


def _by_key(square: _Square) -> _Square:
    """The same with keys for areas where names and keys stand side by side and the names matched."""
    keys = dict(zip(square.down, square.names, strict=True))
    areas = _without_town(square)[0]
    codes = {keys[area] for area in areas}
    if len(codes) < len(areas) or not all(code.isalnum() and any(map(str.isdigit, code)) for code in codes):
        return square
    named = {area: keys[area] for area in areas}
    down, across = ([named.get(label, label) for label in labels] for labels in (square.down, square.across))
    names = [label if label in named else name for label, name in zip(square.down, square.names, strict=True)]
    return replace(square, down=down, across=across, names=names)


def _squares(rows: Sequence[Sequence[str]], corner: _Corner) -> Iterator[_Square]:
    """All ways to take a row of headings and a column of labels, the plainest first."""
    widths = (1, 2) if corner.labels is None else (corner.labels,)
    for labels, first in product(widths, range(corner.at + 1, corner.at + 1 + _HEADINGS)):
        body = _body(rows, first, labels)
        for heading, own in product(range(first - 1, corner.at - 1, -1), range(labels)) if body else ():
            columns = [j for j in range(labels, len(rows[heading])) if rows[heading][j].strip()]
            down = [_field(rows[i], own) or next(filter(None, map(str.strip, rows[i][:labels])), "") for i in body]
            names = [_field(rows[i], labels - 1 - own) or label for i, label in zip(body, down, strict=True)]
            yield _Square(body, columns, down, [rows[heading][j].strip() for j in columns], names)


def _body(rows: Sequence[Sequence[str]], first: int, labels: int) -> list[int]:
    """Rows of figures from ``first`` on, up to the first without any; empty rows between them are passed over."""
    found = []
    for i in range(first, len(rows)):
        if any(is_figure(text.strip()) for text in rows[i][labels:] if text.strip()):
            found.append(i)
        elif any(text.strip() for text in rows[i]):
            break
    return found


def _field(row: Sequence[str], column: int) -> str:
    return row[column].strip() if column < len(row) else ""


def _areas(labels: Sequence[str]) -> list[str]:
    return [label for label in labels if not _is_sum(label) and not is_unplaced(label)]


def _is_sum(label: str) -> bool:
    return is_area_total(label) or is_subtotal(label) or plain(label).split(" ")[0] in ("alle", "gesamtstadt")


def _matches(square: _Square) -> bool:
    down, across = _without_town(square)
    return bool(down) and len(set(down)) == len(down) and sorted(down) == sorted(across)


def _without_town(square: _Square) -> tuple[list[str], list[str]]:
    """Areas of rows and columns; a label that may name the town and stands on one axis alone is a sum."""
    down, across = _areas(square.down), _areas(square.across)
    alone = {label for label in {*down} ^ {*across} if may_be_total(label)}
    return tuple([label for label in labels if label not in alone] for labels in (down, across))  # type: ignore[return-value]


def _with_whole(document: Document, square: _Square, moves: np.ndarray, titles: Sequence[str]) -> _Square:
    """The same with the area that is the sum of all others called a total; :class:`TableError` if its name is another.

    Raises
    ------
    TableError
        If an area that is not named like the whole is nearly the sum of the others in both directions.
    """
    shared = [label for label in _without_town(square)[0] if label in square.across]
    counted = np.where(np.isnan(moves), 0.0, moves)
    at = np.ix_([square.down.index(label) for label in shared], [square.across.index(label) for label in shared])
    found = next((i for i in range(len(shared)) if _is_whole(counted[at], i)), None)
    if found is None:
        return square
    label = shared[found]
    names = {label, square.names[square.down.index(label)]}
    if not any(may_be_total(name, titles) for name in names):
        raise TableError(
            f"{document.label}: „{max(names, key=len)}“ ist die Summe der anderen Gebiete; Umzüge zählten doppelt.",
            cells=[{"area": label}],
            remedy="Die Zeile und die Spalte der Summen „Insgesamt“ nennen oder löschen.",
        )
    down, across = ([_WHOLE if own == label else own for own in labels] for labels in (square.down, square.across))
    return replace(square, down=down, across=across)


def _is_whole(square: np.ndarray, i: int) -> bool:
    """Whether one row and column of a square are nearly the sums of the others, and their common cell that of all."""
    others = np.delete(np.arange(len(square)), i)
    inside = square[np.ix_(others, others)]
    total = inside.sum()
    gap = np.abs(square[i, others] - inside.sum(axis=0)).sum() + np.abs(square[others, i] - inside.sum(axis=1)).sum()
    corner = abs(square[i, i] - total) if square[i, i] else gap  # it may be left empty
    allowed = max(2, len(others)) + 0.04 * total
    return bool(len(others) > 1 and total > 0 and gap + corner <= allowed)


def _sums(
    document: Document, square: _Square, moves: np.ndarray, statuses: np.ndarray
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Which cells are sums or of no known area, and German sentences about those that are not exact.

    Raises
    ------
    TableError
        If a sum is wrong by more than rounding, noise and moves without an area explain.
    """
    areas = set(_without_town(square)[0])
    shift = document.fates.offset
    lines, columns = [document.lines[i] for i in square.rows], [j - shift for j in square.columns]
    down, across = (
        Axis(labels, places, np.array([o in areas for o in labels]), np.array([is_unplaced(o) for o in labels]))
        for labels, places in ((square.down, lines), (square.across, columns))
    )
    off = differing(moves, np.isin(statuses, _UNKNOWN), down, across)
    if wrong := [one for one in off if one.is_wrong]:
        raise TableError(
            f"{document.label}: Summen der Umzugsmatrix, die nicht stimmen: {len(wrong)} ({named(wrong)}).",
            cells=[{"text": one.text} for one in wrong],
            remedy="Die Zahlen prüfen, oder die Zeile und die Spalte der Summen löschen.",
        )
    counted = np.where(np.isnan(moves), 0.0, moves)
    placed = np.ix_(down.is_area, across.is_area)
    lost = counted[np.ix_(down.is_area | down.is_lost, across.is_area | across.is_lost)].sum() - counted[placed].sum()
    said = []
    if lost:
        said.append(
            f"{document.label}: {number_text(lost)} Umzüge ohne bekanntes Gebiet („nicht zuzuordnen“) sind ausgelassen."
        )
    if off:
        said.append(
            f"{document.label}: Summen der Umzugsmatrix, die von ihren Teilen abweichen: {number_text(len(off))} "
            f"({named(off)}). Sie sind ausgelassen; gerechnet wird mit den Umzügen zwischen den Gebieten."
        )
    return ~(down.is_area[:, np.newaxis] & across.is_area), tuple(said)
