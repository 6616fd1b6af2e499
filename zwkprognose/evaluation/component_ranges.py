"""How far off stocks, births, deaths and moves were before, so many years ahead: what a deviation is held against.

From every earlier launch the forecast is made again with what was known then, by the same methods, and held against
what was counted. The errors of the whole become limits of the whole; those of all areas, in units of the root of what
was expected, become limits of every area. A limit for 80 of 100 cases is an error that was seen, never a normal curve.
Under an official total of the whole the earlier forecasts are told what the whole came to; how far the official one may
be off is what is stated of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.engine import project
from zwkprognose.errors import ScenarioWarning, ZwkError
from zwkprognose.evaluation.common_error import SURE, CommonError
from zwkprognose.evaluation.flow_errors import FLOWS
from zwkprognose.evaluation.history import known_at
from zwkprognose.evaluation.launch import at_launch
from zwkprognose.evaluation.library import EXPECTED
from zwkprognose.rates import estimate_rates
from zwkprognose.rates.totals import CityTotals
from zwkprognose.scenarios import Scenario

#: Share of the cases in which a number lies within its limits.
LEVEL = 0.8
#: Errors from which on limits for 80 of 100 cases are known: of one series, and of many areas together.
LEAST, LEAST_OF_AREAS = 9, 30
#: Launches that are looked at, the latest ones.
MOST = 12
STOCK = "population"
TOO_FEW = "zu wenige frühere Vorausberechnungen lassen sich nachrechnen"
Pair = tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True, eq=False)
class Limits:
    """Errors [launch] of the whole as a share, and of the areas [error] in roots of the expected number.

    ``official`` is what an official total of the whole may be off by at this lead; None of what has no such total.
    """

    whole: np.ndarray
    areas: np.ndarray
    official: CommonError | None = None

    def of_whole(self, expected: float) -> tuple[float, float] | None:
        """Limits around an expected number of the whole; of an official total those of its own error, if it has one."""
        if self.official is not None:
            away = self.official.quantile((1 + LEVEL) / 2)
            return (expected * np.exp(-away), expected * np.exp(away)) if away else None
        found = quantiles(self.whole, LEAST)
        return None if found is None else (expected * (1 + found[0]), expected * (1 + found[1]))

    def of_area(self, expected: float) -> tuple[float, float] | None:
        """Limits around an expected number of one area."""
        if self._of_areas is None or expected <= 0:
            return None
        low, high = (expected + bound * np.sqrt(expected) for bound in self._of_areas)
        common = 0.0 if self.official is None else expected * self.official.quantile((1 + LEVEL) / 2)
        middle, half = (low + high) / 2, np.hypot((high - low) / 2, common)  # independent of each other
        return max(middle - half, 0.0), middle + half  # no fewer than nobody

    @cached_property
    def _of_areas(self) -> tuple[float, float] | None:
        return quantiles(self.areas, LEAST_OF_AREAS)


def quantiles(errors: np.ndarray, least: int) -> tuple[float, float] | None:
    """Errors between which 80 of 100 new ones lie, of finite samples; None if there are too few.

    Examples
    --------
    >>> quantiles(np.arange(9.0), 9)
    (0.0, 8.0)
    >>> quantiles(np.arange(8.0), 8) is None
    True
    """
    n = len(errors)
    rank = int(np.ceil((n + 1) * (1 + LEVEL) / 2 - 1e-9))
    if n < least or rank > n:
        return None
    ordered = np.sort(errors)
    return float(ordered[n - rank]), float(ordered[rank - 1])


def component_limits(
    inputs: xr.Dataset,
    ahead: int,
    *,
    rates: Mapping[str, Any] | None = None,
    totals: str | None = None,
    city: CityTotals | None = None,
) -> dict[str, Limits]:
    """Past errors of stocks and of the flows since the launch, so many years ahead.

    Parameters
    ----------
    inputs : xr.Dataset
        What the forecast started from: stocks, and flows as far as they are known.
    ahead : int
        Years between launch and comparison.
    rates : mapping, optional
        Arguments of :func:`zwkprognose.estimate_rates` of the forecast.
    totals : str, optional
        Rule for totals of the forecast.
    city : CityTotals, optional
        Official total of the whole that the forecast met.

    Returns
    -------
    dict of component to Limits
        Components without any past error are left out.
    """
    stocks = [int(year) for year in inputs["year_end"].values]
    found: dict[str, list[Pair]] = {}
    for launch in _launches(inputs, stocks, ahead):
        for name, pair in _errors(inputs, launch, ahead, stocks[-1], rates or {}, totals, told=city is not None):
            found.setdefault(name, []).append(pair)
    official = {} if city is None else {STOCK: CommonError(ahead * city.yearly_error, SURE)}
    known = {name: _limits(pairs, official.get(name)) for name, pairs in found.items()}
    nothing = np.empty(0)
    return {name: Limits(nothing, nothing, error) for name, error in official.items()} | known


def _launches(inputs: xr.Dataset, stocks: list[int], ahead: int) -> list[int]:
    """Years whose 31.12. is known and so many years after which something is."""
    last = max([stocks[-1], *(int(year) for year in inputs["year"].values)] if "year" in inputs.dims else [stocks[-1]])
    return [year for year in stocks[1:] if year + ahead <= last][-MOST:]


def _errors(
    inputs: xr.Dataset, launch: int, ahead: int, base: int, rates: Mapping[str, Any], totals: str | None, *, told: bool
) -> Iterator[tuple[str, Pair]]:
    """Expected and counted persons [area] of every component that is known after a launch.

    ``told``: the forecast is told the totals of the whole that were counted.
    """
    known = known_at(inputs, launch)
    years = list(range(launch + 1, launch + ahead + 1))
    options: dict[str, Any] = {} if totals is None else {"totals": totals}
    if told:
        options["city"] = _counted(inputs, years)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScenarioWarning)
            asked = at_launch(rates, known["year_end"].values.tolist(), base)
            own = estimate_rates(known, **asked)
            made = project(known, own, Scenario.bundled(EXPECTED), until=years[-1], **options)
    except ZwkError:  # so early there was too little to go by
        return
    if years[-1] in inputs["year_end"].values:
        yield STOCK, _pair(made[STOCK].sel(year_end=years[-1]), inputs[STOCK].sel(year_end=years[-1]))
    for name in FLOWS:
        if name in inputs and "area" in inputs[name].dims and set(years) <= set(inputs[name]["year"].values.tolist()):
            yield name, _pair(made[name].sel(year=years), inputs[name].sel(year=years))


def _counted(inputs: xr.Dataset, years: list[int]) -> CityTotals:
    """Persons of the whole in those of the years that have a stock."""
    known = [year for year in years if year in inputs["year_end"].values]
    return CityTotals({year: float(inputs[STOCK].sel(year_end=year).sum()) for year in known})


def _pair(expected: xr.DataArray, counted: xr.DataArray) -> Pair:
    sums = [values.sum([dim for dim in values.dims if dim != "area"]) for values in (expected, counted)]
    return sums[0].values, sums[1].sel(area=sums[0]["area"].values).values


def _limits(pairs: list[Pair], official: CommonError | None) -> Limits:
    whole = np.array([counted.sum() / expected.sum() - 1 for expected, counted in pairs if expected.sum() > 0])
    areas = [(counted - expected)[expected > 0] / np.sqrt(expected[expected > 0]) for expected, counted in pairs]
    return Limits(whole, np.concatenate(areas), official)
