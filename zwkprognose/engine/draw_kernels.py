"""Random projections of one area, compiled: factors on rates, real or whole persons.

Arrays in, arrays filled; nothing here knows labels and nothing is checked. The loops hold no lock, so that
threads may share areas. Rates of one area are (year or one, group, sex, age); factors are (draw, year,
component) with the components death, out, in, birth.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math

import numpy as np

from zwkprognose.engine import draw_counts, draw_streams
from zwkprognose.engine.draw_counts import (
    binomial,
    binomial_row,
    exp_row,
    inverses,
    none_row,
    poisson,
    poisson_row,
)
from zwkprognose.engine.draw_streams import ANNUAL, EVENTS, SPLITS, fill, gamma_level, inner, kernel, normal

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
def largest(rate):
    """Largest value of a table (group, sex, age)."""
    most = 0.0
    for g in range(rate.shape[0]):
        for s in range(rate.shape[1]):
            for x in range(rate.shape[2]):
                most = max(most, rate[g, s, x])
    return most


@inner
def limits_of(rates):
    """Largest probabilities of death, of leaving and of a change of group (year, 3)."""
    limits = np.zeros((rates[0].shape[0], 3))
    for y in range(limits.shape[0]):
        limits[y, 0], limits[y, 1], limits[y, 2] = largest(rates[0][y]), largest(rates[1][y]), largest(rates[3][y])
    return limits


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
        work[:] = 0.0
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


@kernel(draw_streams, draw_counts)
def run_rates(draws, rates, fertility, birth_group, birth_sex, exposure, settings, factors, pieces, start, sums, kept):
    """All draws of one area, persons as real numbers.

    ``settings`` are the weight of women at the start, index of women, index of citizens; ``kept`` are the
    results (population, deaths, in, out, change, births) with the draws in front, of length zero if not kept.
    """
    start_weight, female, citizens = settings
    groups, sexes, ages = start.shape
    years, last = factors.shape[1], ages - 1
    has_change = rates[3].shape[3] > 1
    before, after = np.empty(start.shape), np.empty(start.shape)
    now, joining = np.zeros((4, groups, sexes, ages)), np.zeros((sexes, ages))
    by_mother, born, total = np.empty(groups), np.empty((groups, sexes)), np.empty(ages)
    limits, edges, span = limits_of(rates), edges_of(pieces), fertile_ages(fertility)
    work = room_for(span)
    keep = kept[0].shape[0] > 0
    for d in range(draws):
        before[:] = start
        add_pieces(before, edges, 0, d, total, sums)
        if keep:
            kept[0][d, 0] = before
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
def change_of_group(before, chance, joining):
    """Persons who join the citizens, by sex and age reached."""
    last = before.shape[2] - 1
    joining[:] = 0.0
    for g in range(before.shape[0]):
        for s in range(before.shape[1]):
            for x in range(1, last + 1):
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


# --- the area with chance


@inner
def prepare_events(now, exposure, chance, odds, mean, none):
    """Probability to go in any way, its odds, mean of in-movers who survive, and exp(−mean) (group, sex, age).

    Of J persons each leaves, changes group, dies or stays; of in-movers, a Poisson number survives and an
    independent one dies, which is the same as deaths among a Poisson number of in-movers.
    """
    for g in range(chance.shape[0]):
        for s in range(chance.shape[1]):
            for x in range(chance.shape[2]):
                move = now[1, g, s, x] + now[3, g, s, x]
                chance[g, s, x] = move + now[0, g, s, x] * (1.0 - exposure[x] * move)
                odds[g, s, x] = chance[g, s, x] / (1.0 - chance[g, s, x]) if chance[g, s, x] < 1.0 else 0.0
                mean[g, s, x] = now[2, g, s, x] * (1.0 - exposure[x] * now[0, g, s, x])
            exp_row(mean[g, s], none[g, s])


@inner
def split_gone(u, v, gone, e, a, d):
    """Of those gone, how many left the city, changed group, died."""
    if gone == 0:
        return 0, 0, 0
    left = binomial(u, gone, e / (e + a + d))
    changed = binomial(v, gone - left, a / (a + d)) if a > 0.0 else 0
    return left, changed, gone - left - changed


@kernel(draw_streams, draw_counts)
def run_events(
    first, draws, area, seed, rates, fertility, birth_group, birth_sex, exposure, settings, factors, fixed,
    pieces, start, sums, kept,
):  # fmt: skip
    """All draws of one area with whole persons: binomial exits and deaths, Poisson in-moves and births."""
    start_weight, female, citizens = settings
    groups, sexes, ages = start.shape
    years, last, cells = factors.shape[1], ages - 1, groups * sexes * ages
    has_change, keep = rates[3].shape[3] > 1, kept[0].shape[0] > 0
    before, after = np.empty(start.shape, np.int64), np.empty(start.shape, np.int64)
    tables = np.empty((rates[0].shape[0], 4, groups, sexes, ages))
    now = np.zeros((rates[0].shape[0], 4, groups, sexes, ages))
    u, v = np.empty(2 * cells + 4 * groups * sexes), np.empty(4 * cells)
    J, persons = np.empty(ages, np.int64), np.empty(ages)
    count, other = np.empty(ages), np.empty(ages)
    pmf, cdf, inverse = np.empty(ages), np.empty(ages), inverses()
    by_mother, born, total = np.empty(groups), np.empty((groups, sexes)), np.empty(ages)
    limits, edges, span = limits_of(rates), edges_of(pieces), fertile_ages(fertility)
    work = room_for(span)
    gone = np.zeros(start.shape, np.int64)
    for d in range(draws):
        for g in range(groups):
            for s in range(sexes):
                for x in range(ages):
                    before[g, s, x] = int(start[g, s, x])
        add_pieces(before, edges, 0, d, total, sums)
        if keep:
            kept[0][d, 0] = before
        for t in range(years):
            y = min(t, rates[0].shape[0] - 1)
            if d == 0 or not fixed:
                scale_year(y, factors[d, t], rates, limits, now[y])
                prepare_events(now[y], exposure, tables[y, 0], tables[y, 1], tables[y, 2], tables[y, 3])
            fill(u, EVENTS, t, area, first + d, seed)
            at = 0
            for g in range(groups):
                for s in range(sexes):
                    J[0] = 0
                    for x in range(1, ages):
                        J[x] = before[g, s, x - 1]
                    J[last] += before[g, s, last]
                    pmf[:] = tables[y, 3, g, s]
                    poisson_row(u[at : at + ages], tables[y, 2, g, s], pmf, cdf, inverse, other)
                    none_row(J, tables[y, 0, g, s], pmf, cdf)
                    for x in range(ages):
                        persons[x] = J[x]
                    binomial_row(u[at + ages : at + 2 * ages], persons, tables[y, 0, g, s], tables[y, 1, g, s],
                                 pmf, cdf, inverse, count)  # fmt: skip
                    at += 2 * ages
                    for x in range(ages):
                        gone[g, s, x] = np.int64(count[x])
                        after[g, s, x] = J[x] - np.int64(count[x]) + np.int64(other[x])
            if has_change:
                fill(v, SPLITS, t, area, first + d, seed)
                settle_changes(v, before, gone, now[y], exposure, citizens, after)
            births_by_mother(min(t, fertility.shape[0] - 1), factors[d, t, BIRTH], fertility, span, start_weight,
                             female, before, after, work, by_mother)  # fmt: skip
            share_births(min(t, birth_group.shape[0] - 1), min(t, birth_sex.shape[0] - 1), birth_group, birth_sex,
                         by_mother, born)  # fmt: skip
            newborn_events(u, at, v, tables[y], now[y], exposure, citizens, has_change, born, gone, after)
            add_pieces(after, edges, t + 1, d, total, sums)
            if keep:
                fill(v, SPLITS, t, area, first + d, seed)
                keep_events(d, t, v, before, born, gone, now[y], exposure, citizens, after, kept)
            before, after = after, before


@inner
def settle_changes(v, before, gone, now, exposure, citizens, after):
    """Those who change group join the citizens and share half a year of their deaths."""
    for g in range(before.shape[0]):
        for s in range(before.shape[1]):
            for x in range(1, before.shape[2]):
                if now[3, g, s, x] > 0.0 and gone[g, s, x] > 0:
                    _, changed, _ = split_cell(v, g, s, x, gone, now, exposure)
                    died = died_after_change(v, g, s, x, changed, now, exposure, citizens, after)
                    after[citizens, s, x] += changed - died


@inner
def split_cell(v, g, s, x, gone, now, exposure):
    """The fates of those gone from a cell; the same numbers whenever it is asked for."""
    e, a = now[1, g, s, x], now[3, g, s, x]
    at = 4 * ((g * now.shape[2] + s) * now.shape[3] + x)
    return split_gone(v[at], v[at + 1], gone[g, s, x], e, a, now[0, g, s, x] * (1.0 - exposure[x] * (e + a)))


@inner
def died_after_change(v, g, s, x, changed, now, exposure, citizens, after):
    """Deaths among those who changed group, at the mortality of the citizens."""
    at = 4 * ((g * now.shape[2] + s) * now.shape[3] + x)
    return binomial(v[at + 2], changed, exposure[x] * now[0, citizens, s, x])


@inner
def newborn_events(u, at, v, tables, now, exposure, citizens, has_change, born, gone, after):
    """Births as whole persons, and what happens to them; ``born`` is replaced by the number drawn."""
    sexes = born.shape[1]
    for g in range(born.shape[0]):
        for s in range(sexes):
            k = at + 4 * (g * sexes + s)
            children = poisson(u[k], born[g, s])
            born[g, s] = children
            gone[g, s, 0] = binomial(u[k + 1], children, tables[0, g, s, 0])
            after[g, s, 0] = children - gone[g, s, 0] + poisson(u[k + 2], tables[2, g, s, 0])
    if has_change:
        for g in range(born.shape[0]):
            for s in range(sexes):
                if now[3, g, s, 0] > 0.0 and gone[g, s, 0] > 0:
                    _, changed, _ = split_cell(v, g, s, 0, gone, now, exposure)
                    died = died_after_change(v, g, s, 0, changed, now, exposure, citizens, after)
                    after[citizens, s, 0] += changed - died


@inner
def keep_events(d, t, v, before, born, gone, now, exposure, citizens, after, kept):
    """Write down every component of a year; in-movers who died are drawn here, for the stock has no part in them."""
    population, deaths, come, out, change, births = kept
    last = before.shape[2] - 1
    deaths[d, t] = 0.0
    if change.shape[0] > 0:
        change[d, t] = 0.0
    for g in range(before.shape[0]):
        for s in range(before.shape[1]):
            births[d, t, g, s] = born[g, s]
            for x in range(last + 1):
                left, changed, died = split_cell(v, g, s, x, gone, now, exposure)
                at = 4 * ((g * now.shape[2] + s) * now.shape[3] + x)
                early = poisson(v[at + 3], now[2, g, s, x] * exposure[x] * now[0, g, s, x])
                deaths[d, t, g, s, x] += died + early
                out[d, t, g, s, x] = left
                come[d, t, g, s, x] = early
                if changed > 0:
                    later = died_after_change(v, g, s, x, changed, now, exposure, citizens, after)
                    deaths[d, t, citizens, s, x] += later
                    change[d, t, g, s, x] -= changed
                    change[d, t, citizens, s, x] += changed
    for g in range(before.shape[0]):
        for s in range(before.shape[1]):
            for x in range(last + 1):
                J = born[g, s] if x == 0 else before[g, s, x - 1] + (before[g, s, x] if x == last else 0)
                population[d, t + 1, g, s, x] = after[g, s, x]
                net = change[d, t, g, s, x] if change.shape[0] > 0 else 0.0
                come[d, t, g, s, x] = after[g, s, x] - J + deaths[d, t, g, s, x] + out[d, t, g, s, x] - net
