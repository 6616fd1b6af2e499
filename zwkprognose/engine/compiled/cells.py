"""One year of the cells of all areas, by the kernels: what ``reference.move`` does, compiled."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np

from zwkprognose.engine import reference
from zwkprognose.engine.arrays import BLOCK, Array, Flows, Index, in_order
from zwkprognose.engine.compiled.tables import (
    NOBODY,
    NOWHERE,
    RATES,
    RESULTS,
    Rows,
    Team,
    exposure_row,
    matrix_of,
    rows,
    scratch,
)
from zwkprognose.engine.features import eckwerte_of_stocks as solver
from zwkprognose.engine.features.margins import Grouping, Margin
from zwkprognose.engine.formulas import ALMOST_ALL
from zwkprognose.engine.model import Model, YearInputs
from zwkprognose.engine.rates import Rates

#: Distance from the limit of out-moves within which rounding might decide, so that it is computed exactly.
NEAR = 1e-9


@dataclass(frozen=True)
class Tools:
    """What the cells of all years need: kernels, threads, the model, the order of its areas, and rates as tables.

    ``tables`` lays out rates for cells of a shape.
    """

    kernels: ModuleType
    team: Team
    model: Model
    order: Index
    tables: Callable[[Rates, tuple[int, ...]], dict[str, Rows]]

    @property
    def alone(self) -> Tools:
        """The same without help from other threads."""
        return replace(self, team=self.team.alone)


@dataclass(frozen=True)
class Part:
    """Cells that have a row for each area, as they are in every year: those of all ages, or only the newborn.

    Attributes
    ----------
    shape : tuple of int
        Groups, sexes and ages of the cells.
    start : array
        J, or the births.
    start_rows, rows : Rows, tuple of Rows
        The same and where results are written, as the kernels take them.
    w : array (one, cell)
        Share of the year that movers are exposed.
    homes : array (type, cell)
        Profiles of those who move into new dwellings.
    """

    shape: tuple[int, ...]
    start: Array
    start_rows: Rows
    rows: tuple[Rows, ...]
    w: Array
    homes: Array


def part_of(model: Model, results: Flows, start: Array, lead: str) -> Part:
    """The cells of a stock that begins with ``start``; ``lead`` names the axes of the results before the cells."""
    shape, ages = start.shape[1:], slice(None, start.shape[-1])
    profile = NOBODY if model.housing is None else model.housing.profile[..., ages]
    return Part(
        shape=shape,
        start=start,
        start_rows=rows(start, "i"),
        rows=tuple(rows(results.get(name), lead) for name in RESULTS),
        w=exposure_row(model.exposure, shape),
        homes=np.ascontiguousarray(profile).reshape(len(profile), -1),
    )


class Cells:
    """The cells of one year.

    Parameters
    ----------
    tools : Tools
    given : YearInputs
        What is given for the year.
    part : Part
        All ages, or the newborn.
    ages : slice
        The ages that the cells stand for; of cells of all ages, those that count.
    t : int
        Number of the year in the results.
    births : tuple
        Rates, fertile ages, weight of the women at the start, index of the women, where births are
        written, and whether.
    """

    def __init__(
        self, tools: Tools, given: YearInputs, part: Part, ages: slice, t: int, births: tuple[Any, ...]
    ) -> None:
        model, special, shape = tools.model, given.special, part.shape
        self.tools, self.given, self.shape, self.ages, self.t = tools, given, shape, ages, t
        self.areas, self.size, self.blocks = len(model.start), part.w.size, -(-len(model.start) // BLOCK)
        self.counting = slice(None) if shape[-1] == 1 else ages
        self.start, self.results, self.births = part.start_rows, part.rows, births
        self.table = tools.tables(given.rates, shape)
        self.rates = tuple(self.table[name] for name in RATES)
        self.order, self.w, self.homes = tools.order, part.w, part.homes
        self.moving = 0 if given.rates.move_out is None else 1 if given.rates.destination is None else 2
        own = slice(None, shape[-1])
        inside, outside, _ = given.arrivals or (NOBODY, NOBODY, NOBODY)
        self.building = given.arrivals is not None
        self.persons = np.ascontiguousarray(inside), np.ascontiguousarray(outside)
        self.released = rows(None, "i") if special is None else rows(reference.released(given, model, own), "i")
        self.living = None if special is None else special.after[..., own]
        self.shares = NOBODY
        self.newborn_shares = NOBODY
        self.sums: tuple[Array, ...] = ()

    def move(self, margins: tuple[Margin, ...], guess: solver.Factors | None = None) -> solver.Factors | None:
        """Everything that happens to the cells; returns the factors of the Eckwerte."""
        self._sum_movers()
        own = [m for m in (margin.at_ages(self.ages) for margin in margins) if m is not None]
        up = down = np.ones((1, *self.shape))
        factor = None
        if own:
            up, down, factor = self._controlled(own, guess)
        more, fewer = rows(up, "i"), rows(down, "i")
        self.tools.team.over_areas(
            lambda a, b: self.tools.kernels.settle(
                a, b, self.t, self.shape[0], self.tools.model.citizens, self.start, self.rates, self.moving,
                self.building, self.homes, self.persons, self.sums, self.released, self.w, more, fewer, self.results,
                *self.births, scratch(7, self.size),
            ),
            self.areas,
        )  # fmt: skip
        return factor

    def weights(self) -> _Weights:
        """The weights of every cell, for Eckwerte that tell areas apart."""
        weights = [np.zeros((self.areas, *self.shape)) for _ in range(3)]
        self.weigh(np.ones((1, 1)), self._totals(4), tuple(rows(w, "i") for w in weights), keep=True)
        living = np.zeros((self.areas, *self.shape)) if self.living is None else self.living
        flat = [self._counted(w) for w in (*weights, living)]
        return _Weights(flat[0], flat[1], flat[2], flat[3], tools=self.tools)

    def totals(self, factor: Array) -> tuple[solver.Sums, Array]:
        """Sums of the weights over all areas, and the largest ratio of out-moves to their limit."""
        totals = self._totals(4)
        self.weigh(self._full(factor).reshape(1, -1), totals, (NOWHERE,) * 3, keep=False)
        city = [*(in_order(part, 0) for part in totals[:3]), totals[3].max(axis=0)]
        flat = [self._counted(part.reshape(1, *self.shape)) for part in city]
        return solver.Sums(flat[0], flat[1], flat[2], self.capped(flat[3], factor)), flat[3]

    def capped(self, ratio: Array, factor: Array) -> bool:
        """Would somewhere more move out than the limit allows? Looked at closely where rounding might decide."""
        if (ratio * solver.inverse(factor) < 1 - NEAR).all():
            return False
        return self.weights().capped(factor)

    def weigh(self, factor: Array, totals: tuple[Array, ...], weights: tuple[Rows, ...], keep: bool) -> None:
        """Weights of the cells, summed into ``totals`` or kept in ``weights``."""
        tools, inverse, residents = self.tools, solver.inverse(factor), rows(self.living, "i")

        def task(a: int, b: int) -> None:
            tools.kernels.weigh(
                a, b, self.t, self.order, BLOCK, self.shape[0], tools.model.citizens, self.start, self.rates,
                self.moving, self.building, self.homes, self.persons, self.sums, self.results[5:7], self.released,
                residents, self.w, ALMOST_ALL, factor, inverse, totals, weights, keep, scratch(12, self.size),
            )  # fmt: skip

        self.tools.team.over_areas(task, self.blocks)

    def _sum_movers(self) -> None:
        """What a row needs to know of all areas: pool or arrivals by matrix, stock and draw of the new dwellings."""
        pool, total, given = *self._totals(2), np.zeros((1, self.size))
        if self.moving > 0 or self.building:
            self.tools.team.over_areas(
                lambda a, b: self.tools.kernels.sum_movers(
                    a, b, self.t, self.order, BLOCK, self.start, self.table["move_out"], self.moving, self.results[6],
                    self.building, (pool, total), scratch(1, self.size),
                ),
                self.blocks,
            )  # fmt: skip
        self.sums = in_order(pool, 0)[None], in_order(total, 0)[None], given
        if self.building:
            self._sum_asked()
        if self.moving == 2:
            self._match()

    def _sum_asked(self) -> None:
        self.tools.team.over_cells(
            lambda a, b: self.tools.kernels.sum_asked(
                a, b, self.order, self.start, self.persons[0], self.homes, self.sums[1:], scratch(2, self.size)
            ),
            self.size,
        )

    def _match(self) -> None:
        """Arrivals by matrix; sets aside the shares of the newborn."""
        shares, run = self._matrix()
        table, oldest = rows(shares, "yi"), self.shape[-1]
        width = table[0].shape[1]
        if run == 1 and oldest > 1 and self.areas > 1:  # one area has one share, always 1
            self.newborn_shares = np.empty((len(table[0]), width // oldest))
        self.tools.team.over_areas(
            lambda a, b: self.tools.kernels.match(
                a, b, self.t, self.order, table, run, self.results[6], self.results[5], self.newborn_shares, oldest,
            ),
            self.areas,
        )  # fmt: skip

    def _matrix(self) -> tuple[Array, int]:
        """Shares (origin, destination, …), and for how many cells each of them stands."""
        shares = self.given.rates.destination
        assert shares is not None
        if self.shares.size > 1:
            return self.shares.reshape(self.areas, self.areas, -1), 1
        return matrix_of(shares, self.shape)

    def _controlled(
        self, margins: list[Margin], guess: solver.Factors | None
    ) -> tuple[Array, Array, solver.Factors]:
        """By how much in-moves and out-moves change so that the Eckwerte are met, and the factors behind it."""
        if all(m.rows.whole for m in margins):
            sums = _Sums(self)
            found = solver.solve(margins, sums, self.areas, guess)
            factor = found.of_cells
            fewer = self.weights().out_scale(factor) if sums.capped(factor) else solver.inverse(factor)
        else:
            weights = self.weights()
            found = solver.solve(margins, weights, self.areas, guess)
            factor = found.of_cells
            fewer = weights.out_scale(factor)
        return self._full(factor), self._full(fewer), found

    def _counted(self, values: Array) -> Array:
        """(area or one, cell) of the cells that count."""
        return values[..., self.counting].reshape(len(values), -1)

    def _full(self, values: Array) -> Array:
        """(area or one, cell) of the cells that count as (area or one, group, sex, age) of all; one elsewhere."""
        if self.counting == slice(None):
            return values.reshape(len(values), *self.shape)
        every = np.ones((len(values), *self.shape))
        every[..., self.counting] = values.reshape(every[..., self.counting].shape)
        return every

    def _totals(self, count: int) -> tuple[Array, ...]:
        """Sums over blocks of areas, at zero."""
        return tuple(np.zeros((self.blocks, self.size)) for _ in range(count))


@dataclass(frozen=True, kw_only=True)
class _Weights(solver.CellWeights):
    """The weights of every cell, added up by the kernel."""

    tools: Tools

    def sums(self, factor: Array, by: Grouping) -> solver.Sums:
        """Sums over the areas of each row, added in the order of the areas."""
        tools, cells, whole = self.tools, self.survivors.shape[1], by.whole
        row_of, groups = self._blocks() if whole else (by.group, by.groups)
        totals = (*(np.zeros((groups + 1, cells)) for _ in range(3)), np.full((1, cells), -np.inf))
        row_of = np.where(row_of < 0, groups, row_of).astype(np.uintp)
        parts = self.survivors, self.inward, self.outward, self.residents
        self.tools.team.over_cells(
            lambda a, b: tools.kernels.sum_cells(
                a, b, tools.order, row_of, *parts, ALMOST_ALL, rows(factor, "i"), totals,
                scratch(2, cells),
            ),
            cells,
        )
        fixed, come, go = (in_order(part[:groups], 0)[None] if whole else part[:groups] for part in totals[:3])
        return solver.Sums(fixed, come, go, bool((totals[3] > 0).any()))

    def _blocks(self) -> tuple[Index, int]:
        """Block of each area, and how many there are."""
        block_of = np.empty(len(self.tools.order), dtype=np.intp)
        block_of[self.tools.order] = np.arange(len(block_of)) // BLOCK
        return block_of, int(block_of.max()) + 1


class _Sums:
    """Weights of which only the sums over all areas are kept: enough if all areas share one factor."""

    def __init__(self, cells: Cells) -> None:
        self.cells = cells
        self.known: tuple[Array, solver.Sums, Array] | None = None
        self.asked: tuple[Array, bool] | None = None

    def sums(self, factor: Array, by: Grouping) -> solver.Sums:
        """Sums over all areas, which are one row."""
        if self.known is None or not np.array_equal(self.known[0], factor):
            self.known = (factor, *self.cells.totals(factor))
        return self.known[1]

    def capped(self, factor: Array) -> bool:
        """Would somewhere more move out than the limit allows?"""
        assert self.known is not None
        if self.asked is None or self.asked[0] is not factor:
            self.asked = factor, self.cells.capped(self.known[2], factor)
        return self.asked[1]
