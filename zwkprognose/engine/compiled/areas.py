"""All years of one area after the other, compiled, where areas do not depend on each other: the year of ``reference``.

The loops hold no lock, so that threads may share areas between them; each area is computed by one thread, hence the
result does not depend on the threads.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np
from numba import types

from zwkprognose.engine.compiled.compiling import compiled, inlined
from zwkprognose.engine.compiled.past_cache import put
from zwkprognose.engine.compiled.rows import (
    FLOAT,
    INT,
    ROWS,
    TABLE,
    WORK,
    add,
    at,
    bear,
    change_groups,
    copy,
    deaths,
    early,
    grow,
    stock_at_end,
)


@inlined
def older(i, t, groups, citizens, w, J, rates, rows):
    """Everybody who is born already, in one area and year; ``J`` holds the start."""
    (death, q), (out, e), (known, known_at), (entries, enter), (chance, k) = rates
    stock, dead, gone, change, joining = rows
    zero, cells = np.uintp(0), np.uintp(w.shape[1])
    rq, re, ri = at(q, t, i), at(e, t, i), at(enter, t, i)
    for c in range(cells):
        gone[0, c] = J[0, c] * out[re, c]
    if known.shape[1] > 1:
        add(zero, cells, known, at(known_at, t, i), gone, zero)
    if chance.shape[1] > 1:
        change_groups(zero, cells, J, zero, chance, at(k, t, i), groups, citizens, change, zero, joining)
        for c in range(cells):
            net_early = early(w[0, c], entries[ri, c]) - early(w[0, c], gone[0, c])
            dead[0, c] = deaths(death[rq, c], J[0, c], net_early, early(w[0, c], change[0, c]))
        for c in range(cells):
            stock[0, c] = stock_at_end(J[0, c], dead[0, c], entries[ri, c] - gone[0, c], change[0, c])
    else:
        for c in range(cells):
            net_early = early(w[0, c], entries[ri, c]) - early(w[0, c], gone[0, c])
            dead[0, c] = deaths(death[rq, c], J[0, c], net_early, 0.0)
        for c in range(cells):
            stock[0, c] = stock_at_end(J[0, c], dead[0, c], entries[ri, c] - gone[0, c], 0.0)


@inlined
def newborn(i, t, groups, citizens, oldest, w, J, rates, rows):
    """Those born in the year, in one area; ``J`` holds the births at age 0 of each group and sex."""
    (death, q), (out, e), (known, known_at), (entries, enter), (chance, k) = rates
    stock, dead, gone, change, _ = rows
    zero, cells = np.uintp(0), np.uintp(w.shape[1])
    width = cells // groups
    for c in range(zero, cells, oldest):
        gone[0, c] = J[0, c] * out[at(e, t, i), c]
        if known.shape[1] > 1:
            gone[0, c] += known[at(known_at, t, i), c]
        if chance.shape[1] > 1:
            change[0, c] = -(J[0, c] * chance[at(k, t, i), c])
    if chance.shape[1] > 1:
        for c in range(zero, width, oldest):
            joining = -change[0, c]
            for g in range(np.uintp(1), groups):
                joining -= change[0, c + g * width]
            change[0, c + citizens * width] += joining
    for c in range(zero, cells, oldest):
        arriving, leaving = entries[at(enter, t, i), c], gone[0, c]
        inside = change[0, c] if chance.shape[1] > 1 else 0.0
        net_early = early(w[0, c], arriving) - early(w[0, c], leaving)
        dead[0, c] = deaths(death[at(q, t, i), c], J[0, c], net_early, early(w[0, c], inside))
        stock[0, c] = stock_at_end(J[0, c], dead[0, c], arriving - leaving, inside)


@compiled(
    INT, INT, INT, INT, types.UniTuple(ROWS, 5), types.UniTuple(ROWS, 3), types.UniTuple(INT, 2), TABLE,
    FLOAT, INT, INT,
    types.UniTuple(ROWS, 5), ROWS, WORK,
)  # fmt: skip
def advance_areas(
    first, stop, years, oldest, rates, birth_rates, fertile, w, start_weight, female, citizens, results, births, work
):  # fmt: skip
    """All years of the areas ``first`` to ``stop - 1``; the stock at the start is in ``results`` already.

    ``rates`` are deaths, out-moves, out-moves known as numbers, in-moves, changes of group; ``birth_rates``
    fertility (a row for each group, ages), child's group, child's sex; ``fertile`` the first age at which anybody
    bears children and the one after the last; ``results`` population, deaths, in-moves, out-moves, changes of
    group; ``births`` a row for each group; ``w`` the share of the year that movers are exposed; ``oldest`` the
    number of ages.
    """
    ((people, p), (died, d), (came, m), (left, o), (changed, n)), (born, b) = results, births
    (entries, enter), zero, one = rates[3], np.uintp(0), np.uintp(1)
    groups, sexes, cells = np.uintp(birth_rates[1][0].shape[1]), np.uintp(born.shape[1]), np.uintp(w.shape[1])
    J, by_mother, rows = work[0], work[1], (work[2], work[3], work[4], work[5], work[6])
    stock, dead, gone, change, _ = rows
    for i in range(first, stop):
        copy(zero, cells, people, at(p, zero, i), stock, zero)
        for t in range(years):
            grow(stock, zero, J, zero, oldest)
            older(i, t, groups, citizens, w, J, rates, rows)
            bear(i, t, J, zero, stock, zero, birth_rates, t, fertile, start_weight, female, by_mother, births)
            for g in range(groups):
                for s in range(sexes):
                    J[0, (g * sexes + s) * oldest] = born[at(b, t, i) + g, s]
            newborn(i, t, groups, citizens, oldest, w, J, rates, rows)
            put(zero, cells, stock, zero, people, at(p, t + one, i))
            put(zero, cells, dead, zero, died, at(d, t, i))
            put(zero, cells, entries, at(enter, t, i), came, at(m, t, i))
            put(zero, cells, gone, zero, left, at(o, t, i))
            if changed.shape[1] > 1:
                put(zero, cells, change, zero, changed, at(n, t, i))
