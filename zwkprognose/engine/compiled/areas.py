"""All years of one area after the other, compiled, where areas do not depend on each other: the year of ``reference``.

The loops hold no lock, so that threads may share areas between them; each area is computed by one thread, hence the
result does not depend on the threads.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np
from numba import types

from zwkprognose.engine.compiled.compiling import compiled, inlined
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
    deaths,
    early,
    grow,
    stock_at_end,
)


@inlined
def older(i, t, groups, citizens, w, J, rates, results, joining):
    """Everybody who is born already, in one area and year; ``J`` holds the start."""
    (death, q), (out, e), (known, known_at), (entries, enter), (chance, k) = rates
    (stock, p), (dead, d), (come, m), (gone, o), (change, n) = results
    zero, cells = np.uintp(0), np.uintp(w.shape[1])
    rq, re, ri, rp = at(q, t, i), at(e, t, i), at(enter, t, i), at(p, t + np.uintp(1), i)
    rd, rm, ro, rn = at(d, t, i), at(m, t, i), at(o, t, i), at(n, t, i)
    for c in range(cells):
        gone[ro, c] = J[0, c] * out[re, c]
    if known.shape[1] > 1:
        add(zero, cells, known, at(known_at, t, i), gone, ro)
    for c in range(cells):
        come[rm, c] = entries[ri, c]
    if chance.shape[1] > 1:
        change_groups(zero, cells, J, zero, chance, at(k, t, i), groups, citizens, change, rn, joining)
        for c in range(cells):
            net_early = early(w[0, c], entries[ri, c]) - early(w[0, c], gone[ro, c])
            dead[rd, c] = deaths(death[rq, c], J[0, c], net_early, early(w[0, c], change[rn, c]))
        for c in range(cells):
            stock[rp, c] = stock_at_end(J[0, c], dead[rd, c], entries[ri, c] - gone[ro, c], change[rn, c])
    else:
        for c in range(cells):
            net_early = early(w[0, c], entries[ri, c]) - early(w[0, c], gone[ro, c])
            dead[rd, c] = deaths(death[rq, c], J[0, c], net_early, 0.0)
        for c in range(cells):
            stock[rp, c] = stock_at_end(J[0, c], dead[rd, c], entries[ri, c] - gone[ro, c], 0.0)


@inlined
def newborn(i, t, groups, citizens, oldest, w, J, rates, results):
    """Those born in the year, in one area; ``J`` holds the births at age 0 of each group and sex."""
    (death, q), (out, e), (known, known_at), (entries, enter), (chance, k) = rates
    (stock, p), (dead, d), (come, m), (gone, o), (change, n) = results
    zero, cells = np.uintp(0), np.uintp(w.shape[1])
    ro, rn, after, width = at(o, t, i), at(n, t, i), at(p, t + np.uintp(1), i), cells // groups
    for c in range(zero, cells, oldest):
        gone[ro, c] = J[0, c] * out[at(e, t, i), c]
        if known.shape[1] > 1:
            gone[ro, c] += known[at(known_at, t, i), c]
        if chance.shape[1] > 1:
            change[rn, c] = -(J[0, c] * chance[at(k, t, i), c])
    if chance.shape[1] > 1:
        for c in range(zero, width, oldest):
            joining = -change[rn, c]
            for g in range(np.uintp(1), groups):
                joining -= change[rn, c + g * width]
            change[rn, c + citizens * width] += joining
    for c in range(zero, cells, oldest):
        arriving, leaving = entries[at(enter, t, i), c], gone[ro, c]
        inside = change[rn, c] if chance.shape[1] > 1 else 0.0
        net_early = early(w[0, c], arriving) - early(w[0, c], leaving)
        come[at(m, t, i), c] = arriving
        dying = deaths(death[at(q, t, i), c], J[0, c], net_early, early(w[0, c], inside))
        dead[at(d, t, i), c] = dying
        stock[after, c] = stock_at_end(J[0, c], dying, arriving - leaving, inside)


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
    (stock, p), (born, b) = results[0], births
    zero = np.uintp(0)
    groups, sexes = np.uintp(birth_rates[1][0].shape[1]), np.uintp(born.shape[1])
    J, joining, by_mother = work[0], work[1], work[2]
    for i in range(first, stop):
        for t in range(years):
            grow(stock, at(p, t, i), J, zero, oldest)
            older(i, t, groups, citizens, w, J, rates, results, joining)
            bear(i, t, J, zero, stock, at(p, t + np.uintp(1), i), birth_rates, t, fertile, start_weight, female,
                 by_mother, births)  # fmt: skip
            for g in range(groups):
                for s in range(sexes):
                    J[0, (g * sexes + s) * oldest] = born[at(b, t, i) + g, s]
            newborn(i, t, groups, citizens, oldest, w, J, rates, results)
