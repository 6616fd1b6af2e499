"""One whole projection in the cache of one processor, of which only sums of the stock leave it.

For comparisons that need hundreds of projections and no component of them: the year of ``reference`` with
moves by pool, naturalisation, dwellings, facilities and Eckwerte of the population. Sums are added in another
order than in ``reference``, so that results agree to rounding, not bit for bit. Nothing of another compiled
file is called here, so that the compiler's cache cannot grow stale.

Arrays are (area, cell); a cell is (group, sex, age) in one row, ages last. Rates have the year in front, of
length one if they do not change.
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

import numba as nb
import numpy as np

#: What a projection ends with besides sums.
DONE, IMPOSSIBLE, UNREACHED = 0, 1, 2


def compiled(function):
    """Compile when first called, keep the result on disk, release the interpreter lock."""
    return nb.njit(function, cache=True, nogil=True, error_model="numpy")


@compiled
def run(start, shape, rates, births, housing, facilities, margins, exposure, band, limits, totals):
    """Project all years and write the sums (year, area, band) of the stock; returns how it ended.

    ``shape`` (group, sex, age, woman, citizens); ``rates`` (death, out, in, out as numbers, move out, share,
    naturalisation); ``births`` (fertility, group, sex); ``housing`` (inside, outside, profile); ``facilities``
    (area, profile, residents, stay); ``margins`` (year, area, cell, target); ``limits`` (tolerance, steps,
    share that may leave, rounds, rest of births).
    """
    years, areas = totals.shape[0] - 1, start.shape[0]
    P, J, inside = start.copy(), np.empty_like(start), np.empty_like(start)
    work = np.empty((5, *start.shape))
    born = np.zeros((areas, shape[0], shape[1]))
    count_bands(P, shape, band, totals[0])
    for t in range(years):
        without_facilities(P, facilities, t)
        grow(P, J, shape)
        enter(J, inside, shape, rates, housing, facilities, t, False)
        if any_margin(margins, t):
            if not meet(
                J, inside, P, born, work, shape, rates, births, housing, facilities, margins, exposure, limits, t
            ):
                return UNREACHED
        else:
            settle(J, inside, P, shape, rates, exposure, t, False)
            bear(J, P, born, shape, births, t)
            set_newborn(J, born, shape)
            enter(J, inside, shape, rates, housing, facilities, t, True)
            settle(J, inside, P, shape, rates, exposure, t, True)
        with_facilities(P, facilities, t + 1)
        if not count_bands(P, shape, band, totals[t + 1]) >= -1e-9:
            return IMPOSSIBLE
    return DONE


@compiled
def span(first, stop):
    """Unsigned numbers: a signed index might be negative and would be tested in every step."""
    return range(np.uintp(first), np.uintp(stop))


@compiled
def row_of(values, t):
    """Rates of a year; the only ones if they do not change."""
    return values[t] if len(values) > 1 else values[0]


@compiled
def count_bands(P, shape, band, totals):
    """Sums of the stock by area and age band; returns the smallest cell."""
    ages, by_age, least = np.uintp(shape[2]), np.empty(shape[2]), 0.0
    for i in range(len(P)):
        by_age[:] = 0.0
        for row in span(0, P.shape[1] // shape[2]):
            for x in span(0, ages):
                by_age[x] += P[i, row * ages + x]
            for x in span(0, ages):
                least = min(least, P[i, row * ages + x])
        totals[i] = 0.0
        for x in span(0, ages):
            totals[i, band[x]] += by_age[x]
    return least


@compiled
def without_facilities(P, facilities, t):
    """The stock without the residents of facilities at the start of the year."""
    area, profile, residents, _ = facilities
    for k in range(len(area)):
        P[area[k]] -= residents[t, k] * profile[k]


@compiled
def with_facilities(P, facilities, t):
    """The stock with the residents of facilities at the end of the year."""
    area, profile, residents, _ = facilities
    for k in range(len(area)):
        P[area[k]] += residents[t, k] * profile[k]


@compiled
def grow(P, J, shape):
    """J: everybody one year older; those in the open group stay in it, nobody is born yet."""
    ages, one = np.uintp(shape[2]), np.uintp(1)
    for i in range(len(P)):
        for row in span(0, P.shape[1] // shape[2]):
            first = row * ages
            J[i, first] = 0.0
            for c in range(first + one, first + ages):
                J[i, c] = P[i, c - one]
            J[i, first + ages - one] += P[i, first + ages - one]


@compiled
def set_newborn(J, born, shape):
    """Those born in the year as the cohort of age zero."""
    groups, sexes, ages = shape[0], shape[1], shape[2]
    for i in range(len(J)):
        for g in range(groups):
            for s in range(sexes):
                J[i, (g * sexes + s) * ages] = born[i, g, s]


@compiled
def enter(J, inside, shape, rates, housing, facilities, t, newborn):
    """Net entries that do not cross the city line in both directions, of the newborn or of all."""
    step = shape[2] if newborn else 1
    for i in range(len(J)):
        for c in range(0, J.shape[1], step):
            inside[i, c] = 0.0
    if rates[4].size > 1:
        pool_moves(J, inside, row_of(rates[4], t), row_of(rates[5], t), step)
    if rates[6].size > 1:
        change_group(J, inside, row_of(rates[6], t), shape, step)
    if housing[2].size > 1:
        occupy(J, inside, housing[0][t], housing[1][t], housing[2], step)
    release(inside, rates, facilities, shape, t, newborn)


@compiled
def pool_moves(J, inside, leaving, share, step):
    """Movers inside the city: into the pool, and their shares out of it."""
    pool, by = np.zeros(J.shape[1]), np.uintp(step)
    for i in range(len(J)):
        for c in range(np.uintp(0), np.uintp(J.shape[1]), by):
            pool[c] += leaving[i, c] * J[i, c]
    for i in range(len(J)):
        for c in range(np.uintp(0), np.uintp(J.shape[1]), by):
            inside[i, c] += share[i, c] * pool[c] - leaving[i, c] * J[i, c]


@compiled
def change_group(J, inside, prob, shape, step):
    """Naturalised persons leave their group and join the citizens."""
    row = shape[1] * shape[2]
    to = shape[4] * row
    for i in range(len(J)):
        for g in range(shape[0]):
            for k in range(0, row, step):
                leaving = prob[i, g * row + k] * J[i, g * row + k]
                inside[i, g * row + k] -= leaving
                inside[i, to + k] += leaving


@compiled
def occupy(J, inside, from_inside, from_outside, profile, step):
    """New dwellings: those who move in, and those whom the other areas give."""
    if from_inside.max() <= 0 and from_outside.max() <= 0:
        return
    cells = J.shape[1]
    city, drawn = np.zeros(cells), np.zeros(cells)
    for i in range(len(J)):
        for c in range(0, cells, step):
            city[c] += J[i, c]
    each = np.zeros(cells)
    for i in range(len(J)):
        for k in range(len(profile)):
            if from_inside[i, k] > 0 or from_outside[i, k] > 0:
                for c in range(0, cells, step):
                    moving = from_inside[i, k] * profile[k, c]
                    inside[i, c] += moving + from_outside[i, k] * profile[k, c]
                    if moving > 0:
                        each[c] = moving / (city[c] - J[i, c]) if city[c] > J[i, c] else np.nan
                        drawn[c] += each[c]
                        inside[i, c] += J[i, c] * each[c]
    for i in range(len(J)):
        for c in range(0, cells, step):
            inside[i, c] -= J[i, c] * drawn[c]


@compiled
def release(inside, rates, facilities, shape, t, newborn):
    """Residents of closing facilities who stay, a year older: over the pool, or in their own area."""
    area, profile, residents, stay = facilities
    ages = shape[2]
    for k in range(len(area)):
        staying = residents[t, k] * stay[k] if residents[t + 1, k] == 0 else 0.0
        if staying == 0 or newborn:
            continue
        for c in range(inside.shape[1]):
            x = c % ages
            people = (profile[k, c - 1] if x > 0 else 0.0) + (profile[k, c] if x == ages - 1 else 0.0)
            if rates[5].size > 1:
                share = row_of(rates[5], t)
                for i in range(len(inside)):
                    inside[i, c] += staying * people * share[i, c]
            else:
                inside[area[k], c] += staying * people


@compiled
def settle(J, inside, P, shape, rates, exposure, t, newborn):
    """The stock at the end of the year without Eckwerte, of the newborn or of the others."""
    q, e, moves = row_of(rates[0], t), row_of(rates[1], t), row_of(rates[2], t)
    gone, numbers, ages = row_of(rates[3], t), rates[3].size > 1, np.uintp(shape[2])
    x0, x1 = np.uintp(0 if newborn else 1), np.uintp(1 if newborn else shape[2])
    w = exposure[0] if newborn else exposure[1]
    for i in range(len(J)):
        for row in span(0, J.shape[1] // shape[2]):
            for c in range(row * ages + x0, row * ages + x1):
                P[i, c] = moves[i, c] - e[i, c] * J[i, c]
            if numbers:
                for c in range(row * ages + x0, row * ages + x1):
                    P[i, c] -= gone[i, c]
            for c in range(row * ages + x0, row * ages + x1):
                P[i, c] += (1 - q[i, c]) * J[i, c] + inside[i, c] - q[i, c] * w * (P[i, c] + inside[i, c])


@compiled
def bear(J, P, born, shape, births, t):
    """Births by area, child's group and sex, from the women at the start and at the end of the year."""
    groups, sexes, ages, woman = shape[0], shape[1], shape[2], shape[3]
    fertility, to_group, to_sex = row_of(births[0], t), row_of(births[1], t), row_of(births[2], t)
    born[:] = 0.0
    for i in range(len(J)):
        for g in range(groups):
            first = (g * sexes + woman) * ages
            children = 0.0
            for x in range(1, ages):
                children += fertility[i, g * ages + x] * 0.5 * (J[i, first + x] + P[i, first + x])
            for h in range(groups):
                for s in range(sexes):
                    born[i, h, s] += children * to_group[i, g, h] * to_sex[i, s]


@compiled
def any_margin(margins, t):
    """Are there Eckwerte for the year?"""
    return (margins[0] == t).any()


@compiled
def meet(J, inside, P, born, work, shape, rates, births, housing, facilities, margins, exposure, limits, t):
    """The year under Eckwerte: births and moves by turns until they no longer change each other."""
    work[3:] = 1.0
    bear(J, J, born, shape, births, t)
    weigh(J, inside, work, shape, rates, exposure, t, False)
    for _ in range(int(limits[3])):
        set_newborn(J, born, shape)
        enter(J, inside, shape, rates, housing, facilities, t, True)
        weigh(J, inside, work, shape, rates, exposure, t, True)
        if not solve(work, margins, facilities, limits, t):
            return False
        apply_factor(P, work, limits)
        before = born.copy()
        bear(J, P, born, shape, births, t)
        if (np.abs(born - before) <= limits[4] * born).all():
            return True
    return False


@compiled
def weigh(J, inside, work, shape, rates, exposure, t, newborn):
    """Survivors, in-moves and out-moves weighted with the mortality of movers, in ``work``.

    The other two tables of ``work`` are the factor of the in-moves and its inverse.
    """
    q, e, moves = row_of(rates[0], t), row_of(rates[1], t), row_of(rates[2], t)
    gone, numbers, ages = row_of(rates[3], t), rates[3].size > 1, np.uintp(shape[2])
    x0, x1 = np.uintp(0 if newborn else 1), np.uintp(1 if newborn else shape[2])
    w = exposure[0] if newborn else exposure[1]
    survivors, inward, outward = work[0], work[1], work[2]
    for i in range(len(J)):
        for row in span(0, J.shape[1] // shape[2]):
            for c in range(row * ages + x0, row * ages + x1):
                survivors[i, c] = (1 - q[i, c]) * J[i, c] + (1 - q[i, c] * w) * inside[i, c]
            for c in range(row * ages + x0, row * ages + x1):
                inward[i, c] = moves[i, c] * (1 - q[i, c] * w)
            for c in range(row * ages + x0, row * ages + x1):
                outward[i, c] = e[i, c] * J[i, c] * (1 - q[i, c] * w)
            if numbers:
                for c in range(row * ages + x0, row * ages + x1):
                    outward[i, c] += gone[i, c] * (1 - q[i, c] * w)


@compiled
def solve(work, margins, facilities, limits, t):
    """The factor of the in-moves with which all Eckwerte of the year are met; they take turns."""
    year, areas, cells, target = margins
    which = np.flatnonzero(year == t)
    met = 0
    for step in range(int(limits[1])):
        m = which[step % len(which)]
        change = change_of(work, areas[m], cells[m], target[m], facilities, limits, t)
        if np.isnan(change).any():
            return False
        if (change == 1).all():
            met += 1
        else:
            met = 0
            spread(work, change, areas[m], cells[m])
        if met == len(which):
            return True
    return False


@compiled
def change_of(work, areas, cells, target, facilities, limits, t):
    """Factor for each target (row, column); one where it is met, nan where it cannot be."""
    rows, columns = target.shape
    sums = np.zeros((4, rows, columns))
    whole = columns == 1 and cells.min() == 0
    for i in range(len(areas)):
        if areas[i] >= 0 and whole:
            sums[:, areas[i], 0] += add_whole(work[0, i], work[1, i], work[2, i], work[3, i], work[4, i], limits[2])
        elif areas[i] >= 0:
            add_cells(work, cells, limits[2], i, sums[:, areas[i]])
    add_residents(sums[0], areas, cells, facilities, t)
    change = np.ones((rows, columns))
    for r in range(rows):
        for k in range(columns):
            if sums[3, r, k] > 0 and not np.isnan(target[r, k]):
                change[r, k] = root(target[r, k], sums[0, r, k], sums[1, r, k], sums[2, r, k], limits[0])
    return change


@nb.njit(cache=True, nogil=True, error_model="numpy", fastmath={"reassoc", "nsz"})
def add_whole(survivors, inward, outward, factor, back, most):
    """Survivors, in-moves, out-moves and number of the cells of an area that counts as a whole."""
    fixed, coming, going = 0.0, 0.0, 0.0
    for c in span(0, len(survivors)):
        out, limit = outward[c] * back[c], most * max(survivors[c], 0.0)
        fixed += survivors[c] - (limit if out > limit else 0.0)
        going += 0.0 if out > limit else out
        coming += inward[c] * factor[c]
    return np.array([fixed, coming, going, float(len(survivors))])


@compiled
def add_cells(work, cells, most, i, sums):
    """The same for every column of cells, in its row of sums."""
    for c in range(len(cells)):
        k = cells[c]
        if k >= 0:
            out, limit = work[2, i, c] * work[4, i, c], most * max(work[0, i, c], 0.0)
            sums[0, k] += work[0, i, c] - (limit if out > limit else 0.0)
            sums[1, k] += work[1, i, c] * work[3, i, c]
            sums[2, k] += 0.0 if out > limit else out
            sums[3, k] += 1.0


@compiled
def add_residents(fixed, areas, cells, facilities, t):
    """Residents of facilities at the end of the year count as well."""
    area, profile, residents, _ = facilities
    for k in range(len(area)):
        if areas[area[k]] >= 0:
            for c in range(len(cells)):
                if cells[c] >= 0:
                    fixed[areas[area[k]], cells[c]] += residents[t + 1, k] * profile[k, c]


@compiled
def root(target, fixed, inward, outward, tolerance):
    """The factor f with f·inward − outward/f = target − fixed; one if it is met, nan if there is none."""
    gap = target - fixed
    if abs(gap - inward + outward) <= tolerance * max(target, 1.0):
        return 1.0
    both = np.sqrt(gap * gap + 4 * inward * outward)
    if gap >= 0:
        return (gap + both) / (2 * inward) if inward > 0 else np.nan
    return 2 * outward / (both - gap) if outward > 0 else np.nan


@compiled
def spread(work, change, areas, cells):
    """Multiply the factor by the change of each target, and divide its inverse."""
    for i in range(len(areas)):
        if areas[i] < 0:
            continue
        for c in range(len(cells)):
            if cells[c] >= 0:
                by = change[areas[i], cells[c]]
                work[3, i, c] *= by
                work[4, i, c] = work[4, i, c] / by if by > 0 else 0.0


@compiled
def apply_factor(P, work, limits):
    """The stock at the end of the year under the factor."""
    for i in range(len(P)):
        for c in span(0, P.shape[1]):
            limit = limits[2] * max(work[0, i, c], 0.0)
            P[i, c] = work[0, i, c] + work[1, i, c] * work[3, i, c] - min(work[2, i, c] * work[4, i, c], limit)
