"""Mistakes seen in released projection software: one test for each that an engine can make."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose import check_balance, project
from zwkprognose.errors import EngineError

CELL = ("nationality", "sex", "age")
OLDEST = 60


@pytest.fixture
def stock(city):
    return city(2, groups=1, open_age=OLDEST, seed=1)


@pytest.fixture
def still(stock):
    """Nobody is born, dies, comes or goes."""
    none = xr.DataArray(np.zeros(OLDEST + 1), {"age": stock["age"].values})
    people = xr.zeros_like(stock["population"][0].drop_vars("year_end"))
    return xr.Dataset({"death_prob": none, "out_prob": none, "fertility_rate": none, "in_moves": people})


def at(values, **cells):
    """The same array with other values in some cells."""
    new = values.copy(deep=True)
    for age, value in cells.items():
        new.loc[{"age": int(age[1:])}] = value
    return new


def test_in_movers_die_with_the_rate_of_their_own_cohort(stock, still):
    empty = 0 * stock
    rates = still.assign(
        in_moves=at(still["in_moves"], x30=100.0), death_prob=at(still["death_prob"], x30=0.1, x31=0.9)
    )
    deaths = project(empty, rates, until=2021)["deaths"]
    np.testing.assert_allclose(deaths.sel(age=30), 0.1 * 100 / 2)
    assert float(deaths.sum()) == pytest.approx(4 * 0.1 * 100 / 2)


def test_immigration_and_emigration_stay_two_things(stock, still):
    rates = still.assign(in_moves=still["in_moves"] + 5.0, out_prob=still["out_prob"] + 0.1)
    projection = project(stock, rates, until=2021)
    np.testing.assert_allclose(projection["in_moves"], 5.0)
    older = projection["out_moves"].sel(age=slice(1, OLDEST - 1))[0]
    np.testing.assert_allclose(older, 0.1 * stock["population"][0].sel(age=slice(0, OLDEST - 2)).values)


def test_migrant_children_are_not_births(stock, still):
    children = at(still["in_moves"], x0=50.0, x1=50.0, x2=50.0, x3=50.0, x4=50.0)
    projection = project(stock, still.assign(in_moves=children), until=2025)
    assert float(projection["births"].sum()) == 0.0
    np.testing.assert_allclose(projection["in_moves"].sel(age=slice(0, 4)), 50.0)


def test_newborns_die_too_and_in_movers_among_them_for_two_thirds(stock, still):
    rates = still.assign(
        fertility_rate=at(still["fertility_rate"], x30=0.1), death_prob=at(still["death_prob"], x0=0.03),
        in_moves=at(still["in_moves"], x0=9.0), out_prob=at(still["out_prob"], x0=0.2),
    )  # fmt: skip
    projection = project(stock, rates, until=2021).isel(year=0, nationality=0)
    births = projection["births"]
    deaths = 0.03 * (births * (1 - 2 / 3 * 0.2) + 2 / 3 * 9.0)
    np.testing.assert_allclose(projection["deaths"].sel(age=0), deaths)
    left = births - deaths - 0.2 * births + 9.0
    np.testing.assert_allclose(projection["population"].sel(age=0, year_end=2021), left)


def test_a_jagged_population_is_not_smoothed(stock, still):
    spike = 0 * stock
    spike["population"].loc[{"age": 40}] = 1000.0
    after = project(spike, still, until=2030)["population"].sel(year_end=2030)
    np.testing.assert_array_equal(after.sel(age=50), 1000.0)
    assert float(after.sum()) == 4000.0


def test_negative_stocks_are_an_error_and_not_zero(stock, still):
    away = still.assign(out_moves=at(0 * still["in_moves"], x30=1e6))
    with pytest.raises(EngineError, match="mehr Personen, als da sind") as caught:
        project(stock, away, until=2022)
    assert caught.value.cells[0] == {
        "year_end": 2021, "area": "0000", "nationality": "total", "sex": "female", "age": 30,
    }  # fmt: skip
    assert len(caught.value.cells) == 4


def test_open_group_is_kept(stock, still):
    after = project(stock, still, until=2021)["population"].sel(year_end=2021, age=OLDEST)
    np.testing.assert_allclose(after, stock["population"][0].sel(age=[OLDEST - 1, OLDEST]).sum("age"))


def test_births_come_from_the_women_at_start_and_end_and_before_their_deaths_count_in_full(stock, still):
    """100 women of 29 at the start, 80 of 30 at the end: rate 0.5 gives 0.5·90 births, of which 100/205 girls."""
    women = 0 * stock
    women["population"].loc[{"age": 29, "sex": "female"}] = 100.0
    rates = still.assign(
        fertility_rate=at(still["fertility_rate"], x30=0.5), death_prob=at(still["death_prob"], x30=0.2)
    )
    births = project(women, rates, until=2021)["births"][0, :, 0]
    np.testing.assert_allclose(births.sum("sex"), 0.5 * 90)
    np.testing.assert_allclose(births.sel(sex="female"), 0.5 * 90 * 100 / 205)


def test_no_half_of_the_migrants_is_lost(stock, still):
    for timing in ("cohort", "even", "end"):
        people = still.assign(in_moves=still["in_moves"] + 7.0)
        after = project(stock, people, until=2021, timing=timing)["population"].sum(("area", *CELL))
        assert float(after.diff("year_end")[0]) == pytest.approx(7.0 * still["in_moves"].size)


def test_cohorts_die_with_the_rate_of_the_age_they_reach(stock, still):
    """The rate at 31 is that of those who are 30 at the start and 31 at the end, and of nobody else."""
    deaths = project(stock, still.assign(death_prob=at(still["death_prob"], x31=0.5)), until=2021)["deaths"][0]
    np.testing.assert_allclose(deaths.sel(age=31), 0.5 * stock["population"][0].sel(age=30))
    assert float(deaths.drop_sel(age=31).sum()) == 0.0


def test_an_area_is_never_dropped_silently(stock, still):
    with pytest.raises(EngineError, match="Gebiet stimmt nicht") as caught:
        project(stock, still.isel(area=[0]), until=2021)
    assert caught.value.cells == ({"area": "0001", "Befund": "fehlt hier"},)


def test_components_still_sum_after_controlling(stock, rates_of):
    from zwkprognose.engine import Eckwert

    rates = rates_of(stock, seed=2)
    totals = 1.2 * project(stock, rates, until=2025)["population"].sum(("area", *CELL))[1:]
    assert check_balance(project(stock, rates, until=2025, eckwerte=[Eckwert("Stadt", totals)])) < 1e-12
