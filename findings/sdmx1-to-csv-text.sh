#!/bin/sh
# sdmx1 2.28.0 (pandas 3.1.1), 2026-11-28: to_csv() as a text gives a table set with blanks, and no SDMX-CSV.
#
# sdmx.to_csv(data) is documented to convert to SDMX-CSV and to return a str unless a path is given. Expected: the same
# text that goes into a file with path=…. Seen: the text is pandas' DataFrame.to_string: no commas, columns filled up
# with blanks, "NaN" where an observation has no value. csv.DictReader finds one column; a reader that splits at blanks
# makes two columns of a code with a blank, and takes the missing observation for a text.
# Way out: to_csv(data, path=…), or to_csv(data, rtype=pandas.DataFrame).to_csv(index=False).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "sdmx1==2.28.0" "pandas==3.1.1"
"$folder/venv/bin/python" - "$folder/table.csv" <<'PYTHON'
import csv
import sys
from importlib.metadata import version
from pathlib import Path

import sdmx
from sdmx.model import common, v21

structure = v21.DataStructureDefinition(id="POP", version="1.0", maintainer=common.Agency(id="ZZ"))
structure.dimensions.extend([v21.Dimension(id="AREA"), v21.Dimension(id="SEX"), v21.TimeDimension(id="TIME_PERIOD")])
structure.measures.append(v21.PrimaryMeasure(id="OBS_VALUE"))
flow = v21.DataflowDefinition(id="POP", version="1.0", maintainer=structure.maintainer, structure=structure)
data = v21.StructureSpecificDataSet(structured_by=structure, described_by=flow)
for area, sex, persons in [("05158", "F", 1234), ("05158", "M", None), ("13072", "F", 7)]:
    key = structure.make_key(common.Key, {"AREA": area, "SEX": sex, "TIME_PERIOD": "2024"})
    data.obs.append(v21.Observation(dimension=key, value=persons))

text = sdmx.to_csv(data)
sdmx.to_csv(data, path=Path(sys.argv[1]))
written = Path(sys.argv[1]).read_text(encoding="utf-8")
print("sdmx1", version("sdmx1"), "pandas", version("pandas"))
print("as a text:", text, "as a file:", written, sep="\n")
columns = [len(csv.DictReader(each.splitlines()).fieldnames) for each in (text, written)]
print("columns", columns)
as_noted = columns == [1, 7] and "," not in text and "NaN" in text and "NaN" not in written
sys.exit(0 if as_noted else "sdmx1 behaves otherwise now")
PYTHON
