"""What the expected year knows by number: tables, sums, what is computed, what may be wrong. Needs no compiler."""

from __future__ import annotations

import numpy as np

from zwkprognose.engine import arrays

#: Tables of a part of the city: components as results have them, residents released, those at the start a year older,
#: death, out, out-moves as numbers and in-moves as scaled, factors of in-moves and out-moves under Eckwerte of the
#: stock, survivors and weighted moves, factors of death, in-moves and out-moves under Eckwerte of flows.
(
    DEAD, CAME, LEFT, CHANGED, MOVED_IN, MOVED_OUT, HOMES, SPECIAL,
    START, Q, E, X, N, UP, DOWN, ALIVE, INWARD, OUTWARD, LIFT_DEATH, LIFT_IN, LIFT_OUT, TABLES,
) = range(22)  # fmt: skip
#: Sums of a piece: survivors and residents, in-moves, out-moves, most out-moves to their limit; factor of in-moves.
FIXED, COME, GO, MOST, FACTOR, SUMS = range(6)
#: What may be wrong: nothing; no flow to meet a target with; targets of flows that contradict each other; more deaths
#: and exits than persons; a stock below zero, or not a number. Or the flows are missed so far.
FINE, EMPTY, CONTRADICTION, TOO_MANY, NEGATIVE, AGAIN = range(6)
#: What is computed of a year: all of it; what Eckwerte of the stock need to know; the same of those born in the year
#: under the factors found; the rest under these factors, or as if there were none.
WHOLE, WEIGH, BORN, HELD, FREE = range(5)
#: Variables that Eckwerte hold, by the number that the kernels know them by.
OF_STOCK, OF_BIRTHS, OF_DEATHS, OF_IN, OF_OUT = range(5)
#: What is wanted of a year: the stock, every component as well, or only what chance needs.
STOCK, COMPONENTS, CHANCES = range(3)
#: Rounding below which a stock counts as negative.
ROUNDING = 1e-9
#: Areas whose sum is formed apart.
BLOCK = np.uintp(arrays.BLOCK)
NONE, ONE = np.uintp(0), np.uintp(1)
