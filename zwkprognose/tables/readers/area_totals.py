"""A row for all areas together: kept apart from the areas, so that nobody is counted twice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zwkprognose.tables.sums import strict_sums
from zwkprognose.tables.words import TOTAL_WORDS, plain

_TOTAL_AREAS = TOTAL_WORDS | {"summe", "stadt insgesamt", "gesamtstadt", "stadt gesamt", "insgesamt (stadt)"}
_KEY = ["year", "sex", "nationality", "age_from", "age_to", "destination", "variable"]


def is_area_total(name: str) -> bool:
    """Whether a label names all areas together."""
    return plain(name) in _TOTAL_AREAS


def without_area_total(cells: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out the row of all areas if it is their sum (with a note); keep it under the empty key if not.

    A row that is not the sum stays, so that the check finds the difference.
    """
    is_total = cells["area"].isin([key for key in cells["area"].unique() if is_area_total(key)])
    if not is_total.any() or is_total.all():
        return cells, ()
    parts = strict_sums(cells[~is_total], _KEY)
    totals = cells[is_total].set_index(_KEY)["value"]
    summed = parts.reindex(totals.index).to_numpy()
    if totals.index.is_unique and np.allclose(totals.to_numpy(), summed, rtol=0, atol=1e-6, equal_nan=False):
        name = cells.loc[is_total, "area_name"].iloc[0] or cells.loc[is_total, "area"].iloc[0]
        note = f"Die Zeile „{name}“ ist die Summe der Gebiete und ausgelassen."
        return cells[~is_total].reset_index(drop=True), (note,)
    return cells.assign(area=cells["area"].mask(is_total, "")), ()
