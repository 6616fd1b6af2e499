"""One year of one draw of a city whose areas depend on each other: which kernels it needs, and their arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from zwkprognose.engine.arrays import Array, aged
from zwkprognose.engine.draws.plan import City, Year

#: Rounding below which a stock of real numbers counts as negative, and how that is reported.
ROUNDING, NEGATIVE = 1e-9, 5


class Draw(NamedTuple):
    """Number of a draw and of the year, factors (area, component), and whether components are kept."""

    number: int
    year: int
    factor: Array
    keep: bool


class Work:
    """Arrays that the kernels fill, draw after draw.

    Parameters
    ----------
    city : City
    streams : np.ndarray [area]
        Addresses of the areas' streams.
    seed : np.uint64
    events, flows_held : bool
        Are whole persons drawn; are there Eckwerte of flows?
    """

    def __init__(
        self, city: City, streams: NDArray[np.uint64], seed: np.uint64, events: bool, flows_held: bool
    ) -> None:
        from zwkprognose.engine.compiled.compiling import Kernel
        from zwkprognose.engine.draws import city as kernels
        from zwkprognose.engine.draws import fates, targets

        self.kernels, self.fates, self.targets = kernels, fates, targets
        self.grow, self.scale, self.arrive, self.send = (
            Kernel(p.py_func) for p in (kernels.grow, kernels.scale, kernels.arrive, fates.send)
        )
        self.city, self.streams, self.seed, self.events = city, streams, seed, events
        rows = city.groups * city.sexes
        self.parts = np.zeros((kernels.PARTS, city.areas, rows * city.ages))
        self.lift = np.ones((3, city.areas if flows_held else 0, rows * city.ages))
        self.births, self.birth_lift = np.zeros((city.areas, rows)), np.ones((city.areas, rows))
        self.moved: Array | None = None

    def advance(self, year: Year, draw: Draw, stock: Array) -> NDArray[np.int64]:
        """Replace ``stock`` (area, cell) by that of a year later; returns what is wrong, 0 first if nothing."""
        problem, parts, factor = np.zeros(4, dtype=np.int64), self.parts, np.ascontiguousarray(draw.factor)
        self.grow(self.city, year.plan, stock, parts)
        self.moved = self._leave_former(year, draw) if year.gone.any() else None
        self.lift[:], self.birth_lift[:] = 1.0, 1.0
        if len(year.margins) or not self.events:
            self.targets.expect(self.city, year, factor, parts, self.lift, self.births, self.birth_lift, stock, problem)
        else:
            self.scale(self.city, year.rates, year.limits, factor, self.lift, parts)
        if self.events and not problem[0]:
            self.fates.draw_year(self.city, year, draw.year, self.streams, draw.number, self.seed, draw.keep, factor,
                                 self.birth_lift, parts, self.births, stock)  # fmt: skip
        elif not problem[0] and not stock.min() >= -ROUNDING:
            problem[:] = NEGATIVE, 0, *np.argwhere(~(stock >= -ROUNDING))[0]
        return problem

    def components(self, year: Year) -> Array:
        """The components of the year (component, area, cell)."""
        names, ages = self.kernels, self.city.ages
        kept = self.parts[: names.SPECIAL + 1].copy()
        if self.moved is not None:
            kept[[names.MOVED_OUT, names.MOVED_IN]] += self.moved
        if self.city.living:
            before, after = (year.plan[part].reshape(-1, ages) for part in (names.BEFORE, names.AFTER))
            kept[names.SPECIAL] += (after - aged(before)).reshape(kept.shape[1:])
        return kept

    def _leave_former(self, year: Year, draw: Draw) -> Array:
        """At the start of the year everybody moves out of the areas that no longer exist."""
        start: Any = self.parts[self.kernels.J]
        moved = np.zeros((2, *start.shape))
        moved[0, year.gone] = start[year.gone]
        where = self.city, year.order, year.rates[self.kernels.SHARE], year.shares, year.column
        if self.events:
            self.send(*where, self.fates.FORMER, draw.year, self.streams, draw.number, self.seed, moved[0],
                            moved[1], 0, self.city.ages)  # fmt: skip
        else:
            self.arrive(*where, moved[0], moved[1], 0, self.city.ages)
        start += moved[1] - moved[0]
        return moved
