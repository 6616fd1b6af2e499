"""The expected year of a city, compiled as one call: for draws and for comparisons, which need it thousands of times.

The parts are those of ``city``, with the lines of ``formulas``. What is added: rates are multiplied by the factors of a
draw and by those of Eckwerte of flows, components are written down on demand only, and Eckwerte of the stock are solved
here. For them cells that all Eckwerte treat alike form a piece, as do areas: a step of the solution adds up pieces, and
single cells only where more would leave than are there.

Few arguments, each of many parts: the time that numba needs to compile grows with their number. ``cells`` are all
ages, or those born in the year in tables of their own: (tables ``w`` with the parts below (part, area, cell), rates,
exposure, profiles of new dwellings, residents released and at the end, shares of a matrix, sums, room to work in);
``women`` (rates of births, fertile ages, weight of those at the start, births, factors of the draw, factors of the
Eckwerte of births); ``held`` (Eckwerte, their rows and columns by piece, targets, sums); ``pieces`` (piece of each area
and cell, first and last cell of each piece, sums of rows, factors by cell, sums of pieces); ``size`` groups, index of
the citizens, how people move inside the city, whether dwellings are built, cells for which a share of a matrix stands,
index of the women, ages.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import math

import numpy as np
from numba import types

from zwkprognose.engine import arrays, formulas
from zwkprognose.engine.compiled import city
from zwkprognose.engine.compiled.compiling import called, compiled, inlined
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
    grow,
    less,
    move_across,
    set_to,
    settle_row,
    surviving,
    weighted,
)
from zwkprognose.engine.formulas import ALMOST_ALL, MET, STEPS

#: Tables of a part of the city: components as results have them, residents released, those at the start a year older,
#: death, out, out-moves as numbers and in-moves as scaled, factors of in-moves and out-moves under Eckwerte of the
#: stock, survivors and weighted moves, factors of death, in-moves and out-moves under Eckwerte of flows.
(
    DEAD, CAME, LEFT, CHANGED, MOVED_IN, MOVED_OUT, HOMES, SPECIAL,
    START, Q, E, X, N, UP, DOWN, ALIVE, INWARD, OUTWARD, LIFT_DEATH, LIFT_IN, LIFT_OUT, TABLES,
) = range(22)  # fmt: skip
#: Sums of a piece: survivors, in-moves, out-moves, residents, most out-moves to their limit; factor of in-moves.
STAY, COME, GO, LIVING, RATIO, FACTOR, SUMS = range(7)
#: What may be wrong: nothing; a target that no move can meet, or no flow; targets that contradict each other; more
#: deaths and exits than persons; a stock below zero, or not a number.
FINE, UNREACHABLE, EMPTY, CONTRADICTION, TOO_MANY, NEGATIVE = range(6)
#: Variables that Eckwerte hold, by the number that the kernels know them by.
OF_STOCK, OF_BIRTHS, OF_DEATHS, OF_IN, OF_OUT = range(5)
#: What is wanted of a year: the stock, every component as well, or only what chance needs.
STOCK, COMPONENTS, CHANCES = range(3)
#: Rounding below which a stock counts as negative.
ROUNDING = 1e-9
#: Areas whose sum is formed apart.
BLOCK = np.uintp(arrays.BLOCK)
NONE, ONE = np.uintp(0), np.uintp(1)

WHOLE = types.int64[:, ::1]
CELLS = types.Tuple((WORK, types.UniTuple(ROWS, 9), TABLE, TABLE, ROWS, ROWS, ROWS, WORK, WORK))
WOMEN = types.Tuple((types.UniTuple(ROWS, 3), types.UniTuple(INT, 2), FLOAT, ROWS, TABLE, TABLE))
HELD = types.Tuple((WHOLE, WHOLE, WHOLE, TABLE, TABLE))
PIECES = types.Tuple((ORDER, ORDER, types.uintp[:, ::1], WORK, WORK, WORK))

sum_movers, sum_asked = called(city.sum_movers.function), called(city.sum_asked.function)
match, flows = called(city.match.function), city.flows
by_odds, gone_of = inlined(formulas.by_odds), inlined(formulas.gone)
discriminant = inlined(formulas.discriminant)
factor_up, factor_down = inlined(formulas.factor_up), inlined(formulas.factor_down)


@inlined
def own(w, part):
    """A table with a row for each area."""
    return w[part], (NONE, ONE)


# --- rates under the factors (area, component) of a draw and those of the Eckwerte of flows


@called
def scale(order, factor, limits, lifted, w, rates):
    """Rates times factors; odds of probabilities where otherwise nobody would be left in an area."""
    (death, q), (out, e), (known, x), (entries, n) = rates[0], rates[1], rates[2], rates[3]
    for i in order:
        kd, ko, ki = factor[i, 0], factor[i, 1], factor[i, 2]
        odds = np.uintp(kd * limits[i, 0] + ko * limits[i, 1] + limits[i, 2] >= 1.0)
        times(kd, odds, death, at(q, NONE, i), w[Q], i)
        times(ko, odds, out, at(e, NONE, i), w[E], i)
        times(ki, NONE, entries, at(n, NONE, i), w[N], i)
        if known.shape[1] > 1:
            times(1.0, NONE, known, at(x, NONE, i), w[X], i)
        if lifted > NONE:
            lift(w[LIFT_DEATH], w[Q], i)
            lift(w[LIFT_OUT], w[E], i)
            lift(w[LIFT_OUT], w[X], i)
            lift(w[LIFT_IN], w[N], i)


@called
def times(factor, odds, rate, n, into, i):
    """One rate of an area under a factor."""
    cells = np.uintp(into.shape[1])
    if odds > NONE:
        for c in range(cells):
            into[i, c] = by_odds(rate[n, c], factor)
    else:
        for c in range(cells):
            into[i, c] = factor * rate[n, c]


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
        set_to(NONE, width, 0.0, pools, k)
        set_to(NONE, width, 0.0, totals, k)
    if moving > NONE or build:
        sum_movers(
            NONE, blocks, NONE, order, BLOCK, own(w, START), move_out, moving, own(w, MOVED_OUT), build,
            (pools, totals), work,
        )  # fmt: skip
    for k in range(np.uintp(3)):
        set_to(NONE, width, 0.0, city_sums, k)
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
def bear_expected(size, order, pieces, w, work, women):
    """Births of the women at the start and of those expected at the end, under the factors of the pieces."""
    birth_rates, fertile, start_weight, births, _, _ = women
    cell_piece, found, sexes, end = pieces[1], pieces[5], np.uintp(births[0].shape[1]), work[0]
    for i in order:
        piece = pieces[0][i]
        for g in range(size[0]):
            first = (g * sexes + size[5]) * size[6]
            for c in range(first + fertile[0], first + fertile[1]):
                up, most = found[FACTOR, piece, cell_piece[c]], ALMOST_ALL * max(w[ALIVE, i, c], 0.0)
                out = w[OUTWARD, i, c] / up if up > 0.0 else 0.0
                end[0, c] = w[ALIVE, i, c] + w[INWARD, i, c] * up - (most if out > most else out)
        bear(i, NONE, w[START], i, work[0], NONE, birth_rates, NONE, fertile, start_weight, size[5], work[1], births)


@called
def finish_row(i, piece, factors, w, end):
    """The stock of an area at the end of the year from its weights and the factors of its piece."""
    alive, inward, outward, up, free = w[ALIVE], w[INWARD], w[OUTWARD], factors[0], factors[1]
    for c in range(np.uintp(end.shape[1])):
        most = ALMOST_ALL * max(alive[i, c], 0.0)
        out = outward[i, c] * free[piece, c]
        end[0, c] = alive[i, c] + inward[i, c] * up[piece, c] - (most if out > most else out)


# --- Eckwerte of the stock: sums of pieces


@called
def expand(pieces):
    """The factors of the pieces at their cells (in-moves, out-moves; piece of areas, cell)."""
    cell_piece, up, free, found = pieces[1], pieces[4][0], pieces[4][1], pieces[5]
    for piece in range(np.uintp(up.shape[0])):
        for c in range(np.uintp(up.shape[1])):
            up[piece, c] = found[FACTOR, piece, cell_piece[c]]
        for c in range(np.uintp(up.shape[1])):
            free[piece, c] = 1.0 / up[piece, c] if up[piece, c] > 0.0 else 0.0


@called
def put_weights(order, ages, young, w):
    """The weights of those born in the year at age 0 of all."""
    for part in range(ALIVE, OUTWARD + 1):
        for i in order:
            for r in range(np.uintp(w.shape[2]) // ages):
                w[part, i, r * ages] = young[part, i, r]


@called
def sum_rows(order, living, w, area_piece, piled):
    """Sums of the weights (sum, piece of areas, cell) over the areas of each piece."""
    (homes, h), width, ratio = living, np.uintp(piled.shape[2]), piled[RATIO]
    alive, outward = w[ALIVE], w[OUTWARD]
    for k in range(FACTOR):
        for piece in range(np.uintp(piled.shape[1])):
            set_to(NONE, width, 0.0, piled[k], piece)
    for i in order:
        piece = area_piece[i]
        add(NONE, width, w[ALIVE], i, piled[STAY], piece)
        add(NONE, width, w[INWARD], i, piled[COME], piece)
        add(NONE, width, w[OUTWARD], i, piled[GO], piece)
        if homes.shape[1] > 1:
            add(NONE, width, homes, at(h, NONE, i), piled[LIVING], piece)
        for c in range(width):
            share = outward[i, c] / (ALMOST_ALL * max(alive[i, c], 0.0))
            share = share if outward[i, c] > 0.0 else 0.0
            ratio[piece, c] = share if share > ratio[piece, c] else ratio[piece, c]


@called
def sum_pieces(order, living, w, pieces):
    """Sums of the weights of each piece (of areas, of cells)."""
    cell_piece, piled, found = pieces[1], pieces[3], pieces[5]
    sum_rows(order, living, w, pieces[0], piled)
    for piece in range(np.uintp(found.shape[1])):
        for k in range(np.uintp(found.shape[2])):
            for what in range(FACTOR):
                found[what, piece, k] = 0.0
            found[FACTOR, piece, k] = 1.0
        sum_cells(piece, cell_piece, piled, found)


@called
def sum_cells(piece, cell_piece, piled, found):
    """Sums of neighbouring cells of a piece, which are added to the piece when another begins."""
    alive, inward, outward, living, largest = piled[STAY], piled[COME], piled[GO], piled[LIVING], piled[RATIO]
    k, stay, come, go, people, ratio = cell_piece[NONE], 0.0, 0.0, 0.0, 0.0, 0.0
    for c in range(np.uintp(piled.shape[2])):
        if cell_piece[c] != k:
            add_piece(found, piece, k, stay, come, go, people, ratio)
            k, stay, come, go, people, ratio = cell_piece[c], 0.0, 0.0, 0.0, 0.0, 0.0
        stay += alive[piece, c]
        come += inward[piece, c]
        go += outward[piece, c]
        people += living[piece, c]
        ratio = largest[piece, c] if largest[piece, c] > ratio else ratio
    add_piece(found, piece, k, stay, come, go, people, ratio)


@inlined
def add_piece(found, piece, k, stay, come, go, people, ratio):
    """Add some cells to the sums of their piece."""
    found[STAY, piece, k] += stay
    found[COME, piece, k] += come
    found[GO, piece, k] += go
    found[LIVING, piece, k] += people
    found[RATIO, piece, k] = max(found[RATIO, piece, k], ratio)


@called
def sum_newborn(order, ages, living, w, pieces):
    """The same of the pieces of those born in the year, whose weights stand at age 0."""
    (homes, h), area_piece, cell_piece, found = living, pieces[0], pieces[1], pieces[5]
    rows = np.uintp(cell_piece.shape[0]) // ages
    for r in range(rows):
        for piece in range(np.uintp(found.shape[1])):
            for what in range(FACTOR):
                found[what, piece, cell_piece[r * ages]] = 0.0
    for i in order:
        piece = area_piece[i]
        for r in range(rows):
            c, k = r * ages, cell_piece[r * ages]
            most = ALMOST_ALL * max(w[ALIVE, i, c], 0.0)
            share = w[OUTWARD, i, c] / most if w[OUTWARD, i, c] > 0.0 else 0.0
            people = homes[at(h, NONE, i), c] if homes.shape[1] > 1 else 0.0
            add_piece(found, piece, k, w[ALIVE, i, c], w[INWARD, i, c], w[OUTWARD, i, c], people, share)


@called
def sum_capped(order, piece, k, free, w, pieces):
    """Survivors without those who leave at the limit, and the other out-moves, cell by cell of a piece."""
    area_piece, cell_piece, span, stay, go = pieces[0], pieces[1], pieces[2], 0.0, 0.0
    for i in order:
        if area_piece[i] == piece:
            for c in range(span[k, 0], span[k, 1]):
                if cell_piece[c] == k:
                    most, out = ALMOST_ALL * max(w[ALIVE, i, c], 0.0), w[OUTWARD, i, c] * free
                    stay += w[ALIVE, i, c] - (most if out > most else 0.0)
                    go += 0.0 if out > most else out
    return stay, go


@called
def solve(order, held, pieces, w, problem):
    """Meet all Eckwerte of the stock by turns; returns whether any factor changed."""
    margins, count, changed, met, m = held[0], np.uintp(held[0].shape[0]), False, NONE, NONE
    for _ in range(STEPS * np.int64(count)):
        if met == count or problem[0] != FINE:
            return changed
        missed = False
        if margins[m, 0] == OF_STOCK:
            add_up(order, held, pieces, w, m)
            missed = change(margins, held[3], held[4], m, problem)
            if missed:
                apply(held, pieces[5], m)
        met, changed = NONE if missed else met + ONE, changed or missed
        m = m + ONE if m + ONE < count else NONE
    problem[0], problem[1] = CONTRADICTION, m
    return changed


@called
def add_up(order, held, pieces, w, m):
    """What the target formula adds up, for each target of one set: survivors, in-moves, out-moves."""
    (margins, rows, columns, _, sums), found = held, pieces[5]
    width, size = margins[m, 1], margins[m, 3]
    for k in range(np.uintp(size)):
        sums[0, k], sums[1, k], sums[2, k] = 0.0, 0.0, 0.0
    for piece in range(np.uintp(found.shape[1])):
        if rows[m, piece] < 0:
            continue
        first = rows[m, piece] * width
        for k in range(np.uintp(found.shape[2])):
            if columns[m, k] < 0:
                continue
            up = found[FACTOR, piece, k]
            free = 1.0 / up if up > 0.0 else 0.0
            stay, go = found[STAY, piece, k], found[GO, piece, k] * free
            if found[RATIO, piece, k] * free > 1.0:
                stay, go = sum_capped(order, piece, k, free, w, pieces)
            target = np.uintp(first + columns[m, k])
            sums[0, target] += stay + found[LIVING, piece, k]
            sums[1, target] += found[COME, piece, k] * up
            sums[2, target] += go


@called
def change(margins, targets, sums, m, problem):
    """By how much the factor of each target must change; was any of them missed?"""
    width, first, size, missed = margins[m, 1], margins[m, 2], margins[m, 3], False
    for k in range(np.uintp(size)):
        goal, by = targets[0, np.uintp(first) + k], 1.0
        gap = goal - sums[0, k]
        if abs(gap - sums[1, k] + sums[2, k]) > MET * max(goal, 1.0):
            by, missed = root(gap, sums[1, k], sums[2, k]), True
            if not by >= 0.0:
                problem[0], problem[1] = UNREACHABLE, m
                problem[2], problem[3] = np.int64(k) // width, np.int64(k) % width
        sums[3, k] = by
    return missed


@called
def root(gap, inward, outward):
    """The factor f with f·inward − outward/f = gap; −1 where there is none."""
    both = math.sqrt(discriminant(gap, inward, outward))
    if gap >= 0.0:
        return factor_up(gap, both, inward) if inward > 0.0 else -1.0
    return factor_down(gap, both, outward) if outward > 0.0 else -1.0


@called
def apply(held, found, m):
    """Multiply the factors of the pieces by the change of their target."""
    margins, rows, columns, _, sums = held
    for piece in range(np.uintp(found.shape[1])):
        if rows[m, piece] >= 0:
            for k in range(np.uintp(found.shape[2])):
                if columns[m, k] >= 0:
                    found[FACTOR, piece, k] *= sums[3, np.uintp(rows[m, piece] * margins[m, 1] + columns[m, k])]


@called
def spread(order, ages, pieces, w, young):
    """The factors of in-moves at the cells of every area, and of out-moves up to their limit."""
    area_piece, by, free, width = pieces[0], pieces[4][0], pieces[4][1], np.uintp(w.shape[2])
    alive, outward, up, down = w[ALIVE], w[OUTWARD], w[UP], w[DOWN]
    for i in order:
        piece = area_piece[i]
        for c in range(width):
            up[i, c] = by[piece, c]
        for c in range(width):
            most = ALMOST_ALL * max(alive[i, c], 0.0)
            down[i, c] = most / outward[i, c] if outward[i, c] * free[piece, c] > most else free[piece, c]
        for r in range(width // ages):
            young[UP, i, r], young[DOWN, i, r] = up[i, r * ages], down[i, r * ages]


# --- Eckwerte of flows: rates are multiplied until the flows meet them


@called
def lift_flows(order, ages, held, area_piece, cell_piece, w, births, birth_lift, problem):
    """Scale the rates of the flows whose Eckwerte are missed; was any of them?"""
    (margins, rows, columns, targets, sums), missed = held, False
    for m in range(np.uintp(margins.shape[0])):
        of, width, first, size = margins[m, 0], margins[m, 1], margins[m, 2], margins[m, 3]
        if of == OF_STOCK:
            continue
        for k in range(np.uintp(size)):
            sums[0, k] = 0.0
        for i in order:
            row = rows[m, area_piece[i]]
            if row >= 0:
                add_flow(of, i, ages, columns, m, row * width, cell_piece, w, births, sums)
        for k in range(np.uintp(size)):
            goal, found = targets[0, np.uintp(first) + k], sums[0, k]
            off = abs(found - goal) > MET * max(goal, 1.0)
            if off and found <= 0.0:
                problem[0], problem[1] = EMPTY, m
                problem[2], problem[3] = np.int64(k) // width, np.int64(k) % width
            sums[0, k] = goal / found if off else 1.0
            missed = missed or off
        for i in order:
            row = rows[m, area_piece[i]]
            if row >= 0:
                lift_flow(of, i, ages, columns, m, row * width, cell_piece, w, birth_lift, sums)
    return missed


@called
def add_flow(of, i, ages, columns, m, first, cell_piece, w, births, sums):
    """A flow of an area by column."""
    if of == OF_BIRTHS:
        (born, b), sexes = births, np.uintp(births[0].shape[1])
        for r in range(np.uintp(cell_piece.shape[0]) // ages):
            k = columns[m, cell_piece[r * ages]]
            if k >= 0:
                sums[0, np.uintp(first + k)] += born[at(b, NONE, i) + r // sexes, r % sexes]
        return
    flow = w[DEAD] if of == OF_DEATHS else w[CAME] if of == OF_IN else w[LEFT]
    for c in range(np.uintp(flow.shape[1])):
        k = columns[m, cell_piece[c]]
        if k >= 0:
            sums[0, np.uintp(first + k)] += flow[i, c]


@called
def lift_flow(of, i, ages, columns, m, first, cell_piece, w, birth_lift, sums):
    """Scale the rates of a flow in an area."""
    if of == OF_BIRTHS:
        for r in range(np.uintp(birth_lift.shape[1])):
            k = columns[m, cell_piece[r * ages]]
            if k >= 0:
                birth_lift[i, r] *= sums[0, np.uintp(first + k)]
        return
    by = w[LIFT_DEATH] if of == OF_DEATHS else w[LIFT_IN] if of == OF_IN else w[LIFT_OUT]
    for c in range(np.uintp(by.shape[1])):
        k = columns[m, cell_piece[c]]
        if k >= 0:
            by[i, c] *= sums[0, np.uintp(first + k)]


@called
def take_lift(order, ages, w, young):
    """The factors of the rates of those born in the year, from age 0 of all."""
    for part in range(LIFT_DEATH, LIFT_OUT + 1):
        for i in order:
            for r in range(np.uintp(w.shape[2]) // ages):
                young[part, i, r] = w[part, i, r * ages]


@called
def impossible(order, w, rates, exposure):
    """Do deaths and exits together take more than everybody somewhere?"""
    (change, k), (move, r) = rates[4], rates[5]
    for i in order:
        for c in range(np.uintp(w.shape[2])):
            leave = w[E, i, c]
            leave += move[at(r, NONE, i), c] if move.shape[1] > 1 else 0.0
            leave += change[at(k, NONE, i), c] if change.shape[1] > 1 else 0.0
            if w[Q, i, c] > 1.0 or gone_of(w[Q, i, c], exposure[0, c], leave) > 1.0:
                return True
    return False


# --- the year


@inlined
def aim(size, order, persons, whole, young, stock, women, held, pieces, certain, problem):
    """The factors with which all Eckwerte of the stock are met, and the births that follow from them."""
    w, living, ages, solved = whole[0], whole[5], size[6], False
    pass_areas(size, order, persons, whole, certain, stock, women, NONE, NONE, ONE, NONE)
    sum_pieces(order, living, w, pieces)
    for _ in range(STEPS):
        if solved or problem[0] != FINE:
            break
        bear_expected(size, order, pieces, w, whole[8], women)
        enter_births(order, women[3], size[0], women[4], women[5], young[0])
        gather(size, order, persons, young[0], young[1][5], young[3], young[6], young[7], young[8], ONE)
        pass_areas(size, order, persons, young, certain, stock, women, NONE, NONE, ONE, NONE)
        put_weights(order, ages, young[0], w)
        sum_newborn(order, ages, living, w, pieces)
        solved = not solve(order, held, pieces, w, problem)
    if not solved and problem[0] == FINE:
        problem[0] = CONTRADICTION


@called
def finish(order, area_piece, factors, stock, after, w, end):
    """The stock at the end of the year from the weights, where no component is wanted."""
    people, p = stock
    for i in order:
        n = at(p, NONE, i)
        finish_row(i, area_piece[i], factors, w, end)
        for c in range(np.uintp(people.shape[1])):
            people[n, c] = end[0, c]
    move_in(order, stock, after)


@called
def move_in(order, stock, after):
    """Add the residents of facilities at the end of the year."""
    (people, p), (homes, h) = stock, after
    if homes.shape[1] > 1:
        for i in order:
            add(NONE, np.uintp(people.shape[1]), homes, at(h, NONE, i), people, at(p, NONE, i))


@called
def put_newborn(order, ages, stock, young, w, keep):
    """What became of those born in the year, at age 0 of the stock and of the components."""
    people, p = stock
    for i in order:
        for r in range(np.uintp(people.shape[1]) // ages):
            people[at(p, NONE, i), r * ages] = young[ALIVE, i, r]
    if keep:
        for part in range(DEAD, HOMES + 1):
            for i in order:
                for r in range(np.uintp(people.shape[1]) // ages):
                    w[part, i, r * ages] = young[part, i, r]


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
    size, order, persons, whole, young, stocks, begun, women, limits, certain, wanted, problem, pieces, held
):  # fmt: skip
    """The stock one year later, in place, and what else is ``wanted``.

    ``persons`` (area, type) move into new dwellings from inside and from outside the city; ``stocks`` are the stock,
    the residents of facilities before and after; ``begun`` says that those at the start stand in their table already;
    ``limits`` (area, 3) are the largest probabilities of death, of leaving the city, of the other exits; ``certain``
    says that rates are as they are. ``problem`` takes what is wrong: the kind, the set of Eckwerte, row and column, or
    the area. Without Eckwerte ``held`` is nothing, and nobody waits for the translation of how they are met.
    """
    (stock, before, after), ages, w, births, factor = stocks, size[6], whole[0], women[3], women[4]
    of_stock, of_flows = False, False
    if held is not None:
        for m in range(np.uintp(held[0].shape[0])):
            of_stock, of_flows = of_stock or held[0][m, 0] == OF_STOCK, of_flows or held[0][m, 0] != OF_STOCK
    keep = wanted == COMPONENTS or of_flows
    if not begun:
        begin(order, stock, before, ages, w, whole[8])
    for _ in range(STEPS):
        if not certain:
            scale(order, factor, limits, np.uintp(of_flows), w, whole[1])
            scale(order, factor, limits, np.uintp(of_flows), young[0], young[1])
        gather(size, order, persons, w, whole[1][5], whole[3], whole[6], whole[7], whole[8], size[4])
        if held is not None and of_stock:
            aim(size, order, persons, whole, young, stock, women, held, pieces, certain, problem)
            if problem[0] != FINE:
                return
            expand(pieces)
            if wanted == STOCK and not keep:
                finish(order, pieces[0], pieces[4], stock, after, w, whole[8][0])
                check(order, stock, problem)
                return
            spread(order, ages, pieces, w, young[0])
            if not keep:
                return
        held_now, kept, born = np.uintp(of_stock), np.uintp(keep), np.uintp(not of_stock)
        pass_areas(size, order, persons, whole, certain, stock, women, held_now, kept, NONE, born)
        if not of_stock:
            enter_births(order, births, size[0], factor, women[5], young[0])
            gather(size, order, persons, young[0], young[1][5], young[3], young[6], young[7], young[8], ONE)
        end = own(young[0], ALIVE)
        pass_areas(size, order, persons, young, certain, end, women, held_now, kept, NONE, NONE)
        put_newborn(order, ages, stock, young[0], w, keep)
        if not of_flows or problem[0] != FINE:
            break
        if held is not None:
            if not lift_flows(order, ages, held, pieces[0], pieces[1], w, births, women[5], problem):
                if impossible(order, w, whole[1], whole[2]):
                    problem[0] = TOO_MANY
                break
            take_lift(order, ages, w, young[0])
    else:
        problem[0] = CONTRADICTION
    if wanted != CHANCES and problem[0] == FINE:
        move_in(order, stock, after)
        check(order, stock, problem)


GIVEN = (
    types.UniTuple(INT, 7), ORDER, types.UniTuple(TABLE, 2), CELLS, CELLS, types.UniTuple(ROWS, 3), YES, WOMEN,
    TABLE, YES, INT, types.int64[::1],
)  # fmt: skip
expect = compiled(*GIVEN, PIECES, HELD)(expected_year)
expect_freely = compiled(*GIVEN, types.none, types.none)(expected_year)
