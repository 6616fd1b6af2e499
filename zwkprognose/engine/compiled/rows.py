"""The parts that the compiled loops of a projection share: one row after the other, the lines of ``formulas`` in each.

The cells of an area (group, sex, age) lie side by side in one row of a table; a table comes with the steps
from row to row along years and areas, and a step of zero means "the same for all". A table with one column
stands for a movement that does not take place. Those born in the year, at age 0 of each group and sex, are
computed after their mothers; until then what stands at age 0 is void.

For the sake of the compiler indices are unsigned (a signed one might be negative and is tested in every step),
a row is a table and a number, and every loop writes to one table only (so that it is vectorised). ``work`` are
rows for what is needed in between. Nothing here knows names or labels, nothing is checked here: ``doors`` has done so.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np
from numba import types

from zwkprognose.engine import formulas
from zwkprognose.engine.compiled.compiling import called, inlined
from zwkprognose.engine.formulas import NOBODY_ELSE

INT, YES, FLOAT = types.uintp, types.boolean, types.float64
TABLE, WORK, ORDER = types.float64[:, ::1], types.float64[:, :, ::1], types.uintp[::1]
ROWS = types.Tuple((TABLE, types.UniTuple(INT, 2)))

#: The lines of a year, written into the loops.
early, deaths, stock_at_end = inlined(formulas.early), inlined(formulas.deaths), inlined(formulas.stock)
survivors, weighted_by = inlined(formulas.survivors), inlined(formulas.weighted)
mothers, asked_by, given_to = inlined(formulas.mothers), inlined(formulas.asked), inlined(formulas.given)


@inlined
def at(steps, y, i):
    """Number of the row of one year and area."""
    return y * steps[0] + i * steps[1]


# --- one row: each table is followed by the number of its row; from cell ``a`` to cell ``b - 1``


@called
def grow(previous, p, J, j, oldest):
    """J: everybody one year older; those in the open group stay in it, nobody is born yet."""
    one, last = np.uintp(1), oldest - np.uintp(1)
    for first in range(np.uintp(0), np.uintp(J.shape[1]), oldest):
        J[j, first] = 0.0
        for x in range(last):
            J[j, first + x + one] = previous[p, first + x]
        J[j, first + last] += previous[p, first + last]


@called
def multiply(a, b, values, v, by, f, into, n):
    """Multiply two rows."""
    for c in range(a, b):
        into[n, c] = values[v, c] * by[f, c]


@called
def add(a, b, values, v, into, n):
    """Add a row to another."""
    for c in range(a, b):
        into[n, c] += values[v, c]


@called
def clear(a, b, into, n):
    """Fill a row with zeros."""
    for c in range(a, b):
        into[n, c] = 0.0


@called
def copy(a, b, values, v, into, n):
    """Copy one row to another."""
    for c in range(a, b):
        into[n, c] = values[v, c]


@called
def less(a, b, values, v, minus, m, into, n):
    """The difference of two rows."""
    for c in range(a, b):
        into[n, c] = values[v, c] - minus[m, c]


@called
def change_groups(a, b, J, j, chance, k, groups, citizens, change, n, joining):
    """Those who leave their group (−) join the citizens (+)."""
    width = np.uintp(J.shape[1]) // groups
    for c in range(a, b):
        change[n, c] = -(J[j, c] * chance[k, c])
    low, high = max(a, citizens * width), min(b, citizens * width + width)
    if low >= high:
        return
    first, length = low - citizens * width, high - low
    for c in range(length):
        joining[0, c] = J[j, first + c] * chance[k, first + c]
    for g in range(np.uintp(1), groups):
        offset = first + g * width
        for c in range(length):
            joining[0, c] += J[j, offset + c] * chance[k, offset + c]
    for c in range(length):
        change[n, low + c] += joining[0, c]


@called
def move_across(a, b, entries, e, up, u, w, come, m, gone, o, down, v, net_early, net):
    """In-moves and out-moves times their factors, and net: those who are there from the start, and all."""
    for c in range(a, b):
        come[m, c] = entries[e, c] * up[u, c]
    for c in range(a, b):
        net_early[0, c] = early(w[0, c], entries[e, c]) * up[u, c] - early(w[0, c], gone[o, c]) * down[v, c]
    for c in range(a, b):
        gone[o, c] *= down[v, c]
    for c in range(a, b):
        net[0, c] = come[m, c] - gone[o, c]


@called
def less_early(a, b, w, entries, e, gone, o, into):
    """In-moves less out-moves of those who are there, or gone, from the start."""
    for c in range(a, b):
        into[0, c] = early(w[0, c], entries[e, c]) - early(w[0, c], gone[o, c])


@called
def settle_row(a, b, J, j, death, q, w, net_early, net, inside, dead, d, stock, n):
    """Deaths and the stock at the end of the year."""
    for c in range(a, b):
        dead[d, c] = deaths(death[q, c], J[j, c], net_early[0, c], early(w[0, c], inside[0, c]))
    for c in range(a, b):
        stock[n, c] = stock_at_end(J[j, c], dead[d, c], net[0, c], inside[0, c])


@called
def births_of(first, J, j, stock, n, fertility, f, fertile, start_weight):
    """Births of the women of one area and group, whose cells begin at ``first``."""
    total = 0.0
    for x in range(fertile[0], fertile[1]):
        c = first + x
        total += fertility[f, x] * mothers(start_weight, J[j, c], stock[n, c])
    return total


@called
def share_births(by_mother, birth_group, m, birth_sex, k, births, b):
    """Births by the child's group and sex from those by the mother's group; ``m`` and ``b`` are first rows."""
    groups = np.uintp(birth_group.shape[1])
    for child in range(groups):
        total = by_mother[0, 0] * birth_group[m, child]
        for g in range(np.uintp(1), groups):
            total += by_mother[0, g] * birth_group[m + g, child]
        for s in range(np.uintp(births.shape[1])):
            births[b + child, s] = total * birth_sex[k, s]


@inlined
def bear(i, t, J, j, stock, n, birth_rates, y, fertile, start_weight, female, by_mother, births):
    """Births of one area in year ``t`` from the women at its start and end; rates of year ``y``."""
    (fertility, f), (birth_group, h), (birth_sex, k), (born, b) = birth_rates[0], birth_rates[1], birth_rates[2], births
    groups, sexes = np.uintp(birth_group.shape[1]), np.uintp(born.shape[1])
    oldest = np.uintp(J.shape[1]) // (groups * sexes)
    for g in range(groups):
        begin, row = (g * sexes + female) * oldest, at(f, y, i) + g
        by_mother[0, g] = births_of(begin, J, j, stock, n, fertility, row, fertile, start_weight)
    share_births(by_mother, birth_group, at(h, y, i), birth_sex, at(k, y, i), born, at(b, t, i))


@called
def anybody(persons, i):
    """Does anybody move into new dwellings of an area?"""
    for k in range(np.uintp(persons.shape[1])):  # noqa: SIM110
        if persons[i, k] > 0.0:
            return True
    return False


@called
def new_homes(a, b, persons, i, homes, people):
    """Persons of one row who move into new dwellings, type by type."""
    clear(a, b, people, np.uintp(0))
    for k in range(np.uintp(persons.shape[1])):
        if persons[i, k] > 0.0:
            for c in range(a, b):
                people[0, c] += persons[i, k] * homes[k, c]


@called
def asked(a, b, people, total, J, j, each):
    """E / (ΣJ − J): persons who move in per person living elsewhere; not a number if nobody does."""
    for c in range(a, b):
        elsewhere = total[0, c] - J[j, c]
        share = asked_by(people[0, c], elsewhere) if elsewhere > NOBODY_ELSE * total[0, c] else np.nan
        each[0, c] = share if people[0, c] > 0.0 else 0.0


@called
def occupy(a, b, persons, i, homes, J, j, total, given, people, more, each, change, n):
    """First occupation: those who move in, less those whom the area gives to the new dwellings of others."""
    inside, outside = anybody(persons[0], i), anybody(persons[1], i)
    if not inside and not outside:
        for c in range(a, b):
            change[n, c] = 0.0 - given_to(J[j, c], given[0, c], 0.0)
        return
    new_homes(a, b, persons[0], i, homes, people)
    new_homes(a, b, persons[1], i, homes, more)
    asked(a, b, people, total, J, j, each)
    for c in range(a, b):
        change[n, c] = people[0, c] + more[0, c] - given_to(J[j, c], given[0, c], each[0, c])


@called
def send(moving, m, shares, d, arriving, a, run):
    """Movers of one origin to one destination; each share stands for the cells of a run."""
    for k in range(np.uintp(shares.shape[1])):
        share = shares[d, k]
        for c in range(k * run, k * run + run):
            arriving[a, c] += moving[m, c] * share


@called
def send_one(moving, m, shares, d, arriving, a):
    """The same where each share stands for one cell; shares are repeated until there are enough."""
    width = np.uintp(shares.shape[1])
    for first in range(np.uintp(0), np.uintp(moving.shape[1]), width):
        for c in range(width):
            arriving[a, first + c] += moving[m, first + c] * shares[d, c]


@called
def send_four(moving, m, shares, d, arriving, a):
    """The same for four origins, one after the other."""
    cells, width = np.uintp(moving.shape[1]), np.uintp(shares.shape[1])
    m0, m1, m2, m3 = m
    d0, d1, d2, d3 = d
    for first in range(np.uintp(0), cells, width):
        for c in range(width):
            total = arriving[a, first + c] + moving[m0, first + c] * shares[d0, c]
            total += moving[m1, first + c] * shares[d1, c]
            total += moving[m2, first + c] * shares[d2, c]
            arriving[a, first + c] = total + moving[m3, first + c] * shares[d3, c]


@called
def early_out(a, b, w, J, j, out, e, known, k, into):
    """Those of the out-moves who are gone from the start, where the numbers among them have a share of their own."""
    for c in range(a, b):
        into[0, c] = early(w[0, c], J[j, c] * out[e, c]) + known[k, c]


@called
def surviving(a, b, J, j, death, q, w, inside, into, n):
    """Survivors of those who stay, and of those who move inside the city."""
    for c in range(a, b):
        into[n, c] = survivors(J[j, c], death[q, c], w[0, c], inside[0, c])


@called
def weighted(a, b, movers, m, death, q, w, into, n):
    """Movers without those of them who die in the year."""
    for c in range(a, b):
        into[n, c] = weighted_by(movers[m, c], death[q, c], early(w[0, c], movers[m, c]))
