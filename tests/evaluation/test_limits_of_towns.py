"""Limits of towns of every kind: calm and restless, growing and shrinking, with new estates and empty areas."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
import xarray as xr

from zwkprognose.evaluation import intervals, total_trajectories
from zwkprognose.rates.totals import estimate_totals

YEARS = [2021, 2022, 2025, 2027, 2030, 2040, 2045]
#: Kind of town: mean and spread of the yearly growth of its areas.
KINDS = {"calm": (0.0, 0.001), "fast": (0.03, 0.015), "shrinking": (-0.025, 0.01), "boom": (0.0, 0.01)}
TOWNS = [
    (kind, estate, years, areas)
    for kind, estate, (years, areas) in product(KINDS, (False, True), [(5, 31), (8, 31), (12, 12), (20, 12), (30, 12)])
]


def town(kind: str, estate: bool, years: int, areas: int) -> xr.DataArray:
    """Areas of 300 to 20,000 persons; with an estate, one is built within two years, one empties, one was empty."""
    rng = np.random.default_rng([years, areas])
    mean, spread = KINDS[kind]
    growth = rng.normal(mean, spread, (years, areas))
    growth[0] = 0
    if kind == "boom":
        growth[-3:] += 0.04
    persons = np.round(np.exp(rng.uniform(np.log(300), np.log(20000), areas)) * np.exp(growth.cumsum(axis=0)))
    if estate:
        persons[:, 0] = [*np.full(years - 2, 20), 800, 2400]
        persons[: years // 2, 1] = 0
        persons[-1, 2] = 0
    coords = {"year_end": 2021 - years + np.arange(years), "area": [f"{k:02}" for k in range(areas)]}
    return xr.DataArray(persons, coords, ("year_end", "area"))


def groups_of(stocks: xr.DataArray) -> dict[str, str]:
    return {a: f"G{k % 3}" for k, a in enumerate(stocks["area"].values.tolist())}


@pytest.mark.parametrize(("kind", "estate", "years", "areas"), TOWNS)
def test_limits_mean_something_in_every_town(kind: str, estate: bool, years: int, areas: int) -> None:
    stocks = town(kind, estate, years, areas)
    limits = intervals(stocks, YEARS, groups=groups_of(stocks))
    assert np.isfinite(limits.to_dataarray()).all()
    inhabited = (limits["forecast"] > 0).all("year_end").values
    for prefix, dim in (("", "area"), ("city_", None), ("group_", "group")):
        forecast, lower, upper = (limits[prefix + part] for part in ("forecast", "lower", "upper"))
        assert ((lower <= forecast) & (forecast <= upper)).all()
        assert (upper.diff("level") >= 0).all()
        assert (lower.diff("level") <= 0).all()
        if dim == "area":
            forecast, lower, upper = (x.isel(area=inhabited) for x in (forecast, lower, upper))
        assert ((upper / forecast).diff("year_end") >= -1e-12).all()
        assert ((lower / forecast).diff("year_end") <= 1e-12).all()
    np.testing.assert_allclose(limits["city_forecast"], limits["forecast"].sum("area"), rtol=1e-12)
    np.testing.assert_allclose(limits["city_forecast"], limits["group_forecast"].sum("group"), rtol=1e-12)
    large = (stocks.isel(year_end=-1) >= 1000).values
    factor = (limits["upper"] / limits["forecast"]).sel(level=0.95, year_end=2040).isel(area=large)
    assert float(factor.max()) <= 3


@pytest.mark.parametrize("kind", KINDS)
def test_the_order_of_the_areas_and_other_years_do_not_move_a_bit(kind: str) -> None:
    stocks = town(kind, True, 20, 31) * np.pi / 3  # not whole, so that the order of a sum would show
    mixed = np.random.default_rng(3).permutation(31)
    first, second = (intervals(x, YEARS, groups=groups_of(stocks)) for x in (stocks, stocks.isel(area=mixed)))
    xr.testing.assert_identical(first, second.sel(area=first["area"]))
    one = intervals(stocks, [2030])
    xr.testing.assert_identical(one, first[list(one)].sel(year_end=[2030]))
    totals = estimate_totals(stocks.isel(area=mixed), YEARS).sel(area=first["area"])
    assert (totals.values == first["forecast"].values).all()


def test_the_luck_of_an_area_is_its_own() -> None:
    stocks = town("fast", False, 12, 12)
    mixed = np.random.default_rng(3).permutation(12)
    first, second = (total_trajectories(x, [2025, 2030], draws=40) for x in (stocks, stocks.isel(area=mixed)))
    xr.testing.assert_identical(first, second.sel(area=first["area"]))


def test_a_longer_lead_known_from_luckier_launches_is_no_surer() -> None:
    """A boom missed at short leads that long ones, known from earlier launches alone, did not show yet."""
    rng = np.random.default_rng(5)
    growth = rng.normal(0.0, 0.004, (13, 40))
    growth[-3:] += 0.05
    persons = 3000 * np.exp(growth.cumsum(axis=0))
    stocks = xr.DataArray(persons, {"year_end": range(2008, 2021), "area": range(40)}, ("year_end", "area"))
    limits = intervals(stocks, range(2021, 2036), levels=[0.8]).squeeze("level")
    width = (limits["upper"] - limits["lower"]) / limits["forecast"]
    assert (width.diff("year_end") >= -1e-12).all()
    assert (width.isel(year_end=-1) > 1.3 * width.isel(year_end=0)).all()
