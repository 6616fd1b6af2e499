"""The compiled twin of ``reference``: the same terms in the same order, area by area.

The only compiled file of the package; arrays in, arrays filled. Nothing here knows names or labels, nothing
is checked here: ``doors`` has done so. The loops hold no lock, so that threads may share the areas between
them; each area is computed by one thread from its own cells, hence the result does not depend on them.

Rates are (year, area, group, sex, age) with axes of length one where they do not vary; a movement that
does not take place has the shape (1, 1, 1, 1, 1).
"""

# mypy: disallow-untyped-defs=False

from __future__ import annotations

from typing import Any

import numba as nb
import numpy as np
from numba import types

_IN1 = types.Array(types.float64, 1, "C", readonly=True)
_IN3 = types.Array(types.float64, 3, "C", readonly=True)
_IN4 = types.Array(types.float64, 4, "C", readonly=True)
_IN5 = types.Array(types.float64, 5, "C", readonly=True)
_OUT4 = types.float64[:, :, :, ::1]
_OUT5 = types.float64[:, :, :, :, ::1]
_INT = types.intp


def compiled(*signature: Any) -> Any:
    """Compile (now, if the types are given), keep the result on disk, release the interpreter lock."""
    return nb.njit(list(signature) or None, cache=True, nogil=True, error_model="numpy")


@compiled()
def pick(index, length):
    """Position on an axis that may have length one."""
    return index if length > 1 else 0


@compiled()
def row(rates, y, i, g, s):
    """The ages of one year, area, group and sex."""
    return rates[pick(y, rates.shape[0]), pick(i, rates.shape[1]), pick(g, rates.shape[2]), pick(s, rates.shape[3])]


@compiled()
def starters(previous, x):
    """J: persons at the start of the year who reach age x, or are in the open group already."""
    if x == previous.shape[0] - 1:
        return previous[x - 1] + previous[x]
    return previous[x - 1]


@compiled()
def exits(previous, probability, known, out):
    """Out-moves of ages 1 and over: J·e, and those known as numbers."""
    last = previous.shape[0] - 1
    for x in range(1, last):
        out[x] = previous[x - 1] * probability[x]
    out[last] = starters(previous, last) * probability[last]
    if known.shape[0] > 1:
        for x in range(1, last + 1):
            out[x] += known[x]


@compiled()
def settle(previous, entries, out, death, exposure, deaths, stock):
    """Deaths and the stock at the end of the year, ages 1 and over."""
    last = previous.shape[0] - 1
    for x in range(1, last):
        early = exposure[x] * entries[x] - exposure[x] * out[x]
        deaths[x] = death[x] * (previous[x - 1] + early)
        stock[x] = previous[x - 1] - deaths[x] + (entries[x] - out[x])
    early = exposure[last] * entries[last] - exposure[last] * out[last]
    start = starters(previous, last)
    deaths[last] = death[last] * (start + early)
    stock[last] = start - deaths[last] + (entries[last] - out[last])


@compiled()
def settle_changed(previous, entries, out, change, death, exposure, deaths, stock):
    """The same with persons who change their group."""
    last = previous.shape[0] - 1
    for x in range(1, last + 1):
        start = starters(previous, x)
        early = exposure[x] * entries[x] - exposure[x] * out[x]
        deaths[x] = death[x] * (start + early + exposure[x] * change[x])
        stock[x] = start - deaths[x] + (entries[x] - out[x]) + change[x]


@compiled()
def naturalise(previous, probability, citizens, change):
    """Change of group of ages 1 and over in one area and sex; arrays (group, age)."""
    groups, ages = previous.shape
    for g in range(groups):
        for x in range(1, ages):
            change[g, x] = -(starters(previous[g], x) * probability[g, x])
    for x in range(1, ages):
        joining = -change[0, x]
        for g in range(1, groups):
            joining -= change[g, x]
        change[citizens, x] += joining


@compiled()
def mothers_births(previous, stock, fertility, start_weight):
    """Births of the women of one area and group."""
    total = 0.0
    for x in range(1, previous.shape[0]):
        if fertility[x] != 0.0:
            women = start_weight * starters(previous, x) + (1.0 - start_weight) * stock[x]
            total += fertility[x] * women
    return total


@compiled()
def share_births(by_mother, birth_group, birth_sex, births):
    """Births by the child's group and sex from those by the mother's group."""
    groups = by_mother.shape[0]
    for child in range(groups):
        total = by_mother[0] * birth_group[0, child]
        for g in range(1, groups):
            total += by_mother[g] * birth_group[g, child]
        for s in range(birth_sex.shape[0]):
            births[child, s] = total * birth_sex[s]


@compiled()
def newborns(born, rates, i, t, citizens, exposure, results):
    """Moves, deaths and stock of those born in the year, one area; ``born`` is (group, sex)."""
    death, out, known, entries, naturalisation = rates
    population, deaths, in_moves, out_moves, naturalisations = results
    groups, sexes = born.shape
    for s in range(sexes):
        joining = 0.0
        for g in range(groups):
            out_moves[i, t, g, s, 0] = born[g, s] * row(out, t, i, g, s)[0]
            if known.shape[4] > 1:
                out_moves[i, t, g, s, 0] += row(known, t, i, g, s)[0]
            in_moves[i, t, g, s, 0] = row(entries, t, i, g, s)[0]
            if naturalisation.shape[4] > 1:
                leaving = born[g, s] * row(naturalisation, t, i, g, s)[0]
                naturalisations[i, t, g, s, 0] = -leaving
                joining += leaving
        if naturalisation.shape[4] > 1:
            naturalisations[i, t, citizens, s, 0] += joining
        for g in range(groups):
            come, gone, change = in_moves[i, t, g, s, 0], out_moves[i, t, g, s, 0], 0.0
            if naturalisation.shape[4] > 1:
                change = naturalisations[i, t, g, s, 0]
            early = exposure[0] * come - exposure[0] * gone
            dead = row(death, t, i, g, s)[0] * (born[g, s] + early + exposure[0] * change)
            deaths[i, t, g, s, 0] = dead
            population[i, t + 1, g, s, 0] = born[g, s] - dead + (come - gone) + change


@compiled()
def older(rates, i, t, citizens, exposure, results):
    """Moves, deaths and stock of ages 1 and over in one area and year."""
    death, out, known, entries, naturalisation = rates
    population, deaths, in_moves, out_moves, naturalisations = results
    groups, sexes = population.shape[2:4]
    if naturalisation.shape[4] > 1:
        for s in range(sexes):
            chance = naturalisation[pick(t, naturalisation.shape[0]), pick(i, naturalisation.shape[1])]
            naturalise(
                population[i, t, :, s], chance[:, pick(s, chance.shape[1])], citizens, naturalisations[i, t, :, s]
            )
    for g in range(groups):
        for s in range(sexes):
            previous, stock = population[i, t, g, s], population[i, t + 1, g, s]
            gone, come = out_moves[i, t, g, s], in_moves[i, t, g, s]
            come[:] = row(entries, t, i, g, s)
            exits(previous, row(out, t, i, g, s), row(known, t, i, g, s), gone)
            chance, dead = row(death, t, i, g, s), deaths[i, t, g, s]
            if naturalisation.shape[4] > 1:
                settle_changed(previous, come, gone, naturalisations[i, t, g, s], chance, exposure, dead, stock)
            else:
                settle(previous, come, gone, chance, exposure, dead, stock)


@compiled(
    types.void(
        _INT, _INT, types.UniTuple(_IN5, 5), _IN4, _IN4, _IN3, _IN1,
        types.float64, _INT, _INT, types.UniTuple(_OUT5, 5), _OUT4,
    )
)  # fmt: skip
def advance_areas(
    first, stop, rates, fertility, birth_group, birth_sex, exposure,
    start_weight, female, citizens, results, births,
):  # fmt: skip
    """All years of the areas ``first`` to ``stop - 1``; the stock at the start is in ``results`` already.

    ``rates`` are deaths, out-moves, out-moves known as numbers, in-moves, naturalisations; ``results`` are
    population (area, year + 1, group, sex, age), deaths, in-moves, out-moves, naturalisations.
    """
    population = results[0]
    years, groups = births.shape[1:3]
    by_mother = np.empty(groups)
    for i in range(first, stop):
        for t in range(years):
            older(rates, i, t, citizens, exposure, results)
            for g in range(groups):
                before, after = population[i, t, g, female], population[i, t + 1, g, female]
                f = fertility[pick(t, fertility.shape[0]), pick(i, fertility.shape[1]), pick(g, fertility.shape[2])]
                by_mother[g] = mothers_births(before, after, f, start_weight)
            shares = birth_group[pick(t, birth_group.shape[0]), pick(i, birth_group.shape[1])]
            sexes = birth_sex[pick(t, birth_sex.shape[0]), pick(i, birth_sex.shape[1])]
            share_births(by_mother, shares, sexes, births[i, t])
            newborns(births[i, t], rates, i, t, citizens, exposure, results)
