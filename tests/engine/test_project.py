"""The public door: shapes, labels, continuation, the two ways to compute, and the balance."""

from __future__ import annotations

import json

import numpy as np
import pytest
import xarray as xr

from zwkprognose import check_balance, project
from zwkprognose.errors import EngineError


@pytest.fixture(scope="module")
def stock(city):
    return city(5, groups=2, seed=3).assign_coords(area_name=("area", list("vwxyz")))


@pytest.fixture(scope="module")
def yearly(stock, rates_of):
    return rates_of(stock, seed=4, years=range(2021, 2051))


def test_result_has_the_dimensions_and_labels_of_the_contract(stock, yearly):
    projection = project(stock, yearly, until=2030)
    assert projection["population"].dims == ("year_end", "area", "nationality", "sex", "age")
    assert projection["births"].dims == ("year", "area", "nationality", "sex")
    assert projection["deaths"].dims == ("year", "area", "nationality", "sex", "age")
    assert projection["year_end"].values.tolist() == list(range(2020, 2031))
    assert projection["year"].values.tolist() == list(range(2021, 2031))
    assert projection["area_name"].values.tolist() == list("vwxyz")
    assert projection["deaths"].attrs == {"units": "persons", "long_name": "Sterbefälle"}
    assert json.loads(projection.attrs["provenance"])["start"] == 2020


def test_start_is_kept_as_it_is(stock, yearly):
    projection = project(stock, yearly, until=2021)
    xr.testing.assert_equal(
        projection["population"].isel(year_end=0, drop=True), stock["population"][0].drop_vars("year_end")
    )


def test_balance_closes_in_every_cell(stock, yearly):
    assert check_balance(project(stock, yearly, until=2050)) < 1e-12


def test_balance_names_the_cell_that_does_not_close(stock, yearly):
    projection = project(stock, yearly, until=2025).copy(deep=True)
    cell = {"year": 2023, "area": "0002", "nationality": "foreign", "sex": "male", "age": 41}
    projection["deaths"].loc[cell] += 0.5
    with pytest.raises(EngineError, match="Bilanz geht nicht auf") as caught:
        check_balance(projection)
    assert caught.value.cells == (cell,)


def test_reference_and_kernel_give_the_same_bits(stock, yearly):
    one = project(stock, yearly, until=2050, method="reference")
    for threads in (1, 2, 3):
        xr.testing.assert_identical(project(stock, yearly, until=2050, method="kernel", threads=threads), one)


def test_continued_projection_is_the_same_bit_for_bit(stock, yearly):
    whole = project(stock, yearly, until=2050)
    later = project(project(stock, yearly, until=2033), yearly, until=2050)
    for name in whole:
        axis = "year_end" if name == "population" else "year"
        xr.testing.assert_equal(later[name], whole[name].sel({axis: later[axis]}))


def test_order_of_areas_does_not_matter(stock, yearly):
    mixed = stock.isel(area=[3, 0, 4, 1, 2])
    xr.testing.assert_equal(
        project(mixed, yearly, until=2030).sel(area=stock["area"]), project(stock, yearly, until=2030)
    )


def test_rates_without_an_axis_mean_the_same_for_all(stock, yearly):
    same = yearly.sel(year=2021, drop=True).assign(
        death_prob=yearly["death_prob"].isel(year=0, nationality=0, drop=True)
    )
    full = same.assign(death_prob=same["death_prob"].expand_dims(area=stock["area"], nationality=stock["nationality"]))
    xr.testing.assert_equal(project(stock, same, until=2030), project(stock, full, until=2030))
    assert np.isfinite(project(stock, same, until=2030)["population"]).all()
