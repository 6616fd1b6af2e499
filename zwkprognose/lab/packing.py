"""Doubles as text that a page carries: every bit comes back, in a fraction of the room.

Rates that follow given totals change by one factor an area and year, but for the last bit or two. Of such an array the
first year travels as it is, of the others the factors and by how many steps of the last bit each cell is beside the
product; a cell that is far beside is written out. The first bytes of all doubles stand together, then the second ones
and so on, and the whole is compressed (zlib, at its usual level: the highest takes thirty times as long for 1 % less).
"""

from __future__ import annotations

import base64
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
#: Steps of the last bit that are written as such; −128 stands for a cell that is written out.
MOST_STEPS, WRITTEN_OUT = 127, -128
#: An array is packed by factors if fewer cells than this share are written out.
FEW = 0.05


def packed(arrays: Mapping[str, dict[str, Any]], numbers: Floats) -> tuple[list[str], str]:
    """Names of the arrays that are packed by factors, and the text.

    Parameters
    ----------
    arrays : mapping of name to dims, shape and at
        Where each array begins among the numbers, in this order.
    numbers : array of float64
    """
    doubles: list[Floats] = []
    steps: list[NDArray[np.int8]] = []
    by_factors = []
    for name, spot in arrays.items():
        values = numbers[spot["at"] : spot["at"] + int(np.prod(spot["shape"], dtype=int))]
        found = _factors(values.reshape(spot["shape"])) if tuple(spot["dims"][:2]) == ("year", "area") else None
        if found is None:
            doubles.append(values)
        else:
            factors, own, beside = found
            by_factors.append(name)
            doubles += [values[: own.size // len(own)], factors.ravel(), beside]
            steps.append(own[1:].ravel())
    whole = np.concatenate(doubles).astype("<f8")
    shuffled = np.ascontiguousarray(whole.view(np.uint8).reshape(-1, 8).T).tobytes()
    raw = np.array([whole.size], "<u4").tobytes() + shuffled + b"".join(s.tobytes() for s in steps)
    return by_factors, base64.b64encode(zlib.compress(raw, 6)).decode()


def _factors(values: Floats) -> tuple[Floats, NDArray[np.int8], Floats] | None:
    """Factors (year after the first, area), steps of the last bit (year, …), cells that are written out; or None."""
    rows = values.reshape(*values.shape[:2], -1)
    if len(rows) == 1:
        return None
    first = rows[0]
    ratio = np.divide(rows[1:], first, out=np.full(rows[1:].shape, np.nan), where=first > 0)
    some = ~np.isnan(ratio).all(axis=-1)
    factors = np.where(some, np.nanmedian(np.where(some[..., None], ratio, 1.0), axis=-1), 1.0)
    product = factors[..., None] * first
    apart = np.ascontiguousarray(rows[1:]).view(np.int64) - product.view(np.int64)
    far = (abs(apart) > MOST_STEPS) | ~np.isfinite(product)
    if far.mean() > FEW:
        return None
    steps = np.zeros(rows.shape, np.int8)
    steps[1:] = np.where(far, WRITTEN_OUT, np.clip(apart, -MOST_STEPS, MOST_STEPS))
    return factors, steps, rows[1:][far]
