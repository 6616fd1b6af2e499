"""New dwellings, facilities and areas that end, each counted by hand in a town of three areas.

100, 300 and 600 women of 3 live in the areas a, b and c and are 4 at the end of the year; nobody else lives there.
"""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from support.by_hand import still, town

from zwkprognose import check_balance, project
from zwkprognose.engine import Erstbezug, Sondergruppe

AREAS, OLDEST = ["a", "b", "c"], 6
CELL = {"nationality": ["total"], "sex": ["female"], "age": np.arange(OLDEST + 1)}
WOMEN = np.array([100.0, 300.0, 600.0])


@pytest.fixture(scope="module")
def stock():
    return town(AREAS, WOMEN, sexes=["female"], oldest=OLDEST, age=3)


def by_age(**values):
    """Zero but for the given ages, such as ``x4=0.1``."""
    array = xr.DataArray(np.zeros(OLDEST + 1), {"age": CELL["age"]})
    for age, value in values.items():
        array.loc[{"age": int(age[1:])}] = value
    return array


def rates(stock, **change):
    """Nothing happens but for what is given; all children are girls."""
    return still(stock, **{"female_birth_share": 1.0} | change)


def profile(**shares):
    return by_age(**shares).expand_dims(nationality=["total"], sex=["female"])


def built(**dwellings):
    """Dwellings by area, such as ``a=10``, completed in 2021."""
    return xr.DataArray([list(map(float, dwellings.values()))], {"year": [2021], "area": list(dwellings)})


def after(projection, name, age, year=2021):
    """Persons by area."""
    dim = "year_end" if name == "population" else "year"
    return projection[name].sel({dim: year, "age": age}).isel(nationality=0, sex=0).values


# --- Erstbezug


def test_a_quarter_comes_from_outside_and_the_rest_from_the_other_areas(stock):
    """20 move in, 5 from outside; the 15 come from b and c like 300 : 600. The city grows by 5."""
    plan = Erstbezug(built(a=10), 2.0, profile(x4=1.0), outside_share=0.25)
    projection = project(stock, rates(stock), until=2021, erstbezug=plan)
    np.testing.assert_allclose(after(projection, "erstbezug", 4), [20, -5, -10], rtol=1e-12)
    np.testing.assert_allclose(after(projection, "population", 4), [120, 295, 590], rtol=1e-12)
    assert check_balance(projection) < 1e-12


def test_two_areas_that_build_give_to_each_other(stock):
    """15 move into a from b and c (1/60 of 900), 35 into b from a and c (1/20 of 700)."""
    plan = Erstbezug(built(a=15, b=35), 1.0, profile(x4=1.0), outside_share=0.0)
    change = after(project(stock, rates(stock), until=2021, erstbezug=plan), "erstbezug", 4)
    np.testing.assert_allclose(change, [15 - 100 / 20, 35 - 300 / 60, -600 / 60 - 600 / 20], rtol=1e-12)
    assert change.sum() == pytest.approx(0.0, abs=1e-12)


def test_without_a_share_from_outside_the_city_does_not_grow_in_any_cohort(stock):
    plan = Erstbezug(built(a=20), 2.0, profile(x4=1.0), outside_share=0.0)
    projection = project(stock, rates(stock), until=2024, erstbezug=plan)
    totals = projection["population"].sum(("area", *CELL)).values
    np.testing.assert_allclose(totals, 1000.0, rtol=1e-12)


def test_those_who_move_in_from_outside_die_for_half_a_year(stock):
    """8 from outside to a, where q = 0.5: 2 of them die, and 50 of those who live there."""
    plan = Erstbezug(built(a=4), 2.0, profile(x4=1.0), outside_share=1.0)
    given = rates(stock, death_prob=by_age(x4=0.5))
    projection = project(stock, given, until=2021, erstbezug=plan)
    np.testing.assert_allclose(after(projection, "deaths", 4), [52, 150, 300], rtol=1e-12)
    np.testing.assert_allclose(after(projection, "population", 4), [56, 150, 300], rtol=1e-12)


def test_children_born_in_the_year_move_in_too(stock):
    """10, 30 and 60 are born; 9 of them move into a, from b and c like 30 : 60, with q0 = 0.3 for 2/3 of the year."""
    plan = Erstbezug(built(a=1), 9.0, profile(x0=1.0), outside_share=0.0)
    given = rates(stock, death_prob=by_age(x0=0.3), fertility_rate=by_age(x4=0.1))
    projection = project(stock, given, until=2021, erstbezug=plan)
    moved = np.array([9.0, -3.0, -6.0])
    np.testing.assert_allclose(after(projection, "erstbezug", 0), moved, rtol=1e-12)
    born = np.array([10.0, 30.0, 60.0])
    deaths = 0.3 * (born + 2 / 3 * moved)
    np.testing.assert_allclose(after(projection, "population", 0), born - deaths + moved, rtol=1e-12)


def test_types_of_dwellings_have_their_own_households(stock):
    """4 flats of 1.5 persons, all from outside, and 2 houses of 3, all from the city."""
    types = {"dwelling_type": ["Wohnung", "Haus"]}
    dwellings = xr.DataArray([[[4.0, 2.0]]], {"year": [2021], "area": ["a"]} | types)
    persons, outside = xr.DataArray([1.5, 3.0], types), xr.DataArray([1.0, 0.0], types)
    plan = Erstbezug(dwellings, persons, profile(x4=1.0), outside)
    change = after(project(stock, rates(stock), until=2021, erstbezug=plan), "erstbezug", 4)
    np.testing.assert_allclose(change, [6 + 6, -2, -4], rtol=1e-12)


def test_moving_in_is_spread_over_the_years_after_completion(stock):
    """70 % in 2021 and 30 % in 2022, when the cohort is 5: the profile is of the year in which people move."""
    plan = Erstbezug(built(a=10), 2.0, profile(x4=0.5, x5=0.5), 1.0, spread=(0.7, 0.3))
    projection = project(stock, rates(stock), until=2023, erstbezug=plan)
    moved = projection["erstbezug"].sel(area="a").sum(list(CELL))
    np.testing.assert_allclose(moved, [14.0, 6.0, 0.0], rtol=1e-12)
    assert after(projection, "population", 5, 2022)[0] == pytest.approx(100 + 7 + 3)


# --- Sondergruppen


@pytest.fixture
def home():
    """40 of the women of 3 in a live in a home, and always will."""
    return Sondergruppe("Heim", "a", {2000: 40.0}, profile(x3=1.0))


def test_residents_stand_in_neither_numerator_nor_denominator(stock, home):
    """60 others in a: they alone die, leave and bear children; the residents are 3 again and nobody is missing."""
    given = rates(stock, death_prob=by_age(x4=0.1), out_prob=by_age(x4=0.2), fertility_rate=by_age(x4=0.5))
    projection = project(stock, given, until=2021, sondergruppen=[home])
    deaths = 0.1 * (60 - 0.2 * 60 / 2)
    assert after(projection, "deaths", 4)[0] == pytest.approx(deaths)
    assert after(projection, "out_moves", 4)[0] == pytest.approx(12.0)
    assert after(projection, "population", 4)[0] == pytest.approx(60 - deaths - 12)
    assert float(projection["births"].sel(area="a").sum()) == pytest.approx(0.5 * (60 + 60 - deaths - 12) / 2)
    assert after(projection, "population", 3)[0] == 40.0
    np.testing.assert_allclose(after(projection, "sondergruppe", 3), [40, 0, 0])
    np.testing.assert_allclose(after(projection, "sondergruppe", 4), [-40, 0, 0])
    assert check_balance(projection) < 1e-12


def test_residents_do_not_age_in_place(stock, home):
    people = project(stock, rates(stock), until=2030, sondergruppen=[home])["population"].sel(area="a")
    np.testing.assert_array_equal(people.sel(age=3, year_end=slice(2021, None)).values.ravel(), 40.0)
    assert float(people.sel(year_end=2030).sum()) == 100.0
    assert float(people.sel(year_end=2030, age=OLDEST).sum()) == 60.0


def test_a_closed_home_releases_those_who_stay_to_the_pool(stock):
    """40 residents, a quarter stays: 10 persons, a year older, to a, b and c like 2 : 3 : 5.

    They die like others who move: 0.1 for half a year. The other 30 have gone.
    """
    home = Sondergruppe("Heim", "a", {2000: 40.0}, profile(x3=1.0), closing=2021, stay_share=0.25)
    share = xr.DataArray([0.2, 0.3, 0.5], {"area": AREAS})
    given = rates(stock, death_prob=by_age(x4=0.1), move_out_prob=by_age(), move_in_share=share)
    projection = project(stock, given, until=2021, sondergruppen=[home])
    others, moved = np.array([60.0, 300.0, 600.0]), np.array([2.0, 3.0, 5.0])
    np.testing.assert_allclose(after(projection, "sondergruppe", 4), moved - [40, 0, 0], rtol=1e-12)
    np.testing.assert_allclose(after(projection, "deaths", 4), 0.1 * (others + moved / 2), rtol=1e-12)
    np.testing.assert_allclose(after(projection, "population", 4), 0.9 * others + 0.95 * moved, rtol=1e-12)
    assert check_balance(projection) < 1e-12


def test_a_closed_home_releases_along_the_matrix(stock):
    """By matrix those of a go to b and c like 1 : 3."""
    home = Sondergruppe("Heim", "a", {2000: 40.0}, profile(x3=1.0), closing=2021, stay_share=0.5)
    to = xr.DataArray([[0, 0.25, 0.75], [1, 0, 0], [1, 0, 0]], {"origin": AREAS, "destination": AREAS})
    given = rates(stock, move_out_prob=by_age(), destination_share=to)
    projection = project(stock, given, until=2021, sondergruppen=[home])
    np.testing.assert_allclose(after(projection, "population", 4), [60, 305, 615], rtol=1e-12)


def test_a_home_that_opens_adds_its_residents(stock):
    home = Sondergruppe("Heim", "b", {2022: 7.0}, profile(x1=1.0))
    projection = project(stock, rates(stock), until=2023, sondergruppen=[home])
    np.testing.assert_array_equal(projection["population"].sum(("area", *CELL)), [1000, 1000, 1007, 1007])
    assert projection["population"].sel(area="b", age=1).values.ravel().tolist() == [0, 0, 7, 7]


# --- areas that end or begin


@pytest.fixture
def ending():
    """Area c is there until 2020, a only from 2022."""
    return xr.DataArray([[0.0, 1, 0], [1, 1, 0]], {"year": [2021, 2022], "area": AREAS})


def test_who_lived_in_an_area_that_ends_moves_at_the_start_of_the_year(stock, ending):
    """The 600 of c, and the 100 who lived in a before it was there, all move to b: they die and bear children in b."""
    share = xr.DataArray([0.2, 0.3, 0.5], {"area": AREAS})
    given = rates(
        stock, death_prob=by_age(x4=0.1), fertility_rate=by_age(x4=0.2), move_out_prob=by_age(),
        move_in_share=share, area_exists=ending,
    )  # fmt: skip
    projection = project(stock, given, until=2022)
    np.testing.assert_allclose(after(projection, "moves_out", 4), [100, 0, 600], rtol=1e-12)
    np.testing.assert_allclose(after(projection, "moves_in", 4), [0, 700, 0], rtol=1e-12)
    np.testing.assert_allclose(after(projection, "deaths", 4), [0, 100, 0], rtol=1e-12)
    np.testing.assert_allclose(projection["births"].sel(year=2021).values.ravel(), [0, 0.2 * 950, 0], rtol=1e-12)
    assert check_balance(projection) < 1e-12


def test_an_area_that_begins_takes_its_share_of_the_pool(stock, ending):
    """In 2022 a tenth of b moves: shares 0.2 and 0.3 of a and b are 0.4 and 0.6 without c."""
    share = xr.DataArray([0.2, 0.3, 0.5], {"area": AREAS})
    given = rates(stock, move_out_prob=by_age(x5=0.1), move_in_share=share, area_exists=ending)
    projection = project(stock, given, until=2022)
    np.testing.assert_allclose(after(projection, "population", 5, 2022), [40, 900 + 60, 0], rtol=1e-12)


def test_nobody_moves_from_outside_into_an_area_that_is_not_there(stock, ending):
    share = xr.DataArray([0.2, 0.3, 0.5], {"area": AREAS})
    people = rates(stock)["in_moves"] + 1.0
    given = rates(stock, in_moves=people, move_out_prob=by_age(), move_in_share=share, area_exists=ending)
    come = project(stock, given, until=2022)["in_moves"].sum(list(CELL))
    np.testing.assert_array_equal(come, [[0, 7, 0], [7, 7, 0]])
