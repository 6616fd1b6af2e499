"""What several rules need, reckoned once for all of them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from zwkprognose.tables.codes import categorised
from zwkprognose.tables.counts import ALL_AGE_COUNTS, counts
from zwkprognose.tables.margins import age_sets
from zwkprognose.tables.rules.single_years import Stocks, stocks_of
from zwkprognose.tables.table import Table


@dataclass(frozen=True)
class Checked(Table):
    """A table under check; its texts are categories."""

    @classmethod
    def of(cls, table: Table) -> Checked:
        """The table ready to be checked."""
        return cls(categorised(table.cells), table.source, table.ledger)

    @cached_property
    def counted(self) -> pd.DataFrame:
        """Cells that count persons, with plain ages."""
        return counts(self.cells)

    @cached_property
    def stocks(self) -> pd.DataFrame:
        """Cells of the population, with plain ages."""
        return self.counted[self.counted["variable"] == "population"]

    @cached_property
    def all_ages(self) -> pd.DataFrame:
        """Cells of counts that have every age from 0 on."""
        return self.counted[self.counted["variable"].isin(ALL_AGE_COUNTS)]

    @cached_property
    def single_years(self) -> Stocks | None:
        """Stocks by single years of age; ``None`` without two years of them."""
        return stocks_of(self.stocks)

    @cached_property
    def age_sets(self) -> pd.Series:
        """The set of age groups of every area, year, sex and nationality."""
        return age_sets(self.all_ages)
