"""One year of all areas, compiled, where areas depend on each other: the year of ``reference``, the same bits.

Sums over areas are added in their ``order``, block by block as in ``arrays.over_areas``, so that threads share blocks,
and each cell is computed by one thread, hence the result does not depend on the threads. ``t`` is the year of the
results; rates are those of the year, at index 0: deaths, out-moves, out-moves known as numbers, in-moves, changes of
group, moves to other areas, share of the pool, and those of the numbers who are there from the start. ``moving`` says
how people move inside the city: not (0), by a pool (1), by a matrix (2). ``persons`` (area, type) move into new
dwellings from inside and from outside the city, ``homes`` (type, cell) is their profile. ``sums`` (one row) are the
pool, the stock and the draw of the new dwellings.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np
from numba import types

from zwkprognose.engine.compiled.compiling import compiled, inlined
from zwkprognose.engine.compiled.parts import BLOCK
from zwkprognose.engine.compiled.past_cache import put
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
    early_out,
    grow,
    less,
    less_early,
    multiply,
    new_homes,
    occupy,
    send,
    send_four,
    send_one,
    settle_row,
)


@compiled(INT, INT, INT, types.UniTuple(ROWS, 8), types.UniTuple(ROWS, 8))
def put_newborn(first, stop, t, young, results):
    """Those born in the year, computed in tables of their own, at age 0 of the results; the stock comes first."""
    for k in range(len(results)):
        (values, v), (into, n) = young[k], results[k]
        year = t + np.uintp(1) if k == 0 else t
        if into.shape[1] > 1:
            oldest = np.uintp(into.shape[1]) // np.uintp(values.shape[1])
            for i in range(first, stop):
                for c in range(np.uintp(values.shape[1])):
                    into[at(n, year, i), c * oldest] = values[at(v, np.uintp(0), i), c]


@compiled(INT, INT, INT, INT, ROWS, ROWS)
def grow_areas(first, stop, t, oldest, population, start):
    """J of the areas ``first`` to ``stop - 1``."""
    (stock, p), (J, j) = population, start
    for i in range(first, stop):
        grow(stock, at(p, t, i), J, at(j, np.uintp(0), i), oldest)


@inlined
def block_of(order, k):
    """Places in the order of the areas of block number ``k``."""
    return range(k * BLOCK, min(k * BLOCK + BLOCK, np.uintp(order.shape[0])))


@compiled(
    INT, INT, INT, ORDER, ROWS, ROWS, INT, ROWS, YES, types.UniTuple(TABLE, 2), WORK,
)  # fmt: skip
def sum_movers(first, stop, t, order, start, move_out, moving, moves_out, building, sums, work):
    """Pool and stock of some blocks of areas; by matrix the moves of every area are written down."""
    (J, j), (chance, r), (out, m), (pool, total), people = start, move_out, moves_out, sums, work[0]
    zero, cells = np.uintp(0), np.uintp(J.shape[1])
    for k in range(first, stop):
        for place in block_of(order, k):
            i = order[place]
            row = at(j, zero, i)
            if moving == 1:
                multiply(zero, cells, J, row, chance, at(r, zero, i), people, zero)
                add(zero, cells, people, zero, pool, k)
            elif moving == 2:
                multiply(zero, cells, J, row, chance, at(r, zero, i), out, at(m, t, i))
            if building:
                add(zero, cells, J, row, total, k)


@compiled(INT, INT, ORDER, ROWS, TABLE, TABLE, types.UniTuple(TABLE, 2), WORK)
def sum_asked(a, b, order, start, inside, homes, sums, work):
    """Draw of the new dwellings, from the stock of all areas."""
    (J, j), (total, given), people, each = start, sums, work[0], work[1]
    zero = np.uintp(0)
    for i in order:
        if anybody(inside, i):
            new_homes(a, b, inside, i, homes, people)
            asked(a, b, people, total, J, at(j, zero, i), each)
            add(a, b, each, zero, given, zero)


@compiled(INT, INT, INT, ORDER, ROWS, INT, ROWS, ROWS, TABLE, INT)
def match(first, stop, t, order, destination, run, moves_out, moves_in, newborn, oldest):
    """Arrivals in the areas ``first`` to ``stop - 1`` by origin–destination shares, added origin by origin.

    A share stands for the cells of a ``run``, or with a run of one for one cell. As many destinations are taken at
    a time as stay in the cache. The shares of those born in the year are set aside in ``newborn`` on the way, so
    that the matrix need not be read again for them.
    """
    (shares, d), (moving, m), (arriving, a) = destination, moves_out, moves_in
    zero, block, cells, origins = np.uintp(0), np.uintp(128), np.uintp(moving.shape[1]), np.uintp(order.shape[0])
    one, four = np.uintp(1), np.uintp(4)
    for begin in range(first, stop, block):
        end = min(begin + block, stop)
        for j in range(begin, end):
            clear(zero, cells, arriving, at(a, t, j))
        for k in range(zero, origins, four):
            whole = k + four <= origins
            for j in range(begin, end):
                row = at(a, t, j)
                if whole and run == one:
                    i0, i1, i2, i3 = order[k], order[k + one], order[k + np.uintp(2)], order[k + np.uintp(3)]
                    send_four(
                        moving, (at(m, t, i0), at(m, t, i1), at(m, t, i2), at(m, t, i3)),
                        shares, (at(d, i0, j), at(d, i1, j), at(d, i2, j), at(d, i3, j)), arriving, row,
                    )  # fmt: skip
                else:
                    for i in order[k : min(k + four, origins)]:
                        if run > one:
                            send(moving, at(m, t, i), shares, at(d, i, j), arriving, row, run)
                        else:
                            send_one(moving, at(m, t, i), shares, at(d, i, j), arriving, row)
                if newborn.shape[0] > 1:
                    for i in order[k : min(k + four, origins)]:
                        for group in range(np.uintp(newborn.shape[1])):
                            newborn[at(d, i, j), group] = shares[at(d, i, j), group * oldest]


@inlined
def flows(a, b, t, i, groups, citizens, start, rates, moving, building, homes, persons, sums, targets, rows):
    """All movements of one area but in-moves, and their net without out-moves.

    ``targets`` are out-moves, changes of group, moves in and out between areas, Erstbezug; the net is put into
    the last of ``rows``.
    """
    (J, j), (out, e), (known, known_at), (chance, k) = start, rates[1], rates[2], rates[4]
    (move_out, r), (share, h) = rates[5], rates[6]
    (gone, o), (change, n), (arriving, ra), (leaving, rl), (built, rb) = targets
    (pool, total, given), (people, more, each, inside) = sums, rows
    zero = np.uintp(0)
    row = at(j, zero, i)
    multiply(a, b, J, row, out, at(e, zero, i), gone, at(o, t, i))
    if known.shape[1] > 1:
        add(a, b, known, at(known_at, zero, i), gone, at(o, t, i))
    if moving == 1:
        multiply(a, b, J, row, move_out, at(r, zero, i), leaving, at(rl, t, i))
        multiply(a, b, share, at(h, zero, i), pool, zero, arriving, at(ra, t, i))
    if moving > 0:
        less(a, b, arriving, at(ra, t, i), leaving, at(rl, t, i), inside, zero)
    else:
        clear(a, b, inside, zero)
    if chance.shape[1] > 1:
        change_groups(a, b, J, row, chance, at(k, zero, i), groups, citizens, change, at(n, t, i), people)
        add(a, b, change, at(n, t, i), inside, zero)
    if building:
        occupy(a, b, persons, i, homes, J, row, total, given, people, more, each, built, at(rb, t, i))
        add(a, b, built, at(rb, t, i), inside, zero)


@compiled(
    INT, INT, INT, INT, INT, ROWS, types.UniTuple(ROWS, 9), INT, YES, TABLE, types.UniTuple(TABLE, 2),
    types.UniTuple(TABLE, 3), ROWS, TABLE, types.UniTuple(ROWS, 8), types.UniTuple(ROWS, 3),
    types.UniTuple(INT, 2), FLOAT, INT, ROWS, YES, WORK,
)  # fmt: skip
def settle(
    first, stop, t, groups, citizens, start, rates, moving, building, homes, persons, sums, released, w,
    results, birth_rates, fertile, start_weight, female, births, bearing, work,
):  # fmt: skip
    """All movements, deaths, the stock at the end of the year and births of the areas ``first`` to ``stop - 1``.

    ``results`` are population, deaths, in-moves, out-moves, changes of group, moves in and out between areas,
    Erstbezug. Births as in :func:`advance_areas`, if ``bearing``.
    """
    (J, j), (death, q), (entries, e), (free, f) = start, rates[0], rates[3], released
    (out, ro), (in_early, x), (known_early, y) = rates[1], rates[7], rates[8]
    zero, one, cells, here = np.uintp(0), np.uintp(1), np.uintp(w.shape[1]), (np.uintp(0), np.uintp(0))
    people, dead, by_mother, inside, early, net, stock, gone = (
        work[0], work[1], work[2], work[3], work[4], work[5], work[6], work[7],
    )  # fmt: skip
    by_matrix = moving == 2
    arriving, leaving = (results[5], results[6]) if by_matrix else ((work[9], here), (work[10], here))
    targets = (gone, here), (work[8], here), arriving, leaving, (work[11], here)
    rows = people, dead, by_mother, inside
    done = stock, dead, gone, work[8], work[9], work[10], work[11]
    for i in range(first, stop):
        row, arrivals = at(j, zero, i), at(e, zero, i)
        flows(zero, cells, t, i, groups, citizens, start, rates, moving, building, homes, persons, sums, targets, rows)
        if free.shape[1] > 1:
            add(zero, cells, free, at(f, zero, i), inside, zero)
        if in_early.shape[1] > 1:
            early_out(zero, cells, w, J, row, out, at(ro, zero, i), known_early, at(y, zero, i), dead)
            less(zero, cells, in_early, at(x, zero, i), dead, zero, early, zero)
        else:
            less_early(zero, cells, w, entries, arrivals, gone, zero, early)
        less(zero, cells, entries, arrivals, gone, zero, net, zero)
        settle_row(zero, cells, J, row, death, at(q, zero, i), w, early, net, inside, dead, zero, stock, zero)
        if bearing:
            bear(i, t, J, row, stock, zero, birth_rates, zero, fertile, start_weight, female, by_mother, births)
        put(zero, cells, stock, zero, results[0][0], at(results[0][1], t + one, i))
        put(zero, cells, dead, zero, results[1][0], at(results[1][1], t, i))
        put(zero, cells, entries, arrivals, results[2][0], at(results[2][1], t, i))
        for k in range(3, 8):
            (into, n) = results[k]
            if into.shape[1] > 1 and not (by_matrix and (k == 5 or k == 6)):
                put(zero, cells, done[k - 1], zero, into, at(n, t, i))
