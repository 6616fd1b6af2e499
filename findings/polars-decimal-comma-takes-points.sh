#!/bin/sh
# polars 2.1.0, 2026-11-28: read_csv(decimal_comma=True) also takes a point as decimal mark, so 1.234 persons become 1.2.
#
# The documentation says: "Parse floats using a comma as the decimal separator instead of a period." German tables
# write thousands with a point. Expected: "1.234" beside "2,5" in a column that is to be Float64 is refused, or read
# as 1234. Seen: both marks are decimal marks at once, and a town of 1,234 has 1.234 persons without a word.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "polars==2.1.0"
"$folder/venv/bin/python" - <<'PYTHON'
import io

import polars

text = "gebiet;anzahl\nNord;1.234\nOst;2,5\n"
try:
    frame = polars.read_csv(
        io.StringIO(text), separator=";", decimal_comma=True, schema_overrides={"anzahl": polars.Float64}
    )
    seen = frame["anzahl"].to_list()
except polars.exceptions.PolarsError as error:
    seen = type(error).__name__
print(f"polars {polars.__version__}")
print(f"expected: an error, or [1234.0, 2.5]; seen: {seen}")
assert seen == [1.234, 2.5], "the behaviour has changed"
PYTHON
