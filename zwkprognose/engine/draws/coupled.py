"""Draws of a city whose areas depend on each other: some draws at a time, all areas together, year by year."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np

from zwkprognose.engine.arrays import Array
from zwkprognose.engine.compiled.expected_year import Expected
from zwkprognose.engine.draws.areas import Job, Reduced, address, city_factors, in_turn
from zwkprognose.engine.draws.plan import ways_of
from zwkprognose.engine.draws.problems import check_size, negative_in, problem_of, refused_in
from zwkprognose.engine.draws.repeated import each_draw
from zwkprognose.engine.draws.whole import whole_special
from zwkprognose.engine.draws.work import Draw, Work
from zwkprognose.engine.who_can import can
from zwkprognose.errors import EngineError

#: Draws that a thread works on together.
TOGETHER = 8
#: Components in the order of the kernels.
FLOWS = (
    "deaths", "in_moves", "out_moves", "naturalisations", "moves_in", "moves_out", "erstbezug", "sondergruppe",
)  # fmt: skip


class Drawn(NamedTuple):
    """A year of some draws: the stock at its end (draw, area, cell) and its sums (draw, area, piece), and if kept flows
    and births (draw, …)."""

    draws: slice
    year: int
    stock: Array
    sums: Array
    flows: Array
    births: Array


def each_area_coupled(job: Job, threads: int, reduce: Callable[[Array], Reduced]) -> Iterator[tuple[int, Reduced]]:
    """What is kept of the sums [year, piece, draw] of every area, in the order in which areas are added up.

    Until all draws are done the sums are kept in single precision, which holds whole persons exactly.
    """
    areas, starts = len(job.start), np.flatnonzero(np.diff(job.pieces, prepend=-1))
    check_size(job, 4 * areas * job.years * len(starts))
    sums = np.empty((areas, job.years, len(starts), job.draws), dtype=np.float32)

    def keep(drawn: Drawn) -> None:
        sums[:, drawn.year - 1, :, drawn.draws] = np.moveaxis(drawn.sums, 0, -1)

    if can("coupled_draws", job.model):
        _run(job, threads, keep, flows=False)
    else:
        for d, flows in each_draw(job):
            sums[..., d] = np.add.reduceat(flows["population"][:, 1:].sum(axis=(2, 3)), starts, axis=-1)
    start = np.add.reduceat(job.start.sum(axis=(1, 2)), starts, axis=-1)

    def reduced(i: int) -> Reduced:
        whole = np.empty((job.years + 1, *sums.shape[2:]))
        whole[0], whole[1:] = start[i][:, None], sums[i]
        return reduce(whole)

    yield from in_turn(reduced, job.model.area_order.tolist(), 1)


def keep_city(job: Job, threads: int) -> dict[str, Array]:
    """Whole trajectories [draw, area, year, group, sex, age] by variable; births without age."""
    areas, *cell = job.start.shape
    kept = {name: np.empty((job.draws, job.years, areas, *cell)) for name in job.model.components}
    kept["population"] = np.empty((job.draws, job.years + 1, areas, *cell))
    kept["births"] = np.empty((job.draws, job.years, areas, *cell[:-1]))
    kept["population"][:, 0] = job.start

    def keep(drawn: Drawn) -> None:
        here = drawn.draws, drawn.year - 1
        kept["population"][drawn.draws, drawn.year] = drawn.stock.reshape(-1, areas, *cell)
        kept["births"][here] = drawn.births.reshape(-1, areas, *cell[:-1])
        for name in job.model.components:
            kept[name][here] = drawn.flows[:, FLOWS.index(name)].reshape(-1, areas, *cell)

    _run(job, threads, keep, flows=True)
    return {name: np.moveaxis(values, 1, 2) for name, values in kept.items()}


def _run(job: Job, threads: int, keep: Callable[[Drawn], None], flows: bool) -> None:
    """All draws, shared between threads."""
    expected = expected_of(job)
    ways = ways_of(expected) if job.uncertainty.events else []
    streams = np.array([address(a) for a in job.areas.values], dtype=np.uint64)

    def work(first: int) -> None:
        factor = city_factors(job, first, min(first + TOGETHER, job.draws))
        room = Work(expected, ways, streams, np.uint64(job.seed), flows, len(factor))
        _some_draws(job, room, factor, first, keep, flows)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(0, job.draws, TOGETHER)))


def expected_of(job: Job) -> Expected:
    """The city and its years; facilities have whole persons if events are drawn."""
    facilities = job.model.facilities
    if facilities is None or not job.uncertainty.events:
        return Expected(job.model)
    return Expected(job.model, special_of=lambda t: whole_special(facilities, t))


def _some_draws(job: Job, arrays: Work, factor: Array, first: int, keep: Callable[[Drawn], None], flows: bool) -> None:
    """All years of the draws of the job from ``first`` on, whose factors are [draw, year, area, component]."""
    count, (areas, *cell) = len(factor), job.start.shape
    stock = np.repeat(job.start.reshape(1, areas, -1), count, axis=0)
    kept = np.empty((count if flows else 0, len(FLOWS), *stock.shape[1:]))
    births, piece = np.empty((len(kept), areas, *cell[:-1])), job.pieces.astype(np.uintp)
    sums = np.empty((count, areas, int(job.pieces.max()) + 1))
    for t, year in enumerate(arrays.expected.years):
        for d in range(0, count, arrays.together):
            some, number = slice(d, d + arrays.together), job.first + first + d
            try:
                problem = arrays.advance(Draw(number, t, _joined(factor[some, t])), _joined(stock[some]))
            except EngineError as error:
                raise refused_in(job, t, number, error) from error
            if problem[0]:
                raise problem_of(job, t, number, problem)
            if flows:
                kept[d], births[d] = arrays.components(year), arrays.room.births
        problem = arrays.room.count(_joined(stock), piece, _joined(sums))
        if problem[0]:
            raise negative_in(job, t, job.first + first + int(problem[1]), stock[problem[1]])
        keep(Drawn(slice(first, first + count), t + 1, stock, sums, kept, births))


def _joined(values: Array) -> Array:
    """Areas of some draws, one draw after the other."""
    return values.reshape(-1, values.shape[-1])
