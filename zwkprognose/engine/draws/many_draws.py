"""Random projections of one area, compiled: many draws side by side, persons as real numbers or whole.

Of J persons each leaves, changes group, dies or stays; of in-movers, a Poisson number survives and an independent
one dies, which is the same as deaths among a Poisson number of in-movers. Without events the same year is expected.
Arrays are (cell, draw); a cell is group, sex and age in a row. Rates of the area are (year or one, group, sex, age),
factors (draw, year, component). Nothing here knows labels and nothing is checked. The loops hold no lock, so that
threads may share areas.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from zwkprognose.engine import formulas
from zwkprognose.engine.compiled.compiling import called, compiled, inlined, part
from zwkprognose.engine.draws.counts import STEPS, TABLE, binomial, inverses, poisson
from zwkprognose.engine.draws.many_cells import (  # fmt: skip
    BIRTH,
    DEATH,
    IN,
    OUT,
    ROWS,
    expect_older,
    newborn,
    older,
    rates_at,
    scaled,
)
from zwkprognose.engine.draws.streams import SPLITS, draw_factors, words

__all__ = ["draw_factors", "run_area"]

#: Draws side by side: as many as keep the stock of an area near the processor.
TOGETHER = 256

dying, mothers = inlined(formulas.dying), inlined(formulas.mothers)


@compiled()
def run_area(
    area, seed, since, rates, limits, fertility, births, exposure, settings, factors, events, expected, fixed, changing,
    pieces, start, sums, kept,
):
    """Draws of one area from number ``since`` on: binomial exits and deaths, Poisson in-moves and births, or what is
    expected.

    ``limits`` are the largest probabilities of death, of leaving and of a change of group (year or one, 3);
    ``births`` the children by group and sex of a birth (year or one, mother's group, group, sex); ``settings``
    the weight of women at the start, index of women, index of citizens; ``kept`` are the results (population, deaths,
    in, out, change, births) with the draws in front, or None.

    ``events`` (whole persons are drawn) or ``expected`` (they are not), ``fixed`` (all factors are one) and
    ``changing`` (some change group) are True or None: what is done where one is not None is not even compiled where it
    is, which saves a third of the wait for the first draw.
    """
    cells, years, newest, oldest = start.size, factors.shape[1], np.int64(0), np.int64(start.shape[2])
    inverse, first_stock = inverses(), start.ravel()
    for first in range(0, factors.shape[0], TOGETHER):
        draws = min(TOGETHER, factors.shape[0] - first)
        before, after = np.empty((cells, draws)), np.empty((cells, draws))
        rows = 1
        if changing is not None:
            rows = cells
        if kept is not None:
            rows = cells
        gone = np.empty((rows, draws))
        work, whole = np.empty((ROWS, max(draws, STEPS + TABLE))), np.empty(draws, np.int64)
        factor, odds, born = np.empty((4, draws)), np.empty(draws, np.bool_), np.empty((births[0, 0].size, draws))
        for c in range(cells):
            for d in range(draws):
                before[c, d] = first_stock[c]
        add_pieces(before, pieces, sums[0], first)
        if kept is not None:
            keep_stock(first, newest, before, kept)
        for t in range(years):
            y = min(t, rates[0].shape[0] - 1)
            by_odds = odds[: take_factors(first, t, factors, limits[y], factor, odds)]
            done = False
            if expected is not None and by_odds.shape[0] == 0:
                expect_older(y, rates, exposure, factor, before, gone, after)
                done = True
            if not done:
                older(since + first, t, y, area, seed, rates, exposure, factor, by_odds, events, fixed, inverse, work,
                      whole, before, gone, after)  # fmt: skip
            if changing is not None:
                change_groups(since + first, t, y, area, seed, rates, exposure, factor, by_odds, events, settings, gone,
                              after, newest + 1, oldest)  # fmt: skip
            bear(min(t, fertility.shape[0] - 1), min(t, births.shape[0] - 1), fertility, births, settings, factor,
                 before, after, born)  # fmt: skip
            newborn(since + first, t, y, area, seed, rates, exposure, factor, by_odds, events, fixed, inverse, work,
                    whole, born, gone, after)  # fmt: skip
            if changing is not None:
                change_groups(since + first, t, y, area, seed, rates, exposure, factor, by_odds, events, settings, gone,
                              after, newest, newest + 1)  # fmt: skip
            add_pieces(after, pieces, sums[t + 1], first)
            if kept is not None:
                keep_stock(first, t + 1, after, kept)
                keep_year(first, since, t, y, area, seed, rates, exposure, factor, by_odds, events, settings, before,
                          born, gone, after, kept)  # fmt: skip
            before, after = after, before


@called
def take_factors(first, t, factors, limits, factor, odds):
    """Factors (component, draw) of a year, and whether odds are multiplied, as nobody else would be left.

    Returns the number of draws, or none if it is the case in no draw.
    """
    some = 0
    for d in range(factor.shape[1]):
        for k in range(4):
            factor[k, d] = factors[first + d, t, k]
        odds[d] = factor[DEATH, d] * limits[0] + factor[OUT, d] * limits[1] + limits[2] >= 1.0
        some += odds[d]
    return factor.shape[1] if some > 0 else 0


@part
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
                    total[d] += rate * mothers(start_weight, J, after[c, d])
        for r in range(born.shape[0]):
            share = births[z, g, r // sexes, r % sexes]
            for d in range(after.shape[1]):
                born[r, d] += total[d] * factor[BIRTH, d] * share


@called
def change_groups(first, t, y, area, seed, rates, exposure, factor, by_odds, events, settings, gone, after, lo, hi):
    """Those who change group join the citizens and share half a year of their deaths."""
    groups, sexes, ages = rates[0].shape[1:]
    for row in range(groups * sexes):
        for x in range(lo, hi):
            c, joined = row * ages + x, (settings[2] * sexes + row % sexes) * ages + x
            if rates[3][y, row // sexes, row % sexes, x] > 0.0:
                for d in range(after.shape[1]):
                    if gone[c, d] > 0.0:
                        _, changed, _, died, _ = fates(first + d, t, y, area, seed, rates, exposure, factor, by_odds, d,
                                                       events, settings[2], row, x, gone[c, d])  # fmt: skip
                        after[joined, d] += changed - died


@called
def fates(draw, t, y, area, seed, rates, exposure, factor, by_odds, d, events, citizens, row, x, gone):
    """Of those gone, who left the city, changed group, died; who died after the change; in-movers who died.

    The same numbers whenever it is asked for.
    """
    sexes, ages = rates[0].shape[2], rates[0].shape[3]
    death, out, come, change = rates_at(rates, y, row // sexes, row % sexes, x)
    odds = by_odds.shape[0] > 0 and by_odds[d]
    q, e = scaled(death, out, change, factor, odds, d)
    die = dying(q, exposure[x], e + change)
    of_citizens = rates_at(rates, y, citizens, row % sexes, x)
    there = exposure[x] * scaled(of_citizens[0], of_citizens[1], of_citizens[3], factor, odds, d)[0]
    early = come * factor[IN, d] * exposure[x] * q
    if events is None:
        each = gone / (e + change + die) if gone > 0.0 else 0.0
        return each * e, each * change, each * die, each * change * there, early
    u, persons = words(row * ages + x, SPLITS, t, area, draw, seed), np.int64(gone)
    left, changed = 0, 0
    if persons > 0:
        left = binomial(u[0], persons, e / (e + change + die))
        changed = binomial(u[1], persons - left, change / (change + die)) if change > 0.0 else 0
    return (
        float(left), float(changed), float(persons - left - changed), float(binomial(u[2], changed, there)),
        float(poisson(u[3], early)),
    )  # fmt: skip


@called
def add_pieces(stock, pieces, sums, first):
    """Persons of all groups and sexes by piece of the age range, into ``sums`` (piece, draw)."""
    for c in range(stock.shape[0]):
        piece = pieces[c % pieces.shape[0]]
        for d in range(stock.shape[1]):
            sums[piece, first + d] += stock[c, d]


@called
def keep_stock(first, t, stock, kept):
    """Write down the stock at the end of a year."""
    _, _, _, sexes, ages = kept[0].shape
    for c in range(stock.shape[0]):
        for d in range(stock.shape[1]):
            kept[0][first + d, t, c // (sexes * ages), c // ages % sexes, c % ages] = stock[c, d]


@called
def keep_year(
    first, since, t, y, area, seed, rates, exposure, factor, by_odds, events, settings, before, born, gone, after, kept
):
    """Write down every component of a year; in-movers who died are drawn here, for the stock has no part in them."""
    _, deaths, come, out, change, births = kept
    groups, sexes, ages = rates[0].shape[1:]
    for d in range(after.shape[1]):
        k = first + d
        for row in range(groups * sexes):
            g, s = row // sexes, row % sexes
            births[k, t, g, s] = born[row, d]
            for x in range(ages):
                c = row * ages + x
                left, changed, died, later, early = fates(
                    since + k, t, y, area, seed, rates, exposure, factor, by_odds, d, events, settings[2], row, x,
                    gone[c, d],
                )  # fmt: skip
                J = born[row, d] if x == 0 else before[c - 1, d] + (before[c, d] if x == ages - 1 else 0.0)
                deaths[k, t, g, s, x] += died + early
                out[k, t, g, s, x] = left
                come[k, t, g, s, x] += early + after[c, d] - J + gone[c, d]
                if changed > 0.0:
                    deaths[k, t, settings[2], s, x] += later
                    come[k, t, settings[2], s, x] -= changed - later
                    change[k, t, g, s, x] -= changed
                    change[k, t, settings[2], s, x] += changed
