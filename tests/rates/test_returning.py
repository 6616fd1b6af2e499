"""Fertility that returns to the mean level of the city's own past."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from zwkprognose.engine import check_balance, project
from zwkprognose.errors import RatesError
from zwkprognose.rates import estimate_rates, return_fertility
from zwkprognose.rates.fertility.returning import fertility_levels

YEARS = range(2024, 2034)


@pytest.fixture
def inputs(make_inputs: Callable[..., xr.Dataset], stock: np.ndarray) -> xr.Dataset:
    """Four stocks that are alike but for the children, of whom there are fewer in the last ones."""
    fewer = stock.copy()
    fewer[..., :3] *= 0.8
    return make_inputs({2014: stock, 2017: stock, 2020: stock, 2023: fewer})


def test_the_level_goes_straight_to_the_mean_and_stays(inputs: xr.Dataset) -> None:
    rates, levels = estimate_rates(inputs), fertility_levels(inputs)
    first, second, last = levels.values
    assert levels["year_end"].values.tolist() == [2017, 2020, 2023]
    assert last < 0.9 * second
    back = (first + second + last) / 3 / last
    path = return_fertility(inputs, rates, YEARS, within=4)["fertility_rate"]
    factors = [1 + (back - 1) * share for share in (0.25, 0.5, 0.75, *[1] * 7)]
    for year, factor in zip(YEARS, factors, strict=True):
        np.testing.assert_allclose(path.sel(year=year), factor * rates["fertility_rate"], rtol=1e-12)


def test_the_levels_are_those_that_estimates_from_each_stock_give(inputs: xr.Dataset) -> None:
    alone = inputs.isel(area=[0])
    then = estimate_rates(alone.sel(year_end=slice(None, 2020)))["fertility_rate"].sum("age").mean()
    assert float(fertility_levels(alone).sel(year_end=2020)) == pytest.approx(float(then))


def test_more_children_are_born_on_the_way_and_everybody_is_accounted_for(inputs: xr.Dataset) -> None:
    rates = estimate_rates(inputs)
    plain, back = (project(inputs, r, until=2033) for r in (rates, return_fertility(inputs, rates, YEARS, within=5)))
    more = (back["births"] - plain["births"]).sum([d for d in plain["births"].dims if d != "year"])
    assert bool((more > 0).all())
    assert check_balance(back) < 1e-9


@pytest.mark.parametrize("within", [0, -3, 2.5, float("nan"), float("inf"), "zehn", True, None])
def test_a_way_of_no_years_is_refused(inputs: xr.Dataset, within: object) -> None:
    with pytest.raises(RatesError, match=r"within=.* ist nicht möglich"):
        return_fertility(inputs, estimate_rates(inputs), YEARS, within=within)  # type: ignore[arg-type]


def test_one_level_has_no_mean_and_a_path_is_not_bent_twice(inputs: xr.Dataset) -> None:
    short = inputs.isel(year_end=[2, 3])
    with pytest.raises(RatesError, match="mindestens zwei; bekannt ist 1"):
        return_fertility(short, estimate_rates(short), YEARS)
    path = return_fertility(inputs, estimate_rates(inputs), YEARS)
    with pytest.raises(RatesError, match="schon über die Jahre"):
        return_fertility(inputs, path, YEARS)
