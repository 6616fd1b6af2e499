"""Draws: exact distributions, streams that depend on nothing else, balance to the person."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr
from scipy import stats
from support.parts import counts, streams

from zwkprognose.engine import Uncertainty, check_balance, draw_trajectories, formulas, project, project_draws
from zwkprognose.engine.draws.areas import address
from zwkprognose.engine.draws.repeated import scaled
from zwkprognose.engine.draws.summary import bands_of, summarise
from zwkprognose.engine.draws.whole import whole
from zwkprognose.engine.features.timing import Timing
from zwkprognose.engine.rates import Rates
from zwkprognose.errors import EngineError

City = Callable[..., xr.Dataset]
EVENTS = Uncertainty.of_events()
RATES = Uncertainty().without_events()
UNTIL = 2024


@pytest.fixture(scope="module")
def small(city: City) -> xr.Dataset:
    """Three areas, two groups, whole persons."""
    stock = city(open_age=60)
    return stock.assign(population=np.floor(stock["population"]))


@pytest.fixture(scope="module")
def rates(small: xr.Dataset, rates_of: City) -> xr.Dataset:
    return rates_of(small)


@pytest.fixture(scope="module")
def trajectories(small: xr.Dataset, rates: xr.Dataset) -> xr.Dataset:
    return draw_trajectories(small, rates, until=UNTIL, draws=600, seed=5, uncertainty=EVENTS)


# --- numbers


def test_philox_gives_the_published_words() -> None:
    """Known answers of the authors (Random123)."""
    words = [np.uint64(w) for w in (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344, 0xA4093822, 0x299F31D0)]
    assert [int(w) for w in streams.philox(*words)] == [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1]
    zeros = [np.uint64(0)] * 6
    assert [int(w) for w in streams.philox(*zeros)] == [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]


def test_filling_is_philox_at_every_address() -> None:
    u = np.empty(16)
    area, seed = np.uint64(0x123456789ABC), np.uint64(7 << 32 | 9)
    streams.fill(u, streams.EVENTS, 5, area, 11, seed)
    second = np.uint64((0x1234 << 16) | (5 << 4) | 3)
    for j in range(4):
        words = streams.philox(np.uint64(j), second, np.uint64(0x56789ABC), np.uint64(11), np.uint64(9), np.uint64(7))
        np.testing.assert_array_equal(u[j::4], [(int(w) + 0.5) / 2**32 for w in words])


def test_draws_side_by_side_have_the_numbers_of_their_place() -> None:
    u, area, seed = np.empty((4, 5)), np.uint64(0x123456789ABC), np.uint64(7 << 32 | 9)
    streams.fill_draws(u, 42, streams.EVENTS, 5, area, 11, seed)
    for d in range(5):
        np.testing.assert_array_equal(u[:, d], streams.words(42, streams.EVENTS, 5, area, 11 + d, seed))
    row = np.empty(4 * 50)
    streams.fill(row, streams.EVENTS, 5, area, 13, seed)
    np.testing.assert_array_equal(row[42::50], u[:, 2])


def test_uniform_numbers_are_uniform_and_normal_ones_normal() -> None:
    u = np.empty(100_000)
    streams.fill(u, streams.EVENTS, 0, np.uint64(1), 0, np.uint64(1))
    assert stats.kstest(u, "uniform").pvalue > 0.001
    grid = np.concatenate([[1e-10, 1e-6, 0.02, 0.024250001], np.linspace(0.001, 0.999, 201), [1 - 1e-6]])
    np.testing.assert_allclose([streams.normal(x) for x in grid], stats.norm.ppf(grid), atol=1e-12, rtol=1e-9)


def test_levels_have_mean_one_and_the_spread_asked_for() -> None:
    drawn = np.array([streams.gamma_level(25.0, 0, np.uint64(3), d, np.uint64(1)) for d in range(20_000)])
    assert drawn.mean() == pytest.approx(1, abs=4 * 0.2 / np.sqrt(20_000))
    assert stats.kstest(drawn, stats.gamma(25, scale=1 / 25).cdf).pvalue > 0.001


@pytest.mark.parametrize("mean", [1e-9, 0.4, 2.0, 7.5, 30.0, 49.9])
def test_rows_of_one_mean_invert_the_distribution_function(mean: float) -> None:
    u = np.concatenate([np.random.default_rng(3).random(400), [1e-9, 1 - 2.0**-33]])
    below, count = np.empty(counts.STEPS + 8), np.empty(u.size)
    counts.poisson_same(u, mean, np.exp(-mean), np.asarray(counts.inverses()), below, count)
    np.testing.assert_array_equal(count, stats.poisson.ppf(u, mean))


@pytest.mark.parametrize("most", [0, 40, 255, 3000])
def test_powers_of_one_probability(most: int) -> None:
    n = np.random.default_rng(4).integers(0, most + 1, 50)
    pmf = np.empty(50)
    counts.none_same(n, 0.03, np.empty(counts.TABLE + 1), pmf)
    np.testing.assert_allclose(pmf, 0.97**n, rtol=1e-11)


def test_factors_have_mean_one_spread_and_persistence() -> None:
    factors = np.empty((20_000, 3, 4))
    streams.draw_factors(
        0, 20_000, np.uint64(8), np.uint64(1), np.array([0.2, 0.1, 0.0, 0.1]), 0.7, np.zeros(4), factors
    )
    log = np.log(factors)
    assert factors[..., 0].mean() == pytest.approx(1, abs=4 * 0.2 / np.sqrt(20_000))
    np.testing.assert_allclose(log[..., 0].std(axis=0), 0.2, rtol=0.03)
    assert np.corrcoef(log[:, 0, 0], log[:, 1, 0])[0, 1] == pytest.approx(0.7, abs=0.03)
    assert np.corrcoef(log[:, 0, 0], log[:, 0, 1])[0, 1] == pytest.approx(0, abs=0.03)
    assert (factors[..., 2] == 1).all()


# --- events


def z_scores(drawn: xr.DataArray, expected: xr.DataArray) -> np.ndarray:
    """Distance of the mean of the draws from an expectation in standard errors, where there is any scatter."""
    spread = drawn.std("draw", ddof=1)
    z = (drawn.mean("draw") - expected.transpose(*spread.dims)) / (spread / np.sqrt(drawn.sizes["draw"]))
    return np.asarray(z.values[spread.values > 0])


@pytest.mark.parametrize("name", ["population", "births", "deaths", "in_moves", "out_moves", "naturalisations"])
def test_the_mean_of_events_is_the_projection(
    small: xr.Dataset, rates: xr.Dataset, trajectories: xr.Dataset, name: str
) -> None:
    expected = project(small, rates, until=UNTIL)[name]
    drawn = trajectories[name]
    ages = [d for d in ("age",) if d in drawn.dims]
    z = z_scores(drawn.sum(ages), expected.sum(ages))
    assert abs(z).max() < 4.5
    assert z.std() < 1.3


def test_the_variance_of_events_is_that_of_theory(small: xr.Dataset, rates: xr.Dataset) -> None:
    """After one year the stock of a cell is what stayed of J (binomial) and who came and lived (Poisson)."""
    rates = rates.drop_vars(["naturalisation_prob"])
    drawn = draw_trajectories(small, rates, until=2021, draws=3000, seed=2, uncertainty=EVENTS)
    stock = drawn["population"].isel(year_end=1)
    start = small["population"].isel(year_end=0, drop=True)
    J = start.shift(age=1, fill_value=0.0)
    J[{"age": -1}] = J[{"age": -1}] + start.isel(age=-1)
    q, e = rates["death_prob"], rates["out_prob"]
    gone = e + q * (1 - e / 2)
    theory = (J * gone * (1 - gone) + rates["in_moves"] * (1 - q / 2)).transpose(*stock.dims[1:])
    later = slice(1, None)
    ratio = (stock.var("draw", ddof=1) / theory).isel(age=later)
    assert float(ratio.mean()) == pytest.approx(1, abs=4 * np.sqrt(2 / 3000 / ratio.size))
    # relative standard error of a variance is √((2 + kurtosis)/n), and the excess kurtosis at most 1/variance
    assert float((abs(ratio - 1) / np.sqrt((2 + 1 / theory.isel(age=later)) / 3000)).max()) < 5


def test_flows_scatter_like_poisson_and_binomial(trajectories: xr.Dataset, rates: xr.Dataset) -> None:
    come = trajectories["in_moves"].isel(year=0)
    ratio = come.var("draw", ddof=1) / rates["in_moves"].transpose(*come.dims[1:])
    assert float(ratio.mean()) == pytest.approx(1, abs=0.02)


def test_every_draw_balances_to_the_person(trajectories: xr.Dataset) -> None:
    for name in trajectories.data_vars:
        values = trajectories[name].values
        assert (values == np.rint(values)).all()
        assert name == "naturalisations" or (values >= 0).all()
    for d in (0, 1, 599):
        assert check_balance(trajectories.isel(draw=d)) == 0.0


def test_streamed_sums_are_those_of_the_trajectories(
    small: xr.Dataset, rates: xr.Dataset, trajectories: xr.Dataset
) -> None:
    bands = {"unter 3": (0, 2), "alle": (0, None), "10 bis 19": (10, 19)}
    drawn = project_draws(
        small, rates, until=UNTIL, draws=600, seed=5, uncertainty=EVENTS, bands=bands, quantiles=(0.1, 0.5),
        exceed={"unter 3": 12},
    )  # fmt: skip
    persons = trajectories["population"].sum(["nationality", "sex"])
    for name, ages in (("unter 3", slice(0, 2)), ("alle", slice(0, None)), ("10 bis 19", slice(10, 19))):
        band = persons.sel(age=ages).sum("age")
        part = drawn.sel(age_band=name)
        np.testing.assert_allclose(part["mean"], band.mean("draw"), rtol=1e-12)
        np.testing.assert_allclose(part["sd"], band.std("draw", ddof=1), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(part["quantiles"], band.quantile([0.1, 0.5], "draw"), rtol=1e-12)
        np.testing.assert_allclose(part["city_quantiles"], band.sum("area").quantile([0.1, 0.5], "draw"), rtol=1e-12)
    more = (persons.sel(age=slice(0, 2)).sum("age") > 12).mean("draw")
    np.testing.assert_array_equal(drawn["exceedance"][0], more)


# --- streams


@pytest.mark.parametrize("uncertainty", [EVENTS, RATES, Uncertainty()], ids=["events", "rates", "both"])
def test_draws_depend_on_nothing_else(small: xr.Dataset, rates: xr.Dataset, uncertainty: Uncertainty) -> None:
    """Neither on threads, nor on other areas and their order; more draws leave the first as they are."""
    options = {"until": UNTIL, "seed": 3, "uncertainty": uncertainty}
    all_areas = draw_trajectories(small, rates, draws=6, threads=1, **options)["population"]
    again = draw_trajectories(small, rates, draws=6, threads=3, **options)["population"]
    xr.testing.assert_identical(all_areas, again)
    turned = draw_trajectories(small.isel(area=[2, 0]), rates.isel(area=[2, 0]), draws=300, **options)["population"]
    xr.testing.assert_equal(all_areas.isel(area=[2, 0]), turned.isel(draw=slice(0, 6)))
    other = draw_trajectories(small, rates, draws=6, until=UNTIL, seed=4, uncertainty=uncertainty)["population"]
    assert not all_areas.equals(other)


@pytest.mark.parametrize("uncertainty", [EVENTS, RATES], ids=["events", "rates"])
def test_a_block_of_exactly_one_draw(small: xr.Dataset, rates: xr.Dataset, uncertainty: Uncertainty) -> None:
    """The last draw of 257, of which 256 are computed side by side, is the same as among 260."""
    town, own = small.isel(area=[0], age=slice(0, 8)), rates.isel(area=[0], age=slice(0, 8))
    own = own.assign(fertility_rate=own["fertility_rate"].where(own["age"] < 3, 0.1))
    few, more = (draw_trajectories(town, own, until=2022, draws=n, uncertainty=uncertainty) for n in (257, 260))
    xr.testing.assert_equal(few.isel(draw=256), more.isel(draw=256))


def test_summaries_are_the_same_on_one_and_three_threads(small: xr.Dataset, rates: xr.Dataset) -> None:
    one, three = (project_draws(small, rates, until=UNTIL, draws=50, threads=t) for t in (1, 3))
    xr.testing.assert_identical(one, three)


def test_addresses_of_areas_differ() -> None:
    keys = [f"{k:08}" for k in range(20_000)]
    assert len({int(address(k)) for k in keys}) == len(keys)


# --- rates


def test_without_uncertainty_a_draw_is_the_projection(small: xr.Dataset, rates: xr.Dataset) -> None:
    certain = Uncertainty(events=False, common={}, own={})
    drawn = draw_trajectories(small, rates, until=UNTIL, draws=2, uncertainty=certain)
    expected = project(small, rates, until=UNTIL)
    for name in ("population", "births", "deaths", "in_moves", "out_moves", "naturalisations"):
        np.testing.assert_allclose(drawn[name].isel(draw=1), expected[name], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("timing", ["cohort", "like the United Nations"])
def test_the_area_the_city_and_the_engine_agree_under_factors(
    small: xr.Dataset, rates: xr.Dataset, timing: str
) -> None:
    """A pool that nobody moves through couples the areas; another timing that means the same has the engine project
    every draw."""
    areas = small.sizes["area"]
    coupled = rates.assign(move_out_prob=0 * rates["out_prob"], move_in_share=("area", np.full(areas, 1 / areas)))
    own, other = {}, {}
    if timing != "cohort":
        own = {"timing": Timing(mothers_start=1.0)}
        other = {"timing": Timing(mothers_start=1.0, late_mothers=False)}
    area = project_draws(small, rates, until=UNTIL, draws=8, uncertainty=RATES, **own)
    city = project_draws(small, coupled, until=UNTIL, draws=8, uncertainty=RATES, **other)
    for name in ("mean", "quantiles", "city_quantiles"):
        np.testing.assert_allclose(area[name], city[name], rtol=2e-6)


def test_large_factors_never_leave_less_than_nobody(small: xr.Dataset, rates: xr.Dataset) -> None:
    wild = Uncertainty(common={"out": 1.5, "death": 1.5}, own={}, events=False)
    for uncertainty in (wild, Uncertainty(common={"out": 1.5, "death": 1.5}, own={})):
        drawn = draw_trajectories(small, rates, until=UNTIL, draws=40, uncertainty=uncertainty)
        assert float(drawn["population"].min()) >= 0


@pytest.mark.parametrize("moves", [None, "pool", "matrix"])
def test_wild_factors_leave_somebody_or_nobody_in_every_kind_of_city(
    city: City, rates_of: City, moves: str | None
) -> None:
    """Death and leaving take part in who is there; with the others they never take more than everybody."""
    stock = city(open_age=40)
    given = rates_of(stock, moves=moves)
    wild = Uncertainty(common={"out": 2.0, "death": 2.0}, own={}, events=False)
    drawn = draw_trajectories(stock, given, until=2022, draws=30, uncertainty=wild)
    assert float(drawn["population"].min()) >= -1e-12
    assert check_balance(drawn) < 1e-9


def test_rates_of_a_draw_take_no_more_than_everybody() -> None:
    """As the conventions of the United Nations repeat the projection: whatever the factors, together at most one."""
    rng = np.random.default_rng(3)
    shares = rng.dirichlet(np.ones(5), (2, 3, 2, 2, 9)).transpose(5, 0, 1, 2, 3, 4)
    death, out, change, move, _ = np.where(rng.random(shares.shape) < 0.1, 0.0, shares)
    none = np.zeros_like(death)
    given = Rates(death, out, none, none[..., 0, :], none, none, naturalisation=change, move_out=move)
    drawn = scaled(given, np.exp(rng.normal(0, 2, (2, 3, 4))))
    assert float((drawn.death + drawn.out + change + move).max()) <= 1 + 1e-12
    assert float(min(drawn.death.min(), drawn.out.min())) >= 0


def test_factors_that_take_too_much_multiply_odds_against_staying() -> None:
    """By hand: 100 persons of whom 20 die, 30 leave and 10 change; deaths weigh four times, leaving twice."""
    among = formulas.crowded(0.2, 0.3, 0.1, 4.0, 2.0)
    q, e = formulas.by_odds(0.2, 4.0, among), formulas.by_odds(0.3, 2.0, among)
    stay = 0.9 - q - e
    assert q / stay == pytest.approx(4 * 0.2 / 0.4)
    assert e / stay == pytest.approx(2 * 0.3 / 0.4)


def test_common_errors_do_not_average_out_over_the_city(small: xr.Dataset, rates: xr.Dataset) -> None:
    common = Uncertainty(events=False, common={"in": 0.2}, own={})
    own = Uncertainty(events=False, common={}, own={"in": 0.2})
    together, apart = (project_draws(small, rates, until=UNTIL, draws=400, uncertainty=u) for u in (common, own))
    last = {"year_end": UNTIL, "age_band": "insgesamt"}
    areas = float(together["sd"].sel(last).sum())
    assert float(together["city_sd"].sel(last)) == pytest.approx(areas, rel=1e-4)
    assert float(apart["city_sd"].sel(last)) < 0.8 * float(apart["sd"].sel(last).sum())


def test_levels_by_area(small: xr.Dataset, rates: xr.Dataset) -> None:
    spread = xr.DataArray([0.0, 0.3, 0.0], {"area": small["area"]})
    uncertainty = Uncertainty(events=False, common={}, own={}, levels={"in": spread})
    sd = project_draws(small, rates, until=UNTIL, draws=100, uncertainty=uncertainty)["sd"].sel(age_band="insgesamt")
    assert (sd.isel(year_end=-1).values > 1e-6).tolist() == [False, True, False]


# --- parts


def test_quantiles_are_those_of_numpy() -> None:
    drawn = np.random.default_rng(1).gamma(2, 3, (4, 3, 101))
    summary = summarise(drawn, [0.0, 0.1, 0.5, 0.975, 1.0], [(2, 5.0)])
    np.testing.assert_allclose(summary.quantiles, np.quantile(drawn, [0, 0.1, 0.5, 0.975, 1], axis=-1), rtol=1e-12)
    np.testing.assert_allclose(summary.above[0], (drawn[:, 2] > 5).mean(-1))


def test_bands_cut_the_ages_where_they_must() -> None:
    bands = bands_of({"a": (0, 2), "b": (0, None), "c": (2, 5)}, 10)
    assert bands.pieces.tolist() == [0, 0, 1, 2, 2, 2, 3, 3, 3, 3]
    drawn = np.arange(4.0).reshape(1, 4, 1)
    assert bands.sums(drawn).ravel().tolist() == [1, 6, 3]


def test_whole_persons_keep_the_total_of_an_area() -> None:
    stock = np.random.default_rng(1).gamma(1, 5, (4, 2, 2, 20))
    rounded = whole(stock)
    assert (rounded == np.rint(rounded)).all()
    assert abs(rounded - stock).max() < 1
    np.testing.assert_array_equal(rounded.sum((1, 2, 3)), np.rint(stock.sum((1, 2, 3))))


def test_project_draws_on_request(small: xr.Dataset, rates: xr.Dataset) -> None:
    projection = project(small, rates, until=UNTIL, draws=20, seed=2)
    expected = project_draws(small, rates, until=UNTIL, draws=20, seed=2)
    np.testing.assert_array_equal(projection["drawn_quantiles"], expected["quantiles"])
    np.testing.assert_array_equal(projection["population"], project(small, rates, until=UNTIL)["population"])


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda s, r: project_draws(s, r, until=UNTIL, draws=1), "mindestens zwei Ziehungen"),
        (lambda s, r: project_draws(s, r, until=UNTIL, draws="10"), "beides ganze Zahlen"),
        (lambda s, r: project_draws(s, r, until=UNTIL, draws=5, seed=1.5), "beides ganze Zahlen"),
        (lambda s, r: project_draws(s, r, until=UNTIL, draws=5, seed=2**64), "Startwert ab 0"),
        (lambda s, r: project_draws(s, r, until=UNTIL, draws=5, seed=-1), "Startwert ab 0"),
        (lambda s, r: project_draws(s, r, until=UNTIL, bands={"x": (50, 80)}), "Altersgruppen sind leer"),
        (lambda s, r: project_draws(s, r, until=UNTIL, exceed={"x": 5}), "unbekannte Altersgruppen"),
        (lambda s, r: draw_trajectories(s, r, until=UNTIL, draws=10**7), "höchstens|erlaubt sind"),
        (lambda s, r: project_draws(s, r, until=UNTIL, uncertainty="events"), "der Text „events“"),
        (lambda s, r: draw_trajectories(s, r, until=UNTIL, uncertainty="events"), "der Text „events“"),
        (lambda s, r: Uncertainty(common={"moves": 0.1}), "moves gibt es nicht"),
        (lambda s, r: Uncertainty(own={"in": -0.1}), "Standardabweichungen"),
        (lambda s, r: Uncertainty(persistence=1.0), "persistence"),
        (
            lambda s, r: project_draws(
                s, r, until=UNTIL, uncertainty=Uncertainty(levels={"in": xr.DataArray([0.1], {"area": ["x"]})})
            ),
            "Gebiete fehlen",
        ),
        (lambda s, r: project_draws(s, r, until=UNTIL, timing="even"), "Geburtsjahren"),
        (lambda s, r: draw_trajectories(s, r, until=UNTIL, uncertainty=RATES, timing="end"), "Verläufe"),
    ],
)  # fmt: skip
def test_bad_input_is_named(small: xr.Dataset, rates: xr.Dataset, call: object, message: str) -> None:
    with pytest.raises(EngineError, match=message) as error:
        call(small, rates)  # type: ignore[operator]
    assert error.value.remedy
