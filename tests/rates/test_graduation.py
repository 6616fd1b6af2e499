"""Graduation of groups against two reference programs, and properties."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zwkprognose.errors import RatesError
from zwkprognose.rates import graduate_by_multipliers, graduate_pclm
from zwkprognose.rates.textbook.osculatory import GRABILL, PANELS


@pytest.fixture
def oracle(shared: Path) -> Path:
    return shared / "oracles/graduation"


@pytest.fixture
def groups(oracle: Path) -> np.ndarray:
    """Twenty closed five-year groups."""
    return pd.read_csv(oracle / "in_pop5_DemoTools_pop5_mat_col1.csv")["pop"].to_numpy(dtype=float)[:20]


@pytest.fixture
def france(oracle: Path) -> pd.DataFrame:
    """Deaths and exposure of French women 2006 in groups, the last one 100–109."""
    return pd.read_csv(oracle / "in_pclm_france_female_2006.csv")


def with_artificial_bin(values: np.ndarray, age: np.ndarray, smoothing: float) -> np.ndarray:
    """PCLM as the reference program runs it: one case at age 110 is added and its surplus handed back.

    Its penalty is the square root of the number called lambda there.
    """
    fit = graduate_pclm(np.append(values, 1.0), [*age, 110, 111], smoothing=smoothing**0.5)
    inside, surplus = fit[:-1], fit[-1] - 1
    return inside + surplus * inside / inside.sum()


@pytest.mark.shared
@pytest.mark.parametrize(
    ("method", "file"),
    [
        ("sprague", "out_sprague.csv"),
        ("beers", "out_beers_ord_johnsonFALSE.csv"),
        ("beers_modified", "out_beers_mod_johnsonFALSE.csv"),
        ("grabill", "out_grabill.csv"),
    ],
)
def test_multipliers_as_the_reference_program(oracle: Path, groups: np.ndarray, method: str, file: str) -> None:
    theirs = pd.read_csv(oracle / file)["pop"].to_numpy()[:100]
    np.testing.assert_allclose(graduate_by_multipliers(groups, method), theirs, rtol=1e-9, atol=1e-9)  # type: ignore[arg-type]


@pytest.mark.shared
def test_pclm_as_the_reference_program(oracle: Path, france: pd.DataFrame) -> None:
    theirs = pd.read_csv(oracle / "out_ungroup_pclm_deaths_lambda100_kr2_deg3_nlast10.csv")["fit"]
    ours = with_artificial_bin(france["deaths"].to_numpy(), france["age"].to_numpy(), 100.0)
    np.testing.assert_allclose(ours, theirs, rtol=1e-5)


@pytest.mark.shared
def test_pclm_with_little_smoothing(oracle: Path, france: pd.DataFrame) -> None:
    # above 90 the other program stops before it has converged (its sums are right, its tail is not)
    theirs = pd.read_csv(oracle / "out_ungroup_pclm_deaths_lambda1_kr2_deg3_nlast10.csv")["fit"]
    ours = with_artificial_bin(france["deaths"].to_numpy(), france["age"].to_numpy(), 1.0)
    np.testing.assert_allclose(ours[:90], theirs[:90], rtol=1e-4)


@pytest.mark.shared
def test_pclm_of_rates(oracle: Path, france: pd.DataFrame) -> None:
    # the other program scales the rates when it hands its artificial bin back: compare the shape below 80
    theirs = pd.read_csv(oracle / "out_ungroup_pclm_rates_offset_lambda100.csv")["fit"].to_numpy()
    age = france["age"].to_numpy()
    exposure = np.append(with_artificial_bin(france["exposure"].to_numpy(), age, 100.0), 1.01)
    deaths = np.append(france["deaths"].to_numpy(), 1.0)
    ours = graduate_pclm(deaths, [*age, 110, 111], smoothing=10.0, exposure=exposure)[:110]
    scale = theirs[50] / ours[50]
    np.testing.assert_allclose(ours[:80] * scale, theirs[:80], rtol=2e-4)


counts = arrays(float, 12, elements=st.integers(0, 400).map(float))


@given(counts)
def test_group_sums_are_kept(persons: np.ndarray) -> None:
    for single in (graduate_by_multipliers(persons, "sprague"), graduate_by_multipliers(persons, "beers")):
        np.testing.assert_allclose(single.reshape(12, 5).sum(1), persons, atol=1e-9)


@given(arrays(float, (3, 12), elements=st.integers(1, 400).map(float)))
def test_pclm_is_positive_and_keeps_the_total_of_every_area(persons: np.ndarray) -> None:
    single = graduate_pclm(persons, range(0, 61, 5), smoothing=1.0)
    assert (single > 0).all()
    np.testing.assert_allclose(single.sum(-1), persons.sum(-1), rtol=1e-6)


def test_what_cannot_be_graduated_is_said() -> None:
    with pytest.raises(RatesError, match="fünf Fünfjahresgruppen"):
        graduate_by_multipliers(np.ones(4))
    with pytest.raises(RatesError, match="mindestens einen Fall"):
        graduate_pclm(np.zeros((1, 4)), range(0, 21, 5))
    with pytest.raises(RatesError, match="mindestens einen Fall") as error:
        graduate_pclm(np.array([[1.0, 2, 3, 4], [0.0, 0, 0, 0]]), range(0, 21, 5))
    assert error.value.cells == ({"Reihe": (2,)},)


@pytest.mark.parametrize("method", list(PANELS))
def test_multipliers_spread_equal_groups_evenly_and_mirror_themselves(method: str) -> None:
    """In 1/10,000: each year gets 2,000 of equal groups; the middle one looks the same from both ends."""
    panels = PANELS[method]
    for panel in (panels.first, panels.second, panels.middle):
        assert [sum(row) for row in panel] == [2000] * 5
    assert [row[::-1] for row in panels.middle[::-1]] == list(panels.middle)


@pytest.mark.parametrize("method", ["sprague", "beers"])
def test_multipliers_keep_the_sum_of_each_group(method: str) -> None:
    """Summed over its five years a group counts once and every other one not at all."""
    panels = PANELS[method]
    for own, panel in enumerate((panels.first, panels.second, panels.middle)):
        assert [sum(column) for column in zip(*panel, strict=True)] == [10_000 * (k == own) for k in range(5)]


def test_grabills_weights_spread_equal_groups_evenly_and_mirror_themselves() -> None:
    assert [sum(row) for row in GRABILL] == [2000] * 5
    assert [row[::-1] for row in GRABILL[::-1]] == list(GRABILL)
