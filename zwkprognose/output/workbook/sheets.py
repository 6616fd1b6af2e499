"""Sheets for people: notes, cross tables, a chart."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from typing import Any

from zwkprognose.german import HIDDEN
from zwkprognose.output.content.notes import Notes
from zwkprognose.output.figures.colours import line_styles
from zwkprognose.output.figures.lines import Fan
from zwkprognose.output.tables.cross import STICHTAG, Cell, CrossTable
from zwkprognose.output.workbook.book import (
    AXIS,
    BLUE,
    COUNT,
    DECIMAL,
    GREY,
    GRID,
    PALE,
    PERCENT,
    SIGNED,
    TOP,
    YEAR,
    Book,
    subtitle,
)
from zwkprognose.output.workbook.rows import Column

#: Columns beside the scenarios, and how they are drawn.
LIMITS = ("80 von 100 Fällen: von", "80 von 100 Fällen: bis")
_DASHES = {
    "line": {"none": True},
    "marker": {"type": "long_dash", "size": 9, "fill": {"color": GREY}, "border": {"color": GREY}},
}
_LINE_HEIGHT = 15.5
_NUMBER_WIDTH = 12
#: Width of a bold letter beside that of a digit.
_WIDTH_OF_BOLD = 1.12
#: Colour of the report, Excel's dash and width of the main scenario and of the others in their order.
LINES = tuple(
    (shade, dash, 2.0 if k else 3.0)
    for k, ((shade, _), dash) in enumerate(
        zip(line_styles(), ("solid", "dash", "dash_dot", "round_dot", "long_dash"), strict=True)
    )
)


def write_notes(book: Book, notes: Notes, contents: list[tuple[str, str]], left_out: Sequence[str] = ()) -> None:
    """The sheet Hinweise: sentences by heading, then links to the sheets, then what the workbook leaves out."""
    sheet = book.sheet("Hinweise", book.facts.title, "Hinweise zu dieser Arbeitsmappe – bitte zuerst lesen")
    sheet.set_portrait()
    sheet.set_column(0, 0, 33)
    sheet.set_column(1, 1, 100)
    head, text = book.look(bold=True, font_color=BLUE, valign="top"), book.look(text_wrap=True, valign="top")
    row = TOP
    for heading, sentences in notes.sections:
        for number, sentence in enumerate(sentences):
            sheet.write_string(row, 0, heading if number == 0 else "", head)
            sheet.write_string(row, 1, sentence, text)
            sheet.set_row(row, _LINE_HEIGHT * math.ceil(len(sentence) / 105))
            row += 1
        row += 1
    link = book.look(font_color="#0563C1", underline=1)
    for line, (name, title) in enumerate(contents, start=row):
        sheet.write_url(line, 0, f"internal:'{name}'!A1", link, name)
        sheet.write_string(line, 1, title, text)
    for line, sentence in enumerate(left_out, start=row + len(contents)):
        sheet.write_string(line, 1, sentence, text)
        sheet.set_row(line, _LINE_HEIGHT * math.ceil(len(sentence) / 105))


def write_table(book: Book, name: str, table: CrossTable) -> None:
    """One table on its own sheet, with its head frozen and repeated on every printed page."""
    sheet = book.sheet(name, table.title, subtitle(book.facts))
    if table.note:
        sheet.write_string(TOP - 1, 0, table.note, book.look(font_color=GREY))
    top = TOP + bool(table.groups)
    _write_groups(book, sheet, table)
    for column, title in enumerate(table.columns):
        if column >= table.heads and is_year(title):
            sheet.write_number(top, column, int(title), book.head(year=True))
        else:
            sheet.write_string(top, column, title, book.head(left=column < table.heads))
    widths = [_width(table, column) for column in range(len(table.columns))]
    sheet.set_row(top, _LINE_HEIGHT * max(map(_lines_needed, table.columns, widths)) + 3)
    if table.total:
        _write_total(book, sheet, top + 1, table)
    body = [_with_years(table, row) for row in table.rows[table.total :]]
    sheet.write_rows(top + 1 + table.total, body, _columns(book, table))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(top + 1, table.heads)
    sheet.repeat_rows(TOP, top)


def with_limits(table: CrossTable, fan: Fan | None) -> CrossTable:
    """The table of the scenarios with limits beside it, in the years that have some."""
    if fan is None:
        return table
    limits = zip(fan.years.tolist(), fan.lower.tolist(), fan.upper.tolist(), strict=True)
    known = {str(year): (low, high) for year, low, high in limits}
    rows = tuple((*row, *known.get(str(row[0]), ("", ""))) for row in table.rows)
    return replace(table, columns=(*table.columns, *LIMITS), rows=rows)


def write_chart(book: Book, name: str, table: CrossTable, main: int) -> None:
    """Lines of the scenarios beside their table; limits, if it has any, as dashes in their years."""
    chart = book.workbook.add_chart({"type": "line"})
    last, numbers = TOP + len(table.rows), [value for row in table.rows for value in row[1:]]
    for k, title in enumerate(table.columns[1:]):
        color, dash, width = LINES[0 if k == main else 1 + (k if k < main else k - 1) % 4]
        line = {"line": {"color": color, "width": width, "dash_type": dash}}
        chart.add_series(
            {
                "name": [name, TOP, k + 1],
                "categories": [name, TOP + 1, 0, last, 0],
                "categories_data": [row[0] for row in table.rows],
                "values": [name, TOP + 1, k + 1, last, k + 1],
                "values_data": [None if row[k + 1] == "" else row[k + 1] for row in table.rows],
                **(_DASHES if title in LIMITS else line),
            }
        )
    chart.set_title({"name": f"{table.title} (Achse beginnt nicht bei null)", "name_font": {"size": 12}})
    lowest = min(value for value in numbers if isinstance(value, float))
    grid = {"visible": True, "line": {"color": GRID}}
    chart.set_y_axis({"num_format": AXIS, "major_gridlines": grid, "min": below(lowest)})
    chart.set_x_axis({"interval_unit": 5})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 720, "height": 420})
    alt = "Linien der Bevölkerung nach Szenarien; die Werte stehen in der Tabelle links daneben."
    if LIMITS[0] in table.columns:
        alt = alt.replace(";", ", Striche an den Grenzen, zwischen denen sie in 80 von 100 Fällen liegt;")
    sheet = book.workbook.get_worksheet_by_name(name)
    sheet.insert_chart(TOP, len(table.columns) + 1, chart, {"description": alt})


def below(value: float) -> float:
    """A round number a little below, as the foot of an axis."""
    if value <= 0:
        return 0.0
    step = 10.0 ** math.floor(math.log10(value)) / 4
    return math.floor(0.97 * value / step) * step


def _write_total(book: Book, sheet: Any, number: int, table: CrossTable) -> None:
    """The first row, of the whole, set off from the others."""
    columns = _columns(book, table, bold=True, bg_color=PALE)
    for place, (value, column) in enumerate(zip(_with_years(table, table.rows[0]), columns, strict=True)):
        if isinstance(value, str):
            sheet.write_string(number, place, value, column.text)
        elif isinstance(value, int):
            sheet.write_number(number, place, value, column.whole)
        elif math.isnan(value):
            sheet.write_string(number, place, HIDDEN, column.hidden)
        else:
            sheet.write_number(number, place, value, column.number)


def _columns(book: Book, table: CrossTable, **looks: Any) -> list[Column]:
    """How the cells of every column look."""
    basis = looks or {"bottom": 1, "bottom_color": "#E3E8EC"}
    starts = set(accumulate(span for _, span in table.groups))
    found = []
    for place, title in enumerate(table.columns):
        style = basis | ({"left": 1, "left_color": BLUE} if place in starts else {})
        side = "left" if place < table.heads else "right"
        found.append(
            Column(
                text=book.look(align=side, **style),
                whole=book.look(num_format=YEAR, align=side, **style),
                number=book.look(num_format=_format(table, title), **style),
                hidden=book.look(align="right", **style),
            )
        )
    return found


def _with_years(table: CrossTable, row: tuple[Cell, ...]) -> list[Cell | int]:
    """The row with years as numbers."""
    counts = _counts_years(table)
    return [
        int(value) if isinstance(value, str) and (counts or place >= table.heads) and is_year(value) else value
        for place, value in enumerate(row)
    ]


def _format(table: CrossTable, title: str) -> str:
    """How the numbers of a column look."""
    special = {SIGNED: table.signed, PERCENT: table.percent, DECIMAL: table.decimals}
    return next((look for look, columns in special.items() if title in columns), COUNT)


def _write_groups(book: Book, sheet: Any, table: CrossTable) -> None:
    """Headings over several columns."""
    column = 0
    for title, span in table.groups:
        if title and span > 1:
            sheet.merge_range(TOP, column, TOP, column + span - 1, title, book.head(center=True))
        elif title:
            sheet.write_string(TOP, column, title, book.head(center=True))
        column += span


def is_year(text: str) -> bool:
    """Whether a text is nothing but a calendar year."""
    return bool(re.fullmatch(r"(18|19|20|21)\d\d", text))


def _counts_years(table: CrossTable) -> bool:
    """Whether the rows of a table are years; keys of areas may look like years and stay texts."""
    return table.heads == 1 and table.columns[0] in {STICHTAG, "Jahr"}


def _width(table: CrossTable, column: int) -> float:
    """Width of a column, at least that of the longest word of its bold head, so that no word breaks."""
    word = max((len(word) for word in re.split(r"[\s]+|(?<=-)", table.columns[column])), default=0)
    least = _WIDTH_OF_BOLD * word + 2
    if column < table.heads:
        longest = max((len(str(row[column])) for row in table.rows), default=0)
        return max(min(longest + 2, 44), least)
    cells = [row[column] for row in table.rows]
    texts = (len(cell) for cell in cells if isinstance(cell, str))
    return max(_NUMBER_WIDTH - 2 if table.groups else _NUMBER_WIDTH, least, max(texts, default=0) + 2)


def _lines_needed(title: str, width: float) -> int:
    """Lines of a column head that breaks between words."""
    lines, length = 1, 0.0
    for word in title.split():
        need = _WIDTH_OF_BOLD * len(word)
        if length and length + 1 + need > width - 1:
            lines, length = lines + 1, need
        else:
            length += need + bool(length)
    return lines
