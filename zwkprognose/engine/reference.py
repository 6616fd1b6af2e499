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

from typing import NamedTuple

import numpy as np

from zwkprognose.engine import formulas
from zwkprognose.engine.arrays import Array, Flows, aged, dense, in_order
from zwkprognose.engine.features import eckwerte_of_stocks as solver
from zwkprognose.engine.features import housing, moves
from zwkprognose.engine.features.pieces import pieces_of
from zwkprognose.engine.formulas import ALMOST_ALL
from zwkprognose.engine.model import Model, YearInputs
from zwkprognose.engine.rates import Rates
from zwkprognose.errors import EngineError

NEWBORN = slice(0, 1)
LATER = slice(1, None)
ALL = slice(None)
#: Rounds after which births and Eckwerte that depend on each other must fit.
ROUNDS = 60


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
    older = movers(start[..., LATER], given, model, LATER)
    if given.margins:
        return _held(base, start, older, given, model)
    later = settled(older)
    born = births(base, start[..., LATER], later, given, model)
    return _joined(settled(movers(born[..., None], given, model, NEWBORN)), later, born)


def _held(base: Array, start: Array, older: Movers, given: YearInputs, model: Model) -> Flows:
    """Under Eckwerte of the stock: moves depend on births and births on moves, so in turn until both fit.

    The first births are those without Eckwerte; where these are met then, they change nothing.
    """
    weights = _weights_of(older, given, model)
    pieces = pieces_of(given.margins, len(start), start.shape[1:])
    older_sums: solver.Sums | None = None
    factors: solver.Factors | None = None
    for _ in range(ROUNDS):
        born = _expected_births(base, factors, older, weights, given, model)
        _weigh(movers(born[..., None], given, model, NEWBORN), NEWBORN, weights)
        older_sums = sums = weights.sums(pieces) if older_sums is None else weights.renewed(older_sums, pieces)
        before, factors = factors, solver.factors_of(pieces, weights, sums, factors)
        if factors is before or (before is None and factors.idle):
            break
    else:
        raise unsettled()
    more, less = _scales(factors, weights, start.shape)
    later = settled(older, more[..., LATER], less[..., LATER])
    born = births(base, start[..., LATER], later, given, model)
    young = movers(born[..., None], given, model, NEWBORN)
    return _joined(settled(young, more[..., NEWBORN], less[..., NEWBORN]), later, born)


def _joined(newborn: Flows, later: Flows, born: Array) -> Flows:
    """The components of all ages, without what only the births need."""
    both = [name for name in later if name not in ("late", "more", "less")]
    return {name: np.concatenate([newborn[name], later[name]], axis=-1) for name in both} | {"births": born}


def unsettled() -> EngineError:
    """What to say if births and moves do not stop to change each other."""
    return EngineError(
        f"Geburten und Eckwerte hängen so stark voneinander ab, dass sie nach {ROUNDS} Runden nicht ruhen.",
        remedy="Den Eckwert der Neugeborenen (Alter 0) getrennt von dem der übrigen Personen angeben.",
    )


class Movers(NamedTuple):
    """Those at the start of the year and all who move, before Eckwerte: in and out (all, early), and inside the city.

    ``components`` are those of the moves inside.
    """

    start: Array
    death: Array
    w: Array
    in_moves: tuple[Array, Array]
    out_moves: tuple[Array, Array]
    inside: Array
    components: Flows


def movers(start: Array, given: YearInputs, model: Model, ages: slice) -> Movers:
    """Exits and entries of some of the ages."""
    rates, w = given.rates.at_ages(ages), model.exposure[ages]
    in_moves = dense(rates.in_moves, start)
    out_moves = start * rates.out if rates.out_moves is None else start * rates.out + rates.out_moves
    inside, components = moves_inside(start, rates, given, model, ages)
    early_in, early_out = _early(start, in_moves, out_moves, rates, w)
    return Movers(start, rates.death, w, (in_moves, early_in), (out_moves, early_out), inside, components)


def settled(moving: Movers, more: Array | None = None, less: Array | None = None) -> Flows:
    """Deaths, the stock at the end of the year and all components, with in-moves and out-moves times their factors.

    Besides there are ``late``, the movers who come at the end of the year, and the factors if there are any.
    """
    start, death, w, (in_moves, early_in), (out_moves, early_out), inside, components = moving
    factors: Flows = {}
    if more is not None and less is not None:
        in_moves, early_in, out_moves, early_out = in_moves * more, early_in * more, out_moves * less, early_out * less
        factors = {"more": more, "less": less}
    early, net = early_in - early_out, in_moves - out_moves
    deaths = formulas.deaths(death, start, early, formulas.early(w, inside))
    stock = formulas.stock(start, deaths, net, inside)
    year = {"population": stock, "deaths": deaths, "in_moves": in_moves, "out_moves": out_moves, "late": net - early}
    return components | factors | year


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
    fertile = slice(model.fertile.start - 1, model.fertile.stop - 1)  # age 0 is not among those at the start
    return _born_of(at_start[..., fertile], at_end[..., fertile], given, model)


def _born_of(at_start: Array, at_end: Array, given: YearInputs, model: Model) -> Array:
    """Births of the women (area, group, age) of fertile ages."""
    mothers = formulas.mothers(model.timing.mothers_start, at_start, at_end)
    by_mother = in_order(given.rates.fertility[..., model.fertile] * mothers, axis=-1)
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


def _weights_of(older: Movers, given: YearInputs, model: Model) -> solver.CellWeights:
    """What the Eckwerte need to know of every cell; nobody is born yet."""
    shape = model.start.shape
    residents = np.zeros(shape) if given.special is None else dense(given.special.after, model.start)
    survivors, inward, outward = (np.zeros((shape[0], residents[0].size)) for _ in range(3))
    weights = solver.CellWeights(survivors, inward, outward, residents.reshape(survivors.shape), shape[-1], model.order)
    _weigh(older, LATER, weights)
    return weights


def _weigh(moving: Movers, ages: slice, weights: solver.CellWeights) -> None:
    """Survivors of those who stay, and movers without those of them who die, of some of the ages."""
    start, death, w, (in_moves, early_in), (out_moves, early_out), inside, _ = moving
    tables = (table.reshape(*start.shape[:-1], -1)[..., ages] for table in weights[:3])
    survivors, inward, outward = tables
    survivors[:] = formulas.survivors(start, death, w, inside)
    inward[:] = formulas.weighted(in_moves, death, early_in)
    outward[:] = formulas.weighted(out_moves, death, early_out)


def _expected_births(
    base: Array,
    factors: solver.Factors | None,
    older: Movers,
    weights: solver.CellWeights,
    given: YearInputs,
    model: Model,
) -> Array:
    """Births of the women there are under factors; from the weights, where those at the end of the year are enough."""
    shape, timing = model.start.shape, model.timing
    if timing.by_completed_age or not timing.late_mothers:
        scales = () if factors is None else (scale[..., LATER] for scale in _scales(factors, weights, shape))
        return births(base, older.start, settled(older, *scales), given, model)
    of_women = np.arange(weights.survivors.shape[1]).reshape(shape[1:])[:, model.female, model.fertile]
    survivors, inward, outward = (table.reshape(shape)[:, :, model.female, model.fertile] for table in weights[:3])
    up = np.ones(1) if factors is None else factors.at(of_women)
    out, most = outward * solver.inverse(up), ALMOST_ALL * np.maximum(survivors, 0.0)
    end = survivors + inward * up - np.where(out > most, most, out)
    at_start = older.start[:, :, model.female, model.fertile.start - 1 : model.fertile.stop - 1]
    return _born_of(at_start, end, given, model)


def _scales(factors: solver.Factors, weights: solver.CellWeights, shape: tuple[int, ...]) -> tuple[Array, Array]:
    """By how much in-moves and out-moves of every cell change."""
    up = factors.of_cells
    return np.broadcast_to(up.reshape(-1, *shape[1:]), shape), weights.out_scale(up).reshape(shape)


def _early(start: Array, in_moves: Array, out_moves: Array, rates: Rates, w: Array) -> tuple[Array, Array]:
    """Those of the movers who are there from the start of the year and share all its deaths."""
    if rates.in_early is None or rates.out_early is None:
        return formulas.early(w, in_moves), formulas.early(w, out_moves)
    return dense(rates.in_early, start), formulas.early(w, start * rates.out) + rates.out_early
