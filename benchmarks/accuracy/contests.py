"""The contests: which city, which launches, which methods."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import xarray as xr
from cities import with_sexes

from zwkprognose.evaluation import FIVE_YEARS, METHODS, TEN_YEARS, Library, Method, hindcast
from zwkprognose.evaluation.library import all_methods

#: Rules for totals alone; the library's forecast has the totals of its rule to the last digit.
TOTALS = {
    "unchanged": METHODS["unchanged"],
    "average": METHODS["average"],
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
    prepare: Callable[[xr.Dataset], xr.Dataset] | None = None

    def run(self) -> xr.Dataset:
        """Hindcast with all methods, with and without the true total of the city."""
        methods = all_methods(self.stocks)
        if self.prepare is not None:
            methods |= {"cohorts": Library(None, self.prepare), "default": Library(prepare=self.prepare)}
        return hindcast(self.stocks, self.launches, [self.lead], methods, groups=self.groups)


def contests(berlin: xr.DataArray, konstanz: xr.DataArray, bremen: xr.Dataset | None) -> list[Contest]:
    """All contests of the benchmark."""
    out = [
        Contest("Berlin", berlin, (2006, 2010, 2011, 2015), 5, prepare=with_sexes),
        Contest("Berlin", berlin, (2006, 2010), 10, prepare=with_sexes),
        Contest("Konstanz", konstanz, tuple(range(2000, 2021, 5)), 5, largest=20000),
        Contest("Konstanz", konstanz, (2000, 2005, 2010, 2015), 10, largest=20000),
    ]
    if bremen is not None:
        out[2:2] = [
            Contest("Bremen", bremen, (1990, 2000, 2010), 10, groups=TEN_YEARS),
            Contest("Bremen", bremen, (1990, 2000), 20, groups=TEN_YEARS),
        ]
    return out
