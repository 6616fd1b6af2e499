"""Tables as HTML, cell by cell as the script of the page writes them."""

from __future__ import annotations

import math
from html import escape

from zwkprognose.german import HIDDEN, NOTHING, number, percent, signed
from zwkprognose.output.tables.cross import Cell, CrossTable


def table_html(table: CrossTable) -> str:
    """A table that scrolls by itself where it is wider than the page."""
    head = "".join(f'<th scope="col"{_side(table, k)}>{escape(text)}</th>' for k, text in enumerate(table.columns))
    rows = "\n".join(_row(table, k, row) for k, row in enumerate(table.rows))
    title = escape(table.title)
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="Tabelle: {title}"><table>'
        f"<caption>{title}</caption>"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def folded_html(table: CrossTable) -> str:
    """The same behind its title."""
    return f'<details class="tab"><summary>Tabelle: {escape(table.title)}</summary>{table_html(table)}</details>'


def cell_text(table: CrossTable, column: int, value: Cell) -> str:
    """What a cell shows; a count of nobody is a dash, as DIN 55301 has it."""
    if isinstance(value, str):
        return value
    if math.isnan(value):
        return HIDDEN
    name = table.columns[column]
    if name in table.percent:
        return percent(value)
    if name in table.decimals:
        return number(value, 1)
    if value == 0:
        return NOTHING
    return signed(value) if name in table.signed else number(value)


def _row(table: CrossTable, position: int, row: tuple[Cell, ...]) -> str:
    texts = [escape(cell_text(table, k, value)) for k, value in enumerate(row)]
    last = table.heads - 1
    cells = [f'<td class="text key">{text}</td>' for text in texts[:last]]
    cells.append(f'<th scope="row">{texts[last]}</th>')
    cells += [f"<td>{text}</td>" for text in texts[table.heads :]]
    kind = ' class="sum"' if table.total and position == 0 else ""
    return f"<tr{kind}>{''.join(cells)}</tr>"


def _side(table: CrossTable, column: int) -> str:
    if column >= table.heads:
        return ""
    return ' class="text key"' if column < table.heads - 1 else ' class="text"'
