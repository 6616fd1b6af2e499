"""Stocks by single years of age as an array, for the rules that follow cohorts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from zwkprognose.names import SEXES, TOTAL
from zwkprognose.tables.sums import strict_sums


@dataclass(frozen=True)
class Stocks:
    """Persons [year, area, sex, age] by single years of age; ``NaN`` where a table has no such cell."""

    years: list[int]
    areas: list[str]
    persons: np.ndarray

    def steps(self) -> Iterator[tuple[int, int]]:
        """Index of each year after the first, and the years since the one before."""
        for i in range(1, len(self.years)):
            if self.years[i] - self.years[i - 1] < self.persons.shape[-1]:
                yield i, self.years[i] - self.years[i - 1]


def stocks_of(cells: pd.DataFrame) -> Stocks | None:
    """Stocks by single years of age, nationalities together; ``None`` for less than two years of them."""
    cells = cells[cells["sex"].isin(SEXES) & (cells["age_to"] - cells["age_from"] == 1)]
    is_total = cells["nationality"] == TOTAL
    cells = cells if is_total.all() else cells[~is_total]
    years = sorted(int(year) for year in cells["year"].unique())
    if len(years) < 2:
        return None
    summed = strict_sums(cells, ["year", "area", "sex", "age_from"])
    areas = sorted(cells["area"].unique())
    axes = [years, areas, list(SEXES), list(range(int(cells["age_from"].max()) + 1))]
    full = summed.reindex(pd.MultiIndex.from_product(axes)).to_numpy()
    return Stocks(years, areas, full.reshape([len(axis) for axis in axes]))
