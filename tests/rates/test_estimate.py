"""`estimate_rates` at the door: what any stock table must give, and what is refused."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.rates import estimate_rates
from zwkprognose.rates.stocks import reached, survivors

MakeInputs = Callable[..., xr.Dataset]
REQUIRED = {
    "death_prob",
    "out_prob",
    "in_moves",
    "fertility_rate",
    "birth_group_share",
    "female_birth_share",
}


@pytest.fixture
def growing(make_inputs: MakeInputs, stock: np.ndarray) -> xr.Dataset:
    """Three stocks with gaps; every cohort grows by one per cent a year."""
    return make_inputs({2011: stock, 2014: stock * 1.03, 2020: stock * 1.09})


def with_flows(inputs: xr.Dataset, **per_year: float) -> xr.Dataset:
    """Totals of events by area for 2012 … 2020."""
    years = list(range(2012, 2021))
    sizes = inputs["population"].isel(year_end=-1).sum(["nationality", "sex", "age"])
    flows = {
        name: (("year", "area"), np.tile(rate * sizes.to_numpy(), (len(years), 1))) for name, rate in per_year.items()
    }
    return inputs.assign_coords(year=years).assign(flows)


def test_three_stocks_give_all_rates_within_bounds(growing: xr.Dataset) -> None:
    rates = estimate_rates(growing)
    assert set(rates) >= REQUIRED
    q, exit_prob = rates["death_prob"], rates["out_prob"]
    assert bool((q * (1 - exit_prob / 2) + exit_prob <= 1).all())
    assert bool((rates["in_moves"] >= 0).all())
    np.testing.assert_allclose(rates["birth_group_share"].sum("nationality_child"), 1)
    assert rates.attrs["base_period"] == "2011–2014, 2014–2020"


def test_one_group_and_two_stocks_are_enough(make_inputs: MakeInputs, stock: np.ndarray) -> None:
    both = stock.sum(1, keepdims=True)
    rates = estimate_rates(make_inputs({2020: both, 2023: both}))
    assert rates["birth_group_share"].to_numpy().tolist() == [[1.0]]
    assert set(rates) >= REQUIRED


def test_one_stock_is_enough_without_migration_only(make_inputs: MakeInputs, stock: np.ndarray) -> None:
    inputs = make_inputs({2023: stock})
    with pytest.raises(RatesError, match="zwei Beständen") as error:
        estimate_rates(inputs)
    assert 'migration="none"' in error.value.remedy
    rates = estimate_rates(inputs, migration="none")
    assert float(rates["in_moves"].sum()) == float(rates["out_prob"].sum()) == 0


def test_excluded_years_drop_the_periods_that_contain_them(growing: xr.Dataset) -> None:
    assert estimate_rates(growing, exclude_years=[2015, 2016]).attrs["base_period"] == "2011–2014"
    with pytest.raises(RatesError, match="zwei Beständen"):
        estimate_rates(growing, exclude_years=[2012, 2015])


def test_unknown_stock_and_unknown_method_are_named(growing: xr.Dataset) -> None:
    with pytest.raises(RatesError, match="2013"):
        estimate_rates(growing, base_years=[2011, 2013])
    with pytest.raises(RatesError, match="wavelet"):
        estimate_rates(growing, migration="wavelet")  # type: ignore[arg-type]


def test_rates_say_which_methods_were_used(growing: xr.Dataset) -> None:
    stocks, events = estimate_rates(growing).attrs, estimate_rates(with_flows(growing, births=0.01, deaths=0.01)).attrs
    assert [stocks[name] for name in ("mortality", "fertility", "migration")] == ["national", "children", "residual"]
    assert [events[name] for name in ("mortality", "fertility", "migration")] == ["events", "events", "residual"]
    moves = estimate_rates(with_flows(growing, in_moves=0.11, out_moves=0.1)).attrs
    assert moves["migration"] == "totals"


def test_births_set_the_level_of_fertility(growing: xr.Dataset) -> None:
    few, many = (
        estimate_rates(with_flows(growing, births=rate))["fertility_rate"].sum("age") for rate in (0.005, 0.01)
    )
    np.testing.assert_allclose(many / few, 2)


def test_deaths_set_the_level_of_mortality(growing: xr.Dataset) -> None:
    plain = estimate_rates(growing)
    rates = estimate_rates(with_flows(growing, deaths=0.02))
    assert float(rates["mortality_level"].mean()) > 1
    assert bool((rates["death_prob"] > plain["death_prob"]).all())


def leavers(rates: xr.Dataset, inputs: xr.Dataset) -> np.ndarray:
    """Out-moves of every area that the rates give in the mean population of the stocks."""
    mean = inputs["population"].mean("year_end").to_numpy()
    cohorts = reached(mean)
    cohorts[..., 0] = mean[..., 0]
    return (rates["out_prob"].to_numpy() * cohorts).sum(axis=(1, 2, 3))


def test_gross_totals_of_a_city_are_met(growing: xr.Dataset) -> None:
    city = growing.isel(area=[0])
    inputs = with_flows(city, in_moves=0.11, out_moves=0.10)
    rates = estimate_rates(inputs)
    assert float(rates["in_moves"].sum()) == pytest.approx(float(inputs["in_moves"].mean()))
    assert leavers(rates, inputs)[0] == pytest.approx(float(inputs["out_moves"].mean()))


def test_gross_totals_of_quarters_set_turnover_not_net(growing: xr.Dataset) -> None:
    # moves over the city line say nothing about the net of a quarter, which also exchanges people with its neighbours
    calm = with_flows(growing, in_moves=0.11, out_moves=0.10)
    more = 0.3 * calm["in_moves"].isel(area=1)
    busy = calm.copy(deep=True)
    for name in ("in_moves", "out_moves"):
        busy[name][:, 1] += more
    before, after = estimate_rates(calm), estimate_rates(busy)
    arrivals = [r["in_moves"].sum(["nationality", "sex", "age"]).to_numpy() for r in (before, after)]
    assert arrivals[1][1] > 1.2 * arrivals[0][1]
    gained = [a - leavers(r, growing) for a, r in zip(arrivals, (before, after), strict=True)]
    np.testing.assert_allclose(gained[1], gained[0], rtol=0.25)
    assert arrivals[1].sum() == pytest.approx(float(busy["in_moves"].mean("year").sum()))


def test_with_moves_inside_the_city_every_quarter_meets_its_total(growing: xr.Dataset) -> None:
    inputs = with_flows(growing, in_moves=0.11, out_moves=0.10)
    areas = inputs["area"].to_numpy()
    exchange = np.array([[0.0, 40, 2], [50, 0, 1], [2, 1, 0]]) * np.ones((9, 1, 1))
    coords = {"year": inputs["year"].to_numpy(), "origin": areas, "destination": areas}
    inside = inputs.assign(moves=xr.DataArray(exchange, coords, ("year", "origin", "destination")))
    rates = estimate_rates(inside)
    wanted = inside["in_moves"].mean("year").to_numpy() + exchange[0].sum(axis=0)
    np.testing.assert_allclose(rates["in_moves"].sum(["nationality", "sex", "age"]), wanted)
    np.testing.assert_allclose(leavers(rates, inside), inside["out_moves"].mean("year") + exchange[0].sum(axis=1))


def test_totals_smaller_than_the_net_are_refused(growing: xr.Dataset) -> None:
    with pytest.raises(RatesError, match="kleiner als die Wanderungssalden") as error:
        estimate_rates(with_flows(growing, in_moves=0.0001, out_moves=0.0001))
    assert "residual" in error.value.remedy


def test_events_outside_the_base_period_are_an_error(growing: xr.Dataset) -> None:
    inputs = with_flows(growing, births=0.01).assign_coords(year=range(1995, 2004))
    with pytest.raises(RatesError, match="Geburten") as error:
        estimate_rates(inputs)
    assert "base_years" in error.value.remedy


def test_reached_and_survivors_move_everybody_on(stock: np.ndarray) -> None:
    assert reached(stock).sum() == pytest.approx(stock.sum())
    assert survivors(stock, np.zeros(96), 3).sum() == pytest.approx(stock.sum())


def rates_sound(rates: xr.Dataset) -> bool:
    """Finite, non-negative, and exits with deaths at most everybody."""
    q, exit_prob = rates["death_prob"], rates["out_prob"]
    arrays = [rates[name] for name in ("death_prob", "out_prob", "in_moves", "fertility_rate", "birth_group_share")]
    return all(bool(np.isfinite(a).all() and (a >= 0).all()) for a in arrays) and bool(
        (q * (1 - exit_prob / 2) + exit_prob <= 1).all()
    )


@pytest.mark.filterwarnings("error")
def test_a_city_without_people_moves_nobody(make_inputs: MakeInputs, stock: np.ndarray) -> None:
    rates = estimate_rates(make_inputs({2019: 0 * stock, 2023: 0 * stock}))
    assert rates_sound(rates)
    assert float(rates["in_moves"].sum()) == 0


@pytest.mark.parametrize("case", ["empty", "emptied", "new", "no foreigners"])
def test_quarters_without_people(make_inputs: MakeInputs, stock: np.ndarray, case: str) -> None:
    before, after = stock.copy(), stock.copy()
    if case in ("empty", "new"):
        before[2] = 0
    if case in ("empty", "emptied"):
        after[2] = 0
    if case == "no foreigners":
        before[:, 1] = after[:, 1] = 0
    assert rates_sound(estimate_rates(make_inputs({2019: before, 2023: after})))


def test_a_quarter_built_on_a_field_grows_by_people_not_by_multiples(
    make_inputs: MakeInputs, stock: np.ndarray
) -> None:
    before, after = stock.copy(), stock.copy()
    before[2] *= 0.02  # from 100 to 5,000 people in four years
    after[2] *= 1.0
    rates = estimate_rates(make_inputs({2019: before, 2023: after}))
    cohorts = reached((before + after)[2] / 2)
    net = rates["in_moves"].isel(area=2).to_numpy() - rates["out_prob"].isel(area=2).to_numpy() * cohorts
    gained_per_year = (after[2] - before[2]).sum() / 4
    assert 0.2 * gained_per_year < net[..., 5:].sum() < gained_per_year


@pytest.mark.parametrize("open_age", [20, 49])
def test_an_open_age_group_with_mothers_in_it_is_refused(
    make_inputs: MakeInputs, stock: np.ndarray, open_age: int
) -> None:
    short = stock[..., : open_age + 1].copy()
    short[..., -1] = stock[..., open_age:].sum(axis=-1)
    with pytest.raises(RatesError, match=f"nur bis zum Alter von {open_age - 1} Jahren"):
        estimate_rates(make_inputs({2019: short, 2023: short}))


@pytest.mark.parametrize("open_age", [70, 85, 95])
def test_any_open_age(make_inputs: MakeInputs, stock: np.ndarray, open_age: int) -> None:
    short = stock[..., : open_age + 1].copy()
    short[..., -1] = stock[..., open_age:].sum(axis=-1)
    rates = estimate_rates(make_inputs({2019: short, 2023: short}))
    assert rates_sound(rates)
    assert rates.sizes["age"] == open_age + 1


def test_the_order_of_groups_sexes_and_areas_does_not_matter(growing: xr.Dataset) -> None:
    turned = growing.isel(area=[2, 0, 1], nationality=[1, 0], sex=[1, 0])
    rates = estimate_rates(growing)
    again = estimate_rates(turned).sel(area=rates["area"], nationality=rates["nationality"], sex=rates["sex"])
    again = again.sel(nationality_child=rates["nationality_child"])
    for name in REQUIRED:
        np.testing.assert_allclose(again[name], rates[name], rtol=1e-9, atol=1e-12, err_msg=name)


def test_three_groups_hand_on_the_mothers_group(make_inputs: MakeInputs, stock: np.ndarray) -> None:
    three = np.concatenate([stock, stock[:, 1:] * 0.5], axis=1)
    rates = estimate_rates(make_inputs({2019: three, 2023: three}, ["german", "eu", "other"]))
    np.testing.assert_array_equal(rates["birth_group_share"], np.eye(3))


def test_stocks_without_sex_and_with_negative_cells_are_refused(make_inputs: MakeInputs, stock: np.ndarray) -> None:
    inputs = make_inputs({2019: stock, 2023: stock})
    both = inputs.sum("sex").expand_dims(sex=["total"]).transpose(*inputs["population"].dims)
    with pytest.raises(RatesError, match="nicht nach Geschlecht"):
        estimate_rates(both)
    negative = inputs.copy(deep=True)
    negative["population"][0, 1, 0, 1, 5] = -1.0
    with pytest.raises(RatesError, match="negative Werte") as error:
        estimate_rates(negative)
    assert error.value.cells[0]["area"] == "0002"


def test_deaths_of_the_whole_city_give_every_area_the_level_of_the_city(
    make_inputs: MakeInputs, stock: np.ndarray
) -> None:
    """As if the city were one area; three areas of different size and four years, in which nobody is in doubt."""
    years = dict.fromkeys(range(2018, 2023), stock)
    city = {year: cells.sum(0, keepdims=True) for year, cells in years.items()}
    deaths = xr.DataArray([700.0, 650.0, 720.0, 800.0], {"year": [2019, 2020, 2021, 2022]})
    parts, whole = (
        estimate_rates(make_inputs(stocks).assign_coords(year=deaths["year"]).assign(deaths=deaths))["death_prob"]
        for stocks in (years, city)
    )
    np.testing.assert_allclose(*xr.broadcast(parts, whole.isel(area=0, drop=True)), rtol=1e-9)
