"""Random projections of one area with whole persons, compiled: many draws side by side.

Of J persons each leaves, changes group, dies or stays; of in-movers, a Poisson number survives and an independent
one dies, which is the same as deaths among a Poisson number of in-movers. Arrays are (cell, draw); a cell is group,
sex and age in a row. Rates of the area are (year or one, group, sex, age), factors (draw, year, component).
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from zwkprognose.engine import draw_counts, draw_streams
from zwkprognose.engine.draw_counts import (
    STEPS,
    TABLE,
    binomial,
    binomial_row,
    exp_row,
    inverses,
    none_row,
    none_same,
    poisson,
    poisson_row,
    poisson_same,
)
from zwkprognose.engine.draw_streams import EVENTS, SPLITS, fill_draws, inner, kernel, words

DEATH, OUT, IN, BIRTH = 0, 1, 2, 3
#: Draws side by side: as many as keep the stock of an area near the processor.
TOGETHER = 256
#: Rows of the work array: probability to go, its odds, mean of in-movers who survive, exp(−mean) or (1 − p)ⁿ, sums so
#: far, persons at the start, those gone, those come, terms of a distribution.
CHANCE, ODDS, MEAN, NONE, SUM, PERSONS, GONE, COME, TERMS, ROWS = range(10)


@kernel(draw_streams, draw_counts)
def run_events(
    area, seed, rates, limits, fertility, births, exposure, settings, factors, fixed, pieces, start, sums, kept
):
    """All draws of one area: binomial exits and deaths, Poisson in-moves and births.

    ``limits`` are the largest probabilities of death, of leaving and of a change of group (year or one, 3);
    ``births`` the children by group and sex of a birth (year or one, mother's group, group, sex); ``settings``
    the weight of women at the start, index of women, index of citizens; ``fixed`` says that all factors are one;
    ``kept`` are the results (population, deaths, in, out, change, births) with the draws in front, of length zero
    if not kept.
    """
    cells, years, newest, oldest = start.size, factors.shape[1], np.int64(0), np.int64(start.shape[2])
    inverse, first_stock = inverses(), start.ravel()
    for first in range(0, factors.shape[0], TOGETHER):
        draws = min(TOGETHER, factors.shape[0] - first)
        before, after = np.empty((cells, draws)), np.empty((cells, draws))
        gone = np.empty((cells if rates[3].shape[3] > 1 or kept[0].shape[0] > 0 else 1, draws))
        work, whole = np.empty((ROWS, max(draws, STEPS + TABLE))), np.empty(draws, np.int64)
        factor, by_odds = np.empty((4, draws)), np.empty(draws, np.bool_)
        born = np.empty((births.shape[2] * births.shape[3], draws))
        for c in range(cells):
            for d in range(draws):
                before[c, d] = first_stock[c]
        add_pieces(before, pieces, sums[0], first)
        keep_stock(first, newest, before, kept)
        for t in range(years):
            y = min(t, rates[0].shape[0] - 1)
            take_factors(first, t, factors, limits[y], factor, by_odds)
            older(first, t, y, area, seed, rates, exposure, factor, by_odds, fixed, inverse, work, whole, before, gone,
                  after)  # fmt: skip
            change_groups(first, t, y, area, seed, rates, exposure, factor, by_odds, settings, gone, after, newest + 1,
                          oldest)  # fmt: skip
            bear(min(t, fertility.shape[0] - 1), min(t, births.shape[0] - 1), fertility, births, settings, factor,
                 before, after, born)  # fmt: skip
            newborn(first, t, y, area, seed, rates, exposure, factor, by_odds, fixed, inverse, work, whole, born, gone,
                    after)  # fmt: skip
            change_groups(first, t, y, area, seed, rates, exposure, factor, by_odds, settings, gone, after, newest,
                          newest + 1)  # fmt: skip
            add_pieces(after, pieces, sums[t + 1], first)
            keep_stock(first, t + 1, after, kept)
            keep_year(first, t, y, area, seed, rates, exposure, factor, by_odds, settings, before, born, gone, after,
                      kept)  # fmt: skip
            before, after = after, before


@inner
def take_factors(first, t, factors, limits, factor, by_odds):
    """Factors (component, draw) of a year, and whether odds are multiplied, as nobody else would be left."""
    for d in range(factor.shape[1]):
        for k in range(4):
            factor[k, d] = factors[first + d, t, k]
        by_odds[d] = factor[DEATH, d] * limits[0] + factor[OUT, d] * limits[1] + limits[2] >= 1.0


@inner
def scaled(rate, factor, by_odds):
    """A probability under a factor, or with its odds times the factor."""
    return factor * rate / (1.0 - rate + factor * rate) if by_odds else factor * rate


@inner
def chances(at, half, factor, by_odds, draws, work):
    """Probability to go in any way, its odds, and mean of in-movers who survive, for some of the draws."""
    death, out, come, change = at
    some_odds = False
    for d in range(draws):
        q, e = factor[DEATH, d] * death, factor[OUT, d] * out
        some_odds = some_odds or by_odds[d]
        work[CHANCE, d] = e + change + q * (1.0 - half * (e + change))
        work[MEAN, d] = come * factor[IN, d] * (1.0 - half * q)
    if some_odds:
        for d in range(draws):
            q, e = scaled(death, factor[DEATH, d], by_odds[d]), scaled(out, factor[OUT, d], by_odds[d])
            work[CHANCE, d] = e + change + q * (1.0 - half * (e + change))
            work[MEAN, d] = come * factor[IN, d] * (1.0 - half * q)
    for d in range(draws):
        chance = work[CHANCE, d]
        work[ODDS, d] = chance / (1.0 - chance) if chance < 1.0 else 0.0


@inner
def draw_cell(at, half, factor, by_odds, fixed, inverse, work, whole, u_come, u_gone, gone, after):
    """Who of the persons in ``work`` goes, who comes, and how many are there at the end of the year."""
    draws = after.shape[0]
    persons, none, come = work[PERSONS, :draws], work[NONE, :draws], work[COME, :draws]
    chance, odds, mean, below = work[CHANCE, :draws], work[ODDS, :draws], work[MEAN, :draws], work[SUM, :draws]
    chances(at, half, factor, by_odds, np.int64(1) if fixed else draws, work)
    for d in range(draws):
        whole[d] = np.int64(persons[d])
    if fixed:
        for d in range(1, draws):
            chance[d], odds[d] = chance[0], odds[0]
        exp_row(mean[:1], none[:1])
        poisson_same(u_come, mean[0], none[0], inverse, work[TERMS], come)
        none_same(whole, chance[0], work[TERMS], none)
    else:
        exp_row(mean, none)
        poisson_row(u_come, mean, none, below, inverse, come)
        none_row(whole, chance, none, below)
    binomial_row(u_gone, persons, chance, odds, none, below, inverse, gone)
    for d in range(draws):
        after[d] = persons[d] - gone[d] + come[d]


@inner
def older(first, t, y, area, seed, rates, exposure, factor, by_odds, fixed, inverse, work, whole, before, gone, after):
    """Everybody who is born already; two ages share the numbers of an address."""
    groups, sexes, ages = rates[0].shape[1:]
    u, last, half = np.empty((4, after.shape[1])), ages - 1, ages // 2 + 1
    for row in range(groups * sexes):
        for x in range(1, ages):
            c = row * ages + x
            if x == 1 or x % 2 == 0:
                fill_draws(u, row * half + x // 2, EVENTS, t, area, first, seed)
            for d in range(after.shape[1]):
                work[PERSONS, d] = before[c - 1, d] + (before[c, d] if x == last else 0.0)
            k = 2 * (x % 2)
            at = rates_at(rates, y, row // sexes, row % sexes, x)
            draw_cell(at, exposure[x], factor, by_odds, fixed, inverse, work, whole, u[k], u[k + 1],
                      gone[c % gone.shape[0]], after[c])  # fmt: skip


@inner
def rates_at(rates, y, g, s, x):
    """Probability of death, of leaving the city, in-moves, probability of a change of group of a cell."""
    change = rates[3][y, g, s, x] if rates[3].shape[3] > 1 else 0.0
    return rates[0][y, g, s, x], rates[1][y, g, s, x], rates[2][y, g, s, x], change


@inner
def bear(y, z, fertility, births, settings, factor, before, after, born):
    """Births by group and sex: Σ f·(w·J + (1 − w)·P) of the women."""
    start_weight, female = settings[0], settings[1]
    groups, sexes, ages = births.shape[1], births.shape[3], fertility.shape[2]
    total = np.empty(after.shape[1])
    for r in range(born.shape[0]):
        for d in range(after.shape[1]):
            born[r, d] = 0.0
    for g in range(groups):
        for d in range(after.shape[1]):
            total[d] = 0.0
        for x in range(1, ages):
            rate, c = fertility[y, g, x], (g * sexes + female) * ages + x
            if rate > 0.0:
                for d in range(after.shape[1]):
                    J = before[c - 1, d] + (before[c, d] if x == ages - 1 else 0.0)
                    total[d] += rate * (start_weight * J + (1.0 - start_weight) * after[c, d])
        for r in range(born.shape[0]):
            share = births[z, g, r // sexes, r % sexes]
            for d in range(after.shape[1]):
                born[r, d] += total[d] * factor[BIRTH, d] * share


@inner
def newborn(
    first, t, y, area, seed, rates, exposure, factor, by_odds, fixed, inverse, work, whole, born, gone, after
):  # fmt: skip
    """Births as whole persons, which replace ``born``, and what happens to them."""
    groups, sexes, ages = rates[0].shape[1:]
    u, none, below = np.empty((4, after.shape[1])), np.empty(after.shape[1]), np.empty(after.shape[1])
    for row in range(groups * sexes):
        fill_draws(u, groups * sexes * (ages // 2 + 1) + row, EVENTS, t, area, first, seed)
        exp_row(born[row], none)
        poisson_row(u[0], born[row], none, below, inverse, u[3])
        for d in range(after.shape[1]):
            born[row, d] = work[PERSONS, d] = u[3, d]
        at, c = rates_at(rates, y, row // sexes, row % sexes, ages - ages), row * ages
        draw_cell(at, exposure[0], factor, by_odds, fixed, inverse, work, whole, u[1], u[2],
                  gone[c % gone.shape[0]], after[c])  # fmt: skip


@inner
def change_groups(first, t, y, area, seed, rates, exposure, factor, by_odds, settings, gone, after, lo, hi):
    """Those who change group join the citizens and share half a year of their deaths."""
    if rates[3].shape[3] == 1:
        return
    groups, sexes, ages = rates[0].shape[1:]
    for row in range(groups * sexes):
        for x in range(lo, hi):
            c, joined = row * ages + x, (settings[2] * sexes + row % sexes) * ages + x
            if rates[3][y, row // sexes, row % sexes, x] > 0.0:
                for d in range(after.shape[1]):
                    if gone[c, d] > 0.0:
                        _, changed, _, died, _ = fates(first + d, t, y, area, seed, rates, exposure, factor[:, d],
                                                       by_odds[d], settings[2], row, x, gone[c, d])  # fmt: skip
                        after[joined, d] += changed - died


@inner
def fates(draw, t, y, area, seed, rates, exposure, factor, by_odds, citizens, row, x, gone):
    """Of those gone, who left the city, changed group (and died after it), died; in-movers who died.

    The same numbers whenever it is asked for.
    """
    sexes, ages = rates[0].shape[2], rates[0].shape[3]
    death, out, come, change = rates_at(rates, y, row // sexes, row % sexes, x)
    q, e = scaled(death, factor[DEATH], by_odds), scaled(out, factor[OUT], by_odds)
    u = words(row * ages + x, SPLITS, t, area, draw, seed)
    left, changed, after_change, persons = 0, 0, 0, np.int64(gone)
    if persons > 0:
        die = q * (1.0 - exposure[x] * (e + change))
        left = binomial(u[0], persons, e / (e + change + die))
        if change > 0.0:
            changed = binomial(u[1], persons - left, change / (change + die))
            there = scaled(rates[0][y, citizens, row % sexes, x], factor[DEATH], by_odds)
            after_change = binomial(u[2], changed, exposure[x] * there)
    early = poisson(u[3], come * factor[IN] * exposure[x] * q)
    return left, changed, persons - left - changed, after_change, early


@inner
def add_pieces(stock, pieces, sums, first):
    """Persons of all groups and sexes by piece of the age range, into ``sums`` (piece, draw)."""
    for c in range(stock.shape[0]):
        piece = pieces[c % pieces.shape[0]]
        for d in range(stock.shape[1]):
            sums[piece, first + d] += stock[c, d]


@inner
def keep_stock(first, t, stock, kept):
    """Write down the stock at the end of a year."""
    if kept[0].shape[0] > 0:
        _, _, _, sexes, ages = kept[0].shape
        for c in range(stock.shape[0]):
            for d in range(stock.shape[1]):
                kept[0][first + d, t, c // (sexes * ages), c // ages % sexes, c % ages] = stock[c, d]


@inner
def keep_year(first, t, y, area, seed, rates, exposure, factor, by_odds, settings, before, born, gone, after, kept):
    """Write down every component of a year; in-movers who died are drawn here, for the stock has no part in them."""
    _, deaths, come, out, change, births = kept
    if deaths.shape[0] == 0:
        return
    groups, sexes, ages = rates[0].shape[1:]
    for d in range(after.shape[1]):
        k = first + d
        for row in range(groups * sexes):
            g, s = row // sexes, row % sexes
            births[k, t, g, s] = born[row, d]
            for x in range(ages):
                c = row * ages + x
                left, changed, died, later, early = fates(
                    k, t, y, area, seed, rates, exposure, factor[:, d], by_odds[d], settings[2], row, x, gone[c, d]
                )
                J = born[row, d] if x == 0 else before[c - 1, d] + (before[c, d] if x == ages - 1 else 0.0)
                deaths[k, t, g, s, x] += died + early
                out[k, t, g, s, x] = left
                come[k, t, g, s, x] += early + after[c, d] - J + gone[c, d]
                if changed > 0:
                    deaths[k, t, settings[2], s, x] += later
                    come[k, t, settings[2], s, x] -= changed - later
                    change[k, t, g, s, x] -= changed
                    change[k, t, settings[2], s, x] += changed
