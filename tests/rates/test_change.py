"""Mortality and fertility over the years of a projection."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from zwkprognose import national
from zwkprognose.errors import RatesError
from zwkprognose.rates import estimate_rates
from zwkprognose.rates.fertility.change import change_fertility, mean_age, shift_ages
from zwkprognose.rates.mortality.improvement import (
    annual_decline,
    improve_mortality,
    lee_carter_decline,
    life_expectancy,
)
from zwkprognose.rates.mortality.year_end import year_end_death_prob

YEARS = range(2024, 2044)


@pytest.fixture
def rates(make_inputs: Callable[..., xr.Dataset], stock: np.ndarray) -> xr.Dataset:
    return estimate_rates(make_inputs({2020: stock, 2023: stock}))


def e0(rates: xr.Dataset) -> xr.DataArray:
    """Life expectancy of the mean of all areas and groups."""
    mean = rates["death_prob"].mean(["area", "nationality"])
    return xr.apply_ufunc(life_expectancy, mean, input_core_dims=[["age"]])


@pytest.mark.parametrize(("sex", "published"), [("female", 83.19), ("male", 78.47)])
def test_life_expectancy_from_year_end_risks_is_the_published_one(sex: str, published: float) -> None:
    risks = year_end_death_prob(national.death_prob("2022/24"), 95).sel(sex=sex).to_numpy()
    assert float(life_expectancy(risks)) == pytest.approx(published, abs=0.02)


def test_constant_mortality_stays(rates: xr.Dataset) -> None:
    later = improve_mortality(rates, YEARS, method="constant")
    np.testing.assert_allclose(later["death_prob"].isel(year=-1), rates["death_prob"], rtol=1e-12)
    assert later["death_prob"].dims[0] == "year"


@pytest.mark.parametrize("method", ["trend", "lee_carter"])
def test_the_trend_goes_on_as_in_germany(rates: xr.Dataset, method: str) -> None:
    # between the tables 1998/00 and 2017/19 women gained 2.6 and men 4.0 years in 19 years
    gain = e0(improve_mortality(rates, YEARS, method=method, damping=1.0)) - e0(rates)  # type: ignore[arg-type]
    last = gain.isel(year=-2)
    assert 1.9 < float(last.sel(sex="female")) < 3.0
    assert 2.9 < float(last.sel(sex="male")) < 4.2


def test_damping_slows_the_trend_down(rates: xr.Dataset) -> None:
    free, damped = (e0(improve_mortality(rates, YEARS, damping=d)) for d in (1.0, 0.9))
    assert bool((damped.isel(year=-1) < free.isel(year=-1)).all())
    steps = damped.diff("year")
    assert bool((steps.isel(year=-1) < steps.isel(year=0)).all())


def test_both_declines_tell_the_same_story() -> None:
    trend, lee_carter = annual_decline(95), lee_carter_decline(95)
    assert float((trend < 0).mean()) > 0.98
    np.testing.assert_allclose(trend.mean("age"), lee_carter.mean("age"), rtol=0.1)


def test_a_target_is_met_in_the_last_year(rates: xr.Dataset) -> None:
    target = {"female": 86.0, "male": 82.5}
    found = e0(improve_mortality(rates, YEARS, method="target", target_e0=target)).isel(year=-1)
    for sex, years in target.items():
        assert float(found.sel(sex=sex)) == pytest.approx(years, abs=1e-6)


def test_targets_that_lack_a_sex_or_reason_are_refused(rates: xr.Dataset) -> None:
    with pytest.raises(RatesError, match="je Geschlecht"):
        improve_mortality(rates, YEARS, method="target", target_e0={"female": 86.0})
    with pytest.raises(RatesError, match="nicht zu erreichen"):
        improve_mortality(rates, YEARS, method="target", target_e0={"female": 400.0, "male": 80.0})
    with pytest.raises(RatesError, match="zu wenige Sterbetafeln"):
        improve_mortality(rates, YEARS, trend_years=(1980, 1985))


def test_a_target_tfr_is_met_and_areas_keep_their_order(rates: xr.Dataset) -> None:
    later = change_fertility(rates, YEARS, target_tfr=1.8)["fertility_rate"].sum("age")
    assert float(later.isel(year=-1).mean()) == pytest.approx(1.8)
    now = rates["fertility_rate"].sum("age")
    np.testing.assert_allclose(later.isel(year=-1) / now, (later.isel(year=-1) / now).mean(), rtol=1e-12)


def test_mothers_grow_older_at_the_same_level(rates: xr.Dataset) -> None:
    later = change_fertility(rates, YEARS, mean_age_shift=0.7)["fertility_rate"].to_numpy()
    now = rates["fertility_rate"].to_numpy()
    np.testing.assert_allclose(later[-1].sum(-1), now.sum(-1))
    np.testing.assert_allclose(mean_age(later[-1]) - mean_age(now), 0.7)


def test_births_do_not_fall_off_the_scale() -> None:
    with pytest.raises(RatesError, match="über den Rand"):
        shift_ages(np.array([0.0, 0.1, 0.2]), 1.0)
    np.testing.assert_allclose(shift_ages(np.array([0.0, 0.1, 0.2]), -1.0), [0.1, 0.2, 0.0])
