"""A row for all areas together: kept apart from the areas, so that nobody is counted twice."""

from __future__ import annotations

import numpy as np
import pandas as pd

from zwkprognose.tables.sums import strict_sums
from zwkprognose.tables.words import TOTAL_WORDS, plain

#: "I" and "alle" are totals of other things; an area may be called so.
_TOTAL_AREAS = (TOTAL_WORDS - {"i", "alle"}) | {
    "stadt insgesamt", "gesamtstadt", "stadt gesamt", "insgesamt (stadt)", "stadt zusammen",
}  # fmt: skip
_KEY = ["year", "sex", "nationality", "age_from", "age_to", "destination", "variable"]


def is_area_total(name: str) -> bool:
    """Whether a label names all areas together."""
    return plain(name) in _TOTAL_AREAS


def without_area_total(cells: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out rows of all areas that are their sum (with a note); keep them under the empty key if they are not.

    A row that is not the sum stays, so that the check finds the difference; so does a count that only the whole
    prints, such as births of a city beside a stock of its areas.
    """
    whole = cells["area"].isin([key for key in cells["area"].unique() if not key or is_area_total(key)])
    split = cells["variable"].isin(cells.loc[~whole, "variable"].unique())
    is_total = whole & split
    cells = cells.assign(area=cells["area"].mask(whole & ~(cells["area"] == ""), ""))
    if not is_total.any() or not _is_sum(cells, is_total):
        return cells, ()
    note = "Die Zeilen für alle Gebiete zusammen sind deren Summe und ausgelassen."
    return cells[~is_total].reset_index(drop=True), (note,)


def _is_sum(cells: pd.DataFrame, is_total: pd.Series) -> bool:
    parts = strict_sums(cells[~is_total], _KEY)
    totals = cells[is_total].set_index(_KEY)["value"]
    if not totals.index.is_unique:
        return False
    summed = parts.reindex(totals.index).to_numpy()
    return bool(np.allclose(totals.to_numpy(), summed, rtol=0, atol=1e-6, equal_nan=False))
