"""The expected year of a city whose areas depend on each other, compiled: the year of ``reference``, once per draw.

What is given are the arrays of ``draw_plan.Year``. The work array ``w`` (part, area, cell) belongs to one draw and
year; its parts have the names below. Arrays are handed on one by one, which is what numba compiles fast.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from zwkprognose.engine.compiled.compiling import part

#: Parts of the rates.
DEATH, OUT, KNOWN, IN, CHANGE, MOVE, SHARE = range(7)
#: Parts of the plan.
INSIDE, OUTSIDE, BEFORE, AFTER, RELEASED = range(5)
#: Parts of the work array: components as they are kept; J, those who are there at the start; death, out and in under
#: the factors of the draw, known out-moves; what the Eckwerte make of in-moves and out-moves; net entries from inside
#: the city; survivors and weighted moves; share called to new dwellings; persons gone and come from inside by chance.
(
    DEATHS, COME, LEFT, CHANGED, MOVED_IN, MOVED_OUT, HOMES, SPECIAL,
    J, Q, E, FIXED, ENTER, UP, DOWN, NET, ALIVE, INWARD, OUTWARD, CALLED, GONE, ARRIVED, PARTS,
) = range(23)  # fmt: skip


@part
def grow(city, plan, stock, w):
    """J: everybody one year older, without those in facilities; nobody is born yet."""
    for i in range(city.areas):
        for c in range(stock.shape[1]):
            x = c % city.ages
            w[J, i, c] = stock[i, c - 1] if x > 0 else 0.0
            if x == city.ages - 1:
                w[J, i, c] += stock[i, c]
            if city.living and x > 0:
                w[J, i, c] -= plan[BEFORE, i, c - 1] + (plan[BEFORE, i, c] if x == city.ages - 1 else 0.0)


@part
def scale(city, rates, limits, factor, lift, w):
    """The rates under the factors (area, component) of a draw; odds where probabilities would leave nobody.

    ``lift`` (death, in, out; area, cell) are the factors of the Eckwerte of flows, without areas if there are none.
    """
    for i in range(city.areas):
        kd, ko, ki = factor[i, 0], factor[i, 1], factor[i, 2]
        by_odds = kd * limits[i, 0] + ko * limits[i, 1] + limits[i, 2] >= 1.0
        for c in range(w.shape[2]):
            q, e = rates[DEATH, i, c], rates[OUT, i, c]
            w[ENTER, i, c] = ki * rates[IN, i, c]
            w[Q, i, c] = kd * q / (1.0 - q + kd * q) if by_odds else kd * q
            w[E, i, c] = ko * e / (1.0 - e + ko * e) if by_odds else ko * e
            w[FIXED, i, c] = rates[KNOWN, i, c]
            w[UP, i, c] = 1.0
            w[DOWN, i, c] = 1.0
        if lift.shape[1] > 0:
            for c in range(w.shape[2]):
                w[Q, i, c] *= lift[0, i, c]
                w[ENTER, i, c] *= lift[1, i, c]
                w[E, i, c] *= lift[2, i, c]
                w[FIXED, i, c] *= lift[2, i, c]


@part
def arrive(city, order, pool, shares, column, leaving, arriving, lo, hi):
    """Where those who leave arrive, by pool or by matrix; without either they stay in their area."""
    if city.matrix:
        arrive_by_matrix(city, order, shares, column, leaving, arriving, lo, hi)
        return
    for r in range(city.groups * city.sexes):
        for c in range(r * city.ages + lo, r * city.ages + hi):
            total = 0.0
            for i in order:
                total += leaving[i, c]
            for i in range(city.areas):
                arriving[i, c] = pool[i, c] * total if city.pool else leaving[i, c]


@part
def arrive_by_matrix(city, order, shares, column, leaving, arriving, lo, hi):
    """Arrivals by origin–destination shares, added origin by origin."""
    to = np.zeros((leaving.shape[1], city.areas))
    for o in order:
        for r in range(city.groups * city.sexes):
            for c in range(r * city.ages + lo, r * city.ages + hi):
                persons, share = leaving[o, c], shares[0, o, column[c]]
                if persons != 0.0:
                    for i in range(city.areas):
                        to[c, i] += persons * share[i]
    for r in range(city.groups * city.sexes):
        for c in range(r * city.ages + lo, r * city.ages + hi):
            for i in range(city.areas):
                arriving[i, c] = to[c, i]


@part
def call(city, order, inside, w, lo, hi):
    """Share of a cohort of each area that moves into the new dwellings of the others."""
    for r in range(city.groups * city.sexes):
        for c in range(r * city.ages + lo, r * city.ages + hi):
            everybody, total = 0.0, 0.0
            for i in order:
                everybody += w[J, i, c]
            for i in order:
                w[CALLED, i, c] = called_by(inside[i, c], everybody - w[J, i, c])
                total += w[CALLED, i, c]
            for i in range(city.areas):
                w[CALLED, i, c] = total - w[CALLED, i, c] if total > 0.0 else 0.0


@part
def called_by(inside, elsewhere):
    """Share of the cohort elsewhere that moves into the new dwellings of an area."""
    return inside / elsewhere if inside > 0.0 and elsewhere > 0.0 else 0.0


@part
def change_groups(city, chance, w, lo, hi):
    """Those who leave each group (−) join the citizens (+)."""
    step = city.sexes * city.ages
    for i in range(city.areas):
        for s in range(city.sexes):
            for x in range(lo, hi):
                joining, at = 0.0, s * city.ages + x
                for g in range(city.groups):
                    leaving = w[J, i, g * step + at] * chance[i, g * step + at]
                    w[CHANGED, i, g * step + at] = -leaving
                    joining += leaving
                w[CHANGED, i, city.citizens * step + at] += joining


@part
def weigh(city, rates, plan, exposure, order, shares, column, w, lo, hi):
    """Net entries from inside the city; survivors and moves across the city line, weighted with movers' mortality."""
    if city.moving:
        for i in range(city.areas):
            for c in range(w.shape[2]):
                w[MOVED_OUT, i, c] = w[J, i, c] * rates[MOVE, i, c]
        arrive(city, order, rates[SHARE], shares, column, w[MOVED_OUT], w[MOVED_IN], lo, hi)
    if city.living:
        arrive(city, order, rates[SHARE], shares, column, plan[RELEASED], w[SPECIAL], lo, hi)
    if city.changing:
        change_groups(city, rates[CHANGE], w, lo, hi)
    if city.building:
        call(city, order, plan[INSIDE], w, lo, hi)
    for i in range(city.areas):
        for r in range(city.groups * city.sexes):
            for c in range(r * city.ages + lo, r * city.ages + hi):
                if city.building:
                    w[HOMES, i, c] = plan[INSIDE, i, c] + plan[OUTSIDE, i, c] - w[J, i, c] * w[CALLED, i, c]
                w[NET, i, c] = (w[MOVED_IN, i, c] - w[MOVED_OUT, i, c] + w[CHANGED, i, c] + w[HOMES, i, c]
                                + w[SPECIAL, i, c])  # fmt: skip
                share = 1.0 - exposure[c] * w[Q, i, c]
                w[ALIVE, i, c] = w[J, i, c] * (1.0 - w[Q, i, c]) + share * w[NET, i, c]
                w[INWARD, i, c] = share * w[ENTER, i, c]
                w[OUTWARD, i, c] = share * (w[J, i, c] * w[E, i, c] + w[FIXED, i, c])


@part
def settle(city, plan, exposure, w, stock):
    """Components and the stock at the end of the year from the rates, the net entries and the Eckwerte."""
    for i in range(city.areas):
        for c in range(w.shape[2]):
            come = w[ENTER, i, c] * w[UP, i, c]
            left = (w[J, i, c] * w[E, i, c] + w[FIXED, i, c]) * w[DOWN, i, c]
            dead = w[Q, i, c] * (w[J, i, c] + exposure[c] * (come - left + w[NET, i, c]))
            w[DEATHS, i, c], w[COME, i, c], w[LEFT, i, c] = dead, come, left
            stock[i, c] = w[J, i, c] - dead + come - left + w[NET, i, c]
            if city.living:
                stock[i, c] += plan[AFTER, i, c]


@part
def bear(city, fertile, children, factor, lift, w, end, births):
    """Births (area, child's group and sex) of the women at the start and those at the end of the year.

    Those at the end are in ``end``, or if it has no areas those who are expected.
    """
    expected = end.shape[0] == 0
    for i in range(city.areas):
        for k in range(births.shape[1]):
            births[i, k] = 0.0
        for g in range(city.groups):
            total, first = 0.0, (g * city.sexes + city.female) * city.ages
            for x in range(1, city.ages):
                if fertile[i, g, x] > 0.0:
                    c = first + x
                    if expected:
                        women = w[ALIVE, i, c] + w[INWARD, i, c] * w[UP, i, c] - w[OUTWARD, i, c] * w[DOWN, i, c]
                    else:
                        women = end[i, c]
                    women = city.mothers_start * w[J, i, c] + (1.0 - city.mothers_start) * women
                    total += fertile[i, g, x] * women
            for k in range(births.shape[1]):
                births[i, k] += factor[i, 3] * total * children[i, g, k] * lift[i, k]


@part
def enter_births(city, births, w):
    """The births become the newborns at the start."""
    for i in range(city.areas):
        for r in range(city.groups * city.sexes):
            w[J, i, r * city.ages] = births[i, r]
