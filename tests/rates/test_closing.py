"""Closing laws against the reference program, and German death methods by hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from zwkprognose.errors import RatesError
from zwkprognose.rates import close_rates, farr, year_of_death
from zwkprognose.rates.mortality.closing import expit


@pytest.fixture
def france(shared: Path) -> np.ndarray:
    """Death rates of France 2006 [female, male; age]."""
    return pd.read_csv(shared / "oracles/mortality_closure/in_france_2006_mx.csv")[["mx_f", "mx_m"]].to_numpy().T


@pytest.mark.shared
def test_kannisto_as_the_reference_program(shared: Path, france: np.ndarray) -> None:
    theirs = pd.read_csv(shared / "oracles/mortality_closure/out_MortCast_kannisto_est80_95_proj96_120.csv")
    np.testing.assert_allclose(close_rates(france[0]), theirs["mx"], rtol=1e-9)


@pytest.mark.shared
def test_coherent_kannisto_as_the_reference_program(shared: Path, france: np.ndarray) -> None:
    theirs = pd.read_csv(shared / "oracles/mortality_closure/out_MortCast_cokannisto_est80_95_proj96_120.csv")
    np.testing.assert_allclose(close_rates(france, coherent=True), theirs[["female", "male"]].T, rtol=1e-9)


@pytest.mark.parametrize("law", ["kannisto", "gompertz"])
def test_a_schedule_that_follows_the_law_is_continued_exactly(law: str) -> None:
    line = -9.0 + 0.09 * np.arange(121)
    truth = expit(line) if law == "kannisto" else np.exp(line)
    np.testing.assert_allclose(close_rates(truth[:101], law=law), truth, rtol=1e-10)  # type: ignore[arg-type]


def test_an_age_without_deaths_cannot_be_fitted() -> None:
    mx = np.full(101, 0.1)
    mx[90] = 0.0
    with pytest.raises(RatesError, match="Kannisto") as error:
        close_rates(mx)
    assert error.value.cells[0]["age"] == 90


def test_farr_by_hand() -> None:
    q = farr(np.array([6.0, 3.0, 9.0]), np.array([1000.0, 1000.0, 30.0]), births=np.array(1200.0))
    np.testing.assert_allclose(q, [0.005, 0.003 / 1.0015, 1.0])


def test_two_cohorts_of_a_calendar_year_by_hand() -> None:
    # 990 of 1000 who turned x live at year end; 980 of 1000 alive at the start reach x + 1
    q = year_of_death(np.array([10.0]), np.array([20.0]), np.array([1000.0]), np.array([990.0]))
    assert q[0] == pytest.approx(1 - 0.99 * 0.98)


def test_both_methods_agree_when_deaths_are_even() -> None:
    q, population = 0.02, 10_000.0
    half = population * q / 2
    by_year = year_of_death(np.array([half]), np.array([half]), np.array([population]), np.array([population - half]))
    by_farr = farr(np.array([2 * half, 1.0]), np.array([population, 1.0]))
    assert by_year[0] == pytest.approx(by_farr[0], rel=0.01)


def test_ages_in_which_nobody_lives_are_named() -> None:
    with pytest.raises(RatesError, match="lebt niemand"):
        farr(np.array([0.0, 2.0]), np.array([100.0, 0.0]))
