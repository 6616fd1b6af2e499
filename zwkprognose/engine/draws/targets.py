"""The Eckwerte of one draw and year, compiled: the formula of ``controls``, births included in every step."""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math

import numpy as np

from zwkprognose.engine.compiled.compiling import compiled, part
from zwkprognose.engine.draws.city import (
    AFTER,
    ALIVE,
    CHANGE,
    DOWN,
    INWARD,
    MOVE,
    OUTWARD,
    UP,
    E,
    Q,
    bear,
    enter_births,
    scale,
    settle,
    weigh,
)  # fmt: skip
from zwkprognose.engine.features.eckwerte_of_stocks import ALMOST_ALL, STEPS
from zwkprognose.engine.features.margins import MET

#: What may be wrong with a draw: nothing; a target that no move can meet, or no flow; targets that contradict
#: each other; more deaths and exits than persons; a negative stock.
FINE, UNREACHABLE, EMPTY, CONTRADICTION, TOO_MANY, NEGATIVE = range(6)
POPULATION, BIRTHS = 0, 1


@compiled()
def expect(city, year, factor, w, lift, births, birth_lift, stock, problem):
    """The expected year: rates, moves and births under which all Eckwerte are met in the mean.

    ``problem`` takes what is wrong, the margin, row and column.
    """
    for _ in range(STEPS):
        scale(city, year.rates, year.limits, factor, lift, w)
        weigh_ages(city, year, w, 1, city.ages)
        aim(city, year, factor, w, births, birth_lift, problem)
        settle(city, year.plan, year.exposure, w, stock)
        if problem[0] != FINE or lift.shape[1] == 0:
            return
        if not lift_flows(city, year.rows, year.columns, year.margins, year.targets, year.order, w, lift, births,
                          birth_lift, problem):  # fmt: skip
            if impossible(year.rates, year.exposure, w):
                problem[0] = TOO_MANY
            return
    problem[0] = CONTRADICTION


@part
def weigh_ages(city, year, w, lo, hi):
    """Survivors and weighted moves of some ages; a literal number would have numba compile all of it once more."""
    weigh(
        city, year.rates, year.plan, year.exposure, year.order, year.shares, year.column, w, np.int64(lo), np.int64(hi)
    )


@part
def aim(city, year, factor, w, births, birth_lift, problem):
    """Meet the Eckwerte of the stock by turns, each time with the births that follow."""
    met, m, nobody = 0, -1, np.empty((0, 0))
    for _ in range(STEPS):
        bear(city, year.fertile, year.children, factor, birth_lift, w, nobody, births)
        enter_births(city, births, w)
        weigh_ages(city, year, w, 0, 1)
        missed = False
        while met < year.margins.shape[0] and not missed:
            m = (m + 1) % year.margins.shape[0]
            if year.margins[m, 0] == POPULATION:
                missed = meet(city, year.rows[m], year.columns[m], year.margins[m], year.targets, year.order, year.plan,
                              w, m, problem)  # fmt: skip
            met = 0 if missed else met + 1
        if not missed or problem[0] != FINE:
            return
    problem[0], problem[1] = CONTRADICTION, m


@part
def meet(city, rows, columns, margin, targets, order, plan, w, m, problem):
    """Multiply in-moves and divide out-moves so that one set of Eckwerte is met; was any of them missed?"""
    width, first, size = margin[1], margin[2], margin[3]
    sums, change, missed = np.zeros((3, size)), np.ones(size), False
    for i in order:
        if rows[i] >= 0:
            add_area(city, columns, plan, w, i, rows[i] * width, sums)
    for k in range(size):
        goal = targets[first + k]
        gap = goal - sums[0, k]
        if abs(gap - sums[1, k] + sums[2, k]) > MET * max(goal, 1.0):
            change[k] = root(gap, sums[1, k], sums[2, k])
            missed = True
            if not change[k] >= 0.0:
                problem[0], problem[1], problem[2], problem[3] = UNREACHABLE, m, k // width, k % width
    for i in range(city.areas):
        if rows[i] >= 0:
            change_area(columns, w, i, change[rows[i] * width :])
    return missed


@part
def out_moves(w, i, c):
    """Weighted out-moves under the factor, and the most that are possible: all but rounding of the survivors."""
    free = 1.0 / w[UP, i, c] if w[UP, i, c] > 0.0 else 0.0
    return w[OUTWARD, i, c] * free, ALMOST_ALL * max(w[ALIVE, i, c], 0.0), free


@part
def add_area(city, columns, plan, w, i, first, sums):
    """Survivors without those who leave at the limit, in-moves, out-moves of an area, by column."""
    for c in range(columns.shape[0]):
        if columns[c] >= 0:
            k = first + columns[c]
            outward, limit, _ = out_moves(w, i, c)
            if outward > limit:
                sums[0, k] -= limit
            else:
                sums[2, k] += outward
            sums[0, k] += w[ALIVE, i, c] + (plan[AFTER, i, c] if city.living else 0.0)
            sums[1, k] += w[INWARD, i, c] * w[UP, i, c]


@part
def change_area(columns, w, i, change):
    """Multiply the in-moves of each cell by the factor of its column; out-moves are divided, up to their limit."""
    for c in range(columns.shape[0]):
        if columns[c] >= 0:
            w[UP, i, c] *= change[columns[c]]
            outward, limit, free = out_moves(w, i, c)
            w[DOWN, i, c] = limit / w[OUTWARD, i, c] if outward > limit else free


@part
def root(gap, inward, outward):
    """The factor f with f·inward − outward/f = gap; −1 where there is none."""
    both = math.sqrt(gap * gap + 4.0 * inward * outward)
    if gap >= 0.0:
        return (gap + both) / (2.0 * inward) if inward > 0.0 else -1.0
    return 2.0 * outward / (both - gap) if outward > 0.0 else -1.0


@part
def lift_flows(city, rows, columns, margins, targets, order, w, lift, births, birth_lift, problem):
    """Scale the rates of the flows whose Eckwerte are missed; was any of them?"""
    missed = False
    for m in range(margins.shape[0]):
        of, width, first, size = margins[m, 0], margins[m, 1], margins[m, 2], margins[m, 3]
        if of == POPULATION:
            continue
        change = np.zeros(size)
        for i in order:
            if rows[m, i] >= 0:
                add_flow(city, of, columns[m], w, births, i, change[rows[m, i] * width :])
        for k in range(size):
            goal = targets[first + k]
            off = abs(change[k] - goal) > MET * max(goal, 1.0)
            if off and change[k] <= 0.0:
                problem[0], problem[1], problem[2], problem[3] = EMPTY, m, k // width, k % width
            change[k] = goal / change[k] if off else 1.0
            missed = missed or off
        for i in range(city.areas):
            if rows[m, i] >= 0:
                lift_flow(city, of, columns[m], lift, birth_lift, i, change[rows[m, i] * width :])
    return missed


@part
def add_flow(city, of, columns, w, births, i, total):
    """A flow of an area by column."""
    if of == BIRTHS:
        for r in range(births.shape[1]):
            if columns[r * city.ages] >= 0:
                total[columns[r * city.ages]] += births[i, r]
        return
    for c in range(columns.shape[0]):
        if columns[c] >= 0:
            total[columns[c]] += w[of - 2, i, c]


@part
def lift_flow(city, of, columns, lift, birth_lift, i, change):
    """Scale the rates of a flow in an area."""
    if of == BIRTHS:
        for r in range(birth_lift.shape[1]):
            if columns[r * city.ages] >= 0:
                birth_lift[i, r] *= change[columns[r * city.ages]]
        return
    for c in range(columns.shape[0]):
        if columns[c] >= 0:
            lift[of - 2, i, c] *= change[columns[c]]


@part
def impossible(rates, exposure, w):
    """Do deaths and exits together take more than everybody somewhere?"""
    for i in range(w.shape[1]):
        for c in range(w.shape[2]):
            leave = w[E, i, c] + rates[MOVE, i, c] + rates[CHANGE, i, c]
            if w[Q, i, c] > 1.0 or w[Q, i, c] * (1.0 - exposure[c] * leave) + leave > 1.0:
                return True
    return False
