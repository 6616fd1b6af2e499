"""Intervals: conformal ranks, calibration on the past only, coverage on launches not used."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation import intervals
from zwkprognose.evaluation.calibration import Calibration, calibrate, growth_power, stretched
from zwkprognose.evaluation.past_errors import PastErrors, past_errors, unrest
from zwkprognose.rates.totals import Past, past_of


def some_errors(launches: int, areas: int, spread: float = 0.05, seed: int = 1) -> PastErrors:
    rng = np.random.default_rng(seed)
    size = tuple(rng.uniform(1000, 10000, areas) for _ in range(launches))
    quiet = tuple(rng.uniform(0.004, 0.03, areas) for _ in range(launches))
    errors = tuple(rng.normal(0, spread * np.sqrt(4000 / s) * q / 0.012) for s, q in zip(size, quiet, strict=True))
    return PastErrors(5, tuple(range(launches)), errors, size, quiet)


def test_the_typical_error_is_found_back() -> None:
    calibration = calibrate(some_errors(20, 400))
    assert calibration.slopes[1:] == pytest.approx([-0.5, 1.0], abs=0.12)


def test_conformal_rank_of_one_launch() -> None:
    scores = np.arange(1.0, 100.0)  # n = 99: ⌈100 · 0,9⌉ = 90
    calibration = Calibration(5, np.zeros(3), (scores,))
    assert calibration.quantile(0.9) == 90
    assert calibration.quantile(0.1) == 10
    assert calibration.quantile(0.999) == 99


def test_the_hardest_launch_sets_the_limits() -> None:
    calm, wild = np.linspace(-1, 1, 99), np.linspace(-2, 3, 99)
    both = Calibration(5, np.zeros(3), (calm, wild))
    for p in (0.05, 0.2, 0.8, 0.95):
        alone = Calibration(5, np.zeros(3), (wild,))
        assert both.quantile(p) == alone.quantile(p)
    assert both.quantile(0.5) == pytest.approx(0.25)


def test_conformal_coverage_is_what_it_says_on_exchangeable_errors() -> None:
    hits = []
    for seed in range(30):
        past, new = some_errors(1, 300, seed=seed), some_errors(1, 300, seed=seed + 1000)
        factors = calibrate(past).factors(new.size[0], new.unrest[0], [0.1, 0.9])
        hits.append(((np.log(factors[0]) <= new.errors[0]) & (new.errors[0] <= np.log(factors[1]))).mean())
    standard_error = np.std(hits) / np.sqrt(len(hits))
    assert np.mean(hits) == pytest.approx(0.8, abs=4 * standard_error + 0.01)


def test_longer_leads_are_stretched_by_the_growth_of_errors() -> None:
    one = some_errors(1, 500, 0.02)
    known = [PastErrors(k, one.launches, (one.errors[0] * k**0.7,), one.size, one.unrest) for k in (1, 2, 4)]
    assert growth_power(known) == pytest.approx(0.7)
    short = calibrate(known[-1])
    longer = stretched(short, 8, 0.7)
    ratio = longer.typical(one.size[0], one.unrest[0]) / short.typical(one.size[0], one.unrest[0])
    np.testing.assert_allclose(ratio, 2**0.7)


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
    with pytest.raises(EvaluationError, match="frühere Fehler"):
        intervals(konstanz.sel(year_end=slice(2010, 2012)), [2015])
