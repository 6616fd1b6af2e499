"""A workbook of tables alone: one sheet each."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from zwkprognose.output.content.facts import Facts
from zwkprognose.output.files.atomic import whole_file
from zwkprognose.output.tables.cross import CrossTable
from zwkprognose.output.workbook.book import Book
from zwkprognose.output.workbook.sheets import write_table

#: Texts stay texts: nothing is turned into a formula, a number or a link.
OPTIONS = {"strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}


def write_tables(path: str | Path, facts: Facts, tables: Mapping[str, CrossTable]) -> Path:
    """Write tables by the name of their sheet."""
    import xlsxwriter

    with whole_file(path) as temporary, xlsxwriter.Workbook(str(temporary), OPTIONS) as workbook:
        book = Book(workbook, facts)
        for sheet, table in tables.items():
            write_table(book, sheet, table)
    return Path(path)
