"""Workbooks as offices keep them: titles, merged heads, sums, signs in the place of numbers. For the course."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np

from zwkprognose.course.town import town
from zwkprognose.output.files.extras import require

#: Age groups of the workbook: first ages.
GROUPS = (0, 3, 6, 18, 30, 50, 65, 80)
#: Cells that the office keeps secret: smaller than this.
SECRET = 3


def messy_workbook(path: str | Path, year: int = 2023) -> Path:
    """Write the stock of Musterstadt the way an office would: to be read by people.

    Parameters
    ----------
    path : path
        Target ``.xlsx``.
    year : int
        31.12. of this year, 2013 to 2023.

    Returns
    -------
    Path
        Where it was written.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> messy_workbook(Path(mkdtemp()) / "einwohner.xlsx").name
    'einwohner.xlsx'
    """
    require("xlsxwriter", extra="excel")
    import xlsxwriter

    people = town().inputs["population"].sel(year_end=year)
    starts = np.searchsorted(people["age"].values, GROUPS)
    counts = np.add.reduceat(people.transpose("area", "age", "sex", "nationality").values, starts, axis=1)
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Bestand")
        sheet.write(0, 0, "Musterstadt: Einwohnerinnen und Einwohner am Ort der Hauptwohnung")
        sheet.write(1, 0, f"Stichtag: 31.12.{year}")
        sheet.write_row(3, 0, ["Schlüssel", "Quartier", "Alter"])
        sheet.merge_range(3, 3, 3, 4, "männlich")
        sheet.merge_range(3, 5, 3, 6, "weiblich")
        sheet.write_row(4, 3, ["Deutsche", "Ausländer", "Deutsche", "Ausländer"])
        row = 5
        for area, (key, name) in enumerate(zip(people["area"].values, people["area_name"].values, strict=True)):
            for group, title in enumerate(_titles()):
                sheet.write_row(row, 0, [str(key), str(name), title])
                # men first, as the office does; Musterstadt has women first
                cells = [counts[area, group, sex, origin] for sex in (1, 0) for origin in (0, 1)]
                sheet.write_row(row, 3, ["." if 0 < cell < SECRET else int(cell) for cell in cells])
                row += 1
        sheet.write(row + 1, 0, ". = Zahl unbekannt oder geheim zu halten")
        sheet.write(row + 2, 0, "Quelle: Einwohnermelderegister, eigene Auswertung")
    return Path(path)


def _titles() -> list[str]:
    """``unter 3``, ``3 bis unter 6`` … ``80 Jahre und älter``."""
    between = [f"{a} bis unter {b}" for a, b in pairwise(GROUPS[1:])]
    return [f"unter {GROUPS[1]}", *between, f"{GROUPS[-1]} Jahre und älter"]
