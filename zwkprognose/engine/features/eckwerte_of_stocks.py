"""Eckwerte of the stock: scale the flows across the city line, never the stock.

In-moves of a cell are multiplied by a factor f, out-moves divided by it, at most to the survivors s: the cell then has
s + f·I − min(O/f, limit) persons. The factor of a cell is the product of one factor for each target to which the cell
counts. Among all changes that meet the targets this is the smallest in the sense of

    Σ I·(x·log x − x + 1) + Σ O·(y·log y − y + 1),   x and y the ratios of in-moves and out-moves to those without,

and the factors are e to the power of its multipliers. One set of targets is met at once, with sums over its cells::

    f = (G + √(G² + 4·ΣI·ΣO)) / (2·ΣI),   G = T − Σs

Several that overlap are met by Newton's method on the dual, a smooth convex function of the logarithms of the factors,
whose second derivative is a matrix of sums over pieces. Targets that follow from others are left out by the way. What
is bound from below only has a factor of at least one, from above of at most one: a bound that holds changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np

from zwkprognose.arithmetic import solve_semidefinite, total
from zwkprognose.engine import formulas
from zwkprognose.engine.arrays import Array, Index, Mask, in_order
from zwkprognose.engine.features.contradictions import contradiction, unreachable
from zwkprognose.engine.features.margins import EXACT, LEAST, MOST
from zwkprognose.engine.features.pieces import Layer, Pieces
from zwkprognose.engine.formulas import ALMOST_ALL, STEPS

#: Rounds of one set of targets after the other, each exactly, before all are changed at once.
TURNS = 2
#: Largest step of the logarithm of a factor, and how often a step is halved at most.
REACH, HALVINGS = 4.0, 16
#: A step is short enough if it leads so little beyond the lowest point on its way.
BEYOND = 0.1
#: A step is doubled while so much of the way down is left: where all leave at the limit its length is a guess.
LEFT = 0.5
#: A factor so near to one, by rounding, is one.
ROUNDING = 1e-14
#: Gaps that are rounding once all others are taken into account, in those that do not count.
NOISE = 10.0
#: Moves that are few beside those at the limit, and the factor by which these are loosened.
FEW, LOOSEN = 1e-9, 4.0
#: No factor so large, or so small, is on its way to a target.
FARTHEST = 1e40
#: Factors under which as many leave as possible, and as few.
NOBODY_COMES, NOBODY_GOES = 1e-290, 1e290


class Sums(NamedTuple):
    """What the target formula adds up, for each piece (of areas, of cells).

    ``fixed`` survivors and residents, ``inward`` and ``outward`` weighted moves that a factor changes; ``most`` are the
    largest out-moves to their limit: under a factor below that some cell is at the limit.
    """

    fixed: Array
    inward: Array
    outward: Array
    most: Array


class CellWeights(NamedTuple):
    """Survivors, in-moves and out-moves (area, cell), weighted with the mortality of movers.

    ``residents`` of facilities count for the target, but they do not move out. ``ages`` is their number: the cells of
    an age lie so far apart.
    """

    survivors: Array
    inward: Array
    outward: Array
    residents: Array
    ages: int
    order: Index | None = None

    @property
    def limit(self) -> Array:
        """Out-moves that are possible at most."""
        return ALMOST_ALL * np.maximum(self.survivors, 0.0)

    def sums(self, pieces: Pieces, columns: slice = slice(None)) -> Sums:
        """Sums of the pieces, without the limit; of some columns of the cells alone."""
        survivors, inward, outward, residents = (table[:, columns] for table in self[:4])
        with np.errstate(divide="ignore"):
            most = np.divide(outward, self.limit[:, columns], out=np.zeros_like(survivors), where=outward > 0)
        parts = (survivors + residents, inward, outward)
        fixed, inward, outward = (pieces.summed(part, self.order, columns) for part in parts)
        return Sums(fixed, inward, outward, pieces.largest(most, self.order, columns))

    def renewed(self, sums: Sums, pieces: Pieces) -> Sums:
        """The same where others were born, who are pieces of their own, and nothing else has changed."""
        born = slice(None, None, self.ages)
        young = np.isin(np.arange(pieces.shape[1]), pieces.columns[born])
        return Sums(*(np.where(young, new, old) for new, old in zip(self.sums(pieces, born), sums, strict=True)))

    def limited(self, pieces: Pieces, up: Array) -> tuple[Array, Array, Array]:
        """Survivors without those who leave at the limit, in-moves and the other out-moves under factors of pieces."""
        factor, limit = pieces.spread(up), self.limit
        outward, fixed = self.outward * inverse(factor), self.survivors + self.residents
        capped = outward > limit
        fixed, outward = np.where(capped, fixed - limit, fixed), np.where(capped, 0.0, outward)
        fixed, inward, outward = (pieces.summed(p, self.order) for p in (fixed, self.inward * factor, outward))
        return fixed, inward, outward

    def out_scale(self, factor: Array) -> Array:
        """By how much out-moves change: divided by the factor, at most to their limit."""
        free, limit = inverse(factor), self.limit
        capped = self.outward * free > limit
        at_limit = np.divide(limit, self.outward, out=np.ones_like(limit), where=capped)
        return np.where(capped, at_limit, free)


def inverse(factor: Array) -> Array:
    """1/f; zero where f is zero, which happens only where nobody moves out."""
    return np.divide(1.0, factor, out=np.zeros_like(factor), where=factor > 0)


@dataclass(frozen=True)
class Factors:
    """What meets the targets: the factor of each, of each piece their product, and of each cell (area or one, cell)."""

    of_targets: Array
    of_pieces: Array
    pieces: Pieces

    @cached_property
    def of_cells(self) -> Array:
        """The factors at the cells."""
        return self.pieces.spread(self.of_pieces)

    def at(self, columns: Index) -> Array:
        """The factors at some of the cells."""
        return self.pieces.spread(self.of_pieces, columns)

    @cached_property
    def idle(self) -> bool:
        """Does nothing have to change?"""
        return bool((self.of_targets == 1.0).all())


def factors_of(pieces: Pieces, weights: CellWeights, sums: Sums, guess: Factors | None = None) -> Factors:
    """The factors with which all targets are met; ``guess`` is a start, and the answer if it still meets them.

    Where a sum is not a number nothing is asked of anybody: whoever looks at the stock says which cells are to blame.

    Raises
    ------
    EngineError
        If a target cannot be reached, or the margins contradict each other; names margin, cells and amount.
    """
    if np.isnan(sums.fixed).any():
        return Factors(np.ones(len(pieces.wanted)), np.ones(pieces.shape), pieces)
    search = _Search(pieces, weights, sums)
    first = now = search.at(np.ones(len(pieces.wanted)) if guess is None else guess.of_targets)
    layers = pieces.layers
    by_turns = [layers[k] for k in pieces.turning]
    turns = STEPS if len(layers) == 1 else TURNS * len(by_turns) if guess is None else 0
    for step in range(STEPS):
        if search.met(now).all():
            return guess if guess is not None and now is first else Factors(now.factors, now.up, pieces)
        now = search.turn(now, by_turns[step % len(by_turns)]) if step < turns else search.newton(now)
        if not (_possible(now.up) and _possible(now.factors)):
            break
    raise _impossible(search, now)


def _possible(up: Array) -> bool:
    """Factors that still mean something; beyond, they are on their way to nowhere."""
    return bool(((up == 0) | ((up > 1 / FARTHEST) & (up < FARTHEST))).all())


class _Point(NamedTuple):
    """Factors of the targets and of the pieces, what these add up to, and what is missing."""

    factors: Array
    up: Array
    fixed: Array
    inward: Array
    outward: Array
    gap: Array


class _Search:
    """The sums of one year, and the ways to come nearer to the targets."""

    def __init__(self, pieces: Pieces, weights: CellWeights, sums: Sums) -> None:
        self.pieces, self.weights, self.base = pieces, weights, sums

    def at(self, factors: Array) -> _Point:
        """What the factors make of the city."""
        up = self.pieces.product(factors)
        fixed, inward, outward = self._sums(up)
        reached = self.pieces.of_all_targets(fixed + inward - outward)
        gap = np.where(self.pieces.present, reached - self.pieces.wanted, 0.0)
        return _Point(factors, up, fixed, inward, outward, gap)

    def _sums(self, up: Array) -> tuple[Array, Array, Array]:
        """The sums of the pieces; cell by cell only where more would leave than are there."""
        if (self.base.most > up).any():
            return self.weights.limited(self.pieces, up)
        return self.base.fixed, self.base.inward * up, self.base.outward * inverse(up)

    def met(self, now: _Point) -> Mask:
        """Which targets are met: exactly, or from the right side, and with no more change than that needs."""
        exact = abs(now.gap) <= self.pieces.tolerance
        if not self.pieces.bounds:
            return exact
        return exact | self.idle(now)

    def idle(self, now: _Point) -> Mask:
        """Bounds that hold without being asked."""
        sense = self.pieces.sense
        return (now.factors == 1.0) & (sense != 0) & (sense * now.gap >= 0)

    def turn(self, now: _Point, layer: Layer) -> _Point:
        """Meet the targets of one layer alone, each by its own factor; exact as long as no cell is at its limit."""
        pieces, own = self.pieces, layer.targets
        fixed, inward, outward = (layer.summed(p) for p in (now.fixed, now.inward, now.outward))
        off = ~self.met(now)[own]
        gap = pieces.wanted[own] - fixed
        change = np.where(off, root(gap, inward, outward), 1.0)
        lost = np.isnan(change)
        if lost.any():  # where all leave at the limit, fewer will only under a larger factor
            stuck = lost & (gap > 0) & (layer.summed(self._at_limit(now)) > 0)
            change, lost = np.where(stuck, LOOSEN, change), lost & ~stuck
        if lost.any() and len(pieces.layers) == 1:
            raise unreachable(pieces, own[lost], fixed[lost])
        return self.at(self._changed(now.factors, np.where(lost, 1.0, change), own))

    def newton(self, now: _Point) -> _Point:
        """A step of Newton's method, shortened until it does not lead beyond the lowest point on its way.

        It ends where the factor of a bound comes back to one; one that stands there already stays, if it would leave.
        """
        pieces, active = self.pieces, ~self.idle(now) & self.pieces.present
        step = self._direction(now, active)
        while pieces.bounds and (leaving := (now.factors == 1.0) & (pieces.sense * step < 0)).any():
            active &= ~leaving
            step = self._direction(now, active)
        longest = float(abs(step).max(initial=0.0))
        if longest == 0.0:
            return self._all_turns(now)
        slope, most = abs(_slope(step, now.gap)), min(REACH / longest, self._way_to_one(now, step))
        share = min(1.0, most)
        for _ in range(HALVINGS):
            new = self.at(self._changed(now.factors, _grown(share * step)))
            if _slope(step, new.gap) <= BEYOND * slope:
                return self._lengthened(now, new, step, share, most)
            share /= 2
        return self._all_turns(now)

    def _lengthened(self, now: _Point, new: _Point, step: Array, share: float, most: float) -> _Point:
        """The step, doubled as long as it leads down nearly as steeply at its end as where it began."""
        slope = abs(_slope(step, now.gap))
        while 2 * share <= most and _slope(step, new.gap) < -LEFT * slope:
            share *= 2
            further = self.at(self._changed(now.factors, _grown(share * step)))
            if _slope(step, further.gap) > BEYOND * slope:
                break
            new = further
        return new

    def _way_to_one(self, now: _Point, step: Array) -> float:
        """Share of a step after which the first factor of a bound is one again."""
        back = (self.pieces.sense * step < 0) & (now.factors != 1.0)
        return float((abs(_shrunk(now.factors[back])) / abs(step[back])).min(initial=np.inf))

    def _at_limit(self, now: _Point) -> Array:
        """Persons of each piece who leave at the limit."""
        return np.maximum(self.base.fixed - now.fixed, 0.0)

    def _all_turns(self, now: _Point) -> _Point:
        for layer in self.pieces.layers:
            now = self.turn(now, layer)
        return now

    def _direction(self, now: _Point, active: Mask) -> Array:
        """−H⁻¹·gap with H the sums of all weighted moves of the pieces that two targets share.

        The targets of one layer share nothing: the largest is eliminated as it stands.
        """
        pieces, moves = self.pieces, now.inward + now.outward
        limited = self._at_limit(now)
        moves = np.where(moves > FEW * limited, moves, limited)  # where all leave at the limit the dual is straight
        *others, large = pieces.layers
        gap, step = np.where(active, now.gap, 0.0), np.zeros_like(now.gap)
        diagonal = np.where(active[large.targets], large.summed(moves), 0.0)
        inverted = np.divide(1.0, diagonal, out=np.zeros_like(diagonal), where=diagonal > 0)
        if not others:
            step[large.targets] = -inverted * gap[large.targets]
            return step
        few = pieces.shared.order[: -len(large.targets)]
        beside = np.where(active[few], pieces.shared_by(pieces.shared.beside, moves, len(large.targets)), 0.0)
        rest = pieces.shared_by(pieces.shared.among, moves, len(few))
        rest = np.where(active[few][:, None] & active[few], rest, 0.0)
        whole, scaled = np.diagonal(rest).copy(), beside * inverted[:, None]
        for column in range(len(rest)):
            rest[:, column] -= in_order(beside * scaled[:, column : column + 1], 0)
        known = gap[few] - in_order(scaled * gap[large.targets][:, None], 0)
        step[few] = -solve_semidefinite(rest, known, whole, NOISE * pieces.tolerance[few])
        step[large.targets] = -inverted * (gap[large.targets] + total(beside * step[few], axis=1))
        return step

    def _changed(self, factors: Array, change: Array, where: Index | None = None) -> Array:
        """The factors multiplied, those of bounds not beyond one."""
        changed = factors.copy()
        changed[slice(None) if where is None else where] *= change
        if self.pieces.bounds:
            sense = self.pieces.sense
            changed = np.where(sense == LEAST, np.maximum(changed, 1.0), changed)
            changed = np.where(sense == MOST, np.minimum(changed, 1.0), changed)
            changed = np.where((sense != EXACT) & (abs(changed - 1.0) < ROUNDING), 1.0, changed)
        return changed


def _slope(step: Array, gap: Array) -> float:
    return float(total(step * gap))


def _grown(step: Array) -> Array:
    """About e to the power of a step, in plain arithmetic: right to the second order, always above zero."""
    quarter = step / 4
    grown = (1 + quarter / 2) / (1 - quarter / 2)
    grown = grown * grown
    return grown * grown


def _shrunk(factor: Array) -> Array:
    """The step under which one grows to a factor: the other way round."""
    quarter = np.sqrt(np.sqrt(factor))
    return 8.0 * (quarter - 1.0) / (quarter + 1.0)


def root(gap: Array, inward: Array, outward: Array) -> Array:
    """The factor f with f·inward − outward/f = gap; NaN where there is none."""
    both = np.sqrt(formulas.discriminant(gap, inward, outward))
    with np.errstate(divide="ignore", invalid="ignore"):
        up, down = formulas.factor_up(gap, both, inward), formulas.factor_down(gap, both, outward)
    return np.where(gap >= 0, np.where(inward > 0, up, np.nan), np.where(outward > 0, down, np.nan))


def _impossible(search: _Search, now: _Point) -> Exception:
    """What to say of targets that are not met: which of them contradict each other, and by how many persons."""
    pieces, weights = search.pieces, search.weights
    least, most = (weights.limited(pieces, np.full(pieces.shape, f)) for f in (NOBODY_COMES, NOBODY_GOES))
    highest = np.where(most[1] > 0, np.inf, most[0])
    return contradiction(pieces, least[0], highest, now.gap)
