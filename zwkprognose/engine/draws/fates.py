"""What happens by chance in a year of a city whose areas depend on each other, compiled: whole persons.

Each resident has one fate: leaves the city, moves inside, changes group, moves into a new dwelling, dies or
stays. Those who move inside the city are sent to their destinations one by one, so that as many arrive as left.
In-moves and births are Poisson numbers. Means are those of the expected year. Arrays are those of ``plan``;
the tables ``w`` (part, area, cell) are those of ``expected`` and belong to a draw and year.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numpy as np

from zwkprognose.engine import formulas
from zwkprognose.engine.compiled.compiling import called, compiled, inlined, part
from zwkprognose.engine.compiled.expected import (
    CAME,
    CHANGED,
    DEAD,
    DOWN,
    HOMES,
    LEFT,
    MOVED_IN,
    MOVED_OUT,
    SPECIAL,
    START,
    TABLES,
    UP,
    E,
    N,
    Q,
    X,
)
from zwkprognose.engine.draws.counts import binomial, binomial_row, exp_row, inverses, none_row, poisson, poisson_row
from zwkprognose.engine.draws.streams import EVENTS, SPLITS, U, fill

#: Parts of the rates.
CHANGE, MOVE, SHARE = range(3)
#: Parts of the plan.
INSIDE, OUTSIDE, AFTER, RELEASED = range(4)
#: Further tables of ``w``: share called to new dwellings, persons gone, and come from inside.
CALLED, GONE, ARRIVED, MORE = TABLES, TABLES + 1, TABLES + 2, 3
#: Further streams: destinations of movers, of those released, of former areas, of new dwellings; who comes from
#: outside to those, deaths among those who came, births.
MOVERS, LEAVERS, FORMER, DWELLINGS, COMERS, LATE, BORN = U(5), U(6), U(7), U(8), U(9), U(10), U(11)
#: What is added to the year in the address of what happens to the newborns.
YOUNG = 2048

mothers, asked = inlined(formulas.mothers), inlined(formulas.asked)
surviving, dying = inlined(formulas.surviving), inlined(formulas.dying)


@compiled()
def draw_year(city, year, t, areas, draw, seed, keep, factor, birth_lift, w, births, stock):
    """Whole persons: first those who are born already, then the births, then the newborns.

    ``areas`` are the addresses of the streams, ``factor`` (area, component); ``stock`` (area, cell) is filled.
    """
    for young in range(2):
        at, lo, hi = t + young * YOUNG, 1 - young, city.ages - young * (city.ages - 1)
        if young:
            bear(city, year.fertile, year.children, factor, birth_lift, w, stock, births)
            give_birth(t, areas, draw, seed, births)
            enter_births(city, births, w)
        happen(city, year.rates, year.plan, year.exposure, year.order, at, areas, draw, seed, w, stock, keep, lo, hi)
        receive(city, year.rates, year.plan, year.exposure, year.order, year.ladder, year.column, at, areas, draw,
                seed, w, stock, lo, hi)  # fmt: skip
    if city.living:
        for i in range(city.areas):
            for c in range(stock.shape[1]):
                stock[i, c] += year.plan[AFTER, i, c]


@called
def bear(city, fertile, children, factor, lift, w, end, births):
    """Births (area, child's group and sex) of the women at the start and those at the end of the year."""
    for i in range(city.areas):
        for k in range(births.shape[1]):
            births[i, k] = 0.0
        for g in range(city.groups):
            total, first = 0.0, (g * city.sexes + city.female) * city.ages
            for x in range(1, city.ages):
                if fertile[i, g, x] > 0.0:
                    c = first + x
                    total += fertile[i, g, x] * mothers(city.mothers_start, w[START, i, c], end[i, c])
            for k in range(births.shape[1]):
                births[i, k] += factor[i, 3] * total * children[i, g, k] * lift[i, k]


@called
def enter_births(city, births, w):
    """The births become the newborns at the start."""
    for i in range(city.areas):
        for r in range(city.groups * city.sexes):
            w[START, i, r * city.ages] = births[i, r]


@part
def call(city, order, inside, w, lo, hi):
    """Share of a cohort of each area that moves into the new dwellings of the others.

    Where by chance nobody lives elsewhere nobody moves in; who is not there even in expectation is refused before.
    """
    everybody, total = np.zeros(w.shape[2]), np.zeros(w.shape[2])
    for i in order:
        for c in range(w.shape[2]):
            everybody[c] += w[START, i, c]
    for i in order:
        for r in range(city.groups * city.sexes):
            for c in range(r * city.ages + lo, r * city.ages + hi):
                w[CALLED, i, c] = called_by(inside[i, c], everybody[c] - w[START, i, c])
                total[c] += w[CALLED, i, c]
    for i in order:
        for r in range(city.groups * city.sexes):
            for c in range(r * city.ages + lo, r * city.ages + hi):
                w[CALLED, i, c] = total[c] - w[CALLED, i, c] if total[c] > 0.0 else 0.0


@inlined
def called_by(inside, elsewhere):
    """Share of the cohort elsewhere that moves into the new dwellings of an area."""
    return asked(inside, elsewhere) if inside > 0.0 and elsewhere > 0.0 else 0.0


@part
def numbers(count, purpose, year, area, draw, seed):
    """That many uniform numbers."""
    u = np.empty((count + 3) // 4 * 4)
    fill(u, purpose, year, area, draw, seed)
    return u


@called
def chances(rates, exposure, w, i, c):
    """Of a resident: to leave the city, move inside, change group, move into a new dwelling, die.

    Where numbers of persons ask for more than are there, everybody goes.
    """
    leave = (w[E, i, c] + (w[X, i, c] / w[START, i, c] if w[X, i, c] * w[START, i, c] > 0.0 else 0.0)) * w[DOWN, i, c]
    move, change, home = rates[MOVE, i, c], rates[CHANGE, i, c], w[CALLED, i, c]
    exits = leave + move + change + home
    if exits > 1.0:
        leave, move, change, home, exits = leave / exits, move / exits, change / exits, home / exits, 1.0
    return leave, move, change, home, min(dying(w[Q, i, c], exposure[c], exits), 1.0 - exits)


@part
def happen(city, rates, plan, exposure, order, t, areas, draw, seed, w, after, keep, lo, hi):
    """Fates of the residents, who comes from outside, and the stock without those who come from inside."""
    rows, ages = city.groups * city.sexes, hi - lo
    split = keep or city.building or city.moving or city.changing
    if city.building:
        call(city, order, plan[INSIDE], w, lo, hi)
    chance, mean, persons = np.empty(ages), np.empty(ages), np.empty(ages)
    pmf, cdf, count, come, inverse = np.empty(ages), np.empty(ages), np.empty(ages), np.empty(ages), inverses()
    room, whole = np.empty((3, ages)), np.empty(ages, np.int64)
    for i in range(city.areas):
        u = numbers(2 * rows * ages, EVENTS, t, areas[i], draw, seed)
        for r in range(rows):
            at, first = 2 * r * ages, r * city.ages + lo
            for x in range(ages):
                c = first + x
                leave, move, change, home, die = chances(rates, exposure, w, i, c)
                chance[x], persons[x] = min(leave + move + change + home + die, 1.0), w[START, i, c]
                mean[x] = w[N, i, c] * w[UP, i, c] * surviving(w[Q, i, c], exposure[c])
            exp_row(mean, pmf)
            poisson_row(u[at : at + ages], mean, pmf, cdf, inverse, come)
            binomials(u[at + ages : at + 2 * ages], persons, chance, inverse, room, whole, count)
            for x in range(ages):
                w[GONE, i, first + x] = count[x]
                w[ARRIVED, i, first + x] = 0.0
                w[CAME, i, first + x] = come[x]
                after[i, first + x] = persons[x] - count[x] + come[x]
        if split:
            v = numbers(5 * rows * ages, SPLITS, t, areas[i], draw, seed)
            for r in range(rows):
                for x in range(ages):
                    split_cell(rates, exposure, v, 5 * (r * ages + x), i, r * city.ages + lo + x, keep, w)


@called
def split_cell(rates, exposure, v, at, i, c, keep, w):
    """Of those gone, who moved inside, changed group, moved into a new dwelling, left the city, died.

    Components take what left the area with a minus. Of what the stock has no part in, those who left or died and
    in-movers who died, only what is kept is drawn.
    """
    moved, changed, housed, left, died, early = 0, 0, 0, 0, 0, 0
    if w[GONE, i, c] > 0.0:
        leave, move, change, home, die = chances(rates, exposure, w, i, c)
        rest = np.int64(w[GONE, i, c])
        moved = share_of(v[at], rest, move, leave + change + home + die)
        changed = share_of(v[at + 1], rest - moved, change, leave + home + die)
        housed = share_of(v[at + 2], rest - moved - changed, home, leave + die)
        if keep:
            left = share_of(v[at + 3], rest - moved - changed - housed, leave, die)
            died = rest - moved - changed - housed - left
    if keep:
        early = poisson(v[at + 4], w[N, i, c] * w[UP, i, c] * exposure[c] * w[Q, i, c])
    w[DEAD, i, c] = died + early
    w[CAME, i, c] += early
    w[LEFT, i, c] = left
    w[CHANGED, i, c] = -changed
    w[MOVED_OUT, i, c] = moved
    w[HOMES, i, c] = -housed


@called
def binomials(u, persons, chance, inverse, room, whole, count):
    """How many of the persons of each cell of a row; ``room`` (3, cell) and ``whole`` (cell) are used up."""
    ages = u.shape[0]
    odds, none, below = room[0, :ages], room[1, :ages], room[2, :ages]
    for x in range(ages):
        odds[x] = chance[x] / (1.0 - chance[x]) if chance[x] < 1.0 else 0.0
        whole[x] = np.int64(persons[x])
    none_row(whole[:ages], chance, none, below)
    binomial_row(u, persons, chance, odds, none, below, inverse, count)
    for x in range(ages):
        count[x] = count[x] if chance[x] < 1.0 else persons[x]


@inlined
def share_of(u, persons, chance, others):
    """How many of these persons have one fate, and not one of the others."""
    if persons == 0 or chance <= 0.0:
        return 0
    return binomial(u, persons, chance / (chance + others))


@part
def send(city, order, pool, ladder, column, purpose, t, areas, draw, seed, leaving, arriving, lo, hi):
    """Destinations of whole persons, by pool or matrix; without either they stay in their area."""
    if city.matrix:
        send_by_matrix(city, order, ladder, column, purpose, t, areas, draw, seed, leaving, arriving, lo, hi)
    elif city.pool:
        send_by_pool(city, order, pool, purpose, t, areas, draw, seed, leaving, arriving, lo, hi)
    else:
        for i in range(city.areas):
            for c in range(leaving.shape[1]):
                arriving[i, c] = leaving[i, c]


@part
def send_by_pool(city, order, pool, purpose, t, areas, draw, seed, leaving, arriving, lo, hi):
    """The pool is divided area by area: each takes its share of what is left, the last one the rest."""
    rows, ages, cells = city.groups * city.sexes, hi - lo, leaving.shape[1]
    waiting, tail = np.zeros(cells), np.zeros((city.areas + 1, cells))
    chance, count, inverse = np.empty(ages), np.empty(ages), inverses()
    room, whole = np.empty((3, ages)), np.empty(ages, np.int64)
    for k in range(city.areas - 1, -1, -1):
        for c in range(cells):
            waiting[c] += leaving[order[k], c]
            tail[k, c] = tail[k + 1, c] + pool[order[k], c]
    for k in range(city.areas):
        i = order[k]
        u = numbers(rows * ages, purpose, t, areas[i], draw, seed)
        for r in range(rows):
            first = r * city.ages + lo
            for x in range(ages):
                share = pool[i, first + x]
                chance[x] = share / tail[k, first + x] if share > 0.0 else 0.0
            binomials(u[r * ages : (r + 1) * ages], waiting[first : first + ages], chance, inverse, room, whole, count)
            for x in range(ages):
                arriving[i, first + x] = count[x]
                waiting[first + x] -= count[x]


@part
def send_by_matrix(city, order, ladder, column, purpose, t, areas, draw, seed, leaving, arriving, lo, hi):
    """Every mover finds an own destination among those of the area left."""
    rows = city.groups * city.sexes
    for i in range(city.areas):
        for r in range(rows):
            for c in range(r * city.ages + lo, r * city.ages + hi):
                arriving[i, c] = 0.0
    for i in range(city.areas):
        movers = 0.0
        for r in range(rows):
            for c in range(r * city.ages + lo, r * city.ages + hi):
                movers += leaving[i, c]
        u, k = numbers(np.int64(movers), purpose, t, areas[i], draw, seed), 0
        for r in range(rows):
            for c in range(r * city.ages + lo, r * city.ages + hi):
                for _ in range(np.int64(leaving[i, c])):
                    arriving[order[rung(u[k], ladder[i, column[c]])], c] += 1.0
                    k += 1


@called
def rung(u, ladder):
    """The first rung above a share of the whole ladder."""
    low, high, value = 0, ladder.shape[0] - 1, u * ladder[-1]
    while low < high:
        middle = (low + high) // 2
        if value < ladder[middle]:
            high = middle
        else:
            low = middle + 1
    return low


@part
def house(city, plan, order, t, areas, draw, seed, w, lo, hi):
    """New dwellings: those who give up a home move into one of the others, more come from outside the city."""
    rows, ages = city.groups * city.sexes, hi - lo
    for i in range(city.areas):
        movers = 0.0
        for r in range(rows):
            for c in range(r * city.ages + lo, r * city.ages + hi):
                movers -= w[HOMES, i, c]
        u, k = numbers(np.int64(movers), DWELLINGS, t, areas[i], draw, seed), 0
        for r in range(rows):
            for c in range(r * city.ages + lo, r * city.ages + hi):
                for _ in range(np.int64(-w[HOMES, i, c])):
                    w[ARRIVED, dwelling(order, plan[INSIDE], w, i, c, u[k]), c] += 1.0
                    k += 1
    for i in range(city.areas):
        coming = 0.0
        for c in range(w.shape[2]):
            coming += plan[OUTSIDE, i, c]
        u = numbers(rows * ages if coming > 0.0 else 0, COMERS, t, areas[i], draw, seed)
        for r in range(rows):
            for x in range(ages):
                c = r * city.ages + lo + x
                if coming > 0.0:
                    w[ARRIVED, i, c] += poisson(u[r * ages + x], plan[OUTSIDE, i, c])
                w[HOMES, i, c] += w[ARRIVED, i, c]


@called
def dwelling(order, inside, w, origin, c, u):
    """The area with new dwellings to which somebody moves from another area."""
    everybody = 0.0
    for i in order:
        everybody += w[START, i, c]
    value, found = u * w[CALLED, origin, c], -1
    for i in order:
        share = called_by(inside[i, c], everybody - w[START, i, c])
        if i != origin and share > 0.0:
            found = i
            value -= share
            if value < 0.0:
                break
    return found


@part
def receive(city, rates, plan, exposure, order, ladder, column, t, areas, draw, seed, w, after, lo, hi):
    """Those who come from inside the city, and the deaths among them."""
    rows, ages = city.groups * city.sexes, hi - lo
    if not (city.building or city.moving or city.living or city.changing):
        return
    if city.building:
        house(city, plan, order, t, areas, draw, seed, w, lo, hi)
    if city.moving:
        send(city, order, rates[SHARE], ladder, column, MOVERS, t, areas, draw, seed, w[MOVED_OUT], w[MOVED_IN],
             lo, hi)  # fmt: skip
    if city.living:
        send(city, order, rates[SHARE], ladder, column, LEAVERS, t, areas, draw, seed, plan[RELEASED], w[SPECIAL],
             lo, hi)  # fmt: skip
    if city.changing:
        join(city, w, lo, hi)
    chance, died, inverse = np.empty(ages), np.empty(ages), inverses()
    room, whole = np.empty((3, ages)), np.empty(ages, np.int64)
    for i in range(city.areas):
        u = numbers(rows * ages, LATE, t, areas[i], draw, seed)
        for r in range(rows):
            first = r * city.ages + lo
            for x in range(ages):
                c = first + x
                w[ARRIVED, i, c] += w[MOVED_IN, i, c] + w[SPECIAL, i, c]
                chance[x] = exposure[c] * w[Q, i, c]
            arrived = w[ARRIVED, i, first : first + ages]
            binomials(u[r * ages : (r + 1) * ages], arrived, chance, inverse, room, whole, died)
            for x in range(ages):
                w[DEAD, i, first + x] += died[x]
                after[i, first + x] += arrived[x] - died[x]


@called
def join(city, w, lo, hi):
    """Those who left their group join the citizens."""
    step = city.sexes * city.ages
    for i in range(city.areas):
        for s in range(city.sexes):
            for x in range(lo, hi):
                joining, at = 0.0, s * city.ages + x
                for g in range(city.groups):
                    joining -= w[CHANGED, i, g * step + at]
                w[CHANGED, i, city.citizens * step + at] += joining
                w[ARRIVED, i, city.citizens * step + at] += joining


@part
def give_birth(t, areas, draw, seed, births):
    """Births as whole persons."""
    for i in range(births.shape[0]):
        u = numbers(births.shape[1], BORN, t, areas[i], draw, seed)
        for r in range(births.shape[1]):
            births[i, r] = poisson(u[r], births[i, r])
