"""What happens to the cells of an area in many draws side by side, compiled: by chance, or what is expected.

Arrays are (cell, draw) or, of one cell, (draw); see ``many_draws``.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from zwkprognose.engine import formulas
from zwkprognose.engine.compiled.compiling import called, inlined, part
from zwkprognose.engine.draws.counts import (  # fmt: skip
    binomial_row,
    exp_row,
    none_row,
    none_same,
    poisson_row,
    poisson_same,
)
from zwkprognose.engine.draws.streams import EVENTS, fill_draws

DEATH, OUT, IN, BIRTH = 0, 1, 2, 3
#: Rows of the work array: probability to go, its odds, mean of in-movers who survive, exp(−mean) or (1 − p)ⁿ, sums so
#: far, persons who come, terms of a distribution.
CHANCE, ODDS, MEAN, NONE, SUM, COME, TERMS, ROWS = range(8)

gone_of, surviving = inlined(formulas.gone), inlined(formulas.surviving)
odds_times, crowded = inlined(formulas.by_odds), inlined(formulas.crowded)


@part
def older(
    first, t, y, area, seed, rates, exposure, factor, by_odds, events, fixed, inverse, work, whole, before, gone, after
):
    """Everybody who is born already; two ages share the numbers of an address."""
    groups, sexes, ages = rates[0].shape[1:]
    draws, half = after.shape[1], ages // 2 + 1
    u, oldest = np.empty((4, draws)), np.empty(draws)
    for row in range(groups * sexes):
        last = row * ages + ages - 1
        for d in range(draws):
            oldest[d] = before[last - 1, d] + before[last, d]
        for x in range(1, ages):
            c, k = row * ages + x, 2 * (x % 2)
            if events is not None and (x == 1 or x % 2 == 0):
                fill_draws(u, row * half + x // 2, EVENTS, t, area, first, seed)
            at, persons = rates_at(rates, y, row // sexes, row % sexes, x), oldest if c == last else before[c - 1]
            settle(at, exposure[x], factor, by_odds, events, fixed, inverse, work, whole, persons, u[k], u[k + 1],
                   gone[c % gone.shape[0]], after[c])  # fmt: skip


@called
def expect_older(y, rates, exposure, factor, before, gone, after):
    """The same without chance and where nobody would be too few: what is expected, in one go."""
    groups, sexes, ages = rates[0].shape[1:]
    for c in range(groups * sexes * ages):
        x, half = c % ages, exposure[c % ages]
        if x == 0:
            continue
        death, out, come, change = rates_at(rates, y, c // (sexes * ages), c // ages % sexes, x)
        for d in range(after.shape[1]):
            J, q, e = before[c - 1, d], factor[DEATH, d] * death, factor[OUT, d] * out + change
            after[c, d] = J - J * gone_of(q, half, e) + come * factor[IN, d] * surviving(q, half)
        if x == ages - 1:
            for d in range(after.shape[1]):
                J, q, e = before[c, d], factor[DEATH, d] * death, factor[OUT, d] * out + change
                after[c, d] += J - J * gone_of(q, half, e)
        if gone.shape[0] > 1:
            for d in range(after.shape[1]):
                J = before[c - 1, d] + (before[c, d] if x == ages - 1 else 0.0)
                q, e = factor[DEATH, d] * death, factor[OUT, d] * out + change
                gone[c, d] = J * gone_of(q, half, e)


@part
def newborn(
    first, t, y, area, seed, rates, exposure, factor, by_odds, events, fixed, inverse, work, whole, born, gone, after
):
    """Births, which are replaced by whole persons, and what happens to them."""
    groups, sexes, ages = rates[0].shape[1:]
    draws, place = after.shape[1], groups * sexes * (ages // 2 + 1)
    u, none, below, count = np.empty((4, draws)), np.empty(draws), np.empty(draws), np.empty(draws)
    for row in range(groups * sexes):
        if events is not None:
            fill_draws(u, place + row, EVENTS, t, area, first, seed)
            exp_row(born[row], none)
            poisson_row(u[0], born[row], none, below, inverse, count)
            for d in range(draws):
                born[row, d] = count[d]
        c, newest = row * ages, np.int64(0)
        at = rates_at(rates, y, row // sexes, row % sexes, newest)
        settle(at, exposure[0], factor, by_odds, events, fixed, inverse, work, whole, born[row], u[1], u[2],
               gone[c % gone.shape[0]], after[c])  # fmt: skip


@called
def settle(at, half, factor, by_odds, events, fixed, inverse, work, whole, persons, u_come, u_gone, gone, after):
    """Who of the persons goes, who comes, and how many are there at the end of the year."""
    draws = persons.shape[0]
    some = draws
    if events is not None and fixed is not None:
        some = 1
    chances(at, half, factor, by_odds, some, work)
    if events is not None:
        draw_cell(fixed, inverse, work, whole, persons, u_come, u_gone, gone)
        for d in range(draws):
            after[d] = persons[d] - gone[d] + work[COME, d]
    else:
        for d in range(draws):
            gone[d] = persons[d] * work[CHANCE, d]
            after[d] = persons[d] - gone[d] + work[MEAN, d]


@called
def chances(at, half, factor, by_odds, draws, work):
    """Probability to go in any way, and mean of in-movers who survive, for some of the draws."""
    death, out, come, change = at
    if by_odds.shape[0] == 0:
        for d in range(draws):
            q, e = factor[DEATH, d] * death, factor[OUT, d] * out + change
            work[CHANCE, d] = gone_of(q, half, e)
            work[MEAN, d] = come * factor[IN, d] * surviving(q, half)
        return
    for d in range(draws):
        q, e = scaled(death, out, change, factor, by_odds[d], d)
        work[CHANCE, d] = gone_of(q, half, e + change)
        work[MEAN, d] = come * factor[IN, d] * surviving(q, half)


@called
def draw_cell(fixed, inverse, work, whole, persons, u_come, u_gone, gone):
    """How many of the persons go, and into ``work`` how many come."""
    draws = persons.shape[0]
    chance, odds, mean, below = work[CHANCE, :draws], work[ODDS, :draws], work[MEAN, :draws], work[SUM, :draws]
    none, come = work[NONE, :draws], work[COME, :draws]
    for d in range(draws):
        whole[d] = np.int64(persons[d])
    if fixed is not None:
        for d in range(1, draws):
            chance[d] = chance[0]
        exp_row(mean[:1], none[:1])
        poisson_same(u_come, mean[0], none[0], inverse, work[TERMS], come)
        none_same(whole, chance[0], work[TERMS], none)
    else:
        exp_row(mean, none)
        poisson_row(u_come, mean, none, below, inverse, come)
        none_row(whole, chance, none, below)
    for d in range(draws):
        odds[d] = chance[d] / (1.0 - chance[d]) if chance[d] < 1.0 else 0.0
    binomial_row(u_gone, persons, chance, odds, none, below, inverse, gone)


@inlined
def scaled(death, out, change, factor, by_odds, d):
    """Probabilities of death and of leaving under the factors of a draw, against staying where many would be gone."""
    q, e = factor[DEATH, d], factor[OUT, d]
    among = crowded(death, out, change, q, e) if by_odds else 1.0
    return odds_times(death, q, among), odds_times(out, e, among)


@inlined
def rates_at(rates, y, g, s, x):
    """Probability of death, of leaving the city, in-moves, probability of a change of group of a cell."""
    change = rates[3][y, g, s, x] if rates[3].shape[3] > 1 else 0.0
    return rates[0][y, g, s, x], rates[1][y, g, s, x], rates[2][y, g, s, x], change
