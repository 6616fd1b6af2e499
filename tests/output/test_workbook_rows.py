"""Whole rows on a sheet stand there as if every cell had been written by the library itself."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
import xlsxwriter

from zwkprognose.output.workbook.rows import MOST_ROWS, Column, sheet_with_rows

ROWS: list[list[Any]] = [
    ["04", "Ä & <b> \"q\" 'x'", 2024, 1.0, math.nan],
    [" Rand ", "=1+1", 0, -12.5, 1234567.0],
    ["_x41_", "a\x01b\tc", -3, 1 / 3, 1e20],
    ["", "https://example.org", 7],
]
#: Looks like the escape of a sign; one of the readers leaves it escaped in one of the two places where texts stand.
ESCAPE = "_x0041_"


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The same rows at once and cell by cell."""
    folder = tmp_path_factory.mktemp("rows")
    return _written(folder / "rows.xlsx", at_once=True), _written(folder / "cells.xlsx", at_once=False)


def _written(path: Path, *, at_once: bool) -> Path:
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    sheet: Any = workbook.add_worksheet("Blatt", worksheet_class=sheet_with_rows())
    names = {"text": "left", "whole": "center", "number": "right", "hidden": "fill"}
    looks = {key: workbook.add_format({"align": side}) for key, side in names.items()}
    sheet.write_string(1, 0, "Kopf", looks["whole"])
    sheet.set_row(1, 30)
    rows = [*ROWS, [ESCAPE]]
    if at_once:
        sheet.write_rows(2, rows, [Column(**looks)] * 5)
    else:
        for line, row in enumerate(rows, start=2):
            for place, value in enumerate(row):
                _write_cell(sheet, line, place, value, looks)
    workbook.close()
    return path


def _write_cell(sheet: Any, line: int, place: int, value: Any, looks: dict[str, Any]) -> None:
    if value == "":
        sheet.write_blank(line, place, None, looks["text"])
    elif isinstance(value, str):
        sheet.write_string(line, place, value, looks["text"])
    elif isinstance(value, int):
        sheet.write_number(line, place, value, looks["whole"])
    elif math.isnan(value):
        sheet.write_string(line, place, ".", looks["hidden"])
    else:
        sheet.write_number(line, place, value, looks["number"])


def test_values_and_looks_are_those_of_single_cells(both: tuple[Path, Path]) -> None:
    rows, cells = (openpyxl.load_workbook(path)["Blatt"] for path in both)
    assert rows.dimensions == cells.dimensions == "A2:E7"
    found, expected = (
        [[(c.value, c.data_type, c.alignment.horizontal) for c in row] for row in sheet.iter_rows(max_row=6)]
        for sheet in (rows, cells)
    )
    assert found == expected
    assert found[3][1][:2] == ("=1+1", "s")


def test_another_reader_agrees(both: tuple[Path, Path]) -> None:
    rows, cells = (python_calamine.CalamineWorkbook.from_path(str(path)).get_sheet_by_name("Blatt") for path in both)
    assert rows.to_python() == cells.to_python()
    assert rows.to_python()[-1][0] == ESCAPE


def test_more_rows_than_a_sheet_has_are_refused() -> None:
    sheet = sheet_with_rows()()
    with pytest.raises(ValueError, match="do not fit"):
        sheet.write_rows(5, range(MOST_ROWS), [])
