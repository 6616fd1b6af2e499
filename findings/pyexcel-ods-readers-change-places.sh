#!/bin/sh
# pyexcel-ods 0.6.0 and pyexcel-ods3 0.6.1, 2026-11-29: equal rows are read once; both readers change places.
#
# OpenDocument 1.3 stores equal rows that follow one another as one row with number-rows-repeated, and keeps a place for
# each cell below a merged one (covered-table-cell); LibreOffice writes both. Expected: every row, and figures in their
# columns, as pandas with odfpy or with calamine reads them. Seen: the reader of pyexcel-ods gives a repeated row once
# (two of three areas below are lost; so are empty rows) and leaves out covered cells: the women of Sued are men.
# The reader of pyexcel-ods3 is right. With both installed each package answers with the reader of the other, so that
# pyexcel_ods3.get_data() loses rows from the day on which something else brings pyexcel-ods along. (That merged cells
# shift is pyexcel issue 193, open since 2020.) Way out: pandas.read_excel, or get_data(…, library="pyexcel-ods3").
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "pyexcel-ods3==0.6.1" "pyexcel-io==0.6.8" "odfpy==1.4.1" \
    "pandas==3.1.1" "python-calamine==0.9.1"
cd "$folder"
cat > read.py <<'PYTHON'
import sys
from importlib.metadata import version

import pandas as pd
from odf.opendocument import OpenDocumentSpreadsheet
from odf.table import CoveredTableCell, Table, TableCell, TableRow
from odf.text import P

module, expected_of_it, *options = sys.argv[1:]


def row(*cells, **options):
    line = TableRow(**options)
    for cell in cells:
        number = isinstance(cell, int)
        kind = {"valuetype": "float", "value": cell} if number else {"valuetype": "string"}
        if cell is None:
            line.addElement(CoveredTableCell())
            continue
        merged = {"numbercolumnsspanned": 2} if cell == "Sued" else {}
        box = TableCell(**kind, **merged)
        box.addElement(P(text=str(cell)))
        line.addElement(box)
    return line


sheet = Table(name="T")
sheet.addElement(row("area", "men", "women"))
sheet.addElement(row("Sued", None, 7))
sheet.addElement(row("(other)", 0, 3, numberrowsrepeated=3))
sheet.addElement(row("Nord", 4, 9))
book = OpenDocumentSpreadsheet()
book.spreadsheet.addElement(sheet)
book.save("table.ods")

good = [["area", "men", "women"], ["Sued", "", 7], *[["(other)", 0, 3]] * 3, ["Nord", 4, 9]]
bad = [["area", "men", "women"], ["Sued", 7], ["(other)", 0, 3], ["Nord", 4, 9]]
for engine in ("odf", "calamine"):
    known = pd.read_excel("table.ods", header=None, engine=engine).astype(object).fillna("").to_numpy().tolist()
    assert known == good, f"pandas with {engine} reads {known}"
seen = list(__import__(module).get_data("table.ods", **dict(each.split("=") for each in options)).values())[0]
print(module, version(module.replace("_", "-")), *sys.argv[2:], seen)
sys.exit(0 if seen == {"well": good, "badly": bad}[expected_of_it] else f"{module} behaves otherwise now")
PYTHON
pip() { "$folder/venv/bin/pip" "$@" --quiet --disable-pip-version-check; }
read_with() { "$folder/venv/bin/python" read.py "$@"; }
echo "one package at a time"
read_with pyexcel_ods3 well
pip uninstall --yes pyexcel-ods3
pip install "pyexcel-ods==0.6.0"
read_with pyexcel_ods badly
echo "both installed"
pip install "pyexcel-ods3==0.6.1"
read_with pyexcel_ods well
read_with pyexcel_ods3 badly
read_with pyexcel_ods3 well library=pyexcel-ods3
