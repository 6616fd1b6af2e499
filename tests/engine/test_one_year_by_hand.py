"""One year of a small town by hand, with numbers that only the right formula gives.

One area, seven ages (6 is the open group), round rates. Most numbers are chosen so that a mistake seen in a released
projection program gives another one; the tests say which. Both ways to compute must be right.
"""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from support.by_hand import still

from zwkprognose import check_balance, national, project
from zwkprognose.engine import Eckwert
from zwkprognose.errors import EngineError
from zwkprognose.rates.mortality.year_end import year_end_death_prob

OLDEST = 6
COORDS = {"nationality": ["total"], "sex": ["female", "male"], "age": np.arange(OLDEST + 1)}
GIRLS = 100 / 205


def cells(given, areas=("01",)):
    """Zero but for the given (sex, age)."""
    values = xr.DataArray(0.0, {"area": list(areas)} | COORDS, ["area", *COORDS])
    for (sex, age), value in given.items():
        values.loc[{"sex": sex, "age": age}] = value
    return values


def town(given, areas=("01",)):
    """Persons on 31.12.2020 by (sex, age)."""
    return cells(given, areas).expand_dims(year_end=[2020]).to_dataset(name="population")


def rates(death=None, out=None, come=None, fertility=None, areas=("01",)):
    """Rates that are zero but for the given (sex, age), fertility by age."""
    born = xr.DataArray(np.zeros(OLDEST + 1), {"age": COORDS["age"]})
    for age, value in (fertility or {}).items():
        born.loc[{"age": age}] = value
    given = {"death_prob": death, "out_prob": out, "in_moves": come}
    return still(town({}, areas), fertility_rate=born, **{name: cells(v or {}, areas) for name, v in given.items()})


@pytest.fixture(params=["reference", "kernel"])
def year(request):
    """The components and the stock at the end of one year."""

    def compute(stock, given, **more):
        projection = project(stock, given, until=2021, method=request.param, **more)
        assert check_balance(projection) < 1e-12
        return projection.isel(year_end=1, year=0)

    return compute


def at(values, sex, age):
    return float(values.sel(sex=sex, age=age).sum())


def test_those_who_move_in_die_with_the_rate_of_the_age_they_reach(year):
    """100 arrive who are 3 at the end of the year: half a year of q[3] = 0.2, nothing of q[4] = 0.8."""
    after = year(town({}), rates(death={("female", 3): 0.2, ("female", 4): 0.8}, come={("female", 3): 100.0}))
    assert at(after["deaths"], "female", 3) == pytest.approx(10.0)
    assert at(after["population"], "female", 3) == pytest.approx(90.0)


def test_those_who_move_out_are_exposed_to_death_for_half_a_year(year):
    """Of 100 a fifth leaves: deaths are 0.1·(100 − 10), not 0.1·100 and not 0.1·80."""
    after = year(town({("male", 2): 100.0}), rates(death={("male", 3): 0.1}, out={("male", 3): 0.2}))
    assert at(after["deaths"], "male", 3) == pytest.approx(9.0)
    assert at(after["population"], "male", 3) == pytest.approx(71.0)


def test_in_moves_and_out_moves_have_opposite_signs_and_stay_apart(year):
    """100 − 10 + 30: neither 140 nor 60, and not one movement of 20 or 40."""
    after = year(town({("male", 2): 100.0}), rates(out={("male", 3): 0.1}, come={("male", 3): 30.0}))
    assert at(after["population"], "male", 3) == pytest.approx(120.0)
    assert at(after["in_moves"], "male", 3) == pytest.approx(30.0)
    assert at(after["out_moves"], "male", 3) == pytest.approx(10.0)


def test_children_who_move_in_are_not_births(year):
    """50 newborns and 40 infants arrive where nobody can bear children; newborns are exposed for 2/3 of q[0]."""
    come = {("female", 0): 50.0, ("female", 1): 40.0}
    after = year(town({}), rates(death={("female", 0): 0.3}, come=come, fertility={3: 0.1}))
    assert float(after["births"].sum()) == 0.0
    assert at(after["in_moves"], "female", 0) == 50.0
    assert at(after["population"], "female", 0) == pytest.approx(50.0 * (1 - 0.3 * 2 / 3))
    assert at(after["population"], "female", 1) == pytest.approx(40.0)


def test_newborns_die_too(year):
    """Ten births, a tenth of them dies in the year of birth."""
    death = {("female", 0): 0.1, ("male", 0): 0.1}
    after = year(town({("female", 3): 100.0}), rates(death=death, fertility={4: 0.1}))
    assert float(after["births"].sum()) == pytest.approx(10.0)
    assert at(after["deaths"], "female", 0) == pytest.approx(10 * GIRLS * 0.1)
    assert at(after["population"], "female", 0) == pytest.approx(10 * GIRLS * 0.9)
    assert at(after["population"], "male", 0) == pytest.approx(10 * (1 - GIRLS) * 0.9)


def test_newborns_who_move_out_are_exposed_for_two_thirds(year):
    """B = 10·½: of 5 boys and girls each 0.3 leave, deaths are q·B·(1 − ⅔·0.3)."""
    newborn = {("female", 0): 0.3, ("male", 0): 0.3}
    given = rates(death=newborn, out=newborn, fertility={4: 0.1}).assign(female_birth_share=0.5)
    after = year(town({("female", 3): 100.0}), given)
    assert at(after["deaths"], "male", 0) == pytest.approx(5 * 0.3 * 0.8)
    assert at(after["out_moves"], "male", 0) == pytest.approx(1.5)
    assert at(after["population"], "male", 0) == pytest.approx(5 - 1.2 - 1.5)


def test_of_205_births_100_are_girls(year):
    """100 women of 3 with 2.05 births each; no other share is given."""
    after = year(town({("female", 3): 100.0}), rates(fertility={4: 2.05}))
    assert after["births"].sel(sex="female").item() == pytest.approx(100.0, rel=1e-12)
    assert after["births"].sel(sex="male").item() == pytest.approx(105.0, rel=1e-12)


def test_the_stock_is_not_smoothed(year):
    """A saw of 0 and 100 by age is the same saw a year later, to the bit."""
    saw = {(sex, age): 100.0 for sex in COORDS["sex"] for age in (1, 3)}
    after = year(town(saw), rates())
    for sex in COORDS["sex"]:
        assert after["population"].sel(sex=sex).values.ravel().tolist() == [0, 0, 100, 0, 100, 0, 0]


def test_more_out_moves_than_persons_are_an_error_and_not_zero():
    """Planned out-moves of 120 of 100 men: set to zero, 20 persons would appear from nowhere."""
    given = rates().assign(out_moves=cells({("male", 3): 120.0, ("male", 5): 10.0}))
    stock = town({("male", 2): 100.0, ("male", 4): 50.0})
    with pytest.raises(EngineError, match="gehen mehr Personen, als da sind") as caught:
        project(stock, given, until=2021)
    assert caught.value.cells == (
        {"year_end": 2021, "area": "01", "nationality": "total", "sex": "male", "age": 3},
    )  # fmt: skip


def test_components_still_sum_after_an_eckwert(year):
    """J = 100, q = 0.1, I = 20, O = 10, target 110: s = 90, G = 20, movers weigh 1 − q/2 = 0.95.

    f = (20 + √(20² + 4·19·9.5)) / (2·19); deaths are those of the scaled movers.
    """
    given = rates(death={("male", 3): 0.1}, out={("male", 3): 0.1}, come={("male", 3): 20.0})
    target = xr.DataArray([110.0], {"year_end": [2021]})
    after = year(town({("male", 2): 100.0}), given, eckwerte=[Eckwert("Stadt", target)])
    f = (20 + math.sqrt(20**2 + 4 * 19 * 9.5)) / 38
    inward, outward = 20 * f, 10 / f
    assert at(after["in_moves"], "male", 3) == pytest.approx(inward, rel=1e-12)
    assert at(after["out_moves"], "male", 3) == pytest.approx(outward, rel=1e-12)
    assert at(after["deaths"], "male", 3) == pytest.approx(0.1 * (100 + (inward - outward) / 2), rel=1e-12)
    assert float(after["population"].sum()) == pytest.approx(110.0, rel=1e-11)


def test_the_open_group_keeps_its_own(year):
    """40 reach it, 60 were there: half of 100 survive."""
    after = year(town({("female", 5): 40.0, ("female", 6): 60.0}), rates(death={("female", 6): 0.5}))
    assert at(after["population"], "female", 6) == pytest.approx(50.0)


@pytest.mark.parametrize(("cause", "left"), [("out", 50.0), ("death", 50.0)])
def test_births_come_from_the_women_at_start_and_end(year, cause, left):
    """100 women at the start, 50 at the end: 0.2·75 births, not 20 and not 10; order of events does not matter."""
    after = year(town({("female", 3): 100.0}), rates(**{cause: {("female", 4): 0.5}}, fertility={4: 0.2}))
    assert at(after["population"], "female", 4) == left
    assert float(after["births"].sum()) == pytest.approx(15.0)


def test_women_who_move_in_bear_children_too(year):
    after = year(town({}), rates(come={("female", 4): 100.0}, fertility={4: 0.2}))
    assert float(after["births"].sum()) == pytest.approx(10.0)


def test_men_bear_no_children(year):
    after = year(town({("male", 3): 100.0}), rates(fertility={4: 0.2}))
    assert float(after["births"].sum()) == 0.0


def test_births_do_not_change_the_deaths_of_others(year):
    """Deaths first or births first: from age 1 on deaths are the same to the bit, with and without births."""
    stock, die = town({("female", 3): 100.0}), {("female", 0): 0.1, ("female", 4): 0.3}
    some, none = year(stock, rates(die, fertility={4: 0.2})), year(stock, rates(die))
    older = {"age": slice(1, None)}
    xr.testing.assert_equal(some["deaths"].sel(older), none["deaths"].sel(older))
    assert at(some["deaths"], "female", 0) == pytest.approx(0.1 * GIRLS * 0.2 * (100 + 70) / 2)


@pytest.mark.parametrize("timing", ["cohort", "even", "end"])
def test_all_of_net_migration_reaches_the_stock(timing):
    """Without deaths the town grows by in-moves less out-moves, whenever in the year people move."""
    come, go = {("female", 3): 30.0, ("male", 6): 8.0}, {("female", 4): 10.0}
    given = rates(come=come).assign(out_moves=cells(go))
    after = project(town({("female", 3): 100.0, ("female", 4): 100.0}), given, until=2021, timing=timing)
    assert float(after["population"].sel(year_end=2021).sum()) == pytest.approx(200 + 38 - 10)
    assert float((after["in_moves"] - after["out_moves"]).sum()) == pytest.approx(28)


def test_an_area_without_rates_is_not_dropped():
    """An inner join of stock and rates would lose the people of area 02."""
    stock = town({("male", 2): 100.0}, ["01", "02"])
    with pytest.raises(EngineError, match="stimmt nicht mit dem Bestand überein") as caught:
        project(stock, rates(), until=2021)
    assert caught.value.cells == ({"area": "02", "Befund": "fehlt hier"},)


def test_an_area_without_stock_is_not_dropped():
    """Nor would the in-moves of area 02 be lost."""
    with pytest.raises(EngineError, match="stimmt nicht mit dem Bestand überein") as caught:
        project(town({("male", 2): 100.0}), rates(areas=["01", "02"]), until=2021)
    assert caught.value.cells == ({"area": "02", "Befund": "nur hier, nicht im Bestand"},)


def test_areas_are_joined_by_key_and_not_by_position(year):
    stock = town({("male", 2): 100.0}, ["01", "02"])
    given = rates(areas=["02", "01"])
    given["in_moves"].loc[{"area": "02", "sex": "male", "age": 3}] = 7.0
    assert year(stock, given)["population"].sum(list(COORDS)).values.tolist() == [100.0, 107.0]


def test_death_rates_belong_to_the_cohort_that_reaches_the_age(year):
    """q[4] is for those who were 3 at the start; by period age it would hit those who were 4."""
    after = year(town({("female", 3): 100.0, ("female", 4): 100.0}), rates(death={("female", 4): 0.5}))
    assert at(after["population"], "female", 4) == pytest.approx(50.0)
    assert at(after["population"], "female", 5) == pytest.approx(100.0)


@pytest.mark.shared
def test_a_stationary_population_stays_as_it_is(shared, year):
    """The persons alive by the published table, L(x), are the same a year later (rounded to 1 of 100,000).

    With q(x) itself as the probability of those who reach x in the year, some 200 of those over 80 were missing.
    """
    path = shared / "data/destatis/Sterbetafel2022-2024.csv"
    table = pd.read_csv(path, sep=";", skiprows=10, header=None, nrows=101, decimal=",", encoding="utf-8-sig")
    alive = xr.DataArray(table[[23, 9]].to_numpy(float).T, {"sex": COORDS["sex"], "age": np.arange(101)})
    stock = alive.expand_dims(year_end=[2020], area=["01"], nationality=["total"]).to_dataset(name="population")
    q = year_end_death_prob(national.death_prob("2022/24"), 100)
    none = xr.zeros_like(stock["population"][0])
    given = xr.Dataset({"death_prob": q, "out_prob": 0 * q, "in_moves": none.drop_vars("year_end")})
    given["fertility_rate"] = 0 * q.isel(sex=0, drop=True)
    after = year(stock, given)["population"].isel(area=0, nationality=0)
    between = slice(2, 99)  # age 1 rests on when in their first year infants die, which the table does not tell
    np.testing.assert_allclose(after.sel(age=between), alive.sel(age=between), atol=1.0)
    assert float(abs(alive.shift(age=1) * (1 - national.death_prob("2022/24")) - alive).max()) > 200


def test_eckwerte_off_by_21_are_not_reported_as_met():
    """Ages add up to 121 persons, the area to 100: an error that names the amount, not a result."""
    given = rates(out={("male", 3): 0.1}, come={("male", 3): 20.0})
    ages = xr.DataArray([[121.0]], {"year_end": [2021], "age": [3]})
    area = xr.DataArray([[100.0]], {"year_end": [2021], "area": ["01"]})
    eckwerte = [Eckwert("Alter", ages), Eckwert("Gebiet", area)]
    with pytest.raises(EngineError, match=r"widersprechen sich.* 21 Personen"):
        project(town({("male", 2): 100.0}), given, until=2021, eckwerte=eckwerte)


def two_groups(german, foreign):
    """The same Dataset of one group for each of two."""
    groups = {"german": german, "foreign": foreign}
    parts = [part.assign_coords(nationality=[name]) for name, part in groups.items()]
    return xr.concat(parts, "nationality", join="exact", data_vars="minimal", coords="minimal", compat="equals")


def test_naturalised_persons_die_for_half_a_year_with_each_of_both_rates(year):
    """30 of 100 change: deaths 0.2·(100 − 15) among the foreign, 0.1·15 among the german."""
    stock = two_groups(town({}), town({("male", 2): 100.0}))
    given = two_groups(rates(death={("male", 3): 0.1}), rates(death={("male", 3): 0.2}))
    change = two_groups(town({}), town({("male", 3): 0.3}))["population"].isel(year_end=0, drop=True)
    after = year(stock, given.assign(naturalisation_prob=change)).sel(sex="male", age=3).isel(area=0)
    assert after["naturalisations"].values.tolist() == pytest.approx([30.0, -30.0])
    assert after["deaths"].values.tolist() == pytest.approx([1.5, 17.0])
    assert after["population"].values.tolist() == pytest.approx([28.5, 53.0])


def test_births_change_group_by_the_matrix_and_newborns_by_naturalisation(year):
    """10 births of foreign mothers, 4 are german; of the 6 others 0.5 change, exposed to q0 for 2/3 of the year."""
    stock = two_groups(town({}), town({("female", 3): 100.0}))
    newborn = {("female", 0): 0.1}
    given = two_groups(rates(newborn), rates({("female", 0): 0.2}))
    groups = ["german", "foreign"]
    born = xr.DataArray([0.0, 0.1], {"nationality": groups}) * rates(fertility={4: 1.0})["fertility_rate"]
    to = xr.DataArray([[1.0, 0.0], [0.4, 0.6]], {"nationality": groups, "nationality_child": groups})
    change = two_groups(town({}), town({("female", 0): 0.5}))["population"].isel(year_end=0, drop=True)
    given = given.assign(
        fertility_rate=born, birth_group_share=to, naturalisation_prob=change, female_birth_share=1.0
    )
    after = year(stock, given)
    assert after["births"].sel(sex="female").values.ravel().tolist() == pytest.approx([4.0, 6.0])
    newborns = after.sel(sex="female", age=0)
    assert newborns["deaths"].values.ravel().tolist() == pytest.approx([0.1 * (4 + 2), 0.2 * (6 - 2)])
    assert newborns["population"].values.ravel().tolist() == pytest.approx([4 + 3 - 0.6, 6 - 3 - 0.8])
