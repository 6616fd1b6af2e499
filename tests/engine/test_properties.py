"""What must hold in every city: properties on random cities of 1–20 areas, 1–3 groups, open age 5–110.

All on the reference; that the compiled kernels give the same bits is tested in ``test_kernels``.
"""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from zwkprognose import check_balance, project
from zwkprognose.engine import Timing

CELL = ("nationality", "sex", "age")
SMALL = settings(max_examples=15, deadline=None)

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
    for name in ("out_prob", "fertility_rate"):
        rates[name] = rates[name].isel(area=0, drop=True)
    whole = stock.sum("area").expand_dims(area=["all"], axis=1)
    one = rates.isel(area=[0]).assign_coords(area=["all"])
    one["in_moves"] = rates["in_moves"].sum("area").expand_dims(area=["all"])
    parts = project(stock, rates, until=2024).sum("area")
    same(parts, project(whole, one, until=2024).isel(area=0, drop=True), rtol=1e-10)


@SMALL
@given(areas, groups, open_age, seed, moves, st.floats(0.01, 100.0))
def test_twice_the_people_give_twice_the_result(city, rates_of, areas, groups, open_age, seed, moves, factor):
    stock = city(areas, groups, open_age, seed)
    rates = rates_of(stock, seed, moves=moves)
    more = rates.assign(in_moves=factor * rates["in_moves"])
    same(factor * project(stock, rates, until=2023), project(factor * stock, more, until=2023), rtol=1e-10)


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
@given(areas, groups, open_age, seed, moves, st.randoms(use_true_random=False))
def test_order_of_areas_sexes_and_groups_changes_nothing(
    city, rates_of, plan_of, areas, groups, open_age, seed, moves, random
):
    """Areas: not one bit. Sexes and groups: but for rounding, as births are summed in the order of the groups."""
    stock = city(areas, groups, open_age, seed)
    stock = stock.assign(population=stock["population"] + 1.0)
    rates = rates_of(stock, seed, moves=moves)
    citizens = {"citizens": stock["nationality"].values.tolist()[0]} if groups > 1 else {}
    one = project(stock, rates, until=2023, **citizens, **plan_of(stock, seed))
    mixed = stock.isel(area=random.sample(range(areas), areas))
    xr.testing.assert_equal(
        project(mixed, rates, until=2023, **citizens, **plan_of(stock, seed)).sel(area=one["area"]), one
    )
    mixed = stock.isel(nationality=random.sample(range(groups), groups), sex=[1, 0])
    again = project(mixed, rates, until=2023, **citizens, **plan_of(stock, seed))
    same(again.sel(nationality=one["nationality"], sex=one["sex"]), one, rtol=1e-10)


@SMALL
@given(areas, groups, open_age, seed, moves, st.integers(2021, 2029))
def test_continued_projection_is_the_whole_one_bit_for_bit(
    city, rates_of, plan_of, areas, groups, open_age, seed, moves, stop
):
    stock = city(areas, groups, open_age, seed)
    stock = stock.assign(population=stock["population"] + 1.0)
    rates = rates_of(stock, seed, years=range(2021, 2031))
    if moves:
        own = ["move_out_prob", *(v for v in ("move_in_share", "destination_share"))]
        inside = rates_of(stock, seed, moves=moves)
        rates = rates.assign({n: inside[n] for n in own if n in inside})
    plan = plan_of(stock, seed)
    whole = project(stock, rates, until=2030, **plan)
    later = project(project(stock, rates, until=stop, **plan), rates, until=2030, **plan)
    for name in whole:
        axis = "year_end" if name == "population" else "year"
        xr.testing.assert_equal(later[name], whole[name].sel({axis: later[axis]}))


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
@given(areas, groups, open_age, seed, st.floats(1.01, 1.5))
def test_more_births_fewer_deaths_more_moves_in_mean_more_people(city, rates_of, areas, groups, open_age, seed, factor):
    stock = city(areas, groups, open_age, seed)
    rates = rates_of(stock, seed)
    base = project(stock, rates, until=2025)["population"]
    for name, change in (("fertility_rate", factor), ("death_prob", 1 / factor), ("in_moves", factor)):
        more = project(stock, rates.assign({name: change * rates[name]}), until=2025)["population"]
        assert float((more - base).min()) >= -1e-9 * float(base.max())


def leslie(rates, girls):
    """The matrix of a closed population of women: births are f·½(J + P) of the cohort, newborns die with q[0]."""
    q, f = rates["death_prob"].values, rates["fertility_rate"].values
    matrix = np.diag(1 - q[1:], -1)
    matrix[-1, -1] = 1 - q[-1]
    born = girls * (1 - q[0]) * f * (1 - q / 2)
    matrix[0, :-1] = born[1:]
    matrix[0, -1] = born[-1]
    return matrix


def women(city, rates_of, open_age, seed):
    """One area of women only, closed; a third of the open group dies, so that it settles."""
    stock = city(1, 1, open_age, seed).isel(sex=[0])
    rates = closed(rates_of(stock, seed)).isel(area=0, nationality=0, sex=0)
    still = xr.zeros_like(stock["population"][0].drop_vars("year_end"))
    given = rates[["death_prob", "fertility_rate"]].drop_vars(["area", "nationality", "sex"])
    given["death_prob"] = given["death_prob"].where(given["age"] < open_age, 1 / 3)
    return stock, given.assign(out_prob=0 * given["death_prob"], in_moves=still, female_birth_share=1.0)


@SMALL
@given(open_age, seed)
def test_loop_is_the_power_of_the_leslie_matrix(city, rates_of, open_age, seed):
    stock, rates = women(city, rates_of, open_age, seed)
    power = np.linalg.matrix_power(leslie(rates, 1.0), 30) @ stock["population"].values.ravel()
    loop = project(stock, rates, until=2050)["population"].sel(year_end=2050)
    np.testing.assert_allclose(loop.values.ravel(), power, rtol=1e-9, atol=1e-12)


@settings(max_examples=5, deadline=None)
@given(seed)
def test_population_becomes_stable(city, rates_of, seed):
    """Growth and age structure become those of the largest root; the second root is at 0.98 of it."""
    stock, rates = women(city, rates_of, 100, seed)
    young = rates["age"] < 100
    rates = rates.assign(death_prob=rates["death_prob"].where(~young, 0.1 * rates["death_prob"]))
    roots, vectors = np.linalg.eig(leslie(rates, 1.0))
    top = np.argmax(roots.real)
    late = project(stock, rates, until=3020)["population"].isel(year_end=[-2, -1]).sum(CELL[:2]).isel(area=0)
    assert float(late[1].sum() / late[0].sum()) == pytest.approx(roots[top].real, rel=1e-6)
    structure = vectors[:, top].real / vectors[:, top].real.sum()
    np.testing.assert_allclose(late[1] / late[1].sum(), structure, atol=1e-6)


@settings(max_examples=5, deadline=None)
@given(seed)
def test_momentum_is_that_of_keyfitz(city, rates_of, seed):
    """If fertility falls to replacement at once, the population still grows to (v·n)/(v·w) times w.

    v are the reproductive values and w the stationary structure at replacement (Keyfitz 1971).
    """
    stock, rates = women(city, rates_of, 100, seed)
    young = rates["age"] < 100
    rates = rates.assign(death_prob=rates["death_prob"].where(~young, 0.1 * rates["death_prob"]))
    alive = np.cumprod(np.append(1.0, 1 - rates["death_prob"].values[:-1]))
    net = float((rates["fertility_rate"].values * (1 - rates["death_prob"].values / 2) * alive)[1:].sum())
    replaced = rates.assign(fertility_rate=rates["fertility_rate"] / net)
    matrix = leslie(replaced, 1.0)
    assert np.abs(np.linalg.eigvals(matrix)).max() == pytest.approx(1.0, rel=1e-9)
    right, left = (_top(m) for m in (matrix, matrix.T))
    final = (left @ stock["population"].values.ravel()) / (left @ right) * right
    late = project(stock, replaced, until=4020)
    np.testing.assert_allclose(late["population"].isel(year_end=-1).values.ravel(), final, rtol=1e-5)


def _top(matrix):
    roots, vectors = np.linalg.eig(matrix)
    return vectors[:, np.argmax(roots.real)].real


@SMALL
@given(areas, groups, open_age, seed, st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_balance_holds_under_every_timing(city, rates_of, areas, groups, open_age, seed, early, newborn, completed):
    stock = city(areas, groups, open_age, seed)
    rates = rates_of(stock, seed)
    timing = Timing(early, newborn, completed, mothers_start=early, late_mothers=completed)
    if not completed:
        rates["death_prob"] = 0.5 * rates["death_prob"]
    assert check_balance(project(stock, rates, until=2024, timing=timing)) < 1e-11
