"""What the columns of a crosstab hold: labels of the rows, figures of which group, or quality marks."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zwkprognose.errors import TableError
from zwkprognose.tables.ages import ALL_AGES, Upper, parse_age, range_end
from zwkprognose.tables.areas.whole import is_area_total, is_subtotal
from zwkprognose.tables.dates import year_end
from zwkprognose.tables.files.cell_text import column_name
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.numbering import numbering_columns
from zwkprognose.tables.readers.crosstab.headings import leads, understand
from zwkprognose.tables.readers.crosstab.layout import Layout, is_figure
from zwkprognose.tables.readers.crosstab.moves import moves_apart
from zwkprognose.tables.readers.crosstab.refusals import not_understood, other_dimension
from zwkprognose.tables.readers.layout import filled
from zwkprognose.tables.signs import FLAGS
from zwkprognose.tables.words import dimension_of, nationality_of, plain, sex_of

_BRACKETS = re.compile(r"\s*[(\[].*[)\]]\s*$")


@dataclass(frozen=True)
class Columns:
    """``labels``: dimension → column; ``figures``: column → group; ``marks``: column of figures → its marks.

    ``parents`` are columns of coarser areas, the nearest to the figures last; ``constants`` hold one text for all rows.
    ``numberings`` only count rows or rank areas; they are set aside, as are figures
    ``apart`` → heading and why.
    ``balances``: column of differences of others → its heading, ``balance_groups`` → its group; they are left out.
    """

    labels: dict[str, int]
    figures: dict[int, dict[str, Any]]
    marks: dict[int, int] = field(default_factory=dict)
    balances: dict[int, str] = field(default_factory=dict)
    balance_groups: dict[int, dict[str, Any]] = field(default_factory=dict)
    parents: tuple[int, ...] = ()
    constants: tuple[int, ...] = ()
    numberings: tuple[int, ...] = ()
    apart: dict[int, tuple[str, str]] = field(default_factory=dict)
    #: Shares that are compared with counts and left out → their groups.
    shares: dict[int, dict[str, Any]] = field(default_factory=dict)
    #: Whether headings say of the moves below them that they cross the border.
    tells_moves: bool = False


def columns_of_crosstab(document: Document, layout: Layout) -> Columns:
    """Understand every column; :class:`TableError` names the first that is not understood."""
    stacks = _stacks(layout.header)
    upper = _range_end(stacks)
    roles: dict[int, str] = {}
    figures: dict[int, dict[str, Any]] = {}
    marks: dict[int, int] = {}
    contents = [[row[column] for row in layout.rows] for column in range(len(stacks))]
    for column, (stack, content) in enumerate(zip(stacks, contents, strict=True)):
        own = [label for label, is_own in stack if is_own and label]
        role = _role(document, own, content, set(roles.values())) if own or not figures else None
        if role is not None:
            roles[column] = role
        elif figures and _holds_marks(own, content):
            marks[max(figures)] = column
        elif any(content):
            if not stack:
                raise _without_heading(document, layout, column)
            figures[column] = _group(document, [label for label, _ in stack], upper)
    _join_shares(figures)
    balances = {column: group for column, group in figures.items() if group.get("balance")}
    tells = any(group.get("scope") == "outside" for group in figures.values())
    headings = {column: " ".join(text for text, _ in stacks[column]) for column in figures}
    figures, apart = moves_apart(
        document, layout.titles, headings, {c: g for c, g in figures.items() if c not in balances}
    )
    if not figures:
        raise TableError(f"In {document.label} ist keine Spalte mit Zahlen zu finden.", remedy="Die Kopfzeile prüfen.")
    words = {column: plain(stacks[column][-1][0] if stacks[column] else "") for column in roles}
    numberings, keys = numbering_columns(roles, words, contents)
    roles = {c: "area" if c in keys else role for c, role in roles.items() if c not in numberings}
    labels, parents, constants = _labels(document, layout, roles, contents)
    said = {column: headings[column] for column in balances}
    return Columns(
        labels, figures, marks, said, balances, parents, constants, tuple(numberings), apart, tells_moves=tells
    )


def _range_end(stacks: Sequence[Sequence[tuple[str, bool]]]) -> Upper:
    """Whether pairs of ages in the header include their second number."""
    said = [label for stack in stacks for label, _ in stack]
    says_under = any("bis unter" in plain(label) and not any(sign.isdigit() for sign in label) for label in said)
    return "exclusive" if says_under else range_end(said) or "inclusive"


def _stacks(header: Sequence[Sequence[str]]) -> list[list[tuple[str, bool]]]:
    """Labels above each column from top to bottom, and whether each is its own or of a merged cell to the left."""
    spread = [filled(row) for row in header[:-1]] + [list(header[-1])]
    return [
        [(row[column], bool(own[column])) for row, own in zip(spread, header, strict=True) if row[column]]
        for column in range(len(header[0]))
    ]


def _role(document: Document, own: list[str], content: list[str], taken: set[str]) -> str | None:
    """The dimension whose labels a column holds, by its heading, else by what stands below it; ``None`` for figures."""
    if not own:
        return _role_by_content(content, taken)
    named = dimension_of(own[-1]) or dimension_of(_BRACKETS.sub("", own[-1]))
    if named is None and understand(own[-1]) is None and _holds_words(content):
        refusal = other_dimension(document, own[-1], content)
        if refusal is not None:
            raise refusal
        named = _role_by_content(content, taken)
    return "area" if named == "area_name" and "area" not in taken and _holds_keys(content) else named


def _role_by_content(content: list[str], taken: set[str]) -> str | None:
    """Dates, ages, sexes, groups, keys or names."""
    values = {value for value in content if value}
    if not values:
        return None
    rules: tuple[tuple[str, Callable[[str], Any]], ...] = (
        ("year", year_end), ("sex", sex_of), ("nationality", nationality_of), ("age", _worded_age),
    )  # fmt: skip
    for name, rule in rules:
        if name not in taken and all(rule(value) is not None for value in values):
            return name
    if "age" not in taken and _several_ages(values):
        return "age"
    return "area" if "area" not in taken and _holds_keys(content) else "area_name"


def _several_ages(values: set[str]) -> bool:
    """A column with several ages is one of ages: what is none there is an error, never an area."""
    ages = {age for value in values if (age := _worded_age(value)) is not None and age != ALL_AGES}
    return len(ages) > 1


def _holds_words(content: list[str]) -> bool:
    """Whether a column holds words, most of them in letters: labels, and neither figures nor marks."""
    values = {value for value in content if value}
    words = [value for value in values if sum(map(str.isalpha, value)) > 1 and not is_figure(value)]
    return len(words) * 2 > len(values) and not any(value.replace(".", "").isdigit() for value in values)


def _holds_keys(content: list[str]) -> bool:
    """Whether a column that may hold names holds keys: short, of capitals and digits."""
    values = {value for value in content if value}
    keys = [value for value in values if value.isalnum() and len(value) <= 12 and (value.isdigit() or value.isupper())]
    return bool(values) and len(keys) == len(values)


def _worded_age(text: str) -> Any:
    """Ages in words only: bare numbers without a header could be keys."""
    return None if text.isdigit() else parse_age(text, "exclusive")


def _labels(
    document: Document, layout: Layout, roles: Mapping[int, str], contents: Sequence[Sequence[str]]
) -> tuple[dict[str, int], tuple[int, ...], tuple[int, ...]]:
    """One column for each dimension; of several columns of areas the finest counts, the others are above it."""
    labels: dict[str, int] = {}
    parents: list[int] = []
    constants: list[int] = []
    for role in dict.fromkeys(roles.values()):
        columns = [column for column, own in roles.items() if own == role]
        varying = [column for column in columns if len({*contents[column]} - {""}) > 1]
        if role in ("area", "area_name") and len(columns) > 1:
            if role == "area" and not varying:
                raise _claimed_twice(document, columns)
            kept = varying or columns[-1:]
            finest = max(kept, key=lambda column: (_count_of_areas(contents[column]), column))
            parents += [column for column in columns if column != finest and column in varying]
            constants += [column for column in columns if column != finest and column not in varying]
        elif len(columns) > 1:
            raise _claimed_twice(document, columns)
        else:
            finest = columns[0]
        labels[role] = finest
    if "area" in labels and "area_name" in labels:
        _pair_key_and_name(labels, parents, contents)
    return labels, tuple(sorted(parents)), tuple(constants)


def _count_of_areas(content: Sequence[str]) -> int:
    """How many areas a column names, without their sums."""
    return sum(bool(text) and not is_area_total(text) and not is_subtotal(text) for text in set(content))


def _pair_key_and_name(labels: dict[str, int], parents: list[int], contents: Sequence[Sequence[str]]) -> None:
    """Key and name have to be of the same level: a key that has several names belongs to the level above."""
    pairs = {pair for pair in zip(contents[labels["area"]], contents[labels["area_name"]], strict=True) if all(pair)}
    if len(pairs) > len({key for key, _ in pairs}) and len({name for _, name in pairs}) == len(pairs):
        parents.append(labels.pop("area"))


def _claimed_twice(document: Document, columns: Sequence[int]) -> TableError:
    return TableError(
        f"{document.label}: Die Spalten {columns[0] + 1} und {columns[1] + 1} enthalten dasselbe Merkmal.",
        remedy="Eine davon löschen; zwei Tabellen nebeneinander untereinander oder auf zwei Blätter setzen.",
    )


def _holds_marks(own: list[str], content: list[str]) -> bool:
    values = {value for value in content if value}
    return not own and bool(values) and values <= FLAGS


def _without_heading(document: Document, layout: Layout, column: int) -> TableError:
    line, text = next((line, row[column]) for line, row in zip(layout.lines, layout.rows, strict=True) if row[column])
    return TableError(
        f"{document.label}, Zeile {line}: In Spalte {column_name(column)} steht „{text}“, aber die Spalte hat keine "
        "Überschrift.",
        cells=[{"line": line, "column": column_name(column), "text": text}],
        remedy="Die Überschrift ergänzen, oder prüfen, ob die Zeile ein Feld zu viel hat.",
    )


def _group(document: Document, stack: list[str], upper: Upper) -> dict[str, Any]:
    """The group that a column counts, from all labels above it."""
    group: dict[str, Any] = {}
    for depth, label in enumerate(stack, start=1):
        said = understand(label, upper)
        if said is None and (depth == len(stack) or not leads(label)):
            raise not_understood(document, label)
        _merge(document, group, said or {}, label)
    return group


def _merge(document: Document, group: dict[str, Any], said: Mapping[str, Any], label: str) -> None:
    for key, value in said.items():
        if group.get(key, value) != value:
            raise TableError(
                f"{document.label}: Die Überschrift „{label}“ widerspricht der darüber.",
                remedy="Die Kopfzeile prüfen.",
            )
        group[key] = value


def _join_shares(figures: dict[int, dict[str, Any]]) -> None:
    """A column that says no more than "in %" is the share of the group to its left."""
    before: dict[str, Any] = {}
    for column in sorted(figures):
        group = figures[column]
        if group == {"share": True} and before and not before.get("balance"):
            figures[column] = {**{k: v for k, v in before.items() if k not in ("persons", "scale")}, "share": True}
        elif group == {"share": True} and before.get("balance"):
            figures[column] = {**before, "share": True}
        else:
            before = group
