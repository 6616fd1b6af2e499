"""Crosstabs of any office: labels of rows on the left, groups across, titles above, a foot below.

Reads classic exports of GENESIS and Regionalstatistik and the sheets of a neighbouring department alike. Every
column must be understood; a heading that is not is an error, never a guess.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import Any

import numpy as np
import pandas as pd
from pandas import DataFrame

from zwkprognose.errors import TableError
from zwkprognose.names import TOTAL
from zwkprognose.tables.ages import ALL_AGES
from zwkprognose.tables.areas.dissolved import mark_dissolved
from zwkprognose.tables.dates import stock_years_in, years_in
from zwkprognose.tables.files.document import Document
from zwkprognose.tables.frame import age_columns, cells_frame, value_columns
from zwkprognose.tables.ledger import Fate, note_aside, note_dropped, note_numbering
from zwkprognose.tables.readers.area_totals import without_sums
from zwkprognose.tables.readers.birth_years import ages_of
from zwkprognose.tables.readers.crosstab.balances import Beside
from zwkprognose.tables.readers.crosstab.blocks import unblocked, unblocked_document
from zwkprognose.tables.readers.crosstab.columns import Columns, columns_of_crosstab
from zwkprognose.tables.readers.crosstab.context import (
    Stand,
    january_note,
    measure_of,
    scale_of,
    source_of_crosstab,
    stand_of,
    unknown_year,
)
from zwkprognose.tables.readers.crosstab.footnotes import legend_of, without_marks
from zwkprognose.tables.readers.crosstab.gaps import without_gaps
from zwkprognose.tables.readers.crosstab.headings import understand
from zwkprognose.tables.readers.crosstab.layout import Layout, find_layout, layout_of
from zwkprognose.tables.readers.crosstab.moves import refuse_titles_within
from zwkprognose.tables.readers.crosstab.narrowing import groups_in, refuse_other_titles, said_groups
from zwkprognose.tables.readers.crosstab.place import area_in, bare_name
from zwkprognose.tables.readers.crosstab.rows import row_labels
from zwkprognose.tables.readers.crosstab.shares import compare_shares, without_shares
from zwkprognose.tables.readers.crosstab.stacked import stacked
from zwkprognose.tables.readers.crosstab.title_words import words_of
from zwkprognose.tables.readers.layout import filled
from zwkprognose.tables.readers.zeros import restored_keys
from zwkprognose.tables.table import Source, Table
from zwkprognose.tables.words import dimension_of, is_birth_date, measures_in

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
    document = unblocked_document(without_gaps(document))
    tables = stacked(document)
    parts = [_read_part(tables[0], (), several=len(tables) > 1)]
    parts += [_read_part(table, parts[0].titles, several=True) for table in tables[1:]]
    printed = pd.concat(_placed_by_titles(parts), ignore_index=True) if len(parts) > 1 else parts[0].cells
    kept = without_sums(mark_dissolved(printed), parts[0].titles)
    note_dropped(document, printed, kept.cells, Fate.SUM)
    source = parts[0].source
    notes = dict.fromkeys(note for part in parts for note in (*part.source.notes, *part.notes))
    repairs = dict.fromkeys(repair for part in parts for repair in part.repairs)
    return Table(kept.cells, replace(source, notes=(*notes, *kept.notes), repairs=(*repairs, *kept.repairs)))


@dataclass(frozen=True)
class _Part:
    """One crosstab of a sheet as it was read."""

    cells: DataFrame
    titles: list[str]
    source: Source
    notes: tuple[str, ...]
    repairs: tuple[str, ...]


def _read_part(document: Document, inherited: Sequence[str], *, several: bool) -> _Part:
    """Cells of one crosstab; of several below each other the first may say for all what is counted, and when."""
    layout = layout_of(document)
    columns = columns_of_crosstab(document, layout)
    groups = list(columns.figures.values())
    foot = _foot(document, layout)
    titles = [*layout.titles, *_constant_texts(layout, columns)]
    names = _names(document, layout, columns, titles, bare_name(layout.titles[-1]) if several and titles else "")
    if not columns.tells_moves:
        refuse_titles_within(document, titles, [group.get("variable", "") for group in groups])
    refuse_other_titles(document, titles, groups, names)
    said = titles if measures_in(" ".join(titles)) else [*inherited, *titles]
    variables = _variables(document, said, groups)
    text = " ".join(titles)
    dated = titles if stock_years_in(text) or years_in(text) else [*inherited, *titles]
    stand = stand_of(document, dated, foot, events=not {"population", "population_share"} & {*variables})
    dates = _dates(layout, columns)
    january = january_note(document, dates)
    if january and set(variables) - {"population", "population_share"}:
        raise unknown_year(document)  # events happen in a year, not on a day
    labels = row_labels(document, layout, columns, stand.shift)
    areas, repairs = restored_keys(labels.get("area"), document)
    if areas is not None:
        labels["area"] = areas
    if several:
        _note_surroundings(document, layout)
    _note_labels(document, layout, columns)
    legend = legend_of(foot)
    columns, variables = without_shares(columns, labels, variables)
    printed = _Cells(document, layout, columns, labels).frame(variables, stand, legend)
    cells, narrowed = _narrowed(document, titles, _placed(titles, printed))
    beside = _beside(document, layout, columns, labels, variables, stand.year, legend)
    source = source_of_crosstab(document, layout.titles, foot)
    notes = (
        *stand.notes,
        *january,
        *_named_year(document, stand, labels, groups),
        *narrowed,
        *_balances(beside),
        *compare_shares(beside),
    )
    return _Part(cells, titles, source, notes, repairs)


def _named_year(
    document: Document, stand: Stand, labels: dict[str, Any], groups: Sequence[dict[str, Any]]
) -> tuple[str, ...]:
    """A note that the year of the figures stands nowhere but in the name of the file."""
    if not stand.only_in_name or "year" in labels or all("year" in group for group in groups):
        return ()
    return (f"{document.label}: Das Jahr {stand.year} steht nur im Dateinamen.",)


def _dates(layout: Layout, columns: Columns) -> list[str]:
    """Everything that may be a date in headings and labels of rows."""
    headings = [text for row in layout.header for text in row]
    return headings + ([row[columns.labels["year"]] for row in layout.rows] if "year" in columns.labels else [])


def _placed_by_titles(parts: Sequence[_Part]) -> list[DataFrame]:
    """Tables below each other that have no areas: each under a name of its own is the table of that area."""
    names = [bare_name(part.titles[-1]) if part.titles else "" for part in parts]
    unplaced = all((part.cells["area"] == "").all() for part in parts)
    if not unplaced or not all(names) or len(set(names)) < len(names):
        return [part.cells for part in parts]
    return [part.cells.assign(area=name, area_name=name) for part, name in zip(parts, names, strict=True)]


def _constant_texts(layout: Layout, columns: Columns) -> list[str]:
    """What columns say in every row, such as the kind of people that are counted: it is said of all like a title."""
    said = ((layout.heading(i), next((row[i] for row in layout.rows if row[i]), "")) for i in columns.constants)
    return [" ".join(texts) for texts in said]


def _names(document: Document, layout: Layout, columns: Columns, titles: Sequence[str], bare: str) -> set[str]:
    """Words that are names here: of areas, of the one that the title names, and in the name of the file."""
    at = [column for name, column in columns.labels.items() if name in ("area", "area_name")]
    names = {row[column] for row in layout.rows for column in (*at, *columns.parents)}
    return words_of([*names, area_in(titles), bare, document.sheet, PurePath(document.name).stem])


def _placed(titles: Sequence[str], cells: DataFrame) -> DataFrame:
    """Cells of a table without areas belong to the one Stadtteil that its title names."""
    name = area_in(titles) if (cells["area"] == "").all() else ""
    return cells.assign(area=name, area_name=name) if name else cells


def _narrowed(document: Document, titles: Sequence[str], cells: DataFrame) -> tuple[DataFrame, tuple[str, ...]]:
    """Cells of the sex or nationality that only titles or the sheet name, and a note that says so."""
    groups = groups_in(document, titles)
    if (cells["variable"] == "births").any():
        groups.pop("sex", None)  # women in the title of a table of births are the mothers
    unsplit = {name: value for name, value in groups.items() if (cells[name] == TOTAL).all()}
    return cells.assign(**unsplit), said_groups(unsplit)


def _note_surroundings(document: Document, layout: Layout) -> None:
    """What stands above and below one of several tables."""
    lines, columns = np.asarray(document.lines), np.arange(max(map(len, document.rows)))
    for fate, beside in ((Fate.HEADING, lines < layout.lines[0]), (Fate.TEXT, lines > layout.lines[-1])):
        document.fates.mark(fate, lines[beside][:, np.newaxis], columns)


def _note_labels(document: Document, layout: Layout, columns: Columns) -> None:
    lines = layout.lines[:, np.newaxis]
    document.fates.mark(Fate.LABEL, lines, [*columns.labels.values(), *columns.parents, *columns.constants])
    document.fates.mark(Fate.MARK, lines, list(columns.marks.values()))
    document.fates.mark(Fate.CHANGE, lines, list(columns.balances))
    for column, (name, why) in columns.apart.items():
        note_aside(document, column, name, layout.lines, why, Fate.LEFT_OUT)
    for column in columns.numberings:
        numbers = [row[column] for row in layout.rows]
        note_numbering(document, column, layout.heading(column), layout.lines, numbers)


def _beside(
    document: Document,
    layout: Layout,
    columns: Columns,
    labels: dict[str, Any],
    variables: Sequence[str],
    year: int | None,
    legend: frozenset[str],
) -> Beside:
    common = scale_of(layout.titles)
    groups = {**columns.figures, **columns.balance_groups, **columns.shares}
    scales = {column: _scale(group, common) for column, group in groups.items()}
    counted = dict(zip(columns.figures, variables, strict=True))
    return Beside(document, layout, columns, labels, counted, scales, year, legend)


def _balances(beside: Beside) -> tuple[str, ...]:
    """Compare balances with their parts; notes on what is left out, and on what could not be compared."""
    names = ", ".join(beside.columns.balances.values())
    if not names:
        return ()
    unknown = ", ".join(beside.compare())
    left_out = f"Spalten, die sich aus anderen ergeben, sind ausgelassen: {names}."
    return (left_out, f"Nicht nachgerechnet sind davon: {unknown}.") if unknown else (left_out,)


@dataclass(frozen=True)
class _Cells:
    """The parts of a crosstab, to be put together cell by cell."""

    document: Document
    layout: Layout
    columns: Columns
    rows: dict[str, Any]

    def frame(self, variables: list[str], stand: Stand, legend: frozenset[str]) -> DataFrame:
        """All cells row by row; marks of footnotes that the foot explains are taken off the figures."""
        order = list(self.columns.figures)
        groups = list(self.columns.figures.values())
        height, width = len(self.layout.rows), len(order)
        built: dict[str, Any] = {name: np.repeat(values, width) for name, values in self.rows.items()}
        for name in ("sex", "nationality"):
            self._across(built, name, np.tile([group.get(name, TOTAL) for group in groups], height).astype(object))
        if any("age" in group for group in groups):
            if not {"birth_year", "age_from"}.isdisjoint(built):
                raise _twice(self.document)
            ages = age_columns([group.get("age", ALL_AGES) for group in groups])
            built.update({name: np.tile(values, height) for name, values in ages.items()})
        built["year"] = self._years(groups, stand)
        built["variable"] = np.tile(np.array(variables, dtype=object), height)
        if "birth_year" in built:
            built.update(ages_of(self.document, built.pop("birth_year"), built))
        texts = [without_marks(row[column], legend) for row in self.layout.rows for column in order]
        lines, positions = np.repeat(self.layout.lines, width), np.tile(order, height)
        headings = np.array([self.layout.heading(column) for column in order], dtype=object)
        said = np.tile(headings, height)
        shares = np.tile([bool(group.get("share")) for group in groups], height)
        built.update(value_columns(texts, self.document, lines=lines, columns=positions, labels=said, shares=shares))
        common = scale_of(self.layout.titles)
        scale = np.tile([_scale(group, common) for group in groups], height)
        frame = cells_frame({**built, "value": np.asarray(built["value"]) * scale})
        return _marked(frame, self.layout, self.columns, order)

    def _across(self, built: dict[str, Any], name: str, values: np.ndarray) -> None:
        """Groups across the table; a dimension stands either in the rows or in the columns."""
        if name not in built:
            built[name] = values
        elif (values != TOTAL).any():
            raise _twice(self.document)

    def _years(self, groups: list[dict[str, Any]], stand: Stand) -> np.ndarray:
        if "year" in self.rows:
            return np.repeat(self.rows["year"], len(groups))
        years = [_year_of_group(group, stand) for group in groups]
        if None in years:
            raise unknown_year(self.document)
        return np.tile(np.array(years, dtype=np.int64), len(self.layout.rows))


def _year_of_group(group: dict[str, Any], stand: Stand) -> int | None:
    if "year" not in group:
        return stand.year
    return group["year"] if "first_of_january" in group or "dated" in group else group["year"] + stand.shift


def _twice(document: Document) -> TableError:
    return TableError(
        f"{document.label}: Dasselbe Merkmal steht in den Zeilen und in den Spalten.", remedy="Die Kopfzeile prüfen."
    )


def _variables(document: Document, titles: Sequence[str], groups: list[dict[str, Any]]) -> list[str]:
    named = [group.get("variable") for group in groups]
    persons = all("persons" in group for group, name in zip(groups, named, strict=True) if not name)
    common = "" if all(named) else measure_of(document, titles, "population" if persons else "")
    variables = [name or common for name in named]
    return [f"{v}_share" if group.get("share") else v for v, group in zip(variables, groups, strict=True)]


def _scale(group: dict[str, Any], common: float) -> float:
    return 1.0 if group.get("share") else float(group.get("scale", common))


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
