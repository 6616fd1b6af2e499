"""The expected year of a city, as draws, comparisons and projections under Eckwerte call it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine import reference
from zwkprognose.engine.arrays import BLOCK, Array
from zwkprognose.engine.compiled.expected_city import Expected, Layout, Year
from zwkprognose.engine.compiled.parts import (
    AGAIN,
    BORN,
    CHANCES,
    COMPONENTS,
    CONTRADICTION,
    FREE,
    HELD,
    NEGATIVE,
    STOCK,
    WEIGH,
    WHOLE,
)
from zwkprognose.engine.compiled.tables import NOWHERE, Rows, exposure_row, group_rows
from zwkprognose.engine.features.eckwerte_of_stocks import CellWeights, Factors, Sums, factors_of
from zwkprognose.engine.formulas import STEPS

__all__ = ["CHANCES", "COMPONENTS", "NEGATIVE", "STOCK", "Expected", "Layout", "Room", "Year"]

Whole = NDArray[np.int64]
#: Areas and cells where nothing is held.
_ONE_PIECE = object()


class Room:
    """Tables of one thread, filled year after year and draw after draw.

    Parameters
    ----------
    city : Expected
    wanted : int
        ``STOCK``, ``COMPONENTS`` or ``CHANCES``.
    more : int
        Number of tables that the caller fills besides.
    draws : int
        Number of draws side by side; more than one where only the stock is wanted and nothing is held.
    """

    def __init__(self, city: Expected, wanted: int, more: int = 0, draws: int = 1) -> None:
        from zwkprognose.engine.compiled import expected

        self.kernels, self.city, self.wanted = expected, city, np.uintp(wanted)
        self.draws = draws
        (groups, sexes, _), rows = city.shape, draws * city.areas
        self.w, self.whole = self._tables(city.shape, more)
        self._young, self.young = self._tables(city.young_shape, 0)
        self.births = np.zeros((city.areas, groups, sexes))
        self._births = group_rows(self.births[None], "yi")
        if draws > 1:
            self._births = group_rows(np.zeros((draws, *self.births.shape)), "yi")
        self.birth_lift, self.ones = np.ones((rows, groups * sexes)), np.ones((rows, 4))
        self._pieces: dict[int, tuple[Any, ...]] = {}
        self._given: dict[int, tuple[Any, ...]] = {}

    def turn_to(self, city: Expected) -> None:
        """Compute another city of the same shape from now on."""
        self.city, self._given = city, {}

    def _tables(self, shape: tuple[int, ...], more: int) -> tuple[Array, tuple[Any, ...]]:
        """The tables of a part of the city: those with parts; exposure, sums, room to work in."""
        city, width, tables = self.city, int(np.prod(shape)), self.kernels
        w = np.zeros((tables.TABLES + more, self.draws * city.areas, width))
        w[tables.UP : tables.DOWN + 1, : None if self.wanted == CHANCES else 1] = 1.0
        sums = np.empty((3, self.draws * max(-(-city.areas // BLOCK), 3), width))
        return w, (exposure_row(city.model.exposure, shape), sums, np.zeros((12, 1, width)))

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
        if self.wanted == CHANCES and year.pieces is None and not self.city.flows_held:
            if self.city.model.held:
                self._let_move()
            self.kernels.set_out(np.uintp(self.city.shape[2]), self.city.order, self.w, year.rates.whole,
                                 (self._table(stock), year.before), begun, factor, year.rates.limits,
                                 self.whole[2])  # fmt: skip
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
            before, sums = factors, Sums(*found[:4])
            factors = quick(pieces, sums, before) or factors_of(pieces, self._weights(t), sums, before)
            found[4] = factors.of_pieces
            if factors is before or (before is None and factors.idle):
                break
        else:
            raise reference.unsettled()
        if factors.idle:
            self._let_move()
        self._compute(t, stock, factor, begun, FREE if factors.idle else HELD, problem)

    def _let_move(self) -> None:
        """Nobody's moves change: chance looks at every area, the kernel at one for all."""
        areas = slice(None) if self.wanted == CHANCES else slice(1)
        for w in (self.w, self._young):
            w[self.kernels.UP : self.kernels.DOWN + 1, areas] = 1.0

    def _weights(self, t: int) -> CellWeights:
        """The weights of the cells as the last pass left them."""
        survivors, inward, outward = self.w[self.kernels.ALIVE : self.kernels.OUTWARD + 1]
        homes = self.city.years[t].homes
        residents = self._nobody if homes is None else homes.special.after.reshape(survivors.shape)
        return CellWeights(survivors, inward, outward, residents, self.city.shape[2], self.city.model.order)

    @cached_property
    def _nobody(self) -> Array:
        """Residents of facilities where there are none."""
        return np.zeros(self.w.shape[1:])

    def _compute(self, t: int, stock: Array, factor: Array, begun: bool, phase: int, problem: Whole) -> None:
        """A phase of a year, by the kernel."""
        year = self.city.years[t]
        if t not in self._given:
            self._given[t] = self._of_year(year)
        whole, young, held = self._given[t]
        any_held = bool(self.city.model.held)
        expect = self.kernels.expect if any_held else self.kernels.expect_freely
        expect(
            self.city.size, self.city.order, year.persons, whole, young, (self._table(stock), year.before, year.after),
            np.uintp(begun), np.uintp(phase), self.women(t, factor), year.rates.limits, self.wanted, problem,
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
                areas, cells, count = *(g.astype(np.uintp) for g in (pieces.rows, pieces.columns)), pieces.shape
            self._pieces[id(shape)] = areas, cells, np.empty((2, count[0], self.w.shape[2])), np.empty((5, *count))
        return self._pieces[id(shape)]

    def women(self, t: int, factor: Array) -> tuple[Any, ...]:
        """Rates of births and births of a year, and their factors, as the kernels take them."""
        city = self.city
        weight = float(city.model.timing.mothers_start)
        return city.years[t].rates.births, city.fertile, weight, self._births, factor, self.birth_lift

    def count(self, stock: Array, band: NDArray[np.uintp], totals: Array) -> Whole:
        """Persons (area, band) of a stock, draw after draw; returns what is wrong: 0, or a stock below zero, and
        its draw."""
        problem = np.zeros(4, dtype=np.int64)
        self.kernels.count(
            np.uintp(self.city.shape[2]), self.city.order, stock, band, self.whole[2][0], totals, problem
        )
        return problem

    def _of_year(self, year: Year) -> tuple[Any, ...]:
        """Both parts of the city and Eckwerte of flows of a year, as the kernel takes them."""
        city, rates = self.city, year.rates
        (matrix, young_matrix, _), (homes, young_homes) = rates.matrix, city.homes
        exposure, sums, work = self.whole
        whole = (self.w, rates.whole, exposure, homes, year.released, year.after, matrix, sums, work)
        exposure, sums, work = self.young
        young = (self._young, rates.young, exposure, young_homes, NOWHERE, NOWHERE, young_matrix, sums, work)
        return whole, young, (*year.levels, np.empty((4, year.levels.values.size or 1)))

    def _table(self, stock: Array) -> Rows:
        """A stock with a row for each area, one draw after the other."""
        return stock, (np.uintp(self.city.areas), np.uintp(1))

    def _reset(self) -> None:
        """Rates as they are, before the Eckwerte of flows of a year."""
        self.birth_lift[:] = 1.0
        for w in (self.w, self._young):
            w[self.kernels.LIFT_DEATH : self.kernels.LIFT_OUT + 1] = 1.0
