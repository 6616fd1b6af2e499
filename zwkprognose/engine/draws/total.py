"""Sums over areas that are the same bits in whatever order, and in however many parts, areas are added.

A number of persons is split on two grids of powers of two: what is added on each is added without rounding. Whole
persons are exact; of real numbers less than 2⁻⁴⁰ persons of an area are lost, up to 2⁴⁴ persons together.
"""

from __future__ import annotations

import numpy as np

from zwkprognose.engine.arrays import Array

#: Steps of the two grids: coarse for the persons, fine for what the coarse one leaves.
COARSE, FINE = 2.0**-8, 2.0**-40


def halves(values: Array) -> Array:
    """The values on the two grids, in front; sums of these lose nothing.

    >>> parts = halves(np.array([0.1, 0.2, 0.3]))
    >>> one, other = parts[:, 0] + parts[:, 1] + parts[:, 2], parts[:, 2] + (parts[:, 1] + parts[:, 0])
    >>> bool((one == other).all()), abs(float(whole_of(one)) - 0.6) < 1e-11
    (True, True)
    """
    coarse = np.rint(values / COARSE) * COARSE
    return np.stack([coarse, np.rint((values - coarse) / FINE) * FINE])


def whole_of(sums: Array) -> Array:
    """The sum from its halves."""
    return np.asarray(sums[0] + sums[1])
