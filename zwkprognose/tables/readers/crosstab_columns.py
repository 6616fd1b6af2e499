"""What the columns of a crosstab hold: labels of the rows, figures of which group, or quality marks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from zwkprognose.errors import TableError
from zwkprognose.tables.ages import Upper, parse_age, range_end
from zwkprognose.tables.document import Document
from zwkprognose.tables.readers.crosstab_layout import Layout
from zwkprognose.tables.readers.layout import filled
from zwkprognose.tables.signs import FLAGS
from zwkprognose.tables.words import (
    DIMENSION_WORDS,
    MEASURE_WORDS,
    TOTAL_WORDS,
    nationality_of,
    plain,
    sex_of,
    stock_year,
)

_UNITS = frozenset({"anzahl", "number", "personen", "absolut", "insg.", ""})
_THOUSAND = re.compile(r"(?:in |je )?(?:1[ .]?000|tausend|tsd\.?)")
_BRACKETS = re.compile(r"\s*\(([^)]*)\)\s*$|\s*\[([^\]]*)\]\s*$|\s+in (1[ .]?000|tausend|tsd\.?)$")


@dataclass(frozen=True)
class Columns:
    """``labels``: dimension → column; ``figures``: column → group; ``marks``: column of figures → its marks."""

    labels: dict[str, int]
    figures: dict[int, dict[str, Any]]
    marks: dict[int, int] = field(default_factory=dict)


def columns_of_crosstab(document: Document, layout: Layout) -> Columns:
    """Understand every column; :class:`TableError` names the first that is not understood."""
    stacks = _stacks(layout.header)
    upper = range_end([label for stack in stacks for label, _ in stack]) or "inclusive"
    labels: dict[str, int] = {}
    figures: dict[int, dict[str, Any]] = {}
    marks: dict[int, int] = {}
    for column, stack in enumerate(stacks):
        content = [row[column] for row in layout.rows]
        own = [label for label, is_own in stack if is_own and label]
        role = _role(own, content, labels) if not figures else None
        if role is not None:
            _claim(document, labels, role, column)
        elif figures and _holds_marks(own, content):
            marks[max(figures)] = column
        elif any(content):
            figures[column] = _group(document, [label for label, _ in stack], own, upper)
    if not figures:
        raise TableError(
            f"In {document.label} ist keine Spalte mit Zahlen zu finden.", remedy="Prüfen Sie die Kopfzeile."
        )
    return Columns(labels, figures, marks)


def understand(label: str, upper: Upper = "inclusive") -> dict[str, Any] | None:
    """What one header label says; an empty dictionary for totals and units, ``None`` if it is not understood.

    >>> understand("weiblich"), understand("unter 3 Jahre"), understand("2020"), understand("Insgesamt")
    ({'sex': 'female'}, {'age': (0, 3)}, {'year': 2020}, {})
    >>> understand("Einwohner (in 1.000)"), understand("Deutsche, männlich"), understand("Fläche")
    ({'scale': 1000.0, 'variable': 'population'}, {'nationality': 'german', 'sex': 'male'}, None)
    """
    simple = _single(label, upper)
    if simple is not None:
        return simple
    for pattern in (r"\s*[,/|\n_]\s*", r"\s+"):
        parts = [_single(part, upper) for part in re.split(pattern, label.strip()) if part]
        if len(parts) > 1 and all(part is not None for part in parts):
            return {key: value for part in parts if part for key, value in part.items()}
    return None


def _single(label: str, upper: Upper) -> dict[str, Any] | None:
    word = plain(label)
    if word in TOTAL_WORDS or word in _UNITS:
        return {}
    if (year := stock_year(label)) is not None:
        return {"year": year}
    for name, rule in (("sex", sex_of), ("nationality", nationality_of)):
        if (value := rule(word)) is not None:
            return {name: value}
    if (age := parse_age(label, upper)) is not None:
        return {"age": age}
    return _measure(word)


def _measure(word: str) -> dict[str, Any] | None:
    if word in MEASURE_WORDS:
        return {"variable": MEASURE_WORDS[word]}
    if _THOUSAND.fullmatch(word):
        return {"scale": 1000.0}
    if word in ("%", "prozent", "in %", "anteil in %", "in prozent"):
        return {"share": True}
    match = _BRACKETS.search(word)
    if match is None:
        return None
    unit, rest = _measure_or_unit(match[1] or match[2] or match[3] or ""), _measure_or_unit(word[: match.start()])
    return None if unit is None or rest is None else {**unit, **rest}


def _measure_or_unit(word: str) -> dict[str, Any] | None:
    return {} if word in _UNITS or word in TOTAL_WORDS else _measure(word)


def _stacks(header: Sequence[Sequence[str]]) -> list[list[tuple[str, bool]]]:
    """Labels above each column from top to bottom, and whether each is its own or of a merged cell to the left."""
    spread = [filled(row) for row in header[:-1]] + [list(header[-1])]
    return [
        [(row[column], bool(own[column])) for row, own in zip(spread, header, strict=True) if row[column]]
        for column in range(len(header[0]))
    ]


def _role(own: list[str], content: list[str], taken: Mapping[str, int]) -> str | None:
    """The dimension whose labels a column holds; ``None`` for figures."""
    named = [DIMENSION_WORDS[plain(label)] for label in own if plain(label) in DIMENSION_WORDS]
    if named:
        return "area" if named[-1] == "area_name" and "area" not in taken and _holds_keys(content) else named[-1]
    return None if own else _role_by_content(content, taken)


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
            remedy="Überschreiben Sie sie, zum Beispiel mit „Schlüssel“ und „Name“, oder löschen Sie eine.",
        )
    labels[role] = column


def _holds_marks(own: list[str], content: list[str]) -> bool:
    values = {value for value in content if value}
    return not own and bool(values) and values <= FLAGS


def _group(document: Document, stack: list[str], own: list[str], upper: Upper) -> dict[str, Any]:
    """The group that a column counts, from all labels above it."""
    group: dict[str, Any] = {}
    for label in stack:
        said = understand(label, upper)
        leaked = label not in own and plain(label) in DIMENSION_WORDS
        if said is None and not leaked:
            raise TableError(
                f"{document.label}: Die Spaltenüberschrift „{label}“ ist nicht zu verstehen.",
                remedy="Verwenden Sie Wörter wie männlich, Deutsche, 0 bis 5, 2024 oder insgesamt, "
                "oder löschen Sie Spalten, die keine Anzahlen von Personen enthalten.",
            )
        _merge(document, group, said or {}, label)
    if not stack:
        raise TableError(f"{document.label}: Eine Zahlenspalte hat keine Überschrift.", remedy="Ergänzen Sie sie.")
    return group


def _merge(document: Document, group: dict[str, Any], said: Mapping[str, Any], label: str) -> None:
    for key, value in said.items():
        if group.get(key, value) != value:
            raise TableError(
                f"{document.label}: Die Überschrift „{label}“ widerspricht der darüber.",
                remedy="Prüfen Sie die Kopfzeile.",
            )
        group[key] = value
