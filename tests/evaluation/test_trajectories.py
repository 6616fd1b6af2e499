"""Trajectories say of every area and of the city what the limits say."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation import intervals, total_trajectories

YEARS = [2030, 2040]
DRAWS = 4000


@pytest.fixture(scope="module")
def drawn(konstanz: xr.DataArray) -> xr.DataArray:
    return total_trajectories(konstanz, YEARS, draws=DRAWS, seed=3)


@pytest.fixture(scope="module")
def limits(konstanz: xr.DataArray) -> xr.Dataset:
    return intervals(konstanz, YEARS, levels=[0.5, 0.8, 0.95])


@pytest.mark.parametrize("level", [0.5, 0.8, 0.95])
def test_as_many_lie_outside_the_limits_of_an_area_as_they_say(
    drawn: xr.DataArray, limits: xr.Dataset, level: float
) -> None:
    one, tail = limits.sel(level=level), (1 - level) / 2
    allowed = 4.5 * np.sqrt(tail * (1 - tail) / DRAWS) + 0.004  # chance, and the lines between the quantiles
    for outside in (drawn < one["lower"], drawn > one["upper"]):
        assert float(abs(outside.mean("draw") - tail).max()) < allowed


def test_the_range_of_the_city_is_the_calibrated_one(drawn: xr.DataArray, limits: xr.Dataset) -> None:
    low, high = drawn.sum("area").quantile([0.1, 0.9], "draw").values
    one = limits.sel(level=0.8)
    width = (one["city_upper"] - one["city_lower"]).values
    np.testing.assert_allclose(high - low, width, rtol=0.02)
    assert (abs(low - one["city_lower"].values) < 0.15 * width).all()


def test_luck_lasts_but_not_for_ever(drawn: xr.DataArray) -> None:
    """Random walks of 5 and 15 years share √(5/15) of their spread; a growing shared part takes some off."""
    rank = drawn.argsort(axis=drawn.get_axis_num("draw")).argsort(axis=drawn.get_axis_num("draw"))
    related = float(xr.corr(rank.isel(year_end=0), rank.isel(year_end=1), "draw").mean())
    assert 0.5 * np.sqrt(5 / 15) < related < 1.05 * np.sqrt(5 / 15)


def test_the_same_seed_gives_the_same_luck(konstanz: xr.DataArray) -> None:
    first, again, other = (total_trajectories(konstanz, [2030], draws=50, seed=s) for s in (1, 1, 2))
    xr.testing.assert_identical(first, again)
    assert not np.allclose(first, other)


def test_a_total_that_is_given_is_met_by_every_trajectory(konstanz: xr.DataArray) -> None:
    total = 90_000.0
    sure = total_trajectories(konstanz, [2035], draws=200, eckwert={2035: total})
    np.testing.assert_allclose(sure.sum("area"), total)
    assert float(sure.std("draw").min()) > 0
    unsure = total_trajectories(konstanz, [2035], draws=4000, eckwert={2035: total}, eckwert_error=0.003)
    assert float(np.log(unsure.sum("area") / total).std()) == pytest.approx(0.03, rel=0.06)


def test_no_trajectory_is_refused(konstanz: xr.DataArray) -> None:
    with pytest.raises(EvaluationError, match="Ohne Ziehung"):
        total_trajectories(konstanz, [2030], draws=0)
