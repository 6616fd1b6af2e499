"""The arrays that the engine computes with: no labels, one fixed order of axes, sums in a stated order.

Rates have the axes (year, area, group, sex, age); an axis of length one means "the same for all" and is
never copied out. ``group`` is the nationality.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.intp]
Mask = NDArray[np.bool_]
#: Results by name of the variable, (area, year, group, sex, age); births without age.
Flows = dict[str, Array]

#: Areas whose sum is formed apart from others, so that threads may share the sum and yet give the same bits.
BLOCK = 64


def in_order(values: Array, axis: int, order: Index | None = None) -> Array:
    """Sum along an axis, term by term from the first to the last, so that a loop gives the same bits."""
    terms = values if order is None else values.take(order, axis=axis)
    terms = terms if axis == 0 else np.moveaxis(terms, axis, 0)
    if terms.size == len(terms):  # NumPy would add a single column pairwise, several it adds row by row
        return np.add.accumulate(terms, axis=0)[-1]
    return np.add.reduce(np.ascontiguousarray(terms), axis=0)


def over_areas(values: Array, order: Index | None = None) -> Array:
    """Sum over the areas, the first axis: blocks of areas one by one in order, and then the blocks."""
    terms = values if order is None else values.take(order, axis=0)
    blocks = [in_order(terms[first : first + BLOCK], 0) for first in range(0, len(terms), BLOCK)]
    return blocks[0] if len(blocks) == 1 else in_order(np.stack(blocks), 0)


def aged(stock: Array) -> Array:
    """J: everybody one year older; those in the open group stay in it, nobody is born yet."""
    start = np.zeros_like(stock)
    start[..., 1:] = stock[..., :-1]
    start[..., -1] += stock[..., -1]
    return start


def dense(values: Any, like: Array) -> Array:
    """The values in the shape of another array (a view)."""
    return np.broadcast_to(values, like.shape)
