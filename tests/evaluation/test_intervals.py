"""Intervals: conformal ranks, calibration on the past only, coverage on launches not used."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation import intervals
from zwkprognose.evaluation.bounds import Bounds
from zwkprognose.evaluation.calibration import USUAL_POWER, Calibration, calibrate, few_persons
from zwkprognose.evaluation.common_error import CommonError, turning_error, unseen_error, whole_error
from zwkprognose.evaluation.intervals import known_errors
from zwkprognose.evaluation.past_errors import PastErrors, past_errors, unrest
from zwkprognose.rates.totals import Past, past_of
from zwkprognose.rates.totals.estimate import forecast_totals


def some_errors(launches: int, areas: int, spread: float = 0.05, seed: int = 1, lead: int = 5) -> PastErrors:
    """Normal errors; those above the forecast grow with unrest, those below it do not, both fall with size."""
    rng = np.random.default_rng(seed)
    size = tuple(rng.uniform(1000, 10000, areas) for _ in range(launches))
    quiet = tuple(rng.uniform(0.004, 0.03, areas) for _ in range(launches))
    score = [rng.normal(0, spread, areas) * np.sqrt(4000 / s) for s in size]
    errors = tuple(np.where(z > 0, z * q / 0.012, z) for z, q in zip(score, quiet, strict=True))
    return PastErrors(lead, tuple(range(launches)), errors, size, quiet)


def flat(*scores: np.ndarray) -> Calibration:
    """Calibration whose typical error is one everywhere."""
    return Calibration(5, np.zeros(3), np.zeros(3), scores)


def test_the_typical_errors_are_found_back_on_each_side() -> None:
    calibration = calibrate([some_errors(20, 400)], 5)
    assert calibration.above[1:] == pytest.approx([-0.5, 1.0], abs=0.1)
    assert calibration.below[1:] == pytest.approx([-0.5, 0.0], abs=0.1)


def test_what_few_errors_of_one_lead_teach_does_not_hang_on_how_far_it_is() -> None:
    """An error of the longest lead counts as one error against what is expected before any is seen."""
    near, far = (calibrate([some_errors(2, 40, lead=lead)], lead) for lead in (1, 8))
    np.testing.assert_allclose(near.above, far.above, atol=1e-6)
    np.testing.assert_allclose(near.below, far.below, atol=1e-6)


def test_conformal_rank_of_one_launch() -> None:
    scores = np.arange(1.0, 100.0)  # n = 99: ⌈100 · 0,9⌉ = 90
    calibration = flat(scores)
    assert calibration.quantile(0.9) == 90
    assert calibration.quantile(0.1) == 10
    assert calibration.quantile(0.999) == 99
    assert calibration.quantile(0.5) == 50


def test_the_hardest_launch_sets_the_scale() -> None:
    calm = np.linspace(-1, 1, 70)
    wild = np.concatenate([calm[:35], 3 * calm[35:]])
    # above: mean 3 against 1, usual 2, so the wild one is 1.5 times usual, counted 70/(70 + 30): 1.35
    both = flat(calm, wild)
    assert both.hardness(1) == pytest.approx(1.35)
    assert both.hardness(-1) == pytest.approx(1)
    pooled = np.sort(np.concatenate([calm, wild]))
    assert both.quantile(0.9) == pytest.approx(1.35 * pooled[126])  # ⌈141 · 0,9⌉ = 127
    assert both.quantile(0.1) == pytest.approx(pooled[13])


@pytest.mark.parametrize("side", [1, -1])
def test_the_middle_is_that_of_all_launches_however_hard_one_was(side: int) -> None:
    """61 and 61 errors on one side, those of one launch three times as large: rank ⌈123 · 0,5⌉ = 62."""
    calm = side * np.linspace(0.1, 1, 61)
    both = flat(calm, 3 * calm)
    assert both.hardness(side) == pytest.approx(1 + 61 / 91 * 0.5)
    assert both.quantile(0.5) == np.sort(np.concatenate([calm, 3 * calm]))[61]


def test_launches_of_few_areas_say_little_of_their_hardness() -> None:
    few, many = (flat(np.linspace(-1, 1, n), 3 * np.linspace(-1, 1, n)) for n in (6, 600))
    assert few.hardness(1) == pytest.approx(1 + 6 / 36 * 0.5)
    assert many.hardness(1) == pytest.approx(1 + 600 / 630 * 0.5)


def test_a_bias_of_the_past_may_turn() -> None:
    one = some_errors(2, 60)
    errors = PastErrors(5, one.launches, tuple(abs(e) + 0.01 for e in one.errors), one.size, one.unrest)
    low, high = calibrate([errors], 5).factors(one.size[0], one.unrest[0], [0.1, 0.9])
    assert (high > 1).all()
    np.testing.assert_allclose(np.log(low), -np.log(high) / 2)


def test_conformal_coverage_is_what_it_says_on_exchangeable_errors() -> None:
    hits = []
    for seed in range(30):
        past, new = some_errors(1, 300, seed=seed), some_errors(1, 300, seed=seed + 1000)
        factors = calibrate([past], 5).factors(new.size[0], new.unrest[0], [0.1, 0.9])
        hits.append(((np.log(factors[0]) <= new.errors[0]) & (new.errors[0] <= np.log(factors[1]))).mean())
    standard_error = np.std(hits) / np.sqrt(len(hits))
    assert np.mean(hits) == pytest.approx(0.8, abs=4 * standard_error + 0.01)


def test_exceedance_is_the_inverse_of_the_limits() -> None:
    past = some_errors(3, 400)
    calibration = calibrate([past], 5)
    for p in (0.025, 0.1, 0.9, 0.975):
        limit = calibration.factors(past.size[0], past.unrest[0], [p])[0]
        above = calibration.exceedance(past.size[0], past.unrest[0], limit)
        np.testing.assert_allclose(above, 1 - p, atol=0.003)


def grown(lead: int, power: float) -> PastErrors:
    one = some_errors(1, 10_000, 0.02)
    return PastErrors(lead, one.launches, (one.errors[0] * lead**power,), one.size, one.unrest)


@pytest.mark.parametrize(("power", "expected"), [(0.9, 0.9), (0.6, USUAL_POWER)])
def test_longer_leads_grow_as_errors_grew_and_at_least_as_usual(power: float, expected: float) -> None:
    known = [grown(k, power) for k in (1, 2, 4)]
    short, longer = calibrate(known, 4), calibrate(known, 8)
    at = (known[0].size[0], known[0].unrest[0], [0.1, 0.9])
    np.testing.assert_allclose(np.log(longer.factors(*at)) / np.log(short.factors(*at)), 2**expected, rtol=0.01)


def test_one_known_lead_is_extended_with_the_usual_power() -> None:
    at = (np.array([4000.0]), np.array([0.012]), [0.9])
    short, longer = (calibrate([grown(4, 0.9)], lead) for lead in (4, 8))
    assert np.log(longer.factors(*at)) / np.log(short.factors(*at)) == pytest.approx(2**USUAL_POWER)


def restless_town() -> xr.DataArray:
    """Five calm years of thirty areas, three of which jump."""
    i = np.arange(30)
    x = np.empty((5, 30))
    x[0] = 1500 + 500 * i
    for t in range(1, 5):
        x[t] = x[t - 1] * (1 + 0.006 * ((i * 7 + t * 3) % 5 - 2))
    for j, factors in {0: (0.9, 0.8, 1, 1.2), 1: (1, 1, 1.2, 1), 2: (1.01, 1.01, 1.01, 0.9)}.items():
        x[:, j] = x[0, j] * np.array([1, *factors])
    return xr.DataArray(x, {"year_end": range(2014, 2019), "area": [f"{k:02}" for k in i]}, ("year_end", "area"))


def test_no_limit_lies_beyond_what_was_ever_observed() -> None:
    """About log(1.2/0.8) within two years; by chance it grows with the root of the lead, to three at most."""
    stocks = restless_town()
    limits = intervals(stocks, [2020, 2023, 2038])
    known = known_errors(past_of(stocks), 20, "shrunk", False, np.inf)
    seen = max(abs(np.concatenate(e.errors)).max() for e in known)
    ratio = np.log(limits[["lower", "upper"]] / limits["forecast"])
    furthest = abs(ratio).to_dataarray().max(["variable", "level", "area"]).values
    assert seen < np.log(1.7)
    assert (furthest <= np.minimum(seen * np.sqrt([1, 2.5, 10]), np.log(3)) + 1e-12).all()
    assert furthest[-1] == pytest.approx(np.log(3))


def test_a_limit_at_the_bound_is_hardly_ever_passed() -> None:
    known = known_errors(past_of(restless_town()), 20, "shrunk", False, np.inf)
    calibration = calibrate(known, 20)
    at = (np.array([1800.0]), np.array([0.1]))
    beyond = calibration.exceedance(*at, np.array([3.1])), calibration.exceedance(*at, np.array([0.2]))
    assert beyond[0] <= 0.5 / 31
    assert beyond[1] >= 1 - 0.5 / 31


@pytest.mark.parametrize(("size", "more"), [(1000.0, 0.0), (5000.0, 0.0), (100.0, 0.1897), (1.0, 1.999)])
def test_few_persons_may_be_further_off_by_chance(size: float, more: float) -> None:
    """Two standard deviations of chance: 2·√(1/n − 1/1000), of a hundred persons 2·√0.009."""
    bounds, large = Bounds(0.5, 0.3), np.array([9.0])
    assert bounds.clipped(large, np.array([size])) == pytest.approx(0.5 + more, abs=1e-3)
    assert bounds.clipped(-large, np.array([size])) == pytest.approx(-0.3 - more, abs=1e-3)


def test_unrest_is_the_annual_spread_apart_from_the_city() -> None:
    steady = 1000 * 1.02 ** np.arange(6)
    jumpy = np.array([1000, 1100, 1000, 1100, 1000, 1100.0])
    past = Past(tuple(range(2005, 2011)), np.column_stack([steady, jumpy, 1e9 * 1.02 ** np.arange(6)]))
    quiet, loud, _ = unrest(past)
    assert quiet == pytest.approx(0, abs=1e-4)
    assert 0.08 < loud < 0.14


def test_limits_know_nothing_of_later_years(berlin: xr.DataArray) -> None:
    changed = berlin.copy(deep=True)
    changed.loc[{"year_end": slice(2011, None)}] *= 3
    first, second = (intervals(b.sel(year_end=slice(None, 2010)), [2015]) for b in (berlin, changed))
    xr.testing.assert_identical(first, second)


def test_coverage_on_launches_that_were_not_used(berlin: xr.DataArray) -> None:
    """80 % and 95 % limits of Berlin, with the true total told: the mean of the test launches is near nominal."""
    covered: dict[float, list[float]] = {0.8: [], 0.95: []}
    for launch in (2010, 2011, 2015):
        truth = berlin.sel(year_end=launch + 5, drop=True).sum("age")
        known, told = berlin.sel(year_end=slice(None, launch)), {launch + 5: float(truth.sum())}
        limits = intervals(known, [launch + 5], eckwert=told, largest=10000).isel(year_end=0)
        size = known.isel(year_end=-1).sum("age").values
        counts = (size >= 1000) & (size <= 10000)
        inside = ((limits["lower"] <= truth) & (truth <= limits["upper"])).isel(area=counts)
        for level, hits in covered.items():
            hits.append(float(inside.sel(level=level).mean()))
    assert np.mean(covered[0.8]) == pytest.approx(0.80, abs=0.03)
    assert np.mean(covered[0.95]) == pytest.approx(0.95, abs=0.02)
    assert min(covered[0.8]) > 0.74
    assert min(covered[0.95]) > 0.93


def test_limits_are_narrower_than_a_band_that_is_the_same_for_all(berlin: xr.DataArray) -> None:
    """Interval scores (Gneiting and Raftery 2007) of the limits against one band for all, as strictly calibrated."""
    past = past_of(berlin)
    for launch in (2010, 2011, 2015):
        known, truth = past.until(launch), past.at(launch + 5)
        forecast = forecast_totals(known, [launch + 5], "shrunk", np.array([truth.sum()]))[0]
        counts = (known.last >= 1000) & (known.last <= 10000)
        error = np.log(truth[counts] / forecast[counts])
        errors = known_errors(known, 5, "shrunk", True, 10000)
        alike = [replace(e, size=_same(e, 4000), unrest=_same(e, 0.012)) for e in errors]
        ours, even = (
            np.log(calibrate(e, 5).factors(*at, [0.1, 0.9]))
            for e, at in (
                (errors, (known.last[counts], unrest(known)[counts])),
                (alike, (np.full(error.size, 4000.0), np.full(error.size, 0.012))),
            )
        )
        assert _interval_score(ours, error) < 0.95 * _interval_score(even, error)
        assert np.median(ours[1] - ours[0]) < np.median(even[1] - even[0])


def _same(errors: PastErrors, value: float) -> tuple[np.ndarray, ...]:
    return tuple(np.full(len(e), float(value)) for e in errors.errors)


def _interval_score(limits: np.ndarray, error: np.ndarray) -> float:
    low, high = limits
    return float(np.mean(high - low + 10 * np.maximum(low - error, 0) + 10 * np.maximum(error - high, 0)))


def test_limits_are_ordered_and_widen_with_the_lead(berlin: xr.DataArray) -> None:
    limits = intervals(berlin.sel(year_end=slice(None, 2012)), [2013, 2017, 2022])
    assert (limits["lower"].sel(level=0.95) <= limits["lower"].sel(level=0.8)).all()
    assert (limits["upper"].sel(level=0.95) >= limits["upper"].sel(level=0.8)).all()
    large = berlin.sel(year_end=2012).sum("age").values > 1000
    width = ((limits["upper"] - limits["lower"]) / limits["forecast"]).sel(level=0.8).isel(area=large).median("area")
    assert (np.diff(width) > 0).all()
    assert limits["calibrated_lead"].values.tolist() == [1, 5, 9]


def test_too_few_errors_are_named(konstanz: xr.DataArray) -> None:
    few = konstanz.sel(year_end=slice(2010, 2014))
    with pytest.raises(EvaluationError, match="mindestens 30") as error:
        past_errors(past_of(few), 2, "shrunk", told=False)
    assert error.value.remedy
    with pytest.raises(EvaluationError, match="frühere Abweichungen"):
        intervals(konstanz.sel(year_end=slice(2010, 2012)), [2015])


def steady(areas: int, *sizes: float) -> xr.DataArray:
    """Five years of areas that stay as large as they are, 2,000 persons unless something else is said."""
    persons = np.array([[*sizes, *[2000.0] * (areas - len(sizes))]] * 5)
    names = [f"{k:02}" for k in range(areas)]
    return xr.DataArray(persons, {"year_end": range(2010, 2015), "area": names}, ("year_end", "area"))


def test_thirty_errors_are_enough_and_the_message_counts_those_of_the_best_lead() -> None:
    """Two years before a launch and the lead after it: one year ahead of 2012 and 2013, two of 2012."""
    past = past_of(steady(15))
    assert past_errors(past, 1, "unchanged", told=False).count == 30
    with pytest.raises(EvaluationError, match="höchstens 15 frühere"):
        past_errors(past, 2, "unchanged", told=False)
    with pytest.raises(EvaluationError, match=r"14 Gebieten .* höchstens 28 frühere") as caught:
        intervals(steady(14), [2015, 2016])
    assert caught.value.cells == ({"lead": 1},)


def test_areas_of_a_thousand_and_of_the_largest_size_count() -> None:
    stocks = past_of(steady(18, 999.0, 1000.0, 3000.0))
    assert past_errors(stocks, 1, "unchanged", told=False, largest=2000.0).size[0].tolist() == [1000.0, *[2000.0] * 15]


@pytest.fixture(scope="module")
def zones(konstanz: xr.DataArray) -> dict[str, str]:
    """Two halves of Konstanz."""
    return {str(a): "Nord" if k < 7 else "Süd" for k, a in enumerate(konstanz["area"].values)}


def test_the_city_and_groups_have_limits_of_their_own(konstanz: xr.DataArray, zones: dict[str, str]) -> None:
    limits = intervals(konstanz, [2030, 2045], groups=zones)
    total = limits["forecast"].sum("area")
    np.testing.assert_allclose(limits["city_forecast"], total)
    np.testing.assert_allclose(limits["group_forecast"].sum("group"), total)
    north = [a for a, zone in zones.items() if zone == "Nord"]
    np.testing.assert_allclose(
        limits["group_forecast"].sel(group="Nord"), limits["forecast"].sel(area=north).sum("area")
    )
    for name in ("city", "group"):
        assert (limits[f"{name}_lower"] < limits[f"{name}_forecast"]).all()
        assert (limits[f"{name}_forecast"] < limits[f"{name}_upper"]).all()
    # areas partly cancel: a sum is no less sure than its parts together, but less than if each went its own way
    half = (limits["upper"] - limits["lower"]) / 2
    city = (limits["city_upper"] - limits["city_lower"]) / 2
    assert (city <= half.sum("area") * (1 + 1e-9)).all()
    assert (city > np.sqrt((half**2).sum("area"))).all()


def test_a_city_may_be_missed_by_more_than_a_calm_past_shows() -> None:
    """Five quiet years: after ten more, half a percent a year with few experiences is still to be reckoned with."""
    rng = np.random.default_rng(2)
    calm = 5000 * np.exp(rng.normal(0, 0.001, (6, 60)).cumsum(axis=0))
    stocks = xr.DataArray(calm, {"year_end": range(2015, 2021), "area": range(60)}, ("year_end", "area"))
    limits = intervals(stocks, [2030], levels=[0.8]).squeeze()
    experiences = 1 + 2 / 3  # launches 2017 to 2019, leads up to three years; the longest is known from one launch only
    least = 10 * 0.005 * np.sqrt(2 / (2 + experiences)) * 1.2816
    assert float(np.log(limits["city_upper"] / limits["city_forecast"])) > least
    assert (np.log(limits["upper"] / limits["forecast"]) > 0.99 * least).all()  # a calm area is no surer


def test_an_eckwert_with_an_error_of_its_own(konstanz: xr.DataArray) -> None:
    total = float(konstanz.isel(year_end=-1).sum())
    sure, unsure = (intervals(konstanz, [2035], eckwert={2035: total}, eckwert_error=e).squeeze() for e in (0, 0.003))
    for side in ("lower", "forecast", "upper"):
        np.testing.assert_allclose(sure[f"city_{side}"], total)
    # ten years at 0.3 %: 1.2816 and 1.96 standard errors
    np.testing.assert_allclose(np.log(unsure["city_upper"] / total), [0.03 * 1.2816, 0.03 * 1.95996], rtol=1e-4)
    np.testing.assert_allclose(unsure["city_lower"] * unsure["city_upper"], total**2)
    assert (unsure["upper"] > sure["upper"]).all()


def test_an_error_without_an_eckwert_and_an_area_without_a_group_are_refused(
    konstanz: xr.DataArray, zones: dict[str, str]
) -> None:
    with pytest.raises(EvaluationError, match="gehört zu einem Eckwert"):
        intervals(konstanz, [2030], eckwert_error=0.003)
    missing = dict(list(zones.items())[1:])
    with pytest.raises(EvaluationError, match="Gebiete ohne Gruppe") as error:
        intervals(konstanz, [2030], groups=missing)
    assert str(next(iter(zones))) in str(error.value)


def test_unseen_errors_shrink_with_experience_and_grow_with_the_lead() -> None:
    one, many = some_errors(1, 40), some_errors(31, 40)  # one launch, and thirty years of launches at five years
    assert unseen_error([one], 5).scale == pytest.approx(5 * 0.005 * np.sqrt(2 / 3))
    assert unseen_error([many], 10).scale == pytest.approx(10 * 0.005 * np.sqrt(2 / 9))
    assert unseen_error([many], 10).experiences == 9
    # beyond the longest lead of five years: the power 3/2 of what is left, 4 and 9 years; nothing within it
    assert turning_error([one], 9).scale == pytest.approx(0.0018 * 8 * np.sqrt(2 / 3))
    assert turning_error([many], 14).scale == pytest.approx(0.0018 * 27 * np.sqrt(2 / 9))
    assert turning_error([many], 5).scale == turning_error([many], 3).scale == 0
    # sums are reckoned with all of it: 0.5 % a year, or more of it from eight years on
    assert whole_error([one], 4).scale == pytest.approx(0.02 * np.sqrt(2 / 3))
    assert whole_error([one], 16).scale == pytest.approx(0.0018 * 64 * np.sqrt(2 / 3))
    assert CommonError(0.1, 1e6).quantile(0.975) == pytest.approx(0.196, abs=1e-4)


def test_typical_errors_of_few_persons_grow_as_those_of_chance() -> None:
    """Of a quarter of the smallest persons that errors are known of they are twice as large: √4."""
    past = some_errors(20, 400)
    calibration, quiet = calibrate([past], 5, by_hardest=False), np.array([0.012])
    usual, few = (
        np.log(calibration.factors(np.array([250.0]), quiet, [0.3, 0.7], by)).ravel()
        for by in (1.0, few_persons(np.array([250.0])))
    )
    np.testing.assert_allclose(few, 2 * usual, rtol=0.02)  # far from the bounds
    assert few_persons(np.array([1000.0, 40_000.0])).tolist() == [1, 1]


def test_areas_below_the_smallest_that_errors_are_known_of_are_covered_too(berlin: xr.DataArray) -> None:
    """Launches of ten years, five ahead: without the law of few persons two of three were within 80 % limits."""
    inside = []
    totals = berlin.sum("age")
    for launch in range(2006, 2016):
        limits = intervals(berlin.sel(year_end=slice(None, launch)), [launch + 5], levels=[0.8]).squeeze()
        start, truth = totals.sel(year_end=launch, drop=True), totals.sel(year_end=launch + 5, drop=True)
        held = (limits["lower"] <= truth) & (truth <= limits["upper"])
        inside.append(held.values[((start > 0) & (start < 1000) & (truth > 0)).values])
    assert np.concatenate(inside).size > 250
    assert np.concatenate(inside).mean() > 0.72
