"""Headings, paragraphs, tables and bold words of a Markdown page as HTML, everything else escaped."""

from __future__ import annotations

import re
from collections import Counter
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
    found: list[str] = []
    path: list[str] = []
    tables = Counter[str]()
    for block in filter(None, map(str.strip, re.split(r"\n\s*\n", markdown))):
        heading, lines = re.match(r"(#{1,6}) +(.*)", block), block.splitlines()
        if heading:
            level = len(heading[1])
            path[level - 1 :] = [*[""] * (level - 1 - len(path)), heading[2]]
            found.append(f"<h{level}>{_inline(heading[2])}</h{level}>")
        elif all(line.startswith("|") for line in lines):
            name = ", ".join(filter(None, path[1:])) or "".join(path)
            tables[name] += 1
            found.append(_table(lines, name if tables[name] == 1 else f"{name} ({tables[name]})"))
        else:
            found.append(f"<p>{_inline(' '.join(lines))}</p>")
    return "\n".join(found)


def _table(lines: list[str], name: str) -> str:
    """A table that is called after the headings it stands below."""
    head, _, *body = ([cell.strip() for cell in line.strip("| ").split("|")] for line in lines)
    columns = "".join(f'<th scope="col"{_side(k)}>{_inline(text)}</th>' for k, text in enumerate(head))
    rows = "".join(f"<tr>{_row(cells)}</tr>" for cells in body)
    table = f"<table><thead><tr>{columns}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="scroll" tabindex="0" role="region" aria-label="Tabelle: {escape(name)}">{table}</div>'


def _row(cells: list[str]) -> str:
    first = f'<th scope="row">{_inline(cells[0])}</th>'
    return first + "".join(f"<td>{_inline(cell)}</td>" for cell in cells[1:])


def _side(column: int) -> str:
    return ' class="text"' if column == 0 else ""


def _inline(text: str) -> str:
    return re.sub(r"\*\*(.+?)\*\*", r"<strong>\1</strong>", escape(text))
