#!/bin/sh
# pysdmx 1.21.0 (pandas 3.1.1), 2026-11-29: codes read from SDMX-CSV lose their leading zeros, and two areas become one.
#
# In SDMX a code is a text (IDType), so districts "01" and quarters "001" are two. Expected: read_sdmx() gives the codes
# that stand in the file, as it does for the same data in SDMX-ML. Seen: a column whose codes are all digits is read as
# numbers and turned into text afterwards: 01 and 001 are both "1", age 005 is "5", and no code of a list of keys
# matches any more. One letter in the column (05A) and all its zeros are kept, so whether a file is read well depends on
# its rows. pysdmx reads so what it has written itself. Quotation marks around the codes do not help, nor does
# get_datasets(data, structure), where the structure says that the dimensions are texts.
# Way out: exchange SDMX-ML, or read the file with pandas.read_csv(…, dtype=str).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "pysdmx[data,xml]==1.21.0" "pandas==3.1.1"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import pandas as pd
from pysdmx.io import get_datasets, read_sdmx, write_sdmx
from pysdmx.io.format import Format
from pysdmx.io.pd import PandasDataset
from pysdmx.model import Component, Components, Concept, ConceptScheme, DataType, Role, Schema
from pysdmx.model.dataflow import Dataflow, DataStructureDefinition

NAMES = ["AREA", "AGE", "TIME_PERIOD", "OBS_VALUE"]
roles = [Role.DIMENSION] * 3 + [Role.MEASURE]
urn = "urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept=ZZ:CS(1.0)."
concepts = [Concept(name, name=name, urn=urn + name, dtype=DataType.STRING) for name in NAMES]
columns = Components([Component(each.id, True, role, each) for each, role in zip(concepts, roles)])
schema = Schema("dataflow", "ZZ", "POP", columns, "1.0")
definition = DataStructureDefinition("POP", name="POP", agency="ZZ", version="1.0", components=columns)
flow = Dataflow("POP", name="POP", agency="ZZ", version="1.0", structure=definition)
scheme = ConceptScheme("CS", name="CS", agency="ZZ", version="1.0", items=concepts)
structure = write_sdmx([scheme, definition, flow], sdmx_format=Format.STRUCTURE_SDMX_ML_2_1)


def back(rows, form, quoted=False, structured=False):
    """The keys of the rows after writing and reading."""
    written = write_sdmx(PandasDataset(structure=schema, data=pd.DataFrame(rows, columns=NAMES)), sdmx_format=form)
    if quoted:
        written = "\n".join(",".join(f'"{cell}"' for cell in line.split(",")) for line in written.split())
    if structured:
        read = get_datasets(written, structure, validate=False)
    else:
        read = read_sdmx(written, validate=False).data
    return read[0].data[["AREA", "AGE"]].to_numpy().tolist()


rows = [["01", "005", "2024", "1234"], ["001", "010", "2024", "56"]]
lettered = [*rows, ["05A", "011", "2024", "7"]]
print("pysdmx", version("pysdmx"), "pandas", version("pandas"))
print("written      ", [row[:2] for row in rows])
seen = {form.name: back(rows, form) for form in Format if form.name.startswith("DATA_SDMX_CSV")}
seen["with quotation marks"] = back(rows, Format.DATA_SDMX_CSV_2_0_0, quoted=True)
seen["with the structure"] = back(rows, Format.DATA_SDMX_CSV_2_0_0, structured=True)
in_xml, mixed = back(rows, Format.DATA_SDMX_ML_2_1_STR), back(lettered, Format.DATA_SDMX_CSV_2_0_0)
print("from SDMX-ML ", in_xml)
for name, keys in seen.items():
    print("from SDMX-CSV", keys, name)
print("with a letter", mixed)
as_noted = (
    in_xml == [row[:2] for row in rows]
    and len(seen) == 5
    and all(keys == [["1", "5"], ["1", "10"]] for keys in seen.values())
    and mixed == [["01", "5"], ["001", "10"], ["05A", "11"]]
)
sys.exit(0 if as_noted else "pysdmx behaves otherwise now")
PYTHON
