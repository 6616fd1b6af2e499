"""The closed form of the Eckwerte, counted by hand in two areas with one cohort each."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr
from support import by_hand

from zwkprognose import check_balance, project
from zwkprognose.engine import Eckwert, Timing
from zwkprognose.errors import EngineError

AREAS, OLDEST = ["a", "b"], 6
CELL = {"nationality": ["total"], "sex": ["female", "male"], "age": np.arange(OLDEST + 1)}
#: Men who become 4 in the year, their deaths, exits and in-moves, by area.
PEOPLE, Q, E, COME = np.array([100.0, 400.0]), np.array([0.1, 0.2]), np.array([0.2, 0.05]), np.array([30.0, 10.0])


def town(people=PEOPLE):
    """Men of 3 by area; nobody else lives there."""
    return by_hand.town(AREAS, people, oldest=OLDEST, age=3, sex="male")


def rates(stock, death=Q, out=E, come=COME):
    """What happens to the men who become 4, by area."""
    nobody = by_hand.cells_of(stock)
    given = {"death_prob": death, "out_prob": out, "in_moves": come}
    return by_hand.still(stock, **{name: by_hand.only(nobody, v, age=4, sex="male") for name, v in given.items()})


def city(target, **dims):
    """An Eckwert of the whole city, or of the given dimension."""
    return Eckwert("Kohorte", xr.DataArray([target], {"year_end": [2021]} | dims))


def at_four(projection, name):
    """Men of 4 by area."""
    values = projection[name].sel(age=4, sex="male", nationality="total")
    return values.isel({values.dims[0]: -1}).values


@pytest.mark.parametrize("method", ["reference", "kernel"])
@pytest.mark.parametrize("target", [300.0, 430.0, 455.0, 900.0])
def test_closed_form_in_two_areas(method, target):
    """s = J·(1 − q), movers weigh 1 − q/2: f = (G + √(G² + 4·ΣI·ΣO)) / (2·ΣI) with G = T − Σs."""
    weight, leave = 1 - Q / 2, E * PEOPLE
    gap = target - (PEOPLE * (1 - Q)).sum()
    inward, outward = (weight * COME).sum(), (weight * leave).sum()
    f = (gap + math.sqrt(gap**2 + 4 * inward * outward)) / (2 * inward)
    stock = town()
    projection = project(stock, rates(stock), until=2021, eckwerte=[city(target)], method=method)
    np.testing.assert_allclose(at_four(projection, "in_moves"), f * COME, rtol=1e-12)
    np.testing.assert_allclose(at_four(projection, "out_moves"), leave / f, rtol=1e-12)
    deaths = Q * (PEOPLE + (f * COME - leave / f) / 2)
    np.testing.assert_allclose(at_four(projection, "deaths"), deaths, rtol=1e-12)
    assert at_four(projection, "population").sum() == pytest.approx(target, rel=1e-11)
    assert check_balance(projection) < 1e-12


def test_every_area_has_its_own_factor_under_targets_of_areas():
    """a shall have 120, b 350: each solves its own equation, a with f above and b with f below one."""
    stock = town()
    projection = project(stock, rates(stock), until=2021, eckwerte=[city([120.0, 350.0], area=AREAS)])
    np.testing.assert_allclose(at_four(projection, "population"), [120.0, 350.0], rtol=1e-11)
    factor = at_four(projection, "in_moves") / COME
    assert factor[0] > 1
    assert factor[0] != pytest.approx(factor[1])
    np.testing.assert_allclose(at_four(projection, "out_moves") * factor, E * PEOPLE, rtol=1e-12)


@pytest.mark.parametrize(
    ("timing", "early"), [("even", 0.5), ("end", 0.0), (Timing(early=0.2, by_completed_age=True), 0.2)]
)
@pytest.mark.parametrize("target", [90.0, 140.0])
def test_movers_by_completed_age_under_an_eckwert(timing, early, target):
    """100 women of 3, 40 come at 3 and 20 at 4 by age on the day; half of those of 3 and all of 4 end at 4 if "end".

    Those who come at the start are a year older at the end and share its deaths. Mothers of 3 at the start are the
    residents and the movers who were there, as many as the Eckwert of those who are 4 at the end makes of them.
    """
    stock = xr.zeros_like(town())
    stock["population"].loc[{"area": "a", "age": 3, "sex": "female"}] = 100.0
    given = 0 * rates(stock)
    women = {"area": "a", "sex": "female"}
    given["death_prob"].loc[women | {"age": 4}], given["out_prob"].loc[women | {"age": 4}] = 0.1, 0.3
    given["in_moves"].loc[women | {"age": 3}], given["in_moves"].loc[women | {"age": 4}] = 40.0, 20.0
    given["fertility_rate"].loc[{"age": 3}] = 0.5
    come = early * 40 + (1 - early) * 20
    inward, outward = early * 40 * 0.9 + (1 - early) * 20, 30 * (1 - 0.1 * early)
    gap = target - 100 * 0.9
    f = (gap + math.sqrt(gap**2 + 4 * inward * outward)) / (2 * inward)
    wanted = xr.DataArray([[target]], {"year_end": [2021], "age": [4]})
    projection = project(stock, given, until=2021, timing=timing, eckwerte=[Eckwert("vier", wanted)])
    at_end = {"area": "a", "sex": "female", "nationality": "total"}
    four = projection.isel(year=0, year_end=-1).sel(at_end | {"age": 4})
    assert float(four["population"]) == pytest.approx(target, rel=1e-11)
    assert float(four["in_moves"]) == pytest.approx(f * come)
    assert float(four["out_moves"]) == pytest.approx(30 / f)
    late = 0.0 if timing == "end" else (1 - early) * 40
    mothers = (100 + early * 40 * f + late) / 2
    assert float(projection["births"].sum()) == pytest.approx(0.5 * mothers)
    assert check_balance(projection) < 1e-12


def test_on_target_the_factor_is_exactly_one():
    stock = town()
    free = project(stock, rates(stock), until=2021)
    target = free["population"].sel(year_end=2021).sum()
    xr.testing.assert_equal(project(stock, rates(stock), until=2021, eckwerte=[city(float(target))]), free)


def test_what_meets_the_eckwert_is_not_changed_again():
    """The movers found, given as numbers, stay as they are: not one bit moves."""
    stock = town()
    first = project(stock, rates(stock), until=2021, eckwerte=[city(500.0)])
    found = rates(stock, out=np.zeros(2)).assign(
        in_moves=first["in_moves"].isel(year=0, drop=True), out_moves=first["out_moves"].isel(year=0, drop=True)
    )
    again = project(stock, found, until=2021, eckwerte=[city(500.0)])
    for name in ("in_moves", "out_moves", "deaths", "population"):
        xr.testing.assert_equal(again[name], first[name])


def test_where_more_would_leave_than_live_there_the_others_give_the_rest():
    """50 of 100 and 10 of 100 leave, 60 shall stay: 1/f = 140/60 would take 117 from a. All of a and 40 of b leave."""
    stock = town([100.0, 100.0])
    given = rates(stock, death=np.zeros(2), out=np.array([0.5, 0.1]), come=np.zeros(2))
    projection = project(stock, given, until=2021, eckwerte=[city(60.0)])
    np.testing.assert_allclose(at_four(projection, "out_moves"), [100.0, 40.0], rtol=1e-9)
    np.testing.assert_allclose(at_four(projection, "population"), [0.0, 60.0], atol=1e-8)
    assert float(projection["population"].min()) >= 0


@pytest.mark.parametrize(
    ("target", "out", "bound"), [(130.0, [0.1, 0.1], "höchstens"), (70.0, [0.0, 0.0], "mindestens")]
)
def test_out_of_reach_names_the_eckwert_and_how_many_are_missing(target, out, bound):
    """100 men and nobody who comes: 130 are 30 too many; if nobody leaves either, 70 are 30 too few."""
    stock = town([60.0, 40.0])
    given = rates(stock, death=np.zeros(2), out=np.array(out), come=np.zeros(2))
    with pytest.raises(EngineError, match=r"„Kohorte“ ist .* es fehlen 30 Personen") as caught:
        project(stock, given, until=2021, eckwerte=[city(target)])
    assert caught.value.cells == ({"year_end": 2021, "Eckwert": target, bound: 100.0, "Abstand": 30.0},)


def test_levels_of_an_area_hierarchy_hold_together():
    """A district of one area inside the town: both are met, and the other area gets what is left."""
    stock = town()
    district = Eckwert("Bezirk", xr.DataArray([[130.0]], {"year_end": [2021], "bezirk": ["West"]}),
                       groups={"bezirk": ("area", {"a": "West"})})  # fmt: skip
    projection = project(stock, rates(stock), until=2021, eckwerte=[city(480.0), district])
    np.testing.assert_allclose(at_four(projection, "population"), [130.0, 350.0], rtol=1e-10)


def test_levels_of_movements_scale_their_rates():
    """60 in-moves instead of 40, 55 deaths instead of those of the rates: each in proportion to its own."""
    stock = town()
    wanted = {"in_moves": 60.0, "deaths": 55.0}
    levels = [Eckwert(of, xr.DataArray([n], {"year": [2021]}), of=of) for of, n in wanted.items()]
    projection = project(stock, rates(stock), until=2021, eckwerte=levels)
    np.testing.assert_allclose(at_four(projection, "in_moves"), 1.5 * COME, rtol=1e-10)
    np.testing.assert_allclose(at_four(projection, "out_moves"), E * PEOPLE, rtol=1e-12)
    exposed = PEOPLE + (1.5 * COME - E * PEOPLE) / 2
    np.testing.assert_allclose(at_four(projection, "deaths"), 55 * Q * exposed / (Q * exposed).sum(), rtol=1e-10)
