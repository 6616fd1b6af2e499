#!/bin/sh
# pyshp 3.1.6, 2026-11-28: a number that is wider than its field loses its last digits, and no warning says so.
#
# The table beside a shapefile (dbf) has fields of a fixed width. Expected of 123,456 persons in a field of five places:
# an error, a warning (a text that is too long gives one, PossibleDataLoss), or asterisks, the format's own sign for a
# number that does not fit. Seen: the first five characters are kept, so the town has 12,345 persons; -12345 becomes
# -1234, and 12345.678 in a field of six places with two decimals becomes 12345.
# Way out: take the width from the data, or compare what Reader gives with what was written.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "pyshp==3.1.6"
"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys
import warnings
from importlib.metadata import version

import shapefile

table = io.BytesIO()
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    writer = shapefile.Writer(dbf=table)
    writer.field("KEY", "C", 3)
    writer.field("PERSONS", "N", 5, 0)
    writer.field("DENSITY", "N", 6, 2)
    writer.record("A", 123456, 12345.678)
    writer.record("B", -12345, 1234.567)
    writer.close()
    of_numbers = list(told)
    writer = shapefile.Writer(dbf=io.BytesIO())
    writer.field("KEY", "C", 3)
    writer.record("A long name")
    writer.close()
    of_text = told[len(of_numbers) :]
seen = [list(record) for record in shapefile.Reader(dbf=io.BytesIO(table.getvalue())).records()]
print("pyshp", version("pyshp"))
print("written ", [["A", 123456, 12345.678], ["B", -12345, 1234.567]])
print("read    ", seen)
print("warnings", len(of_numbers), "for numbers,", len(of_text), "for a text")
as_noted = seen == [["A", 12345, 12345.0], ["B", -1234, 1234.5]] and not of_numbers and len(of_text) == 1
sys.exit(0 if as_noted else "pyshp behaves otherwise now")
PYTHON
