"""TOPALS and Brass against their reference results, and what the ridge is for."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zwkprognose.errors import RatesError
from zwkprognose.rates import brass_survivors, fit_brass, fit_topals
from zwkprognose.rates.mortality.topals import spline_basis


@pytest.fixture
def oracle(shared: Path) -> Path:
    return shared / "oracles/topals"


@pytest.mark.shared
def test_basis(oracle: Path) -> None:
    theirs = pd.read_csv(oracle / "out_basis.csv").pivot(index="age1", columns="k", values="B")
    np.testing.assert_allclose(spline_basis(100, (0, 1, 10, 20, 40, 70)), theirs, atol=1e-14)


@pytest.mark.shared
@pytest.mark.parametrize(
    ("data", "alpha"),
    [
        ("in_out_ITA_female_1980_single.csv", "out_alpha_single.csv"),
        ("in_out_small_area_50000_tol1e-12.csv", "out_alpha_small_area_tol1e-12.csv"),
    ],
)
def test_single_ages_without_ridge(oracle: Path, data: str, alpha: str) -> None:
    table = pd.read_csv(oracle / data)
    deaths, exposure = table["D"].to_numpy(dtype=float), table["N"].to_numpy()
    fit = fit_topals(deaths, exposure, table["std"].to_numpy(), ridge=0.0)
    np.testing.assert_allclose(fit.alpha, pd.read_csv(oracle / alpha)["alpha"], atol=1e-8)
    np.testing.assert_allclose(fit.log_rates, table["logm"], atol=1e-8)


@pytest.mark.shared
def test_covariance(oracle: Path) -> None:
    table = pd.read_csv(oracle / "in_out_ITA_female_1980_single.csv")
    fit = fit_topals(table["D"].to_numpy(dtype=float), table["N"].to_numpy(), table["std"].to_numpy(), ridge=0.0)
    theirs = pd.read_csv(oracle / "out_covar_single.csv").pivot(index="i", columns="j", values="cov")
    np.testing.assert_allclose(fit.covariance, theirs, rtol=1e-7)


@pytest.mark.shared
def test_grouped_deaths(oracle: Path) -> None:
    groups = pd.read_csv(oracle / "in_grouped.csv")
    standard = pd.read_csv(oracle / "in_out_ITA_female_1980_single.csv")["std"].to_numpy()
    edges = [*groups["age_lo"], groups["age_hi"].iloc[-1]]
    fit = fit_topals(groups["D"].to_numpy(dtype=float), groups["N"].to_numpy(), standard, ridge=0.0, edges=edges)
    np.testing.assert_allclose(fit.alpha, pd.read_csv(oracle / "out_alpha_grouped_tol1e-12.csv")["alpha"], atol=1e-8)
    np.testing.assert_allclose(fit.log_rates, pd.read_csv(oracle / "out_logm_grouped.csv")["logm"], atol=1e-8)


STANDARD = -9.0 + 0.085 * np.arange(100)


def test_without_deaths_the_ridge_returns_towards_the_standard() -> None:
    exposure = np.full((2, 100), 5.0)
    no_deaths = np.zeros((2, 100))
    weak, strong = (fit_topals(no_deaths, exposure, STANDARD, ridge=r).alpha for r in (0.5, 500.0))
    assert (weak < strong).all()
    np.testing.assert_allclose(strong, 0, atol=0.05)


def test_with_many_deaths_the_own_schedule_counts() -> None:
    truth = STANDARD + np.linspace(-0.4, 0.3, 100)
    exposure = np.full(100, 1e7)
    fit = fit_topals(exposure * np.exp(truth), exposure, STANDARD, ridge=10.0)
    np.testing.assert_allclose(fit.log_rates, truth, atol=0.01)


def test_many_areas_at_once_are_each_area_alone() -> None:
    rng = np.random.default_rng(1)
    exposure = rng.uniform(20, 200, (5, 100))
    deaths = rng.poisson(exposure * np.exp(STANDARD)).astype(float)
    together = fit_topals(deaths, exposure, STANDARD)
    alone = fit_topals(deaths[3], exposure[3], STANDARD)
    np.testing.assert_allclose(together.alpha[3], alone.alpha, atol=1e-9)


def test_ages_that_do_not_fit_the_standard_are_refused() -> None:
    with pytest.raises(RatesError, match="Altersstufen"):
        fit_topals(np.ones(20), np.ones(20), STANDARD)


@pytest.mark.shared
def test_brass(shared: Path) -> None:
    table = pd.read_csv(shared / "oracles/brass_logit/in_out_brass.csv")
    coefficients = pd.read_csv(shared / "oracles/brass_logit/out_coef.csv").iloc[0]
    standard, observed = table["lx_standard"].to_numpy(), table["lx_observed"].to_numpy()
    fit = fit_brass(observed, standard)
    assert float(fit.alpha) == pytest.approx(coefficients["alpha"], rel=1e-9)
    assert float(fit.beta) == pytest.approx(coefficients["beta"], rel=1e-9)
    assert float(fit.residual_error) == pytest.approx(coefficients["rse"], rel=1e-9)
    np.testing.assert_allclose(brass_survivors(standard, fit.alpha, fit.beta), table["lx_fitted"], rtol=1e-9)


@pytest.mark.shared
def test_brass_on_a_grid_of_parameters(shared: Path) -> None:
    grid = pd.read_csv(shared / "oracles/brass_logit/out_grid.csv")
    standard = pd.read_csv(shared / "oracles/brass_logit/in_out_brass.csv")["lx_standard"].to_numpy()
    for (alpha, beta), rows in grid.groupby(["alpha", "beta"]):
        fitted = brass_survivors(standard, np.array(alpha), np.array(beta))
        np.testing.assert_allclose(fitted[rows["age"]], rows["lx"], rtol=1e-9)


def test_brass_needs_survivors_between_the_limits() -> None:
    with pytest.raises(RatesError, match="Logit") as error:
        fit_brass(np.array([1.0, 1.0, 0.5, 0.2]), np.array([1.0, 0.9, 0.5, 0.2]), ages=(1, 3))
    assert error.value.cells == ({"Stelle": 1, "l(x)": 1.0},)
