#!/bin/sh
# humanleague 2.4.3 (numpy 2.4.6, pandas 3.1.1), 2026-11-29: a seed stored by columns is taken for another table.
#
# ipf() and qisi() fit a seed, say area by age from a survey, to known margins; the fitted table keeps the seed's odds
# ratios, which is what the seed is for. Expected: the same result for the same table, however numpy stores it; ipfn
# 1.4.4 does so, and humanleague's own help for seed says "ArrayLike". Seen: the memory is read as if it lay by rows. A
# seed stored by columns (to_numpy() of a frame from read_csv, a transposed array) is refilled row by row: 1 2 3 / 4 5 6
# becomes 1 4 2 / 5 3 6. Margins are met and "conv" is True, so nothing tells that persons stand in wrong cells.
# Way out: numpy.ascontiguousarray(seed). humanleague may be built from source here; it needs a C++ compiler then.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "humanleague==2.4.3" "numpy==2.4.6" "pandas==3.1.1" \
    "ipfn==1.4.4"
"$folder/venv/bin/python" - <<'PYTHON'
import io
import sys
from importlib.metadata import version

import humanleague
import numpy as np
import pandas as pd
from ipfn.ipfn import ipfn

AREAS, AGES = np.array([60.0, 40.0]), np.array([50.0, 30.0, 20.0])
survey = pd.read_csv(io.StringIO("area,0-17,18-64,65+\nNord,1,2,3\nSued,4,5,6\n"), index_col="area")
frame = survey.to_numpy()
by_rows, refilled = np.ascontiguousarray(frame), frame.ravel(order="K").reshape(frame.shape)


def fitted(seed):
    table, told = humanleague.ipf(seed, [np.array([0]), np.array([1])], [AREAS, AGES])
    return table.round(1).tolist(), told["conv"]


def peer(seed):
    return ipfn(seed.copy(order="K"), [AREAS, AGES], [[0], [1]]).iteration().round(1).tolist()


print("humanleague", version("humanleague"), "ipfn", version("ipfn"), "numpy", version("numpy"))
print("seed                   ", frame.tolist(), "by columns:", frame.flags.f_contiguous)
print("expected (ipfn)        ", peer(frame), peer(by_rows))
print("seen, stored by rows   ", fitted(by_rows))
print("seen, as pandas gave  ", fitted(frame))
assert frame.tolist() == [[1, 2, 3], [4, 5, 6]] and not frame.flags.c_contiguous, "the seed is not what it should be"
assert peer(frame) == peer(by_rows) == fitted(by_rows)[0], "the peers do not agree"
sampled = humanleague.qisi(frame, [np.array([0]), np.array([1])], [AREAS.astype(int), AGES.astype(int)])
as_noted = (
    fitted(frame) == fitted(refilled) == ([[22.9, 25.5, 11.7], [27.1, 4.5, 8.3]], True)
    and fitted(frame)[0] != peer(frame)
    and sampled[1]["conv"]
    and sampled[1]["expectation"].round(1).tolist() == fitted(frame)[0]
)
sys.exit(0 if as_noted else "humanleague behaves otherwise now")
PYTHON
