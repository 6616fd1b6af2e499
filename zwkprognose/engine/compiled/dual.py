"""The factors of Eckwerte of the stock as ``features.eckwerte_of_stocks`` finds them, compiled: the same bits.

Only what is frequent: targets that can be met without anybody leaving at the limit. Of the rest the kernel says that it
does not know, and the readable search begins anew; it also finds the words for what is impossible.

``numbers`` (layer, piece of areas, of cells) are the targets to which a piece counts, the largest layer last; ``order``
are the targets layer by layer, their ``place`` there the other way round, and ``few`` how many come before the largest.
``held`` are what is wanted of each, the gap up to which it is met, its sense, and whether it has cells; ``sums`` are
survivors, in-moves, out-moves of the pieces, and the factor below which somebody leaves at the limit. ``now`` (factors,
gaps) and ``up``, the factors of the pieces, are what is found so far.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math

import numpy as np

from zwkprognose.engine import formulas
from zwkprognose.engine.compiled.compiling import called, compiled, inlined, part
from zwkprognose.engine.features.eckwerte_of_stocks import (
    BEYOND,
    FARTHEST,
    HALVINGS,
    LEFT,
    NOISE,
    REACH,
    ROUNDING,
    TURNS,
    Factors,
    Sums,
)
from zwkprognose.engine.features.pieces import Pieces
from zwkprognose.engine.formulas import STEPS

#: A pivot below this share of its diagonal is rounding; as in ``arithmetic``.
NO_PIVOT = 1e-12
FACTOR, GAP = 0, 1
MISSED, FOUND, AT_ONCE = range(3)

discriminant = inlined(formulas.discriminant)
factor_up, factor_down = inlined(formulas.factor_up), inlined(formulas.factor_down)


def quick(pieces: Pieces, sums: Sums, guess: Factors | None) -> Factors | None:
    """The factors, or nothing if they are not so quickly found; the guess itself if it meets all targets."""
    numbers, order, few, turning, held = pieces.tables
    now, up = np.ones((2, len(order))), np.empty(pieces.shape)
    if guess is not None:
        now[FACTOR] = guess.of_targets
    found = find(numbers, order, few, turning, guess is None, held, tuple(sums), now, up)
    if found == AT_ONCE and guess is not None:
        return guess
    return Factors(now[FACTOR], up, pieces) if found else None


def ready() -> None:
    """Have it translated, for the types of its first call."""
    one, index = np.ones((1, 1)), np.zeros(1, np.int64)
    held = np.ones(1), np.ones(1), np.zeros(1, np.intp), np.ones(1, np.bool_)
    find(np.zeros((1, 1, 1), np.int64), index, 0, index, True, held, (one, one, one, 0 * one), np.ones((2, 1)), one)


@compiled()
def find(numbers, order, few, turning, first, held, sums, now, up):
    """Meet all targets: not found, found on the way, or met at once."""
    layers, new = numbers.shape[0], np.empty_like(now)
    turns = STEPS if layers == 1 else TURNS * turning.shape[0] if first else 0
    place = np.empty(order.shape[0], np.int64)
    for k in range(order.shape[0]):
        place[order[k]] = k
    if not weigh(numbers, held, sums, now, up):
        return MISSED
    for step in range(STEPS):
        if all_met(held, now):
            return FOUND if step else AT_ONCE
        if step < turns:
            if not turn(numbers, turning[step % turning.shape[0]], held, sums, now, up):
                return MISSED
        elif not newton(numbers, order, place, few, held, sums, now, new, up):
            return MISSED
        if not (possible(now[:1]) and possible(up)):
            return MISSED
    return MISSED


@called
def weigh(numbers, held, sums, now, up):
    """What the factors make of the city: factors of the pieces, and gaps; false if somebody leaves at the limit.

    Or if nobody can say how many there are.
    """
    (wanted, _, _, present), (fixed, inward, outward, most), free = held, sums, True
    for n in range(now.shape[1]):
        now[GAP, n] = 0.0
    for p in range(up.shape[0]):
        for k in range(up.shape[1]):
            factor = 1.0
            for layer in range(numbers.shape[0]):
                if numbers[layer, p, k] >= 0:
                    factor *= now[FACTOR, numbers[layer, p, k]]
            up[p, k] = factor
            free = free and most[p, k] <= factor and fixed[p, k] == fixed[p, k]  # a number at all
            people = fixed[p, k] + inward[p, k] * factor - outward[p, k] * (1.0 / factor if factor > 0.0 else 0.0)
            for layer in range(numbers.shape[0]):
                if numbers[layer, p, k] >= 0:
                    now[GAP, numbers[layer, p, k]] += people
    for n in range(now.shape[1]):
        now[GAP, n] = now[GAP, n] - wanted[n] if present[n] else 0.0
    return free


@called
def met(held, now, n):
    """Is a target met: exactly, or from the right side, and with no more change than that needs?"""
    return abs(now[GAP, n]) <= held[1][n] or idle(held, now, n)


@called
def idle(held, now, n):
    """Is it a bound that holds without being asked?"""
    sense = held[2][n]
    return now[FACTOR, n] == 1.0 and sense != 0 and sense * now[GAP, n] >= 0.0


@called
def all_met(held, now):
    """Are all targets met?"""
    missed = 0
    for n in range(now.shape[1]):
        missed += 0 if met(held, now, n) else 1
    return missed == 0


@called
def possible(factors):
    """Do all factors still mean something?"""
    for p in range(factors.shape[0]):
        for k in range(factors.shape[1]):
            f = factors[p, k]
            if not (f == 0.0 or (1.0 / FARTHEST < f < FARTHEST)):
                return False
    return True


@called
def changed(held, factor, change, n):
    """A factor multiplied, that of a bound not beyond one."""
    new, sense = factor * change, held[2][n]
    if sense == 0:
        return new
    new = max(new, 1.0) if sense > 0 else min(new, 1.0)
    return 1.0 if abs(new - 1.0) < ROUNDING else new


@part
def turn(numbers, layer, held, sums, now, up):
    """Meet the targets of one layer alone, each by its own factor; false if that is impossible."""
    (fixed, inward, outward, _), wanted = sums, held[0]
    total = np.zeros((3, now.shape[1]))
    own = np.zeros(now.shape[1], np.bool_)
    for p in range(up.shape[0]):
        for k in range(up.shape[1]):
            n = numbers[layer, p, k]
            if n >= 0:
                own[n] = True
                total[0, n] += fixed[p, k]
                total[1, n] += inward[p, k] * up[p, k]
                total[2, n] += outward[p, k] * (1.0 / up[p, k] if up[p, k] > 0.0 else 0.0)
    for n in range(now.shape[1]):
        if own[n] and not met(held, now, n):
            change = root(wanted[n] - total[0, n], total[1, n], total[2, n])
            if change < 0.0 and numbers.shape[0] == 1:
                return False
            now[FACTOR, n] = changed(held, now[FACTOR, n], change if change >= 0.0 else 1.0, n)
    return weigh(numbers, held, sums, now, up)


@called
def root(gap, inward, outward):
    """The factor f with f·inward − outward/f = gap; −1 where there is none."""
    both = math.sqrt(discriminant(gap, inward, outward))
    if gap >= 0.0:
        return factor_up(gap, both, inward) if inward > 0.0 else -1.0
    return factor_down(gap, both, outward) if outward > 0.0 else -1.0


@part
def newton(numbers, order, place, few, held, sums, now, new, up):
    """A step of Newton's method, shortened or lengthened; false if that is not enough."""
    count, sense = now.shape[1], held[2]
    active, step = np.empty(count, np.bool_), np.empty(count)
    for n in range(count):
        active[n] = held[3][n] and not idle(held, now, n)
    staying = False
    while not staying:
        direction(numbers, order, place, few, held, sums, now, up, active, step)
        staying = True
        for n in range(count):
            if now[FACTOR, n] == 1.0 and sense[n] * step[n] < 0.0:
                active[n], staying = False, False
    slope, longest, most = 0.0, 0.0, np.inf
    for n in range(count):
        slope += step[n] * now[GAP, n]
        longest = max(longest, abs(step[n]))
        if sense[n] * step[n] < 0.0 and now[FACTOR, n] != 1.0:
            most = min(most, abs(shrunk(now[FACTOR, n])) / abs(step[n]))
    if longest == 0.0:
        return False
    slope, most = abs(slope), min(REACH / longest, most)
    share, found = min(1.0, most), False
    for _ in range(HALVINGS):
        if not go(numbers, held, sums, now, share, step, new, up):
            return False
        if slope_of(step, new) <= BEYOND * slope:
            found = True
            break
        share /= 2
    if not found:
        return False
    while 2 * share <= most and slope_of(step, new) < -LEFT * slope:
        if not go(numbers, held, sums, now, 2 * share, step, new, up):
            return False
        if slope_of(step, new) > BEYOND * slope:
            go(numbers, held, sums, now, share, step, new, up)
            break
        share *= 2
    for what in range(now.shape[0]):
        for n in range(count):
            now[what, n] = new[what, n]
    return True


@called
def go(numbers, held, sums, now, share, step, new, up):
    """Where a share of a step leads; false if somebody leaves at the limit there."""
    for n in range(now.shape[1]):
        new[FACTOR, n] = changed(held, now[FACTOR, n], grown(share * step[n]), n)
    return weigh(numbers, held, sums, new, up)


@called
def slope_of(step, now):
    """How steeply the way leads up."""
    slope = 0.0
    for n in range(step.shape[0]):
        slope += step[n] * now[GAP, n]
    return slope


@called
def grown(step):
    """About e to the power of a step."""
    quarter = step / 4
    by = (1 + quarter / 2) / (1 - quarter / 2)
    by = by * by
    return by * by


@called
def shrunk(factor):
    """The step under which one grows to a factor."""
    quarter = math.sqrt(math.sqrt(factor))
    return 8.0 * (quarter - 1.0) / (quarter + 1.0)


@part
def direction(numbers, order, place, few, held, sums, now, up, active, step):
    """−H⁻¹·gap; the targets of the largest layer share nothing and are eliminated as they stand."""
    count = order.shape[0]
    large = count - few
    diagonal, beside, rest = np.zeros(large), np.zeros((large, few)), np.zeros((few, few))
    add_shared(numbers, place, few, sums, up, active, diagonal, beside, rest)
    inverted, whole, known, gap = np.zeros(large), np.empty(few), np.empty(few), np.empty(count)
    for k in range(count):
        gap[k] = now[GAP, order[k]] if active[order[k]] else 0.0
    for j in range(large):
        inverted[j] = 1.0 / diagonal[j] if diagonal[j] > 0.0 else 0.0
    for a in range(few):
        whole[a] = rest[a, a]
    for b in range(few):
        for a in range(few):
            total = 0.0
            for j in range(large):
                total += beside[j, a] * (beside[j, b] * inverted[j])
            rest[a, b] -= total
    for a in range(few):
        total = 0.0
        for j in range(large):
            total += beside[j, a] * inverted[j] * gap[few + j]
        known[a] = gap[a] - total
    eliminate(rest, known, whole, held[1], order)
    for a in range(few):
        step[order[a]] = -known[a]
    for j in range(large):
        total = 0.0
        for a in range(few):
            total += beside[j, a] * -known[a]
        step[order[few + j]] = -inverted[j] * (gap[few + j] + total)


@called
def add_shared(numbers, place, few, sums, up, active, diagonal, beside, rest):
    """The weighted moves of the pieces that two targets share."""
    (_, inward, outward, _), last = sums, numbers.shape[0] - 1
    for p in range(up.shape[0]):
        for k in range(up.shape[1]):
            free = 1.0 / up[p, k] if up[p, k] > 0.0 else 0.0
            moves = inward[p, k] * up[p, k] + outward[p, k] * free
            moves, n = moves if moves > 0.0 else 0.0, numbers[last, p, k]
            if n >= 0 and active[n]:
                diagonal[place[n] - few] += moves
            for a in range(last):
                one = numbers[a, p, k]
                if one < 0 or not active[one]:
                    continue
                if n >= 0:
                    beside[place[n] - few, place[one]] += moves
                for b in range(last):
                    if numbers[b, p, k] >= 0 and active[numbers[b, p, k]]:
                        rest[place[one], place[numbers[b, p, k]]] += moves


@called
def eliminate(rest, known, whole, noise, order):
    """The solution of semidefinite equations in place of their right side, as in ``arithmetic``."""
    size = known.shape[0]
    for i in range(size):
        if rest[i, i] > NO_PIVOT * whole[i]:
            for a in range(i + 1, size):
                factor = rest[a, i] / rest[i, i]
                for b in range(i + 1, size):
                    rest[a, b] -= factor * rest[i, b]
                known[a] -= factor * known[i]
        elif not abs(known[i]) > NOISE * noise[order[i]]:
            known[i] = 0.0
    for i in range(size - 1, -1, -1):
        least = NO_PIVOT * whole[i]
        if rest[i, i] > least:
            total = 0.0
            for b in range(i + 1, size):
                total += rest[i, b] * known[b]
            known[i] = (known[i] - total) / rest[i, i]
        else:
            known[i] = known[i] / least if least > 0.0 else 0.0
