"""Draws of areas that do not depend on each other: one area after the other, nothing kept but sums."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import ModuleType
from typing import TypeVar

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose.engine.arrays import Array
from zwkprognose.engine.draws.uncertainty import Uncertainty
from zwkprognose.engine.draws.whole import start_of
from zwkprognose.engine.grid import Grid
from zwkprognose.engine.model import Model

Reduced = TypeVar("Reduced")
#: Address of the streams of the city; no area has it.
CITY = np.uint64(0)
#: Results of a kept draw in the order of the kernels.
KEPT = ("population", "deaths", "in_moves", "out_moves", "naturalisations", "births")


@dataclass(frozen=True, eq=False)
class Job:
    """Everything that the draws of one projection share.

    ``pieces`` [age] numbers the parts of the age range that are summed; ``start`` [area, group, sex, age]
    are whole persons if events are drawn. The draws are those from number ``first`` on: what a draw has does not
    depend on how many others there are.
    """

    grid: Grid
    model: Model
    uncertainty: Uncertainty
    seed: int
    draws: int
    start: Array
    pieces: NDArray[np.int64]
    first: int = 0

    @property
    def areas(self) -> xr.DataArray:
        """Keys of the areas."""
        return self.grid.start["area"]

    @property
    def years(self) -> int:
        """Number of years."""
        return len(self.model.years)


def job_of(
    grid: Grid, model: Model, uncertainty: Uncertainty, seed: int, draws: int, pieces: NDArray[np.int64], first: int = 0
) -> Job:
    """Put a job together."""
    start = start_of(model, uncertainty.events)
    return Job(grid, model, uncertainty, seed, draws, start, pieces, first)


def kernels() -> ModuleType:
    """The compiled kernels, loaded when they are needed."""
    from zwkprognose.engine.draws import many_draws

    return many_draws


def address(area: object) -> np.uint64:
    """Address of an area's streams: 48 bits of a hash of its key, whatever other areas there are."""
    digest = hashlib.blake2b(str(area).encode("utf-8"), digest_size=6).digest()
    return np.uint64(int.from_bytes(digest, "big") | 1)


def factors(job: Job, stream: np.uint64, spread: Array, kind: str, first: int, last: int) -> Array:
    """Factors [draw, year, component] of the city or of an area alone for the draws from ``first`` to ``last``."""
    drawn, given, seed = np.empty((last - first, job.years, 4)), job.uncertainty, np.uint64(job.seed)
    levels = spread if spread.any() else None
    kernels().draw_factors(first, last, stream, seed, given.annual(kind), given.persistence, levels, drawn)
    return drawn


def common_factors(job: Job) -> Array:
    """Factors of the city [draw, year, component]."""
    return factors(job, CITY, np.zeros(4), "common", job.first, job.first + job.draws)


def city_factors(job: Job, first: int, last: int) -> Array:
    """Factors of all areas, the city's included [draw, year, area, component]; draws count from the job's first."""
    span = job.first + first, job.first + last
    own = [
        factors(job, address(area), spread, "own", *span)
        for area, spread in zip(job.areas.values, job.uncertainty.level_spread(job.areas), strict=True)
    ]
    return np.asarray(np.stack(own, axis=2) * factors(job, CITY, np.zeros(4), "common", *span)[:, :, None])


def area_factors(job: Job, i: int, common: Array) -> Array:
    """Factors of one area, the city's included [draw, year, component]."""
    spread = job.uncertainty.level_spread(job.areas[i : i + 1])[0]
    own = factors(job, address(job.areas.values[i]), spread, "own", job.first, job.first + job.draws)
    return np.asarray(own * common)


def draw_area(job: Job, i: int, common: Array, kept: tuple[Array, ...] | None = None) -> Array:
    """All draws of one area: persons [year, piece, draw], and the components into ``kept`` if that is given."""
    sums = np.zeros((job.years + 1, int(job.pieces.max()) + 1, job.draws))
    factors = area_factors(job, i, common)
    rates, fertility, births = _arrays(job.model, i)
    limits = np.stack([rates[k].max(axis=(1, 2, 3)) for k in (0, 1, 3)], axis=1)
    settings = (job.model.timing.mothers_start, job.model.female, job.model.citizens)
    kernels().run_area(
        address(job.areas.values[i]), np.uint64(job.seed), job.first, rates, limits, fertility, births,
        job.model.exposure, settings, factors, *_done(job), job.pieces, np.ascontiguousarray(job.start[i]), sums, kept,
    )  # fmt: skip
    return sums


def _done(job: Job) -> list[bool | None]:
    """Whole persons drawn, or expected; factors all one; some change group: what is not done is not compiled."""
    events, fixed = job.uncertainty.events, not job.uncertainty.rates
    return [True if said else None for said in (events, not events, fixed, job.model.rates.naturalisation is not None)]


def each_area(job: Job, threads: int, reduce: Callable[[Array], Reduced]) -> Iterator[tuple[int, Reduced]]:
    """What is kept of each area, in the order in which areas are added up; few areas at a time in memory."""
    common, order = common_factors(job), job.model.area_order.tolist()

    def work(i: int) -> Reduced:
        return reduce(draw_area(job, i, common))

    yield from in_turn(work, order, threads)


def in_turn(work: Callable[[int], Reduced], areas: Iterable[int], threads: int) -> Iterator[tuple[int, Reduced]]:
    """What is made of each area, in their order; threads are never far ahead, so that few results wait in memory."""
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[tuple[int, Future[Reduced]]] = deque()
        for i in areas:
            waiting.append((i, pool.submit(work, i)))
            if len(waiting) > threads:
                done, future = waiting.popleft()
                yield done, future.result()
        for done, future in waiting:
            yield done, future.result()


def keep_areas(job: Job, threads: int) -> dict[str, Array]:
    """Whole trajectories [draw, area, year, group, sex, age] by variable; births without age."""
    common = common_factors(job)
    areas, *cell = job.start.shape
    flows = {name: np.zeros((areas, job.draws, job.years + (name == "population"), *cell)) for name in KEPT[:-1]}
    if job.model.rates.naturalisation is None:
        del flows["naturalisations"]
    flows["births"] = np.zeros((areas, job.draws, job.years, *cell[:-1]))
    unused = np.zeros((0, 1, 1, 1, 1))

    def work(i: int) -> None:
        draw_area(job, i, common, tuple(flows[n][i] if n in flows else unused for n in KEPT))

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(work, range(areas)))
    return {name: np.moveaxis(values, 1, 0) for name, values in flows.items()}


def _arrays(model: Model, i: int) -> tuple[tuple[Array, ...], Array, Array]:
    """Rates of one area without gaps in memory: (year or one, group, sex, age) and what belongs to births."""
    rates, cell = model.rates, model.start.shape[1:]
    parts = [rates.death, rates.out, rates.in_moves]
    if rates.naturalisation is not None:
        parts.append(rates.naturalisation)
    years = max(len(p) for p in parts)
    parts = [np.broadcast_to(_of(p, i), (years, *cell)) for p in parts]
    if rates.naturalisation is None:
        parts.append(np.zeros((years, *cell[:-1], 1)))
    groups, sexes, ages = cell
    fertility, birth_group, birth_sex = (_of(r, i) for r in (rates.fertility, rates.birth_group, rates.birth_sex))
    births = birth_group[..., None] * birth_sex[:, None, None]
    return (
        tuple(_own(p) for p in parts),
        _own(np.broadcast_to(fertility, (len(fertility), groups, ages))),
        _own(np.broadcast_to(births, (len(births), groups, groups, sexes))),
    )


def _own(values: Array) -> Array:
    """The array as the kernels are compiled for: without gaps, writable."""
    return np.require(values, np.float64, ["C", "W"])


def _of(values: Array, i: int) -> Array:
    """The part of an array (year, area or one, …) that belongs to an area."""
    return np.asarray(values[:, min(i, values.shape[1] - 1)])
