"""How long does everything take to be compiled? Checkouts in turn, each with an empty cache, within one run.

    python benchmarks/speed/cold.py OLD NEW [--rounds 1] [--only WORD …]

The invented busy city of ``bits.py`` is projected and drawn in all ways that need other kernels, one after the other in
one process: what a case takes is what nothing before it has compiled yet, and its own work, which is small. The last
but one is a process of its own, whose first work is a draw of a coupled city. Processor seconds of all threads.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from bits import START, as_taken, city, eckwerte, plan

AREAS, YEARS, DRAWS = 4, 4, 3
FIRST = "erste Ziehung einer verbundenen Stadt"


def cases() -> dict[str, Callable[[], Any]]:
    """Work that needs kernels, by name."""
    from zwkprognose import project
    from zwkprognose.engine import Uncertainty, project_draws

    until, found = START + YEARS, {}
    kinds = {"Raten": Uncertainty().without_events(), "Personen": Uncertainty.of_events(), "beides": Uncertainty()}

    def add(name: str, stock: Any, rates: Any, given: dict[str, Any], drawn: bool = True) -> None:
        found[name] = lambda: project(stock, rates, until=until, method="kernel", **given)
        for kind, uncertainty in kinds.items() if drawn else ():
            options = {"until": until, "draws": DRAWS, "uncertainty": uncertainty} | as_taken(project_draws, given)
            found[f"{name}, Ziehungen: {kind}"] = lambda options=options: project_draws(stock, rates, **options)

    add("Gebiete allein", *city(AREAS, YEARS), {})
    pool = city(AREAS, YEARS, "pool")
    add("Umzüge (Pool)", *pool, {}, drawn=False)
    for moves, (stock, rates) in {"Pool": pool, "Matrix": city(AREAS, YEARS, "matrix")}.items():
        given = plan(stock, YEARS)
        add(f"Neubau, Heime, {moves}", stock, rates, given)
        free = project(stock, rates, until=until, method="reference", **given)
        add(f"Eckwerte, {moves}", stock, rates, given | {"eckwerte": eckwerte(free)})
        add(f"Eckwerte der Bewegungen, {moves}", stock, rates, given | {"eckwerte": eckwerte(free, True)})
    found[FIRST] = lambda: project_draws(*pool, until=until, draws=DRAWS)
    return found


def seconds(only: list[str]) -> dict[str, float]:
    """Processor seconds of each case."""
    took = {}
    for name, work in cases().items():
        if all(word in name for word in only) and (name != FIRST or only):
            begin = time.process_time()
            work()
            took[name] = time.process_time() - begin
    return took


def of(checkout: Path, only: list[str]) -> dict[str, float]:
    """The same of a checkout, in a process with an empty cache."""
    with tempfile.TemporaryDirectory() as cache:
        environment = os.environ | {"PYTHONPATH": str(checkout.resolve()), "NUMBA_CACHE_DIR": cache}
        line = [sys.executable, __file__, str(checkout), "--here", "--only", *only]
        done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkouts", type=Path, nargs="+")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.here:
        print(json.dumps(seconds(asked.only)))
        return
    least: list[dict[str, float]] = [{} for _ in asked.checkouts]
    for _ in range(asked.rounds):
        for found, checkout in zip(least, asked.checkouts, strict=True):
            took = of(checkout, asked.only) | ({} if asked.only else of(checkout, [FIRST]))
            found.update({name: min(new, found.get(name, new)) for name, new in took.items()})
    for found in least:
        found["alles zusammen"] = sum(took for name, took in found.items() if name != FIRST)
    for name in least[0]:
        columns = [found[name] for found in least]
        ratio = f"{columns[-1] / columns[0]:8.2f}" if len(columns) > 1 else ""
        print(f"{name:55}" + "".join(f"{took:9.2f} s" for took in columns) + ratio)


if __name__ == "__main__":
    main()
