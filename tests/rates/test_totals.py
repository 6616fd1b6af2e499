"""Rules for area totals: hand calculations, properties, and bad input."""

from __future__ import annotations

import math

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from zwkprognose.errors import RatesError
from zwkprognose.rates.estimate import _excluded
from zwkprognose.rates.totals import RULES, Past, estimate_totals, past_of
from zwkprognose.rates.totals.control import plus_minus
from zwkprognose.rates.totals.growth import (
    SMALLEST_AREA,
    calm_trend,
    city_trend,
    lasting_years,
    shock_years,
    usual,
)
from zwkprognose.rates.totals.persistence import PRIOR, cuts, persistence
from zwkprognose.rates.totals.rules import area_growth, learned_growth, usual_growth
from zwkprognose.rates.totals.types import type_growth


def stocks(values: list[list[float]], years: list[int]) -> xr.DataArray:
    areas = [f"A{k}" for k in range(len(values[0]))]
    return xr.DataArray(np.array(values, float), {"year_end": years, "area": areas}, ("year_end", "area"))


TWO = stocks([[2000.0, 1000.0], [2200.0, 800.0]], [2015, 2020])


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("unchanged", [2200, 800]),
        ("linear", [2400, 600]),
        ("exponential", [2420, 640]),
        ("linear_exponential", [2400, 640]),
        ("average", [2300, 720]),
        # the city does not grow, so a quarter of the own trend: 2200·1,1^¼, 800·0,8^¼
        ("trend_shares", [2200 * 1.1**0.25, 800 * 0.8**0.25]),
    ],
)
def test_rules_by_hand(method: str, expected: list[float]) -> None:
    np.testing.assert_allclose(estimate_totals(TWO, [2025], method=method)[0], expected)


def test_an_eckwert_is_hit_in_proportion() -> None:
    result = estimate_totals(TWO, [2025, 2030], method="linear", eckwert={2025: 6000.0, 2030: 3000.0})
    np.testing.assert_allclose(result.sum("area"), [6000, 3000])
    np.testing.assert_allclose(result[0], [4800, 1200])
    assert result.attrs["eckwert"] == "given"


def test_constant_and_variable_share() -> None:
    np.testing.assert_allclose(
        estimate_totals(TWO, [2025], method="constant_share", eckwert={2025: 6000.0})[0], [4400, 1600]
    )
    # +200 and −200 to a growth of 300: f = (300 + √(300² + 4·200·200)) / 400 = 2
    result = estimate_totals(TWO, [2025], method="variable_share", eckwert={2025: 3300.0})[0]
    np.testing.assert_allclose(result, [2600, 700])


@given(
    st.lists(st.floats(-500, 500, allow_subnormal=False), min_size=2, max_size=6).filter(
        lambda v: max(v) > 1 and min(v) < -1
    ),
    st.floats(-1000, 1000),
)
def test_plus_minus_keeps_signs_and_meets_the_total(change: list[float], total: float) -> None:
    result = plus_minus(np.array([change]), np.array([total]))[0]
    assert result.sum() == pytest.approx(total, abs=1e-6)
    assert (np.sign(result) == np.sign(change)).all()


def test_plus_minus_refuses_the_impossible() -> None:
    with pytest.raises(RatesError, match="kein einziges Gebiet"):
        plus_minus(np.array([[-1.0, -2.0]]), np.array([5.0]))
    np.testing.assert_allclose(plus_minus(np.array([[-1.0, -2.0]]), np.array([-6.0])), [[-2.0, -4.0]])


def town(years: range, areas: int = 60, seed: int = 1) -> xr.DataArray:
    """Areas with steady own growth and noise, by age."""
    rng = np.random.default_rng(seed)
    growth = rng.normal(0, 0.01, areas)
    noise = rng.normal(0, 0.002, (len(years), areas)).cumsum(axis=0)
    totals = rng.uniform(1500, 8000, areas) * np.exp(growth * np.arange(len(years))[:, None] + noise)
    shape = rng.dirichlet(np.full(90, 20.0), areas)
    persons = totals[..., None] * shape
    coords = {"year_end": list(years), "area": [f"{k:03}" for k in range(areas)], "age": np.arange(90)}
    return xr.DataArray(persons, coords, ("year_end", "area", "age"))


def test_persistent_growth_is_found_to_persist() -> None:
    own, _ = persistence(past_of(town(range(2001, 2013))))
    assert own > 0.7


def test_pure_noise_is_found_not_to_persist() -> None:
    rng = np.random.default_rng(5)
    totals = 3000 * np.exp(rng.normal(0, 0.01, (12, 200)))
    past = Past(tuple(range(2001, 2013)), totals)
    assert persistence(past)[0] < 0.1


def test_growth_by_type_is_learned_where_it_repeats_itself() -> None:
    years, areas = range(2001, 2013), 300
    rng = np.random.default_rng(7)
    old = rng.uniform(0.1, 0.5, areas)
    growth = 0.02 * (0.3 - old)
    totals = 4000 * np.exp(growth * np.arange(len(years))[:, None] + rng.normal(0, 0.003, (len(years), areas)))
    shares = np.zeros((len(years), areas, 2))
    shares[..., 1] = old
    shares[..., 0] = 1 - old
    past = Past(tuple(years), totals, shares)
    _, by_type = persistence(past)
    expected = type_growth(past, 2007)[1]
    assert by_type > 0.8
    assert np.corrcoef(expected, growth)[0, 1] > 0.99
    believed = past.last / (past.last + 300)  # half of what 300 persons say
    assert np.mean(expected / believed) == pytest.approx(0, abs=1e-12)  # relative to the usual area


def test_without_evidence_the_prior_holds() -> None:
    past = past_of(TWO)
    assert cuts(past) == []
    np.testing.assert_array_equal(persistence(past), PRIOR)


def test_a_citys_trend_by_hand() -> None:
    """Base periods of one to seven years; of 3 % growth a year less than 1 % goes on."""
    steady = Past(tuple(range(2010, 2021)), 1000 * 1.03 ** np.arange(11.0)[:, None])
    growth = math.log(1.03)
    assert city_trend(steady) == pytest.approx(growth / math.sqrt(1 + (growth / 0.01) ** 2))
    assert city_trend(steady) < 0.01
    spurt = Past((2012, 2013, 2018, 2020), np.array([[500.0], [900.0], [1000.0], [1000.0]]))
    mean = (math.log(1000 / 900) / 7 + 0.0) / 2  # 2012 lies too far back
    assert city_trend(spurt) == pytest.approx(mean / math.sqrt(1 + (mean / 0.01) ** 2))


@given(st.floats(-0.05, 0.05))
def test_slow_growth_goes_on_nearly_whole_and_no_trend_turns(growth: float) -> None:
    trend = city_trend(Past((2019, 2020), np.array([[1000.0], [1000 * math.exp(growth)]])))
    assert abs(trend) <= abs(growth) + 1e-12
    assert trend * growth >= 0
    if abs(growth) < 0.001:
        assert abs(trend) >= 0.995 * abs(growth) - 1e-12


def test_growth_fades_after_five_years() -> None:
    ahead = np.array([1.0, 5.0, 6.0, 7.0, 500.0])
    by_hand = [1, 5, 5 + 0.96, 5 + 0.96 + 0.96**2, 5 + 0.96 / 0.04]
    np.testing.assert_allclose(lasting_years(ahead), by_hand, rtol=1e-7)


def test_what_sets_an_area_apart_fades_sooner_by_hand() -> None:
    ahead = np.array([5.0, 6.0, 7.0])
    np.testing.assert_allclose(lasting_years(ahead, 0.93), [5, 5.93, 5.93 + 0.93**2])


def test_a_quarter_of_a_deviation_usually_goes_on_but_none_of_what_was_built() -> None:
    past = Past((2015, 2020), np.array([[2000.0, 1000.0, 20.0], [2200.0, 800.0, 2400.0]]))
    city = math.log(5400 / 3020) / 5
    expected = [0.25 * (math.log(q) / 5 - city) for q in (1.1, 0.8)]
    np.testing.assert_allclose(usual_growth(past), [max(e, -0.0125) for e in expected] + [0.25 * 0.05])


def test_the_default_by_hand() -> None:
    """Two stocks tell nothing of what lasts: of the own trend a quarter is learned, a quarter is usual."""
    past = past_of(TWO)
    own = np.log([1.1, 0.8]) / 5
    np.testing.assert_allclose(usual_growth(past), 0.25 * own)
    np.testing.assert_allclose(learned_growth(past), 0.25 * own, rtol=1e-6)
    np.testing.assert_allclose(estimate_totals(TWO, [2025])[0], [2200 * 1.1**0.25, 800 * 0.8**0.25], rtol=1e-6)
    np.testing.assert_allclose(estimate_totals(TWO, [2026])[0], [2200, 800] * np.exp(0.25 * 5.93 * own), rtol=1e-6)


def test_few_areas_lean_on_what_is_usual() -> None:
    """What n areas have shown counts n/(n + 30)."""
    for areas, weight in ((10, 0.25), (60, 2 / 3)):
        past = past_of(town(range(2005, 2016), areas) * 5)
        mixed = weight * learned_growth(past) + (1 - weight) * usual_growth(past)
        np.testing.assert_allclose(area_growth(past), mixed)


def of_city(growth: list[float]) -> Past:
    """A city with these yearly log growths, until 2020."""
    persons = 100_000 * np.exp(np.cumsum([0.0, *growth]))[:, None]
    return Past(tuple(range(2020 - len(growth), 2021)), persons)


def test_shock_years_are_known_by_their_growth_and_left_out_of_the_trend() -> None:
    usual_years = [0.004, 0.006, 0.005, 0.003, 0.007, 0.005, 0.004, 0.006, 0.005]
    shocked = of_city([*usual_years[:6], 0.05, *usual_years[6:]])
    assert shock_years(shocked) == [2017]
    assert shock_years(of_city(usual_years)) == []
    assert shock_years(of_city([0.0, 0.0, 0.05, 0.0])) == []  # four years tell nothing
    even = 0.005 / math.sqrt(1.25)  # the mean of what is left lies within the usual years
    assert 0.9 * even < calm_trend(shocked) < 1.15 * even < city_trend(shocked)


def test_without_shocks_both_trends_are_one() -> None:
    past = of_city([0.004, 0.006, 0.005, 0.003, 0.007, 0.005, 0.004, 0.006, 0.005])
    assert calm_trend(past) == pytest.approx(city_trend(past))
    sparse = Past((2000, 2010, 2020), np.array([[9e4], [1e5], [1.02e5]]))
    assert calm_trend(sparse) == pytest.approx(city_trend(sparse))


def test_rates_can_do_without_shock_years() -> None:
    calm_town = town(range(2005, 2016), 12).sum("age")
    even = (
        calm_town
        / calm_town.sum("area")
        * 50_000
        * xr.DataArray(
            np.cumprod([1, *np.resize([1.004, 1.006], 6), 1.2, 1.005, 1.004, 1.006]),
            {"year_end": range(2005, 2016)},
            "year_end",
        )
    )
    inputs = even.to_dataset(name="population")
    assert _excluded(inputs, "shocks") == [2012]
    assert _excluded(inputs, [2010, 2009]) == [2009, 2010]
    with pytest.raises(RatesError, match="exclude_years"):
        _excluded(inputs, "schocks")


def test_cuts_leave_the_longest_shorter_side() -> None:
    assert cuts(Past((2001, 2002, 2003, 2004, 2005, 2006), np.ones((6, 1)))) == [(2001, 2003, 2006), (2001, 2004, 2006)]
    assert cuts(Past((1980, 1990, 2000), np.ones((3, 1)))) == [(1980, 1990, 2000)]


def test_the_usual_range_moves_only_outliers() -> None:
    values = np.append(np.linspace(-1, 1, 99), 50.0)
    limited = usual(values, values)
    np.testing.assert_array_equal(limited[:-1], values[:-1])
    assert limited[-1] < 10


#: Rules in which small areas count less.
LOOK_AT_SIZES = ("shrunk", "calm")


@pytest.mark.parametrize("method", sorted(RULES))
def test_rules_are_homogeneous_and_blind_to_the_order_of_areas(method: str) -> None:
    population = town(range(2005, 2016)) * (1 if method not in LOOK_AT_SIZES else 2)
    reference = estimate_totals(population, [2020], method=method)
    turned = estimate_totals(population.isel(area=slice(None, None, -1)), [2020], method=method)
    np.testing.assert_allclose(turned.values[:, ::-1], reference.values, rtol=1e-9)
    if method not in LOOK_AT_SIZES:
        doubled = estimate_totals(2 * population, [2020], method=method)
        np.testing.assert_allclose(doubled.values, 2 * reference.values, rtol=1e-9)


@settings(max_examples=25)
@given(st.lists(st.lists(st.integers(0, 30), min_size=3, max_size=3), min_size=3, max_size=3))
def test_tiny_and_empty_areas_never_give_nonsense(counts: list[list[int]]) -> None:
    counts = [[c + 1 if k == 0 else c for k, c in enumerate(row)] for row in counts]
    population = stocks([[float(c) for c in row] for row in counts], [2010, 2015, 2020])
    for method in ("shrunk", "average", "trend_shares", "linear_exponential"):
        result = estimate_totals(population, [2025], method=method).values
        assert np.isfinite(result).all()
        assert (result >= 0).all()
    assert SMALLEST_AREA > 31


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: estimate_totals(TWO, [2025], method="guess"), "gibt es nicht"),
        (lambda: estimate_totals(TWO, [2020]), "nach dem letzten Bestand"),
        (lambda: estimate_totals(TWO, [2025, 2026], eckwert={2025: 1.0}), "Eckwert fehlt"),
        (lambda: estimate_totals(TWO, [2025], method="variable_share"), "verteilt eine Gesamtzahl"),
        (lambda: estimate_totals(TWO.isel(year_end=[1]), [2025]), "kein Bestand bekannt"),
    ],
)
def test_bad_input_is_named(call: object, message: str) -> None:
    with pytest.raises(RatesError, match=message) as error:
        call()  # type: ignore[operator]
    assert error.value.remedy
