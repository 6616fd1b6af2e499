"""What a city plans: moves inside, dwellings, facilities, areas that come and go. Each does what it says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from support.by_hand import still, town

from zwkprognose import check_balance, project
from zwkprognose.engine import Erstbezug, Sondergruppe
from zwkprognose.errors import EngineError

CELL = ("nationality", "sex", "age")


@pytest.fixture(scope="module")
def stock(city):
    """Five areas with people in every cell, so that somebody can move into new dwellings."""
    made = city(5, groups=2, seed=3)
    return made.assign(population=made["population"] + 1.0)


@pytest.fixture(scope="module")
def rates(stock, rates_of):
    return rates_of(stock, seed=4, moves="pool")


def only_moves(rates):
    """Nobody is born, dies, comes or goes."""
    still = {name: 0 * rates[name] for name in ("death_prob", "out_prob", "in_moves", "fertility_rate")}
    return rates.assign(still).drop_vars("naturalisation_prob")


def persons(projection, *dims):
    return projection["population"].sum([d for d in ("area", *CELL) if d not in dims])


@pytest.mark.parametrize("moves", ["pool", "matrix"])
def test_everything_on_at_once_and_the_balance_still_holds(stock, rates_of, plan_of, moves):
    rates = rates_of(stock, seed=4, moves=moves)
    projection = project(stock, rates, until=2030, **plan_of(stock))
    assert set(projection) == {
        "population", "births", "deaths", "in_moves", "out_moves", "moves_in", "moves_out", "naturalisations",
        "erstbezug", "sondergruppe",
    }  # fmt: skip
    assert check_balance(projection) < 1e-12
    change = persons(projection).diff("year_end").rename(year_end="year")
    flow = {name: projection[name].sum([d for d in projection[name].dims if d != "year"]) for name in projection}
    expected = flow["births"] - flow["deaths"] + flow["in_moves"] - flow["out_moves"]
    np.testing.assert_allclose(change, expected + flow["erstbezug"] + flow["sondergruppe"], atol=1e-8)


@pytest.mark.parametrize("moves", ["pool", "matrix"])
def test_moves_inside_neither_make_nor_lose_anybody(stock, rates_of, moves):
    projection = project(stock, only_moves(rates_of(stock, moves=moves)), until=2025)
    np.testing.assert_allclose(projection["moves_in"].sum("area"), projection["moves_out"].sum("area"), rtol=1e-12)
    np.testing.assert_allclose(persons(projection), float(stock["population"].sum()), rtol=1e-12)
    assert float(abs(persons(projection, "area").diff("year_end")).max()) > 1


def test_pool_by_hand():
    """Two areas, one cohort of 100 and 300: a tenth leaves each, a quarter of the 40 arrives in the first."""
    stock = town(["a", "b"], [100.0, 300.0], sexes=["female"], age=3)
    rates = still(stock, move_in_share=("area", [0.25, 0.75]))
    rates["move_out_prob"] = rates["out_prob"] + 0.1
    after = project(stock, rates, until=2021)["population"].sel(year_end=2021, age=4)[:, 0, 0]
    np.testing.assert_allclose(after, [90 + 10, 270 + 30])


def test_new_dwellings_let_the_city_grow_by_those_from_outside_only(stock, rates, plan_of):
    plan = plan_of(stock)["erstbezug"]
    adults = plan.profile.where(plan.profile["age"] >= 18, 0.0)  # nobody is born here who could move in
    erstbezug = replace(plan, profile=adults / adults.sum())
    projection = project(stock, only_moves(rates), until=2026, erstbezug=erstbezug)
    moved_in = 2.0 * np.array([0.6 * 2, 0.4 * 2, 0.6 * 1, 0.4 * 1, 0, 0])
    np.testing.assert_allclose(projection["erstbezug"].sum(("area", *CELL)), 0.3 * moved_in, atol=1e-9)
    without = project(stock, only_moves(rates), until=2026)
    growth = persons(projection) - persons(without)
    np.testing.assert_allclose(growth[1:], 0.3 * moved_in.cumsum(), rtol=1e-9)
    assert check_balance(projection) < 1e-12


def test_new_dwellings_fill_and_the_other_areas_give(stock, rates, profile_of):
    built = xr.DataArray([[10.0]], {"year": [2021], "area": ["01"]})
    plan = Erstbezug(built, 2.0, profile_of(stock), outside_share=0.0)
    change = project(stock, only_moves(rates), until=2021, erstbezug=plan)["erstbezug"].sum(CELL)[0]
    assert float(change.sel(area="01")) == pytest.approx(20.0)
    assert (change.drop_sel(area="01") < 0).all()
    assert float(change.sum()) == pytest.approx(0.0, abs=1e-9)


def test_nobody_elsewhere_to_move_in_is_an_error_that_names_the_cell(city, rates_of, profile_of):
    alone = city(1, groups=1, seed=1)
    built = xr.DataArray([[5.0]], {"year": [2021], "area": ["00"]})
    plan = Erstbezug(built, 2.0, profile_of(alone), outside_share=0.5)
    with pytest.raises(EngineError, match="als da sind") as caught:
        project(alone, rates_of(alone), until=2021, erstbezug=plan)
    assert caught.value.cells[0]["area"] == "00"


def test_residents_of_a_facility_are_replaced_and_do_not_age(stock, rates, profile_of):
    home = Sondergruppe("Heim", "02", {2015: 50.0}, profile_of(stock), closing=None)
    there = stock.copy(deep=True)
    there["population"].loc[{"area": "02"}] += 50.0 * profile_of(stock)
    extra = (
        project(there, rates, until=2030, sondergruppen=[home])["population"]
        - project(stock, rates, until=2030)["population"]
    )
    np.testing.assert_allclose(
        extra.sel(area="02"), np.broadcast_to(50.0 * profile_of(stock), (11, 2, 2, 101)), atol=1e-8
    )
    np.testing.assert_allclose(extra.drop_sel(area="02"), 0.0, atol=1e-8)


def test_facility_opens_grows_and_closes_and_a_share_stays_in_the_city(stock, rates, profile_of):
    profile = profile_of(stock)
    home = Sondergruppe("Heim", "02", {2022: 30.0, 2024: 40.0}, profile, closing=2026, stay_share=0.25)
    projection = project(stock, only_moves(rates), until=2028, sondergruppen=[home])
    change = projection["sondergruppe"].sum(("area", *CELL))
    np.testing.assert_allclose(change, [0, 30, 0, 10, 0, -30, 0, 0], atol=1e-9)
    released = projection["sondergruppe"].sel(year=2026).sum(CELL)
    assert (released.drop_sel(area="02") > 0).all()
    assert check_balance(projection) < 1e-12


def test_released_residents_stay_in_their_area_where_nobody_moves_inside(stock, rates_of, profile_of):
    home = Sondergruppe("Heim", "02", {2022: 40.0}, profile_of(stock), closing=2023, stay_share=0.5)
    projection = project(stock, rates_of(stock), until=2023, sondergruppen=[home])
    released = projection["sondergruppe"].sel(year=2023).sum(CELL)
    np.testing.assert_allclose(released, [0, 0, -20, 0, 0], atol=1e-9)


def test_facility_with_more_residents_than_the_area_has_is_refused(stock, rates, profile_of):
    home = Sondergruppe("Heim", "02", {2015: 1e6}, profile_of(stock))
    with pytest.raises(EngineError, match="weniger Personen") as caught:
        project(stock, rates, until=2022, sondergruppen=[home])
    assert {c["area"] for c in caught.value.cells} == {"02"}


@pytest.mark.parametrize("moves", ["pool", "matrix"])
def test_area_is_emptied_and_its_people_move_to_the_others(stock, rates_of, moves):
    exists = xr.DataArray(np.ones((6, 5)), {"year": range(2021, 2027), "area": stock["area"].values})
    exists.loc[{"year": slice(2024, None), "area": "03"}] = 0
    rates = only_moves(rates_of(stock, moves=moves)).assign(area_exists=exists)
    projection = project(stock, rates, until=2026)
    left = projection["population"].sel(area="03").sum(CELL)
    assert (left.sel(year_end=slice(None, 2023)) > 0).all()
    assert (left.sel(year_end=slice(2024, None)) == 0).all()
    np.testing.assert_allclose(persons(projection), float(stock["population"].sum()), rtol=1e-12)
    assert check_balance(projection) < 1e-12


def test_area_is_added_and_people_move_in(stock, rates):
    empty = stock.copy(deep=True)
    empty["population"].loc[{"area": "04"}] = 0.0
    exists = xr.DataArray(np.ones((4, 5)), {"year": range(2021, 2025), "area": stock["area"].values})
    exists.loc[{"year": slice(None, 2022), "area": "04"}] = 0
    projection = project(empty, rates.assign(area_exists=exists), until=2024)
    people = projection["population"].sel(area="04").sum(CELL)
    assert (people.sel(year_end=slice(None, 2022)) == 0).all()
    assert (people.sel(year_end=slice(2023, None)) > 0).all()
    assert check_balance(projection) < 1e-12


def test_emptied_area_needs_somewhere_to_go(stock, rates_of):
    exists = xr.DataArray([1.0, 1.0, 1.0, 1.0, 0.0], {"area": stock["area"].values})
    with pytest.raises(EngineError, match="wohin die Personen ziehen"):
        project(stock, rates_of(stock).assign(area_exists=exists), until=2022)


def test_naturalised_persons_change_group_and_nothing_else(stock, rates):
    still = (
        only_moves(rates)
        .assign(naturalisation_prob=rates["naturalisation_prob"])
        .drop_vars(["move_out_prob", "move_in_share"])
    )
    projection = project(stock, still, until=2025)
    change = projection["naturalisations"]
    np.testing.assert_allclose(change.sum("nationality"), 0.0, atol=1e-12)
    assert (change.sel(nationality="german") >= 0).all()
    together = project(stock, still.drop_vars("naturalisation_prob"), until=2025)["population"].sum("nationality")
    np.testing.assert_allclose(projection["population"].sum("nationality"), together, rtol=1e-12)


def test_children_get_the_groups_of_the_matrix(stock, rates):
    none = xr.DataArray(
        [[1.0, 0.0], [1.0, 0.0]], {"nationality": ["german", "foreign"], "nationality_child": ["german", "foreign"]}
    )
    births = project(stock, rates.drop_vars("female_birth_share").assign(birth_group_share=none), until=2025)["births"]
    assert (births.sel(nationality="foreign") == 0).all()
    girls = births.sel(sex="female") / births.sum("sex")
    np.testing.assert_allclose(girls.sel(nationality="german"), 100 / 205)
