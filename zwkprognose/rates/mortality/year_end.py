"""From published q(x) by exact age to death probabilities from 31.12. to 31.12.

A period table gives q(x) from the x-th to the (x+1)-th birthday. A projection needs the cohort that
reaches age x in the year: half of it is still x−1 on 1 January. Hence S(x) = L(x)/L(x−1), newborns
L(0)/l(0), open group T(A)/T(A−1), and the death probability is 1 − S.
"""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import expm1, log1p, total
from zwkprognose.errors import RatesError
from zwkprognose.rates.mortality.closing import close_probabilities
from zwkprognose.rates.stocks import Stocks, reached

#: Years lived in the first year of life by those who die in it; the published tables imply 0.12 to 0.13.
INFANT_A0 = 0.125
#: Last ages whose logit of q gives the slope beyond the table; five meet the published e(100) to 0.03 years.
CLOSING_AGES = 5
LAST_AGE = 125


def year_end_death_prob(death_prob: xr.DataArray, open_age: int) -> xr.DataArray:
    """Turn a period life table's q(x) into death probabilities by age reached at the end of the year.

    Parameters
    ----------
    death_prob : xr.DataArray [sex, age], probability
        q(x) by exact age 0, 1, 2, …
    open_age : int
        First age of the open group of the population.

    Returns
    -------
    xr.DataArray [sex, age], probability
        Ages 0 … ``open_age``; age 0 is the newborns' risk up to 31.12.

    Raises
    ------
    RatesError
        If a q(x) is missing in the middle of the table or lies outside (0, 1).
    """
    q = close_probabilities(published_part(death_prob), LAST_AGE, CLOSING_AGES)
    ratios = 1 - survival_ratios(person_years(q), open_age)
    age = np.arange(open_age + 1)
    return xr.DataArray(ratios, coords={"sex": death_prob["sex"].values, "age": age}, dims=("sex", "age"),
                        attrs={"unit": "probability", "age": "reached"})  # fmt: skip


def published_part(death_prob: xr.DataArray) -> np.ndarray:
    """q [sex, age] up to the last age that is published for both sexes."""
    q = death_prob.transpose("sex", "age").to_numpy()
    known = np.isfinite(q).all(axis=0)
    last = int(np.flatnonzero(known)[-1]) + 1 if known.any() else 0
    bad = ~((q[:, :last] > 0) & (q[:, :last] < 1))
    if last <= CLOSING_AGES or bad.any():
        cells = [{"sex": death_prob["sex"].values[s], "age": x} for s, x in np.argwhere(bad)]
        raise RatesError("Die Sterbetafel ist unvollständig oder enthält Werte außerhalb von 0 bis 1.", cells=cells,
                         remedy="Eine andere Periode der Sterbetafel wählen (mortality_period).")  # fmt: skip
    return np.asarray(q[:, :last])


def person_years(q: np.ndarray) -> np.ndarray:
    """L(x) of a table with radix 1: L = (l(x) + l(x+1))/2, first year with ``INFANT_A0``."""
    alive = np.concatenate([np.ones((*q.shape[:-1], 1)), np.cumprod(1 - q, axis=-1)], axis=-1)
    lived = (alive[..., :-1] + alive[..., 1:]) / 2
    lived[..., 0] = 1 - q[..., 0] * (1 - INFANT_A0)
    return np.asarray(lived)


def survival_ratios(lived: np.ndarray, open_age: int) -> np.ndarray:
    """S(x) = L(x)/L(x−1) for ages 0 … A, with L(0)/l(0) for newborns and T(A)/T(A−1) for the open group."""
    remaining = np.cumsum(lived[..., ::-1], axis=-1)[..., ::-1]
    ratios = lived[..., : open_age + 1].copy()
    ratios[..., 1:] = lived[..., 1 : open_age + 1] / lived[..., :open_age]
    ratios[..., -1] = remaining[..., open_age] / remaining[..., open_age - 1]
    return ratios


def scale(death_prob: np.ndarray, level: np.ndarray) -> np.ndarray:
    """Multiply the hazard behind a death probability: 1 − (1 − q)^level stays a probability at any level."""
    return -expm1(level * log1p(-death_prob))


def death_exposure(stocks: Stocks, years: list[int]) -> np.ndarray:
    """Person-years ½(J + P) of the cohorts [year, area, nationality, sex, age]; newborns alive at year end."""
    exposure = np.stack([(reached(stocks.at(y - 1)) + stocks.at(y)) / 2 for y in years])
    exposure[..., 0] *= 2
    return exposure


def expected_deaths(stocks: Stocks, years: list[int], death_prob: np.ndarray) -> np.ndarray:
    """Deaths that a schedule expects [year, area].

    From D = q·(J − ½X + ½N) and N − X = P − J + D follows D = q/(1 − q/2)·½(J + P): the deaths of the
    engine need no flows, only the stocks before and after. Newborns: q0/(1 − q0) per surviving child.
    """
    return total(central(death_prob) * death_exposure(stocks, years), (2, 3, 4))


def central(death_prob: np.ndarray) -> np.ndarray:
    """Deaths per person-year of the cohort: q/(1 − q/2), newborns q/(1 − q) per child alive at year end."""
    rates = death_prob / (1 - death_prob / 2)
    rates[..., 0] = death_prob[..., 0] / (1 - death_prob[..., 0])
    return np.asarray(rates)


def probability(rates: np.ndarray) -> np.ndarray:
    """Inverse of :func:`central`."""
    q = rates / (1 + rates / 2)
    q[..., 0] = rates[..., 0] / (1 + rates[..., 0])
    return np.asarray(q)
