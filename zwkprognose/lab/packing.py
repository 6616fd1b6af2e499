"""Doubles as text that a page carries: every bit comes back, in a fraction of the room.

Rates that follow given totals change by one factor an area and year, but for the last bit or two. Of such an array the
first year travels as it is, of the others the factors and by how many steps of the last bit each cell is beside the
product; a cell that is far beside is written out. Rates of areas that differ by a factor alone travel likewise. What
else a rate may be (its name ends with @) follows the first year of that rate in the same way. The first bytes of all
doubles stand together, then the second ones and so on, and the whole is compressed (zlib, at its usual level: the
highest takes thirty times as long for 1 % less).
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
#: End of the name of what a rate is otherwise.
OTHERWISE = "@"
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
    firsts: dict[str, Floats] = {}
    by_factors = []
    for name, spot in arrays.items():
        values = numbers[spot["at"] : spot["at"] + int(np.prod(spot["shape"], dtype=int))]
        rows = _rows(values, spot)
        first = firsts.get(name.removesuffix(OTHERWISE))
        found = None if rows is None else _factors(rows[:1], rows[1:]) if first is None else _factors(first, rows)
        if rows is None or found is None:
            doubles.append(values)
        else:
            factors, own, beside = found
            by_factors.append(name)
            if first is None:
                firsts[name] = rows[:1]
                doubles.append(rows[0].ravel())
            doubles += [factors.ravel(), beside]
            steps.append(own.ravel())
    whole = np.concatenate(doubles).astype("<f8")
    shuffled = np.ascontiguousarray(whole.view(np.uint8).reshape(-1, 8).T).tobytes()
    raw = np.array([whole.size], "<u4").tobytes() + shuffled + b"".join(s.tobytes() for s in steps)
    return by_factors, base64.b64encode(zlib.compress(raw, 6)).decode()


def _rows(values: Floats, spot: dict[str, Any]) -> Floats | None:
    """The cells that may follow those of the first year, or of the first area: [year, area, …], [area, 1, …]."""
    dims, shape = spot["dims"], spot["shape"]
    if tuple(dims[:2]) == ("year", "area"):
        return values.reshape(*shape[:2], -1)
    return values.reshape(shape[0], 1, -1) if tuple(dims[:1]) == ("area",) else None


def _factors(first: Floats, rows: Floats) -> tuple[Floats, NDArray[np.int8], Floats] | None:
    """Factors (year, area), steps of the last bit (year, area, …), cells that are written out; or None."""
    if not len(rows):
        return None
    ratio = np.divide(rows, first, out=np.full(rows.shape, np.nan), where=first > 0)
    some = ~np.isnan(ratio).all(axis=-1)
    factors = np.where(some, np.nanmedian(np.where(some[..., None], ratio, 1.0), axis=-1), 1.0)
    product = factors[..., None] * first
    apart = np.ascontiguousarray(rows).view(np.int64) - product.view(np.int64)
    far = (abs(apart) > MOST_STEPS) | ~np.isfinite(product)
    if far.mean() > FEW:
        return None
    steps = np.where(far, WRITTEN_OUT, apart).astype(np.int8)
    return factors, steps, rows[far]
