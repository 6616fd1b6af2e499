"""Crosstabs of any office: labels of rows on the left, groups across, titles above, a foot below.

Reads classic exports of GENESIS and Regionalstatistik and the sheets of a neighbouring department alike. Every
column must be understood; a heading that is not is an error, never a guess.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from pandas import DataFrame

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.ages import ALL_AGES
from zwkprognose.tables.areas.dissolved import mark_dissolved
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns, cells_frame, value_columns
from zwkprognose.tables.ledger import Fate, note_dropped
from zwkprognose.tables.readers.area_totals import without_area_total, without_subtotals
from zwkprognose.tables.readers.birth_years import ages_of
from zwkprognose.tables.readers.crosstab.blocks import unblocked, unblocked_document
from zwkprognose.tables.readers.crosstab.columns import Columns, columns_of_crosstab
from zwkprognose.tables.readers.crosstab.context import measure_of, scale_of, source_of_crosstab, year_of
from zwkprognose.tables.readers.crosstab.headings import understand
from zwkprognose.tables.readers.crosstab.layout import Layout, find_layout, layout_of
from zwkprognose.tables.readers.crosstab.narrowing import groups_in, refuse_other_titles, said_groups
from zwkprognose.tables.readers.crosstab.rows import row_labels
from zwkprognose.tables.readers.layout import filled
from zwkprognose.tables.readers.zeros import restored_keys
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.words import dimension_of, is_birth_date

TITLE = "Kreuztabelle (GENESIS, Regionalstatistik, Excel-Blatt) mit Altersgruppen, Geschlecht, Nationalität oder Jahren"


def recognise(head: list[list[str]]) -> bool:
    """Header rows above rows of figures, at least one heading of which is a sex, nationality, age or year."""
    head, _ = unblocked(head, range(len(head)))
    found = find_layout(head)
    if found is None:
        return False
    headings = [heading for row in head[found[0] : found[1]] for heading in filled(row) if heading]
    if any(map(is_birth_date, headings)):
        return False
    return any(understand(heading) or dimension_of(heading) for heading in headings)


def read(document: Document) -> Table:
    """All cells of a crosstab; a row for all areas together is left out if it is the sum of the others."""
    document = unblocked_document(document)
    layout = layout_of(document)
    columns = columns_of_crosstab(document, layout)
    labels = row_labels(document, layout, columns)
    source = source_of_crosstab(document, layout.titles, _foot(document, layout))
    areas, repairs = restored_keys(labels.get("area"), document)
    if areas is not None:
        labels["area"] = areas
    groups = list(columns.figures.values())
    by_age = not {"age_from", "birth_year"}.isdisjoint(labels) or any("age" in group for group in groups)
    refuse_other_titles(document, layout.titles, groups, by_age=by_age)
    _note_labels(document, layout, columns)
    printed, narrowed = _narrowed(document, layout, _cells(document, layout, columns, labels))
    cells, subtotals = without_subtotals(mark_dissolved(printed))
    cells, totals = without_area_total(cells)
    note_dropped(document, printed, cells, Fate.SUM)
    return Table(cells, _with(source, (*narrowed, *_balances(columns), *subtotals, *totals), repairs))


def _narrowed(document: Document, layout: Layout, cells: DataFrame) -> tuple[DataFrame, tuple[str, ...]]:
    """Cells of the sex or nationality that only titles or the sheet name, and a note that says so."""
    groups = groups_in(document, layout.titles)
    if (cells["variable"] == "births").any():
        groups.pop("sex", None)  # women in the title of a table of births are the mothers
    unsplit = {name: value for name, value in groups.items() if (cells[name] == TOTAL).all()}
    return cells.assign(**unsplit), said_groups(unsplit)


def _note_labels(document: Document, layout: Layout, columns: Columns) -> None:
    lines = layout.lines[:, np.newaxis]
    document.fates.mark(Fate.LABEL, lines, list(columns.labels.values()))
    document.fates.mark(Fate.MARK, lines, list(columns.marks.values()))
    document.fates.mark(Fate.CHANGE, lines, list(columns.balances))


def _balances(columns: Columns) -> tuple[str, ...]:
    names = ", ".join(columns.balances.values())
    return (f"Spalten, die sich aus anderen ergeben, sind ausgelassen: {names}.",) if names else ()


def _cells(document: Document, layout: Layout, columns: Columns, rows: dict[str, Any]) -> DataFrame:
    order = list(columns.figures)
    groups = [columns.figures[column] for column in order]
    height, width = len(layout.rows), len(order)
    texts = [row[column] for row in layout.rows for column in order]
    lines = np.repeat(layout.lines, width)
    built: dict[str, Any] = {name: np.repeat(values, width) for name, values in rows.items()}
    for name in ("sex", "nationality"):
        _across(document, built, name, np.array([group.get(name, TOTAL) for group in groups], dtype=object), height)
    if any("age" in group for group in groups):
        ages = age_columns([group.get("age", ALL_AGES) for group in groups])
        if "birth_year" in built:
            raise _twice(document)
        for name, values in ages.items():
            built[name] = _joined_ages(document, built, name, np.tile(values, height))
    built["year"] = _years(document, layout, groups, rows, height)
    built["variable"] = np.tile(np.array(_variables(document, layout, groups), dtype=object), height)
    if "birth_year" in built:
        built.update(ages_of(document, built.pop("birth_year"), built))
    built.update(value_columns(texts, document, lines=lines, columns=np.tile(order, height)))
    common = scale_of(layout.titles)
    scale = np.tile(np.array([_scale(group, common) for group in groups]), height)
    frame = cells_frame({**built, "value": np.asarray(built["value"]) * scale})
    return _marked(frame, layout, columns, order)


def _across(document: Document, built: dict[str, Any], name: str, values: np.ndarray, height: int) -> None:
    """Groups across the table; a dimension stands either in the rows or in the columns."""
    if name not in built:
        built[name] = np.tile(values, height)
    elif (values != TOTAL).any():
        raise _twice(document)


def _joined_ages(document: Document, built: dict[str, Any], name: str, values: np.ndarray) -> np.ndarray:
    if name in built:
        raise _twice(document)
    return values


def _twice(document: Document) -> TableError:
    return TableError(
        f"{document.label}: Dasselbe Merkmal steht in den Zeilen und in den Spalten.",
        remedy="Prüfen Sie die Kopfzeile.",
    )


def _years(
    document: Document, layout: Layout, groups: list[dict[str, Any]], rows: dict[str, Any], height: int
) -> np.ndarray:
    if "year" in rows:
        return np.repeat(rows["year"], len(groups))
    if all("year" in group for group in groups):
        return np.tile(np.array([group["year"] for group in groups]), height)
    common = year_of(document, layout.titles)
    return np.tile(np.array([group.get("year", common) for group in groups]), height)


def _variables(document: Document, layout: Layout, groups: list[dict[str, Any]]) -> list[str]:
    named = [group.get("variable") for group in groups]
    persons = all("persons" in group for group, name in zip(groups, named, strict=True) if not name)
    common = "" if all(named) else measure_of(document, layout.titles, "population" if persons else "")
    variables = [name or common for name in named]
    return [f"{v}_share" if group.get("share") else v for v, group in zip(variables, groups, strict=True)]


def _scale(group: dict[str, Any], common: float) -> float:
    return 0.01 if group.get("share") else float(group.get("scale", common))


def _marked(frame: DataFrame, layout: Layout, columns: Columns, order: list[int]) -> DataFrame:
    """Quality marks that stand in a column of their own."""
    if not columns.marks:
        return frame
    flags = [row[columns.marks[c]] if c in columns.marks else "" for row in layout.rows for c in order]
    own = np.array(flags, dtype=object)
    return frame.assign(flag=np.where(own == "", frame["flag"].to_numpy(dtype=object), own))


def _foot(document: Document, layout: Layout) -> list[str]:
    last = int(layout.lines[-1])
    texts = (
        " ".join(" ".join(row).split()) for row, line in zip(document.rows, document.lines, strict=True) if line > last
    )
    return [text for text in texts if text.strip(" _")]


def _with(source: Source, notes: tuple[str, ...], repairs: tuple[str, ...]) -> Source:
    return replace(source, notes=(*source.notes, *notes), repairs=repairs)
