"""Random projections of one area, compiled: factors on rates, persons as real numbers.

Arrays in, arrays filled; nothing here knows labels and nothing is checked. The loops hold no lock, so that
threads may share areas. Rates of one area are (year or one, group, sex, age); factors are (draw, year,
component) with the components death, out, in, birth.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math

import numpy as np

from zwkprognose.engine import draw_streams
from zwkprognose.engine.draw_streams import ANNUAL, fill, gamma_level, inner, kernel, normal

DEATH, OUT, IN, BIRTH = 0, 1, 2, 3


@kernel(draw_streams)
def draw_factors(first, last, area, seed, annual, persistence, level, factors):
    """Factors (draw, year, component) of one area, or of the city: level times autocorrelated annual errors.

    Annual errors are log-normal with mean one; their logs follow a first-order autoregression that starts in
    its stationary distribution with standard deviation ``annual``.
    """
    years = factors.shape[1]
    u = np.empty(4)
    state = np.empty(4)
    size = np.ones(4)
    fresh = math.sqrt(1.0 - persistence * persistence)
    for d in range(first, last):
        for k in range(4):
            state[k] = 0.0
            size[k] = 1.0
            if level[k] > 0.0:
                size[k] = gamma_level(1.0 / (level[k] * level[k]), k, area, d, seed)
        for t in range(years):
            fill(u, ANNUAL, t, area, d, seed)
            for k in range(4):
                if annual[k] > 0.0:
                    shock = annual[k] * normal(u[k])
                    state[k] = shock if t == 0 else persistence * state[k] + fresh * shock
                    factors[d - first, t, k] = size[k] * math.exp(state[k] - 0.5 * annual[k] * annual[k])
                else:
                    factors[d - first, t, k] = size[k]


# --- rates under factors


@inner
def of_odds(rate, factor):
    """The probability whose odds are those of another times a factor."""
    return factor * rate / (1.0 - rate + factor * rate)


@inner
def possible(y, factor, limits):
    """Would the factors leave somebody alive and present in every cell?"""
    return factor[DEATH] * limits[y, 0] + factor[OUT] * limits[y, 1] + limits[y, 2] < 1.0


@inner
def scale_newborn(y, factor, rates, now):
    """The rates of those born in the year under the factors of a draw."""
    for g in range(now.shape[1]):
        for s in range(now.shape[2]):
            now[0, g, s, 0] = rates[0][y, g, s, 0] * factor[DEATH]
            now[1, g, s, 0] = rates[1][y, g, s, 0] * factor[OUT]
            now[2, g, s, 0] = rates[2][y, g, s, 0] * factor[IN]


@inner
def scale_year(y, factor, rates, limits, now):
    """Rates of one year under the factors of a draw (component first: death, out, in, naturalisation).

    Where a factor would leave nobody alive and present, the odds are multiplied instead of the probability.
    """
    death, out, come, change = rates
    by_odds = not possible(y, factor, limits)
    for g in range(death.shape[1]):
        for s in range(death.shape[2]):
            if by_odds:
                for x in range(death.shape[3]):
                    now[0, g, s, x] = of_odds(death[y, g, s, x], factor[DEATH])
                    now[1, g, s, x] = of_odds(out[y, g, s, x], factor[OUT])
            else:
                for x in range(death.shape[3]):
                    now[0, g, s, x] = death[y, g, s, x] * factor[DEATH]
                    now[1, g, s, x] = out[y, g, s, x] * factor[OUT]
            for x in range(death.shape[3]):
                now[2, g, s, x] = come[y, g, s, x] * factor[IN]
    if change.shape[3] > 1:
        for g in range(death.shape[1]):
            for s in range(death.shape[2]):
                for x in range(death.shape[3]):
                    now[3, g, s, x] = change[y, g, s, x]


@inner
def fertile_ages(fertility):
    """First and last age at which any rate is positive, the last one excluded."""
    first, last = fertility.shape[2], 0
    for y in range(fertility.shape[0]):
        for g in range(fertility.shape[1]):
            for x in range(fertility.shape[2]):
                if fertility[y, g, x] > 0.0:
                    first, last = min(first, x), max(last, x + 1)
    return max(first, 1), last


@inner
def births_by_mother(y, factor, fertility, span, start_weight, female, before, after, work, by_mother):
    """Births of the women of each group, Σ f·(w·J + (1 − w)·P), summed by folding ``work`` in halves."""
    oldest, (first, last) = before.shape[2] - 1, span
    for g in range(before.shape[0]):
        rate, start, end = fertility[y, g], before[g, female], after[g, female]
        for k in range(work.shape[0]):
            work[k] = 0.0
        for x in range(first, last):
            work[x - first] = rate[x] * (start_weight * start[x - 1] + (1.0 - start_weight) * end[x])
        if last > oldest:
            work[oldest - first] += rate[oldest] * start_weight * start[oldest]
        half = work.shape[0] // 2
        while half > 0:
            for k in range(half):
                work[k] += work[half + k]
            half //= 2
        by_mother[g] = work[0] * factor


@inner
def room_for(span):
    """An array for the fertile ages whose length is a power of two."""
    length = 1
    while length < span[1] - span[0]:
        length *= 2
    return np.empty(length)


@inner
def edges_of(pieces):
    """First age of each piece of the age range, and the number of ages."""
    edges = np.zeros(pieces[-1] + 2, np.int64)
    edges[-1] = pieces.shape[0]
    for x in range(1, pieces.shape[0]):
        if pieces[x] != pieces[x - 1]:
            edges[pieces[x]] = x
    return edges


@inner
def add_pieces(stock, edges, t, d, total, sums):
    """Persons of all groups and sexes by piece of the age range, into ``sums`` (year, piece, draw)."""
    for x in range(total.shape[0]):
        total[x] = stock[0, 0, x]
    for k in range(1, stock.shape[0] * stock.shape[1]):
        row = stock[k // stock.shape[1], k % stock.shape[1]]
        for x in range(total.shape[0]):
            total[x] += row[x]
    for piece in range(edges.shape[0] - 1):
        added = 0.0
        for x in range(edges[piece], edges[piece + 1]):
            added += total[x]
        sums[t, piece, d] = added


# --- the area without chance


@inner
def settle_row(previous, death, out, come, factor, early, result):
    """The stock of all ages but the youngest, rates times the factors of a draw."""
    q, e, m, last = factor[DEATH], factor[OUT], factor[IN], result.shape[0] - 1
    for x in range(1, result.shape[0]):
        gone = previous[x - 1] * (out[x] * e)
        arrived = come[x] * m
        net = arrived - gone
        result[x] = previous[x - 1] - death[x] * q * (previous[x - 1] + early * net) + net
    J = previous[last - 1] + previous[last]
    net = come[last] * m - J * (out[last] * e)
    result[last] = J - death[last] * q * (J + early * net) + net


@inner
def settle_cell(J, q, e, m, a, inside, w):
    """Exits, change of group, deaths and the stock of one cell."""
    gone, left = J * e, J * a
    dead = q * (J + w * (m - gone) + w * (inside - left))
    return gone, left, dead, J - gone - left - dead + m + inside


@kernel(draw_streams)
def run_rates(
    draws, rates, limits, fertility, birth_group, birth_sex, exposure, settings, factors, pieces, start, sums, kept
):
    """All draws of one area, persons as real numbers.

    ``limits`` are the largest probabilities of death, of leaving and of a change of group (year or one, 3);
    ``settings`` the weight of women at the start, index of women, index of citizens; ``kept`` are the
    results (population, deaths, in, out, change, births) with the draws in front, of length zero if not kept.
    """
    start_weight, female, citizens = settings
    groups, sexes, ages = start.shape
    years, last = factors.shape[1], ages - 1
    has_change = rates[3].shape[3] > 1
    before, after = np.empty(start.shape), np.empty(start.shape)
    now, joining = np.zeros((4, groups, sexes, ages)), np.zeros((sexes, ages))
    by_mother, born, total = np.empty(groups), np.empty((groups, sexes)), np.empty(ages)
    edges, span = edges_of(pieces), fertile_ages(fertility)
    work = room_for(span)
    keep, beginning = kept[0].shape[0] > 0, np.int64(0)
    for d in range(draws):
        copy(start, before)
        add_pieces(before, edges, beginning, d, total, sums)
        if keep:
            copy(start, kept[0][d, 0])
        for t in range(years):
            y = min(t, rates[0].shape[0] - 1)
            plain = not has_change and possible(y, factors[d, t], limits)
            if keep or not plain:
                scale_year(y, factors[d, t], rates, limits, now)
            else:
                scale_newborn(y, factors[d, t], rates, now)
            if has_change:
                change_of_group(before, now[3], joining)
            for g in range(groups):
                for s in range(sexes):
                    previous, result = before[g, s], after[g, s]
                    q, e, m = now[0, g, s], now[1, g, s], now[2, g, s]
                    if not plain:
                        for x in range(1, ages):
                            J = previous[x - 1] + (previous[x] if x == last else 0.0)
                            inside = joining[s, x] if g == citizens else 0.0
                            cell = settle_cell(J, q[x], e[x], m[x], now[3, g, s, x], inside, exposure[x])
                            result[x] = cell[3]
                    else:
                        settle_row(previous, rates[0][y, g, s], rates[1][y, g, s], rates[2][y, g, s], factors[d, t],
                                   exposure[1], result)  # fmt: skip
            births_by_mother(min(t, fertility.shape[0] - 1), factors[d, t, BIRTH], fertility, span, start_weight,
                             female, before, after, work, by_mother)  # fmt: skip
            share_births(min(t, birth_group.shape[0] - 1), min(t, birth_sex.shape[0] - 1), birth_group, birth_sex,
                         by_mother, born)  # fmt: skip
            newborn_rates(now, born, exposure, citizens, after)
            add_pieces(after, edges, t + 1, d, total, sums)
            if keep:
                keep_rates(d, t, before, born, now, joining, citizens, exposure, after, kept)
            before, after = after, before


@inner
def copy(values, to):
    """Copy a table (group, sex, age)."""
    for g in range(values.shape[0]):
        for s in range(values.shape[1]):
            for x in range(values.shape[2]):
                to[g, s, x] = values[g, s, x]


@inner
def change_of_group(before, chance, joining):
    """Persons who join the citizens, by sex and age reached."""
    last = before.shape[2] - 1
    for s in range(before.shape[1]):
        for x in range(1, last + 1):
            joining[s, x] = 0.0
            for g in range(before.shape[0]):
                J = before[g, s, x - 1] + (before[g, s, x] if x == last else 0.0)
                joining[s, x] += J * chance[g, s, x]


@inner
def share_births(yg, ys, birth_group, birth_sex, by_mother, born):
    """Births by the child's group and sex."""
    for child in range(born.shape[0]):
        total = 0.0
        for g in range(by_mother.shape[0]):
            total += by_mother[g] * birth_group[yg, g, child]
        for s in range(born.shape[1]):
            born[child, s] = total * birth_sex[ys, s]


@inner
def newborn_rates(now, born, exposure, citizens, after):
    """The same for those born in the year."""
    for s in range(born.shape[1]):
        joining = 0.0
        for g in range(born.shape[0]):
            joining += born[g, s] * now[3, g, s, 0]
        for g in range(born.shape[0]):
            inside = joining if g == citizens else 0.0
            cell = settle_cell(born[g, s], now[0, g, s, 0], now[1, g, s, 0], now[2, g, s, 0], now[3, g, s, 0],
                               inside, exposure[0])  # fmt: skip
            after[g, s, 0] = cell[3]


@inner
def keep_rates(d, t, before, born, now, joining, citizens, exposure, after, kept):
    """Write down every component of a year."""
    population, deaths, come, out, change, births = kept
    last = before.shape[2] - 1
    for g in range(before.shape[0]):
        for s in range(before.shape[1]):
            births[d, t, g, s] = born[g, s]
            for x in range(last + 1):
                J = born[g, s] if x == 0 else before[g, s, x - 1] + (before[g, s, x] if x == last else 0.0)
                inside = 0.0
                if g == citizens and x == 0:
                    for k in range(born.shape[0]):
                        inside += born[k, s] * now[3, k, s, 0]
                elif g == citizens:
                    inside = joining[s, x]
                cell = settle_cell(J, now[0, g, s, x], now[1, g, s, x], now[2, g, s, x], now[3, g, s, x],
                                   inside, exposure[x])  # fmt: skip
                population[d, t + 1, g, s, x] = after[g, s, x]
                deaths[d, t, g, s, x] = cell[2]
                come[d, t, g, s, x] = now[2, g, s, x]
                out[d, t, g, s, x] = cell[0]
                if change.shape[0] > 0:
                    change[d, t, g, s, x] = inside - cell[1]
