"""Arrays as the kernels take them, and threads that share them."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from itertools import pairwise

import numpy as np

from zwkprognose.engine.arrays import Array
from zwkprognose.engine.rates import Rates

#: Arrays that the kernels take in this order; what does not take place has one column.
RATES = (
    "death", "out", "out_moves", "in_moves", "naturalisation", "move_out", "move_in_share", "in_early", "out_early",
)  # fmt: skip
RESULTS = (
    "population", "deaths", "in_moves", "out_moves", "naturalisations", "moves_in", "moves_out", "erstbezug",
)  # fmt: skip
NOBODY = np.zeros((1, 1))
#: Numbers that a page of memory holds.
PAGE = 512
#: A table with the cells of an area in each row, and the steps between rows along years and areas.
Rows = tuple[Array, tuple[np.uintp, np.uintp]]
NOWHERE: Rows = NOBODY, (np.uintp(0), np.uintp(0))


def rows(values: Array | None, lead: str, cells: tuple[int, ...] = ()) -> Rows:
    """An array as the kernels take it: ``lead`` names its leading axes, y(ear) and i (area), the others are cells.

    Where the values are the same for several of the ``cells`` of an area they are written out, but leading axes
    of length one are not: their step is zero.
    """
    if values is None:
        return NOWHERE
    if cells and values.shape[len(lead) :] != cells:
        values = np.broadcast_to(values, (*values.shape[: len(lead)], *cells))
    values, lead = _as_it_lies(values, lead)
    values = np.require(values, np.float64, ["C", "W"])
    steps, step = {"y": 0, "i": 0}, 1
    for axis, length in reversed(list(zip(lead, values.shape, strict=False))):
        steps[axis] = step if length > 1 else 0
        step *= length
    return values.reshape(step, -1), (np.uintp(steps["y"]), np.uintp(steps["i"]))


def matrix_of(shares: Array, shape: tuple[int, ...]) -> tuple[Array, int]:
    """Shares (origin, destination, …) for cells of a shape, and for how many cells each of them stands.

    One: the shares of some cells, repeated until there are enough.
    """
    if shares.shape[-1] == 1 and shares.shape[2:4] in (shape[:2], (1, 1)):
        return shares, int(np.prod(shape)) // int(np.prod(shares.shape[2:]))
    if shares.shape[2:] in (shape, (1, *shape[1:]), (1, 1, shape[-1])):
        return shares, 1
    return np.broadcast_to(shares[..., : shape[-1]], (*shares.shape[:2], *shape)), 1


def scratch(count: int, cells: int) -> Array:
    """Tables of one row for a kernel to work in.

    They begin with a page: where they begin anywhere, areas alone took half as long again.
    """
    room = np.empty(count * cells + PAGE)
    first = -room.ctypes.data // 8 % PAGE
    return room[first : first + count * cells].reshape(count, 1, cells)


def _as_it_lies(values: Array, lead: str) -> tuple[Array, str]:
    """Two leading axes in the order in which they lie in memory."""
    if len(lead) == 2 and values.swapaxes(0, 1).flags.c_contiguous:
        return values.swapaxes(0, 1), lead[::-1]
    return values, lead


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

    @property
    def alone(self) -> Team:
        """The same without help from other threads."""
        return Team(self.pool, 1)

    def over_areas(self, work: Callable[[int, int], None], areas: int) -> None:
        """Call ``work(first, stop)`` for parts of the areas."""
        self._all(work, _parts(0, areas, self.threads))

    def over_cells(self, work: Callable[[int, int], None], cells: int) -> None:
        """Call ``work(a, b)`` for parts of the cells."""
        self._all(work, _parts(0, cells, self.threads))

    def _all(self, work: Callable[..., None], tasks: list[tuple[int, ...]]) -> None:
        """The first part in this thread, which saves waking another."""
        waiting = [self.pool.submit(work, *task) for task in tasks[1:]]
        for task in tasks[:1]:
            work(*task)
        for done in waiting:
            done.result()


@cache
def _parts(first: int, stop: int, count: int) -> list[tuple[int, ...]]:
    """Consecutive parts of a range."""
    edges = np.linspace(first, stop, min(count, stop - first) + 1).astype(int).tolist()
    return list(pairwise(edges))


def fertile_ages(rates: Rates) -> tuple[np.uintp, np.uintp]:
    """First age at which anybody bears children, and the one after the last."""
    ages = np.flatnonzero(rates.fertility.reshape(-1, rates.fertility.shape[-1]).any(axis=0))
    return (np.uintp(ages[0]), np.uintp(ages[-1] + 1)) if ages.size else (np.uintp(1), np.uintp(1))


def exposure_row(exposure: Array, cells: tuple[int, ...]) -> Array:
    """Share of the movers of each cell that is exposed to the deaths of the year."""
    return (np.ones(cells) * exposure[: cells[-1]]).reshape(1, -1)
