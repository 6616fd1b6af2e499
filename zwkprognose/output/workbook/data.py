"""The sheet for machines and filters: one row per scenario, year and area."""

from __future__ import annotations

import numpy as np

from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.tables.cross import flow_labels
from zwkprognose.output.workbook.book import COUNT, TOP, Book, subtitle
from zwkprognose.output.workbook.rows import Column

NAME, TITLE = "Daten", "Alle Ergebnisse als lange Tabelle zum Filtern"
_HEADS = 4
#: Largest number of rows; longer tables are for programs, which read the CSV file.
_LONGEST = 100_000


def has_data(numbers: Numbers) -> bool:
    """Whether the table is short enough for a workbook that opens quickly."""
    return numbers.total.size <= _LONGEST


def write_data(book: Book, numbers: Numbers) -> None:
    """All scenarios, years and areas as one table with filters."""
    sheet = book.sheet(NAME, TITLE, subtitle(book.facts))
    columns, rows = _long_table(numbers)
    for column, title in enumerate(columns):
        sheet.write_string(TOP, column, title, book.head(left=column < _HEADS))
    looks = Column(number=book.look(num_format=COUNT), hidden=book.look(align="right"))
    sheet.write_rows(TOP + 1, rows, [looks] * len(columns))
    for first, last, width in ((0, 0, 20), (1, 2, 9), (3, 3, 26), (_HEADS, len(columns) - 1, 12)):
        sheet.set_column(first, last, width)
    sheet.set_row(TOP, 34)
    sheet.freeze_panes(TOP + 1, _HEADS)
    sheet.autofilter(TOP, 0, TOP + len(rows), len(columns) - 1)
    sheet.repeat_rows(TOP)


def _long_table(numbers: Numbers) -> tuple[list[str], list[list[str | int | float]]]:
    """Heads and rows; the base year has no events, its cells are empty."""
    areas = list(numbers.facts.areas.items())
    bands = [band.label for band in numbers.broad_bands]
    ages = np.stack([numbers.broad(i)[1] for i in range(len(areas))], axis=2)
    rows = []
    for (s, y, a), total in np.ndenumerate(numbers.total):
        events = [float(flow[s, y - 1, a]) for flow in numbers.flows.values()] if y else []
        head: list[str | int | float] = [numbers.facts.scenarios[s].title, int(numbers.years[y]), *areas[a]]
        rows.append([*head, float(total), *ages[s, y, a].tolist(), *events])
    flows = [f"{name} im Jahr" for name in flow_labels(numbers)]
    return ["Szenario", "Stichtag 31.12.", numbers.facts.unit[0], "Name", "Bevölkerung", *bands, *flows], rows
