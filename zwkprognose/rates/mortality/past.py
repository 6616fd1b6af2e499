"""Mortality of earlier years: how much higher the hazards were in the years of a base period than in the table in use.

A cohort of old people that is compared over ten years with the table of today seems to lose people to migration who
in truth died: mortality was higher then. Carried on, that loss would cancel every gain in years of life to come.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import xarray as xr

from zwkprognose import national
from zwkprognose.arithmetic import log1p, power
from zwkprognose.rates.mortality.year_end import year_end_death_prob

#: Annual fall of the hazards before the first table, as between the tables 1991/93 and 2001/03 at 65 to 95 years.
EARLIER_FALL = 0.02


def middle_year(period: str) -> int:
    """Calendar year in the middle of the three of a national table.

    Examples
    --------
    >>> middle_year("2022/24")
    2023
    """
    return int(period[:4]) + 1


def hazard_ratio(year: float, reference: float, open_age: int) -> xr.DataArray:
    """National hazards around a year relative to those around the reference year [sex, age].

    Years after the reference count as the reference: what was published later was not known. Before the first
    table hazards are higher by two percent a year.
    """
    known = {middle_year(p): p for p in national.periods()}
    first, last = min(known), max(known)
    now = round(min(max(reference, first), last))
    then = min(max(round(year), first), now)
    before = max(first - year, 0.0) if reference >= first else max(reference - year, 0.0)
    return _hazard(known[then], open_age) / _hazard(known[now], open_age) * float(power(1 + EARLIER_FALL, before))


@cache
def _hazard(period: str, open_age: int) -> xr.DataArray:
    death_prob = year_end_death_prob(national.death_prob(period), open_age)
    return death_prob.copy(data=-log1p(-np.asarray(death_prob.values)))
