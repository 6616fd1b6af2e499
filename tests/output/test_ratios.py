"""Ratios of age structure in report and workbook are those of the indicators, to the rounding of the persons."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose.output import indicators, publish
from zwkprognose.output.content.facts import facts_of
from zwkprognose.output.content.numbers import Numbers, numbers_of
from zwkprognose.output.tables.ratios import FOREIGN, area_ratios, ratio_table, ratios

NAMES = {"Jugendquotient": "youth_ratio", "Altenquotient": "old_age_ratio", FOREIGN: "foreign_share"}


@pytest.fixture(scope="module")
def numbers(city: xr.Dataset) -> Numbers:
    return numbers_of(publish(city), facts_of(city))


def test_they_are_the_indicators(numbers: Numbers, city: xr.Dataset) -> None:
    exact = indicators(city.sel(scenario="middle"), by=())
    for name, variable in NAMES.items():
        np.testing.assert_allclose(ratios(numbers)[name], exact[variable], atol=0.02)
    own = indicators(city.sel(scenario="middle", area=["0004"])).isel(area=0)
    for name, variable in NAMES.items():
        np.testing.assert_allclose(ratios(numbers, 3)[name], own[variable], atol=0.05)


def test_tables_hold_base_and_target_year(numbers: Numbers) -> None:
    table, found = area_ratios(numbers), ratios(numbers, 3)
    assert table is not None
    row = next(row for row in table.rows if row[0] == "0004")
    assert row[2] == found["Jugendquotient"][0]
    assert row[-1] == found[FOREIGN][-1]
    assert len(row) == len(table.columns) == 2 + sum(span for _, span in table.groups[1:])
    small = ratio_table(numbers, 3)
    assert small is not None
    assert small.columns == ("Stichtag 31.12.", "2020", "2025", "2027")
    assert [row[0] for row in small.rows] == list(found)


def test_what_is_hidden_has_no_ratio(city: xr.Dataset) -> None:
    strict = numbers_of(publish(city, min_cell=400), facts_of(city))
    hidden = [i for i in range(5) if np.isnan(strict.broad_ages[:, :, i]).any()]
    assert hidden
    for i in hidden:
        assert np.isnan(ratios(strict, i)["Altenquotient"]).all()


def test_ages_that_end_too_early_have_none(city: xr.Dataset) -> None:
    young = city.isel(age=slice(0, 60))
    found = ratios(numbers_of(publish(young), facts_of(young)))
    assert set(found) == {FOREIGN}
