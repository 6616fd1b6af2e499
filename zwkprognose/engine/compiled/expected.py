"""The expected year of a city, compiled: for draws and comparisons, which need it thousands of times, and for Eckwerte.

The parts are those of ``city``, with the lines of ``formulas``. What is added: rates are multiplied by the factors of a
draw and by those of Eckwerte of flows, components are written down on demand only, and Eckwerte of the stock are met:
the kernel adds up what their solution needs to know, somebody else solves them, the kernel goes on with the factors.

Few arguments, each of many parts: the time that numba needs to compile grows with their number. ``cells`` are all
ages, or those born in the year in tables of their own: (tables ``w`` with the parts below (part, area, cell), rates,
exposure, profiles of new dwellings, residents released and at the end, shares of a matrix, sums, room to work in);
``women`` (rates of births, fertile ages, weight of those at the start, births, factors of the draw, factors of the
Eckwerte of births); ``held`` and ``pieces`` the Eckwerte, see ``flow_levels`` and ``held``; ``size`` groups, index of
the citizens, how people move inside the city, whether dwellings are built, cells for which a share of a matrix stands,
index of the women, ages.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np
from numba import types

from zwkprognose.engine import formulas
from zwkprognose.engine.compiled import city
from zwkprognose.engine.compiled.compiling import called, compiled, inlined
from zwkprognose.engine.compiled.flow_levels import impossible, lift_flows, take_lift
from zwkprognose.engine.compiled.held import (
    add_area,
    bear_expected,
    clear_sums,
    expand,
    finish,
    move_in,
    put_young,
    spread,
    sum_newborn,
)
from zwkprognose.engine.compiled.parts import (
    AGAIN,
    ALIVE,
    BLOCK,
    BORN,
    CAME,
    CHANCES,
    CHANGED,
    COMPONENTS,
    DEAD,
    DOWN,
    HELD,
    HOMES,
    INWARD,
    LEFT,
    LIFT_DEATH,
    LIFT_IN,
    LIFT_OUT,
    MOVED_IN,
    MOVED_OUT,
    NEGATIVE,
    NONE,
    ONE,
    OUTWARD,
    ROUNDING,
    SPECIAL,
    START,
    STOCK,
    TABLES,
    TOO_MANY,
    UP,
    WEIGH,
    E,
    N,
    Q,
    X,
)
from zwkprognose.engine.compiled.rows import (
    FLOAT,
    INT,
    ORDER,
    ROWS,
    TABLE,
    WORK,
    YES,
    add,
    anybody,
    asked,
    at,
    bear,
    change_groups,
    clear,
    deaths,
    early,
    grow,
    less,
    move_across,
    multiply,
    new_homes,
    occupy,
    send_one,
    settle_row,
    stock_at_end,
    survivors,
    weighted_by,
)

__all__ = [
    "CAME", "CHANCES", "CHANGED", "COMPONENTS", "DEAD", "DOWN", "HOMES", "LEFT", "MOVED_IN", "MOVED_OUT", "NEGATIVE",
    "SPECIAL", "START", "STOCK", "TABLES", "UP", "E", "N", "Q", "X", "count", "expect", "expect_freely", "ready",
    "set_out",
]  # fmt: skip

match = called(city.match.function)
by_odds, crowded = inlined(formulas.by_odds), inlined(formulas.crowded)

#: Origins at a time, and cells.
FOUR, WIDE = np.uintp(4), np.uintp(128)
#: A row to work in of which nobody makes use.
EMPTY_ROW = 7

#: Sums of a draw over all areas: the pool, the stock, what the new dwellings draw.
SUMS = np.uintp(3)

NUMBERS = types.int64[:, ::1]
CELLS = types.Tuple((WORK, types.UniTuple(ROWS, 9), TABLE, TABLE, ROWS, ROWS, ROWS, WORK, WORK))
WOMEN = types.Tuple((types.UniTuple(ROWS, 3), types.UniTuple(INT, 2), FLOAT, ROWS, TABLE, TABLE))
LEVELS = types.Tuple((NUMBERS, NUMBERS, NUMBERS, TABLE, TABLE))
PIECES = types.Tuple((ORDER, ORDER, WORK, WORK))


# --- one area of a draw: rates under the factors (area, component) of the draw and those of the Eckwerte of flows


@called
def scale(i, u, v, factor, limits, lifted, w, rates):
    """Rates of area ``i`` times factors and lifts of row ``u``, into row ``v`` of the tables.

    Deaths and leaving are multiplied against staying where otherwise nobody would be left.
    """
    (death, q), (out, e), (known, x), (entries, n) = rates[0], rates[1], rates[2], rates[3]
    kd, ko, ki = factor[u, 0], factor[u, 1], factor[u, 2]
    if is_crowded(i, kd, ko, limits):
        crowd(kd, ko, w, rates, i, v)
    else:
        times(kd, death, at(q, NONE, i), w[Q], v)
        times(ko, out, at(e, NONE, i), w[E], v)
    times(ki, entries, at(n, NONE, i), w[N], v)
    if known.shape[1] > 1:
        times(1.0, known, at(x, NONE, i), w[X], v)
    if lifted > NONE:
        lift(w[LIFT_DEATH], u, w[Q], v)
        lift(w[LIFT_OUT], u, w[E], v)
        lift(w[LIFT_OUT], u, w[X], v)
        lift(w[LIFT_IN], u, w[N], v)


@called
def times(factor, rate, n, into, v):
    """One rate of an area under a factor."""
    for c in range(np.uintp(into.shape[1])):
        into[v, c] = factor * rate[n, c]


@called
def crowd(kd, ko, w, rates, i, v):
    """Death and leaving of an area under factors that would take more than there are."""
    (death, q), (out, e), (chance, k), (move_out, r) = rates[0], rates[1], rates[4], rates[5]
    first, second, third, fourth = at(q, NONE, i), at(e, NONE, i), at(k, NONE, i), at(r, NONE, i)
    for c in range(np.uintp(w[Q].shape[1])):
        changing = chance[third, c] if chance.shape[1] > 1 else 0.0
        moving = move_out[fourth, c] if move_out.shape[1] > 1 else 0.0
        among = crowded(death[first, c], out[second, c], changing + moving, kd, ko)
        w[Q][v, c], w[E][v, c] = by_odds(death[first, c], kd, among), by_odds(out[second, c], ko, among)


@called
def lift(by, u, into, v):
    """Multiply a row."""
    for c in range(np.uintp(into.shape[1])):
        into[v, c] *= by[u, c]


@called
def begin(i, d, stocks, ages, people, J, j):
    """J: everybody one year older, without those in facilities; nobody is born yet."""
    (alive, p), (homes, h) = stocks[0], stocks[1]
    if homes.shape[1] > 1:
        less(NONE, np.uintp(people.shape[1]), alive, at(p, d, i), homes, at(h, NONE, i), people, NONE)
        grow(people, NONE, J, j, ages)
    else:
        grow(alive, at(p, d, i), J, j, ages)


@called
def add_movers(J, j, chance, r, pool, k):
    """Add the movers of a row to a pool."""
    for c in range(np.uintp(pool.shape[1])):
        pool[k, c] += J[j, c] * chance[r, c]


@called
def exchange(J, j, chance, r, share, h, pool, k, inside):
    """Arrivals from the pool less movers."""
    for c in range(np.uintp(pool.shape[1])):
        inside[0, c] = share[h, c] * pool[k, c] - J[j, c] * chance[r, c]


@called
def leave(ko, J, j, out, o, known, x, into, k):
    """Out-moves under a factor of their rate."""
    for c in range(np.uintp(into.shape[1])):
        into[k, c] = J[j, c] * (ko * out[o, c]) + known[x, c]


@called
def end_row(kd, ki, J, j, death, q, w, entries, e, gone, o, inside, people, n):
    """The stock at the end of the year where no component is wanted, under factors of deaths and in-moves."""
    for c in range(np.uintp(people.shape[1])):
        come = ki * entries[e, c]
        net_early = early(w[0, c], come) - early(w[0, c], gone[o, c])
        dead = deaths(kd * death[q, c], J[j, c], net_early, early(w[0, c], inside[0, c]))
        people[n, c] = stock_at_end(J[j, c], dead, come - gone[o, c], inside[0, c])


@called
def weigh(kd, ki, J, j, death, q, w, entries, e, gone, o, inside, alive, inward, outward, u):
    """Survivors and moves across the city line without those movers who die, under the same factors."""
    for c in range(np.uintp(alive.shape[1])):
        alive[u, c] = survivors(J[j, c], kd * death[q, c], w[0, c], inside[0, c])
    for c in range(np.uintp(alive.shape[1])):
        come = ki * entries[e, c]
        inward[u, c] = weighted_by(come, kd * death[q, c], early(w[0, c], come))
    for c in range(np.uintp(alive.shape[1])):
        outward[u, c] = weighted_by(gone[o, c], kd * death[q, c], early(w[0, c], gone[o, c]))


# --- what an area needs to know of the others


@called
def gather(size, order, persons, cells, stocks, beginning, anew, draws, run):
    """Pool or arrivals by matrix, stock and draw of the new dwellings; each share stands for the cells of a run.

    ``beginning`` says that those at the start are first to be found; if they are wanted ``anew`` wherever they are
    needed, all areas share their row. Row numbers of the draws are those of their areas, one draw after the other.
    """
    w, rates, _, _, _, _, matrix, sums, work = cells
    (move_out, r), pools, totals, all_areas = rates[5], sums[0], sums[1], sums[2]
    moving, build = size[2], size[3] > NONE
    areas, width, kept = np.uintp(order.shape[0]), np.uintp(w.shape[2]), ONE - anew
    blocks = (areas + BLOCK - ONE) // BLOCK
    for block in range(draws * blocks):
        clear(NONE, width, pools, block)
        clear(NONE, width, totals, block)
    for place in range(areas):
        i = order[place]
        for d in range(draws):
            j, k = (d * areas + i) * kept, d * blocks + place // BLOCK
            if beginning > NONE:
                begin(i, d, stocks, size[6], work[0], w[START], j)
            if moving == ONE:
                add_movers(w[START], j, move_out, at(r, NONE, i), pools, k)
            elif moving > ONE:
                multiply(NONE, width, w[START], j, move_out, at(r, NONE, i), w[MOVED_OUT], d * areas + i)
            if build:
                add(NONE, width, w[START], j, totals, k)
    for d in range(draws):
        for what in range(SUMS):
            clear(NONE, width, all_areas, SUMS * d + what)
        for block in range(d * blocks, d * blocks + blocks):
            add(NONE, width, pools, block, all_areas, SUMS * d)
            add(NONE, width, totals, block, all_areas, SUMS * d + ONE)
        if moving > ONE and (run > ONE or draws == ONE):
            match(NONE, areas, d, order, matrix, run, (w[MOVED_OUT], (areas, ONE)), (w[MOVED_IN], (areas, ONE)),
                  all_areas[:1], run)  # fmt: skip
    if moving > ONE and run == ONE and draws > ONE:
        arrive(order, matrix, draws, w)
    if build:
        ask(size, order, persons[0], cells, stocks, anew, draws)


@called
def arrive(order, matrix, draws, w):
    """Arrivals by origin–destination shares that each stand for one cell, added origin by origin.

    Each share is read once for all draws, and as many cells are taken at a time as stay in the cache for all areas.
    """
    (shares, s), areas, cells = matrix, np.uintp(order.shape[0]), np.uintp(w.shape[2])
    width, together = np.uintp(shares.shape[1]), areas // FOUR * FOUR
    for u in range(draws * areas):
        clear(NONE, cells, w[MOVED_IN], u)
    for first in range(NONE, cells, width):
        for a in range(NONE, width, WIDE):
            for k in range(NONE, together, FOUR):
                one, two, three, four = order[k], order[k + ONE], order[k + ONE + ONE], order[k + FOUR - ONE]
                for j in range(areas):
                    rows = at(s, one, j), at(s, two, j), at(s, three, j), at(s, four, j)
                    for u in range(NONE, draws * areas, areas):
                        send_part(a, min(a + WIDE, width), first, w[MOVED_OUT], (u + one, u + two, u + three, u + four),
                                  shares, rows, w[MOVED_IN], u + j)  # fmt: skip
    for i in order[together:]:
        for j in range(areas):
            for u in range(NONE, draws * areas, areas):
                send_one(w[MOVED_OUT], u + i, shares, at(s, i, j), w[MOVED_IN], u + j)


@called
def send_part(a, b, first, moving, m, shares, s, arriving, u):
    """Movers of four origins to one destination, one after the other: the cells of some shares from ``first`` on."""
    m0, m1, m2, m3 = m
    s0, s1, s2, s3 = s
    for c in range(a, b):
        total = arriving[u, first + c] + moving[m0, first + c] * shares[s0, c]
        total += moving[m1, first + c] * shares[s1, c]
        total += moving[m2, first + c] * shares[s2, c]
        arriving[u, first + c] = total + moving[m3, first + c] * shares[s3, c]


@called
def ask(size, order, inside, cells, stocks, anew, draws):
    """Draw of the new dwellings, from the stock of all areas."""
    w, homes, all_areas, work, areas, width = (
        cells[0], cells[3], cells[7][2], cells[8], np.uintp(order.shape[0]), np.uintp(cells[0].shape[2]),
    )  # fmt: skip
    for i in order:
        if anybody(inside, i):
            new_homes(NONE, width, inside, i, homes, work[1])
            for d in range(draws):
                j, k = (d * areas + i) * (ONE - anew), SUMS * d + ONE
                if anew > NONE:
                    begin(i, d, stocks, size[6], work[0], w[START], j)
                asked(NONE, width, work[1], all_areas[k : k + ONE], w[START], j, work[2])
                add(NONE, width, work[2], NONE, all_areas, k + ONE)


@called
def pass_areas(size, order, persons, cells, stocks, women, limits, pieces, how):
    """What happens to the cells of every area of every draw; see :func:`pass_area`.

    ``how`` are numbers, one or none: of each literal truth numba would make a function of its own. They say whether
    moves are multiplied, components kept, cells weighed for the Eckwerte, births wanted, those at the start found anew,
    and rates lifted, kept, or known already.
    """
    areas = np.uintp(order.shape[0])
    draws = np.uintp(women[4].shape[0]) // areas
    for i in order:
        for d in range(draws):
            pass_area(size, i, d, d * areas + i, persons, cells, stocks, women, limits, how)
        if pieces is not None:
            add_area(i, size[6], cells[5], cells[0], pieces)


@inlined
def pass_area(size, i, d, u, persons, cells, stocks, women, limits, how):
    """What happens to the cells of an area: weighed for the Eckwerte, or carried out with the births of the women.

    Weighed are survivors and moves across the city line without those movers who die. What is not kept shares a row.
    """
    w, rates, exposure, _, _, _, _, _, work = cells
    scaled, keep, weighing, bearing, anew, lifted, kept, ready = how
    (people, p), (death, q), (entries, e), (out, o), (known, x) = stocks[0], rates[0], rates[3], rates[1], rates[2]
    q, e, o, x, n = at(q, NONE, i), at(e, NONE, i), at(o, NONE, i), at(x, NONE, i), at(p, d, i)
    width, j, k, v, inside = np.uintp(exposure.shape[1]), u * (ONE - anew), u * keep, u * kept, work[3]
    kd, ko, ki = women[4][u, 0], women[4][u, 1], women[4][u, 2]
    if known.shape[1] == 1:
        known, x = work[EMPTY_ROW], NONE
    if anew > NONE:
        begin(i, d, stocks, size[6], work[0], w[START], j)
    if written(i, kd, ko, ki, limits, keep, max(lifted, kept)):
        if ready == NONE:
            scale(i, u, v, women[4], limits, lifted, w, rates)
        death, out, entries, q, o, e, kd, ko, ki = w[Q], w[E], w[N], v, v, v, 1.0, 1.0, 1.0
        if rates[2][0].shape[1] > 1:
            known, x = w[X], v
    leave(ko, w[START], j, out, o, known, x, w[LEFT], k)
    move_inside(size, i, d, u, j, persons, cells, keep)
    if weighing > NONE:
        weigh(kd, ki, w[START], j, death, q, exposure, entries, e, w[LEFT], k, inside, w[ALIVE], w[INWARD], w[OUTWARD],
              u)  # fmt: skip
    elif keep > NONE:
        move_across(NONE, width, entries, e, w[UP], u * scaled, exposure, w[CAME], k, w[LEFT], k, w[DOWN], u * scaled,
                    work[4], work[5])  # fmt: skip
        settle_row(NONE, width, w[START], j, death, q, exposure, work[4], work[5], inside, w[DEAD], k, people, n)
    else:
        end_row(kd, ki, w[START], j, death, q, exposure, entries, e, w[LEFT], k, inside, people, n)
    if bearing > NONE:
        bear(i, d, w[START], j, people, n, women[0], NONE, women[1], women[2], size[5], work[6], women[3])


@inlined
def written(i, kd, ko, ki, limits, keep, kept):
    """Are rates written down under their factors: as somebody wants them, or as they are not simply multiplied?"""
    multiplied = kd != 1.0 or ko != 1.0 or ki != 1.0
    return kept > NONE or (keep > NONE and multiplied) or is_crowded(i, kd, ko, limits)


@inlined
def is_crowded(i, kd, ko, limits):
    """May factors take more than there are in an area? The rates as they are never do."""
    multiplied = kd != 1.0 or ko != 1.0
    return multiplied and kd * limits[i, 0] + ko * limits[i, 1] + limits[i, 2] >= 1.0


@inlined
def move_inside(size, i, d, u, j, persons, cells, keep):
    """Net entries of an area that do not cross the city line in both directions, into a row of ``work``."""
    w, rates, _, homes, (free, f), _, _, sums, work = cells
    (chance, h), (move_out, r), (share, s), inside, all_areas = rates[4], rates[5], rates[6], work[3], sums[2]
    moving, width, k, pool = size[2], np.uintp(w.shape[2]), u * keep, SUMS * d
    if moving == ONE and keep == NONE:
        exchange(w[START], j, move_out, at(r, NONE, i), share, at(s, NONE, i), all_areas, pool, inside)
    elif moving > NONE:
        if moving == ONE:
            multiply(NONE, width, w[START], j, move_out, at(r, NONE, i), w[MOVED_OUT], u)
            multiply(NONE, width, share, at(s, NONE, i), all_areas, pool, w[MOVED_IN], u)
        less(NONE, width, w[MOVED_IN], u, w[MOVED_OUT], u, inside, NONE)
    else:
        clear(NONE, width, inside, NONE)
    if chance.shape[1] > 1:
        change_groups(NONE, width, w[START], j, chance, at(h, NONE, i), size[0], size[1], w[CHANGED], k, work[0])
        add(NONE, width, w[CHANGED], k, inside, NONE)
    if size[3] > NONE:
        total, given = all_areas[pool + ONE : pool + ONE + ONE], all_areas[pool + ONE + ONE : pool + SUMS]
        occupy(NONE, width, persons, i, homes, w[START], j, total, given, work[0], work[1], work[2], w[HOMES], k)
        add(NONE, width, w[HOMES], k, inside, NONE)
    if free.shape[1] > 1:
        add(NONE, width, free, at(f, NONE, i), inside, NONE)


# --- births, and the end of the year


@called
def enter_births(order, births, groups, factor, by, young):
    """Births under the factor of the draw and of Eckwerte; they are those at the start in tables of their own."""
    (born, b), sexes, areas = births, np.uintp(births[0].shape[1]), np.uintp(order.shape[0])
    for i in order:
        for d in range(np.uintp(factor.shape[0]) // areas):
            u, first = d * areas + i, at(b, d, i)
            for g in range(groups):
                for s in range(sexes):
                    born[first + g, s] *= factor[u, 3] * by[u, g * sexes + s]
                    young[START, u, g * sexes + s] = born[first + g, s]


@called
def put_newborn(ages, people, young):
    """What became of those born in the year, at age 0 of the stock."""
    for u in range(np.uintp(people.shape[0])):
        for r in range(np.uintp(people.shape[1]) // ages):
            people[u, r * ages] = young[ALIVE, u, r]


@compiled(INT, ORDER, TABLE, ORDER, TABLE, TABLE, types.int64[::1])
def count(ages, order, people, band, by_age, totals, problem):
    """Persons by area and band of ages; ``by_age`` is a row to work in.

    If any stock is negative, or not a number, ``problem`` takes the kind and the draw of the first.
    """
    areas = np.uintp(order.shape[0])
    for d in range(np.uintp(people.shape[0]) // areas):
        for i in order:
            n, fine = d * areas + i, True
            for c in range(np.uintp(people.shape[1])):
                fine &= people[n, c] >= -ROUNDING
            if not fine and problem[0] == 0:
                problem[0], problem[1] = NEGATIVE, d
            for x in range(ages):
                by_age[0, x] = people[n, x]
            for first in range(ages, np.uintp(people.shape[1]), ages):
                for x in range(ages):
                    by_age[0, x] += people[n, first + x]
            for k in range(np.uintp(totals.shape[1])):
                totals[n, k] = 0.0
            for x in range(ages):
                totals[n, band[x]] += by_age[0, x]


@compiled(INT, ORDER, WORK, types.UniTuple(ROWS, 9), types.UniTuple(ROWS, 2), YES, TABLE, TABLE, WORK)
def set_out(ages, order, w, rates, stocks, begun, factor, limits, work):
    """What chance needs of a year without Eckwerte: those at the start, and the rates under the factors of a draw.

    A kernel of its own, so that nobody waits for the translation of ``expect`` who does not need it.
    """
    for i in order:
        if not begun:
            begin(i, NONE, stocks, ages, work[0], w[START], i)
        scale(i, i, i, factor, limits, NONE, w, rates)


def expected_year(
    size, order, persons, whole, young, stocks, begun, phase, women, limits, wanted, problem, pieces, held
):  # fmt: skip
    """The stock one year later, in place, and what else is ``wanted``; or a ``phase`` of it.

    ``persons`` (area, type) move into new dwellings from inside and from outside the city; ``stocks`` are the stock,
    the residents of facilities before and after; ``begun`` says that those at the start stand in their table already;
    ``limits`` (area, 3) are the largest probabilities of death, of leaving the city, of the other exits. ``problem``
    takes what is wrong: the kind, the set of Eckwerte, row and column. Without Eckwerte ``held`` is nothing, nobody
    waits for the translation of how they are met, and there may be several draws: their rows stand one after the other
    in the stock, in the factors and in every table.
    """
    (stock, before, after), ages, w, births, factor = stocks, size[6], whole[0], women[3], women[4]
    of_flows, areas = held is not None and held[0].shape[0] > 0, np.uintp(order.shape[0])
    keep, fixed, lifted = np.uintp(wanted == COMPONENTS or of_flows), np.uintp(phase == HELD), np.uintp(of_flows)
    anew, kept = np.uintp(held is None and wanted == STOCK) * (ONE - begun), np.uintp(wanted == CHANCES or of_flows)
    now, newborn, draws = (stock, before), ((young[0][ALIVE], (areas, ONE)), before), np.uintp(factor.shape[0]) // areas
    if phase <= WEIGH:
        for u in range(draws * areas):
            scale(u % areas, u, u, factor, limits, lifted, young[0], young[1])
        gather(size, order, persons, whole, now, ONE - begun, anew, draws, size[4])
    if held is not None:
        if phase == WEIGH:
            clear_sums(pieces)
            how = (NONE, NONE, ONE, NONE, NONE, lifted, kept, NONE)
            pass_areas(size, order, persons, whole, now, women, limits, pieces, how)
        if phase in (WEIGH, BORN):
            bear_expected(size, order, pieces, w, whole[8], women)
            enter_births(order, births, size[0], factor, women[5], young[0])
            gather(size, order, persons, young, newborn, NONE, NONE, draws, ONE)
            how = (NONE, NONE, ONE, NONE, NONE, NONE, ONE, ONE)
            pass_areas(size, order, persons, young, newborn, women, limits, None, how)
            put_young(order, ages, young[0], w, ALIVE, OUTWARD)
            sum_newborn(order, ages, whole[5], w, pieces)
            return
        if fixed > NONE:
            expand(pieces)
            if wanted == STOCK and keep == NONE:
                finish(order, pieces, stock, after, w)
                return
            spread(order, ages, pieces, w, young[0])
    if wanted == CHANCES and keep == NONE:
        return
    how = (fixed, keep, NONE, ONE, anew, lifted, kept, NONE)
    pass_areas(size, order, persons, whole, now, women, limits, None, how)
    enter_births(order, births, size[0], factor, women[5], young[0])
    gather(size, order, persons, young, newborn, NONE, NONE, draws, ONE)
    how = (fixed, keep, NONE, NONE, NONE, NONE, ONE, ONE)
    pass_areas(size, order, persons, young, newborn, women, limits, None, how)
    put_newborn(ages, stock[0], young[0])
    if keep > NONE:
        put_young(order, ages, young[0], w, DEAD, HOMES)
    if held is not None and of_flows and problem[0] == 0:
        if lift_flows(order, ages, held, w, births, women[5], problem):
            take_lift(order, ages, w, young[0])
            problem[0] = AGAIN if problem[0] == 0 else problem[0]
        elif impossible(order, w, whole[1], whole[2]):
            problem[0] = TOO_MANY
    if wanted != CHANCES and problem[0] == 0:
        move_in(order, stock, after)


GIVEN = (
    types.UniTuple(INT, 7), ORDER, types.UniTuple(TABLE, 2), CELLS, CELLS, types.UniTuple(ROWS, 3), INT, INT, WOMEN,
    TABLE, INT, types.int64[::1],
)  # fmt: skip
expect = compiled(*GIVEN, PIECES, LEVELS)(expected_year)
expect_freely = compiled(*GIVEN, types.none, types.none)(expected_year)


def ready() -> None:
    """Have the year under Eckwerte translated."""
    expect.ready()
