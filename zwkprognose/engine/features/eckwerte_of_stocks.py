"""Eckwerte of the stock: scale the flows across the city line, never the stock.

For a sum of cells with survivors s, in-moves I, out-moves O and target T, all weighted with the mortality of
movers, the one factor f that meets the target solves T = Σs + f·ΣI − ΣO/f::

    f = (G + √(G² + 4·ΣI·ΣO)) / (2·ΣI),   G = T − Σs

In-moves are multiplied by f, out-moves divided by it, in each area in proportion to its own flows. Where more
would leave than survive, the survivors are the limit, and the rest solves again. Several sets of Eckwerte
are met by turns, each step with the same formula.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

import numpy as np

from zwkprognose.engine import formulas
from zwkprognose.engine.arrays import Array, Index, Mask
from zwkprognose.engine.features.margins import Margin
from zwkprognose.engine.formulas import ALMOST_ALL, STEPS
from zwkprognose.errors import EngineError
from zwkprognose.german import number_text


class Sums(NamedTuple):
    """Per row of a margin and per cell (row, cell): what the target formula adds up.

    ``fixed`` survivors without those who leave at the limit, ``inward`` and ``outward`` weighted moves that
    the factor still changes; ``capped`` says whether anybody leaves at the limit.
    """

    fixed: Array
    inward: Array
    outward: Array
    capped: bool


class Weights(Protocol):
    """Survivors and weighted moves of all cells, of which a margin needs the sums."""

    def sums(self, factor: Array, margin: Margin) -> Sums:
        """Sums over the areas of each row, under the factor reached so far."""
        ...

    def capped(self, factor: Array) -> bool:
        """Would somewhere more move out than the limit allows?"""
        ...


@dataclass(frozen=True)
class CellWeights:
    """Survivors, in-moves and out-moves (area, cell), weighted with the mortality of movers.

    ``residents`` of facilities count for the target, but they do not move out.
    """

    survivors: Array
    inward: Array
    outward: Array
    residents: Array
    order: Index | None = None

    @cached_property
    def limit(self) -> Array:
        """Out-moves that are possible at most."""
        return ALMOST_ALL * np.maximum(self.survivors, 0.0)

    def capped(self, factor: Array) -> bool:
        """Would somewhere more move out than the limit allows?"""
        return bool((self.outward * inverse(factor) > self.limit).any())

    def sums(self, factor: Array, margin: Margin) -> Sums:
        """Sums over the areas of each row, added in the order of the areas."""
        outward, fixed = self.outward * inverse(factor), self.survivors + self.residents
        capped = outward > self.limit
        some = bool(capped.any())
        if some:
            fixed, outward = np.where(capped, fixed - self.limit, fixed), np.where(capped, 0.0, outward)
        fixed, inward, outward = (margin.rows.summed(p, self.order) for p in (fixed, self.inward * factor, outward))
        return Sums(fixed, inward, outward, some)

    def out_scale(self, factor: Array) -> Array:
        """By how much out-moves change: divided by the factor, at most to their limit."""
        free = inverse(factor)
        capped = self.outward * free > self.limit
        at_limit = np.divide(self.limit, self.outward, out=np.ones_like(self.limit), where=capped)
        return np.where(capped, at_limit, free)


def inverse(factor: Array) -> Array:
    """1/f; zero where f is zero, which happens only where nobody moves out."""
    return np.divide(1.0, factor, out=np.zeros_like(factor), where=factor > 0)


def solve(margins: Sequence[Margin], weights: Weights, guess: Array) -> Array:
    """The factor (area or one, cell) of the in-moves with which all margins are met, from a first guess.

    Raises
    ------
    EngineError
        If a target cannot be reached, or the margins contradict each other; names margin and amount.
    """
    factor, met, exact = guess, 0, False
    for step in range(STEPS):
        margin = margins[step % len(margins)]
        sums = weights.sums(factor, margin)
        if exact and not sums.capped:
            met = 1
        change = _change(margin, sums)
        if (change == 1).all():
            met, exact = met + 1, False
        else:
            factor, met, exact = factor * _spread(change, margin, len(factor) > 1), 0, not sums.capped
        if met == len(margins) or (exact and len(margins) == 1 and not weights.capped(factor)):
            return factor
    raise _contradiction(margins, weights, factor)


def first_guess(margins: Sequence[Margin], areas: int, cells: int) -> Array:
    """A factor of one for each cell, for all areas together if the margins do not tell them apart."""
    wide = any(len(m.target) > 1 or (m.areas < 0).any() for m in margins)
    return np.ones((areas if wide else 1, cells))


def _change(margin: Margin, sums: Sums) -> Array:
    """Factor for each target; one where it is met. Exact as long as no cell is at its limit."""
    fixed, inward, outward = _by_column(margin, sums)
    gap = margin.target - fixed
    off = margin.present & (abs(gap - inward + outward) > margin.tolerance)
    change = np.where(off, root(gap, inward, outward), 1.0)
    if np.isnan(change).any():
        raise _unreachable(margin, np.isnan(change), fixed, gap)
    return change


def root(gap: Array, inward: Array, outward: Array) -> Array:
    """The factor f with f·inward − outward/f = gap; NaN where there is none."""
    both = np.sqrt(formulas.discriminant(gap, inward, outward))
    with np.errstate(divide="ignore", invalid="ignore"):
        up, down = formulas.factor_up(gap, both, inward), formulas.factor_down(gap, both, outward)
    return np.where(gap >= 0, np.where(inward > 0, up, np.nan), np.where(outward > 0, down, np.nan))


def _by_column(margin: Margin, sums: Sums) -> tuple[Array, Array, Array]:
    """Sums (row, column) over the cells of each column of a margin, cell by cell in their order."""
    fixed, inward, outward = (margin.columns.summed(s.T).T for s in sums[:3])
    return fixed, inward, outward


def _spread(change: Array, margin: Margin, wide: bool) -> Array:
    """The factor of each target at its cells: (area, cell), or with an axis of length one if they share it."""
    if not margin.columns.whole:
        cells = margin.cells.ravel()
        change = np.where(cells >= 0, change[:, cells], 1.0)
    if not wide or margin.rows.whole:
        return change
    return np.where(margin.areas[:, None] >= 0, change[margin.areas], 1.0)


def _unreachable(margin: Margin, where: Mask, fixed: Array, gap: Array) -> EngineError:
    cells = []
    for row, column in np.argwhere(where).tolist():
        bound = "mindestens" if gap[row, column] < 0 else "höchstens"
        reach = {"Eckwert": round(float(margin.target[row, column]), 3), bound: round(float(fixed[row, column]), 3)}
        cells.append(margin.label(row, column) | reach | {"Abstand": round(abs(float(gap[row, column])), 3)})
    amount = float(abs(gap[where]).sum())
    return EngineError(
        f"Eckwert „{margin.name}“ ist mit Zu- und Fortzügen nicht erreichbar, es fehlen "
        f"{number_text(round(amount, 1))} Personen.",
        cells=cells,
        remedy="Den Eckwert prüfen oder Zuzüge und Fortzüge vorgeben, die ihn erlauben.",
    )


def _contradiction(margins: Sequence[Margin], weights: Weights, factor: Array) -> EngineError:
    gaps = []
    for margin in margins:
        fixed, inward, outward = _by_column(margin, weights.sums(factor, margin))
        gaps.append(np.where(margin.present, fixed + inward - outward - margin.target, 0.0))
    amounts = [float(abs(g).sum()) for g in gaps]
    worst = int(np.argmax(amounts))
    row, column = np.unravel_index(int(np.argmax(abs(gaps[worst]))), gaps[worst].shape)
    cell = margins[worst].label(int(row), int(column)) | {"Abstand": round(float(gaps[worst][row, column]), 3)}
    return EngineError(
        f"Die Eckwerte widersprechen sich: „{margins[worst].name}“ wird um "
        f"{number_text(round(amounts[worst], 1))} Personen verfehlt.",
        cells=[cell],
        remedy="Die Summen der Eckwerte aufeinander abstimmen: " + ", ".join(m.name for m in margins) + ".",
    )
