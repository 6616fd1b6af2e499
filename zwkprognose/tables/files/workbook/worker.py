"""Read a workbook from standard input in a process of its own and write its cells as JSON.

Runs apart from the package: a damaged or malicious workbook can crash the spreadsheet library or make it ask for all
memory, and then only this process ends. Formulas, macros and links are never run or followed; stored values are read.
"""

from __future__ import annotations

import datetime
import io
import json
import sys
from typing import Any

from . import biff8, biff12, compound, ooxml, opendocument
from .formats import written
from .looks import Look, Looks, Place

#: Bytes that reading may take, where the system can enforce it.
MEMORY = 3_000_000_000
#: Rows × columns of one sheet that are still read.
MAX_CELLS = 20_000_000
#: Stands in a cell whose formula no program has computed yet; no reader takes it for a number.
UNCOMPUTED = "Formel ohne Wert"
TOO_BIG = 3


class TooBigError(Exception):
    """A sheet of more cells than are read."""


def main() -> int:
    """Standard input to standard output; exit code 3 for a sheet that is too big."""
    _limit_memory()
    from python_calamine import CalamineWorkbook, SheetVisibleEnum

    data = sys.stdin.buffer.read()
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
    looks = _looks(data)
    sheets = []
    try:
        for about in workbook.sheets_metadata:
            said = {"title": about.name, "hidden": about.visible != SheetVisibleEnum.Visible}
            rows = _rows(workbook.get_sheet_by_name(about.name))
            sheets.append(said | _seen(rows, looks.get(about.name, Look())))
    except TooBigError:
        return TOO_BIG
    # one write: in the many small pieces of json.dump the pipe takes longer than the workbook
    sys.stdout.write(json.dumps(sheets, default=_plain))
    return 0


def _rows(sheet: Any) -> list[list[Any]]:
    if sheet.total_height * sheet.total_width > MAX_CELLS:
        raise TooBigError
    rows: list[list[Any]] = sheet.to_python(skip_empty_area=False)
    return rows


def _looks(data: bytes) -> Looks:
    """What is seen beside the values, as far as the format is one that can be looked into."""
    if data.startswith(compound.MAGIC):
        return biff8.look(data)
    if not data.startswith(b"PK\x03\x04"):
        return {}
    return opendocument.look(data) or ooxml.look(data) or biff12.look(data)


def _seen(rows: list[list[Any]], look: Look) -> dict[str, Any]:
    """Rows as they are shown, the formulas without a value, and the rows and columns with content that are hidden."""
    texts = look.texts | dict.fromkeys(look.formulas, UNCOMPUTED)
    rows = _roomy(rows, texts)
    for (row, column), text in texts.items():
        rows[row][column] = text
    for (row, column), kind in look.kinds.items():
        if row < len(rows) and column < len(rows[row]):
            rows[row][column] = written(rows[row][column], kind)
    return {
        "rows": rows,
        "formulas": sorted(look.formulas),
        "hidden_rows": sorted(row for row in look.rows if row < len(rows) and any(map(_is_filled, rows[row]))),
        "hidden_columns": sorted(c for c in look.columns if any(c < len(row) and _is_filled(row[c]) for row in rows)),
    }


def _roomy(rows: list[list[Any]], texts: dict[Place, str]) -> list[list[Any]]:
    """Room for cells that the library holds for empty, beyond the last that it gives."""
    height = max([len(rows), *(row + 1 for row, _ in texts)])
    width = max([*map(len, rows[:1]), *(column + 1 for _, column in texts)], default=0)
    if height * width > MAX_CELLS:
        raise TooBigError
    if rows and width == len(rows[0]) and height == len(rows):
        return rows
    return [[*row, *[""] * (width - len(row))] for row in [*rows, *([] for _ in range(height - len(rows)))]]


def _is_filled(cell: Any) -> bool:
    return cell != "" and cell is not None


def _plain(value: Any) -> str:
    """A cell that JSON does not have; dates as year-month-day."""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return f"{value.year:04d}-{value.month:02d}-{value.day:02d}"
    return str(value)


def _limit_memory() -> None:
    try:
        import resource
    except ImportError:  # Windows cannot limit a process from within
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = MEMORY if hard == resource.RLIM_INFINITY else min(MEMORY, hard)
    resource.setrlimit(resource.RLIMIT_AS, (limit, hard))
