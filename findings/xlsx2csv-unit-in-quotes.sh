#!/bin/sh
# xlsx2csv 0.8.6, 2026-11-28: a number whose format names its unit is written as a piece of a date, and the number is lost.
#
# Printed tables show 1,234 households as '1,234 Haushalte' by a number format: #,##0" Haushalte". Text in quotation
# marks is text; expected is 1234, as openpyxl reads it. Seen: letters of dates inside the quotation marks (h, m, d, y
# as in Haushalte, Personen, Kinder, "Stand ") make the cell a date; the CSV has the format's own text with two of its
# letters replaced, and no digit of 1234. A unit without such letters (Plätze, %) is read well.
# Way out: the option --ignore-formats date (ignore_formats=["date"]), where the sheet has no dates.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "xlsx2csv==0.8.6" "XlsxWriter==3.3.1" "openpyxl==3.1.5"
"$folder/venv/bin/python" - "$folder" <<'PYTHON'
import csv
import sys
from importlib.metadata import version
from pathlib import Path

import openpyxl
import xlsxwriter
from xlsx2csv import Xlsx2csv

folder = Path(sys.argv[1])
formats = ['#,##0" Haushalte"', '#,##0" Personen"', '0" Kinder"', '0" Plätze"', "#,##0"]
with xlsxwriter.Workbook(folder / "table.xlsx") as book:
    sheet = book.add_worksheet()
    for row, code in enumerate(formats):
        sheet.write_number(row, 0, 1234, book.add_format({"num_format": code}))


def converted(**options):
    Xlsx2csv(str(folder / "table.xlsx"), outputencoding="utf-8", **options).convert(str(folder / "table.csv"))
    return [row[0] for row in csv.reader((folder / "table.csv").read_text(encoding="utf-8").splitlines())]


seen, plain = converted(), converted(ignore_formats=["date"])
known = [row[0] for row in openpyxl.load_workbook(folder / "table.xlsx").active.iter_rows(values_only=True)]
print("xlsx2csv", version("xlsx2csv"))
for line in zip(formats, known, seen, plain):
    print("%-20s openpyxl %s  xlsx2csv %s  without dates %s" % line)
as_noted = known == [1234] * 5 and seen[3:] == ["1234"] * 2 and not any("1234" in cell for cell in seen[:3])
sys.exit(0 if as_noted and plain == ["1234"] * 5 else "xlsx2csv behaves otherwise now")
PYTHON
