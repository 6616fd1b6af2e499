"""Labels of the rows of a crosstab: areas, years, sexes, groups, ages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import numpy as np
from pandas import factorize

from zwkprognose.errors import TableError
from zwkprognose.names import label
from zwkprognose.tables.ages import range_end
from zwkprognose.tables.areas.whole import is_area_total, is_subtotal, stands_beside
from zwkprognose.tables.dates import year_end, years_in
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.readers.birth_years import birth_year
from zwkprognose.tables.readers.columns import carried, refuse_unknown, translate, translate_ages
from zwkprognose.tables.readers.crosstab.columns import Columns
from zwkprognose.tables.readers.crosstab.layout import Layout
from zwkprognose.tables.words import nationality_of, plain, sex_of, without_footnote

_KEY_AND_NAME = re.compile(r"(\d{2,})\s+(\D.*)")
#: What a column of labels has to hold.
_EXPECTED = {
    "year": "ein Jahr oder ein Stichtag 31.12.",
    "sex": "männlich, weiblich oder insgesamt, keine Schlüsselzahl; andere Angaben einem der beiden zuordnen",
    "nationality": "Deutsche, Ausländer oder insgesamt, keine Schlüsselzahl",
}


def row_labels(document: Document, layout: Layout, columns: Columns, shift: int = 0) -> dict[str, Any]:
    """Columns of the contract from the labels of the rows; printed once, valid for the rows below.

    A bare year is moved by ``shift`` (see :class:`~zwkprognose.tables.readers.crosstab.context.Stand`).
    """
    texts = {name: np.array([row[i] for row in layout.rows], dtype=object) for name, i in columns.labels.items()}
    for name in {"area", "area_name"} & set(texts):
        texts[name] = _each_once(without_footnote, texts[name])
    _within_parents(layout, columns, texts)
    _carry(document, layout, texts)
    said: dict[str, Any] = {name: texts[name] for name in ("area", "area_name") if name in texts}
    rules: dict[str, Callable[[str], Any]] = {"year": year_rule(shift), "sex": sex_of, "nationality": nationality_of}
    for name, rule in rules.items():
        if name in texts:
            said[name] = translate(document, texts[name], layout.lines, rule, label("dims", name), _EXPECTED[name])
    if "birth_year" in texts and "age" not in texts:
        expected = "ein Geburtsjahr wie 1985 oder „1923 und früher“"
        said["birth_year"] = translate(document, texts["birth_year"], layout.lines, birth_year, "Geburtsjahr", expected)
    if "age" in texts:
        said.update(_row_ages(document, layout, columns.labels["age"], texts["age"]))
    return said


def _each_once(rule: Callable[[str], str], texts: np.ndarray) -> np.ndarray:
    """The rule applied to every distinct text."""
    codes, distinct = factorize(texts)
    return np.array([rule(text) for text in distinct], dtype=object)[codes]


def year_rule(shift: int) -> Callable[[str], int | None]:
    """How a label of a year is read: a bare year moved by ``shift``, a date of 31.12. or 1.1. as it is."""

    def rule(text: str) -> int | None:
        bare = without_footnote(text).strip().removesuffix(".0").isdecimal()
        year = year_end(without_footnote(text))
        return year + shift if bare and year is not None else year

    return rule


def _within_parents(layout: Layout, columns: Columns, texts: dict[str, np.ndarray]) -> None:
    """Areas below coarser ones: a row of the coarser alone is its sum; a name that two of them share is told apart.

    The name of a sum is made such that it is checked and left out like every printed one.
    """
    name = "area" if "area" in texts else "area_name"
    if not columns.parents or name not in texts:
        return
    above = np.array([row[columns.parents[-1]] for row in layout.rows], dtype=object)
    own = texts[name]
    is_sum = (above != "") & ((own == "") | np.array([is_area_total(text) for text in own], dtype=bool))
    above = carried(above)
    for key in {"area", "area_name"} & set(texts):
        texts[key] = np.where(is_sum & (above != ""), above + " zusammen", texts[key])
    filled = carried(texts[name])
    under = {text: {*above[filled == text]} for text in dict.fromkeys(filled)}
    shared = np.array([len(under[text]) > 1 for text in filled], dtype=bool)
    if shared.any():
        texts["area" if "area" in texts else "area_name"] = np.where(shared, above + " / " + filled, filled)


def _carry(document: Document, layout: Layout, texts: dict[str, np.ndarray]) -> None:
    """A label that is printed once holds for the rows below: a year for all, a sex or group within its area."""
    if "year" in texts:
        texts["year"] = carried(texts["year"])
    if "area_name" in texts and "area" not in texts:
        texts["area"], texts["area_name"] = _keys_and_names(texts["area_name"])
    if "area" in texts:
        _refuse_other_rows(document, layout, texts.get("area_name", texts["area"]))
        _carry_areas(document, layout, texts)
        _fill_results(texts)
    for name in ("sex", "nationality"):
        if name in texts:
            texts[name] = _carried_within(texts[name], texts.get("area"))


def _refuse_other_rows(document: Document, layout: Layout, names: np.ndarray) -> None:
    """Raise :class:`TableError` for rows among areas that count something else, or another year."""
    distinct = [name for name in dict.fromkeys(names) if name]
    worded = sum(any(map(str.isalpha, name)) for name in distinct) * 2 > len(distinct)
    dated = {name for name in distinct if worded and years_in(name)}
    dated = dated if 2 * len(dated) < len(distinct) else set()
    other = next((name for name in distinct if stands_beside(name) or name in dated), None)
    if other is not None:
        line = int(layout.lines[np.flatnonzero(names == other)[0]])
        raise TableError(
            f"{document.label}, Zeile {line}: „{other}“ ist kein Gebiet wie die anderen; seine Zahlen zählten doppelt.",
            cells=[{"line": line, "text": other}],
            remedy="Die Zeile löschen oder unter die Tabelle als Text setzen; heißt ein Gebiet so, es anders nennen.",
        )


def _fill_results(texts: dict[str, np.ndarray]) -> None:
    """Rows of pivot tables: "Altstadt Ergebnis" without a sex or group is Altstadt, men and women together."""
    is_sum = np.array([is_subtotal(text) or is_area_total(text) for text in texts["area"]], dtype=bool)
    for name in {"sex", "nationality"} & set(texts):
        empty = is_sum & (texts[name] == "")
        begins = empty & np.append(True, texts["area"][1:] != texts["area"][:-1])  # else carried from the row above
        texts[name] = np.where(begins, "insgesamt", texts[name])
        named = {f"{area} Ergebnis": area for area in texts["area"]}
        for key in {"area", "area_name"} & set(texts):
            texts[key] = np.where(begins, [named.get(text, text) for text in texts[key]], texts[key])


def _carried_within(texts: np.ndarray, areas: np.ndarray | None) -> np.ndarray:
    """Labels carried down, but not from one area into the next; there an empty field stays and is refused.

    >>> _carried_within(np.array(["m", "", "", "w"], dtype=object), np.array(["a", "a", "b", "b"])).tolist()
    ['m', 'm', '', 'w']
    """
    begins = np.zeros(len(texts), dtype=bool) if areas is None else np.append(False, areas[1:] != areas[:-1])
    at = np.where((texts != "") | begins, np.arange(len(texts)), 0)
    return texts[np.maximum.accumulate(at)]


def _carry_areas(document: Document, layout: Layout, texts: dict[str, np.ndarray]) -> None:
    """Key and name of an area go together; sums of areas need no key."""
    names = texts.get("area_name", texts["area"])
    keyless = (texts["area"] == "") & (names != "")
    total = np.isin(names, [name for name in dict.fromkeys(names) if is_area_total(name) or is_subtotal(name)])
    refuse_unknown(document, names, layout.lines, keyless & ~total, "Schlüssel", "ein Schlüssel neben jedem Namen")
    texts["area"] = carried(np.where(keyless, names, texts["area"]))
    if "area_name" in texts:
        texts["area_name"] = carried(names)


def _keys_and_names(texts: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Keys and names from one column, ``0101 Altstadt``; names are their own keys if not all have one in front."""
    codes, distinct = factorize(texts)
    areas = [text for text in distinct if text and not is_area_total(text) and not is_subtotal(text)]
    if not areas or not all(_KEY_AND_NAME.fullmatch(text) for text in areas):
        return texts, texts
    pairs = [match.groups() if (match := _KEY_AND_NAME.fullmatch(text)) else (text, text) for text in distinct]
    keys, names = (np.array(column, dtype=object)[codes] for column in zip(*pairs, strict=True))
    return keys, names


def _row_ages(document: Document, layout: Layout, column: int, texts: np.ndarray) -> dict[str, np.ndarray]:
    heading = plain(" ".join(row[column] for row in layout.header))
    upper = "exclusive" if "unter" in heading else range_end(dict.fromkeys(texts)) or "inclusive"
    return translate_ages(document, texts, layout.lines, "Alter", upper)
