"""Counts from uniform numbers are quantiles, compared with those of scipy, and therefore coupled."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from scipy import stats
from support.parts import counts

from zwkprognose.engine.compiled.compiling import compiled
from zwkprognose.engine.draws.counts import binomial, poisson

#: Random cases of each distribution.
CASES = 1_000_000


@compiled()
def binomials(u: np.ndarray, n: np.ndarray, p: np.ndarray, out: np.ndarray) -> None:
    """One by one."""
    for i in range(u.size):
        out[i] = binomial(u[i], n[i], p[i])


@compiled()
def poissons(u: np.ndarray, mean: np.ndarray, out: np.ndarray) -> None:
    """One by one."""
    for i in range(u.size):
        out[i] = poisson(u[i], mean[i])


def of(u: np.ndarray, *parameters: np.ndarray) -> np.ndarray:
    """Binomial counts for two parameters, Poisson counts for one."""
    out = np.zeros(u.size, np.int64)
    (binomials if len(parameters) == 2 else poissons)(u, *parameters, out)
    return out


def numbers(rng: np.random.Generator, size: int) -> np.ndarray:
    """Those that streams can give, the smallest and the largest among them."""
    ticks = rng.integers(0, 2**32, size)
    ticks[: size // 500] = rng.choice([0, 1, 2, 2**32 - 3, 2**32 - 2, 2**32 - 1], size // 500)
    return np.asarray((ticks + 0.5) * 2.0**-32)


def trials(rng: np.random.Generator, size: int, most: float = 1e6) -> tuple[np.ndarray, np.ndarray]:
    """Persons up to a million, probabilities of every magnitude, very near to one too."""
    n = np.exp(rng.uniform(0, np.log(most), size)).astype(np.int64)
    p = np.where(rng.random(size) < 0.5, rng.random(size), np.exp(rng.uniform(-14, 0, size)))
    return n, np.where(rng.random(size) < 0.1, 1 - 1e-3 * p, p)


def test_a_million_binomial_counts_are_quantiles() -> None:
    rng = np.random.default_rng(1)
    u, (n, p) = numbers(rng, CASES), trials(rng, CASES)
    np.testing.assert_array_equal(of(u, n, p), stats.binom.ppf(u, n, p))


def test_a_million_poisson_counts_are_quantiles() -> None:
    rng = np.random.default_rng(2)
    u, mean = numbers(rng, CASES), np.exp(rng.uniform(-12, np.log(1e6), CASES))
    np.testing.assert_array_equal(of(u, mean), stats.poisson.ppf(u, mean))


@pytest.mark.parametrize("shift", [-1e-11, 1e-11])
def test_counts_change_where_the_distribution_function_does(shift: float) -> None:
    """Just below F(k) the quantile is k, just above it is the next: F is right to eleven digits at least.

    For many more persons scipy's own F is off by as much.
    """
    rng = np.random.default_rng(3)
    n, p = trials(rng, 100_000, most=1e5)
    mean = np.exp(rng.uniform(0, np.log(1e6), n.size))
    for law, parameters in ((stats.binom, (n, p)), (stats.poisson, (mean,))):
        k = law.ppf(rng.uniform(0.001, 0.999, n.size), *parameters)
        cumulated = law.cdf(k, *parameters)
        likely = (law.pmf(k, *parameters) > 1e-9) & (law.pmf(k + 1, *parameters) > 1e-9) & (cumulated < 1 - 1e-9)
        found = of(cumulated + shift, *parameters)
        np.testing.assert_array_equal(found[likely], (k + (shift > 0))[likely])


def test_who_cannot_go_and_who_must() -> None:
    n, p = np.array([0, 5, 5, 5, 1, 33]), np.array([0.5, 0.0, 1.0, -0.0, 0.5, 0.5])
    least = np.full(6, 2.0**-33)  # the chance that 33 coins all fall on the same side
    np.testing.assert_array_equal(of(least, n, p), [0, 0, 5, 0, 0, 0])
    np.testing.assert_array_equal(of(1 - least, n, p), [0, 0, 5, 0, 1, 32])
    np.testing.assert_array_equal(of(least[:2], np.array([0.0, -0.0])), [0, 0])


@pytest.mark.parametrize("most", [0.02, 0.12, 0.6, 1.0 - 1e-12])
@pytest.mark.parametrize("persons", [3, 400, 20_000])
def test_rows_are_quantiles_cell_by_cell(persons: int, most: float) -> None:
    rng = np.random.default_rng(persons)
    cells = 1001
    n, u = rng.integers(0, persons, cells), numbers(rng, cells)
    p, mean = most * (1 - rng.random(cells) ** 4), rng.gamma(0.5, persons / 20, cells)
    p[:20] = most
    pmf, cdf, count, known = np.empty(cells), np.empty(cells), np.empty(cells), np.asarray(counts.inverses())
    counts.none_row(n, p, pmf, cdf)
    np.testing.assert_allclose(pmf, (1 - p) ** n, rtol=1e-10)
    counts.binomial_row(u, n.astype(float), p, p / (1 - p), pmf, cdf, known, count)
    np.testing.assert_array_equal(count, np.maximum(stats.binom.ppf(u, n, p), 0))
    counts.exp_row(mean, pmf)
    np.testing.assert_allclose(pmf, np.exp(-mean), rtol=1e-15, atol=1e-300)
    counts.poisson_row(u, mean, pmf, cdf, known, count)
    np.testing.assert_array_equal(count, stats.poisson.ppf(u, mean))


@pytest.mark.parametrize("most", [0.4, 0.7, 0.95])
def test_few_and_many_persons_side_by_side(most: float) -> None:
    """The others of a row are counted on for longer than a cell has persons."""
    rng = np.random.default_rng(5)
    cells = 4000
    few, many = rng.integers(0, 9, cells), rng.integers(30, 70, cells)
    n, u = np.where(rng.random(cells) < 0.5, few, many), numbers(rng, cells)
    p = most * rng.random(cells) ** 0.2
    pmf, cdf, count, known = np.empty(cells), np.empty(cells), np.empty(cells), np.asarray(counts.inverses())
    counts.none_row(n, p, pmf, cdf)
    counts.binomial_row(u, n.astype(float), p, p / (1 - p), pmf, cdf, known, count)
    np.testing.assert_array_equal(count, np.maximum(stats.binom.ppf(u, n, p), 0))


@pytest.mark.parametrize("mean", [1.0, 49.0, 1000.0, 30_000.0])
@pytest.mark.parametrize("more", [1.01, 1.1])
def test_counts_of_the_same_numbers_go_together(mean: float, more: float) -> None:
    """A larger mean never gives a smaller count, and the difference scatters far less than with other numbers."""
    rng = np.random.default_rng(4)
    u, n = numbers(rng, 20_000), np.full(20_000, 100 * int(mean))
    draw: list[Callable[[float], np.ndarray]] = [
        lambda size: of(u, np.full(u.size, size)),
        lambda size: of(u, n, np.full(u.size, size / n[0])),
    ]
    for count in draw:
        less, many = count(mean), count(more * mean)
        assert (many >= less).all()
        assert np.var(many - less) < 1.05 * (more - 1) * mean  # no more than of those who come in addition
