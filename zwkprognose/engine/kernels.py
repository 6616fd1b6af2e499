"""The compiled twin of ``reference``: the same terms in the same order.

The compiled path of a projection; arrays in, arrays filled. Nothing here knows names or labels, nothing
is checked here: ``doors`` has done so. The loops hold no lock, so that threads may share areas or cells
between them; each cell is computed by one thread and every sum is added in a fixed order, hence the result
does not depend on the threads.

The cells of an area (group, sex, age) lie side by side in one row of a table; a table comes with the steps
from row to row along years and areas, and a step of zero means "the same for all". A table with one column
stands for a movement that does not take place. Those born in the year, at age 0 of each group and sex, are
computed after their mothers; until then what stands at age 0 is void.

For the sake of the compiler indices are unsigned (a signed one might be negative and is tested in every step),
a row is a table and a number, and every loop writes to one table only (so that it is vectorised). ``work`` are
rows for what is needed in between.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np
from numba import types

from zwkprognose.engine.compiling import called, compiled, inlined

_INT, _YES, _FLOAT = types.uintp, types.boolean, types.float64
_TABLE, _WORK, _ORDER = types.float64[:, ::1], types.float64[:, :, ::1], types.uintp[::1]
_ROWS = types.Tuple((_TABLE, types.UniTuple(_INT, 2)))


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
def set_to(a, b, value, into, n):
    """Fill a row with one value."""
    for c in range(a, b):
        into[n, c] = value


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
def move_across(a, b, entries, e, up, u, w, come, m, gone, o, down, v, early, net):
    """In-moves and out-moves times their factors, and net: those who are there from the start, and all."""
    for c in range(a, b):
        come[m, c] = entries[e, c] * up[u, c]
    for c in range(a, b):
        early[0, c] = w[0, c] * entries[e, c] * up[u, c] - w[0, c] * gone[o, c] * down[v, c]
    for c in range(a, b):
        gone[o, c] *= down[v, c]
    for c in range(a, b):
        net[0, c] = come[m, c] - gone[o, c]


@called
def settle_row(a, b, J, j, death, q, w, early, net, inside, dead, d, stock, n):
    """Deaths and the stock at the end of the year."""
    for c in range(a, b):
        dead[d, c] = death[q, c] * (J[j, c] + early[0, c] + w[0, c] * inside[0, c])
    for c in range(a, b):
        stock[n, c] = J[j, c] - dead[d, c] + net[0, c] + inside[0, c]


@called
def births_of(first, J, j, stock, n, fertility, f, fertile, start_weight):
    """Births of the women of one area and group, whose cells begin at ``first``."""
    total = 0.0
    for x in range(fertile[0], fertile[1]):
        c = first + x
        total += fertility[f, x] * (start_weight * J[j, c] + (1.0 - start_weight) * stock[n, c])
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


# --- all years of one area after the other, where areas do not depend on each other


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
            early = w[0, c] * entries[ri, c] - w[0, c] * gone[ro, c]
            dead[rd, c] = death[rq, c] * (J[0, c] + early + w[0, c] * change[rn, c])
        for c in range(cells):
            stock[rp, c] = J[0, c] - dead[rd, c] + (entries[ri, c] - gone[ro, c]) + change[rn, c]
    else:
        for c in range(cells):
            early = w[0, c] * entries[ri, c] - w[0, c] * gone[ro, c]
            dead[rd, c] = death[rq, c] * (J[0, c] + early)
        for c in range(cells):
            stock[rp, c] = J[0, c] - dead[rd, c] + (entries[ri, c] - gone[ro, c])


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
        early = w[0, c] * arriving - w[0, c] * leaving
        come[at(m, t, i), c] = arriving
        dying = death[at(q, t, i), c] * (J[0, c] + early + w[0, c] * inside)
        dead[at(d, t, i), c] = dying
        stock[after, c] = J[0, c] - dying + (arriving - leaving) + inside


@compiled(
    _INT, _INT, _INT, _INT, types.UniTuple(_ROWS, 5), types.UniTuple(_ROWS, 3), types.UniTuple(_INT, 2), _TABLE,
    _FLOAT, _INT, _INT,
    types.UniTuple(_ROWS, 5), _ROWS, _WORK,
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


# --- year by year, where areas depend on each other; sums over areas are added in their ``order``, block by block
# as in ``model.over_areas``, so that threads share blocks. ``t`` is the year of the results; rates are those of
# the year, at index 0: deaths, out-moves, out-moves known as numbers, in-moves, changes of group, moves to other
# areas, share of the pool, and those of the numbers who are there from the start. ``moving`` says how people move
# inside the city: not (0), by a pool (1), by a matrix (2). ``persons`` (area, type) move into new dwellings from
# inside and from outside the city, ``homes`` (type, cell) is their profile. ``sums`` (one row) are the pool, the
# stock and the draw of the new dwellings.


@compiled(_INT, _INT, _INT, types.UniTuple(_ROWS, 8), types.UniTuple(_ROWS, 8))
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


@compiled(_INT, _INT, _INT, _INT, _ROWS, _ROWS)
def grow_areas(first, stop, t, oldest, population, start):
    """J of the areas ``first`` to ``stop - 1``."""
    (stock, p), (J, j) = population, start
    for i in range(first, stop):
        grow(stock, at(p, t, i), J, at(j, np.uintp(0), i), oldest)


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
    set_to(a, b, 0.0, people, np.uintp(0))
    for k in range(np.uintp(persons.shape[1])):
        if persons[i, k] > 0.0:
            for c in range(a, b):
                people[0, c] += persons[i, k] * homes[k, c]


@called
def asked(a, b, people, total, J, j, each):
    """E / (ΣJ − J): persons who move in per person living elsewhere; not a number if nobody does."""
    for c in range(a, b):
        elsewhere = total[0, c] - J[j, c]
        share = people[0, c] / elsewhere if elsewhere > 0.0 else np.nan
        each[0, c] = share if people[0, c] > 0.0 else 0.0


@called
def occupy(a, b, persons, i, homes, J, j, total, given, people, more, each, change, n):
    """First occupation: those who move in, less those whom the area gives to the new dwellings of others."""
    inside, outside = anybody(persons[0], i), anybody(persons[1], i)
    if not inside and not outside:
        for c in range(a, b):
            change[n, c] = 0.0 - J[j, c] * given[0, c]
        return
    new_homes(a, b, persons[0], i, homes, people)
    new_homes(a, b, persons[1], i, homes, more)
    asked(a, b, people, total, J, j, each)
    for c in range(a, b):
        change[n, c] = people[0, c] + more[0, c] - J[j, c] * (given[0, c] - each[0, c])


@inlined
def block_of(order, k, block):
    """Areas of block number ``k``, in order."""
    return order[k * block : min(k * block + block, np.uintp(order.shape[0]))]


@compiled(
    _INT, _INT, _INT, _ORDER, _INT, _ROWS, _ROWS, _INT, _ROWS, _YES, types.UniTuple(_TABLE, 2), _WORK,
)  # fmt: skip
def sum_movers(first, stop, t, order, block, start, move_out, moving, moves_out, building, sums, work):
    """Pool and stock of some blocks of areas; by matrix the moves of every area are written down."""
    (J, j), (chance, r), (out, m), (pool, total), people = start, move_out, moves_out, sums, work[0]
    zero, cells = np.uintp(0), np.uintp(J.shape[1])
    for k in range(first, stop):
        for i in block_of(order, k, block):
            row = at(j, zero, i)
            if moving == 1:
                multiply(zero, cells, J, row, chance, at(r, zero, i), people, zero)
                add(zero, cells, people, zero, pool, k)
            elif moving == 2:
                multiply(zero, cells, J, row, chance, at(r, zero, i), out, at(m, t, i))
            if building:
                add(zero, cells, J, row, total, k)


@compiled(_INT, _INT, _ORDER, _ROWS, _TABLE, _TABLE, types.UniTuple(_TABLE, 2), _WORK)
def sum_asked(a, b, order, start, inside, homes, sums, work):
    """Draw of the new dwellings, from the stock of all areas."""
    (J, j), (total, given), people, each = start, sums, work[0], work[1]
    zero = np.uintp(0)
    for i in order:
        if anybody(inside, i):
            new_homes(a, b, inside, i, homes, people)
            asked(a, b, people, total, J, at(j, zero, i), each)
            add(a, b, each, zero, given, zero)


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


@compiled(_INT, _INT, _INT, _ORDER, _ROWS, _INT, _ROWS, _ROWS, _TABLE, _INT)
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
            set_to(zero, cells, 0.0, arriving, at(a, t, j))
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
        set_to(a, b, 0.0, inside, zero)
    if chance.shape[1] > 1:
        change_groups(a, b, J, row, chance, at(k, zero, i), groups, citizens, change, at(n, t, i), people)
        add(a, b, change, at(n, t, i), inside, zero)
    if building:
        occupy(a, b, persons, i, homes, J, row, total, given, people, more, each, built, at(rb, t, i))
        add(a, b, built, at(rb, t, i), inside, zero)


@called
def early_out(a, b, w, J, j, out, e, known, k, early):
    """Those of the out-moves who are gone from the start, where the numbers among them have a share of their own."""
    for c in range(a, b):
        early[0, c] = w[0, c] * (J[j, c] * out[e, c]) + known[k, c]


@called
def surviving(a, b, J, j, death, q, w, inside, survivors, n):
    """Survivors of those who stay, and of those who move inside the city."""
    for c in range(a, b):
        dying = death[q, c] * (J[j, c] + w[0, c] * inside[0, c])
        survivors[n, c] = J[j, c] - dying + inside[0, c]


@called
def weighted(a, b, movers, m, death, q, w, into, n):
    """Movers without those of them who die in the year."""
    for c in range(a, b):
        into[n, c] = movers[m, c] - death[q, c] * (w[0, c] * movers[m, c])


@called
def sum_up(stay, come, go, almost_all, factor, inverse, limit, totals, k):
    """Add one row to row ``k`` of the sums for the Eckwerte; ``stay`` without residents of homes sets the limit."""
    inward, outward, ratio = totals[1], totals[2], totals[3]
    cells = np.uintp(inward.shape[1])
    for c in range(cells):
        limit[0, c] = almost_all * max(stay[0, c], 0.0)
    for c in range(cells):
        share = go[0, c] / limit[0, c]
        ratio[k, c] = max(ratio[k, c], share if go[0, c] > 0.0 else 0.0)
    for c in range(cells):
        inward[k, c] += come[0, c] * factor[0, c]
    for c in range(cells):
        gone = go[0, c] * inverse[0, c]
        outward[k, c] += 0.0 if gone > limit[0, c] else gone


@called
def sum_fixed(stay, go, inverse, limit, fixed, k):
    """Survivors, less those who leave at the limit."""
    for c in range(np.uintp(fixed.shape[1])):
        capped = go[0, c] * inverse[0, c] > limit[0, c]
        fixed[k, c] += stay[0, c] - (limit[0, c] if capped else 0.0)


@compiled(
    _INT, _INT, _INT, _ORDER, _INT, _INT, _INT, _ROWS, types.UniTuple(_ROWS, 9), _INT, _YES, _TABLE,
    types.UniTuple(_TABLE, 2), types.UniTuple(_TABLE, 3), types.UniTuple(_ROWS, 2), _ROWS, _ROWS, _TABLE, _FLOAT,
    _TABLE, _TABLE, types.UniTuple(_TABLE, 4), types.UniTuple(_ROWS, 3), _YES,
    _WORK,
)  # fmt: skip
def weigh(
    first, stop, t, order, block, groups, citizens, start, rates, moving, building, homes, persons, sums, by_matrix,
    released, residents, w, almost_all, factor, inverse, totals, weights, keep, work,
):  # fmt: skip
    """Survivors, in-moves and out-moves weighted with the mortality of movers, for the Eckwerte.

    Of some blocks of areas: summed into ``totals`` (survivors, in-moves, out-moves, largest out-moves to limit),
    a row for each block, under a factor that all areas share; or, for Eckwerte that tell areas apart, kept for
    each area in ``weights``.
    ``by_matrix`` are the moves in and out between areas that stand in the results already.
    """
    (J, j), (death, q), (entries, e), (living, r), (free, f) = start, rates[0], rates[3], residents, released
    zero, cells = np.uintp(0), np.uintp(w.shape[1])
    rows = (work[0], work[1], work[2], work[3])
    inside, gone, still = work[3], work[4], (zero, zero)
    (arriving, ra), (leaving, rl) = by_matrix
    if moving < 2:
        (arriving, ra), (leaving, rl) = (work[5], still), (work[6], still)
    change, built = work[7], work[8]
    targets = ((gone, still), (change, still), (arriving, ra), (leaving, rl), (built, still))
    (stay, rs), (come, rc), (go, rg) = weights
    if not keep:
        (stay, rs), (come, rc), (go, rg) = (
            (work[9], still), (work[10], still), (work[11], still),
        )  # fmt: skip
    for k in range(first, stop):
        for i in block_of(order, k, block):
            flows(zero, cells, t, i, groups, citizens, start, rates, moving, building, homes, persons, sums, targets,
                  rows)  # fmt: skip
            if free.shape[1] > 1:
                add(zero, cells, free, at(f, zero, i), inside, zero)
            row, ns, nc, ng = at(q, zero, i), at(rs, zero, i), at(rc, zero, i), at(rg, zero, i)
            surviving(zero, cells, J, at(j, zero, i), death, row, w, inside, stay, ns)
            weighted(zero, cells, entries, at(e, zero, i), death, row, w, come, nc)
            weighted(zero, cells, gone, zero, death, row, w, go, ng)
            if not keep:
                sum_up(stay, come, go, almost_all, factor, inverse, inside, totals, k)
                if living.shape[1] > 1:
                    add(zero, cells, living, at(r, zero, i), stay, zero)
                sum_fixed(stay, go, inverse, inside, totals[0], k)


@compiled(
    _INT, _INT, _ORDER, _ORDER, _TABLE, _TABLE, _TABLE, _TABLE, _FLOAT, _ROWS, types.UniTuple(_TABLE, 4), _WORK,
)  # fmt: skip
def sum_cells(a, b, order, row_of, survivors, inward, outward, residents, almost_all, factor, totals, work):
    """Sums of weights that are kept for each area, by the row of a margin to which it belongs.

    ``totals`` (row, cell) are survivors, in-moves, out-moves, and how far out-moves exceed their limit at most; the
    last row takes the areas that belong to none.
    """
    (by, f), (fixed, come, go, excess) = factor, totals
    zero, limit, gone = np.uintp(0), work[0], work[1]
    for i in order:
        k, r = row_of[i], at(f, zero, i)
        for c in range(a, b):
            limit[0, c] = almost_all * max(survivors[i, c], 0.0)
        for c in range(a, b):
            gone[0, c] = outward[i, c] * (1.0 / by[r, c] if by[r, c] > 0.0 else 0.0)
        for c in range(a, b):
            excess[0, c] = max(excess[0, c], gone[0, c] - limit[0, c])
        for c in range(a, b):
            stay = survivors[i, c] + residents[i, c]
            fixed[k, c] += stay - limit[0, c] if gone[0, c] > limit[0, c] else stay
        for c in range(a, b):
            come[k, c] += inward[i, c] * by[r, c]
        for c in range(a, b):
            go[k, c] += 0.0 if gone[0, c] > limit[0, c] else gone[0, c]


@compiled(
    _INT, _INT, _INT, _INT, _INT, _ROWS, types.UniTuple(_ROWS, 9), _INT, _YES, _TABLE, types.UniTuple(_TABLE, 2),
    types.UniTuple(_TABLE, 3), _ROWS, _TABLE, _ROWS, _ROWS, types.UniTuple(_ROWS, 8), types.UniTuple(_ROWS, 3),
    types.UniTuple(_INT, 2), _FLOAT, _INT, _ROWS, _YES, _WORK,
)  # fmt: skip
def settle(
    first, stop, t, groups, citizens, start, rates, moving, building, homes, persons, sums, released, w, more,
    fewer, results, birth_rates, fertile, start_weight, female, births, bearing, work,
):  # fmt: skip
    """All movements, deaths, the stock at the end of the year and births of the areas ``first`` to ``stop - 1``.

    In-moves are multiplied by ``more`` and out-moves by ``fewer``. ``results`` are population, deaths, in-moves,
    out-moves, changes of group, moves in and out between areas, Erstbezug. Births as in :func:`advance_areas`,
    if ``bearing``.
    """
    (J, j), (death, q), (entries, e), (up, u), (down, v), (free, f) = (
        start, rates[0], rates[3], more, fewer, released,
    )  # fmt: skip
    (out, ro), (in_early, x), (known_early, y) = rates[1], rates[7], rates[8]
    (stock, p), (dead, d), (come, m), (gone, o) = results[0], results[1], results[2], results[3]
    targets = (results[3], results[4], results[5], results[6], results[7])
    zero, one, cells = np.uintp(0), np.uintp(1), np.uintp(w.shape[1])
    rows, inside = (work[0], work[1], work[2], work[3]), work[3]
    early, net, by_mother = work[4], work[5], work[6]
    for i in range(first, stop):
        flows(zero, cells, t, i, groups, citizens, start, rates, moving, building, homes, persons, sums, targets, rows)
        if free.shape[1] > 1:
            add(zero, cells, free, at(f, zero, i), inside, zero)
        if in_early.shape[1] > 1:
            early_out(zero, cells, w, J, at(j, zero, i), out, at(ro, zero, i), known_early, at(y, zero, i), rows[0])
        move_across(zero, cells, entries, at(e, zero, i), up, at(u, zero, i), w, come, at(m, t, i), gone, at(o, t, i),
                    down, at(v, zero, i), early, net)  # fmt: skip
        if in_early.shape[1] > 1:
            less(zero, cells, in_early, at(x, zero, i), rows[0], zero, early, zero)
        settle_row(zero, cells, J, at(j, zero, i), death, at(q, zero, i), w, early, net, inside, dead, at(d, t, i),
                   stock, at(p, t + one, i))  # fmt: skip
        if bearing:
            bear(i, t, J, at(j, zero, i), stock, at(p, t + one, i), birth_rates, zero, fertile, start_weight, female,
                 by_mother, births)  # fmt: skip
