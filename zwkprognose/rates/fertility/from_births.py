"""Fertility from registered births: level by area, and by the mother's group and age where they are known.

The national schedule keeps its shape. Births by the mother's age move it (the mean age of the city's mothers),
births by the mother's group set the group's level, births by area the area's, shrunk.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.rates.base import Base
from zwkprognose.rates.events import age_basis, area_events, by_age_reached, has_events, splits, weighted, yearly_events
from zwkprognose.rates.fertility.birth_groups import child_groups, foreign_share
from zwkprognose.rates.fertility.change import mean_age, shift_ages
from zwkprognose.rates.fertility.schedule import Fertility, child_years, implied_births, women_exposed
from zwkprognose.rates.shrinkage import empirical_bayes, ratio

NOTE = "Geburtenziffern {fertility_year} für Deutschland im Niveau an die eigenen Geburten angepasst"


def usable(inputs: xr.Dataset) -> bool:
    """Whether births are known and can be set against a population before and after."""
    return has_events(inputs, "births") and inputs.sizes["year_end"] > 1


def estimate(inputs: xr.Dataset, base: Base, death_prob: np.ndarray, net: np.ndarray) -> Fertility:
    """Estimate fertility from the births of the base period.

    Parameters
    ----------
    inputs : xr.Dataset
        With ``births``; every further split (area, mother's nationality, mother's age) is used.
    base : Base
    death_prob, net : np.ndarray [area, nationality, sex, age]
        Take the youngest children back to their births, which tells the children's groups.
    """
    schedule = shifted_schedule(inputs, base) if splits(inputs, "births", ("age",)) else base.schedule
    yearly = total(women_exposed(base.stocks, base.years) * schedule, -1)
    births = area_events(inputs, "births", base, total(yearly, (0, 2)))
    position = [base.years.index(y) for y in births.years]
    mothers = weighted(yearly[position], births.weight)
    group_level, share = _groups(inputs, base, mothers, float(total(births.total())), death_prob, net)
    levels = empirical_bayes(births.total(), total(mothers * group_level, -1), base.types["fertility"])
    return Fertility(levels.level[:, None, None] * group_level[:, None] * schedule, levels, share)


def shifted_schedule(inputs: xr.Dataset, base: Base) -> np.ndarray:
    """National schedule moved to the mean age of the city's mothers [nationality, age] (or [age]).

    It stays where there are no births, or no women, to tell a mean age.
    """
    dims = ("nationality", "age") if splits(inputs, "births", ("nationality",)) else ("age",)
    births = yearly_events(inputs, "births", base, dims)
    ages = np.zeros((*births.cells.shape[1:-1], base.stocks.open_age + 1))
    ages[..., inputs["births"]["age"].to_numpy()] = births.total()
    observed = by_age_reached(ages, age_basis(inputs, "births"))
    women = total(weighted(women_exposed(base.stocks, births.years), births.weight), 0)
    if len(dims) == 1:
        women = total(women, 0)
    awaited = women * base.schedule
    known = (total(observed, -1) > 0) & (total(awaited, -1) > 0)
    told, usual = (np.where(known[..., None], each, base.schedule) for each in (observed, awaited))
    shift = mean_age(told) - mean_age(usual)
    return np.array([shift_ages(base.schedule, float(s)) for s in np.atleast_1d(shift)]).reshape(women.shape)


def _groups(
    inputs: xr.Dataset,
    base: Base,
    mothers: np.ndarray,
    registered: float,
    death_prob: np.ndarray,
    net: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Level of each mother's group relative to all, and the children's groups."""
    names = base.stocks.groups
    children = total(implied_births(base.stocks, child_years(base.stocks), death_prob, net), 0)
    children = children * ratio(registered, total(children))
    if not splits(inputs, "births", ("nationality",)):
        return child_groups(children, total(mothers, 0), names)
    births = yearly_events(inputs, "births", base, ("nationality",)).total()
    level = ratio(ratio(births, total(mothers, 0)), ratio(total(births), total(mothers)))
    return level, foreign_share(children, births, names)
