"""Draws against plain NumPy and a plain C loop in the same run.

    python benchmarks/speed/draws.py [--json FILE] [--areas 100] [--draws 1000]

100 areas × 404 cells × 30 years × 1,000 draws. Rates: every area, year and draw has its own factor on deaths,
exits, in-moves and births. Events: binomial exits and deaths and Poisson in-moves and births in every cell.
NumPy works on all draws of an area at once; a few areas are measured and scaled to the job. The C loop (only if
``cc`` is there) does the rates of the job on one core. Memory: peak of this process.
A city whose areas depend on each other (pool, dwellings, an Eckwert for every cohort) is drawn some times, against the
engine projecting it once: processor seconds of each.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

sys.path.insert(0, str(Path(__file__).parent))

from cities import AGES, GROUPS, SEXES, YEARS, busy_city, city

from zwkprognose.engine.compiled import compute
from zwkprognose.engine.compiled.compute import usable_threads
from zwkprognose.engine.draws.areas import Job, common_factors, each_area
from zwkprognose.engine.draws.coupled import each_area_coupled
from zwkprognose.engine.draws.summary import bands_of, summarise
from zwkprognose.engine.draws.uncertainty import Uncertainty
from zwkprognose.engine.draws.whole import start_of
from zwkprognose.engine.model import allocate, of_scenario

NUMPY_AREAS = 2
COUPLED_DRAWS = 32
C_LOOP = """
void project(long draws, long years, long cells, long ages, const double *start, const double *q, const double *e,
             const double *m, const double *f, double *work, double *sums) {
  for (long d = 0; d < draws; d++) {
    double *P = work, *N = work + cells;
    for (long c = 0; c < cells; c++) P[c] = start[c];
    for (long t = 0; t < years; t++) {
      const double *k = f + 4 * (d * years + t);
      double total = 0;
      for (long r = 0; r < cells; r += ages) {
        for (long x = 1; x < ages; x++) {
          double J = P[r + x - 1], X = J * e[r + x] * k[1], M = m[r + x] * k[2];
          N[r + x] = J - q[r + x] * k[0] * (J + 0.5 * (M - X)) - X + M;
        }
        N[r + ages - 1] += P[r + ages - 1] * (1 - e[r + ages - 1] * k[1]) * (1 - q[r + ages - 1] * k[0]);
        N[r] = 10 * k[3];
        for (long x = 0; x < ages; x++) total += N[r + x];
      }
      sums[d * years + t] += total;
      double *S = P; P = N; N = S;
    }
  }
}
"""


def job(areas: int, draws: int, uncertainty: Uncertainty) -> Job:
    """An invented city."""
    model = city(areas)
    start = start_of(model, uncertainty.events)
    labels = xr.DataArray([f"{k:05}" for k in range(areas)], dims="area")
    return Job(model, labels, uncertainty, 1, draws, start, bands_of(None, AGES).pieces)


def ours(task: Job, name: str) -> dict[str, float]:
    """Seconds of wall and processor for the draws alone, and with means, quantiles and the sum of the city."""
    bands, out = bands_of(None, AGES), {}

    def summary(drawn: np.ndarray) -> np.ndarray:
        values = bands.sums(drawn)
        summarise(values, (0.025, 0.1, 0.5, 0.9, 0.975), [])
        return values

    for what, reduce in (("draws", np.shape), ("all", summary)):
        wall, used = time.perf_counter(), time.process_time()
        total: Any = 0.0
        for _, values in each_area(task, usable_threads(), reduce):
            total = total + values if what == "all" else total
        out[f"{name}_{what}_seconds"] = time.perf_counter() - wall
        out[f"{name}_{what}_processor_seconds"] = time.process_time() - used
    return out


def coupled(areas: int, draws: int) -> dict[str, float]:
    """Processor seconds of one draw of a busy city, and of the engine projecting it once."""
    free = busy_city(areas)
    flows = of_scenario(allocate([free]), 0)
    compute.run(free, flows)
    model = busy_city(areas, flows["population"][:, 1:].sum(axis=0).reshape(YEARS, -1))
    compute.run(model, flows)
    out = {"engine_once_processor_seconds": seconds(lambda: compute.run(model, flows))}
    labels, pieces = xr.DataArray([f"{k:05}" for k in range(areas)], dims="area"), bands_of(None, AGES).pieces
    for name, given in (("rates", Uncertainty().without_events()), ("both", Uncertainty())):
        task = Job(model, labels, given, 1, draws, start_of(model, given.events), pieces)
        few = replace(task, draws=2)
        for each in (few, task):
            used = seconds(lambda each=each: list(each_area_coupled(each, usable_threads(), np.shape)))
        out[f"coupled_{name}_processor_seconds_per_draw"] = used / draws
    return out


def numpy_rates(task: Job, i: int, factors: np.ndarray) -> None:
    """All draws of one area at once, plain NumPy."""
    q, e, m, f = (np.broadcast_to(r[0, min(i, r.shape[1] - 1)], r.shape[2:]) for r in _rates(task))
    stock = np.broadcast_to(task.start[i], (task.draws, GROUPS, SEXES, AGES)).copy()
    for t in range(YEARS):
        k = factors[:, t, :, None, None, None]
        J = np.zeros_like(stock)
        J[..., 1:] = stock[..., :-1]
        J[..., -1] += stock[..., -1]
        gone, come = J * (e * k[:, 1]), m * k[:, 2]
        new = J - q * k[:, 0] * (J + 0.5 * (come - gone)) - gone + come
        new[..., 0] = ((f * k[:, 3, 0]) * (J[:, :, 0] + new[:, :, 0]) / 2).sum((1, 2))[:, None, None] / 4
        new.sum((1, 2))
        stock = new


def numpy_events(task: Job, i: int) -> None:
    """Whole persons with NumPy's generators."""
    rng = np.random.default_rng(1)
    q, e, m, f = (np.broadcast_to(r[0, min(i, r.shape[1] - 1)], r.shape[2:]) for r in _rates(task))
    stock = np.broadcast_to(task.start[i], (task.draws, GROUPS, SEXES, AGES)).astype(np.int64)
    for _ in range(YEARS):
        J = np.zeros_like(stock)
        J[..., 1:] = stock[..., :-1]
        J[..., -1] += stock[..., -1]
        gone, come = rng.binomial(J, e), rng.poisson(np.broadcast_to(m, J.shape))
        dead = rng.binomial(J - gone, q) + rng.binomial(come, q / 2)
        new = J - gone - dead + come
        new[..., 0] = rng.poisson((f * (J[:, :, 0] + new[:, :, 0]) / 2).sum((1, 2))[:, None, None] / 4, new.shape[:-1])
        new.sum((1, 2))
        stock = new


def _rates(task: Job) -> tuple[np.ndarray, ...]:
    r = task.model.rates
    return r.death, r.out, r.in_moves, r.fertility


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one round."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def c_loop(task: Job, factors: np.ndarray) -> float | None:
    """Seconds of the C loop on one core, or None without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        source, library = Path(folder, "loop.c"), Path(folder, "loop.so")
        source.write_text(C_LOOP, encoding="utf-8")
        subprocess.run(
            [compiler, "-O3", "-march=native", "-ffast-math", "-shared", "-fPIC", "-o", library, source], check=True
        )
        loop = ctypes.CDLL(str(library)).project
    cells = GROUPS * SEXES * AGES
    work, sums = np.empty(2 * cells), np.zeros(task.draws * YEARS)
    flat = [np.ascontiguousarray(np.broadcast_to(r[0], task.start.shape)) for r in _rates(task)[:3]]
    doubles = ctypes.POINTER(ctypes.c_double)

    def all_areas() -> None:
        for i in range(len(task.start)):
            arrays = [np.ascontiguousarray(task.start[i]), *(r[i] for r in flat), factors, work, sums]
            loop(*map(ctypes.c_long, (task.draws, YEARS, cells, AGES)), *(a.ctypes.data_as(doubles) for a in arrays))

    return seconds(all_areas)


def measure(areas: int, draws: int) -> dict[str, Any]:
    """All times of one run."""
    layers = {"rates": Uncertainty().without_events(), "events": Uncertainty.of_events(), "both": Uncertainty()}
    for uncertainty in layers.values():
        ours(job(2, 4, uncertainty), "compile")
    out: dict[str, Any] = {"areas": areas, "draws": draws, "years": YEARS, "threads": usable_threads()}
    for name, uncertainty in layers.items():
        out |= ours(job(areas, draws, uncertainty), name)
    task = job(areas, draws, layers["rates"])
    factors = common_factors(task)
    scale, few = areas / NUMPY_AREAS, range(NUMPY_AREAS)
    out["numpy_rates_seconds"] = scale * seconds(lambda: [numpy_rates(task, i, factors) for i in few])
    events = job(areas, draws, layers["events"])
    out["numpy_events_seconds"] = scale * seconds(lambda: [numpy_events(events, i) for i in few])
    out["c_rates_seconds"] = c_loop(task, factors)
    out |= coupled(areas, COUPLED_DRAWS)
    out["rates_to_numpy"] = out["numpy_rates_seconds"] / out["rates_draws_seconds"]
    out["events_to_numpy"] = out["numpy_events_seconds"] / out["events_draws_seconds"]
    out["rates_to_numpy_per_processor"] = out["numpy_rates_seconds"] / out["rates_draws_processor_seconds"]
    out["events_to_numpy_per_processor"] = out["numpy_events_seconds"] / out["events_draws_processor_seconds"]
    out["peak_megabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return out


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Ziehungen gegen NumPy und C messen.")
    parser.add_argument("--json", type=Path)
    parser.add_argument("--areas", type=int, default=100)
    parser.add_argument("--draws", type=int, default=1000)
    options = parser.parse_args()
    result = measure(options.areas, options.draws)
    for name, value in result.items():
        print(f"{name:34} {value:.2f}" if isinstance(value, float) else f"{name:34} {value}")
    if options.json:
        options.json.write_text(json.dumps(result, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main()
