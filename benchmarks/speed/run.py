"""Measure the engine against the memory it has to fill, all in one run.

    python benchmarks/speed/run.py [--json FILE] [--areas 94 2000 11000]

Every ratio compares two times of the same run, taken in turn: the engine, and filling arrays of the size of its result
with ones, with the same number of threads, into memory that is mapped already and into fresh memory. The speed of that
filling (``roof_GBps``) is the roof under which the engine works (``kernel_GBps``): no loop that writes its result
can be faster. Seconds are those of the processors, threads together, so that ratios hold on a busy machine too. Best of
several. The largest city needs about 5 GB; with everything on it has 7,000 areas at most, to stay at that.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).parent))

from cities import CELL, YEARS, busy_city, city, labelled_city, matrix_city

from zwkprognose import project
from zwkprognose.engine.arrays import Flows
from zwkprognose.engine.compiled import compute
from zwkprognose.engine.model import Model, allocate, of_scenario

Row = dict[str, Any]
ROUNDS = 5
MOST_BUSY = 7000


def best(*works: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """Seconds of the processors that each takes: the fastest of several rounds in which they take turns."""
    times: list[list[float]] = [[] for _ in works]
    for _ in range(rounds):
        for took, work in zip(times, works, strict=True):
            begin = time.process_time()
            work()
            took.append(time.process_time() - begin)
    return [min(took) for took in times]


def fresh_result(model: Model) -> Flows:
    return of_scenario(allocate([model]), 0)


def fill(flows: Flows, threads: int) -> None:
    """All cells of a result set to one, the areas shared between threads."""
    areas = len(flows["deaths"])
    edges = np.linspace(0, areas, threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        parts = [pool.submit(v[a:b].fill, 1.0) for a, b in pairwise(edges) for v in flows.values()]
        for part in parts:
            part.result()


def against_memory(name: str, model: Model, threads: int, bar: float, rounds: int = ROUNDS) -> Row:
    """Kernel and fill, into mapped and into fresh memory."""

    def kernel(flows: Flows) -> None:
        compute.run(model, flows, "kernel", threads)

    mapped, size = _into_mapped(model, kernel, threads, rounds)
    fresh = best(lambda: kernel(fresh_result(model)), lambda: fill(fresh_result(model), threads), rounds=rounds)
    return {
        "case": name, "areas": len(model.start), "threads": threads, "result_MB": size / 1e6,
        "seconds": mapped[0], "fill": mapped[1], "ratio_mapped": mapped[0] / mapped[1],
        "kernel_GBps": size / mapped[0] / 1e9, "roof_GBps": size / mapped[1] / 1e9,
        "seconds_fresh": fresh[0], "fill_fresh": fresh[1], "ratio_fresh": fresh[0] / fresh[1], "bar": bar,
    }  # fmt: skip


def _into_mapped(model: Model, kernel: Callable[[Flows], None], threads: int, rounds: int) -> tuple[list[float], int]:
    """Seconds of kernel and fill in memory that is mapped already, and its size."""
    flows = fresh_result(model)
    kernel(flows)
    seconds = best(lambda: kernel(flows), lambda: fill(flows, threads), rounds=rounds)
    return seconds, sum(v.nbytes for v in flows.values())


def deterministic(sizes: list[int]) -> list[Row]:
    return [
        against_memory("alle Komponenten", city(areas), threads, 1.5, 3 if areas > 5000 else ROUNDS)
        for areas in sizes
        for threads in (1, 2)
    ]


def everything_on(sizes: list[int]) -> list[Row]:
    """Pool; Erstbezug too; and an Eckwert for every cohort: one per cent above what would come without."""
    rows = []
    for areas in (min(size, MOST_BUSY) for size in sizes):
        free = busy_city(areas)
        flows = fresh_result(free)
        compute.run(free, flows, "kernel", 2)
        target = 1.01 * flows["population"][:, 1:].sum(axis=0)
        del flows
        models = {"Pool": replace(free, housing=None), "Pool, Erstbezug": free,
                  "Pool, Erstbezug, Eckwert": busy_city(areas, target)}  # fmt: skip
        for name, model in models.items():
            for threads in (1, 2):
                rows.append(against_memory(name, model, threads, 4, 3 if areas > 5000 else ROUNDS))
    return rows


def matrix(areas: int = 100) -> list[Row]:
    """Origin–destination matrix against reading it once a year."""
    model = matrix_city(areas)
    shares = model.rates.destination
    assert shares is not None
    flows, rows = fresh_result(model), []
    for threads in (1, 2):
        seconds, read = best(
            lambda threads=threads: compute.run(model, flows, "kernel", threads),  # type: ignore[misc]
            lambda threads=threads: read_all(shares.reshape(YEARS, -1), threads),  # type: ignore[misc]
        )
        rows.append(
            {"case": f"Matrix {areas} × {areas}", "areas": areas, "threads": threads,
             "result_MB": shares.nbytes / 1e6, "seconds": seconds, "fill": read, "ratio_mapped": seconds / read,
             "bar": 2}
        )  # fmt: skip
    return rows


def read_all(values: np.ndarray, threads: int) -> None:
    """Read every number once."""
    edges = np.linspace(0, values.shape[1], threads + 1).astype(int).tolist()
    with ThreadPoolExecutor(threads) as pool:
        parts = [pool.submit(np.sum, year[a:b]) for year in values for a, b in pairwise(edges)]
        for part in parts:
            part.result()


def beside_numpy(areas: int = 94) -> Row:
    """The readable reference on the same city."""
    model = city(areas)
    flows = fresh_result(model)
    reference, kernel = best(
        lambda: compute.run(model, flows, "reference"), lambda: compute.run(model, flows, "kernel", 1)
    )
    return {"case": "NumPy-Referenz : Kern (1 Thread)", "areas": areas, "seconds": reference, "fill": kernel,
            "ratio_mapped": reference / kernel}  # fmt: skip


def roof(megabytes: int = 400) -> Row:
    """What the machine can do: seconds of one thread for filling memory, and for copying as much."""
    into, source = np.ones((2, megabytes * 125_000))
    filling, copying = best(lambda: into.fill(2.0), lambda: np.copyto(into, source))
    return {"case": "Speicher füllen, kopieren [s]", "threads": 1, "result_MB": into.nbytes / 1e6, "seconds": copying,
            "fill": filling, "kernel_GBps": into.nbytes / copying / 1e9,
            "roof_GBps": into.nbytes / filling / 1e9}  # fmt: skip


def whole_city(areas: int = 31) -> Row:
    """A city through the public door, with all checks, without a compiler; other programs need 0.6 to 60 s."""
    stock, rates = labelled_city(areas)
    (seconds,) = best(lambda: project(stock, rates, until=2020 + YEARS))
    return {"case": "project() einer Stadt im Ganzen", "areas": areas, "seconds": seconds}


LOAD = (
    "import time; import numba, zwkprognose.engine; b = time.process_time(); "
    "from zwkprognose.engine.compiled import areas, city, compiling; "
    "kernels = [f for m in (areas, city) for f in vars(m).values() if isinstance(f, compiling.Kernel)]; "
    "[f.ready() for f in kernels]; print(time.process_time() - b)"
)
CITY = (
    "import sys; sys.path.insert(0, {here!r}); from cities import {name}; "
    "from zwkprognose.engine.compiled import compute; from zwkprognose.engine.model import allocate, of_scenario; "
    "compute.run({name}(2), of_scenario(allocate([{name}(2)]), 0), 'kernel', 2); model = {name}({areas}); "
    "kib = lambda key: int(open('/proc/self/status').read().split(key)[1].split()[0]); "
    "before = kib('VmRSS:'); flows = of_scenario(allocate([model]), 0); "
    "compute.run(model, flows, 'kernel', 2); size = sum(v.nbytes for v in flows.values()); "
    "print((kib('VmHWM:') - before) * 1024 / size)"
)


def compiling() -> Row:
    """First start of the kernels with an empty cache, and the next one, apart from what every projection loads."""
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"NUMBA_CACHE_DIR": cache}
        first, later = (float(_python(LOAD, environment)) for _ in range(2))
    return {"case": "Kern laden: zum ersten Mal, danach [s]", "seconds": first, "fill": later, "bar": 10}


def memory(name: str, areas: int = 2000) -> Row:
    """Peak memory above rates and program, relative to the result."""
    here = str(Path(__file__).parent)
    ratio = float(_python(CITY.format(here=here, name=name, areas=areas), dict(os.environ)))
    return {"case": f"Spitze des Speichers : Ergebnis ({name})", "areas": areas, "ratio_mapped": ratio, "bar": 1.1}


def _python(code: str, environment: dict[str, str]) -> str:
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
    return done.stdout.strip().splitlines()[-1]


def table(rows: list[Row]) -> str:
    """The rows for reading."""
    columns = {"case": 40, "areas": 6, "threads": 7, "result_MB": 9, "seconds": 9, "fill": 9, "kernel_GBps": 11,
               "roof_GBps": 9, "ratio_mapped": 12, "ratio_fresh": 11, "bar": 5}  # fmt: skip
    lines = ["  ".join(name.rjust(width) for name, width in columns.items())]
    for row in rows:
        lines.append("  ".join(_shown(row.get(name)).rjust(width) for name, width in columns.items()))
    return "\n".join(lines)


def _shown(value: Any) -> str:
    return "" if value is None else f"{value:.3g}" if isinstance(value, float) else str(value)


def main() -> None:
    parser = argparse.ArgumentParser(description="Geschwindigkeit des Rechenkerns im Verhältnis zum Speicher")
    parser.add_argument("--json", type=Path, help="Ergebnis auch als JSON in diese Datei schreiben")
    parser.add_argument("--areas", type=int, nargs="+", default=[94, 2000, 11000], help="Zahl der Gebiete")
    options = parser.parse_args()
    rows = [
        roof(),
        compiling(),
        *deterministic(options.areas),
        *everything_on(options.areas),
        *matrix(),
        beside_numpy(),
        whole_city(),
    ]
    rows += [memory("city"), memory("busy_city")]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        f"{YEARS} Jahre × {np.prod(CELL)} Zellen, {os.cpu_count()} Prozessoren, Last {os.getloadavg()[0]:.1f}, "
        f"Spitze des Speichers {peak:.1f} GB"
    )
    print(table(rows))
    if options.json:
        options.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
