"""Rows of large frames as whole numbers: equal rows have equal numbers, so that they are compared and grouped fast."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

#: Texts of a table repeat over and over; as categories each is looked at once.
_TEXTS = ("area", "area_name", "sex", "nationality", "destination", "variable", "status", "flag", "file")
_ROOM = 2**62


def categorised(cells: pd.DataFrame) -> pd.DataFrame:
    """The same cells with their texts as categories."""
    return cells.astype({name: "category" for name in _TEXTS if name in cells})


def row_codes(cells: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """One number for each row; two rows have the same exactly if they are equal in these columns.

    >>> row_codes(pd.DataFrame({"a": ["x", "y", "x"], "b": [1, 1, 1]}), ["a", "b"]).tolist()
    [3, 5, 3]
    """
    codes = np.zeros(len(cells), dtype=np.int64)
    room = 1
    for name in columns:
        own, distinct = pd.factorize(cells[name])
        size = len(distinct) + 1  # missing values are -1
        if room * size > _ROOM:
            codes, kept = pd.factorize(codes)
            room = len(kept)
        codes = codes * size + (own + 1)
        room *= size
    return codes


def repeated(cells: pd.DataFrame, columns: Sequence[str], *, all_of_them: bool = False) -> np.ndarray:
    """Which rows repeat an earlier one in these columns, or (``all_of_them``) have an equal one anywhere."""
    codes = pd.Series(row_codes(cells, columns))
    return codes.duplicated(keep=False if all_of_them else "first").to_numpy()
