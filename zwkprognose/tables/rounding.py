"""Counts that are printed rounded to 5 or 10: sums and balances need not be those of the printed parts.

A table that does not say so shows it: all its figures are multiples. Rounding explains a difference up to half a step
for each figure that meets in it, and in long sums up to what independent roundings come to.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

#: Steps of rounding, the largest first.
STEPS = (10, 5)
#: Figures that are not zero, all of them multiples: of 12 that are not rounded, one table in 244 million prints such.
FEWEST = 12
#: Independent roundings stay within so many standard deviations, but for one in a billion.
_DEVIATIONS = 6.0


def step_of(values: np.ndarray) -> int:
    """The step that all these printed counts are multiples of; 1 if they are not rounded or too few to tell.

    >>> step_of(np.arange(0, 100, 5)), step_of(np.arange(0, 200, 10)), step_of(np.arange(20))
    (5, 10, 1)
    """
    printed = values[np.isfinite(values) & (values != 0)]
    if len(printed) < FEWEST:
        return 1
    return next((step for step in STEPS if not np.mod(printed, step).any()), 1)


def tolerance(counts: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Largest difference between a total and its parts that rounding explains, in persons; none for a step of 1.

    >>> tolerance(np.array([3, 91, 3]), np.array([5, 5, 1])).round(1).tolist()
    [7.5, 82.6, 0.0]
    """
    spread = _DEVIATIONS * steps / np.sqrt(12) * np.sqrt(counts)
    return np.where(steps > 1, np.minimum(0.5 * steps * counts, spread), 0.0)


def steps_of_files(cells: pd.DataFrame) -> np.ndarray:
    """The step of every cell: that of all counts of its file."""
    values = cells["value"].to_numpy(dtype=float)
    codes, files = pd.factorize(cells["file"].to_numpy() if "file" in cells else np.zeros(len(cells)))
    steps = np.array([step_of(values[codes == code]) for code in range(len(files))], dtype=np.int64)
    return steps[codes]
