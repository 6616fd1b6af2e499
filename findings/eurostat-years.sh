#!/bin/sh
# eurostat 1.1.1 (pandas 3.1.1), 2026-11-28: a query of several parts puts figures under the years of its first part.
#
# get_data_df(code, filter_pars={"sex": ["M", "F"], …}) asks once for every combination of the parameters. It keeps the
# header of the first answer and puts the rows of all answers below it, by place. An answer in tabs carries the years of
# its own series; where a later answer begins later, all its figures move to earlier years, and the last years are empty.
# The answers stand here as the server would send them (header, tabs, a blank behind each figure, line ends \r\n).
# Way out: one call for each combination, and the frames put together by their column names (pandas.concat).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" --quiet --disable-pip-version-check install eurostat==1.1.1 pandas==3.1.1
"$folder/venv/bin/python" - <<'PYTHON'
from gzip import compress
from importlib.metadata import version
from types import SimpleNamespace
import sys

import eurostat.eurostat as package

ANSWERS = {
    "M": "freq,sex,geo\\TIME_PERIOD\t2021 \t2022 \t2023 \r\nA,M,XK\t101 \t102 \t103 \r\n",
    "F": "freq,sex,geo\\TIME_PERIOD\t2022 \t2023 \r\nA,F,XK\t202 \t203 \r\n",
}


def answer(url, provider):
    """What the server sends for one combination."""
    return SimpleNamespace(content=compress(ANSWERS["M" if ".M." in url else "F"].encode()))


vars(package)["__get_dims_info__"] = lambda code, detail: (None, "EUROSTAT", [(1, "freq"), (2, "sex"), (3, "geo")])
vars(package)["__get_resp__"] = answer
frame = package.get_data_df("demo_pjan", filter_pars={"sex": ["M", "F"], "geo": "XK"})
women = frame[frame["sex"] == "F"].iloc[0]
seen = {year: None if women[year] != women[year] else int(women[year]) for year in ("2021", "2022", "2023")}
print("eurostat", version("eurostat"), "pandas", version("pandas"))
print("expected", {"2021": None, "2022": 202, "2023": 203})
print("seen    ", seen)
sys.exit(0 if seen == {"2021": 202, "2022": 203, "2023": None} else "eurostat behaves otherwise now")
PYTHON
