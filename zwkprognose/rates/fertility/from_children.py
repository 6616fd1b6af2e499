"""Fertility by area: the national schedule at the level that the area's youngest children imply.

The births behind the children are compared with those that the national schedule expects from the women who lived
there in those years. The ratio, shrunk towards the city, is the level.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.rates.base import Base
from zwkprognose.rates.fertility.birth_groups import child_groups
from zwkprognose.rates.fertility.schedule import Fertility, child_years, expected_births, implied_births
from zwkprognose.rates.shrinkage import empirical_bayes

NOTE = "Geburtenziffern {fertility_year} für Deutschland im Niveau an die Kinder im Bestand angepasst"


def usable(inputs: xr.Dataset) -> bool:
    """Whether there is a stock before the children's births."""
    return inputs.sizes["year_end"] > 1


def estimate(inputs: xr.Dataset, base: Base, death_prob: np.ndarray, net: np.ndarray) -> Fertility:
    """Estimate fertility from the youngest children of the last stock.

    Parameters
    ----------
    inputs : xr.Dataset
    base : Base
    death_prob, net : np.ndarray [area, nationality, sex, age]
        By age reached; ``net`` is annual net migration per survivor.
    """
    stocks, years = base.stocks, child_years(base.stocks)
    children = implied_births(stocks, years, death_prob, net)
    mothers = total(expected_births(stocks, years, base.schedule), 0)
    levels = empirical_bayes(total(children, -1), total(mothers, -1), base.types["fertility"])
    group_level, share = child_groups(total(children, 0), total(mothers, 0), stocks.groups)
    rate = levels.level[:, None, None] * group_level[:, None] * base.schedule
    return Fertility(rate, levels, share)
