"""Full events: a simulated register whose true rates are known."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import xarray as xr

from zwkprognose import national
from zwkprognose.errors import RatesError
from zwkprognose.rates import estimate_rates, explain
from zwkprognose.rates.events import by_age_reached
from zwkprognose.rates.migration.inside import destination_share, pool_share
from zwkprognose.rates.migration.rogers_castro import STANDARD, rogers_castro
from zwkprognose.rates.mortality.year_end import year_end_death_prob
from zwkprognose.rates.stocks import reached

AREAS, OPEN_AGE = 40, 90
YEARS = (2018, 2019, 2020, 2021, 2022, 2023)
CELLS = ("area", "nationality", "sex", "age")


def truth(rng: np.random.Generator) -> dict[str, Any]:
    """True rates and levels of forty quarters of 300 to 12,000 people."""
    age = np.arange(OPEN_AGE + 1)
    size = rng.uniform(300, 12_000, AREAS)
    shape = np.exp(-((age / 75) ** 4)) / 170
    group = np.array([0.8, 0.2])
    level = rng.gamma(20, 1 / 20, (AREAS, 2))
    profile = 2.2 * rogers_castro(age, **STANDARD)
    return {
        "stock": size[:, None, None, None] * group[:, None, None] * np.ones((1, 1, 2, 1)) * shape,
        "q": year_end_death_prob(national.death_prob("2020/22"), OPEN_AGE).to_numpy(),
        "exit": level[:, :, None, None] * np.array([1.0, 2.5])[:, None, None] * profile * np.ones((2, 1)),
        "level": level,
        "births": 0.011 * size,
    }


def simulate(rng: np.random.Generator, true: dict[str, Any]) -> xr.Dataset:
    """Five years of chance: deaths and exits binomial, arrivals Poisson; ages as reached at year end."""
    stock = rng.poisson(true["stock"]).astype(float)
    stocks, flows = [stock], {name: [] for name in ("deaths", "out_moves", "in_moves")}
    arrivals = stock * true["exit"] * 1.02
    for _ in YEARS[1:]:
        cohort = reached(stock)
        cohort[..., 0] = rng.poisson(true["births"][:, None, None] / 4 * np.ones((1, 2, 2)))
        leaving = rng.binomial(cohort.astype(int), np.minimum(true["exit"], 0.9))
        dying = rng.binomial((cohort - leaving).astype(int), true["q"])
        coming = rng.poisson(arrivals)
        stock = cohort - leaving - dying + coming
        stocks.append(stock)
        for name, counts in (("deaths", dying), ("out_moves", leaving), ("in_moves", coming)):
            flows[name].append(counts.astype(float))
    data = {n: (("year", *CELLS), np.stack(f), {"age_basis": "reached"}) for n, f in flows.items()}
    coords = {
        "year_end": list(YEARS),
        "year": list(YEARS[1:]),
        "area": [f"{i + 1:02d}" for i in range(AREAS)],
        "nationality": ["german", "foreign"],
        "sex": ["female", "male"],
        "age": np.arange(OPEN_AGE + 1),
    }
    return xr.Dataset({"population": (("year_end", *CELLS), np.stack(stocks)), **data}, coords=coords)


@pytest.fixture(scope="module")
def case() -> tuple[xr.Dataset, dict[str, Any]]:
    rng = np.random.default_rng(20_240_131)
    true = truth(rng)
    return simulate(rng, true), true


@pytest.fixture(scope="module")
def rates(case: tuple[xr.Dataset, dict[str, Any]]) -> xr.Dataset:
    return estimate_rates(case[0], half_life=None)


def test_the_same_call_takes_a_full_register(rates: xr.Dataset) -> None:
    assert "out_level" in rates
    assert bool((rates["in_moves"] >= 0).all())
    q, exit_prob = rates["death_prob"], rates["out_prob"]
    assert bool((q * (1 - exit_prob / 2) + exit_prob <= 1).all())


def test_exits_by_level_beat_raw_and_pooled_rates(case: tuple[xr.Dataset, dict[str, Any]], rates: xr.Dataset) -> None:
    inputs, true = case
    start = inputs["population"].to_numpy()[:-1]
    exposure = np.stack([reached(s) for s in start]).sum(0)
    exits = inputs["out_moves"].to_numpy().sum(0)
    working = slice(18, 50)
    exposed, left = exposure[..., working].sum((2, 3)), exits[..., working].sum((2, 3))
    expected = (exposure * true["exit"] / true["level"][:, :, None, None])[..., working].sum((2, 3))
    raw = left / expected
    pooled = np.broadcast_to(left.sum(0) / expected.sum(0), raw.shape)
    ours = (exposure * rates["out_prob"].to_numpy())[..., working].sum((2, 3)) / expected
    small = exposed < 2_000  # person-years: raw rates are noise here
    error = {
        n: np.sqrt(((x - true["level"])[small] ** 2).mean())
        for n, x in {"raw": raw, "pooled": pooled, "ours": ours}.items()
    }
    assert error["ours"] < 0.95 * error["raw"]
    assert error["ours"] < 0.95 * error["pooled"]


def test_city_sums_are_kept(case: tuple[xr.Dataset, dict[str, Any]], rates: xr.Dataset) -> None:
    inputs, _ = case
    per_year = inputs["in_moves"].mean("year")
    assert float(rates["in_moves"].sum()) == pytest.approx(float(per_year.sum()), rel=1e-9)
    bands = per_year.sum(["area", "nationality", "sex"]).to_numpy()
    ours = rates["in_moves"].sum(["area", "nationality", "sex"]).to_numpy()
    for lower, upper in ((0, 18), (18, 30), (30, 50), (50, 65), (65, 91)):
        assert ours[lower:upper].sum() == pytest.approx(bands[lower:upper].sum(), rel=1e-9)
    start = np.stack([reached(s) for s in inputs["population"].to_numpy()[:-1]]).sum(0)
    start[..., 0] = inputs["population"].to_numpy()[1:, ..., 0].sum(0)
    exits = (start * rates["out_prob"].to_numpy()).sum()
    assert exits == pytest.approx(float(inputs["out_moves"].sum()), rel=1e-3)


def test_deaths_by_age_give_the_city_its_own_schedule(case: tuple[xr.Dataset, dict[str, Any]]) -> None:
    inputs, true = case
    ours = estimate_rates(inputs, half_life=None)["death_prob"].mean(["area", "nationality"]).to_numpy()
    np.testing.assert_allclose(ours[:, 70:90] / true["q"][:, 70:90], 1, atol=0.12)
    worse = inputs.assign(deaths=inputs["deaths"] * xr.where(inputs["age"] < 65, 3.0, 1.0).assign_attrs())
    worse["deaths"].attrs["age_basis"] = "reached"
    bent = estimate_rates(worse, half_life=None)["death_prob"].mean(["area", "nationality"]).to_numpy()
    assert (bent[:, 50] / ours[:, 50] > 2).all()
    np.testing.assert_allclose(bent[:, 85] / ours[:, 85], 1, atol=0.12)


def test_births_by_the_mothers_age_and_group(case: tuple[xr.Dataset, dict[str, Any]]) -> None:
    inputs, _ = case
    schedule = national.fertility_rate(2023).to_numpy()
    women = inputs["population"].isel(year_end=-1).sel(sex="female", age=slice(15, 49)).to_numpy()
    late = np.roll(schedule, 2)
    late[:2] = 0
    births = women * late * np.array([0.9, 1.5])[:, None]
    flow = (
        ("year", "area", "nationality", "age"),
        np.broadcast_to(births, (5, *births.shape)),
        {"age_basis": "reached"},
    )
    padded = xr.Dataset({"births": flow}, coords={**inputs.coords, "age": np.arange(15, 50)})["births"]
    rates = estimate_rates(inputs.drop_vars("deaths").assign(births=padded.reindex(age=inputs["age"], fill_value=0.0)))
    found = rates["fertility_rate"].mean("area")
    assert float(found.sel(nationality="foreign").sum() / found.sel(nationality="german").sum()) == pytest.approx(
        5 / 3, rel=0.1
    )
    ages = (found * found["age"]).sum("age") / found.sum("age")
    national_mean = (schedule * np.arange(15, 50)).sum() / schedule.sum()
    np.testing.assert_allclose(ages - national_mean, 2.0, atol=0.25)


def test_moves_between_areas_become_pool_and_matrix(case: tuple[xr.Dataset, dict[str, Any]]) -> None:
    inputs, _ = case
    rng = np.random.default_rng(5)
    small = inputs.isel(area=slice(0, 6))
    people = small["population"].to_numpy()[1:]
    counts = rng.poisson(0.02 * people[:, :, None], (5, 6, 6, 2, 2, OPEN_AGE + 1)).astype(float)
    counts *= (1 - np.eye(6))[None, :, :, None, None, None]
    areas = small["area"].to_numpy()
    flow = xr.DataArray(
        counts,
        dims=("year", "origin", "destination", "nationality", "sex", "age"),
        coords={"year": small["year"].values, "origin": areas, "destination": areas},
    )
    rates = estimate_rates(small.assign(moves=flow))
    np.testing.assert_allclose(rates["move_in_share"].sum("area"), 1.0)
    matrix = estimate_rates(small.assign(moves=flow), destinations="matrix")
    np.testing.assert_allclose(matrix["destination_share"].sum("destination"), 1.0)
    assert "move_in_share" not in matrix
    plain = estimate_rates(small.assign(moves=flow.sum(["nationality", "sex", "age"])))
    leavers = [(r["move_out_prob"].to_numpy() * people.mean(0)).sum((1, 2, 3)) for r in (rates, plain)]
    np.testing.assert_allclose(leavers[1] / leavers[0], 1, atol=0.1)
    to_last = estimate_rates(small.assign(moves=flow.where(flow["destination"] == areas[-1], 0.0)))
    np.testing.assert_allclose(to_last["move_in_share"].sel(area=areas[-1]), 1.0)  # not where they come from
    counts[:, 2, 2] = 1.0
    with pytest.raises(RatesError, match="innerhalb eines Gebiets"):
        estimate_rates(small.assign(moves=flow.copy(data=counts)))


def test_sparse_destinations_lean_on_the_pool() -> None:
    flows = np.array([[0.0, 900, 100], [900, 0, 100], [0, 1, 0]])
    share = destination_share(flows)
    np.testing.assert_allclose(share.sum(1), 1)
    np.testing.assert_array_equal(np.diag(share), 0)
    assert 0.5 < share[2, 1] < 0.52  # one move says little: the pool sends half to either
    assert share[0, 1] == pytest.approx(0.9, abs=0.01)


def test_pool_shares_of_thin_cells() -> None:
    arriving = np.array([[300.0, 0.0], [100.0, 1.0]])
    share = pool_share(arriving)
    np.testing.assert_allclose(share.sum(0), 1)
    assert share[0, 1] == pytest.approx(50 * 300 / 401 / 51)


def test_events_by_completed_age_belong_to_two_cohorts() -> None:
    completed = np.array([10.0, 6.0, 4.0, 2.0])
    np.testing.assert_allclose(by_age_reached(completed, "completed"), [5, 8, 5, 4])
    np.testing.assert_allclose(by_age_reached(completed, "completed", 0.9), [9, 4, 5, 4])
    np.testing.assert_array_equal(by_age_reached(completed, "reached"), completed)


def test_more_movers_than_people_are_refused(case: tuple[xr.Dataset, dict[str, Any]]) -> None:
    inputs, _ = case
    with pytest.raises(RatesError, match="mehr Personen fort") as error:
        estimate_rates(inputs.assign(out_moves=inputs["out_moves"] * 20))
    assert "residual" in error.value.remedy


def test_missing_events_are_named(case: tuple[xr.Dataset, dict[str, Any]]) -> None:
    inputs, _ = case
    broken = inputs["out_moves"].copy()
    broken[2, 3, 0, 1, 40] = np.nan
    with pytest.raises(RatesError, match="Fortzüge") as error:
        estimate_rates(inputs.assign(out_moves=broken))
    assert error.value.cells[0]["area"] == "04"


def test_the_register_is_explained(rates: xr.Dataset) -> None:
    text = explain(rates, "07")
    assert "Fortzüge" in text
    assert "-Fache der Stadt" in text


@pytest.mark.parametrize("subject", ["mortality", "fertility", "migration"])
def test_stocks_alone_are_explained(make_inputs: Callable[..., xr.Dataset], stock: np.ndarray, subject: Any) -> None:
    rates = estimate_rates(make_inputs({2020: stock, 2023: stock * 1.05}))
    text = explain(rates, "0003", subject)
    assert "0003" in text
    assert "  " not in text
    with pytest.raises(RatesError, match="gibt es nicht"):
        explain(rates, "9999")


def test_a_quarter_like_the_city_is_not_said_to_deviate(rates: xr.Dataset) -> None:
    alike = rates.assign({f"{name}_level": rates[f"{name}_mean"] for name in ("out", "in")})
    text = explain(alike, "07", "migration")
    assert text.count("In keiner Altersgruppe weicht das Gebiet merklich von der Stadt ab.") == 2
    assert "-Fache" not in text
