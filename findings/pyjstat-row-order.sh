#!/bin/sh
# pyjstat 2.4.0 (pandas 3.1.1), 2026-11-28: JSON-stat written from rows in another order gives counts to the wrong cells.
#
# JSON-stat stores values without keys: their place says to which categories they belong. Dataset.read(frame).write()
# takes the categories in the order in which each column first shows them, but the values in the order of the rows. A
# complete table whose rows are not in the product order of its columns (sorted by age and sex where sex is the first
# column, as a database or a groupby returns it) is written without a word and means other numbers.
# Way out: frame.sort_values(list of the columns of categories, in their order) before writing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install pyjstat==2.4.0 pandas==3.1.1
"$folder/venv/bin/python" - <<'PYTHON'
from importlib.metadata import version
import json
import sys

import pandas as pd
from pyjstat import pyjstat

table = pd.DataFrame(
    {"sex": ["F", "M", "F", "M"], "age": ["0-17", "0-17", "18+", "18+"], "value": [90, 95, 310, 300]}
)
stored = json.loads(pyjstat.Dataset.read(table).write("jsonstat"))
back = pyjstat.Dataset.read(json.dumps(stored)).write("dataframe")
expected = table.set_index(["sex", "age"])["value"].sort_index().to_dict()
seen = back.set_index(["sex", "age"])["value"].astype(int).sort_index().to_dict()
print("pyjstat", version("pyjstat"), "pandas", version("pandas"))
print("expected", expected)
print("seen    ", seen)
wrong = {**expected, ("F", "18+"): 95, ("M", "0-17"): 310}
sys.exit(0 if seen == wrong else "pyjstat behaves otherwise now")
PYTHON
