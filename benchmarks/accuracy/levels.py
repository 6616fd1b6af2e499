"""What two estimators of area levels are worth in invented cities whose true levels are known.

    python benchmarks/accuracy/levels.py

prints every combination of areas, events and variance between areas; docs/raten.md shows those with variance 0.05. The
moment estimate is that of Marshall (1991) with the gamma posterior that follows from it.
"""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
from scipy import stats

from zwkprognose.rates import empirical_bayes

AREAS, EVENTS, VARIANCES = (5, 20, 100, 500), (1, 5, 20, 100, 1_000), (0.01, 0.05, 0.2, 0.5)
#: Areas drawn for each combination, and the spread of their sizes on the log scale.
DRAWN, SIZES = 12_000, 0.7


def moments(observed: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Levels and their spread from the moment estimate of the variance between areas."""
    mean = observed.sum(-1, keepdims=True) / expected.sum(-1, keepdims=True)
    own = observed / expected
    seen = (expected * (own - mean) ** 2).sum(-1, keepdims=True) / expected.sum(-1, keepdims=True)
    real = np.maximum(seen - mean / expected.mean(-1, keepdims=True), 1e-12)
    level = mean + real / (real + mean / expected) * (own - mean)
    level = level * observed.sum(-1, keepdims=True) / (expected * level).sum(-1, keepdims=True)
    return level, np.sqrt(mean**2 / real + observed) / (mean / real + expected)


def averaged(observed: np.ndarray, expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Levels and their spread as the product estimates them."""
    levels = empirical_bayes(observed, expected)
    return levels.level, levels.spread


def inside(truth: np.ndarray, level: np.ndarray, spread: np.ndarray) -> float:
    """Of 100 true levels, how many lie in the range for 80."""
    certain = (level / spread) ** 2
    low, high = (stats.gamma.ppf(part, certain) * level / certain for part in (0.1, 0.9))
    return 100 * float(np.mean((low <= truth) & (truth <= high)))


def one(areas: int, events: int, variance: float) -> dict[str, float]:
    """Both estimators in many cities of one kind: coverage, and error over that of the counted ratio."""
    rng = np.random.default_rng([areas, events, round(100 * variance)])
    shape = (DRAWN // areas, areas)
    expected = events * np.exp(rng.normal(-(SIZES**2) / 2, SIZES, shape))
    truth = rng.gamma(1 / variance, variance, shape)
    observed = rng.poisson(expected * truth).astype(float)
    some = observed.any(axis=1)
    truth, expected, observed = truth[some], expected[some], observed[some]
    raw = np.mean(expected * (observed / expected - truth) ** 2)
    found = {}
    for name, method in {"moments": moments, "averaged": averaged}.items():
        level, spread = method(observed, expected)
        found[f"{name}_inside"] = inside(truth, level, spread)
        found[f"{name}_error"] = float(np.sqrt(np.mean(expected * (level - truth) ** 2) / raw))
    return found


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
