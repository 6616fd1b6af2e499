"""Read a workbook from standard input in a process of its own and write its cells as JSON.

Runs as a script, apart from the package: a damaged or malicious workbook can crash the spreadsheet library or
make it ask for all memory, and then only this process ends. Formulas, macros and links are never run or followed;
the library reads stored values.
"""

from __future__ import annotations

import datetime
import io
import json
import sys
from typing import Any

#: Bytes that reading may take, where the system can enforce it.
MEMORY = 3_000_000_000
#: Rows × columns of one sheet that are still read.
MAX_CELLS = 20_000_000


def main() -> int:
    """Standard input to standard output; exit code 3 for a sheet that is too big."""
    _limit_memory()
    from python_calamine import CalamineWorkbook

    workbook = CalamineWorkbook.from_filelike(io.BytesIO(sys.stdin.buffer.read()))
    sheets = []
    for title in workbook.sheet_names:
        sheet = workbook.get_sheet_by_name(title)
        if sheet.height * sheet.width > MAX_CELLS:
            return 3
        sheets.append([title, sheet.to_python(skip_empty_area=False)])
    # one write: in the many small pieces of json.dump the pipe takes longer than the workbook
    sys.stdout.write(json.dumps(sheets, default=_plain))
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
