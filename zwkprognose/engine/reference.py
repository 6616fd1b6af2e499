"""One year of the cohort-component method, to be read like the formulas.

All arrays are indexed by the age reached at the end of the year, so that an index is a birth cohort::

    exits     X  = J·(e + r + a) + known out-moves   entries  N = I + moves in + naturalised-in + Erstbezug
    deaths    D  = q·( J + w·(N − X) )               w: share of the year that movers are exposed, ½
    stock     P  = J − D − X + N
    births    B  = Σ f·½(J + P) of the women, by mother's group
    newborns  the same lines with J = B and w = 2/3

Source: the population scenarios of the Swiss Federal Statistical Office, whose published results these
lines give to the rounding of the inputs. The compiled twins in ``compiled`` add in the same order and
give the same bits.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from zwkprognose.engine import formulas
from zwkprognose.engine.arrays import Array, Flows, aged, dense, in_order
from zwkprognose.engine.features import eckwerte_of_stocks as solver
from zwkprognose.engine.features import housing, moves
from zwkprognose.engine.features.margins import Margin
from zwkprognose.engine.model import Model, YearInputs
from zwkprognose.engine.rates import Rates
from zwkprognose.errors import EngineError

NEWBORN = slice(0, 1)
LATER = slice(1, None)
ALL = slice(None)
#: Rounds after which births and Eckwerte that depend on each other must have settled, and to which share.
ROUNDS, SETTLED = 60, 1e-12


def advance(previous: Array, given: YearInputs, model: Model) -> Flows:
    """The stock (area, group, sex, age) one year after ``previous``, and every component."""
    base, start, relocated = cohorts(previous, given, model)
    year = both_parts(base, start, given, model)
    if relocated:
        year["moves_out"] = year["moves_out"] + relocated[0]
        year["moves_in"] = year["moves_in"] + relocated[1]
    if given.special is not None:
        year["sondergruppe"] = given.special.change + year["sondergruppe"]
        year["population"] = year["population"] + given.special.after
    return year


def cohorts(previous: Array, given: YearInputs, model: Model) -> tuple[Array, Array, list[Array]]:
    """Everybody outside facilities, the same a year older, and the moves out of areas that are gone (out, in)."""
    base = previous if given.special is None else previous - given.special.before
    if given.exists is None:
        return base, aged(base), []
    start, *relocated = moves.relocate(aged(base), given.rates, given.exists, model.order)
    return base, start, relocated


def both_parts(base: Array, start: Array, given: YearInputs, model: Model) -> Flows:
    """First those who are born already, then their children, then both."""
    if any(m.spans_births for m in given.margins):
        return _together(base, start, given, model)
    later, _ = move(start[..., LATER], given, model, LATER)
    born = births(base, start[..., LATER], later, given, model)
    newborn, _ = move(born[..., None], given, model, NEWBORN)
    newborn, later = _kept(newborn), _kept(later)
    return {name: np.concatenate([newborn[name], later[name]], axis=-1) for name in later} | {"births": born}


def _together(base: Array, start: Array, given: YearInputs, model: Model) -> Flows:
    """Eckwerte that hold newborns and others: moves depend on births and births on moves, so by turns.

    The first births are those without Eckwerte, so that Eckwerte that are met already change nothing.
    """
    free = replace(given, margins=())
    born = births(base, start[..., LATER], move(start[..., LATER], free, model, LATER)[0], free, model)
    guess: solver.Factors | None = None
    for _ in range(ROUNDS):
        year, guess = move(np.concatenate([born[..., None], start[..., LATER]], axis=-1), given, model, ALL, guess)
        later = {name: year[name][..., LATER] for name in ("population", "late", "more", "less")}
        again = births(base, start[..., LATER], later, given, model)
        if settled(again, born):
            return _kept(year) | {"births": born}
        born = again
    raise unsettled()


def settled(again: Array, born: Array) -> bool:
    """Have births and moves stopped to change each other?"""
    return bool((abs(again - born) <= SETTLED * again).all())


def unsettled() -> EngineError:
    """What to say if they have not."""
    return EngineError(
        f"Geburten und Eckwerte hängen so stark voneinander ab, dass sie nach {ROUNDS} Runden nicht ruhen.",
        remedy="Den Eckwert der Neugeborenen (Alter 0) getrennt von dem der übrigen Personen angeben.",
    )


def move(
    start: Array, given: YearInputs, model: Model, ages: slice, guess: solver.Factors | None = None
) -> tuple[Flows, solver.Factors | None]:
    """Exits, entries, deaths and the stock at the end of the year, for some of the ages.

    Besides the components there are ``late``, the movers who come at the end of the year, and under Eckwerte by how
    much in-moves (``more``) and out-moves (``less``) change; the factors behind both come second, and ``guess`` is a
    start for them.
    """
    rates, w = given.rates.at_ages(ages), model.exposure[ages]
    in_moves = dense(rates.in_moves, start)
    out_moves = start * rates.out if rates.out_moves is None else start * rates.out + rates.out_moves
    inside, year = moves_inside(start, rates, given, model, ages)
    early_in, early_out = _early(start, in_moves, out_moves, rates, w)
    margins = [m for m in (margin.at_ages(ages) for margin in given.margins) if m is not None]
    if margins:
        survivors = formulas.survivors(start, rates.death, w, inside)
        moving = ((in_moves, early_in), (out_moves, early_out))
        weights = (survivors, *(formulas.weighted(movers, rates.death, early) for movers, early in moving))
        more, less, guess = scales(margins, weights, given, model, ages, guess)
        in_moves, early_in = in_moves * more, early_in * more
        out_moves, early_out = out_moves * less, early_out * less
        year |= {"more": more, "less": less}
    early, net = early_in - early_out, in_moves - out_moves
    deaths = formulas.deaths(rates.death, start, early, formulas.early(w, inside))
    stock = formulas.stock(start, deaths, net, inside)
    year |= {"population": stock, "deaths": deaths, "in_moves": in_moves, "out_moves": out_moves, "late": net - early}
    return year, guess


def moves_inside(start: Array, rates: Rates, given: YearInputs, model: Model, ages: slice) -> tuple[Array, Flows]:
    """Net entries that do not cross the city line in both directions, and their components; ``rates`` at the ages."""
    order = model.order
    inside, components = np.zeros_like(start), {}
    if rates.move_out is not None:
        leaving = start * rates.move_out
        components["moves_out"] = leaving
        components["moves_in"] = moves.arrivals_of(leaving, rates, order)
        inside += components["moves_in"] - leaving
    elif given.exists is not None:
        components |= {"moves_out": np.zeros_like(start), "moves_in": np.zeros_like(start)}
    if rates.naturalisation is not None:
        components["naturalisations"] = naturalised(start * rates.naturalisation, model.citizens)
        inside += components["naturalisations"]
    if given.arrivals is not None:
        from_inside, from_outside = given.arrivals.cells(ages)
        components["erstbezug"] = from_inside + from_outside - housing.drawn(start, from_inside, order)
        inside += components["erstbezug"]
    if given.special is not None:
        components["sondergruppe"] = released(given, model, ages)
        inside += components["sondergruppe"]
    return inside, components


def naturalised(leaving: Array, citizens: int) -> Array:
    """Change of group: those who leave each group (−) join the citizens (+); axis 1 is the group."""
    change = -leaving
    change[:, citizens] += in_order(leaving, axis=1)
    return change


def released(given: YearInputs, model: Model, ages: slice) -> Array:
    """Residents of closing facilities who stay: by the pool or matrix, without one in their own area."""
    assert given.special is not None
    staying, rates = given.special.released[..., ages], given.rates.at_ages(ages)
    if rates.move_in_share is None and rates.destination is None:
        return staying
    return moves.arrivals_of(staying, rates, model.order)


def births(base: Array, start: Array, later: Flows, given: YearInputs, model: Model) -> Array:
    """Births by area, child's group and sex, from the women at the start and at the end of the year."""
    timing, women = model.timing, (slice(None), slice(None), model.female)
    at_start, at_end = start[women], later["population"][women]
    if given.mothers_early is not None:
        at_start = base[women][..., 1:] + _movers_at_start(given.mothers_early, later)[women]
    if not timing.late_mothers:
        at_end = at_end - later["late"][women]
    mothers = formulas.mothers(timing.mothers_start, at_start, at_end)
    by_mother = in_order(given.rates.fertility[..., 1:] * mothers, axis=-1)
    by_child = in_order(by_mother[:, :, None] * given.rates.birth_group, axis=1)
    born = by_child[:, :, None] * given.rates.birth_sex[:, None, :]
    return born if given.birth_scale is None else born * given.birth_scale


def _movers_at_start(early: tuple[Array, Array], later: Flows) -> Array:
    """Net movers of the completed ages from 1 among those at the start, scaled like the cohorts that they join."""
    come, gone = (values[..., 1:] for values in early)
    if "more" not in later:
        return come - gone
    return come * a_year_older(later["more"]) - gone * a_year_older(later["less"])


def a_year_older(values: Array) -> Array:
    """What holds at the end of the year for those who are at each age now; the open group stays in it."""
    return np.concatenate([values[..., 1:], values[..., -1:]], axis=-1)


def scales(
    margins: list[Margin], weights: tuple[Array, ...], given: YearInputs, model: Model,
    ages: slice, guess: solver.Factors | None,
) -> tuple[Array, Array, solver.Factors]:  # fmt: skip
    """By how much in-moves and out-moves change so that the Eckwerte are met, and the factor behind it."""
    shape, areas = weights[0].shape, len(weights[0])
    residents = np.zeros(1) if given.special is None else given.special.after[..., ages]
    flat = [dense(values, weights[0]).reshape(areas, -1) for values in (*weights, residents)]
    cells = solver.CellWeights(flat[0], flat[1], flat[2], flat[3], model.order)
    found = solver.solve(margins, cells, areas, guess)
    up = found.of_cells
    return dense(up, flat[0]).reshape(shape), cells.out_scale(up).reshape(shape), found


def _kept(cells: Flows) -> Flows:
    """The components, without what only the computation needs."""
    return {name: values for name, values in cells.items() if name not in ("late", "more", "less")}


def _early(start: Array, in_moves: Array, out_moves: Array, rates: Rates, w: Array) -> tuple[Array, Array]:
    """Those of the movers who are there from the start of the year and share all its deaths."""
    if rates.in_early is None or rates.out_early is None:
        return formulas.early(w, in_moves), formulas.early(w, out_moves)
    return dense(rates.in_early, start), formulas.early(w, start * rates.out) + rates.out_early
