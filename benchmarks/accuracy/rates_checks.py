"""What the estimation of rates is worth: known truth, the next period, official counts."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose import national
from zwkprognose.rates import estimate_rates
from zwkprognose.rates.base import prepare_base
from zwkprognose.rates.fertility.schedule import child_years, expected_births, implied_births
from zwkprognose.rates.migration.residuals import Period, cohort_residuals
from zwkprognose.rates.mortality.improvement import life_expectancy
from zwkprognose.rates.mortality.lee_carter import deviance
from zwkprognose.rates.mortality.year_end import expected_deaths, scale, year_end_death_prob
from zwkprognose.rates.shrinkage import empirical_bayes, ratio
from zwkprognose.rates.stocks import Stocks, reached, read_stocks
from zwkprognose.rates.textbook.rogers_castro_fit import MODELS, fit_rogers_castro

#: Launches of the Berlin comparison; each period is five years.
BERLIN_LAUNCHES = (2006, 2007, 2008, 2009, 2010, 2011, 2012, 2013, 2014, 2015)
KONSTANZ_LAUNCHES = (2015, 2016, 2017, 2018, 2019, 2020)


def simulation(
    areas: int = 400, rounds: int = 10, years: float = 3.0, spread: float = 0.14, seed: int = 1
) -> pd.DataFrame:
    """Root mean square error of life expectancy when the truth is known: pooled, raw SMR, empirical Bayes.

    Areas of equal size with the age structure of the life table; their hazards are gamma around the national one.
    """
    rng = np.random.default_rng(seed)
    q = year_end_death_prob(national.death_prob("2022/24"), 100).sel(sex="female").to_numpy()
    alive = np.cumprod(1 - q)
    rows = {
        women: np.mean(
            [_one_round(rng, q, alive / alive.sum() * women, years, spread, areas) for _ in range(rounds)], 0
        )
        for women in (1_000, 5_000)
    }
    return pd.DataFrame(rows, index=["pooled", "raw", "empirical_bayes"]).T


def _one_round(
    rng: np.random.Generator, q: np.ndarray, women: np.ndarray, years: float, spread: float, areas: int
) -> list[float]:
    truth = rng.gamma(1 / spread**2, spread**2, areas)
    expected = np.full(areas, (women * q).sum() * years)
    deaths = rng.poisson((women * scale(q, truth[:, None])).sum(axis=1) * years).astype(float)
    levels = empirical_bayes(deaths, expected)
    raw = np.maximum(deaths, 0.5) / expected  # without any death there is no life expectancy
    e0 = [life_expectancy(scale(q, level[:, None])) for level in (truth, levels.mean, raw, levels.level)]
    return [float(np.sqrt(((e - e0[0]) ** 2).mean())) for e in e0[1:]]


def as_inputs(stock: xr.DataArray) -> xr.Dataset:
    """Stocks [year_end, area, age] as inputs; half of everybody is taken as women."""
    both = stock.expand_dims(nationality=["total"], sex=["female", "male"]) / 2
    population = both.transpose("year_end", "area", "nationality", "sex", "age")
    age = population["age"].assign_attrs(group_width=5)
    return xr.Dataset({"population": population.assign_coords(age=age)})


def berlin_cohorts(inputs: xr.Dataset) -> pd.DataFrame:
    """Poisson deviance per area of the cohorts five years later, by the rates of the five years before.

    The future total of every cohort of the city is given, so that only the differences between areas count.
    """
    rows = {}
    for launch in BERLIN_LAUNCHES:
        stocks = read_stocks(inputs.sel(year_end=[launch - 5, launch]))
        q = prepare_base(inputs.sel(year_end=[launch - 5, launch])).death_prob
        later = inputs["population"].sel(year_end=launch + 5).to_numpy().sum(axis=(1, 2))
        rows[launch] = {name: _next_cohorts(stocks, q, later, **given) for name, given in MIGRATION_RATES.items()}
    return pd.DataFrame(rows).T


#: Raw: an area's own pattern and growth; pooled: the city's; shrunk: the defaults of ``estimate_rates``.
MIGRATION_RATES: dict[str, dict[str, float]] = {
    "raw": {"shrinkage": 0.01, "persistence": 1.0},
    "pooled": {"shrinkage": 1e12, "persistence": 0.0},
    "shrunk": {"shrinkage": 100.0, "persistence": 0.6},
}


def _next_cohorts(stocks: Stocks, q: np.ndarray, later: np.ndarray, shrinkage: float, persistence: float) -> float:
    net = cohort_residuals(stocks, [Period(*stocks.years)], q, shrinkage=shrinkage, persistence=persistence).rate
    persons = stocks.persons[-1]
    for _ in range(5):
        persons = reached(persons) * (1 - q) * (1 + net)
    expected = _fives(persons.sum(axis=(1, 2)))[:, 1:]
    observed = _fives(later)[:, 1:]
    expected = expected * ratio(observed.sum(axis=0), expected.sum(axis=0))
    seen = expected > 0
    return deviance(observed[seen], expected[seen]) / len(observed)


def _fives(single: np.ndarray) -> np.ndarray:
    """Five-year groups [area, group]."""
    return np.add.reduceat(single, np.arange(0, single.shape[-1], 5), axis=-1)


def berlin_births(inputs: xr.Dataset) -> pd.DataFrame:
    """Poisson deviance per area of the births of the next five years, by levels of the five years before."""
    rows = {}
    for launch in BERLIN_LAUNCHES:
        before = _births(inputs.sel(year_end=[launch - 5, launch]))
        after = _births(inputs.sel(year_end=[launch, launch + 5]))
        levels = empirical_bayes(*before)
        raw = ratio(np.maximum(before[0], 0.5), before[1])  # no birth seen is not a level of zero
        candidates = {"raw": raw, "pooled": levels.mean, "shrunk": levels.level}
        rows[launch] = {name: _level_deviance(level, *after) for name, level in candidates.items()}
    return pd.DataFrame(rows).T


def _births(inputs: xr.Dataset) -> tuple[np.ndarray, np.ndarray]:
    """Births behind the children of the second stock and births expected from the women [area]."""
    base = prepare_base(inputs)
    net = cohort_residuals(base.stocks, base.periods, base.death_prob).rate
    years = child_years(base.stocks)
    born = implied_births(base.stocks, years, base.death_prob, net).sum(axis=-1)
    return born, expected_births(base.stocks, years, base.schedule).sum(axis=(0, 2))


def _level_deviance(level: np.ndarray, observed: np.ndarray, expected: np.ndarray) -> float:
    """Deviance per area, the future births of the city being given."""
    fitted = level * expected
    fitted = fitted * observed.sum() / fitted.sum()
    seen = fitted > 0
    return deviance(observed[seen], fitted[seen]) / int(seen.sum())


def konstanz_levels(inputs: xr.Dataset) -> pd.DataFrame:
    """Deviance per year of births and deaths of the next five years: Germany's level, last year's, five years'."""
    base = prepare_base(
        inputs, base_years=inputs["year_end"].to_numpy(), mortality_period="2018/20", fertility_year=2019
    )
    years = base.years
    expected = {
        "births": expected_births(base.stocks, years, base.schedule).sum(axis=(1, 2)),
        "deaths": expected_deaths(base.stocks, years, base.death_prob).sum(axis=1),
    }
    rows = {}
    for name, standard in expected.items():
        observed = inputs[name].sum("area").sel(year=years).to_numpy()
        for launch in KONSTANZ_LAUNCHES:
            rows[name, launch] = _konstanz_launch(np.array(years), observed, standard, launch)
    return pd.DataFrame(rows).T


def _konstanz_launch(years: np.ndarray, observed: np.ndarray, expected: np.ndarray, launch: int) -> dict[str, float]:
    known, ahead = (years > launch - 5) & (years <= launch), (years > launch) & (years <= launch + 5)
    last = years == launch
    levels = {
        "germany": 1.0,
        "last_year": observed[last].sum() / expected[last].sum(),
        "five_years": observed[known].sum() / expected[known].sum(),
    }
    return {
        name: deviance(observed[ahead], level * expected[ahead]) / int(ahead.sum()) for name, level in levels.items()
    }


def konstanz_cohorts(inputs: xr.Dataset) -> pd.DataFrame:
    """Deviance per cell of single-year cohorts after five years: no migration, raw ratios, estimated rates."""
    rows = {}
    for launch in KONSTANZ_LAUNCHES:
        part = inputs.sel(year_end=slice(launch - 5, launch))
        base = prepare_base(part, base_years=range(launch - 5, launch + 1), half_life=None)
        later = inputs["population"].sel(year_end=launch + 5).to_numpy()
        net = cohort_residuals(base.stocks, base.periods, base.death_prob).rate
        candidates = {"none": np.zeros_like(net), "raw": _raw_net(base.stocks, base.death_prob), "estimated": net}
        rows[launch] = {
            name: _cohort_deviance(base.stocks, base.death_prob, rate, later) for name, rate in candidates.items()
        }
    return pd.DataFrame(rows).T


def _raw_net(stocks: Stocks, q: np.ndarray) -> np.ndarray:
    """Net rates cell by cell: all that a cohort gained over all it could have kept."""
    kept = sum(reached(a) * (1 - q) for a in stocks.persons[:-1])
    return ratio(stocks.persons[1:].sum(axis=0), kept) - 1


def _cohort_deviance(stocks: Stocks, q: np.ndarray, net: np.ndarray, later: np.ndarray) -> float:
    persons = stocks.persons[-1]
    for _ in range(5):
        persons = reached(persons) * (1 - q) * (1 + net)
    fitted, observed = persons[..., 5:95], later[..., 5:95]
    seen = fitted > 0
    return deviance(observed[seen], fitted[seen]) / int(seen.sum())


def konstanz_balance(inputs: xr.Dataset) -> pd.DataFrame:
    """Net migration of every year: from the cohorts, and as published."""
    rates = estimate_rates(inputs, base_years=inputs["year_end"].to_numpy(), half_life=None)
    stocks = read_stocks(inputs)
    q = rates["death_prob"].to_numpy()
    rows = {}
    for before, after in zip(stocks.years[:-1], stocks.years[1:], strict=True):
        gained = (stocks.at(after) - reached(stocks.at(before)) * (1 - q))[..., 1:].sum()
        births = float(inputs["births"].sel(year=after).sum())
        gained += stocks.at(after)[..., 0].sum() - births * (1 - q[..., 0].mean())
        published = float((inputs["in_moves"] - inputs["out_moves"]).sel(year=after).sum())
        rows[after] = {"cohorts": float(gained), "published": published}
    return pd.DataFrame(rows).T


def aargau_schedules(folder: Path) -> pd.DataFrame:
    """R² of Rogers–Castro fits to out-moves of Aargau's regions, by nationality and number of parameters."""
    moves = pd.read_csv(folder / "ag_migration_subregional.csv").query("0 < age < 90")
    by_age = moves.groupby(["nat", "spatial_unit", "age"])[["n_jan", "emi_n"]].sum()
    rows = {}
    for (nationality, region), part in by_age.groupby(level=[0, 1]):
        exposure = part["n_jan"].to_numpy(dtype=float)
        rates = part["emi_n"].to_numpy() / exposure
        age = part.index.get_level_values("age").to_numpy()
        rows[nationality, region] = {
            size: fit_rogers_castro(age, rates, size=size, weights=exposure).r_squared for size in (7, 11)
        }
    assert set(rows[next(iter(rows))]) <= set(MODELS)
    return pd.DataFrame(rows).T


def timing(stock: xr.DataArray, areas: int) -> float:
    """Seconds for all rates of a number of areas over five years, two groups, two sexes."""
    five = stock.sel(year_end=slice(2015, 2020)).to_numpy()
    copies = -(-areas // five.shape[1])
    persons = np.tile(five, (1, copies, 1))[:, :areas, None, None, :]
    persons = persons * np.array([0.8, 0.2])[:, None, None] / 2 * np.ones((1, 2, 1))
    inputs = xr.Dataset(
        {"population": (("year_end", "area", "nationality", "sex", "age"), persons)},
        coords={
            "year_end": range(2015, 2021), "area": [str(i) for i in range(areas)],
            "nationality": ["german", "foreign"], "sex": ["female", "male"], "age": stock["age"].to_numpy(),
        },
    )  # fmt: skip
    return _seconds(lambda: estimate_rates(inputs))


def _seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
