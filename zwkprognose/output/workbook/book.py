"""The workbook under construction: looks, and sheets that are ready to print."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import count
from textwrap import shorten
from typing import Any

from zwkprognose.output.content.facts import Facts
from zwkprognose.output.figures.colours import colour
from zwkprognose.output.workbook.rows import sheet_with_rows

BLUE, PALE, GREY = colour("deep"), "#E8F0F6", "#595959"
#: Cells to choose in; lines behind a chart.
CHOICE, GRID = "#FFF7D6", "#D9D9D9"
#: Nothing is a dash in a cell, as in the report (DIN 55301), and a zero on an axis.
COUNT, AXIS, DECIMAL, YEAR = '#,##0;-#,##0;"–"', "#,##0", "#,##0.0", "0"
SIGNED, PERCENT = '+#,##0;-#,##0;"–"', '+0.0" %";-0.0" %";0.0" %"'
#: Letters of the name of a sheet that Excel allows.
LONGEST = 31
#: First row of every table (0-based): title, subtitle and a note or an empty row stand above.
TOP = 3


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
        sheet = self.workbook.add_worksheet(name, worksheet_class=sheet_with_rows())
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.look(bold=True, font_size=15, font_color=BLUE))
        sheet.write_string(1, 0, subtitle, self.look(font_color=GREY))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8{_footer(self.facts.source_line)}&R&8{name} · Seite &P von &N")
        return sheet

    def head(self, left: bool = False, center: bool = False, year: bool = False) -> Any:
        """The look of a column head; a year is a number without points."""
        return self.look(
            bold=True, font_color="#FFFFFF", bg_color=BLUE, text_wrap=True, valign="vcenter",
            align="center" if center else "left" if left else "right", **({"num_format": YEAR} if year else {}),
        )  # fmt: skip


def subtitle(facts: Facts) -> str:
    """What stands below the title of every sheet."""
    return f"{facts.title} · Ausgangsbestand 31.12.{facts.base_year} · Quelle: {facts.source_line}"


def _footer(text: str) -> str:
    """Footer text: ``&`` starts a command there, and Excel allows 255 characters."""
    return shorten(text, 110, placeholder=" …").replace("&", "&&")


def sheet_of(title: str, kind: str) -> str:
    """The name of a sheet of one kind of area, the kind abbreviated where Excel allows no more.

    Examples
    --------
    >>> sheet_of("Altersgruppen", "Gemeinden"), sheet_of("Altersgruppen", "Gemeindekonferenzen")
    ('Altersgruppen Gemeinden', 'Altersgruppen Gemeindekonferen.')
    """
    name = f"{title} {kind}"
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}."


def sheet_name(title: str, taken: Iterable[str]) -> str:
    """A name that Excel allows: without its signs, at most 31 characters, none twice.

    Examples
    --------
    >>> sheet_name("Bedarf Kinder ab 3 Jahren mit Anspruch auf einen Kita-Platz", [])
    'Bedarf Kinder ab 3 Jahren mit'
    >>> sheet_name("Kinder [0/2]", ["kinder 0 2"])
    'Kinder 0 2 (2)'
    """
    plain = " ".join(re.sub(r"[\[\]:*?/\\']", " ", title).split()) or "Blatt"
    known = {name.casefold() for name in taken}
    for k in count(1):
        mark = "" if k == 1 else f" ({k})"
        room = LONGEST - len(mark)
        short = plain if len(plain) <= room else shorten(plain, room, placeholder="") or plain[:room]
        if (short + mark).casefold() not in known:
            return short + mark
    raise AssertionError("unreachable")
