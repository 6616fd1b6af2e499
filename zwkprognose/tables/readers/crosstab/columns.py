"""What the columns of a crosstab hold: labels of the rows, figures of which group, or quality marks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zwkprognose.errors import TableError
from zwkprognose.tables.ages import Upper, parse_age, range_end
from zwkprognose.tables.dates import stock_year
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.readers.crosstab.headings import leads, understand
from zwkprognose.tables.readers.crosstab.layout import Layout
from zwkprognose.tables.readers.crosstab.refusals import not_understood
from zwkprognose.tables.readers.layout import filled
from zwkprognose.tables.signs import FLAGS
from zwkprognose.tables.words import dimension_of, nationality_of, plain, sex_of


@dataclass(frozen=True)
class Columns:
    """``labels``: dimension → column; ``figures``: column → group; ``marks``: column of figures → its marks.

    ``balances``: column of differences of others → its heading; they are left out.
    """

    labels: dict[str, int]
    figures: dict[int, dict[str, Any]]
    marks: dict[int, int] = field(default_factory=dict)
    balances: dict[int, str] = field(default_factory=dict)


def columns_of_crosstab(document: Document, layout: Layout) -> Columns:
    """Understand every column; :class:`TableError` names the first that is not understood."""
    stacks = _stacks(layout.header)
    upper = _range_end(stacks)
    labels: dict[str, int] = {}
    figures: dict[int, dict[str, Any]] = {}
    marks: dict[int, int] = {}
    for column, stack in enumerate(stacks):
        content = [row[column] for row in layout.rows]
        own = [label for label, is_own in stack if is_own and label]
        role = _role(own, content, labels) if own or not figures else None
        if role is not None:
            _claim(document, labels, role, column)
        elif figures and _holds_marks(own, content):
            marks[max(figures)] = column
        elif any(content):
            figures[column] = _group(document, [label for label, _ in stack], upper)
    balances = [column for column, group in figures.items() if group.get("balance")]
    figures = {column: group for column, group in figures.items() if column not in balances}
    if not figures:
        raise TableError(
            f"In {document.label} ist keine Spalte mit Zahlen zu finden.", remedy="Prüfen Sie die Kopfzeile."
        )
    return Columns(labels, figures, marks, {i: " ".join(text for text, _ in stacks[i]) for i in balances})


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


def _role(own: list[str], content: list[str], taken: Mapping[str, int]) -> str | None:
    """The dimension whose labels a column holds; ``None`` for figures."""
    if not own:
        return _role_by_content(content, taken)
    named = dimension_of(own[-1])
    return "area" if named == "area_name" and "area" not in taken and _holds_keys(content) else named


def _role_by_content(content: list[str], taken: Mapping[str, int]) -> str | None:
    """A column without a header in front of the figures: dates, ages, sexes, keys or names."""
    values = {value for value in content if value}
    if not values:
        return None
    rules = (("year", stock_year), ("sex", sex_of), ("nationality", nationality_of), ("age", _worded_age))
    for name, rule in rules:
        if name not in taken and all(rule(value) is not None for value in values):
            return name
    return "area" if "area" not in taken and _holds_keys(content) else "area_name"


def _holds_keys(content: list[str]) -> bool:
    """Whether a column that may hold names holds keys: short, of capitals and digits."""
    values = {value for value in content if value}
    keys = [value for value in values if value.isalnum() and len(value) <= 12 and (value.isdigit() or value.isupper())]
    return bool(values) and len(keys) == len(values)


def _worded_age(text: str) -> Any:
    """Ages in words only: bare numbers without a header could be keys."""
    return None if text.isdigit() else parse_age(text, "exclusive")


def _claim(document: Document, labels: dict[str, int], role: str, column: int) -> None:
    if role in labels:
        raise TableError(
            f"{document.label}: Die Spalten {labels[role] + 1} und {column + 1} enthalten dasselbe Merkmal.",
            remedy="Überschreiben Sie sie, zum Beispiel mit „Schlüssel“ und „Name“, oder löschen Sie eine; zwei "
            "Tabellen nebeneinander setzen Sie untereinander oder auf zwei Blätter.",
        )
    labels[role] = column


def _holds_marks(own: list[str], content: list[str]) -> bool:
    values = {value for value in content if value}
    return not own and bool(values) and values <= FLAGS


def _group(document: Document, stack: list[str], upper: Upper) -> dict[str, Any]:
    """The group that a column counts, from all labels above it."""
    if not stack:
        raise TableError(f"{document.label}: Eine Zahlenspalte hat keine Überschrift.", remedy="Ergänzen Sie sie.")
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
                remedy="Prüfen Sie die Kopfzeile.",
            )
        group[key] = value
