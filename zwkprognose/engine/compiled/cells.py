"""One year of the cells of all areas, by the kernels: what ``reference.settled`` does, compiled."""

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
    RATES,
    RESULTS,
    Rows,
    Team,
    exposure_row,
    matrix_of,
    rows,
    scratch,
)
from zwkprognose.engine.model import Model, YearInputs
from zwkprognose.engine.rates import Rates


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
    t : int
        Number of the year in the results.
    births : tuple
        Rates, fertile ages, weight of the women at the start, index of the women, where births are
        written, and whether.
    """

    def __init__(self, tools: Tools, given: YearInputs, part: Part, t: int, births: tuple[Any, ...]) -> None:
        model, special, shape = tools.model, given.special, part.shape
        self.tools, self.given, self.shape, self.t = tools, given, shape, t
        self.areas, self.size, self.blocks = len(model.start), part.w.size, -(-len(model.start) // BLOCK)
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
        self.shares = NOBODY
        self.newborn_shares = NOBODY
        self.sums: tuple[Array, ...] = ()

    def move(self) -> None:
        """Everything that happens to the cells."""
        self._sum_movers()
        self.tools.team.over_areas(
            lambda a, b: self.tools.kernels.settle(
                a, b, self.t, self.shape[0], self.tools.model.citizens, self.start, self.rates, self.moving,
                self.building, self.homes, self.persons, self.sums, self.released, self.w, self.results, *self.births,
                scratch(12, self.size),
            ),
            self.areas,
        )  # fmt: skip

    def _sum_movers(self) -> None:
        """What a row needs to know of all areas: pool or arrivals by matrix, stock and draw of the new dwellings."""
        pool, total, given = *self._totals(2), np.zeros((1, self.size))
        if self.moving > 0 or self.building:
            self.tools.team.over_areas(
                lambda a, b: self.tools.kernels.sum_movers(
                    a, b, self.t, self.order, self.start, self.table["move_out"], self.moving, self.results[6],
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

    def _totals(self, count: int) -> tuple[Array, ...]:
        """Sums over blocks of areas, at zero."""
        return tuple(np.zeros((self.blocks, self.size)) for _ in range(count))
