"""Random sets of targets for the solver of Eckwerte: consistent ones, and ones that a linear program judges."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from scipy.optimize import linprog

from zwkprognose.engine.features.eckwerte_of_stocks import CellWeights, Factors, factors_of
from zwkprognose.engine.features.margins import EXACT, LEAST, MOST, Margin
from zwkprognose.engine.features.pieces import pieces_of
from zwkprognose.engine.formulas import ALMOST_ALL


class Town(NamedTuple):
    """Weights of some areas and cells, and sets of targets."""

    weights: CellWeights
    margins: list[Margin]


def weights_of(rng: np.random.Generator) -> CellWeights:
    """Persons and moves of a random town; a tenth of the cells is empty, a tenth has no moves of a kind."""
    shape = int(rng.integers(1, 7)), int(rng.integers(2, 13))

    def some(mean: float, zero: float = 0.1) -> np.ndarray:
        return np.where(rng.random(shape) < zero, 0.0, rng.gamma(0.8, mean, shape))

    survivors = some(200.0)
    return CellWeights(survivors, some(20.0), np.minimum(some(20.0), 0.6 * survivors), np.zeros(shape), shape[1])


def groups_of(rng: np.random.Generator, size: int) -> np.ndarray:
    """A group for each member, −1 for none: all, some, each for itself, or any."""
    kind = rng.integers(5)
    if kind == 0:
        return np.zeros(size, dtype=np.intp)
    if kind == 1:  # from some member on
        return np.where(np.arange(size) >= rng.integers(size), 0, -1).astype(np.intp)
    if kind == 2:
        return np.arange(size, dtype=np.intp)
    groups = rng.integers(-1 if kind == 3 else 0, 3, size)
    return np.unique(groups, return_inverse=True)[1].astype(np.intp) - int((groups < 0).any())


def margins_of(rng: np.random.Generator, weights: CellWeights, stock: np.ndarray) -> list[Margin]:
    """Two to five sets whose targets are the sums of a stock, many of them following from others."""
    areas, cells = stock.shape
    found = []
    for number in range(rng.integers(2, 6)):
        rows, columns = groups_of(rng, areas), groups_of(rng, cells)
        if rows.max() < 0 or columns.max() < 0:
            rows, columns = np.zeros(areas, dtype=np.intp), np.zeros(cells, dtype=np.intp)
        target = np.zeros((rows.max() + 1, columns.max() + 1))
        inside = (rows >= 0)[:, None] & (columns >= 0)
        np.add.at(target, (rows[:, None] + 0 * columns, columns + 0 * rows[:, None]), np.where(inside, stock, 0.0))
        found.append(Margin(f"E{number}", "population", rows, columns.reshape(1, 1, -1), target, _label))
    return found


def _label(row: int, column: int) -> dict[str, Any]:
    return {"row": row, "column": column}


def consistent(seed: int) -> Town:
    """Targets that a town meets in which every cell has a factor of its own."""
    rng = np.random.default_rng([seed, 1])
    weights = weights_of(rng)
    factor = np.exp(rng.normal(0.0, rng.choice([0.1, 0.5, 1.0]), weights.survivors.shape))
    return Town(weights, margins_of(rng, weights, stock(weights, factor)))


def any_town(seed: int) -> Town:
    """The same with one target changed by up to a half, and some sets as bounds."""
    rng = np.random.default_rng([seed, 2])
    town = consistent(seed)
    margin = town.margins[int(rng.integers(len(town.margins)))]
    margin.target[np.unravel_index(rng.integers(margin.target.size), margin.target.shape)] *= rng.uniform(0.5, 1.5)
    senses = rng.choice([EXACT, EXACT, LEAST, MOST], len(town.margins))
    margins = [Margin(m.name, m.of, m.areas, m.cells, m.target, m.label, {}, int(s))
               for m, s in zip(town.margins, senses, strict=True)]  # fmt: skip
    return Town(town.weights, margins)


def stock(weights: CellWeights, factor: np.ndarray) -> np.ndarray:
    """Persons of each cell under a factor."""
    gone = np.minimum(weights.outward / factor, ALMOST_ALL * weights.survivors)
    return weights.survivors + factor * weights.inward - gone


def found(town: Town) -> Factors:
    """What the solver finds."""
    areas, cells = town.weights.survivors.shape
    pieces = pieces_of(town.margins, areas, (1, 1, cells))
    return factors_of(pieces, town.weights, town.weights.sums(pieces))


def gaps(town: Town, factors: Factors) -> np.ndarray:
    """How far every target is missed, relative to it; of bounds only on the wrong side."""
    people = stock(town.weights, np.broadcast_to(factors.of_cells, town.weights.survivors.shape))
    missed = []
    for margin in town.margins:
        gap = sums(margin, people) - margin.target.ravel()
        gap = np.minimum(gap, 0.0) if margin.sense == LEAST else np.maximum(gap, 0.0) if margin.sense == MOST else gap
        missed.append(np.where(margin.present.ravel(), gap, 0.0) / np.maximum(margin.target.ravel(), 1.0))
    return abs(np.concatenate(missed))


def sums(margin: Margin, people: np.ndarray) -> np.ndarray:
    """What a stock adds up to, target by target."""
    return matrix(margin, people.shape) @ people.ravel()


def matrix(margin: Margin, shape: tuple[int, ...]) -> np.ndarray:
    """Which cells count to which target (target, cell)."""
    rows, columns = margin.areas[:, None], margin.cells.ravel()
    number = np.where((rows >= 0) & (columns >= 0), rows * margin.target.shape[1] + columns, -1).ravel()
    return (number == np.arange(margin.target.size)[:, None]).astype(float)


def least_miss(town: Town, inside: float = 0.0) -> float:
    """Fewest persons by which the targets must be missed, each cell ``inside`` its borders: a linear program."""
    weights = town.weights
    low = np.where(weights.outward > 0, (1 - ALMOST_ALL) * weights.survivors, weights.survivors)
    high = np.where(weights.inward > 0, np.inf, weights.survivors)
    low, high = low + inside * (low < high), high - inside * (low < high)
    high = np.maximum(high, low)
    sides, wanted, cost = [], [], []
    for margin in town.margins:
        count = margin.target.size
        sides.append(matrix(margin, weights.survivors.shape))
        wanted.append(np.where(margin.present, margin.target, 0.0).ravel())
        cost.append([np.full(count, float(margin.sense != MOST)), np.full(count, float(margin.sense != LEAST))])
    whole, goal = np.concatenate(sides), np.concatenate(wanted)
    more, less = (np.concatenate([c[k] for c in cost]) for k in (0, 1))
    eye = np.eye(len(goal))
    result = linprog(
        np.concatenate([np.zeros(low.size), more, less]), A_eq=np.hstack([whole, eye, -eye]), b_eq=goal,
        bounds=[*zip(low.ravel(), high.ravel(), strict=True), *([(0, None)] * (2 * len(goal)))],
    )  # fmt: skip
    assert result.status == 0
    return float(result.fun)
