#!/bin/sh
# numbagg 0.9.6 with flox 0.11.2 and xarray 2026.9.0, 2026-11-29: 60,000 persons of a district become minus 5,536.
#
# Counts of quarters fit into int16, as netCDF files store them. xarray sums groups with flox, and flox with numbagg where
# it is installed. Expected: 60000 for two quarters of 30,000, as xarray gives without groups, as flox gives with its own
# engine and with numpy's, and as numbagg.nansum gives. Seen: groupby("district").sum(skipna=True) is -5536, since
# group_nansum adds up in the type of the data; in uint8 200 + 200 is 144. No warning. Without skipna=True the sum is
# right, so the word that is to guard a sum against gaps spoils it; xarray.set_options(use_numbagg=False) does not help.
# Way out: .astype("int64") before, or sum(skipna=True, engine="flox").
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "numbagg==0.9.6" "flox==0.11.2" "xarray==2026.9.0" \
    "numpy==2.4.6"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings
from importlib.metadata import version

import numbagg
import numpy as np
import xarray as xr

counts = np.array([30_000, 30_000, 30_000, 10], dtype="int16")
quarters = xr.DataArray(counts, dims="quarter", coords={"district": ("quarter", list("AABB"))})
groups = quarters.groupby("district")
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    by_engine = {name: groups.sum(skipna=True, engine=name).values.tolist() for name in ("flox", "numpy", "numbagg")}
    seen = groups.sum(skipna=True).values.tolist()
    told = [str(each.message) for each in told if "overflow" in str(each.message)]
plain, whole = groups.sum().values.tolist(), int(quarters.sum(skipna=True))
wide = quarters.astype("int64").groupby("district").sum(skipna=True).values.tolist()
bytes_ = numbagg.group_nansum(np.array([200, 200], dtype="uint8"), np.array([0, 0])).tolist()
with xr.set_options(use_numbagg=False):
    without = groups.sum(skipna=True).values.tolist()
print(*(f"{name} {version(name)}" for name in ("numbagg", "flox", "xarray", "numpy")))
print("districts A and B, expected", plain, "all", whole, "numbagg.nansum", int(numbagg.nansum(counts)))
print("seen with skipna=True     ", seen, "by engine", by_engine, "warnings", told)
print("as int64", wide, "use_numbagg=False", without, "bytes", bytes_)
right = [60_000, 30_010]
as_noted = (
    seen == without == by_engine["numbagg"] == [-5_536, 30_010]
    and plain == wide == by_engine["flox"] == by_engine["numpy"] == right
    and whole == int(numbagg.nansum(counts)) == sum(right)
    and bytes_ == [144]
    and not told
)
sys.exit(0 if as_noted else "numbagg behaves otherwise now")
PYTHON
