"""One year of the cohort-component method, to be read like the formulas.

All arrays are indexed by the age reached at the end of the year, so that an index is a birth cohort::

    exits     X  = J·(e + a) + known out-moves        entries  N = I + naturalised-in
    deaths    D  = q·( J + w·(N − X) )                w: share of the year that movers are exposed
    stock     P  = J − D − X + N
    births    B  = Σ f·½(J + P) of the women, by mother's group
    newborns  the same three lines with J = B and w = 2/3

Source: the population scenarios of the Swiss Federal Statistical Office, whose published results these
lines give to the rounding of the inputs. The compiled twin in ``kernels`` adds in the same order and
gives the same bits.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from zwkprognose.engine.model import Array, Flows, Model, Rates

NEWBORN = slice(0, 1)
LATER = slice(1, None)


class Year(NamedTuple):
    """What one year does to (area, group, sex, age): the stock at its end and every component."""

    stock: Array
    births: Array
    deaths: Array
    in_moves: Array
    out_moves: Array
    naturalisations: Array | None


class Cells(NamedTuple):
    """The same for some of the ages, without the births."""

    stock: Array
    deaths: Array
    in_moves: Array
    out_moves: Array
    naturalisations: Array | None


def run(model: Model, flows: Flows) -> None:
    """Project all years of ``model`` into ``flows``."""
    flows.population[:, 0] = model.start
    for t in range(len(model.years)):
        year = advance(flows.population[:, t], model.rates.of_year(t), model)
        flows.population[:, t + 1] = year.stock
        flows.births[:, t] = year.births
        flows.deaths[:, t] = year.deaths
        flows.in_moves[:, t] = year.in_moves
        flows.out_moves[:, t] = year.out_moves
        if flows.naturalisations is not None:
            flows.naturalisations[:, t] = year.naturalisations


def advance(previous: Array, rates: Rates, model: Model) -> Year:
    """The stock one year after ``previous``, with all components."""
    start = aged(previous)
    later = move(start[..., LATER], rates.at_ages(LATER), model.exposure[LATER], model)
    born = births(previous, start, later, rates, model)
    newborn = move(born[..., None], rates.at_ages(NEWBORN), model.exposure[NEWBORN], model)
    joined: list[Any] = [
        None if a is None else np.concatenate([a, b], axis=-1) for a, b in zip(newborn, later, strict=True)
    ]
    stock, deaths, in_moves, out_moves, naturalisations = joined
    return Year(stock, born, deaths, in_moves, out_moves, naturalisations)


def aged(stock: Array) -> Array:
    """J: everybody one year older; those in the open group stay in it, nobody is born yet."""
    start = np.zeros_like(stock)
    start[..., 1:] = stock[..., :-1]
    start[..., -1] += stock[..., -1]
    return start


def move(start: Array, rates: Rates, exposure: Array, model: Model) -> Cells:
    """Exits, entries, deaths and the stock at the end of the year."""
    out_moves = start * rates.out
    if rates.out_moves is not None:
        out_moves = out_moves + rates.out_moves
    in_moves = np.broadcast_to(rates.in_moves, start.shape)
    net = in_moves - out_moves
    naturalisations = None
    if rates.naturalisation is not None:
        naturalisations = naturalised(start * rates.naturalisation, model.citizens)
        net = net + naturalisations
    deaths = rates.death * (start + exposure * net)
    return Cells(start - deaths + net, deaths, in_moves, out_moves, naturalisations)


def naturalised(leaving: Array, citizens: int) -> Array:
    """Change of group: those who leave each group (−) join the citizens (+); axis 1 is the group."""
    change = -leaving
    change[:, citizens] += in_order(leaving, axis=1)
    return change


def births(previous: Array, start: Array, later: Cells, rates: Rates, model: Model) -> Array:
    """Births by area, child's group and sex, from the women at the start and at the end of the year."""
    at_start, at_end = start[:, :, model.female, 1:], later.stock[:, :, model.female]
    women = model.timing.mothers_start * at_start + (1 - model.timing.mothers_start) * at_end
    by_mother = in_order(rates.fertility[..., 1:] * women, axis=-1)
    by_child = in_order(by_mother[:, :, None] * rates.birth_group, axis=1)
    return by_child[:, :, None] * rates.birth_sex[:, None, :]


def in_order(values: Array, axis: int) -> Array:
    """Sum along an axis, term by term from the first to the last, so that a loop gives the same bits."""
    return np.add.accumulate(values, axis=axis).take(-1, axis=axis)
