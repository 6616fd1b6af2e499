#!/bin/sh
# frictionless 5.21.0, 2026-11-28: a column of shares with decimal comma is taken for places on the globe.
#
# describe() guesses the types of a table's columns, extract() reads it by them. Expected of "12,5" in a file that
# separates by semicolons: a text, or a number once a decimal comma is known. Seen: type geopoint, longitude 12 and
# latitude 5, and validate() calls the table valid. With one share whose digits behind the comma pass 90 (as in 3,91)
# the whole column is text again, so the same table changes its type with its figures. Persons written 1.234 (one
# thousand two hundred) are read as 1.234 in the same file, and key 001 as 1.
# Way out: a schema with types and decimalChar/groupChar for every column, or an own reader.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "frictionless==5.21.0"
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

from frictionless import describe, extract, validate

Path("shares.csv").write_text("area;persons;share\n001;1.234;12,5\n002;987;7,25\n", encoding="utf-8")
Path("others.csv").write_text("area;persons;share\n001;1.234;12,5\n002;987;3,91\n", encoding="utf-8")
print("frictionless", version("frictionless"))
types = {name: [field.type for field in describe(f"{name}.csv").schema.fields] for name in ("shares", "others")}
rows = [[*list(row.values())[:2], *map(float, row["share"])] for row in extract("shares.csv")["shares"]]
valid = validate("shares.csv").valid
print(types, rows, "valid" if valid else "not valid")
as_noted = (
    types == {"shares": ["integer", "number", "geopoint"], "others": ["integer", "number", "string"]}
    and rows == [[1, Decimal("1.234"), 12, 5], [2, Decimal(987), 7, 25]]
    and valid
)
sys.exit(0 if as_noted else "frictionless behaves otherwise now")
PYTHON
