"""Empirical Bayes levels: properties that hold for any data."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from zwkprognose.rates.shrinkage import empirical_bayes

counts = arrays(float, 8, elements=st.integers(0, 500).map(float))
sizes = arrays(float, 8, elements=st.floats(0.5, 300))


@given(counts, sizes)
def test_weights_are_shares_and_the_city_is_kept(observed: np.ndarray, expected: np.ndarray) -> None:
    levels = empirical_bayes(observed, expected)
    assert ((levels.weight >= 0) & (levels.weight <= 1)).all()
    assert (levels.level >= 0).all()
    np.testing.assert_allclose((expected * levels.level).sum(), observed.sum(), rtol=1e-12)


def test_with_endless_data_the_own_ratio_counts() -> None:
    own = np.array([0.5, 1.0, 2.0])
    levels = empirical_bayes(own * 1e9, np.full(3, 1e9))
    np.testing.assert_allclose(levels.level, own, rtol=1e-6)


def test_areas_that_differ_by_chance_only_get_the_city_level() -> None:
    levels = empirical_bayes(np.array([9.0, 11.0, 10.0, 10.0]), np.full(4, 10.0))
    np.testing.assert_allclose(levels.level, 1.0)
    np.testing.assert_array_equal(levels.weight, 0.0)


def test_an_area_without_exposure_gets_the_mean() -> None:
    levels = empirical_bayes(np.array([50.0, 10.0, 0.0]), np.array([20.0, 20.0, 0.0]))
    assert levels.weight[2] == 0
    assert levels.level[2] > 0
