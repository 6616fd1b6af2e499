#!/bin/sh
# DuckDB 2.0.1, 2026-11-28: count(*) over a CSV file counts lines that reading the same file refuses or drops.
#
# A column of figures holds "." and "-" in its last two lines, as German tables print hidden and zero, far behind the
# lines from which the type of the column is told. Expected: a count over the file fails like reading it, and with
# ignore_errors=true it is the number of rows that reading gives. Seen: count(*) looks at no column, so it neither
# fails nor leaves out the two lines; the usual check "as many rows as lines" passes while two rows are lost.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "duckdb==2.0.1"
cd "$folder"
"$folder/venv/bin/python" - <<'PYTHON'
import duckdb

with open("tabelle.csv", "w", encoding="utf-8") as file:
    file.write("gebiet;anzahl\n")
    file.writelines(f"a{i};{i}\n" for i in range(30_000))
    file.write("b;.\nc;-\n")


def answer(query):
    try:
        return duckdb.sql(query).fetchall()
    except duckdb.Error as error:
        return type(error).__name__


strict = "read_csv('tabelle.csv')"
lenient = "read_csv('tabelle.csv', ignore_errors = true)"
counted, read = answer(f"select count(*) from {strict}"), answer(f"select * from {strict}")
counted_lenient, rows = answer(f"select count(*) from {lenient}")[0][0], len(answer(f"select * from {lenient}"))
print(f"duckdb {duckdb.__version__}")
print("expected: the count fails like reading;", "seen:", f"count {counted}, reading {read if isinstance(read, str) else len(read)}")
print("expected: 30000 and 30000 with ignore_errors;", "seen:", f"count {counted_lenient}, rows {rows}")
assert counted == [(30_002,)] and isinstance(read, str), "the behaviour has changed"
assert (counted_lenient, rows) == (30_002, 30_000), "the behaviour has changed"
PYTHON
