"""The year of ``reference`` computed by the compiled kernels, where areas depend on each other.

What is rare or small stays with the reference: facilities, areas that cease to exist, the solution of the
Eckwerte itself. What touches every cell is compiled and shared between threads, each of which takes some of
the cohorts of all areas; sums over areas are added in the same order, hence the same bits.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from types import ModuleType

import numpy as np

from zwkprognose.engine import controls, moves, reference
from zwkprognose.engine.model import Array, Flows, Model, Rates, YearInputs

#: Arrays that the kernels take in this order; what does not take place has one column.
RATES = (
    "death", "out", "out_moves", "in_moves", "naturalisation", "move_out", "move_in_share", "in_early", "out_early",
)  # fmt: skip
RESULTS = (
    "population", "deaths", "in_moves", "out_moves", "naturalisations", "moves_in", "moves_out", "erstbezug",
)  # fmt: skip
#: Distance from the limit of out-moves within which rounding might decide, so that it is computed exactly.
NEAR = 1e-9
NOBODY = np.zeros((1, 1))
#: A table with the cells of an area in each row, and the steps between rows along years and areas.
Rows = tuple[Array, tuple[np.uintp, np.uintp]]


def rows(values: Array | None, lead: str, cells: tuple[int, ...] = ()) -> Rows:
    """An array as the kernels take it: ``lead`` names its leading axes, y(ear) and i (area), the others are cells.

    Where the values are the same for several of the ``cells`` of an area they are written out, but leading axes
    of length one are not: their step is zero.
    """
    if values is None:
        return NOBODY, (np.uintp(0), np.uintp(0))
    if cells and values.shape[len(lead) :] != cells:
        values = np.broadcast_to(values, (*values.shape[: len(lead)], *cells))
    values = np.require(values, np.float64, ["C", "W"])
    steps, step = {"y": 0, "i": 0}, 1
    for axis, length in reversed(list(zip(lead, values.shape, strict=False))):
        steps[axis] = step if length > 1 else 0
        step *= length
    return values.reshape(step, -1), (np.uintp(steps["y"]), np.uintp(steps["i"]))


def group_rows(values: Array, lead: str) -> Rows:
    """The same with a row for each group (the axis after the leading ones)."""
    table, steps = rows(values, lead)
    groups = values.shape[len(lead)]
    return table.reshape(len(table) * groups, -1), (steps[0] * np.uintp(groups), steps[1] * np.uintp(groups))


def birth_rows(rates: Rates, lead: str) -> tuple[Rows, ...]:
    """Fertility, child's group and sex as the kernels take them."""
    groups, fertility = rates.birth_group.shape[-1], rates.fertility
    fertility = np.broadcast_to(fertility, (*fertility.shape[:-2], groups, fertility.shape[-1]))
    by_sex = rows(rates.birth_sex, lead)
    return group_rows(np.ascontiguousarray(fertility), lead), group_rows(rates.birth_group, lead), by_sex


class Team:
    """Threads that share areas, or cohorts, between them."""

    def __init__(self, pool: ThreadPoolExecutor, threads: int) -> None:
        self.pool, self.threads = pool, threads

    def over_areas(self, work: Callable[[int, int], None], areas: int) -> None:
        """Call ``work(first, stop)`` for parts of the areas."""
        self._all(work, _parts(0, areas, self.threads))

    def over_cells(self, work: Callable[[int, int], None], cells: int) -> None:
        """Call ``work(a, b)`` for parts of the cells."""
        self._all(work, _parts(0, cells, self.threads))

    def _all(self, work: Callable[..., None], tasks: list[tuple[int, ...]]) -> None:
        if self.threads == 1:
            for task in tasks:
                work(*task)
        else:
            for done in [self.pool.submit(work, *task) for task in tasks]:
                done.result()


def _parts(first: int, stop: int, count: int) -> list[tuple[int, ...]]:
    """Consecutive parts of a range."""
    edges = np.linspace(first, stop, min(count, stop - first) + 1).astype(int).tolist()
    return list(pairwise(edges))


class Compiled:
    """Somebody who computes one year from the last with the kernels."""

    def __init__(self, model: Model, flows: Flows, kernels: ModuleType, team: Team) -> None:
        self.model, self.flows, self.kernels, self.team = model, flows, kernels, team
        self.areas, *cells = model.start.shape
        self.cells, self.size = tuple(cells), int(np.prod(cells))
        self.start = np.empty(model.start.shape)
        self.start_rows = rows(self.start, "i")
        self.results = tuple(rows(flows.get(name), "iy") for name in RESULTS)
        self.births = group_rows(flows["births"], "iy")
        self.order, self.exposure = model.area_order.astype(np.uintp), exposure_row(model)
        self.fertile = fertile_ages(model.rates)

    def advance(self, t: int, given: YearInputs) -> Flows:
        """Compute year number ``t`` and write it down."""
        base, relocated = self._begin(t, given)
        year = _Year(self, t, given, base)
        if any(m.spans_births for m in given.margins):
            year.together()
        else:
            year.move(reference.LATER)
            year.bear()
            year.newborn()
        self._finish(t, given, relocated)
        return {name: values[:, t + (name == "population")] for name, values in self.flows.items()}

    def _begin(self, t: int, given: YearInputs) -> tuple[Array, list[Array]]:
        """Put J into ``start``; returns the stock without facilities, and the moves out of former areas."""
        base: Array = self.flows["population"][:, t]
        if given.special is None and given.exists is None:
            grow, population = self.kernels.grow_areas, self.results[0]
            self.team.over_areas(lambda a, b: grow(a, b, t, self.cells[-1], population, self.start_rows), self.areas)
            return base, []
        base = base if given.special is None else base - given.special.before
        self.start[:] = reference.aged(base)
        if given.exists is None:
            return base, []
        self.start[:], leaving, arriving = moves.relocate(self.start, given, self.model.area_order)
        return base, [leaving, arriving]

    def _finish(self, t: int, given: YearInputs, relocated: list[Array]) -> None:
        """Add what the cohorts do not take part in."""
        flows = self.flows
        if relocated:
            for name, moved in zip(("moves_out", "moves_in"), relocated, strict=True):
                own = flows[name][:, t] if given.rates.move_out is not None else 0.0
                flows[name][:, t] = own + moved
        if given.special is not None:
            released = reference.released(given, self.model, reference.ALL)
            flows["sondergruppe"][:, t] = given.special.change + released
            flows["population"][:, t + 1] += given.special.after


class _Year:
    """One year under way."""

    def __init__(self, engine: Compiled, t: int, given: YearInputs, base: Array) -> None:
        self.engine, self.t, self.given, self.base = engine, t, given, base
        self.model, self.kernels, self.cells = engine.model, engine.kernels, engine.cells
        self.rates = tuple(rows(getattr(given.rates, name), "i", self.cells) for name in RATES)
        self.moving = 0 if given.rates.move_out is None else 1 if given.rates.destination is None else 2
        special = given.special is not None
        self.released = rows(reference.released(given, self.model, reference.ALL) if special else None, "i")
        self.residents = rows(None if given.special is None else given.special.after, "i")
        inside, outside, profile = given.arrivals or (NOBODY, NOBODY, NOBODY)
        self.building = given.arrivals is not None
        self.persons = np.ascontiguousarray(inside), np.ascontiguousarray(outside)
        self.homes = np.ascontiguousarray(profile).reshape(len(profile), -1)
        self.newborn_shares = NOBODY
        self.sums: tuple[Array, ...] = ()

    def together(self) -> None:
        """Eckwerte that hold newborns and others: by turns, as in the reference."""
        start, births = self.engine.start, self.engine.flows["births"]
        start[..., 0], guess = 0.0, None
        for _ in range(reference.ROUNDS):
            guess = self.move(reference.ALL, guess)
            born = start[..., 0].copy()
            self.bear()
            if reference.settled(start[..., 0], born):
                births[:, self.t] = born
                return
        raise reference.unsettled()

    def move(self, ages: slice, guess: Array | None = None) -> Array | None:
        """Everything that happens to some of the ages; returns the factor of the Eckwerte."""
        self._sum_movers()
        margins = [m for m in (margin.at_ages(ages) for margin in self.given.margins) if m is not None]
        up = down = np.ones((1, *self.cells))
        factor = None
        if margins:
            up, down, factor = self._controlled(margins, ages, guess)
        engine, more, fewer = self.engine, rows(up, "i"), rows(down, "i")
        engine.team.over_areas(
            lambda a, b: self.kernels.settle(
                a, b, self.t, self.cells[0], self.model.citizens, engine.start_rows, self.rates, self.moving,
                self.building, self.homes, self.persons, self.sums, self.released, engine.exposure, more, fewer,
                engine.results,
            ),
            engine.areas,
        )  # fmt: skip
        return factor

    def newborn(self) -> None:
        """Those born in the year: few cells, left to the reference."""
        given, start = self.given, self.engine.start[..., reference.NEWBORN]
        if self.newborn_shares.size > 1:
            destination = given.rates.destination
            assert destination is not None
            per_sex = self.newborn_shares.shape[1]
            like = {1: (1, 1), self.cells[1]: (1, self.cells[1])}.get(per_sex, self.cells[:2])
            shares = self.newborn_shares.reshape(*destination.shape[:2], *like, 1)
            given = replace(given, rates=replace(given.rates, destination=shares))
        year = reference.move(start, given, self.model, reference.NEWBORN)
        for name in RESULTS:
            if name in year:
                self.engine.flows[name][:, self.t + (name == "population"), ..., reference.NEWBORN] = year[name]

    def bear(self) -> None:
        """Births, which become the newborns at the start."""
        engine, births = self.engine, self.engine.flows["births"]
        if self.given.mothers_early is not None or not self.model.timing.late_mothers:
            births[:, self.t] = self._births_otherwise()
        else:
            rates = birth_rows(self.given.rates, "i")
            engine.team.over_areas(
                lambda a, b: self.kernels.bear(
                    a, b, self.t, self.cells[-1], engine.start_rows, rates,
                    engine.fertile, self.model.timing.mothers_start,
                    self.model.female, engine.results[0], engine.births,
                ),
                engine.areas,
            )  # fmt: skip
            if self.given.birth_scale is not None:
                births[:, self.t] *= self.given.birth_scale
        engine.start[..., 0] = births[:, self.t]

    def _sum_movers(self) -> None:
        """What a row needs to know of all areas: pool or arrivals by matrix, draw of the new dwellings."""
        engine = self.engine
        self.sums = self._totals(3)
        if self.moving == 0 and not self.building:
            return
        engine.team.over_cells(
            lambda a, b: self.kernels.sum_movers(
                a, b, self.t, engine.order, engine.start_rows, self.rates[5], self.moving, engine.results[6],
                self.persons[0], self.homes, self.building, self.sums,
            ),
            engine.size,
        )  # fmt: skip
        if self.moving == 2:
            self._match()

    def _match(self) -> None:
        engine, shares = self.engine, self.given.rates.destination
        assert shares is not None
        oldest = self.cells[-1]
        runs = shares.shape[2:] == (*self.cells[:2], 1) or shares.shape[2:] == (1, 1, 1)
        if not runs and shares.shape[2:] not in (self.cells, (1, *self.cells[1:]), (1, 1, oldest)):
            shares = np.broadcast_to(shares, (*shares.shape[:2], *self.cells))
        table = rows(shares, "yi")
        width = table[0].shape[1]
        if not runs:
            self.newborn_shares = np.empty((len(table[0]), width // oldest))
        engine.team.over_areas(
            lambda a, b: self.kernels.match(
                a, b, self.t, engine.order, table, engine.size // width if runs else 1, not runs, engine.results[6],
                engine.results[5], self.newborn_shares, oldest,
            ),
            engine.areas,
        )  # fmt: skip

    def _births_otherwise(self) -> Array:
        """Births of the conventions in which the women at start or end are counted otherwise."""
        flows, model, ages = self.engine.flows, self.model, reference.LATER
        start, at, w = self.engine.start[..., ages], self.given.rates.at_ages(ages), model.exposure[ages]
        come, gone = (flows[name][:, self.t][..., ages] for name in ("in_moves", "out_moves"))
        come_early, gone_early = w * come, w * gone
        if at.in_early is not None and at.out_early is not None:
            come_early, gone_early = at.in_early, w * (start * at.out) + at.out_early
        late = (come - gone) - (come_early - gone_early)
        stock = flows["population"][:, self.t + 1][..., ages]
        return reference.births(self.base, start, {"population": stock, "late": late}, self.given, model)

    def _controlled(
        self, margins: list[controls.Margin], ages: slice, guess: Array | None
    ) -> tuple[Array, Array, Array]:
        """By how much in-moves and out-moves change so that the Eckwerte are met, and the factor behind it."""
        cells = int(np.prod(self.engine.start[0, ..., ages].shape))
        first = controls.first_guess(margins, self.engine.areas, cells) if guess is None else guess
        if len(first) == 1:
            sums = _Sums(self, ages)
            factor = controls.solve(margins, sums, first)
            fewer = self.weights(ages).out_scale(factor) if sums.capped(factor) else controls.inverse(factor)
        else:
            weights = self.weights(ages)
            factor = controls.solve(margins, weights, first)
            fewer = weights.out_scale(factor)
        return full(factor, self.cells, ages), full(fewer, self.cells, ages), factor

    def weights(self, ages: slice) -> controls.CellWeights:
        """The weights of every cell."""
        weights = [np.zeros(self.engine.start.shape) for _ in range(3)]
        self.weigh(np.ones((1, 1)), self._totals(4), tuple(rows(w, "i") for w in weights), keep=True)
        special = self.given.special
        living = np.zeros(self.engine.start.shape) if special is None else special.after
        flat = [w[..., ages].reshape(self.engine.areas, -1) for w in (*weights, living)]
        return controls.CellWeights(flat[0], flat[1], flat[2], flat[3], self.model.area_order)

    def weigh(self, factor: Array, totals: tuple[Array, ...], weights: tuple[Rows, ...], keep: bool) -> None:
        """Weights of the cells, summed into ``totals`` or kept in ``weights``."""
        engine, inverse = self.engine, controls.inverse(factor)

        def task(a: int, b: int) -> None:
            own = weights if keep else self._scratch(3)
            self.kernels.weigh(
                a, b, self.t, engine.order, self.cells[0], self.model.citizens, engine.start_rows, self.rates,
                self.moving, self.building, self.homes, self.persons, self.sums, self._targets(), self.released,
                self.residents, engine.exposure, controls.ALMOST_ALL, factor, inverse, totals, own, keep,
            )  # fmt: skip

        engine.team.over_cells(task, engine.size)

    def _targets(self) -> tuple[Rows, ...]:
        """Where a row of moves is put for the time being; moves by matrix stand in the results already."""
        gone, change, arriving, leaving, built = self._scratch(5)
        if self.moving == 2:
            arriving, leaving = self.engine.results[5:7]
        return gone, change, arriving, leaving, built

    def _scratch(self, count: int) -> tuple[Rows, ...]:
        """Tables that hold the row of one area only."""
        return tuple(rows(np.empty((1, self.engine.size)), "i") for _ in range(count))

    def _totals(self, count: int) -> tuple[Array, ...]:
        """Rows of sums over areas, at zero."""
        return tuple(np.zeros((1, self.engine.size)) for _ in range(count))


class _Sums:
    """Weights of which only the sums over all areas are kept: enough if all areas share one factor."""

    def __init__(self, year: _Year, ages: slice) -> None:
        self.year, self.ages = year, ages
        self.known: tuple[Array, controls.Sums, Array] | None = None

    def sums(self, factor: Array, margin: controls.Margin) -> controls.Sums:
        """Sums over all areas; the margin has but one row."""
        return self._known(factor)[1]

    def capped(self, factor: Array) -> bool:
        """Would somewhere more move out than the limit allows? Looked at closely where rounding might decide."""
        ratio = self._known(factor)[2] if self.known is None else self.known[2]
        if (ratio * controls.inverse(factor) < 1 - NEAR).all():
            return False
        return self.year.weights(self.ages).capped(factor)

    def _known(self, factor: Array) -> tuple[Array, controls.Sums, Array]:
        if self.known is None or not np.array_equal(self.known[0], factor):
            self.known = self._sum(factor)
        return self.known

    def _sum(self, factor: Array) -> tuple[Array, controls.Sums, Array]:
        year = self.year
        totals = year._totals(4)
        year.weigh(full(factor, year.cells, self.ages).reshape(1, -1), totals, (), keep=False)
        flat = [part.reshape(year.cells)[..., self.ages].reshape(1, -1) for part in totals]
        return factor, controls.Sums(flat[0], flat[1], flat[2]), flat[3]


def fertile_ages(rates: Rates) -> tuple[np.uintp, np.uintp]:
    """First age at which anybody bears children, and the one after the last."""
    ages = np.flatnonzero(rates.fertility.reshape(-1, rates.fertility.shape[-1]).any(axis=0))
    return (np.uintp(ages[0]), np.uintp(ages[-1] + 1)) if ages.size else (np.uintp(1), np.uintp(1))


def exposure_row(model: Model) -> Array:
    """Share of the movers of each cell that is exposed to the deaths of the year."""
    return np.ascontiguousarray(np.broadcast_to(model.exposure, model.start.shape[1:])).reshape(1, -1)


def full(values: Array, cells: tuple[int, ...], ages: slice) -> Array:
    """(area or one, cell) of some ages as (area or one, group, sex, age) of all ages; one elsewhere."""
    every = np.ones((len(values), *cells))
    every[..., ages] = values.reshape(every[..., ages].shape)
    return every
