"""The compiled kernels give the same bits as the readable reference, on any number of threads."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from zwkprognose import project
from zwkprognose.engine import Eckwert, Timing
from zwkprognose.engine.arrays import in_order, over_areas

CELL = ("nationality", "sex", "age")


def both(stock, rates, threads, **arguments):
    """The same projection by reference and by kernel, which must not differ in a bit."""
    arguments = {"until": int(stock["year_end"][-1]) + 6, **arguments}
    reference = project(stock, rates, method="reference", **arguments)
    kernel = project(stock, rates, method="kernel", threads=threads, **arguments)
    xr.testing.assert_identical(reference, kernel)
    return reference


cities = st.tuples(st.integers(1, 12), st.integers(1, 3), st.integers(5, 110), st.integers(0, 10_000))
threads = st.sampled_from([1, 2, 3])


@settings(max_examples=10)
@given(cities, threads, st.booleans())
def test_areas_by_themselves(city, rates_of, cities, threads, yearly):
    stock = city(*cities)
    both(stock, rates_of(stock, cities[3], years=range(2021, 2027) if yearly else None), threads)


@settings(max_examples=12)
@given(
    cities, threads, st.sampled_from([None, "pool", "matrix"]), st.sampled_from(["none", "cohorts", "both", "total"])
)
def test_everything_on(city, rates_of, plan_of, cities, threads, moves, control):
    stock = city(*cities)
    stock = stock.assign(population=stock["population"] + 1.0)
    rates, plan = rates_of(stock, cities[3], moves=moves), plan_of(stock, cities[3])
    rates = rates.assign(out_prob=0.01 + rates["out_prob"], in_moves=0.1 + rates["in_moves"])  # somebody can be moved
    free = both(stock, rates, threads, **plan)["population"][1:]
    change = xr.DataArray(np.linspace(0.97, 1.04, free.sizes["age"]), {"age": free["age"].values})
    sums = {"cohorts": [("area",)], "both": [("area",), CELL], "total": [("area", *CELL)], "none": []}[control]
    eckwerte = [Eckwert(str(dims), (change * free).sum(dims)) for dims in sums]
    both(stock, rates, threads, eckwerte=eckwerte, **plan)


def test_out_moves_at_their_limit(city, rates_of):
    """A low Eckwert that empties some cells: the same cells are at the limit."""
    stock = city(7, groups=2, open_age=90, seed=3)
    rates = rates_of(stock, seed=3)
    rates = rates.assign(in_moves=0.01 * rates["in_moves"])
    some = rates.assign(out_prob=(0.05 + rates["out_prob"]).where(rates["area"] > "02", 0.0))
    free = project(stock, some, until=2022)["population"].sel(year_end=[2022])
    kept = free.sel(area=["00", "01", "02"]).sum("area")
    low = [Eckwert("niedrig", kept + 0.2 * (free.sum("area") - kept))]
    both(stock, some, 2, until=2022, eckwerte=low)


@pytest.mark.parametrize("timing", ["even", "end", Timing(late_mothers=False), Timing(0.3, 0.1, mothers_start=0.2)])
def test_every_timing_is_a_setting_of_one_kernel(city, rates_of, timing):
    stock = city(4, groups=2, open_age=100, seed=8)
    rates = rates_of(stock, seed=8)
    both(stock, rates.assign(out_moves=0.1 * rates["in_moves"]), 2, timing=timing)


def test_levels_and_areas_that_come_and_go(city, rates_of):
    stock = city(4, groups=2, open_age=100, seed=9)
    exists = xr.DataArray(np.ones((6, 4)), {"year": range(2021, 2027), "area": stock["area"].values})
    exists.loc[{"year": slice(2024, None), "area": "02"}] = 0
    for moves in ("pool", "matrix"):
        rates = rates_of(stock, seed=9, moves=moves).assign(area_exists=exists)
        free = both(stock, rates, 2)
        births = Eckwert("Geburten", 1.1 * free["births"].sum(("area", "nationality", "sex")), of="births")
        both(stock, rates, 2, eckwerte=[births])


def test_matrix_without_ages_or_with_groups(city, rates_of):
    stock = city(4, groups=2, open_age=20, seed=2)
    rates = rates_of(stock, seed=2, moves="matrix")
    share = rates["destination_share"].isel(nationality=0, drop=True)
    plain = share.isel(age=0, sex=0, drop=True)
    for other in (plain, share.isel(sex=0, drop=True), share.isel(age=0, drop=True),
                  plain.expand_dims(nationality=stock["nationality"].values),
                  share.expand_dims(nationality=stock["nationality"].values)):  # fmt: skip
        both(stock, rates.assign(destination_share=other), 2)


@settings(max_examples=30)
@given(st.integers(1, 40), st.integers(1, 40), st.integers(0, 1), st.integers(0, 1000))
def test_sums_are_added_from_the_first_to_the_last(rows, columns, axis, seed):
    values = np.random.default_rng(seed).lognormal(0, 20, (rows, columns))
    wanted = np.zeros(values.shape[1 - axis])
    for part in np.moveaxis(values, axis, 0):
        wanted = wanted + part
    np.testing.assert_array_equal(in_order(values, axis), wanted)


@pytest.mark.parametrize("areas", [1, 63, 64, 65, 200])
def test_sums_over_areas_are_added_block_by_block(areas):
    values = np.random.default_rng(areas).lognormal(0, 20, (areas, 2, 3))
    order, total = np.random.default_rng(1).permutation(areas), None
    for first in range(0, areas, 64):
        block = values[order[first]]
        for i in order[first + 1 : first + 64]:
            block = block + values[i]
        total = block if total is None else total + block
    np.testing.assert_array_equal(over_areas(values, order), total)


def test_a_city_is_projected_without_a_compiler():
    """The size of a city neither loads nor waits for the compiler."""
    code = (
        "import sys, numpy as np, xarray as xr\n"
        "from zwkprognose import project\n"
        "c = {'area': [str(k) for k in range(94)], 'nationality': ['german', 'foreign'], 'sex': ['female', 'male'],"
        " 'age': np.arange(101)}\n"
        "p = xr.DataArray(np.ones([1, 94, 2, 2, 101]), {'year_end': [2020]} | c)\n"
        "z = xr.DataArray(np.zeros(101), {'age': np.arange(101)})\n"
        "r = xr.Dataset({'death_prob': z, 'out_prob': z, 'fertility_rate': z})\n"
        "r['in_moves'] = p[0].drop_vars('year_end')\n"
        "project(p.to_dataset(name='population'), r, until=2050)\n"
        "assert 'numba' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_rates_that_repeat_inside_of_an_area_in_many_areas(city, rates_of):
    """More areas than are written out at a time, yearly rates without an axis for the groups."""
    stock = city(600, groups=2, open_age=10, seed=4)
    rates = rates_of(stock, seed=4, years=range(2021, 2027))
    both(stock, rates.assign(out_prob=rates["out_prob"].isel(nationality=0, drop=True)), 3)


@pytest.mark.parametrize("dims", [[CELL], [("area",), CELL]])
@pytest.mark.parametrize("threads", [1, 2, 5])
def test_sums_over_more_areas_than_a_block(city, rates_of, plan_of, dims, threads):
    """Pool, new dwellings and Eckwerte of a city of three blocks, whose rows stand in any order."""
    stock = city(150, groups=2, open_age=8, seed=6)
    stock = stock.assign(population=stock["population"] + 1.0)
    rates, plan = rates_of(stock, 6, moves="pool"), plan_of(stock, 6)
    free = project(stock, rates, until=2026, **plan)["population"][1:]
    eckwerte = [Eckwert(str(own), 1.02 * free.sum([d for d in ("area", *CELL) if d not in own])) for own in dims]
    base = both(stock, rates, threads, eckwerte=eckwerte, **plan)
    mixed = stock.isel(area=np.random.default_rng(1).permutation(150))
    again = project(mixed, rates, until=2026, method="kernel", threads=threads, eckwerte=eckwerte, **plan)
    xr.testing.assert_equal(again.sel(area=base["area"]), base)
