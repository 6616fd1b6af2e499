#!/bin/sh
# tobler 0.13.0, 2026-11-28: a new district that no old one touches gets the mean age 0.
#
# area_interpolate carries figures from old to new boundaries: counts by shares of area, means ("intensive") as means
# weighted by area. A new district of which only a part is covered gets the mean of that part, as one would expect.
# Expected of one that nothing covers: NaN, as a mean of nothing. Seen: 0, without a warning, so an island or a slip in
# coordinates is a district of newborns, and every mean over the districts falls.
# Way out: interpolate a column of ones as well, and blank what has 0 there.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "tobler==0.13.0" "geopandas==1.2.0" "shapely==2.2.0"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings
from importlib.metadata import version

import geopandas
from shapely.geometry import box
from tobler.area_weighted import area_interpolate

old = geopandas.GeoDataFrame({"age": [44.0, 40.0]}, geometry=[box(0, 0, 1, 1), box(1, 0, 2, 1)], crs=25832)
new = geopandas.GeoDataFrame(geometry=[box(0, 0, 2, 1), box(1, 0, 3, 1), box(5, 5, 6, 6)], crs=25832)
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    ages = area_interpolate(old, new, intensive_variables=["age"])["age"].round(6).tolist()
spoken = [str(one.message) for one in told if issubclass(one.category, UserWarning)]
print("tobler", version("tobler"), ages, spoken)
sys.exit(0 if ages == [42.0, 40.0, 0.0] and not spoken else "tobler behaves otherwise now")
PYTHON
