"""What happens by chance in a year of a city whose areas depend on each other, compiled: whole persons.

Each resident has one fate: leaves the city, moves inside, changes group, moves into a new dwelling, dies or
stays. Those who move inside the city are sent to their destinations one by one, so that as many arrive as left.
In-moves and births are Poisson numbers. Means are those of the expected year. Arrays are those of ``plan``;
the tables ``w`` (part, area, cell) are those of ``expected`` and belong to a draw and year. A row are the cells of one
area, group and sex that a turn is about: all ages that are born already, or the newborn. Indices are unsigned: a signed
one might be negative, and nothing would be computed side by side.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

from typing import NamedTuple

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
    NONE,
    SPECIAL,
    START,
    TABLES,
    UP,
    E,
    N,
    Q,
    X,
)
from zwkprognose.engine.compiled.rows import anybody, bear
from zwkprognose.engine.draws.counts import HALF, binomial_row, exp_row, inverses, none_row, poisson, poisson_row
from zwkprognose.engine.draws.streams import EVENTS, SPLITS, U, fill

#: Parts of the rates.
CHANGE, MOVE, SHARE = range(3)
#: Parts of the plan.
INSIDE, OUTSIDE, AFTER, RELEASED = range(4)
#: Fates of a resident in the order in which they are told apart, and where the first four are written down.
MOVES, CHANGES, IS_HOUSED, LEAVES, DIES = range(5)
WRITTEN, FATES = (MOVED_OUT, CHANGED, HOMES, LEFT), np.uintp(5)
#: Further tables of ``w``: share called to new dwellings, persons gone, and come from inside.
CALLED, GONE, ARRIVED, MORE = TABLES, TABLES + 1, TABLES + 2, 3
#: Further streams: destinations of movers, of those released, of former areas, of new dwellings; who comes from
#: outside to those, deaths among those who came, births.
MOVERS, LEAVERS, FORMER, DWELLINGS, COMERS, LATE, BORN = U(5), U(6), U(7), U(8), U(9), U(10), U(11)
#: What is added to the year in the address of what happens to the newborns.
YOUNG = 2048
#: Rows to work in: means, a term of a distribution and the sum of terms, odds, probabilities, whether they are above
#: one half, counts, numbers, persons, and numbers of one fate.
MEAN, PMF, CDF, ODDS, CHANCE, MOST, COUNT, NUMBER, PERSONS, OWN, ROOM = range(11)

asked, surviving, dying = inlined(formulas.asked), inlined(formulas.surviving), inlined(formulas.dying)


class Turn(NamedTuple):
    """Whose turn it is: year (as in the addresses of random numbers), number of the draw, seed, whether components are
    kept, and the ages from ``first`` to ``last`` − 1."""

    year: int
    number: int
    seed: np.uint64
    keep: bool
    first: int
    last: int


@compiled()
def draw_year(city, ways, turn, building, pool, matrix, changing, women, w, stock):
    """Whole persons: first those who are born already, then the births, then the newborns.

    ``women`` are those of ``expected``: rates of births, births, and factors; ``stock`` (area, cell) is filled. What of
    ``plan.taking_place`` is None is not even compiled.
    """
    carry_out(city, ways, turn, building, pool, matrix, changing, w, stock)
    give_birth(city, turn, women, w, stock)
    turn = Turn(turn.year + YOUNG, turn.number, turn.seed, turn.keep, 0, 1)
    carry_out(city, ways, turn, building, pool, matrix, changing, w, stock)
    if city.living:
        for i in range(city.areas):
            for c in range(stock.shape[1]):
                stock[i, c] += ways.plan[AFTER, i, c]


@part
def carry_out(city, ways, turn, building, pool, matrix, changing, w, stock):
    """Everything that happens to the ages of a turn."""
    if building is not None:
        share_out(city, ways.plan, turn, everybody(city, w), w, np.zeros(w.shape[2]))
    happen(city, ways, turn, w, stock)
    if city.building or city.moving or city.living or city.changing:
        receive(city, ways, turn, building, pool, matrix, changing, w, stock)


@part
def give_birth(city, turn, women, w, stock):
    """Births as whole persons, of the women at the start and those at the end of the year; they are the newborns."""
    birth_rates, fertile, start_weight, births, factor, lift = women
    by_mother, born = np.empty((1, city.groups)), births[0]
    for i in range(np.uintp(city.areas)):
        bear(i, NONE, w[START], i, stock, i, birth_rates, NONE, fertile, start_weight, np.uintp(city.female),
             by_mother, births)  # fmt: skip
    for i in range(city.areas):
        u = numbers(city.groups * city.sexes, BORN, turn, city.streams[i])
        for r in range(city.groups * city.sexes):
            mother, sex = i * city.groups + r // city.sexes, r % city.sexes
            born[mother, sex] = poisson(u[r], born[mother, sex] * factor[i, 3] * lift[i, r])
            w[START, i, r * city.ages] = born[mother, sex]


@inlined
def first_of(city, turn, r):
    """The first cell of one group and sex that a turn is about."""
    return np.uintp(r * city.ages + turn.first)


@inlined
def cells_of(city, turn, r):
    """The cells of one group and sex that a turn is about."""
    return range(first_of(city, turn, r), np.uintp(r * city.ages + turn.last))


@part
def everybody(city, w):
    """Persons of every cell in the whole city."""
    total = np.zeros(w.shape[2])
    for i in city.order:
        for c in range(w.shape[2]):
            total[c] += w[START, i, c]
    return total


@called
def share_out(city, plan, turn, there, w, total):
    """Share of a cohort of each area that moves into the new dwellings of the others, from everybody.

    It is put into ``w``; ``total`` (cell) is used up.

    Where by chance nobody lives elsewhere nobody moves in; who is not there even in expectation is refused before.
    """
    for i in city.order:
        for r in range(city.groups * city.sexes):
            for c in cells_of(city, turn, r):
                w[CALLED, i, c] = called_by(plan[INSIDE, i, c], there[c] - w[START, i, c])
                total[c] += w[CALLED, i, c]
    for i in city.order:
        for r in range(city.groups * city.sexes):
            for c in cells_of(city, turn, r):
                w[CALLED, i, c] = total[c] - w[CALLED, i, c] if total[c] > 0.0 else 0.0


@inlined
def called_by(inside, elsewhere):
    """Share of the cohort elsewhere that moves into the new dwellings of an area."""
    return asked(inside, elsewhere) if inside > 0.0 and elsewhere > 0.0 else 0.0


@part
def numbers(count, purpose, turn, area):
    """That many uniform numbers."""
    u = np.empty((count + 3) // 4 * 4)
    fill(u, purpose, turn.year, area, turn.number, turn.seed)
    return u


@called
def fates_of(rates, exposure, i, first, w, fate):
    """Probability of each fate (fate, age) of the residents of one row of cells.

    Where numbers of persons ask for more than are there, everybody goes.
    """
    for x in range(np.uintp(fate.shape[1])):
        c = first + x
        planned = w[X, i, c] / w[START, i, c] if w[X, i, c] * w[START, i, c] > 0.0 else 0.0
        leave, home = (w[E, i, c] + planned) * w[DOWN, i, c], w[CALLED, i, c]
        move, change = rates[MOVE, i, c], rates[CHANGE, i, c]
        exits = leave + move + change + home
        most, exits = max(exits, 1.0), min(exits, 1.0)
        fate[MOVES, x], fate[CHANGES, x] = move / most, change / most
        fate[IS_HOUSED, x], fate[LEAVES, x] = home / most, leave / most
        fate[DIES, x] = min(dying(w[Q, i, c], exposure[c], exits), 1.0 - exits)


@part
def happen(city, ways, turn, w, after):
    """Fates of the residents, who comes from outside, and the stock without those who come from inside."""
    cells, ages = city.groups * city.sexes * (turn.last - turn.first), turn.last - turn.first
    split = turn.keep or city.building or city.moving or city.changing
    fate, room, whole, inverse = np.empty((5, ages)), np.empty((ROOM, ages)), np.empty(ages, np.int64), inverses()
    for i in range(np.uintp(city.areas)):
        u = numbers(2 * cells, EVENTS, turn, city.streams[i])
        v = numbers(5 * cells if split else 0, SPLITS, turn, city.streams[i])
        happen_to(city, ways.rates, turn, i, u, v, w, after, fate, room, whole, inverse)


@called
def happen_to(city, rates, turn, i, u, v, w, after, fate, room, whole, inverse):
    """The same for one area; without numbers ``v`` nobody asks what became of those who are gone."""
    ages = np.uintp(fate.shape[1])
    persons, chance, mean, count = room[PERSONS], room[CHANCE], room[MEAN], room[COUNT]
    for r in range(city.groups * city.sexes):
        at, first = r * ages, first_of(city, turn, r)
        fates_of(rates, city.exposure, i, first, w, fate)
        for x in range(ages):
            all_fates = fate[LEAVES, x] + fate[MOVES, x] + fate[CHANGES, x] + fate[IS_HOUSED, x] + fate[DIES, x]
            chance[x] = min(all_fates, 1.0)
        for x in range(ages):
            persons[x] = w[START, i, first + x]
        for x in range(ages):
            come = w[N, i, first + x] * w[UP, i, first + x]
            mean[x] = come * surviving(w[Q, i, first + x], city.exposure[first + x])
        poissons(u[2 * at : 2 * at + ages], room, inverse)
        for x in range(ages):
            w[CAME, i, first + x] = count[x]
        binomials(u[2 * at + ages : 2 * at + 2 * ages], room, whole, inverse)
        for x in range(ages):
            w[GONE, i, first + x], w[ARRIVED, i, first + x] = count[x], 0.0
            after[i, first + x] = persons[x] - count[x] + w[CAME, i, first + x]
        if v.shape[0] > 0:
            split_row(turn.keep, fate, v[5 * at : 5 * at + 5 * ages], i, first, w, room, whole, inverse)
        if turn.keep:
            deaths_of_all(city.exposure, v[5 * at : 5 * at + 5 * ages], i, first, w, room, inverse)


@called
def split_row(keep, fate, v, i, first, w, room, whole, inverse):
    """Of those gone, who moved inside, changed group, moved into a new dwelling, left the city; the others died.

    Components take what left the area with a minus. The stock has no part in who left and who died: it is drawn only
    if it is kept.
    """
    chance, count, others, rest, own = room[CHANCE], room[COUNT], room[MEAN], room[PERSONS], room[OWN]
    ages = np.uintp(fate.shape[1])
    for x in range(ages):
        rest[x] = w[GONE, i, first + x]
    for k in range(DIES if keep else LEAVES):
        possible = 0
        for x in range(ages):
            possible += fate[k, x] > 0.0
        if possible == 0:
            for x in range(ages):
                w[WRITTEN[k], i, first + x] = 0.0
            continue
        for x in range(ages):
            others[x] = fate[LEAVES, x] if k < LEAVES else 0.0
        for other in range(k + 1, LEAVES):
            for x in range(ages):
                others[x] += fate[other, x]
        for x in range(ages):
            chance[x] = fate[k, x] / (fate[k, x] + (others[x] + fate[DIES, x])) if fate[k, x] > 0.0 else 0.0
        for x in range(ages):
            own[x] = v[FATES * x + np.uintp(k)]
        binomials(own, room, whole, inverse)
        for x in range(ages):
            rest[x] -= count[x]
        for x in range(ages):
            w[WRITTEN[k], i, first + x] = count[x] if k in (MOVES, LEAVES) else 0.0 - count[x]
    for x in range(ages):
        w[DEAD, i, first + x] = rest[x] if keep else 0.0


@called
def deaths_of_all(exposure, v, i, first, w, room, inverse):
    """Deaths among those who came from outside: they came, and the stock has no part in them."""
    for x in range(np.uintp(room.shape[1])):
        c = first + x
        room[MEAN, x], room[OWN, x] = w[N, i, c] * w[UP, i, c] * exposure[c] * w[Q, i, c], v[FATES * x + np.uintp(DIES)]
    poissons(room[OWN], room, inverse)
    for x in range(np.uintp(room.shape[1])):
        w[DEAD, i, first + x] += room[COUNT, x]
        w[CAME, i, first + x] += room[COUNT, x]


@called
def poissons(u, room, inverse):
    """How many of each cell of a row, from the means."""
    exp_row(room[MEAN], room[PMF])
    poisson_row(u, room[MEAN], room[PMF], room[CDF], inverse, room[COUNT])


@called
def binomials(u, room, whole, inverse):
    """How many of the persons of each cell of a row, from the probabilities; ``whole`` (cell) is used up.

    Where more than half are expected, those who are not among them are counted.
    """
    persons, chance, count, most, number, above = room[PERSONS], room[CHANCE], room[COUNT], room[MOST], u, 0
    for x in range(u.shape[0]):
        above += chance[x] > HALF
    if above > 0:
        number = room[NUMBER]
        for x in range(u.shape[0]):
            most[x] = 1.0 if chance[x] > HALF else 0.0
        for x in range(u.shape[0]):
            chance[x] = 1.0 - chance[x] if most[x] > 0.0 else chance[x]
        for x in range(u.shape[0]):
            number[x] = 1.0 - u[x] if most[x] > 0.0 else u[x]
    for x in range(u.shape[0]):
        room[ODDS, x] = chance[x] / (1.0 - chance[x])
    for x in range(u.shape[0]):
        whole[x] = np.int64(persons[x])
    none_row(whole, chance, room[PMF], room[CDF])
    binomial_row(number, persons, chance, room[ODDS], room[PMF], room[CDF], inverse, count)
    if above > 0:
        for x in range(u.shape[0]):
            count[x] = persons[x] - count[x] if most[x] > 0.0 else count[x]


@part
def send(city, ways, turn, pool, matrix, purpose, leaving, arriving):
    """Destinations of whole persons, by pool or matrix; without either they stay in their area."""
    if matrix is not None:
        send_by_matrix(city, ways, turn, purpose, leaving, arriving)
    elif pool is not None:
        send_by_pool(city, ways.rates[SHARE], turn, purpose, leaving, arriving)
    else:
        for i in range(city.areas):
            for c in range(leaving.shape[1]):
                arriving[i, c] = leaving[i, c]


@part
def send_by_pool(city, shares, turn, purpose, leaving, arriving):
    """The pool is divided area by area: each takes its share of what is left, the last one the rest."""
    ages, waiting = turn.last - turn.first, np.zeros(leaving.shape[1])
    room, whole, inverse = np.empty((ROOM, ages)), np.empty(ages, np.int64), inverses()
    for i in city.order:
        for c in range(waiting.shape[0]):
            waiting[c] += leaving[i, c]
    for i in city.order:
        u = numbers(city.groups * city.sexes * ages, purpose, turn, city.streams[i])
        take_share(city, turn, np.uintp(i), u, shares, waiting, arriving, room, whole, inverse)


@called
def take_share(city, turn, i, u, shares, waiting, arriving, room, whole, inverse):
    """The share of one area of those who still wait."""
    ages = np.uintp(room.shape[1])
    for r in range(city.groups * city.sexes):
        first = first_of(city, turn, r)
        for x in range(ages):
            room[PERSONS, x] = waiting[first + x]
        for x in range(ages):
            room[CHANCE, x] = shares[i, first + x]
        binomials(u[r * ages : (r + 1) * ages], room, whole, inverse)
        for x in range(ages):
            arriving[i, first + x] = room[COUNT, x]
        for x in range(ages):
            waiting[first + x] -= room[COUNT, x]


@part
def send_by_matrix(city, ways, turn, purpose, leaving, arriving):
    """Every mover finds an own destination among those of the area left."""
    clear(city, turn, arriving)
    for i in range(city.areas):
        u = one_for_each(city, turn, purpose, i, leaving)
        spread(city, turn, i, u, ways.ladder, ways.column, leaving, arriving)


@called
def clear(city, turn, arriving):
    """Nobody has arrived yet."""
    for i in range(city.areas):
        for r in range(city.groups * city.sexes):
            for c in cells_of(city, turn, r):
                arriving[i, c] = 0.0


@called
def spread(city, turn, i, u, ladder, column, leaving, arriving):
    """The movers of one area to their destinations."""
    k = 0
    for r in range(city.groups * city.sexes):
        for c in cells_of(city, turn, r):
            for _ in range(np.int64(leaving[i, c])):
                arriving[city.order[rung(u[k], ladder, i, column[c])], c] += 1.0
                k += 1


@called
def rung(u, ladder, i, k):
    """The first rung above a share of a whole ladder."""
    low, high = 0, ladder.shape[2] - 1
    value = u * ladder[i, k, high]
    while low < high:
        middle = (low + high) // 2
        if value < ladder[i, k, middle]:
            high = middle
        else:
            low = middle + 1
    return low


@part
def one_for_each(city, turn, purpose, i, persons):
    """A uniform number for each of the persons of an area, who may be written down with a minus."""
    total = 0.0
    for r in range(city.groups * city.sexes):
        for c in cells_of(city, turn, r):
            total += abs(persons[i, c])
    return numbers(np.int64(total), purpose, turn, city.streams[i])


@part
def house(city, plan, turn, w):
    """New dwellings: those who give up a home move into one of the others, more come from outside the city."""
    ages, there = turn.last - turn.first, everybody(city, w)
    room, inverse = np.empty((ROOM, ages)), inverses()
    for i in range(city.areas):
        u = one_for_each(city, turn, DWELLINGS, i, w[HOMES])
        move_into(city, turn, i, u, plan, there, w)
    for i in range(city.areas):
        if anybody(plan[OUTSIDE], i):
            u = numbers(city.groups * city.sexes * ages, COMERS, turn, city.streams[i])
            come_into(city, turn, i, u, plan, w, room, inverse)
    for i in range(city.areas):
        for r in range(city.groups * city.sexes):
            for c in cells_of(city, turn, r):
                w[HOMES, i, c] += w[ARRIVED, i, c]


@called
def move_into(city, turn, i, u, plan, there, w):
    """Those who give up a home in one area, into the new dwellings of others."""
    k = 0
    for r in range(city.groups * city.sexes):
        for c in cells_of(city, turn, r):
            for _ in range(np.int64(-w[HOMES, i, c])):
                w[ARRIVED, dwelling(city.order, plan, there[c], w, i, c, u[k]), c] += 1.0
                k += 1


@called
def come_into(city, turn, i, u, plan, w, room, inverse):
    """Those who come from outside the city into the new dwellings of an area."""
    ages = np.uintp(room.shape[1])
    for r in range(city.groups * city.sexes):
        first = first_of(city, turn, r)
        for x in range(ages):
            room[MEAN, x] = plan[OUTSIDE, i, first + x]
        poissons(u[r * ages : (r + 1) * ages], room, inverse)
        for x in range(ages):
            w[ARRIVED, i, first + x] += room[COUNT, x]


@called
def dwelling(order, plan, there, w, origin, c, u):
    """The area with new dwellings to which somebody moves from another area."""
    value, found = u * w[CALLED, origin, c], origin
    for i in order:
        if plan[INSIDE, i, c] > 0.0 and i != origin:
            share = called_by(plan[INSIDE, i, c], there - w[START, i, c])
            if share > 0.0:
                found, value = i, value - share
                if value < 0.0:
                    break
    return found


@part
def receive(city, ways, turn, building, pool, matrix, changing, w, after):
    """Those who come from inside the city, and the deaths among them."""
    ages = turn.last - turn.first
    if building is not None:
        house(city, ways.plan, turn, w)
    if city.moving:
        send(city, ways, turn, pool, matrix, MOVERS, w[MOVED_OUT], w[MOVED_IN])
    if city.living:
        send(city, ways, turn, pool, matrix, LEAVERS, ways.plan[RELEASED], w[SPECIAL])
    if changing is not None:
        join(city, turn, w)
    room, whole, inverse = np.empty((ROOM, ages)), np.empty(ages, np.int64), inverses()
    for i in range(np.uintp(city.areas)):
        u = numbers(city.groups * city.sexes * ages, LATE, turn, city.streams[i])
        arrive(city, turn, i, u, w, after, room, whole, inverse)


@called
def arrive(city, turn, i, u, w, after, room, whole, inverse):
    """Those who come to one area from inside the city, and the deaths among them."""
    ages = np.uintp(room.shape[1])
    for r in range(city.groups * city.sexes):
        first = first_of(city, turn, r)
        for x in range(ages):
            w[ARRIVED, i, first + x] += w[MOVED_IN, i, first + x] + w[SPECIAL, i, first + x]
        for x in range(ages):
            room[PERSONS, x] = w[ARRIVED, i, first + x]
        for x in range(ages):
            room[CHANCE, x] = city.exposure[first + x] * w[Q, i, first + x]
        binomials(u[r * ages : (r + 1) * ages], room, whole, inverse)
        for x in range(ages):
            w[DEAD, i, first + x] += room[COUNT, x]
        for x in range(ages):
            after[i, first + x] += w[ARRIVED, i, first + x] - room[COUNT, x]


@called
def join(city, turn, w):
    """Those who left their group join the citizens."""
    step, to = np.uintp(city.sexes * city.ages), np.uintp(city.citizens * city.sexes * city.ages)
    for i in range(np.uintp(city.areas)):
        for s in range(city.sexes):
            for at in cells_of(city, turn, s):
                joining = 0.0
                for g in range(np.uintp(city.groups)):
                    joining -= w[CHANGED, i, g * step + at]
                w[CHANGED, i, to + at] += joining
                w[ARRIVED, i, to + at] += joining
