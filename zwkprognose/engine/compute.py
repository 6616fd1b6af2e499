"""Choose who computes: the readable reference for small jobs, the compiled kernel for large ones.

Both give the same bits. The reference needs no compiler, so a city is projected at once even on a fresh
machine; the kernel pays when there are many areas, scenarios or draws.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import pairwise
from types import ModuleType
from typing import Literal

import numpy as np

from zwkprognose.engine import years
from zwkprognose.engine.model import Flows, Model
from zwkprognose.errors import EngineError

Method = Literal["auto", "reference", "kernel"]

#: Cells times years from which the kernel is worth its start (the reference needs about two seconds for them).
KERNEL_FROM = 30_000_000
#: Seconds of loading after which the compiler must be at work.
COMPILING_AFTER = 1.5

_log = logging.getLogger("zwkprognose.engine")


def run(model: Model, flows: Flows, method: Method = "auto", threads: int | None = None) -> None:
    """Project ``model`` into ``flows``."""
    if method not in ("auto", "reference", "kernel"):
        raise EngineError(f"Das Rechenverfahren „{method}“ gibt es nicht.", remedy="auto, reference oder kernel.")
    large = model.start.size * len(model.years) >= KERNEL_FROM
    if method == "kernel" or (method == "auto" and large):
        run_kernel(model, flows, threads)
    else:
        years.run(model, flows, years.Reference(model, flows))


def run_kernel(model: Model, flows: Flows, threads: int | None = None) -> None:
    """Project with the compiled kernels: area by area, or year by year where areas depend on each other."""
    if model.couples_areas or model.timing.by_completed_age:
        raise NotImplementedError
    run_areas(model, flows, threads)


def run_areas(model: Model, flows: Flows, threads: int | None = None) -> None:
    """All years of one area after the other, the areas shared between threads."""
    kernels = load_kernels()
    rates, none = model.rates, np.zeros((1, 1, 1, 1, 1))
    flows["population"][:, 0] = model.start
    arguments = (
        tuple(none if r is None else r for r in (
            rates.death, rates.out, rates.out_moves, rates.in_moves, rates.naturalisation)),
        rates.fertility, rates.birth_group, rates.birth_sex, model.exposure,
        model.timing.mothers_start, model.female, model.citizens,
        tuple(flows.get(name, none.copy()) for name in (
            "population", "deaths", "in_moves", "out_moves", "naturalisations")),
        flows["births"],
    )  # fmt: skip
    share(lambda first, stop: kernels.advance_areas(first, stop, *arguments), len(model.start), threads)


def share(work: Callable[[int, int], None], length: int, threads: int | None = None) -> None:
    """Call ``work(first, stop)`` for consecutive parts of ``range(length)``, one part for each thread."""
    count = max(1, min(length, threads or usable_threads()))
    edges = np.linspace(0, length, count + 1).astype(int).tolist()
    if count == 1:
        work(0, length)
        return
    with ThreadPoolExecutor(count) as pool:
        for part in [pool.submit(work, a, b) for a, b in pairwise(edges)]:
            part.result()


def usable_threads() -> int:
    """Processors that this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def load_kernels() -> ModuleType:
    """The compiled kernels; says so when they have to be compiled first."""
    with _announced("Der Rechenkern wird einmalig übersetzt (etwa zehn Sekunden) …"):
        from zwkprognose.engine import kernels
    return kernels


@contextmanager
def _announced(message: str) -> Iterator[None]:
    """Log a message if the block is not done soon."""
    timer = threading.Timer(COMPILING_AFTER, _log.warning, (message,))
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
