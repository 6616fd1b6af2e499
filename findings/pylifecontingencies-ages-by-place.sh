#!/bin/sh
# pylifecontingencies 0.5.0, 2026-11-29: a life table that leaves out ages is read as one of consecutive years.
#
# LifeTable.from_dataframe(df, age_col="age", lx_col="lx") takes a column of ages; lx(x) is documented as the survivors at
# exact age x. Expected of an abridged table (ages 0, 1, 5, 10, … as official ones are printed): lx(5) from the row of
# age 5, or an error. Seen: the ages serve for sorting and for the first age only; the rows are taken for consecutive
# years. lx(5) is what the table says of age 20, nobody lives beyond the number of rows, and a life expectancy at birth
# of 75 years is 16. No warning. One year missing among single ages moves all behind it by one.
# Way out: make the ages complete first (numpy.interp on lx), and compare lt.ages with the column.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "pylifecontingencies==0.5.0" \
    "pandas==3.1.1" "numpy==2.4.6"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings
from importlib.metadata import version

import numpy as np
import pandas as pd
from pylifecontingencies import LifeTable, ex_complete

ages = np.array([0, 1, *range(5, 100, 5)])
# survivors by Gompertz' law, so that every age has an exact value
survivors = {age: 100_000 * np.exp(-3e-5 / 0.1 * (np.exp(0.1 * age) - 1)) for age in range(101)}
abridged = pd.DataFrame({"age": ages, "lx": [survivors[age] for age in ages]})
single = pd.DataFrame({"age": list(survivors), "lx": list(survivors.values())})
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    short, full = (LifeTable.from_dataframe(table, age_col="age", lx_col="lx") for table in (abridged, single))
    gap = LifeTable.from_dataframe(single[single["age"] != 40], age_col="age", lx_col="lx")
filled = LifeTable(np.append(np.interp(range(96), ages, abridged["lx"]), 0.0))
print("pylifecontingencies", version("pylifecontingencies"), "pandas", version("pandas"))
for name, table in {"single ages": full, "abridged": short, "filled": filled, "without 40": gap}.items():
    at_60 = f"{table.lx(60):.0f}" if table.omega > 60 else "nobody"
    print(f"{name:12} l(5) {table.lx(5):.0f}  l(60) {at_60}  oldest {table.omega}  e(0) {ex_complete(table, 0):.1f}")
print("warnings", [str(each.message) for each in told])
as_noted = (
    np.isclose(full.lx(5), survivors[5])
    and np.isclose(short.lx(5), survivors[20])
    and short.omega == len(ages)
    and np.isclose(gap.lx(60), survivors[61])
    and abs(ex_complete(filled, 0) - ex_complete(full, 0)) < 0.5
    and ex_complete(short, 0) < 20 < 70 < ex_complete(full, 0)
    and not told
)
sys.exit(0 if as_noted else "pylifecontingencies behaves otherwise now")
PYTHON
