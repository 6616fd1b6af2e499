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
    bear_expected,
    expand,
    finish,
    move_in,
    put_young,
    spread,
    sum_newborn,
    sum_pieces,
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
    at,
    bear,
    clear,
    grow,
    less,
    move_across,
    settle_row,
    surviving,
    weighted,
)

__all__ = [
    "CAME", "CHANCES", "CHANGED", "COMPONENTS", "DEAD", "DOWN", "HOMES", "LEFT", "MOVED_IN", "MOVED_OUT", "NEGATIVE",
    "SPECIAL", "START", "STOCK", "TABLES", "UP", "E", "N", "Q", "X", "count", "expect", "expect_freely", "ready",
    "set_out",
]  # fmt: skip

sum_movers, sum_asked = called(city.sum_movers.function), called(city.sum_asked.function)
match, flows = called(city.match.function), city.flows
by_odds, crowded = inlined(formulas.by_odds), inlined(formulas.crowded)

NUMBERS = types.int64[:, ::1]
CELLS = types.Tuple((WORK, types.UniTuple(ROWS, 9), TABLE, TABLE, ROWS, ROWS, ROWS, WORK, WORK))
WOMEN = types.Tuple((types.UniTuple(ROWS, 3), types.UniTuple(INT, 2), FLOAT, ROWS, TABLE, TABLE))
LEVELS = types.Tuple((NUMBERS, NUMBERS, NUMBERS, TABLE, TABLE))
PIECES = types.Tuple((ORDER, ORDER, WORK, WORK))


@inlined
def own(w, part):
    """A table with a row for each area."""
    return w[part], (NONE, ONE)


# --- rates under the factors (area, component) of a draw and those of the Eckwerte of flows


@called
def scale(order, factor, limits, lifted, w, rates):
    """Rates times factors; deaths and leaving against staying where otherwise nobody would be left in an area."""
    (death, q), (out, e), (known, x), (entries, n) = rates[0], rates[1], rates[2], rates[3]
    for i in order:
        kd, ko, ki = factor[i, 0], factor[i, 1], factor[i, 2]
        if kd * limits[i, 0] + ko * limits[i, 1] + limits[i, 2] >= 1.0:
            crowd(kd, ko, w, rates, i)
        else:
            times(kd, death, at(q, NONE, i), w[Q], i)
            times(ko, out, at(e, NONE, i), w[E], i)
        times(ki, entries, at(n, NONE, i), w[N], i)
        if known.shape[1] > 1:
            times(1.0, known, at(x, NONE, i), w[X], i)
        if lifted > NONE:
            lift(w[LIFT_DEATH], w[Q], i)
            lift(w[LIFT_OUT], w[E], i)
            lift(w[LIFT_OUT], w[X], i)
            lift(w[LIFT_IN], w[N], i)


@called
def times(factor, rate, n, into, i):
    """One rate of an area under a factor."""
    for c in range(np.uintp(into.shape[1])):
        into[i, c] = factor * rate[n, c]


@called
def crowd(kd, ko, w, rates, i):
    """Death and leaving of an area under factors that would take more than there are."""
    (death, q), (out, e), (chance, k), (move_out, r) = rates[0], rates[1], rates[4], rates[5]
    first, second, third, fourth = at(q, NONE, i), at(e, NONE, i), at(k, NONE, i), at(r, NONE, i)
    for c in range(np.uintp(w[Q].shape[1])):
        changing = chance[third, c] if chance.shape[1] > 1 else 0.0
        moving = move_out[fourth, c] if move_out.shape[1] > 1 else 0.0
        among = crowded(death[first, c], out[second, c], changing + moving, kd, ko)
        w[Q][i, c], w[E][i, c] = by_odds(death[first, c], kd, among), by_odds(out[second, c], ko, among)


@called
def lift(by, into, i):
    """Multiply a row."""
    for c in range(np.uintp(into.shape[1])):
        into[i, c] *= by[i, c]


@inlined
def current(w, rates, certain):
    """The rates of a part, as scaled."""
    death, out, known, entries = rates[0], rates[1], rates[2], rates[3]
    if not certain:
        death, out, entries = own(w, Q), own(w, E), own(w, N)
        if known[0].shape[1] > 1:
            known = own(w, X)
    return (death, out, known, entries, rates[4], rates[5], rates[6], rates[7], rates[8])


# --- what an area needs to know of the others


@called
def gather(size, order, persons, w, move_out, homes, matrix, sums, work, run):
    """Pool or arrivals by matrix, stock and draw of the new dwellings; each share stands for the cells of a run."""
    moving, build = size[2], size[3] > NONE
    pools, totals, city_sums = sums[0], sums[1], sums[2]
    blocks, width = np.uintp((order.shape[0] + BLOCK - ONE) // BLOCK), np.uintp(pools.shape[1])
    for k in range(blocks):
        clear(NONE, width, pools, k)
        clear(NONE, width, totals, k)
    if moving > NONE or build:
        sum_movers(
            NONE, blocks, NONE, order, own(w, START), move_out, moving, own(w, MOVED_OUT), build,
            (pools, totals), work,
        )  # fmt: skip
    for k in range(np.uintp(3)):
        clear(NONE, width, city_sums, k)
    for k in range(blocks):
        add(NONE, width, pools, k, city_sums, NONE)
        add(NONE, width, totals, k, city_sums, ONE)
    if build:
        sum_asked(NONE, width, order, own(w, START), persons[0], homes, (city_sums[1:2], city_sums[2:3]), work)
    if moving > ONE:
        match(
            NONE, np.uintp(order.shape[0]), NONE, order, matrix, run, own(w, MOVED_OUT), own(w, MOVED_IN),
            city_sums[:1], run,
        )  # fmt: skip


@called
def pass_areas(size, order, persons, cells, certain, stock, women, scaled, keep, weighing, bearing):
    """What happens to the cells of every area: weighed for the Eckwerte, or carried out with the births of the women.

    Weighed are survivors and moves across the city line without those movers who die. What is not kept shares a row.
    The last four are numbers, one or none: of each literal truth numba would make a function of its own.
    """
    w, rates, exposure, homes, released, _, _, sums, work = cells
    birth_rates, fertile, start_weight, births, _, _ = women
    everywhere, now, cells_of = (sums[2][:1], sums[2][1:2], sums[2][2:3]), current(w, rates, certain), work[3]
    (death, q), (entries, e), (free, f), (people, p) = now[0], now[3], released, stock
    one, width = keep, np.uintp(exposure.shape[1])
    moved = max(keep, ONE if size[2] > ONE else NONE)
    targets = (
        (w[LEFT], (NONE, one)), (w[CHANGED], (NONE, one)), (w[MOVED_IN], (NONE, moved)), (w[MOVED_OUT], (NONE, moved)),
        (w[HOMES], (NONE, one)),
    )  # fmt: skip
    rows = (work[0], work[1], work[2], work[3])
    for i in order:
        flows(NONE, width, NONE, i, size[0], size[1], own(w, START), now, size[2], size[3] > NONE, homes, persons,
              everywhere, targets, rows)  # fmt: skip
        if free.shape[1] > 1:
            add(NONE, width, free, at(f, NONE, i), cells_of, NONE)
        nq, ne, k, n = at(q, NONE, i), at(e, NONE, i), i * one, at(p, NONE, i)
        if weighing > NONE:
            surviving(NONE, width, w[START], i, death, nq, exposure, cells_of, w[ALIVE], i)
            weighted(NONE, width, entries, ne, death, nq, exposure, w[INWARD], i)
            weighted(NONE, width, w[LEFT], k, death, nq, exposure, w[OUTWARD], i)
            continue
        u = i * scaled
        move_across(NONE, width, entries, ne, w[UP], u, exposure, w[CAME], k, w[LEFT], k, w[DOWN], u, work[4], work[5])
        settle_row(NONE, width, w[START], i, death, nq, exposure, work[4], work[5], cells_of, w[DEAD], k, people, n)
        if bearing > NONE:
            bear(i, NONE, w[START], i, people, n, birth_rates, NONE, fertile, start_weight, size[5], work[6], births)


# --- the start of the year, and births


@called
def begin(order, stock, before, ages, w, work):
    """J: everybody one year older, without those in facilities; nobody is born yet."""
    (people, p), (homes, h) = stock, before
    width = np.uintp(people.shape[1])
    for i in order:
        if homes.shape[1] > 1:
            less(NONE, width, people, at(p, NONE, i), homes, at(h, NONE, i), work[0], NONE)
            grow(work[0], NONE, w[START], i, ages)
        else:
            grow(people, at(p, NONE, i), w[START], i, ages)


@called
def enter_births(order, births, groups, factor, by, young):
    """Births under the factor of the draw and of Eckwerte; they are those at the start in tables of their own."""
    (born, b), sexes = births, np.uintp(births[0].shape[1])
    for i in order:
        for g in range(groups):
            for s in range(sexes):
                born[at(b, NONE, i) + g, s] *= factor[i, 3] * by[i, g * sexes + s]
                young[START, i, g * sexes + s] = born[at(b, NONE, i) + g, s]


@called
def put_newborn(order, ages, stock, young, w, keep):
    """What became of those born in the year, at age 0 of the stock and of the components."""
    people, p = stock
    for i in order:
        for r in range(np.uintp(people.shape[1]) // ages):
            people[at(p, NONE, i), r * ages] = young[ALIVE, i, r]
    if keep:
        put_young(order, ages, young, w, DEAD, HOMES)


@called
def check(order, stock, problem):
    """Is any stock negative, or not a number?"""
    people, p = stock
    for i in order:
        n, fine = at(p, NONE, i), True
        for c in range(np.uintp(people.shape[1])):
            fine &= people[n, c] >= -ROUNDING
        if not fine:
            problem[0], problem[1], problem[2], problem[3] = NEGATIVE, NONE, i, NONE
            return


@compiled(INT, ORDER, ROWS, ORDER, TABLE, TABLE)
def count(ages, order, stock, band, by_age, totals):
    """Persons by area and band of ages; ``by_age`` is a row to work in."""
    people, p = stock
    for i in order:
        n = at(p, NONE, i)
        for x in range(ages):
            by_age[0, x] = people[n, x]
        for first in range(ages, np.uintp(people.shape[1]), ages):
            for x in range(ages):
                by_age[0, x] += people[n, first + x]
        for k in range(np.uintp(totals.shape[1])):
            totals[i, k] = 0.0
        for x in range(ages):
            totals[i, band[x]] += by_age[0, x]


@compiled(INT, ORDER, WORK, types.UniTuple(ROWS, 9), ROWS, ROWS, YES, TABLE, TABLE, WORK)
def set_out(ages, order, w, rates, stock, before, begun, factor, limits, work):
    """What chance needs of a year without Eckwerte: those at the start, and the rates under the factors of a draw.

    A kernel of its own, so that nobody waits for the translation of ``expect`` who does not need it.
    """
    if not begun:
        begin(order, stock, before, ages, w, work)
    scale(order, factor, limits, NONE, w, rates)


def expected_year(
    size, order, persons, whole, young, stocks, begun, phase, women, limits, certain, wanted, problem, pieces, held
):  # fmt: skip
    """The stock one year later, in place, and what else is ``wanted``; or a ``phase`` of it.

    ``persons`` (area, type) move into new dwellings from inside and from outside the city; ``stocks`` are the stock,
    the residents of facilities before and after; ``begun`` says that those at the start stand in their table already;
    ``limits`` (area, 3) are the largest probabilities of death, of leaving the city, of the other exits; ``certain``
    says that rates are as they are. ``problem`` takes what is wrong: the kind, the set of Eckwerte, row and column, or
    the area. Without Eckwerte ``held`` is nothing, and nobody waits for the translation of how they are met.
    """
    (stock, before, after), ages, w, births, factor = stocks, size[6], whole[0], women[3], women[4]
    of_flows = held is not None and held[0].shape[0] > 0
    keep, fixed = wanted == COMPONENTS or of_flows, phase == HELD
    if phase <= WEIGH:
        if not begun:
            begin(order, stock, before, ages, w, whole[8])
        if not certain:
            scale(order, factor, limits, np.uintp(of_flows), w, whole[1])
            scale(order, factor, limits, np.uintp(of_flows), young[0], young[1])
        gather(size, order, persons, w, whole[1][5], whole[3], whole[6], whole[7], whole[8], size[4])
    if held is not None:
        if phase == WEIGH:
            pass_areas(size, order, persons, whole, certain, stock, women, NONE, NONE, ONE, NONE)
            sum_pieces(order, ages, whole[5], w, pieces)
        if phase in (WEIGH, BORN):
            bear_expected(size, order, pieces, w, whole[8], women)
            enter_births(order, births, size[0], factor, women[5], young[0])
            gather(size, order, persons, young[0], young[1][5], young[3], young[6], young[7], young[8], ONE)
            pass_areas(size, order, persons, young, certain, stock, women, NONE, NONE, ONE, NONE)
            put_young(order, ages, young[0], w, ALIVE, OUTWARD)
            sum_newborn(order, ages, whole[5], w, pieces)
            return
        if fixed:
            expand(pieces)
            if wanted == STOCK and not keep:
                finish(order, pieces, stock, after, w)
                check(order, stock, problem)
                return
            spread(order, ages, pieces, w, young[0])
    if wanted == CHANCES and not keep:
        return
    pass_areas(size, order, persons, whole, certain, stock, women, np.uintp(fixed), np.uintp(keep), NONE, ONE)
    enter_births(order, births, size[0], factor, women[5], young[0])
    gather(size, order, persons, young[0], young[1][5], young[3], young[6], young[7], young[8], ONE)
    end = own(young[0], ALIVE)
    pass_areas(size, order, persons, young, certain, end, women, np.uintp(fixed), np.uintp(keep), NONE, NONE)
    put_newborn(order, ages, stock, young[0], w, keep)
    if held is not None and of_flows and problem[0] == 0:
        if lift_flows(order, ages, held, w, births, women[5], problem):
            take_lift(order, ages, w, young[0])
            problem[0] = AGAIN if problem[0] == 0 else problem[0]
        elif impossible(order, w, whole[1], whole[2]):
            problem[0] = TOO_MANY
    if wanted != CHANCES and problem[0] == 0:
        move_in(order, stock, after)
        check(order, stock, problem)


GIVEN = (
    types.UniTuple(INT, 7), ORDER, types.UniTuple(TABLE, 2), CELLS, CELLS, types.UniTuple(ROWS, 3), YES, INT, WOMEN,
    TABLE, YES, INT, types.int64[::1],
)  # fmt: skip
expect = compiled(*GIVEN, PIECES, LEVELS)(expected_year)
expect_freely = compiled(*GIVEN, types.none, types.none)(expected_year)


def ready() -> None:
    """Have the year under Eckwerte translated."""
    expect.ready()
