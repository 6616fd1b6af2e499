"""The contests: which city, which launches, which methods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import xarray as xr

from zwkprognose.evaluation import FIVE_YEARS, METHODS, TEN_YEARS, Method, hindcast

#: Methods that need no ages, for cities where only totals are known.
TOTALS_ONLY = {
    **{name: method for name, method in METHODS.items() if method.ages is None},
    "trend_shares": Method("trend_shares"),
    "default": Method("shrunk"),
}


@dataclass(frozen=True)
class Contest:
    """One city, one lead, several launches."""

    city: str
    stocks: xr.DataArray | xr.Dataset
    launches: Sequence[int]
    lead: int
    groups: Sequence[int] = FIVE_YEARS
    largest: float = 10000

    def run(self) -> xr.Dataset:
        """Hindcast with all methods, with and without the true total of the city."""
        methods = METHODS if "age" in self.stocks.dims else TOTALS_ONLY
        return hindcast(self.stocks, self.launches, [self.lead], methods, groups=self.groups)


def contests(berlin: xr.DataArray, konstanz: xr.DataArray, bremen: xr.Dataset | None) -> list[Contest]:
    """All contests of the benchmark."""
    out = [
        Contest("Berlin", berlin, (2006, 2010, 2011, 2015), 5),
        Contest("Berlin", berlin, (2006, 2010), 10),
        Contest("Konstanz", konstanz, tuple(range(2000, 2021, 5)), 5, largest=20000),
        Contest("Konstanz", konstanz, (2000, 2005, 2010, 2015), 10, largest=20000),
    ]
    if bremen is not None:
        out.insert(2, Contest("Bremen", bremen, (1990, 2000, 2010), 10, groups=TEN_YEARS))
    return out
