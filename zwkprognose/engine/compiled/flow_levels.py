"""Eckwerte of flows in the expected year: rates are multiplied until births, deaths and moves meet them, compiled.

``held`` are the sets of Eckwerte (variable, columns, first target, targets), the row of each area and the column of
each cell in them, the targets, and room for their sums.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from zwkprognose.engine import formulas
from zwkprognose.engine.compiled.compiling import called, inlined
from zwkprognose.engine.compiled.parts import (
    CAME,
    DEAD,
    EMPTY,
    LEFT,
    LIFT_DEATH,
    LIFT_IN,
    LIFT_OUT,
    NONE,
    OF_BIRTHS,
    OF_DEATHS,
    OF_IN,
    E,
    Q,
)
from zwkprognose.engine.compiled.rows import at
from zwkprognose.engine.formulas import MET

gone_of = inlined(formulas.gone)


@called
def lift_flows(order, ages, held, w, births, birth_lift, problem):
    """Scale the rates of the flows whose Eckwerte are missed; was any of them?"""
    (margins, rows, columns, targets, sums), missed = held, False
    for m in range(np.uintp(margins.shape[0])):
        of, width, first, size = margins[m, 0], margins[m, 1], margins[m, 2], margins[m, 3]
        for k in range(np.uintp(size)):
            sums[0, k] = 0.0
        for i in order:
            row = rows[m, i]
            if row >= 0:
                add_flow(of, i, ages, columns, m, row * width, w, births, sums)
        for k in range(np.uintp(size)):
            goal, found = targets[0, np.uintp(first) + k], sums[0, k]
            off = abs(found - goal) > MET * max(goal, 1.0)
            if off and found <= 0.0:
                problem[0], problem[1] = EMPTY, m
                problem[2], problem[3] = np.int64(k) // width, np.int64(k) % width
            sums[0, k] = goal / found if off else 1.0
            missed = missed or off
        for i in order:
            row = rows[m, i]
            if row >= 0:
                lift_flow(of, i, ages, columns, m, row * width, w, birth_lift, sums)
    return missed


@called
def add_flow(of, i, ages, columns, m, first, w, births, sums):
    """A flow of an area by column."""
    if of == OF_BIRTHS:
        (born, b), sexes = births, np.uintp(births[0].shape[1])
        for r in range(np.uintp(columns.shape[1]) // ages):
            k = columns[m, r * ages]
            if k >= 0:
                sums[0, np.uintp(first + k)] += born[at(b, NONE, i) + r // sexes, r % sexes]
        return
    flow = w[DEAD] if of == OF_DEATHS else w[CAME] if of == OF_IN else w[LEFT]
    for c in range(np.uintp(flow.shape[1])):
        k = columns[m, c]
        if k >= 0:
            sums[0, np.uintp(first + k)] += flow[i, c]


@called
def lift_flow(of, i, ages, columns, m, first, w, birth_lift, sums):
    """Scale the rates of a flow in an area."""
    if of == OF_BIRTHS:
        for r in range(np.uintp(birth_lift.shape[1])):
            k = columns[m, r * ages]
            if k >= 0:
                birth_lift[i, r] *= sums[0, np.uintp(first + k)]
        return
    by = w[LIFT_DEATH] if of == OF_DEATHS else w[LIFT_IN] if of == OF_IN else w[LIFT_OUT]
    for c in range(np.uintp(by.shape[1])):
        k = columns[m, c]
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
