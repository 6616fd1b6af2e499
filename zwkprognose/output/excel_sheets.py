"""Sheets of the workbook: how tables, notes and data look in Excel."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from zwkprognose.output.cross_tables import Cell, CrossTable, flow_labels
from zwkprognose.output.facts import Facts
from zwkprognose.output.german import HIDDEN
from zwkprognose.output.notes import Notes
from zwkprognose.output.numbers import Numbers

BLUE, PALE, LINE = "#0B3C5D", "#E8F0F6", "#9FB4C4"
COUNT, SIGNED, PERCENT = "#,##0", "+#,##0;-#,##0;0", '+0.0" %";-0.0" %";0.0" %"'
#: First row of every table (0-based): title, subtitle and an empty row stand above.
TOP = 3
#: Colours of the scenarios in the order in which they are drawn (Okabe–Ito, 3:1 on white).
LINES = ("#0072B2", "#000000", "#D55E00", "#009E73", "#7B4B94")


@dataclass
class Book:
    """A workbook under construction with its formats."""

    workbook: Any
    facts: Facts
    formats: dict[str, Any] = field(default_factory=dict)

    def look(self, **properties: Any) -> Any:
        """The format with these properties, made once."""
        key = repr(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format({"font_name": "Calibri", "font_size": 11, **properties})
        return self.formats[key]

    def sheet(self, name: str, title: str, subtitle: str) -> Any:
        """A new sheet with title, subtitle and print set-up."""
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.look(bold=True, font_size=15, font_color=BLUE))
        sheet.write_string(1, 0, subtitle, self.look(font_color="#595959"))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8{_footer(self.facts.source_line)}&R&8{name} · Seite &P von &N")
        return sheet


def write_notes(book: Book, notes: Notes, contents: list[tuple[str, str]]) -> None:
    """The sheet Hinweise: sentences by heading, then links to the sheets."""
    sheet = book.sheet("Hinweise", book.facts.title, "Hinweise zu dieser Arbeitsmappe – bitte zuerst lesen")
    sheet.set_portrait()
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 100)
    head, text = book.look(bold=True, font_color=BLUE, valign="top"), book.look(text_wrap=True, valign="top")
    row = TOP
    for heading, sentences in notes.sections:
        for number, sentence in enumerate(sentences):
            sheet.write_string(row, 0, heading if number == 0 else "", head)
            sheet.write_string(row, 1, sentence, text)
            sheet.set_row(row, 15.5 * math.ceil(len(sentence) / 98))
            row += 1
        row += 1
    for name, title in [*contents, ("Daten", "Alle Ergebnisse als lange Tabelle zum Filtern")]:
        sheet.write_url(row, 0, f"internal:'{name}'!A1", book.look(font_color="#0563C1", underline=1), name)
        sheet.write_string(row, 1, title, text)
        row += 1


def write_table(book: Book, name: str, table: CrossTable) -> None:
    """One table on its own sheet, with its head frozen and repeated on every printed page."""
    sheet = book.sheet(name, table.title, _subtitle(book.facts))
    top = TOP
    if table.groups:
        _write_groups(book, sheet, table)
        top += 1
    for column, title in enumerate(table.columns):
        sheet.write_string(top, column, title, _head(book, column < table.heads))
    sheet.set_row(top, 32 if max(len(title) for title in table.columns) > 12 else 18)
    for number, row in enumerate(table.rows):
        _write_row(book, sheet, top + 1 + number, table, row)
    _set_widths(sheet, table)
    sheet.freeze_panes(top + 1, table.heads)
    sheet.repeat_rows(top)


def write_chart(book: Book, name: str, table: CrossTable) -> None:
    """Lines of the scenarios beside their table."""
    chart = book.workbook.add_chart({"type": "line"})
    last = TOP + len(table.rows)
    for column in range(1, len(table.columns)):
        chart.add_series({
            "name": [name, TOP, column],
            "categories": [name, TOP + 1, 0, last, 0],
            "values": [name, TOP + 1, column, last, column],
            "line": {"color": LINES[(column - 1) % len(LINES)], "width": 2.25},
        })
    chart.set_title({"name": table.title, "name_font": {"size": 12}})
    chart.set_y_axis({"num_format": COUNT, "major_gridlines": {"visible": True, "line": {"color": "#D9D9D9"}}})
    chart.set_x_axis({"interval_unit": 5})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 720, "height": 400})
    alt = "Linien der Bevölkerung nach Szenarien; die Werte stehen in der Tabelle links daneben."
    book.workbook.get_worksheet_by_name(name).insert_chart(
        TOP, len(table.columns) + 1, chart, {"description": alt}
    )


def write_long(book: Book, numbers: Numbers) -> None:
    """All scenarios, years and areas as one table with filters."""
    sheet = book.sheet("Daten", "Alle Ergebnisse als lange Tabelle", _subtitle(book.facts))
    columns, rows = _long_table(numbers)
    for column, title in enumerate(columns):
        sheet.write_string(TOP, column, title, _head(book, column < 4))
    count, hidden = book.look(num_format=COUNT), book.look(align="right")
    for line, row in enumerate(rows, start=TOP + 1):
        for column, value in enumerate(row):
            if isinstance(value, str):
                sheet.write_string(line, column, value)
            elif isinstance(value, int):
                sheet.write_number(line, column, value)
            elif math.isnan(value):
                sheet.write_string(line, column, HIDDEN, hidden)
            else:
                sheet.write_number(line, column, value, count)
    sheet.set_column(0, 0, 20)
    sheet.set_column(1, 2, 9)
    sheet.set_column(3, 3, 26)
    sheet.set_column(4, len(columns) - 1, 12)
    sheet.freeze_panes(TOP + 1, 4)
    sheet.autofilter(TOP, 0, TOP + len(rows), len(columns) - 1)
    sheet.repeat_rows(TOP)


def _long_table(numbers: Numbers) -> tuple[list[str], list[list[str | int | float]]]:
    """One row per scenario, year and area; the base year has no events, its cells are empty."""
    areas = list(numbers.facts.areas.items())
    bands = [band.label for band in numbers.broad_bands]
    ages = np.stack([numbers.broad(i)[1] for i in range(len(areas))], axis=2)
    first = np.flatnonzero(numbers.years == numbers.flow_years[0] - 1)[0]
    rows = []
    for (s, y, a), total in np.ndenumerate(numbers.total):
        events = [float(flow[s, y - 1 - first, a]) for flow in numbers.flows.values()] if y > first else []
        head: list[str | int | float] = [numbers.facts.scenarios[s].title, int(numbers.years[y]), *areas[a]]
        rows.append([*head, float(total), *ages[s, y, a].tolist(), *events])
    flows = [f"{name} im Jahr" for name in flow_labels(numbers)]
    return ["Szenario", "31.12.", "Gebiet", "Name", "Bevölkerung", *bands, *flows], rows


def _write_row(book: Book, sheet: Any, number: int, table: CrossTable, row: tuple[Cell, ...]) -> None:
    total = table.heads == 2 and not row[0]
    style = {"bold": True, "bg_color": PALE} if total else {"bottom": 1, "bottom_color": "#E3E8EC"}
    for column, (title, value) in enumerate(zip(table.columns, row, strict=True)):
        if isinstance(value, str):
            sheet.write_string(number, column, value, book.look(**style))
        elif math.isnan(value):
            sheet.write_string(number, column, HIDDEN, book.look(align="right", **style))
        else:
            shown = PERCENT if title in table.percent else SIGNED if title in table.signed else COUNT
            sheet.write_number(number, column, value, book.look(num_format=shown, **style))


def _write_groups(book: Book, sheet: Any, table: CrossTable) -> None:
    column = 0
    for title, span in table.groups:
        if title:
            sheet.merge_range(TOP, column, TOP, column + span - 1, title, _head(book, False))
        column += span


def _head(book: Book, left: bool) -> Any:
    return book.look(
        bold=True, font_color="#FFFFFF", bg_color=BLUE, text_wrap=True, valign="vcenter",
        align="left" if left else "right",
    )  # fmt: skip


def _set_widths(sheet: Any, table: CrossTable) -> None:
    for column in range(len(table.columns)):
        texts = [str(row[column]) for row in table.rows] if column < table.heads else ["0000000000"]
        sheet.set_column(column, column, min(max(map(len, texts)) + 2, 34))


def _subtitle(facts: Facts) -> str:
    return f"{facts.title} · Ausgangsbestand 31.12.{facts.base_year} · Quelle: {facts.source_line}"


def _footer(text: str) -> str:
    """Footer text: & starts a command there, and Excel allows 255 characters."""
    return text.replace("&", "&&")[:150]
