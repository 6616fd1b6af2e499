#!/bin/sh
# python-calamine 0.9.1, 2026-11-28: cells with #N/A or #DIV/0! come out as empty text, like cells that were never filled.
#
# Expected: an error of a formula can be told from an empty cell; openpyxl gives "#N/A", and the Rust library below
# knows the error. Seen: to_python() gives '' for both, in .xlsx as in .ods, so a table with a broken link has gaps
# that look as if nothing had been printed there; through pandas.read_excel(engine="calamine") they are NaN as well.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "python-calamine==0.9.1" "XlsxWriter==3.3.1" \
    "openpyxl==3.1.5"
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version

import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook

with xlsxwriter.Workbook("tabelle.xlsx") as book:
    sheet = book.add_worksheet()
    sheet.write_row("A1", ["Nord", 17])
    sheet.write_formula("C1", "=NA()", None, "#N/A")
    sheet.write_formula("D1", "=1/0", None, "#DIV/0!")
    sheet.write("F1", "Ende")

(seen,) = CalamineWorkbook.from_path("tabelle.xlsx").get_sheet_by_index(0).to_python()
stored = [cell.value for cell in openpyxl.load_workbook("tabelle.xlsx", data_only=True).active[1]]
print(f"python-calamine {version('python-calamine')}, openpyxl {version('openpyxl')}")
print(f"expected: {stored}")
print(f"seen:     {seen}")
assert stored == ["Nord", 17, "#N/A", "#DIV/0!", None, "Ende"], "the file is not what it should be"
assert seen == ["Nord", 17.0, "", "", "", "Ende"], "the behaviour has changed"
PYTHON
