"""Empirical Bayes levels: properties that hold for any data."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy import stats

from zwkprognose.rates.real_variance import real_variance
from zwkprognose.rates.shrinkage import empirical_bayes, empirical_bayes_by_part

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


def test_areas_that_differ_by_chance_only_get_the_city_level_and_are_not_taken_for_alike() -> None:
    levels = empirical_bayes(np.array([9.0, 11.0, 10.0, 10.0]), np.full(4, 10.0))
    np.testing.assert_allclose(levels.level, 1.0)
    np.testing.assert_array_equal(levels.weight, 0.0)
    assert (levels.spread > 0.1).all()


def test_level_and_weight_are_those_of_marshall() -> None:
    """By hand: m = 36/30 = 6/5, Σn(r − m)²/Σn = 0.13, m/n̄ = 0.12, A = 0.01, B = 0.01·10/(0.01·10 + 1.2) = 1/13."""
    levels = empirical_bayes(np.array([9.0, 17.0, 10.0]), np.array([10.0, 10.0, 10.0]))
    spread = (0.3**2 + 0.5**2 + 0.2**2) / 3
    real = spread - 0.12
    weight = real * 10 / (real * 10 + 1.2)
    np.testing.assert_allclose(levels.variance, real)
    np.testing.assert_allclose(levels.weight, weight)
    np.testing.assert_allclose(levels.level, 1.2 + weight * (np.array([0.9, 1.7, 1.0]) - 1.2))


def posterior(observed: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Weights and spreads by numerical integration over the square root of C, which is uniform."""
    mean = observed.sum() / expected.sum()
    ratios, awaited = observed / expected / mean, expected * mean

    def of(root: float) -> tuple[float, np.ndarray, np.ndarray]:
        real = (1 / root**2 - 1) / awaited.mean()
        spread = stats.norm.logpdf(ratios, 1.0, np.sqrt(real + 1 / awaited)).sum()
        restricted = np.exp(spread) / np.sqrt((1 / (real + 1 / awaited)).sum())
        weight = real / (real + 1 / awaited)
        own = 1 + weight * (ratios - 1)
        variance = weight * own / awaited + (1 - weight) ** 2 / (1 / (real + 1 / awaited)).sum()
        return restricted, weight, variance

    grid = np.linspace(1e-6, 1, 200_001)[:-1]
    each = [of(root) for root in grid[::20]]
    share = np.array([one[0] for one in each])
    share /= share.sum()
    weights, variances = (np.array([one[k] for one in each]) for k in (1, 2))
    weight = share @ weights
    moved = (weights - weight) * (ratios - 1)
    return weight, mean * np.sqrt(share @ (variances + moved**2))


@pytest.mark.parametrize(
    ("observed", "expected"),
    [([9, 11, 10, 10], [10, 10, 10, 10]), ([3, 0, 8, 1, 2], [1, 2, 4, 1, 3]), ([400, 90, 10], [200, 100, 30])],
)
def test_weights_and_spreads_are_those_of_an_integration_over_all_variances(
    observed: list[float], expected: list[float]
) -> None:
    counted, awaited = np.array(observed, dtype=float), np.array(expected, dtype=float)
    mean = counted.sum() / awaited.sum()
    found = real_variance(counted, awaited * mean)
    weight, spread = posterior(counted, awaited)
    np.testing.assert_allclose(found.weight, weight, rtol=2e-3)
    np.testing.assert_allclose(found.spread * mean, spread, rtol=2e-3)
    levels = empirical_bayes(counted, awaited)
    aside = (levels.weight - weight) * (counted / awaited - mean)
    back = levels.level / (mean + levels.weight * (counted / awaited - mean))  # not yet fitted to the sum
    np.testing.assert_allclose(levels.spread / back, np.hypot(spread, aside), rtol=2e-3)


def test_of_a_single_area_chance_alone_is_unknown() -> None:
    """Its level is what was counted, and counts vary by their root."""
    levels = empirical_bayes(np.array([16.0]), np.array([8.0]))
    np.testing.assert_allclose([levels.level[0], levels.spread[0]], [2.0, 4.0 / 8.0])


@pytest.mark.parametrize("events", [2, 5, 20, 100])
@pytest.mark.parametrize("areas", [5, 20, 80])
def test_eight_of_ten_true_levels_lie_within_the_range_and_weights_are_those_of_the_truth(
    areas: int, events: int
) -> None:
    """Towns whose levels vary as much as chance does in an area of average size, and sizes by a factor of two."""
    rng = np.random.default_rng(areas * events)
    real, towns = 1 / events, 16_000 // areas
    expected = events * np.exp(rng.normal(0, 0.7, (towns, areas)) - 0.245)
    truth = rng.gamma(1 / real, real, (towns, areas))
    observed = rng.poisson(truth * expected).astype(float)
    some = observed.any(axis=1)  # a town without any event has no levels
    truth, expected = truth[some], expected[some]
    levels = empirical_bayes(observed[some], expected)
    certain = (levels.level / levels.spread) ** 2
    low, high = (stats.gamma.ppf(part, certain) * levels.level / certain for part in (0.1, 0.9))
    assert abs(np.mean((low <= truth) & (truth <= high)) - 0.8) < 0.05
    awaited = expected * levels.mean
    weight = real_variance(observed[some], awaited).weight
    assert weight.mean() == pytest.approx((real * awaited / (real * awaited + 1)).mean(), abs=0.08)


def test_levels_do_not_become_certain_where_a_moment_estimate_would_be_zero() -> None:
    """Small differences, few events: in half of the towns the counts vary less than chance lets expect."""
    rng = np.random.default_rng(3)
    truth = rng.gamma(1 / 0.05, 0.05, (400, 20))
    expected = np.full(truth.shape, 4.0)
    observed = rng.poisson(truth * expected).astype(float)
    mean = observed.mean(axis=1) / 4
    moments = ((observed / 4 - mean[:, None]) ** 2).mean(axis=1) - mean / 4
    none = moments <= 0
    assert none.mean() > 0.2
    levels = empirical_bayes(observed[none], expected[none])
    inside = abs(levels.level - truth[none]) < 1.2816 * levels.spread
    assert 0.76 < inside.mean() < 0.9


parts = arrays(float, (2, 3, 6), elements=st.integers(0, 60).map(float))
part_sizes = arrays(float, (2, 3, 6), elements=st.floats(0.5, 40))


@given(parts, part_sizes)
def test_of_parts_the_city_keeps_each_and_each_area_its_sum(observed: np.ndarray, expected: np.ndarray) -> None:
    levels = empirical_bayes_by_part(observed, expected)
    whole = empirical_bayes(observed.sum(axis=(0, 1)), expected.sum(axis=(0, 1)))
    np.testing.assert_allclose((expected * levels.level).sum(axis=-1), observed.sum(axis=-1), rtol=1e-9)
    if (observed.sum(axis=-1) > 0).all():
        sums = (expected * levels.level).sum(axis=(0, 1))
        np.testing.assert_allclose(sums, whole.level * expected.sum(axis=(0, 1)), rtol=0.02)


def test_an_area_that_differs_in_every_part_keeps_what_is_certain_of_its_sum() -> None:
    """Ten parts, a quarter more each: 20 ± 4 events of a part tell little, 250 ± 16 of the area a lot."""
    expected = np.full((10, 6), 20.0)
    observed = expected.copy()
    observed[:, 0], observed[:, 1] = 25.0, 15.0
    alone, together = empirical_bayes(observed, expected), empirical_bayes_by_part(observed, expected)
    whole = empirical_bayes(observed.sum(axis=0), expected.sum(axis=0))
    assert alone.level[0, 0] - 1 < 0.7 * (whole.level[0] - 1)
    np.testing.assert_allclose(together.level[:, 0], whole.level[0])
    np.testing.assert_allclose(together.level[:, 0] + together.level[:, 1], 2.0, atol=0.01)


def test_parts_and_areas_that_expect_nothing_stay_at_the_mean() -> None:
    observed, expected = np.array([[8.0, 4.0, 0.0], [2.0, 2.0, 0.0]]), np.array([[4.0, 4.0, 0.0], [2.0, 1.0, 0.0]])
    levels = empirical_bayes_by_part(observed, expected)
    assert (levels.weight[:, 2] == 0).all()
    np.testing.assert_allclose(levels.level[:, 2], [1.5, 4 / 3], rtol=0.15)


def test_an_area_without_exposure_gets_the_mean() -> None:
    levels = empirical_bayes(np.array([50.0, 10.0, 0.0]), np.array([20.0, 20.0, 0.0]))
    assert levels.weight[2] == 0
    assert levels.level[2] > 0
