"""Lee–Carter in its variants against three other programs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zwkprognose.errors import RatesError
from zwkprognose.rates import drift_forecast, fit_lee_carter
from zwkprognose.rates.mortality.lee_carter import (
    LeeCarter,
    adjust_life_expectancy,
    fit_poisson,
    fit_sum,
    fit_svd,
    life_expectancy,
)


@pytest.fixture
def oracle(shared: Path) -> Path:
    return shared / "oracles/lee_carter"


def wide(path: Path, value: str) -> np.ndarray:
    """Array [age, year] from a long file."""
    return pd.read_csv(path).pivot(index="age", columns="year", values=value).to_numpy(dtype=float)


def index_of(path: Path) -> np.ndarray:
    return pd.read_csv(path)["kt"].to_numpy()


def assert_ab(model: LeeCarter, path: Path, tolerance: float) -> None:
    theirs = pd.read_csv(path)
    np.testing.assert_allclose(model.a, theirs["ax"], atol=tolerance)
    np.testing.assert_allclose(model.b, theirs["bx"], atol=tolerance)


@pytest.fixture
def rates(oracle: Path) -> np.ndarray:
    """French women 1950–2006, ages 0 … 99 and 100+."""
    return wide(oracle / "in_demography_mx_collapsed_max100.csv", "mx_used")


@pytest.fixture
def exposure(oracle: Path, rates: np.ndarray) -> np.ndarray:
    """Exposure with the open group 100+, of which the file holds age 100 only.

    The missing part follows from the other program's likelihood index, which is stationary in it; the year
    2006 is confirmed by the published exposures of ages 100 … 110 (11,539 person-years).
    """
    known = wide(oracle / "in_france_female_exposure.csv", "exposure")
    model, k = fit_svd(rates), index_of(oracle / "out_demography_lca_dxt_kt.csv")
    gap = model.b[:, None] * (rates - model.rates(k))
    open_group = -(gap * known)[:100].sum(axis=0) / gap[100]
    assert open_group[-1] == pytest.approx(11_539, abs=1)
    return np.vstack([known[:100], open_group])


@pytest.mark.shared
def test_singular_values(oracle: Path, rates: np.ndarray) -> None:
    model = fit_svd(rates)
    assert_ab(model, oracle / "out_demography_lca_none_ax_bx.csv", 1e-9)
    np.testing.assert_allclose(model.k, index_of(oracle / "out_demography_lca_none_kt.csv"), atol=1e-9)


@pytest.mark.shared
def test_closed_form(oracle: Path) -> None:
    model = fit_sum(wide(oracle / "in_france_female_mx.csv", "mx"))
    assert_ab(model, oracle / "out_MortCast_leecarter_ax_bx.csv", 1e-9)
    np.testing.assert_allclose(model.k, index_of(oracle / "out_MortCast_leecarter_kt.csv"), atol=1e-9)


@pytest.mark.shared
def test_poisson(oracle: Path) -> None:
    deaths = wide(oracle / "in_EWmale_deaths.csv", "deaths")
    model = fit_poisson(deaths, wide(oracle / "in_EWmale_exposure.csv", "exposure"))
    assert_ab(model, oracle / "out_StMoMo_LC_poisson_EWmale_ax_bx.csv", 1e-6)
    np.testing.assert_allclose(model.k, index_of(oracle / "out_StMoMo_LC_poisson_EWmale_kt.csv"), atol=1e-6)


@pytest.mark.shared
def test_index_that_meets_the_deaths(oracle: Path, rates: np.ndarray, exposure: np.ndarray) -> None:
    model = fit_lee_carter(rates, exposure, adjust="deaths")
    assert_ab(model, oracle / "out_demography_lca_dt_ax_bx.csv", 1e-9)
    # the open exposure comes from a root that the other program found to about 1e-4
    np.testing.assert_allclose(model.k, index_of(oracle / "out_demography_lca_dt_kt.csv"), atol=2e-4)


@pytest.mark.shared
def test_index_of_highest_likelihood(rates: np.ndarray, exposure: np.ndarray) -> None:
    model = fit_lee_carter(rates, exposure, adjust="likelihood")
    gradient = model.b @ (exposure * (rates - model.rates()))
    np.testing.assert_allclose(gradient / (exposure * rates).sum(0), 0, atol=1e-12)


@pytest.mark.shared
def test_index_that_meets_life_expectancy(oracle: Path, rates: np.ndarray) -> None:
    model = fit_lee_carter(rates, adjust="life_expectancy", sex="female")
    np.testing.assert_allclose(model.k, index_of(oracle / "out_demography_lca_e0_kt.csv"), atol=1e-4)


@pytest.mark.shared
def test_drift(oracle: Path) -> None:
    theirs = pd.read_csv(oracle / "out_forecast_rwf_drift_kt_dt.csv")
    ours = drift_forecast(index_of(oracle / "out_demography_lca_dt_kt.csv"), len(theirs))
    np.testing.assert_allclose(ours.mean, theirs["mean"], atol=1e-9)
    np.testing.assert_allclose(ours.mean + 1.959963984540054 * ours.standard_error, theirs["hi95"], atol=1e-8)


def synthetic() -> LeeCarter:
    b = np.linspace(2.0, 0.5, 20)
    k = np.linspace(10, -10, 15)
    return LeeCarter(np.linspace(-6, -1, 20), b / b.sum(), k)


def test_all_fits_recover_a_true_model() -> None:
    truth = synthetic()
    exposure = np.full((20, 15), 1e5)
    for method in ("svd", "sum", "poisson"):
        model = fit_lee_carter(truth.rates(), exposure, method=method)
        np.testing.assert_allclose(model.rates(), truth.rates(), rtol=1e-6)
        np.testing.assert_allclose(model.k, truth.k, atol=1e-5)


def test_zero_rates_and_empty_ages_are_named() -> None:
    mx = synthetic().rates()
    mx[3, 2] = 0.0
    with pytest.raises(RatesError, match="positive") as error:
        fit_svd(mx)
    assert error.value.cells == ({"age": 3, "Jahr (Nr.)": 3},)
    mx[3] = 0.0
    with pytest.raises(RatesError, match="in keinem Jahr") as error:
        fit_poisson(mx, np.ones_like(mx))
    assert error.value.cells == ({"age": 3},)


def test_variants_that_need_exposure_say_so() -> None:
    for variant in ({"method": "poisson"}, {"adjust": "deaths"}, {"adjust": "likelihood"}):
        with pytest.raises(RatesError, match="fehlen die Personenjahre"):
            fit_lee_carter(synthetic().rates(), **variant)  # type: ignore[arg-type]


def test_a_life_expectancy_out_of_reach_is_refused() -> None:
    reached = np.array([life_expectancy(mx, "female") for mx in synthetic().rates().T])
    for year in (0, 14):
        wanted = np.where(np.arange(15) == year, 100.0, reached)
        with pytest.raises(RatesError, match="nirgends erreicht") as error:
            adjust_life_expectancy(synthetic(), wanted, "female")
        assert error.value.cells == ({"Jahr (Nr.)": year + 1},)
