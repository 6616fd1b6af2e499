"""Draws of a city whose areas depend on each other: whole persons, Eckwerte in the mean, moves that match."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from scipy.stats import binom
from support import by_hand
from support.cities import START, City, cities, eckwerte_near, plan_of, rates_of, stock_of, with_moves

from zwkprognose import estimate_rates, load_example
from zwkprognose.engine import (
    Eckwert,
    Sondergruppe,
    Uncertainty,
    check_balance,
    draw_trajectories,
    project,
    project_draws,
)
from zwkprognose.engine.compiled.compiling import Kernel
from zwkprognose.engine.draws import counts, fates
from zwkprognose.errors import EngineError

UNTIL = START + 5
EVENTS, RATES = Uncertainty.of_events(), Uncertainty().without_events()
CERTAIN = Uncertainty(events=False, common={}, own={})
SIGNED = ("naturalisations", "erstbezug", "sondergruppe")
KINDS = pytest.mark.parametrize("kind", ["pool", "matrix"])


class Everything:
    """A city with every feature on: moves, changes of group, dwellings, a home, out-moves as numbers, Eckwerte."""

    def __init__(self, city: City, kind: str) -> None:
        self.stock = np.floor(stock_of(city, least=3.0))
        self.rates = with_moves(rates_of(city, range(START + 1, UNTIL + 1)), city, kind)
        self.rates["out_moves"] = 0.05 * self.rates["in_moves"]
        self.plan = {"citizens": city.coords["nationality"][0]} | plan_of(city)
        free = project(self.stock, self.rates, until=UNTIL, **self.plan)
        deaths = 1.02 * free["deaths"].sum(["area", "nationality", "sex", "age"])
        self.plan["eckwerte"] = [*eckwerte_near(free, city), Eckwert("Sterbefälle", deaths, of="deaths")]

    def draw(self, uncertainty: Uncertainty, draws: int = 8, **options: object) -> xr.Dataset:
        """Whole trajectories."""
        given = {"until": UNTIL, "draws": draws, "uncertainty": uncertainty} | self.plan | options
        return draw_trajectories(self.stock, self.rates, **given)


TOWN = City(areas=5, groups=2, open_age=30, seed=4)


@pytest.fixture(scope="module", params=["pool", "matrix"])
def everything(request: pytest.FixtureRequest) -> Everything:
    return Everything(TOWN, request.param)


@settings(max_examples=4)
@given(city=cities(open_age=20))
def test_without_uncertainty_a_draw_is_the_projection(city: City) -> None:
    for kind in ("pool", "matrix"):
        given = Everything(city, kind)
        drawn, expected = given.draw(CERTAIN, draws=2), project(given.stock, given.rates, until=UNTIL, **given.plan)
        for name in expected.data_vars:
            np.testing.assert_allclose(drawn[name].isel(draw=1), expected[name], rtol=1e-7, atol=1e-7)


@pytest.mark.parametrize("of", ["population", "deaths"])
def test_an_eckwert_of_one_year_leaves_the_next_alone(everything: Everything, of: str) -> None:
    """Without uncertainty a draw is the projection, also in the years before and after an Eckwert of the stock."""
    eckwerte = [replace(e, target=e.target.isel({e.time: [1, 3]})) for e in everything.plan["eckwerte"][:2]]
    if of == "deaths":
        eckwerte.append(replace(everything.plan["eckwerte"][2], target=everything.plan["eckwerte"][2].target[2:3]))
    expected = project(everything.stock, everything.rates, until=UNTIL, **everything.plan | {"eckwerte": eckwerte})
    drawn = everything.draw(CERTAIN, 2, eckwerte=eckwerte)
    for name in expected.data_vars:
        np.testing.assert_allclose(drawn[name].isel(draw=1), expected[name], rtol=1e-7, atol=1e-7)
    options = {"until": UNTIL, "draws": 2, "uncertainty": CERTAIN} | everything.plan | {"eckwerte": eckwerte}
    sums = project_draws(everything.stock, everything.rates, bands={"alle": (0, None)}, **options)
    total = expected["population"].sum(["nationality", "sex", "age"])
    np.testing.assert_allclose(sums["mean"].sel(age_band="alle"), total, rtol=1e-6)


@pytest.mark.parametrize("without", ["Eckwerte", "Eckwerte und Plan"])
def test_draws_side_by_side_are_those_one_by_one(everything: Everything, without: str) -> None:
    """Sums of the stock alone are computed for some draws at a time, whole trajectories draw by draw."""
    given = {"eckwerte": ()} | ({"erstbezug": None, "sondergruppen": ()} if "Plan" in without else {})
    population = everything.draw(RATES, 11, **given)["population"]
    options = {"until": UNTIL, "draws": 11, "uncertainty": RATES} | everything.plan | given
    sums = project_draws(everything.stock, everything.rates, bands={"alle": (0, None)}, **options)
    each = population.sum(["nationality", "sex", "age"])
    for name, values in (("mean", each.mean("draw")), ("sd", each.std("draw", ddof=1))):
        found = sums[name].sel(age_band="alle").transpose(*values.dims)
        np.testing.assert_allclose(found, values, rtol=1e-5, atol=1e-4)


@settings(max_examples=4)
@given(city=cities(open_age=20))
def test_every_draw_balances_to_the_person_with_everything_on(city: City) -> None:
    for kind in ("pool", "matrix"):
        drawn = Everything(city, kind).draw(Uncertainty())
        for name, values in drawn.data_vars.items():
            assert (values.values == np.rint(values.values)).all()
            assert name in SIGNED or float(values.min()) >= 0
        assert max(check_balance(drawn.isel(draw=d)) for d in range(8)) == 0.0


def test_the_mean_of_the_draws_is_the_projection(everything: Everything) -> None:
    """After one year everything is linear but for those who cannot give what they do not have."""
    draws, first = 1500, {"until": START + 1, "sondergruppen": ()}  # the home opens a year later
    drawn = everything.draw(EVENTS, draws, **first)
    expected = project(everything.stock, everything.rates, **everything.plan | first)
    for name in ("population", "births", "deaths", "in_moves", "out_moves", "moves_in", "moves_out",
                 "naturalisations", "erstbezug"):  # fmt: skip
        own = drawn[name].isel({"year_end" if name == "population" else "year": -1})
        mean = expected[name].isel({"year_end" if name == "population" else "year": -1})
        for left in (["area"], ["nationality", "sex"], []):
            over = [d for d in mean.dims if d not in left]
            sums = own.sum(over)
            z = (sums.mean("draw") - mean.sum(over)) / (sums.std("draw", ddof=1) / np.sqrt(draws) + 1e-9)
            assert float(abs(z).max()) < 4.5, (name, left)


def test_an_eckwert_holds_in_the_mean_and_is_aimed_at_anew_every_year(everything: Everything) -> None:
    drawn = everything.draw(Uncertainty(), 400)["population"].sum(["nationality", "sex", "area"])
    ages, wanted = everything.plan["eckwerte"][0], [slice(1, 15), slice(16, 30)]
    for band, of_ages in zip(("jung", "alt"), wanted, strict=True):
        sums = drawn.sel(age=of_ages).sum("age").isel(year_end=slice(1, None))
        z = (sums.mean("draw") - ages.target.sel(band=band)) / (sums.std("draw", ddof=1) / 20)
        assert float(abs(z).max()) < 4.5
        # a year's chance only: what was missed is made good, the scatter does not add up over the years
        assert float(sums.std("draw").isel(year_end=-1) / sums.std("draw").isel(year_end=0)) < 1.3


def test_a_target_changes_no_person_before_its_year(everything: Everything) -> None:
    late = Eckwert("am Ende", xr.DataArray([5e3], {"year_end": [UNTIL]}, ("year_end",)))
    without, held = everything.draw(EVENTS, eckwerte=()), everything.draw(EVENTS, eckwerte=(late,))
    before = {"year_end": slice(None, UNTIL - 1), "year": slice(None, UNTIL - 1)}
    xr.testing.assert_equal(without.sel(before), held.sel(before))
    assert float(abs(without["population"] - held["population"]).sel(year_end=UNTIL).sum()) > 0


def still(kind: str) -> tuple[xr.Dataset, xr.Dataset]:
    """A town in which people only move inside: 60 persons in each of three areas, one cohort."""
    areas = ["00", "01", "02"]
    stock = by_hand.town(areas, 60.0, oldest=5, age=2)
    leave = by_hand.only(by_hand.cells_of(stock), [0.3, 0.1, 0.0])
    rates = by_hand.still(stock, move_out_prob=leave)
    if kind == "pool":
        return stock, rates.assign(move_in_share=("area", [0.5, 0.2, 0.3]))
    table = np.array([[0.0, 0.25, 0.75], [0.9, 0.0, 0.1], [1.0, 0.0, 0.0]])
    return stock, rates.assign(destination_share=xr.DataArray(table, {"origin": areas, "destination": areas}))


@KINDS
def test_movers_are_binomial_and_their_destinations_multinomial(kind: str) -> None:
    """By hand: of n = 60, r leave each area; those of area o reach area d with probability p, all on their own.

    So the arrivals in d are a sum of binomial numbers Bin(n, r_o·p_od), and those in two areas vary against each other.
    """
    stock, rates = still(kind)
    draws, n, r = 20_000, 60, np.array([0.3, 0.1, 0.0])
    drawn = draw_trajectories(stock, rates, until=START + 1, draws=draws, uncertainty=EVENTS)
    p = np.array([[0.5, 0.2, 0.3]] * 3) if kind == "pool" else rates["destination_share"].values
    out, come = (
        drawn[k].sel(sex="female", age=3, nationality="total", year=START + 1) for k in ("moves_out", "moves_in")
    )
    spread = 6 * np.sqrt(2 / draws)
    np.testing.assert_allclose(out.var("draw", ddof=1), n * r * (1 - r), rtol=spread)
    reach = n * r[:, None] * p
    np.testing.assert_allclose(come.mean("draw"), reach.sum(0), atol=4.5 * np.sqrt(reach.sum(0).max() / draws))
    np.testing.assert_allclose(come.var("draw", ddof=1), (reach * (1 - r[:, None] * p)).sum(0), rtol=spread)
    both = np.cov(come.values.T)
    np.testing.assert_allclose(
        both[0, 1], -(n * r**2 * p[:, 0] * p[:, 1]).sum(), atol=6 * reach.sum(0).max() / np.sqrt(draws)
    )
    assert (come.sum("area") == out.sum("area")).all()


def test_homes_hold_whole_persons_and_release_some() -> None:
    """A home for 10.4 in three cells of equal share closes: 10 live there, half of them stay in the area."""
    stock, rates = still("pool")
    rates = rates.drop_vars(["move_out_prob", "move_in_share"])
    profile = xr.zeros_like(stock["population"].isel(year_end=0, area=0, drop=True))
    profile.loc[{"age": [1, 2, 3], "sex": "male"}] = 1 / 3
    home = Sondergruppe("Heim", "00", {START: 0.0, START + 1: 10.4}, profile, START + 3, 0.5)
    drawn = draw_trajectories(stock, rates, until=UNTIL, draws=3, uncertainty=EVENTS, sondergruppen=(home,))
    total = drawn["population"].sum(["nationality", "sex", "age"])
    assert (total.sel(area="00") == [120, 130, 130, 125, 125, 125]).all()
    assert max(check_balance(drawn.isel(draw=d)) for d in range(3)) == 0.0


@pytest.mark.parametrize("year", [1, 2])
def test_homes_that_stand_at_the_start_and_change_later_keep_their_places(year: int) -> None:
    """360 persons, of whom 30 in a home for 30; then it has 50 places, and 20 at last: the others stay as they are."""
    stock, rates = still("pool")
    rates = rates.drop_vars(["move_out_prob", "move_in_share"])
    profile = xr.zeros_like(stock["population"].isel(year_end=0, area=0, drop=True))
    profile.loc[{"age": 2, "sex": "male"}] = 1.0
    home = Sondergruppe("Heim", "00", {START: 30.0, START + year: 50.0, START + 4: 20.0}, profile)
    options = {"until": UNTIL, "draws": 3, "sondergruppen": (home,)}
    for uncertainty in (EVENTS, CERTAIN):
        drawn = draw_trajectories(stock, rates, uncertainty=uncertainty, **options)
        total = drawn["population"].sum(["nationality", "sex", "age", "area"])
        expected = [360, 380 if year == 1 else 360, 380, 380, 350, 350]
        np.testing.assert_allclose(total, np.broadcast_to(expected, total.shape), rtol=1e-12)


@pytest.mark.parametrize("uncertainty", [EVENTS, Uncertainty().without_events()], ids=["events", "rates"])
def test_a_block_of_exactly_one_draw(uncertainty: Uncertainty) -> None:
    """The last draw of 17, of which threads take 16 together, is the same as among 20."""
    stock, rates = still("pool")
    few, more = (draw_trajectories(stock, rates, until=START + 2, draws=n, uncertainty=uncertainty) for n in (17, 20))
    xr.testing.assert_equal(few.isel(draw=16), more.isel(draw=16))


def test_areas_that_cease_to_exist_are_left_by_everybody() -> None:
    stock, rates = still("pool")
    years = np.arange(START + 1, UNTIL + 1)
    there = xr.DataArray(np.ones((len(years), 3)), {"year": years, "area": stock["area"].values})
    there.loc[{"area": "00", "year": slice(START + 2, None)}] = 0.0
    rates = rates.assign(area_exists=there, move_in_share=rates["move_in_share"])
    drawn = draw_trajectories(stock, rates, until=UNTIL, draws=20, uncertainty=EVENTS)
    total = drawn["population"].sum(["nationality", "sex", "age"])
    assert (total.sum("area") == 360).all()
    assert (total.sel(area="00", year_end=slice(START + 2, None)) == 0).all()
    assert max(check_balance(drawn.isel(draw=d)) for d in range(20)) == 0.0


@pytest.mark.parametrize(
    "uncertainty", [EVENTS, Uncertainty(), Uncertainty().without_events()], ids=["events", "both", "rates"]
)
def test_draws_do_not_depend_on_threads_rows_or_number(everything: Everything, uncertainty: Uncertainty) -> None:
    one = everything.draw(uncertainty, 20, threads=1)
    xr.testing.assert_identical(one, everything.draw(uncertainty, 20, threads=3))
    xr.testing.assert_equal(one.isel(draw=slice(0, 7)), everything.draw(uncertainty, 7))
    assert not one["population"].equals(everything.draw(uncertainty, 20, seed=2)["population"])


def test_order_of_the_rows_changes_no_person(everything: Everything) -> None:
    turned = Everything(TOWN, "pool")
    turned.plan, turned.rates = everything.plan, everything.rates
    turned.stock = everything.stock.isel(area=np.random.default_rng(5).permutation(TOWN.areas))
    base = everything.draw(EVENTS)
    xr.testing.assert_equal(turned.draw(EVENTS).sel(area=base["area"]), base)


def test_summaries_are_those_of_the_trajectories(everything: Everything) -> None:
    options = {"until": UNTIL, "draws": 40, "uncertainty": EVENTS} | everything.plan
    drawn = project_draws(everything.stock, everything.rates, bands={"jung": (0, 9), "alle": (0, None)}, **options)
    persons = everything.draw(EVENTS, 40)["population"].sum(["nationality", "sex"])
    young = persons.sel(age=slice(0, 9)).sum("age")
    np.testing.assert_array_equal(drawn["mean"].sel(age_band="jung"), young.mean("draw"))
    np.testing.assert_allclose(drawn["city_quantiles"].sel(age_band="jung", quantile=0.9),
                               young.sum("area").quantile(0.9, "draw"))  # fmt: skip


def test_what_cannot_be_reached_in_a_draw_is_named() -> None:
    stock, rates = still("pool")
    more = Eckwert("zu viel", xr.DataArray([900.0], {"year_end": [START + 1]}, ("year_end",)))
    with pytest.raises(EngineError, match="zu viel") as error:
        project_draws(stock, rates, until=UNTIL, draws=5, eckwerte=(more,))
    assert error.value.cells[0]["draw"] == 0
    assert error.value.cells[0]["year"] == START + 1
    babies = Eckwert("Geburten", xr.DataArray([9.0], {"year": [START + 1]}, ("year",)), of="births")
    with pytest.raises(EngineError, match="niemanden"):
        project_draws(stock, rates, until=UNTIL, draws=5, eckwerte=(babies,))


def test_a_recommended_forecast_of_a_city_has_draws() -> None:
    inputs = load_example("berlin")
    rates = estimate_rates(inputs)
    until = int(inputs["year_end"][-1]) + 3
    projection = project(inputs, rates, until=until, totals="shrunk", draws=24)
    total = projection["population"].sum(["nationality", "sex", "age"])
    drawn = projection["drawn_mean"].sel(age_band="insgesamt")
    spread = projection["drawn_sd"].sel(age_band="insgesamt")
    z = (drawn - total) / (spread / np.sqrt(24) + 0.5)
    assert float(abs(z.isel(year_end=slice(1, None))).max()) < 5
    assert (spread.isel(year_end=-1) > 0).all()


@pytest.mark.parametrize("least", [0.0, 0.9, 0.9999999])
def test_a_fate_that_nearly_all_share_is_drawn_exactly(least: float) -> None:
    """Of a row of few and many persons side by side: quantiles of the binomial distribution, also near certainty."""
    random, ages = np.random.default_rng(7), 300
    room, inverse, draw = np.empty((fates.ROOM, ages)), Kernel(counts.inverses)(), Kernel(fates.binomials)
    for _ in range(20):
        persons, u = random.integers(0, 90, ages), (random.integers(0, 2**32, ages) + 0.5) / 2**32
        chance = least + (1.0 - least) * random.random(ages)
        room[fates.PERSONS], room[fates.CHANCE] = persons, chance
        draw(u, room, np.empty(ages, np.int64), inverse)
        np.testing.assert_array_equal(room[fates.COUNT], binom.ppf(u, persons, chance))
