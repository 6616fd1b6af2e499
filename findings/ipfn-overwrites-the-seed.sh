#!/bin/sh
# ipfn 1.4.4, 2026-11-28: fitting overwrites the seed it was given, and a second table fitted to it starts elsewhere.
#
# Expected: iteration() returns a new array; the seed, often one structure for many areas or years, stays.
# Seen: an array of floats, or a data frame, holds the fitted table afterwards. Zeros that a first fit brings (a margin
# of 0) stay zero in every later fit with "the same" seed: the second town below gets 0 men where 50 were asked for.
# Only an array of whole numbers is copied on the way and stays as it was.
# Way out: hand over seed.copy().
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check "ipfn==1.4.4"
"$folder/venv/bin/python" - <<'PYTHON'
import sys
from importlib.metadata import version

import numpy as np
from ipfn.ipfn import ipfn


def fitted(seed, areas, sexes):
    return ipfn(seed, [np.array(areas), np.array(sexes)], [[0], [1]]).iteration()


print("ipfn", version("ipfn"))
seed, whole = np.ones((2, 2)), np.ones((2, 2), dtype=int)
fitted(seed, [60.0, 40.0], [100.0, 0.0])
second = fitted(seed, [60.0, 40.0], [50.0, 50.0])
fitted(whole, [60.0, 40.0], [100.0, 0.0])
print("seed now", seed.tolist(), "second table", second.tolist(), "seed of whole numbers", whole.tolist())
as_noted = second[:, 1].tolist() == [0.0, 0.0] and (whole == 1).all()
sys.exit(0 if as_noted else "ipfn behaves otherwise now")
PYTHON
