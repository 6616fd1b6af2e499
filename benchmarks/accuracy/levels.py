"""What the levels of areas and two ranges around them are worth in invented cities whose true levels are known.

    python benchmarks/accuracy/levels.py

prints every combination of areas, events and variance between areas; docs/raten.md shows those with variance 0.05. The
moment estimate is that of Marshall (1991); its own range is the gamma posterior that follows from it.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from zwkprognose.rates import empirical_bayes
from zwkprognose.rates.shrinkage import Levels

AREAS, EVENTS, VARIANCES = (5, 20, 100, 500), (1, 5, 20, 100, 1_000), (0.01, 0.05, 0.2, 0.5)
#: Areas drawn for each combination, and the spread of their sizes on the log scale.
DRAWN, SIZES = 12_000, 0.7


def of_one_variance(levels: Levels) -> np.ndarray:
    """Standard deviation of the gamma posterior with the estimated variance, as if that were known."""
    shape = levels.mean / np.maximum(levels.variance, 1e-12)
    return np.sqrt(levels.mean * shape + levels.observed) / (shape + levels.expected)


def inside(truth: np.ndarray, level: np.ndarray, spread: np.ndarray) -> float:
    """Of 100 true levels, how many lie in the range for 80."""
    certain = (level / spread) ** 2
    low, high = (stats.gamma.ppf(part, certain) * level / certain for part in (0.1, 0.9))
    return 100 * float(np.mean((low <= truth) & (truth <= high)))


def one(areas: int, events: int, variance: float) -> dict[str, float]:
    """Many cities of one kind: error over that of the counted ratio, and coverage of both ranges."""
    rng = np.random.default_rng([areas, events, round(100 * variance)])
    shape = (DRAWN // areas, areas)
    expected = events * np.exp(rng.normal(-(SIZES**2) / 2, SIZES, shape))
    truth = rng.gamma(1 / variance, variance, shape)
    observed = rng.poisson(expected * truth).astype(float)
    some = observed.any(axis=1)
    truth, expected, observed = truth[some], expected[some], observed[some]
    raw = np.mean(expected * (observed / expected - truth) ** 2)
    levels = empirical_bayes(observed, expected)
    spreads = {"one_inside": of_one_variance(levels), "all_inside": levels.spread}
    error = np.sqrt(np.mean(expected * (levels.level - truth) ** 2) / raw)
    return {"error": float(error)} | {name: inside(truth, levels.level, each) for name, each in spreads.items()}


def table(areas: tuple[int, ...], events: tuple[int, ...], variances: tuple[float, ...]) -> pd.DataFrame:
    """A row for each combination."""
    kinds = list(product(areas, events, variances))
    index = pd.MultiIndex.from_tuples(kinds, names=["areas", "events", "variance"])
    return pd.DataFrame([one(*kind) for kind in kinds], index)


def shown() -> pd.DataFrame:
    """The rows of the page, with coverage as a share."""
    rows = table((5, 20, 100), (2, 20, 200), (0.05,)).droplevel("variance")
    return rows.assign(**{name: rows[name] / 100 for name in rows if name.endswith("_inside")})


if __name__ == "__main__":
    print(table(AREAS, EVENTS, VARIANCES).round(2).to_string())
