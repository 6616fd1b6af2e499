"""The workbook under construction: looks, and sheets that are ready to print."""

from __future__ import annotations

from dataclasses import dataclass, field
from textwrap import shorten
from typing import Any

from zwkprognose.output.content.facts import Facts

BLUE, PALE, GREY = "#0B3C5D", "#E8F0F6", "#595959"
COUNT, DECIMAL = "#,##0", "#,##0.0"
SIGNED, PERCENT = "+#,##0;-#,##0;0", '+0.0" %";-0.0" %";0.0" %"'
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
        sheet = self.workbook.add_worksheet(name)
        sheet.hide_gridlines(2)
        sheet.write_string(0, 0, title, self.look(bold=True, font_size=15, font_color=BLUE))
        sheet.write_string(1, 0, subtitle, self.look(font_color=GREY))
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.7)
        sheet.fit_to_pages(1, 0)
        sheet.set_footer(f"&L&8{_footer(self.facts.source_line)}&R&8{name} · Seite &P von &N")
        return sheet

    def head(self, left: bool = False, center: bool = False) -> Any:
        """The look of a column head."""
        return self.look(
            bold=True, font_color="#FFFFFF", bg_color=BLUE, text_wrap=True, valign="vcenter",
            align="center" if center else "left" if left else "right",
        )  # fmt: skip


def subtitle(facts: Facts) -> str:
    """What stands below the title of every sheet."""
    return f"{facts.title} · Ausgangsbestand 31.12.{facts.base_year} · Quelle: {facts.source_line}"


def _footer(text: str) -> str:
    """Footer text: ``&`` starts a command there, and Excel allows 255 characters."""
    return shorten(text, 110, placeholder=" …").replace("&", "&&")
