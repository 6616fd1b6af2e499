"""Is it worth it: known truth, published moves, the next period. Full tables: benchmarks/accuracy/rates.py."""

from __future__ import annotations

import time

import numpy as np
import pytest
import xarray as xr

from zwkprognose import national
from zwkprognose.examples import load_example
from zwkprognose.rates import estimate_rates
from zwkprognose.rates.base import prepare_base
from zwkprognose.rates.migration.residuals import Period, cohort_residuals
from zwkprognose.rates.mortality.improvement import life_expectancy
from zwkprognose.rates.mortality.lee_carter import deviance
from zwkprognose.rates.mortality.year_end import scale, year_end_death_prob
from zwkprognose.rates.shrinkage import empirical_bayes, ratio
from zwkprognose.rates.stocks import reached, read_stocks


@pytest.mark.parametrize(("women", "pooled", "raw", "shrunk"), [(1_000, 1.30, 1.64, 1.02), (5_000, 1.31, 0.75, 0.69)])
def test_error_of_life_expectancy_when_the_truth_is_known(women: int, pooled: float, raw: float, shrunk: float) -> None:
    """Areas whose hazards spread by 14 per cent, three years of deaths; errors in years of life."""
    rng = np.random.default_rng(7)
    q = year_end_death_prob(national.death_prob("2022/24"), 100).sel(sex="female").to_numpy()
    alive = np.cumprod(1 - q)
    size = alive / alive.sum() * women * 3.0
    truth = rng.gamma(1 / 0.14**2, 0.14**2, 4_000)
    expected = np.full(4_000, (size * q).sum())
    deaths = rng.poisson((size * scale(q, truth[:, None])).sum(axis=1)).astype(float)
    levels = empirical_bayes(deaths, expected)
    e0 = [life_expectancy(scale(q, x[:, None])) for x in (truth, levels.mean, deaths / expected, levels.level)]
    errors = [np.sqrt(((e - e0[0]) ** 2).mean()) for e in e0[1:]]
    np.testing.assert_allclose(errors, [pooled, raw, shrunk], atol=0.05)
    assert errors[2] < min(errors[:2])


@pytest.fixture(scope="module")
def konstanz() -> xr.Dataset:
    return load_example("konstanz")


def test_cohorts_tell_the_published_net_migration(konstanz: xr.Dataset) -> None:
    rates = estimate_rates(konstanz, base_years=konstanz["year_end"].to_numpy(), half_life=None)
    stocks, q = read_stocks(konstanz), rates["death_prob"].to_numpy()
    # 2020 lacks 658 people; in 2015 and 2016 the published stocks and moves do not fit each other
    for year in (2011, 2012, 2013, 2014, 2017, 2018, 2019, 2022, 2023, 2024, 2025):
        grown = (stocks.at(year) - reached(stocks.at(year - 1)) * (1 - q))[..., 1:].sum()
        births = float(konstanz["births"].sel(year=year).sum())
        newborn = stocks.at(year)[..., 0].sum() - births * (1 - q[..., 0].mean())
        published = float((konstanz["in_moves"] - konstanz["out_moves"]).sel(year=year).sum())
        assert grown + newborn == pytest.approx(published, abs=100)


def test_konstanz_meets_its_gross_totals(konstanz: xr.Dataset) -> None:
    rates = estimate_rates(konstanz, half_life=None)
    years = [int(y) for y in range(2016, 2026)]
    assert float(rates["in_moves"].sum()) == pytest.approx(float(konstanz["in_moves"].sel(year=years).mean()))
    busiest = int(rates["in_moves"].sum(["area", "nationality", "sex"]).to_numpy().argmax())
    assert 18 <= busiest <= 21  # a university town


def next_deviance(start: xr.Dataset, later: np.ndarray, shrinkage: float, persistence: float) -> float:
    """Deviance of five-year groups four years later, the city's cohorts being given."""
    base = prepare_base(start, half_life=None)
    net = cohort_residuals(
        base.stocks, [Period(2011, 2016)], base.death_prob, shrinkage=shrinkage, persistence=persistence
    ).rate
    persons = base.stocks.persons[-1]
    for _ in range(4):
        persons = reached(persons) * (1 - base.death_prob) * (1 + net)
    groups = np.arange(5, 95, 5)
    expected, observed = (np.add.reduceat(x.sum(axis=2), groups, axis=-1) for x in (persons, later))
    expected = expected * ratio(observed.sum(axis=0), expected.sum(axis=0))
    seen = expected > 0
    return deviance(observed[seen], expected[seen])


def test_shrunk_rates_predict_berlins_quarters_better_than_raw_and_pooled() -> None:
    berlin = load_example("berlin")
    later = berlin["population"].sel(year_end=2020).to_numpy()
    start = berlin.sel(year_end=[2011, 2016])
    raw, pooled, shrunk = (next_deviance(start, later, *g) for g in ((0.01, 1.0), (1e12, 0.0), (100.0, 0.6)))
    assert shrunk < 0.95 * raw
    assert shrunk < 0.95 * pooled


def test_all_rates_of_447_areas_in_two_seconds() -> None:
    berlin = load_example("berlin")["population"].to_numpy()
    copies = np.concatenate([berlin] * 5, axis=1)[:, :447]
    six = np.stack([copies[i % 4] for i in range(6)])
    inputs = xr.Dataset(
        {"population": (("year_end", "area", "nationality", "sex", "age"), six)},
        coords={
            "year_end": range(2015, 2021),
            "area": [str(i) for i in range(447)],
            "nationality": ["german", "foreign"],
            "sex": ["female", "male"],
            "age": np.arange(six.shape[-1]),
        },
    )
    start = time.perf_counter()
    estimate_rates(inputs)
    assert time.perf_counter() - start < 2.0
