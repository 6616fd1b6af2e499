#!/bin/sh
# mapclassify 2.10.0 (numpy 2.4.6), 2026-11-28: an area without a number is put into a class, as if it had been measured.
#
# Classes of a map are made from shares of quarters, one of them hidden (NaN). Expected: an error (NaturalBreaks and
# PrettyBreaks give one), or a mark that the quarter has no class. Seen: EqualInterval leaves the missing value out of
# the limits and puts the quarter into the lowest class, so a secret is drawn as the smallest share and counted there;
# FisherJenks puts every quarter into one class and names NaN as the upper limit. Neither gives a warning.
# Way out: classify the known values only (geopandas.GeoDataFrame.plot(scheme=…) does so) and draw the others apart.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "mapclassify==2.10.0" "numpy==2.4.6"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
import warnings
from importlib.metadata import version

import mapclassify
import numpy as np

shares = np.array([41.0, 12.0, np.nan, 34.0, 25.0, 19.0, 52.0])
with warnings.catch_warnings(record=True) as told:
    warnings.simplefilter("always")
    even = mapclassify.EqualInterval(shares, k=3)
    natural = mapclassify.FisherJenks(shares, k=3)
print("mapclassify", version("mapclassify"), "numpy", version("numpy"))
print("shares       ", shares)
print("EqualInterval", even.yb, even.bins, "counts", even.counts)
print("FisherJenks  ", natural.yb, natural.bins)
told = [str(each.message) for each in told if "Numba not installed" not in str(each.message)]
print("warnings", told)
as_noted = even.yb[2] == 0 and even.counts.sum() == 7 and np.isfinite(even.bins).all()
as_noted = as_noted and set(natural.yb) == {0} and np.isnan(natural.bins[-1]) and not told
sys.exit(0 if as_noted else "mapclassify behaves otherwise now")
PYTHON
