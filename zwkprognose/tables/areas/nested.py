"""Areas that are the sum of others whatever they are called: found by arithmetic, so that nobody is counted twice."""

from __future__ import annotations

import numpy as np
import pandas as pd

#: So many cells with people have to agree before a sum counts as no coincidence.
CELLS_THAT_AGREE = 6
_CELL = ["year", "sex", "nationality", "age_from", "age_to"]


def nested_areas(stocks: pd.DataFrame) -> dict[str, list[str]]:
    """Areas that in every cell are the sum of those printed right after or before them, or of all others.

    Parameters
    ----------
    stocks : pandas.DataFrame
        Cells of the population; cells that are no number in some area are left out of the comparison.

    Returns
    -------
    dict
        Area → the areas that it is the sum of, such as a Bezirk → its Ortsteile.
    """
    latest = stocks[stocks["year"] == stocks["year"].max()]
    if len(latest[_CELL].drop_duplicates()) >= CELLS_THAT_AGREE:
        stocks = latest  # one year tells, and is a small part of a long series
    if stocks.duplicated(["area", *_CELL]).any():
        return {}
    order = list(stocks["area"].unique())
    wide = stocks.pivot(index="area", columns=_CELL, values="value").reindex(order).dropna(how="all")
    people = wide.loc[:, wide.notna().all() & (wide > 0).any()]
    found: dict[str, list[str]] = {}
    while people.shape[1] >= CELLS_THAT_AGREE and (sums := _sums(people)):
        found |= sums
        people = people.drop(index=list(sums))
    return found


def _sums(people: pd.DataFrame) -> dict[str, list[str]]:
    counts = people.to_numpy(dtype=float)
    areas, totals = list(people.index), counts.sum(axis=1)
    upto = np.concatenate([[0.0], np.cumsum(totals)])
    ends = np.searchsorted(upto, upto[1:] + totals - 0.5)
    starts = np.searchsorted(upto, upto[:-1] - totals - 0.5)
    found = {}
    for i, area in enumerate(areas):
        runs = [slice(i + 1, int(ends[i])), slice(int(starts[i]), i)]
        members = [run for run in runs if _is_sum(counts, i, run)]
        if members:
            found[area] = areas[members[0]]
        elif len(areas) > 2 and np.allclose(2 * counts[i], counts.sum(axis=0), rtol=0, atol=1e-6):
            found[area] = [other for other in areas if other != area]
    return found


def _is_sum(counts: np.ndarray, i: int, run: slice) -> bool:
    several = (counts[run].sum(axis=1) > 0).sum() > 1
    return bool(several and np.allclose(counts[run].sum(axis=0), counts[i], rtol=0, atol=1e-6))
