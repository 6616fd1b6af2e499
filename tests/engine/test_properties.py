"""What must hold in every city: properties on random cities of 1–20 areas, 1–3 groups, open age 5–110.

All on the reference; that the compiled kernels give the same bits is tested in ``test_kernels``.
"""

from __future__ import annotations

import numpy as np
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from zwkprognose import check_balance, project
from zwkprognose.engine import Timing

CELL = ("nationality", "sex", "age")
SMALL = settings(max_examples=15)

areas, groups = st.integers(1, 20), st.integers(1, 3)
open_age, seed = st.integers(5, 110), st.integers(0, 10_000)
moves = st.sampled_from([None, "pool", "matrix"])


def same(one, other, **tolerance):
    for name in one:
        xr.testing.assert_allclose(one[name], other[name], **tolerance)


def closed(rates):
    return rates.assign(out_prob=0 * rates["out_prob"], in_moves=0 * rates["in_moves"])


@SMALL
@given(areas, groups, open_age, seed, moves)
def test_balance_and_no_negative_stock(city, rates_of, plan_of, areas, groups, open_age, seed, moves):
    stock = city(areas, groups, open_age, seed)
    stock = stock.assign(population=stock["population"] + 1.0)
    projection = project(stock, rates_of(stock, seed, moves=moves), until=2026, **plan_of(stock, seed))
    assert check_balance(projection) < 1e-11
    assert float(projection["population"].min()) >= 0
    assert float(projection["deaths"].min()) >= 0


@SMALL
@given(areas, groups, open_age, seed)
def test_areas_with_equal_rates_add_up(city, rates_of, areas, groups, open_age, seed):
    """The city as one area has the sum of the areas, if all have the same rates."""
    stock = city(areas, groups, open_age, seed)
    rates = rates_of(stock, seed)
    rates = rates.isel(area=0, drop=True).assign(in_moves=rates["in_moves"])
    whole = stock.sum("area").expand_dims(area=["all"], axis=1)
    one = rates.drop_dims("area").assign(in_moves=rates["in_moves"].sum("area").expand_dims(area=["all"]))
    parts = project(stock, rates, until=2024).sum("area")
    same(parts, project(whole, one, until=2024).isel(area=0, drop=True), rtol=1e-10)


@SMALL
@given(areas, groups, open_age, seed)
def test_zero_rates_are_pure_ageing_and_the_open_group_fills(city, rates_of, areas, groups, open_age, seed):
    stock = city(areas, groups, open_age, seed)
    projection = project(stock, 0 * rates_of(stock, seed).drop_vars("birth_group_share"), until=2023)
    before, after = stock["population"][0], projection["population"].sel(year_end=2023)
    assert (after.sel(age=slice(0, 2)) == 0).all()
    np.testing.assert_array_equal(after.sel(age=slice(3, open_age - 1)), before.sel(age=slice(0, open_age - 4)))
    np.testing.assert_allclose(after.sel(age=open_age), before.sel(age=slice(open_age - 3, None)).sum("age"))


@SMALL
@given(areas, groups, open_age, seed)
def test_one_area_alone_is_that_area_in_the_city(city, rates_of, areas, groups, open_age, seed):
    stock = city(areas, groups, open_age, seed)
    rates = rates_of(stock, seed)
    alone = project(stock.isel(area=[areas - 1]), rates.isel(area=[areas - 1]), until=2025)
    xr.testing.assert_equal(alone, project(stock, rates, until=2025).isel(area=[areas - 1]))


@SMALL
@given(areas, groups, open_age, seed, st.sampled_from(["pool", "matrix"]))
def test_moves_inside_conserve_every_cohort(city, rates_of, areas, groups, open_age, seed, moves):
    stock = city(areas, groups, open_age, seed)
    projection = project(stock, rates_of(stock, seed, moves=moves), until=2023)
    np.testing.assert_allclose(projection["moves_in"].sum("area"), projection["moves_out"].sum("area"), rtol=1e-12)


@SMALL
@given(areas, groups, open_age, seed, st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_balance_holds_under_every_timing(city, rates_of, areas, groups, open_age, seed, early, newborn, completed):
    stock = city(areas, groups, open_age, seed)
    rates = rates_of(stock, seed)
    timing = Timing(early, newborn, completed, mothers_start=early, late_mothers=completed)
    if not completed:
        rates["death_prob"] = 0.5 * rates["death_prob"]
    assert check_balance(project(stock, rates, until=2024, timing=timing)) < 1e-11
