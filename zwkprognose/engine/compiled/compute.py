"""Choose who computes: the readable reference for small jobs, the compiled kernel for large ones.

Both give the same bits. The reference needs no compiler, so a city is projected at once even on a fresh
machine; the kernel pays when there are many areas, scenarios or draws.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any, Literal

from zwkprognose.engine import years
from zwkprognose.engine.arrays import Array, Flows
from zwkprognose.engine.compiled.city_year import CityYear
from zwkprognose.engine.compiled.held_years import HeldYears
from zwkprognose.engine.compiled.tables import (
    RESULTS,
    Team,
    birth_rows,
    exposure_row,
    fertile_ages,
    group_rows,
    rows,
    scratch,
)
from zwkprognose.engine.model import Model
from zwkprognose.engine.rates import Rates
from zwkprognose.engine.who_can import Writing, can
from zwkprognose.errors import EngineError

Method = Literal["auto", "reference", "kernel"]

#: The compiled writings of a projection.
KERNELS: tuple[Writing, ...] = ("areas", "city", "held")
#: Cells times years from which the kernel is worth its start (the reference needs about a second for them).
KERNEL_FROM = 30_000_000
#: How often the reference goes through a cell where areas depend on each other, and under Eckwerte.
COUPLED, CONTROLLED = 2, 10
#: Cells of a year, by matrix for each origin, below which a second thread is more trouble than help.
CELLS_PER_THREAD = 100_000
#: The same of all years together, where areas stand alone: a thread starts once, not every year.
CELLS_OF_ALL_YEARS = 1_000_000
#: Areas whose rates are written out at a time.
AREAS_AT_A_TIME = 256
#: Seconds of loading after which the compiler must be at work.
COMPILING_AFTER = 1.5

_log = logging.getLogger("zwkprognose.engine")


def run(model: Model, flows: Flows, method: Method = "auto", threads: int | None = None) -> None:
    """Project ``model`` into ``flows``; without the kernel into those that are there.

    Components of other scenarios, which do not take place in this one, are left as they are.
    """
    flows = {name: flows[name] for name in ("population", "births", *model.components) if name in flows}
    if by_kernel(model, method):
        run_kernel(model, flows, _threads(threads))
    else:
        _threads(threads)
        years.run(model, flows, years.Reference(model, flows))


def by_kernel(model: Model, method: Method = "auto") -> bool:
    """Is the compiled kernel asked for, or worth its start?"""
    if method not in ("auto", "reference", "kernel"):
        raise EngineError(
            f"Das Rechenverfahren „{method}“ gibt es nicht.", remedy="Möglich sind auto, reference und kernel."
        )
    turns = CONTROLLED if any(model.margins) else COUPLED if model.couples_areas else 1
    large = turns * model.start.size * len(model.years) >= KERNEL_FROM
    return (method == "kernel" or (method == "auto" and large)) and any(can(w, model) for w in KERNELS)


def _threads(wanted: int | None) -> int:
    if wanted is not None and (isinstance(wanted, bool) or not isinstance(wanted, int) or wanted < 1):
        said = wanted if type(wanted) is int else f"„{wanted}“"
        raise EngineError(f"Mit {said} Threads lässt sich nicht rechnen.", remedy="threads=1 oder mehr angeben.")
    return wanted or usable_threads()


def run_kernel(model: Model, flows: Flows, threads: int) -> None:
    """Project with the compiled kernels: area by area, or year by year where areas depend on each other."""
    if can("areas", model):
        kernel = areas_kernel()
        threads = min(threads, 1 + model.start.size * len(model.years) // CELLS_OF_ALL_YEARS)
        with ThreadPoolExecutor(threads) as pool:
            run_areas(model, flows, kernel, Team(pool, threads))
        return
    if not can("city", model):
        held_kernels()
        HeldYears(model, flows).run()
        return
    kernels, by_matrix = city_kernels(model), model.rates.destination is not None
    threads = min(threads, 1 + model.start.size * (len(model.start) if by_matrix else 1) // CELLS_PER_THREAD)
    with ThreadPoolExecutor(threads) as pool:
        years.run(model, flows, CityYear(model, flows, kernels, Team(pool, threads)))


def run_areas(model: Model, flows: Flows, advance_areas: Any, team: Team) -> None:
    """All years of one area after the other, the areas shared between threads.

    Rates that differ by area but not by all the cells of an area are written out for some areas at a time.
    """
    flows["population"][:, 0] = model.start
    if not any(_repeats(r, model) for r in _moving(model.rates)):
        arguments = _arguments(model, flows, slice(None))
        cells = model.start[0].size
        team.over_areas(lambda a, b: advance_areas(a, b, *arguments, scratch(7, cells)), len(model.start))
        return

    def some(first: int, stop: int) -> None:
        for begin in range(first, stop, AREAS_AT_A_TIME):
            end = min(begin + AREAS_AT_A_TIME, stop)
            advance_areas(0, end - begin, *_arguments(model, flows, slice(begin, end)), scratch(7, model.start[0].size))

    team.over_areas(some, len(model.start))


def _arguments(model: Model, flows: Flows, areas: slice) -> tuple[Any, ...]:
    """What the kernel needs of some of the areas."""
    cells, rates = model.start.shape[1:], model.rates.changed(lambda v: v[:, areas] if v.shape[1] > 1 else v)
    return (
        len(model.years),
        cells[-1],
        tuple(rows(r, "yi", cells) for r in _moving(rates)),
        birth_rows(rates, "yi"),
        fertile_ages(model.rates),
        exposure_row(model.exposure, cells),
        model.timing.mothers_start,
        model.female,
        model.citizens,
        tuple(rows(flows[name][areas] if name in flows else None, "iy") for name in RESULTS[:5]),
        group_rows(flows["births"][areas], "iy"),
    )


def _moving(rates: Rates) -> tuple[Array | None, ...]:
    return rates.death, rates.out, rates.out_moves, rates.in_moves, rates.naturalisation


def _repeats(rate: Array | None, model: Model) -> bool:
    """Is a rate that differs by area the same for several cells of an area?"""
    return rate is not None and rate.shape[1] > 1 and rate.shape[2:] != model.start.shape[1:]


def usable_threads() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def areas_kernel() -> Any:
    """The kernel for areas on their own, ready to run."""
    return _loaded("zwkprognose.engine.compiled.areas", ("advance_areas",)).advance_areas


def city_kernels(model: Model) -> ModuleType:
    """The kernels for areas that depend on each other, those that the model needs ready to run."""
    inside = model.rates.move_out is not None
    use = {
        "grow_areas": True,
        "put_newborn": True,
        "sum_movers": inside or model.housing is not None,
        "sum_asked": model.housing is not None,
        "match": inside and model.rates.destination is not None,
        "settle": True,
    }
    return _loaded("zwkprognose.engine.compiled.city", tuple(name for name, wanted in use.items() if wanted))


@cache
def held_kernels() -> None:
    """Have the kernels for Eckwerte of the stock translated."""
    with compiling():
        for module in ("expected", "dual"):
            import_module(f"zwkprognose.engine.compiled.{module}").ready()


@cache
def _loaded(module: str, kernels: tuple[str, ...]) -> ModuleType:
    """A module of kernels, with those that are needed ready to run."""
    with compiling():
        found = import_module(module)
        for name in kernels:
            getattr(found, name).ready()
    return found


@contextmanager
def compiling() -> Iterator[None]:
    """Kernels are loaded here; says so when they have to be compiled first, or cannot be kept."""
    try:
        with announced("Der Rechenkern wird einmalig übersetzt (einige Sekunden) …"):
            yield
    except RuntimeError as problem:
        if "cannot cache" not in str(problem):
            raise
        raise EngineError(
            "Der übersetzte Rechenkern lässt sich auf diesem Rechner nirgends ablegen.",
            remedy="Die Umgebungsvariable NUMBA_CACHE_DIR auf einen beschreibbaren Ordner setzen, "
            'oder mit method="reference" rechnen.',
        ) from problem


@contextmanager
def announced(message: str) -> Iterator[None]:
    """Log a message if the block is not done soon."""
    timer = threading.Timer(COMPILING_AFTER, _log.warning, (message,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
