"""Overlapping targets: consistent ones are met, impossible ones named, judged by a linear program of its own.

Many more of the same are tried by ``benchmarks/target_sets.py``.
"""

from __future__ import annotations

import numpy as np
import pytest
from support.targets import any_town, consistent, found, gaps, least_miss, matrix, stock, sums

from zwkprognose.engine.compiled import dual
from zwkprognose.engine.compiled.compiling import plain
from zwkprognose.engine.features import eckwerte_of_stocks
from zwkprognose.engine.features.margins import EXACT
from zwkprognose.errors import EngineError


@pytest.mark.parametrize("first", range(0, 300, 50))
def test_consistent_targets_are_met(first):
    for seed in range(first, first + 50):
        town = consistent(seed)
        assert gaps(town, found(town)).max() < 1e-9, seed


@pytest.mark.parametrize(
    ("town", "seed"),
    [*((consistent, seed) for seed in (4229, 8034, 9254, 9933)), (any_town, 4229), (any_town, 8371)],
)
def test_a_step_whose_length_is_a_guess_is_lengthened(town, seed):
    """Where all leave at the limit the dual is straight; steps of the first guess came nearer by a few percent each."""
    assert gaps(town(seed), found(town(seed))).max() < 1e-9


@pytest.mark.parametrize("first", range(0, 200, 50))
def test_what_a_linear_program_finds_impossible_is_named_and_nothing_else(first):
    """As many persons are said to be missing as the program finds, and the targets that are to blame are listed."""
    for seed in range(first, first + 50):
        town, missed = any_town(seed), least_miss(any_town(seed))
        if missed < 1e-6:
            assert gaps(town, found(town)).max() < 1e-9, seed
            continue
        with pytest.raises(EngineError, match="Personen") as refused:
            found(town)
        assert refused.value.cells
        assert all({"row", "column"} <= set(cell) for cell in refused.value.cells)
        if "widersprechen" in str(refused.value):
            assert refused.value.cells[0]["Abstand"] == pytest.approx(missed, rel=1e-6, abs=1e-3), seed


@pytest.mark.parametrize(
    ("grown", "shrunk"),
    [(eckwerte_of_stocks._grown, eckwerte_of_stocks._shrunk), (plain(dual.grown), plain(dual.shrunk))],
)
def test_steps_multiply_factors(grown, shrunk):
    """About e to the power of the step, right to the second order; a step back is the inverse, and both go round."""
    for step in (-0.3, -0.01, 0.0, 0.02, 0.2):
        assert grown(step) == pytest.approx(1 + step + step**2 / 2, abs=abs(step) ** 3 / 5)
        assert grown(step) * grown(-step) == pytest.approx(1.0, rel=1e-14)
        assert shrunk(grown(step)) == pytest.approx(step, abs=1e-14)


def test_bounds_change_as_little_as_they_can():
    """A bound that holds has a factor of one; one that had to be asked for is met, not exceeded."""
    seen = 0
    for seed in range(150):
        town = any_town(seed)
        if least_miss(town) > 1e-6 or all(m.sense == EXACT for m in town.margins):
            continue
        factors = found(town)
        people = stock(town.weights, np.broadcast_to(factors.of_cells, town.weights.survivors.shape))
        first = 0
        for margin in town.margins:
            own = factors.of_targets[first : first + margin.target.size]
            first += margin.target.size
            if margin.sense != EXACT:
                gap = (sums(margin, people) - margin.target.ravel()) / np.maximum(margin.target.ravel(), 1.0)
                assert ((own == 1.0) | (abs(gap) < 1e-9) | ~margin.present.ravel()).all(), seed
                assert (margin.sense * (own - 1.0) >= 0).all(), seed
                seen += int((own != 1.0).sum())
    assert seen > 100


def test_the_smallest_change_among_all_that_meet_the_targets():
    """The sum of x·log x − x + 1 over in-moves and of the same over out-moves is least: nothing nearby is smaller."""
    rng = np.random.default_rng(1)
    tried = 0
    for seed in range(40):
        town = consistent(seed)
        weights = town.weights
        factor = np.broadcast_to(found(town).of_cells, weights.survivors.shape)
        if (weights.outward * eckwerte_of_stocks.inverse(factor) > weights.limit).any():
            continue  # at the limit fewer can leave, but not more
        tried += 1
        more, fewer = factor, weights.out_scale(factor)
        best = _change(weights, more, fewer)
        rows = np.concatenate([matrix(m, weights.survivors.shape) for m in town.margins])
        both = np.concatenate([rows * weights.inward.ravel(), -rows * weights.outward.ravel()], axis=1)
        null = np.eye(both.shape[1]) - np.linalg.pinv(both) @ both
        for _ in range(20):
            step = 1e-3 * null @ rng.normal(size=both.shape[1])
            near, off = (part.reshape(factor.shape) for part in np.split(step, 2))
            assert _change(weights, more + near, np.maximum(fewer + off, 0.0)) > best - 1e-9
    assert tried > 10


def _change(weights, more, fewer):
    def part(flow, x):
        return float((flow * (x * np.log(np.maximum(x, 1e-300)) - x + 1)).sum())

    return part(weights.inward, more) + part(weights.outward, fewer)
