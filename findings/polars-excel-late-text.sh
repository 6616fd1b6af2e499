#!/bin/sh
# polars 2.1.0 with fastexcel 0.21.0, 2026-11-28: read_excel loses text cells that come late in a column of numbers.
#
# The type of a column is told from its first 1,000 rows. A text cell behind them cannot be a number: expected is an
# error, as polars' own CSV reader gives it, or a column of text. Seen: a sign such as "." (hidden) becomes null, and the
# key "0815" that stands in the sheet as text becomes the number 815, both without a warning. The same cells among the
# first rows make the whole column text, with everything kept.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "polars==2.1.0" "fastexcel==0.21.0" "openpyxl==3.1.5"
cd "$folder"
"$folder/venv/bin/python" -W error - <<'PYTHON'
import openpyxl
import polars as pl


def read(name, rows):
    book = openpyxl.Workbook()
    for row in [["schluessel", "anzahl"], *rows]:
        book.active.append(row)
    book.save(name)
    return pl.read_excel(name)


plain, odd = [[1000 + i, i] for i in range(1500)], [["0815", "."]]
late, early = read("spaet.xlsx", plain + odd), read("frueh.xlsx", odd + plain)
print(f"polars {pl.__version__}")
print("expected: ('0815', '.') or an error;", "seen:", late.row(-1), "last,", early.row(0), "first")
assert early.row(0) == ("0815", "."), "the behaviour has changed"
assert late.row(-1) == (815, None), "the behaviour has changed"
try:
    pl.read_csv(b"schluessel,anzahl\n" + b"".join(b"%d,%d\n" % tuple(r) for r in plain) + b"0815,.\n")
except pl.exceptions.ComputeError as error:
    print("the CSV reader refuses:", str(error).splitlines()[0])
else:
    raise AssertionError("the behaviour has changed")
PYTHON
