"""One draw of a city whose areas depend on each other: the expected year, and on top of it what happens by chance."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine import reference
from zwkprognose.engine.arrays import Array, aged
from zwkprognose.engine.compiled.expected_year import CHANCES, COMPONENTS, STOCK, Expected, Room, Year
from zwkprognose.engine.draws.plan import Ways, city_of, taking_place


class Draw(NamedTuple):
    """Number of a draw, or of the first of some, and of the year, and factors (area, component), draw after draw."""

    number: int
    year: int
    factor: Array


class Work:
    """Tables that the kernels fill, draw after draw.

    Parameters
    ----------
    expected : Expected
        The city and its years.
    ways : list of Ways
        What chance needs to know of each year, empty if only rates are drawn.
    streams : np.ndarray [area]
        Addresses of the areas' streams.
    seed : np.uint64
    keep : bool
        Are components kept?
    draws : int
        How many draws there are.
    """

    def __init__(
        self, expected: Expected, ways: list[Ways], streams: NDArray[np.uint64], seed: np.uint64, keep: bool, draws: int
    ) -> None:
        from zwkprognose.engine.compiled.compiling import Kernel
        from zwkprognose.engine.draws import fates

        self.fates, self.send = fates, Kernel(fates.send)
        self.expected, self.ways, self.seed, self.keep = expected, ways, seed, keep
        self.city, self.done = city_of(expected.model, streams), taking_place(expected.model)
        model, wanted = expected.model, CHANCES if ways else COMPONENTS if keep else STOCK
        #: Draws that are computed side by side.
        self.together = draws if wanted == STOCK and not model.held and model.exists is None else 1
        self.room = Room(expected, wanted, more=fates.MORE if ways else 0, draws=self.together)
        self.moved: Array | None = None

    def advance(self, draw: Draw, stock: Array) -> NDArray[np.int64]:
        """Replace ``stock`` (area, cell), draw after draw, by that of a year later; returns what is wrong, 0 first if
        nothing."""
        year, factor = self.expected.years[draw.year], np.ascontiguousarray(draw.factor)
        exists = year.given.exists
        self.moved = None if exists is None or exists.all() else self._leave_former(year, draw, stock)
        problem = self.room.advance(draw.year, stock, factor, begun=self.moved is not None)
        if self.ways and not problem[0]:
            turn, women = self._turn(draw, 1), self.room.women(draw.year, factor)
            self.fates.draw_year(self.city, self.ways[draw.year], turn, *self.done, women, self.room.w, stock)
        return problem

    def _turn(self, draw: Draw, first: int) -> tuple[Any, ...]:
        """All ages of a year from ``first`` on."""
        return self.fates.Turn(draw.year, draw.number, self.seed, self.keep, first, self.city.ages)

    def components(self, year: Year) -> Array:
        """The components of the year (component, area, cell)."""
        kept, special = self.room.w[: self.fates.SPECIAL + 1].copy(), year.given.special
        if self.moved is not None:
            kept[[self.fates.MOVED_OUT, self.fates.MOVED_IN]] += self.moved
        if special is not None:
            staying = kept[self.fates.SPECIAL] if self.ways else self.expected.released(year.given)
            kept[self.fates.SPECIAL] = staying.reshape(kept.shape[1:]) + special.change.reshape(kept.shape[1:])
        return kept

    def _leave_former(self, year: Year, draw: Draw, stock: Array) -> Array:
        """At the start of the year everybody moves out of the areas that no longer exist (out, in)."""
        given, model = year.given, self.expected.model
        base, start, moved = reference.cohorts(stock.reshape(model.start.shape), given, model)
        if not self.ways:
            self.room.start[:] = start.reshape(stock.shape)
            return np.stack(moved).reshape(2, *stock.shape)
        start, exists = aged(base).reshape(stock.shape), given.exists
        assert exists is not None
        moves: Any = np.zeros((2, *start.shape))
        moves[0, ~exists] = start[~exists]
        by_pool_or_matrix = self.done[1:3]
        self.send(self.city, self.ways[draw.year], self._turn(draw, 0), *by_pool_or_matrix, self.fates.FORMER, *moves)
        self.room.start[:] = start + moves[1] - moves[0]
        return np.asarray(moves)
