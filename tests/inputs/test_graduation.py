"""Graduation keeps every group, is never negative, and beats the even split on real single years."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from zwkprognose.inputs.graduation import graduate, split_open_group
from zwkprognose.national import death_prob

groups = st.lists(
    st.tuples(st.integers(1, 15), st.one_of(st.just(0.0), st.floats(1e-3, 1e6))), min_size=1, max_size=25
)


@given(st.lists(st.integers(0, 10_000), min_size=2, max_size=100), st.integers(0, 100))
def test_single_years_stay_to_the_last_bit(counts: list[int], at: int) -> None:
    """Also beside a group, whose cubic must not touch its neighbours."""
    edges = np.arange(len(counts) + 1) + 4 * (np.arange(len(counts) + 1) > at)
    single = np.flatnonzero(np.diff(edges) == 1)
    years = graduate(np.array(counts, dtype=float), edges)
    assert years[edges[single]].tolist() == [float(counts[i]) for i in single]


@given(groups)
def test_groups_are_kept_and_nothing_is_negative(drawn: list[tuple[int, float]]) -> None:
    widths, counts = zip(*drawn, strict=True)
    edges = np.concatenate([[0], np.cumsum(widths)])
    years = graduate(np.array(counts), edges)
    assert (years >= 0).all()
    np.testing.assert_allclose(np.add.reduceat(years, edges[:-1]), counts, rtol=1e-12)


def test_single_years_stay_as_they_are() -> None:
    counts = np.array([3.0, 0.0, 7.0, 11.0])
    np.testing.assert_array_equal(graduate(counts, np.arange(5)), counts)


@pytest.mark.shared
def test_real_pyramids_are_met_better_than_by_an_even_split(shared: Path) -> None:
    error = even = 0.0
    for path in sorted((shared / "data/konstanz/bevoelkerung/pyramiden").glob("pyramide_20*.csv")):
        frame = pd.read_csv(path)
        ages = frame["alter"].str.extract(r"^(\d+)")[0].astype(int)
        truth = frame.iloc[:, 1:].groupby(ages).sum().loc[:94].to_numpy().T
        counts = truth.reshape(len(truth), 19, 5).sum(axis=2)
        error += np.abs(graduate(counts, np.arange(0, 96, 5)) - truth).sum()
        even += np.abs(np.repeat(counts / 5, 5, axis=1) - truth).sum()
    assert error < 0.8 * even


def test_open_group_follows_the_life_table() -> None:
    split = split_open_group(np.array([100.0, 100.0]), 90, 95)
    np.testing.assert_allclose(split.sum(axis=-1), [100.0, 100.0])
    q = death_prob().sel(sex="female").to_numpy()
    # L(91)/L(90) by hand from the published probabilities
    ratio = (1 - q[90]) * (2 - q[91]) / (2 - q[90])
    assert split[0, 1] / split[0, 0] == pytest.approx(ratio, rel=1e-12)
    assert split[0, -1] > split[1, -1], "more women than men reach 95"


def test_deaths_of_the_open_group_are_older_than_the_living() -> None:
    lived = split_open_group(np.array([1.0]), 85, 100)
    died = split_open_group(np.array([1.0]), 85, 100, "deaths")
    ages = np.arange(85, 101)
    assert (died @ ages).item() > (lived @ ages).item()


@pytest.mark.parametrize("open_age", [95, 100])
def test_above_the_table_its_last_probability_goes_on(open_age: int) -> None:
    """Person-years of a table prolonged by 2,000 years, in which everybody has died, one year after another."""
    split = split_open_group(np.array([100.0, 100.0]), 85, open_age)
    for sex, ours in zip(("female", "male"), split, strict=True):
        q = death_prob().sel(sex=sex).to_numpy()
        alive = np.cumprod(1 - np.concatenate([[0.0], q, np.full(2000, q[-1])]))
        years = (alive[:-1] + alive[1:]) / 2
        assert ours[-1] / ours.sum() == pytest.approx(years[open_age:].sum() / years[85:].sum(), rel=1e-9)


def test_one_group_alone_is_spread_evenly_wherever_it_begins() -> None:
    np.testing.assert_array_equal(graduate(np.array([30.0]), np.array([15, 18])), [10.0, 10.0, 10.0])
