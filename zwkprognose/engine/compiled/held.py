"""Eckwerte of the stock in the expected year: what their solution needs to know of the cells, compiled.

Survivors and moves across the city line, without those movers who die, are summed over pieces: areas and cells that
all Eckwerte treat alike. Whoever solves them (``features.eckwerte_of_stocks``, or ``dual`` with the same bits) gives
factors of the pieces back. Births depend on the factors and those born in the year count too, hence they come again for
every solution. ``pieces`` are the piece of each area and cell, factors of in-moves and out-moves by cell, and sums.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from zwkprognose.engine.compiled.compiling import called, inlined
from zwkprognose.engine.compiled.parts import (
    ALIVE,
    COME,
    DOWN,
    FACTOR,
    FIXED,
    GO,
    INWARD,
    MOST,
    NONE,
    ONE,
    OUTWARD,
    START,
    UP,
)
from zwkprognose.engine.compiled.rows import add, at, bear
from zwkprognose.engine.formulas import ALMOST_ALL


@called
def clear_sums(pieces):
    """Nothing is summed up yet."""
    found = pieces[3]
    for piece in range(np.uintp(found.shape[1])):
        for k in range(np.uintp(found.shape[2])):
            for what in range(FACTOR):
                found[what, piece, k] = 0.0
            found[FACTOR, piece, k] = 1.0


@called
def add_area(i, ages, living, w, pieces):
    """Add the weights of an area to the sums of its pieces, cell by cell; nobody is born yet."""
    for first in range(NONE, np.uintp(w.shape[2]), ages):
        add_cells(i, first + ONE, first + ages, living, w, pieces)


@called
def sum_newborn(order, ages, living, w, pieces):
    """The same of the pieces of those born in the year, whose weights stand at age 0."""
    cell_piece, found = pieces[1], pieces[3]
    for c in range(NONE, np.uintp(w.shape[2]), ages):
        for piece in range(np.uintp(found.shape[1])):
            for what in range(FACTOR):
                found[what, piece, cell_piece[c]] = 0.0
    for i in order:
        for c in range(NONE, np.uintp(w.shape[2]), ages):
            add_cells(i, c, c + ONE, living, w, pieces)


@called
def add_cells(i, first, stop, living, w, pieces):
    """Add cells of an area to their pieces, one after the other; neighbours in one piece without looking it up anew."""
    (homes, h), found, p, begin = living, pieces[3], pieces[0][i], first
    while begin < stop:
        k, end = pieces[1][begin], begin
        fixed, come, go, most = found[FIXED, p, k], found[COME, p, k], found[GO, p, k], found[MOST, p, k]
        while end < stop and pieces[1][end] == k:
            alive, outward = w[ALIVE, i, end], w[OUTWARD, i, end]
            fixed += alive + homes[at(h, NONE, i), end] if homes.shape[1] > 1 else alive
            come += w[INWARD, i, end]
            go += outward
            share = outward / (ALMOST_ALL * max(alive, 0.0)) if outward > 0.0 else 0.0
            most = share if share > most else most
            end += ONE
        found[FIXED, p, k], found[COME, p, k], found[GO, p, k], found[MOST, p, k] = fixed, come, go, most
        begin = end


@called
def put_young(order, ages, young, w, first, last):
    """Some tables of those born in the year at age 0 of all."""
    for part in range(first, last + 1):
        for i in order:
            for r in range(np.uintp(w.shape[2]) // ages):
                w[part, i, r * ages] = young[part, i, r]


@called
def bear_expected(size, order, pieces, w, work, women):
    """Births of the women at the start and of those expected at the end, under the factors of the pieces."""
    birth_rates, fertile, start_weight, births, _, _ = women
    cell_piece, found, sexes, end = pieces[1], pieces[3], np.uintp(births[0].shape[1]), work[0]
    for i in order:
        piece = pieces[0][i]
        for g in range(size[0]):
            first = (g * sexes + size[5]) * size[6]
            for c in range(first + fertile[0], first + fertile[1]):
                up = found[FACTOR, piece, cell_piece[c]]
                end[0, c] = at_end(i, c, up, 1.0 / up if up > 0.0 else 0.0, w)
        bear(i, NONE, w[START], i, work[0], NONE, birth_rates, NONE, fertile, start_weight, size[5], work[1], births)


@inlined
def at_end(i, c, up, free, w):
    """The stock of a cell at the end of the year from its weights and factors."""
    most, out = ALMOST_ALL * max(w[ALIVE, i, c], 0.0), w[OUTWARD, i, c] * free
    return w[ALIVE, i, c] + w[INWARD, i, c] * up - (most if out > most else out)


@called
def expand(pieces):
    """The factors of the pieces at their cells (in-moves, out-moves; piece of areas, cell)."""
    cell_piece, up, free, found = pieces[1], pieces[2][0], pieces[2][1], pieces[3]
    for piece in range(np.uintp(found.shape[1])):
        for c in range(np.uintp(up.shape[1])):
            up[piece, c] = found[FACTOR, piece, cell_piece[c]]
        for c in range(np.uintp(up.shape[1])):
            free[piece, c] = 1.0 / up[piece, c] if up[piece, c] > 0.0 else 0.0


@called
def spread(order, ages, pieces, w, young):
    """The factors of in-moves at the cells of every area, and of out-moves up to their limit."""
    area_piece, by, free, width = pieces[0], pieces[2][0], pieces[2][1], np.uintp(w.shape[2])
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


@called
def finish(order, pieces, stock, after, w):
    """The stock at the end of the year from the weights, where no component is wanted."""
    (people, p), area_piece, up, free = stock, pieces[0], pieces[2][0], pieces[2][1]
    for i in order:
        n, piece = at(p, NONE, i), area_piece[i]
        for c in range(np.uintp(people.shape[1])):
            people[n, c] = at_end(i, c, up[piece, c], free[piece, c], w)
    move_in(order, stock, after)


@called
def move_in(order, stock, after):
    """Add the residents of facilities at the end of the year, in every draw."""
    (people, p), (homes, h), areas = stock, after, np.uintp(order.shape[0])
    if homes.shape[1] > 1:
        for d in range(np.uintp(people.shape[0]) // areas):
            for i in order:
                add(NONE, np.uintp(people.shape[1]), homes, at(h, NONE, i), people, at(p, d, i))
