"""The expected year of a city, as draws and comparisons call it: what is given in tables, and room to work in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine import reference
from zwkprognose.engine.arrays import BLOCK, Array
from zwkprognose.engine.compiled.tables import (
    NOBODY,
    NOWHERE,
    RATES,
    Rows,
    birth_rows,
    exposure_row,
    fertile_ages,
    group_rows,
    matrix_of,
    rows,
)
from zwkprognose.engine.features.eckwerte_of_stocks import CellWeights, Factors, Sums, factors_of
from zwkprognose.engine.features.margins import Margin
from zwkprognose.engine.features.pieces import Pieces, pieces_of
from zwkprognose.engine.features.special import Special
from zwkprognose.engine.formulas import STEPS
from zwkprognose.engine.model import Model, YearInputs
from zwkprognose.engine.rates import Rates
from zwkprognose.engine.years import year_inputs

Whole = NDArray[np.int64]
#: Areas and cells where nothing is held.
_ONE_PIECE = object()
#: Variables that Eckwerte hold, by the number that the kernels know them by.
HELD = ("population", "births", "deaths", "in_moves", "out_moves")
#: Wanted of a year: the stock, every component, or what chance needs; as in ``expected``.
STOCK, COMPONENTS, CHANCES = range(3)
#: What is wrong where a stock is negative, or not a number; as in ``parts``.
NEGATIVE = 4
#: Eckwerte of flows that contradict each other, and those that are missed so far.
CONTRADICTION, AGAIN = 2, 5
#: What the kernel computes of a year: all of it; what Eckwerte of the stock need to know; the same of those born in the
#: year; the rest under the factors found, or as if there were none.
WHOLE, WEIGH, BORN, HELD_BY, FREE = range(5)


class Layout:
    """Tables of arrays, each laid out once, however many years and models share it."""

    def __init__(self) -> None:
        self._known: dict[tuple[Any, ...], tuple[Any, Any]] = {}

    def of(self, kind: tuple[Any, ...], given: tuple[Any, ...], lay_out: Callable[[], Any]) -> Any:
        """What is laid out of the given, once; they are kept, so that their place in memory stays their own."""
        key = (*kind, *map(_place, given))
        if key not in self._known:
            self._known[key] = given, lay_out()
        return self._known[key][1]


def _place(given: Any) -> tuple[Any, ...]:
    """What tells an array from others, also views of the same numbers; the identity of anything else."""
    if not isinstance(given, np.ndarray):
        return (id(given),)
    return given.__array_interface__["data"][0], given.shape, given.strides


class Levels(NamedTuple):
    """Eckwerte of the flows of a year: (variable, columns, first target, targets) of each set; the row of each area and
    the column of each cell in it, −1 for none; the values, not a number where there is no cell."""

    margins: Whole
    rows: Whole
    columns: Whole
    values: Array


@dataclass(frozen=True)
class Year:
    """What is given for a year, as the kernel takes it."""

    given: YearInputs
    whole: tuple[Rows, ...]
    young: tuple[Rows, ...]
    births: tuple[Rows, ...]
    matrix: tuple[Rows, Rows, int]
    limits: Array
    persons: tuple[Array, Array]
    released: Rows
    before: Rows
    after: Rows
    levels: Levels
    pieces: Pieces | None

    @property
    def flows_held(self) -> bool:
        """Are there Eckwerte of flows?"""
        return len(self.levels.margins) > 0


class Expected:
    """A city and all its years, shared by threads.

    Parameters
    ----------
    model : Model
    layout : Layout, optional
        Tables that are shared with other models.
    special_of : function of the number of a year, optional
        Residents of facilities, where they are not those of the model.
    """

    def __init__(
        self, model: Model, layout: Layout | None = None, special_of: Callable[[int], Special] | None = None
    ) -> None:
        self.model, self.shape = model, model.start.shape[1:]
        self.layout = Layout() if layout is None else layout
        groups, sexes, _ = self.shape
        self.young_shape = (groups, max(sexes, 2), 1)  # a table with one column stands for nothing
        self.order = model.area_order.astype(np.uintp)
        self.years: list[Year] = []
        for t in range(len(model.years)):
            self.years.append(self._year(t, special_of))
        self.flows_held = any(year.flows_held for year in self.years)

    @property
    def areas(self) -> int:
        """Number of areas."""
        return len(self.model.start)

    @cached_property
    def size(self) -> tuple[np.uintp, ...]:
        """Sizes and switches, as the kernel takes them."""
        model, rates = self.model, self.model.rates
        moving = 0 if rates.move_out is None else 1 if rates.destination is None else 2
        run = self.years[0].matrix[2]
        given = (self.shape[0], model.citizens, moving, model.housing is not None, run, model.female, self.shape[2])
        return tuple(np.uintp(n) for n in given)

    @cached_property
    def homes(self) -> tuple[Array, Array]:
        """Profiles of those who move into new dwellings: all cells, and those born in the year."""
        if self.model.housing is None:
            return NOBODY, NOBODY
        profile = self.model.housing.profile
        young = np.zeros((len(profile), *self.young_shape))
        young[:, :, : self.shape[1], 0] = profile[..., 0]
        return np.ascontiguousarray(profile).reshape(len(profile), -1), young.reshape(len(profile), -1)

    def _year(self, t: int, special_of: Callable[[int], Special] | None) -> Year:
        given = year_inputs(self.model, t)
        if special_of is not None and given.special is not None:
            given = replace(given, special=special_of(t))
        special = given.special
        inside, outside, _ = given.arrivals or (NOBODY, NOBODY, NOBODY)
        before, after, released = (NOWHERE,) * 3
        if special is not None:
            before, after = rows(special.before, "i"), rows(special.after, "i")
            released = rows(self.released(given), "i")
        return Year(
            given=given,
            **self._tables(given.rates),
            persons=(np.ascontiguousarray(inside), np.ascontiguousarray(outside)),
            released=released, before=before, after=after,
            levels=self.layout.of(("levels", t), (self.model.margins,), lambda: self._levels(t)),
            pieces=self.layout.of(("pieces", t), (self.model.margins,), lambda: self._pieces(given)),
        )  # fmt: skip

    def released(self, given: YearInputs) -> Array:
        """Residents of closing facilities who stay in the city, where they arrive."""
        return reference.released(given, self.model, reference.ALL)

    def _levels(self, t: int) -> Levels:
        given = self.model.margins[t] if self.model.margins else ()
        return levels_of([m for m in given if m.of != HELD[0]], self.model.start.shape)

    def _pieces(self, given: YearInputs) -> Pieces | None:
        return pieces_of(given.margins, self.areas, self.shape) if given.margins else None

    def _tables(self, rates: Rates) -> dict[str, Any]:
        """Rates of a year as tables."""
        births = rates.fertility, rates.birth_group, rates.birth_sex
        exits = rates.death, rates.out, rates.naturalisation, rates.move_out
        return {
            "whole": tuple(self._table(getattr(rates, name), self.shape) for name in RATES),
            "young": tuple(self._table(getattr(rates, name), self.young_shape) for name in RATES),
            "births": self.layout.of(("births",), births, lambda: birth_rows(rates, "i")),
            "matrix": self.layout.of(("matrix",), (rates.destination,), lambda: self._matrix(rates)),
            "limits": self.layout.of(("limits",), exits, lambda: _limits(rates, self.areas)),
        }

    def _table(self, values: Array | None, cells: tuple[int, ...]) -> Rows:
        """A rate as a table, for the cells of all ages or of the newborn."""
        if values is None:
            return NOWHERE
        own = values if values.shape[-1] == 1 else values[..., : cells[-1]]
        return self.layout.of(("rates", *cells), (values,), lambda: rows(own, "i", cells))

    def _matrix(self, rates: Rates) -> tuple[Rows, Rows, int]:
        if rates.destination is None:
            return NOWHERE, NOWHERE, 1
        shares, run = matrix_of(rates.destination, self.shape)
        young = rates.destination[..., :1]
        return rows(shares, "yi"), rows(young, "yi", self.young_shape), run


class Room:
    """Tables of one thread, filled year after year and draw after draw.

    Parameters
    ----------
    city : Expected
    wanted : int
        ``STOCK``, ``COMPONENTS`` or ``CHANCES``.
    certain : bool
        Are the rates as they are?
    more : int
        Number of tables that the caller fills besides.
    """

    def __init__(self, city: Expected, wanted: int, certain: bool = False, more: int = 0) -> None:
        from zwkprognose.engine.compiled import expected

        self.kernels, self.city, self.wanted = expected, city, np.uintp(wanted)
        self.certain = certain and not city.flows_held
        groups, sexes, _ = city.shape
        self.w, self.whole = self._tables(city.shape, more)
        self._young, self.young = self._tables(city.young_shape, 0)
        self.births = np.zeros((city.areas, groups, sexes))
        self.birth_lift, self.ones = np.ones((city.areas, groups * sexes)), np.ones((city.areas, 4))
        self.sums = np.empty((4, max(year.levels.values.size for year in city.years) or 1))
        self._pieces: dict[int, tuple[Any, ...]] = {}
        self._given: list[tuple[Any, ...]] = [self._of_year(year) for year in city.years]

    def _tables(self, shape: tuple[int, ...], more: int) -> tuple[Array, tuple[Any, ...]]:
        """The tables of a part of the city: those with parts; exposure, sums, room to work in."""
        city, width, tables = self.city, int(np.prod(shape)), self.kernels
        w = np.zeros((tables.TABLES + more, city.areas, width))
        for part in (tables.UP, tables.DOWN, *(range(tables.LIFT_DEATH, tables.TABLES) if city.flows_held else ())):
            w[part] = 1.0
        sums = np.empty((3, max(-(-city.areas // BLOCK), 3), width))
        return w, (exposure_row(city.model.exposure, shape), sums, np.empty((12, 1, width)))

    @property
    def start(self) -> Array:
        """Those at the start of the year (area, cell), a year older."""
        return np.asarray(self.w[self.kernels.START])

    def advance(self, t: int, stock: Array, factor: Array | None = None, begun: bool = False) -> Whole:
        """Replace ``stock`` (area, cell) by that of a year later; returns what is wrong, 0 first if nothing.

        ``begun`` says that ``start`` is filled already. Eckwerte of the stock that cannot be met are an EngineError.
        """
        problem, year = np.zeros(4, dtype=np.int64), self.city.years[t]
        factor = self.ones if factor is None else factor
        if not bool(self.city.model.held) and self.wanted == CHANCES:
            self.kernels.set_out(np.uintp(self.city.shape[2]), self.city.order, self.w, year.whole, _table(stock),
                                 year.before, begun, factor, year.limits, self._given[t][0][8])  # fmt: skip
            return problem
        if self.city.flows_held:
            self._reset()
        for _ in range(STEPS):
            if year.pieces is None:
                self._let_move()
                self._compute(t, stock, factor, begun, WHOLE, problem)
            else:
                self._meet(t, stock, factor, begun, problem)
            if problem[0] != AGAIN:
                return problem
            problem[0], begun = 0, True
        problem[0] = CONTRADICTION
        return problem

    def _meet(self, t: int, stock: Array, factor: Array, begun: bool, problem: Whole) -> None:
        """A year under Eckwerte of the stock: births depend on moves and moves on births, so in turn until both fit."""
        from zwkprognose.engine.compiled.dual import quick

        pieces, found = self.city.years[t].pieces, self._of_pieces(t)[3]
        assert pieces is not None
        factors: Factors | None = None
        for turn in range(reference.ROUNDS):
            self._compute(t, stock, factor, begun, BORN if turn else WEIGH, problem)
            before, factors = factors, factors_of(pieces, self._weights(t), Sums(*found[:4]), factors, quick)
            found[4] = factors.of_pieces
            if factors is before or (before is None and factors.idle):
                break
        else:
            raise reference.unsettled()
        if factors.idle:
            self._let_move()
        self._compute(t, stock, factor, begun, FREE if factors.idle else HELD_BY, problem)

    def _let_move(self) -> None:
        """Nobody's moves change."""
        for w in (self.w, self._young):
            w[self.kernels.UP : self.kernels.DOWN + 1] = 1.0

    def _weights(self, t: int) -> CellWeights:
        """The weights of the cells as the last pass left them."""
        survivors, inward, outward = self.w[self.kernels.ALIVE : self.kernels.OUTWARD + 1]
        special = self.city.years[t].given.special
        residents = np.zeros_like(survivors) if special is None else special.after.reshape(survivors.shape)
        return CellWeights(survivors, inward, outward, residents, self.city.shape[2], self.city.model.order)

    def _compute(self, t: int, stock: Array, factor: Array, begun: bool, phase: int, problem: Whole) -> None:
        """A phase of a year, by the kernel."""
        year, (whole, young, _, held) = self.city.years[t], self._given[t]
        any_held = bool(self.city.model.held)
        expect = self.kernels.expect if any_held else self.kernels.expect_freely
        expect(
            self.city.size, self.city.order, year.persons, whole, young, (_table(stock), year.before, year.after),
            begun, np.uintp(phase), self.women(t, factor), year.limits, self.certain, self.wanted, problem,
            *((self._of_pieces(t), held) if any_held else (None, None)),
        )  # fmt: skip

    def _of_pieces(self, t: int) -> tuple[Any, ...]:
        """Piece of each area and cell, room for factors by cell and for sums of the pieces; those alike share it."""
        pieces = self.city.years[t].pieces
        shape: Any = _ONE_PIECE if pieces is None else pieces.shared
        if id(shape) not in self._pieces:
            areas, cells = (np.zeros(n, np.uintp) for n in (self.city.areas, self.w.shape[2]))
            count = 1, 1
            if pieces is not None:
                areas, cells, count = *(g.group.astype(np.uintp) for g in (pieces.rows, pieces.columns)), pieces.shape
            self._pieces[id(shape)] = areas, cells, np.empty((2, count[0], self.w.shape[2])), np.empty((5, *count))
        return self._pieces[id(shape)]

    def women(self, t: int, factor: Array) -> tuple[Any, ...]:
        """Rates of births and births of a year, and their factors, as the kernels take them."""
        return *self._given[t][2], factor, self.birth_lift

    def count(self, stock: Array, band: NDArray[np.uintp], totals: Array) -> None:
        """Persons (area, band) of a stock."""
        by_age = self.whole[2][0]
        self.kernels.count(np.uintp(self.city.shape[2]), self.city.order, _table(stock), band, by_age, totals)

    def _of_year(self, year: Year) -> tuple[Any, ...]:
        """Both parts of the city, births and Eckwerte of a year, as the kernel takes them."""
        model, homes = self.city.model, self.city.homes
        exposure, sums, work = self.whole
        whole = (self.w, year.whole, exposure, homes[0], year.released, year.after, year.matrix[0], sums, work)
        exposure, sums, work = self.young
        young = (self._young, year.young, exposure, homes[1], NOWHERE, NOWHERE, year.matrix[1], sums, work)
        weight = float(model.timing.mothers_start)
        women = year.births, fertile_ages(model.rates), weight, group_rows(self.births, "i")
        return whole, young, women, (*year.levels, self.sums)

    def _reset(self) -> None:
        """Rates as they are, before the Eckwerte of flows of a year."""
        self.birth_lift[:] = 1.0
        for w in (self.w, self._young):
            w[self.kernels.LIFT_DEATH : self.kernels.LIFT_OUT + 1] = 1.0


def _table(values: Array) -> Rows:
    return values, (np.uintp(0), np.uintp(1))


def _limits(rates: Rates, areas: int) -> Array:
    """Largest probabilities of each area: of death, of leaving the city, of the other exits."""
    other = [_largest(r, areas) for r in (rates.naturalisation, rates.move_out) if r is not None]
    return np.stack([_largest(rates.death, areas), _largest(rates.out, areas), sum(other, np.zeros(areas))], axis=1)


def _largest(rate: Array, areas: int) -> Array:
    return np.broadcast_to(rate.max(axis=(1, 2, 3)), (areas,))


def levels_of(margins: Sequence[Margin], shape: tuple[int, ...]) -> Levels:
    """The Eckwerte of the flows of a year, for areas and cells of a shape."""
    areas, cell = shape[0], shape[1:]
    first = np.cumsum([0, *(m.target.size for m in margins)]).tolist()
    table = [(HELD.index(m.of), m.target.shape[1], a, m.target.size) for m, a in zip(margins, first, strict=False)]
    values = [np.where(m.present, m.target, np.nan).ravel() for m in margins]
    columns = [np.broadcast_to(m.cells, cell).ravel() for m in margins]
    return Levels(
        np.array(table, dtype=np.int64).reshape(-1, 4),
        np.array([m.areas for m in margins], dtype=np.int64).reshape(-1, areas),
        np.array(columns, dtype=np.int64).reshape(-1, int(np.prod(cell))),
        np.concatenate([np.zeros(0), *values]).reshape(1, -1),
    )
