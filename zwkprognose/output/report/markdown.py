"""Headings, paragraphs, tables and bold words of a Markdown page as HTML, everything else escaped."""

from __future__ import annotations

import re
from html import escape


def to_html(markdown: str) -> str:
    """HTML of a page made of blocks with empty lines between them.

    Examples
    --------
    >>> to_html("## Nach 5 Jahren")
    '<h2>Nach 5 Jahren</h2>'
    >>> to_html("Stadt <A> & **B**")
    '<p>Stadt &lt;A&gt; &amp; <strong>B</strong></p>'
    """
    return "\n".join(_block(block.strip()) for block in re.split(r"\n\s*\n", markdown) if block.strip())


def _block(block: str) -> str:
    heading = re.match(r"(#{1,6}) +(.*)", block)
    if heading:
        level = len(heading[1])
        return f"<h{level}>{_inline(heading[2])}</h{level}>"
    lines = block.splitlines()
    return _table(lines) if all(line.startswith("|") for line in lines) else f"<p>{_inline(' '.join(lines))}</p>"


def _table(lines: list[str]) -> str:
    head, _, *body = ([cell.strip() for cell in line.strip("| ").split("|")] for line in lines)
    columns = "".join(f'<th scope="col"{_side(k)}>{_inline(text)}</th>' for k, text in enumerate(head))
    rows = "".join(f"<tr>{_row(cells)}</tr>" for cells in body)
    table = f"<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="scroll" tabindex="0" role="region" aria-label="Tabelle: {escape(head[0])}">{table}</div>'


def _row(cells: list[str]) -> str:
    first = f'<th scope="row">{_inline(cells[0])}</th>'
    return first + "".join(f"<td>{_inline(cell)}</td>" for cell in cells[1:])


def _side(column: int) -> str:
    return ' class="text"' if column == 0 else ""


def _inline(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))
