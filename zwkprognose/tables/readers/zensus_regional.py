"""Regionaltabellen of the Zensus 2022: a workbook with sheets for people and sheets for machines.

Sheets for people have a column „Amtlicher Regionalschlüssel (ARS)“ below titles and headings over several rows; sheets
for machines (``CSV-…``) begin with ``Berichtszeitpunkt, _RS, Name, Regionalebene`` and name columns by codes, of which
only ``EWZ`` (all inhabitants) says what it is. The day is the census day 15.05.2022, every count carries noise
(Cell-Key). Columns that do not count persons by sex, age or citizenship are left out and named; so are whole sheets.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.ages import ALL_AGES
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns, cells_frame, value_columns
from zwkprognose.tables.ledger import Fate
from zwkprognose.tables.noise import CELL_KEY
from zwkprognose.tables.readers.crosstab.headings import understand
from zwkprognose.tables.readers.layout import filled
from zwkprognose.tables.readers.restricted import restricting_word
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.universe import CENSUS_DAY
from zwkprognose.tables.words import plain

TITLE = "Zensus 2022, Regionaltabellen (Arbeitsmappe)"

_KEY_HEADS = ("amtlicher regionalschlüssel (ars)", "amtlicher regionalschlüssel", "regionalschlüssel (ars)", "_rs")
_LABELS = frozenset({*_KEY_HEADS, "name", "regionalebene", "berichtszeitpunkt", "gebiet"})
_DAY = re.compile(r"2022-?05-?15(?:\D.*)?|15\.\s?(?:0?5\.|mai )\s?2022")
_CENSUS = re.compile(r"zensus 2022|15\. ?mai 2022|15\.0?5\.2022", re.IGNORECASE)
_DIGITS = {
    "bund": 0, "land": 2, "regierungsbezirk": 3, "stadtkreis/kreisfreie stadt/landkreis": 5, "kreis": 5, "landkreis": 5,
    "kreisfreie stadt": 5, "gemeindeverband": 9, "gemeinde": 12,
}  # fmt: skip
#: Headings that only lead to those below them, and the one code of the sheets for machines.
_LEADING = re.compile(
    r"(?:davon|darunter|nach)? ?(?:geschlecht|alter(?: \(.*\))?|altersgruppen?|staatsangehörigkeit(?: \(.*\))?|"
    r"bevölkerung|einwohnerzahl|personen|anzahl)"
)
_ALL = frozenset({"ewz", "einwohnerzahl", "bevölkerung", "bevölkerung insgesamt", "einwohner", "insgesamt"})
_SHARES = re.compile(r".*(?:%|anteil|prozent).*")


def recognise(head: list[list[str]]) -> bool:
    """A heading of Regionalschlüssel beside names."""
    at = _header(head)
    return at is not None and any(_LABELS & {plain(f) for f in row} - set(_KEY_HEADS) for row in head[: at + 1])


def read(document: Document) -> Table:
    """Columns of persons; a sheet without any becomes a table without cells and a note."""
    at = _header(document.head)
    assert at is not None  # recognised
    first = _first_row(document, at)
    stacks = _stacks(document.rows[:first], at)
    labels = _labels(stacks)
    rows = [[*row, *[""] * (len(stacks) - len(row))] for row in document.rows[first:]]
    rows, lines = _body(rows, document.lines[first:], labels["key"])
    _refuse_other_days(document, rows, labels)
    groups = {i: group for i, stack in enumerate(stacks) if i not in labels.values() and (group := _group(stack))}
    if restricting_word(document, [" ".join(row) for row in document.rows[:at]]):
        groups = {}
    notes = _left_out(document, stacks, {*groups, *labels.values()}, lines)
    document.fates.mark(Fate.LABEL, lines[:, np.newaxis], list(labels.values()))
    source = _source(document, at, notes)
    return Table(cells_frame(_cells(document, groups, labels, rows, lines)), source)


def _header(rows: Sequence[Sequence[str]]) -> int | None:
    """Index of the row with the heading of the keys."""
    return next((i for i, row in enumerate(rows[:30]) if any(plain(f) in _KEY_HEADS for f in row)), None)


def _first_row(document: Document, at: int) -> int:
    """Index of the first row with a key; headings may go on below that of the key."""
    key = next(i for i, field in enumerate(document.rows[at]) if plain(field) in _KEY_HEADS)
    for i in range(at + 1, len(document.rows)):
        row = document.rows[i]
        if len(row) > key and row[key].strip().isdigit():
            return i
    raise TableError(f"{document.label} enthält keine Gebiete.", remedy="Die Arbeitsmappe neu herunterladen.")


def _stacks(rows: Sequence[Sequence[str]], at: int) -> list[list[str]]:
    """Headings of every column from top to bottom; titles (one field alone in a row) are none."""
    width = max(map(len, rows))
    start = at
    while start > 0 and sum(bool(field.strip()) for field in rows[start - 1]) > 1:
        start -= 1
    padded = [[*(field.strip() for field in row), *[""] * (width - len(row))] for row in rows[start:]]
    spread = [filled(row) for row in padded[:-1]] + padded[-1:]
    return [[text for text in dict.fromkeys(row[column] for row in spread) if text] for column in range(width)]


def _labels(stacks: Sequence[Sequence[str]]) -> dict[str, int]:
    """Columns of key, name, level and day."""
    found: dict[str, int] = {}
    for i, stack in enumerate(stacks):
        words = {plain(text) for text in stack}
        roles = (
            ("key", set(_KEY_HEADS)),
            ("level", {"regionalebene"}),
            ("day", {"berichtszeitpunkt"}),
            ("name", {"name", "gebiet"}),
        )
        for role, heads in roles:
            if words & heads and role not in found and i not in found.values():
                found[role] = i
    return found


def _body(rows: list[list[str]], lines: Sequence[int], key: int) -> tuple[list[list[str]], np.ndarray]:
    """Rows with a key; what follows them is the foot."""
    at = [i for i, row in enumerate(rows) if row[key].strip().isdigit()]
    return [[field.strip() for field in rows[i]] for i in at], np.array([lines[i] for i in at], dtype=np.int64)


def _refuse_other_days(document: Document, rows: Sequence[Sequence[str]], labels: Mapping[str, int]) -> None:
    if "day" in labels:
        wrong = [row[labels["day"]] for row in rows if not _DAY.fullmatch(row[labels["day"]].casefold())]
    else:
        said = " ".join([document.name, *(field for row in document.head for field in row)])
        wrong = [] if _CENSUS.search(said.replace("_", " ")) else ["(keiner)"]
    if wrong:
        raise TableError(
            f"{document.label}: Der Stichtag „{wrong[0]}“ ist nicht der 15.05.2022.",
            remedy="Gelesen werden die Regionaltabellen des Zensus 2022; die Titelzeilen stehen lassen.",
        )


def _group(stack: Sequence[str]) -> dict[str, Any] | None:
    """What a column counts; ``None`` for what is no count of persons by sex, age or citizenship."""
    group: dict[str, Any] = {"population": True}
    named = False
    for text in stack:
        word = plain(text)
        if _SHARES.fullmatch(word):
            return None
        if word in _ALL:
            named = True
            continue
        said = understand(text)
        if said is None and not _LEADING.fullmatch(word):
            return None
        said = {key: value for key, value in (said or {}).items() if key not in ("persons", "year")}
        if said.pop("variable", "population") != "population" or said.keys() - {"sex", "age", "nationality"}:
            return None
        named = named or bool(said)
        group.update(said)
    return group if named else None


def _left_out(
    document: Document, stacks: Sequence[Sequence[str]], read: set[int], lines: np.ndarray
) -> tuple[str, ...]:
    others = [i for i, stack in enumerate(stacks) if i not in read and stack]
    for i in others:
        is_share = any(_SHARES.fullmatch(plain(text)) for text in stacks[i])
        document.fates.mark(Fate.SHARE if is_share else Fate.LEFT_OUT, lines, i)
    names = ", ".join(" ".join(stacks[i]) for i in others)
    if len(read) <= len(_labels(stacks)):
        return (f"{document.label} zählt keine Personen nach Geschlecht, Alter oder Staatsangehörigkeit und ist nicht "
                f"gelesen ({names[:160]}).",)  # fmt: skip
    return (f"{document.label}: Ausgelassene Spalten: {names[:300]}.",) if others else ()


def _cells(
    document: Document, groups: Mapping[int, Mapping[str, Any]], labels: Mapping[str, int], rows: list[list[str]],
    lines: np.ndarray,
) -> dict[str, Any]:  # fmt: skip
    order, height = list(groups), len(rows)
    keys = [_key(row[labels["key"]], row[labels["level"]] if "level" in labels else "") for row in rows]
    names = [row[labels["name"]] if "name" in labels else "" for row in rows]
    ages = age_columns([groups[i].get("age", ALL_AGES) for i in order])
    return {
        "area": np.repeat(np.array(keys, dtype=object), len(order)),
        "area_name": np.repeat(np.array(names, dtype=object), len(order)),
        "year": 2022,
        "variable": "population",
        **{name: np.tile(np.array([groups[i].get(name, TOTAL) for i in order], dtype=object), height)
           for name in ("sex", "nationality")},
        **{name: np.tile(values, height) for name, values in ages.items()},
        **value_columns(
            [row[i] for row in rows for i in order], document, lines=np.repeat(lines, len(order)),
            columns=np.tile(np.array(order, dtype=np.int64), height),
        ),
    }  # fmt: skip


def _key(text: str, level: str) -> str:
    """A key with the zeros that its level has; the whole country is ``DG``."""
    digits = _DIGITS.get(plain(level))
    if digits == 0 or not text.strip("0"):
        return "DG"
    if digits is None:
        digits = next((n for n in sorted(set(_DIGITS.values())) if n >= len(text)), len(text))
    return text.zfill(digits)


def _source(document: Document, at: int, notes: tuple[str, ...]) -> Source:
    titles = [" ".join(" ".join(row).split()) for row in document.rows[:at]]
    return Source(
        document.name, "zensus-regional", title=" ".join(title for title in titles if title)[:200],
        publisher="Statistische Ämter des Bundes und der Länder", licence="dl-de/by-2-0",
        universe=f"Zensus 2022, {CENSUS_DAY}15.05.2022", secrecy=CELL_KEY, notes=notes,
    )  # fmt: skip
