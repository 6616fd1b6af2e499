"""How much faster is one checkout than another? Draws of a coupled city, in turn, within one run.

    python benchmarks/speed/beside.py OLD NEW [--areas 94] [--years 20] [--rounds 2] [--moves pool]
        [--only WORD …]

The invented busy city of ``bits.py`` is drawn by both checkouts through their public doors, with moves by pool or by
matrix: nothing else, dwellings and homes, Eckwerte of the city, of its areas and of age bands, Eckwerte of flows. The
cost of a draw is what more draws cost more; processor seconds on one thread, the least of all rounds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import xarray as xr

sys.path.insert(0, str(Path(__file__).parent))

from bits import START, as_taken, city, eckwerte, plan

#: Draws that are made first, and then, by kind.
FEW, MORE = 2, {"nur Raten": 18, "beides": 8}


def cases(areas: int, years: int, moves: str) -> dict[str, tuple[xr.Dataset, xr.Dataset, dict[str, Any]]]:
    """Stock, rates and what is planned, by name."""
    from zwkprognose import project
    from zwkprognose.engine import Eckwert

    stock, rates = city(areas, years, moves)
    given = plan(stock, years)
    free = project(stock, rates, until=START + years, **given)
    everybody = free["population"].isel(year_end=slice(1, None)).sum(["area", "nationality", "sex", "age"])
    ages, of_areas = eckwerte(free)
    goals = {
        "Eckwert der Stadt": [Eckwert("Stadt", 1.01 * everybody)],
        "Eckwerte der Gebiete": [of_areas],
        "Eckwerte der Gebiete und Alter": [of_areas, ages],
        "Eckwerte der Bewegungen": eckwerte(free, True),
    }
    planned: dict[str, dict[str, Any]] = {"Umzüge": {}, "Erstbezug und Heime": given}
    planned |= {name: given | {"eckwerte": asked} for name, asked in goals.items()}
    return {f"{name}, {moves}": (stock, rates, what) for name, what in planned.items()}


def times(areas: int, years: int, moves: list[str], only: list[str]) -> dict[str, list[float]]:
    """Seconds of few and of more draws of each case with the code that is imported here."""
    from zwkprognose.engine import Uncertainty, project_draws

    kinds = {"nur Raten": Uncertainty().without_events(), "beides": Uncertainty()}
    found = {}
    towns = {name: town for how in moves for name, town in cases(areas, years, how).items()}
    for name, (stock, rates, given) in towns.items():
        for kind, uncertainty in kinds.items():
            if all(word in f"{name}, {kind}" for word in only):
                options = {"until": START + years, "uncertainty": uncertainty, "threads": 1}
                draw = partial(project_draws, stock, rates, **options, **as_taken(project_draws, given))
                draw(draws=FEW)
                found[f"{name}, {kind}"] = [seconds(partial(draw, draws=count)) for count in (FEW, MORE[kind])]
    return found


def a_draw(name: str, least: dict[str, list[float]]) -> float:
    """Processor milliseconds of one draw more, from the least that few and more of them took."""
    few, more = least[name]
    return 1000 * (more - few) / (MORE[name.rsplit(", ", 1)[1]] - FEW)


def seconds(work: Callable[[], object]) -> float:
    """Processor seconds of one call."""
    begin = time.process_time()
    work()
    return time.process_time() - begin


def main() -> None:
    """Measure both in turn and print."""
    parser = argparse.ArgumentParser(description="Ziehungen zweier Stände nebeneinander messen.")
    parser.add_argument("checkouts", type=Path, nargs="+", help="zwei Ordner mit je einem Stand: der alte, der neue")
    parser.add_argument("--areas", type=int, default=94)
    parser.add_argument("--years", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--moves", nargs="*", default=["pool", "matrix"], choices=["pool", "matrix"])
    parser.add_argument("--only", nargs="*", default=[], help="nur Fälle, deren Name diese Wörter enthält")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.here:
        print(json.dumps(times(options.areas, options.years, options.moves, options.only)))
        return
    size = ["--areas", str(options.areas), "--years", str(options.years), "--moves", *options.moves]
    size += ["--only", *options.only]
    least: list[dict[str, list[float]]] = [{}, {}]
    for _ in range(options.rounds):
        for best, checkout in zip(least, options.checkouts, strict=True):
            run = subprocess.run(
                [sys.executable, __file__, str(checkout), "--here", *size], check=True, text=True,
                env=os.environ | {"PYTHONPATH": str(checkout.resolve())}, stdout=subprocess.PIPE,
            )  # fmt: skip
            for name, took in json.loads(run.stdout).items():
                best[name] = [min(pair) for pair in zip(took, best.get(name, took), strict=True)]
    for name in least[0]:
        old, new = (a_draw(name, found) for found in least)
        print(f"{name:58} {old:7.1f} {new:7.1f} ms je Ziehung: {old / new:.1f}-mal so schnell")


if __name__ == "__main__":
    main()
