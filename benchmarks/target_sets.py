"""Try the solver of Eckwerte on random sets of targets: ``python benchmarks/target_sets.py [10000]``.

Consistent sets must be met to 1e-9; of others a linear program says whether they can be, and by how many persons they
are missed. Prints what is wrong, and the counts.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from support.targets import any_town, consistent, found, gaps, least_miss

from zwkprognose.errors import EngineError

MET, MISSED = 1e-9, 1e-6


def solved(seed: int) -> str:
    """What is wrong with the solution of a consistent set."""
    town = consistent(seed)
    try:
        gap = float(gaps(town, found(town)).max())
    except EngineError as error:
        return f"abgelehnt: {error}"
    return "" if gap < MET else f"um {gap:.1e} verfehlt"


def judged(seed: int) -> tuple[str, bool]:
    """What is wrong with the answer to any set, and whether it was refused."""
    town = any_town(seed)
    missed = least_miss(town)
    try:
        gap = float(gaps(town, found(town)).max())
    except EngineError as error:
        if missed < MISSED:
            return f"abgelehnt, obwohl möglich: {error}", True
        return ("" if error.cells else "ohne Zellen abgelehnt"), True
    if missed > MISSED:
        return f"gelöst, obwohl {missed:.3g} Personen fehlen", False
    return ("" if gap < MET else f"um {gap:.1e} verfehlt"), False


def main() -> None:
    parser = argparse.ArgumentParser(description="Zufällige Eckwerte")
    parser.add_argument("count", type=int, nargs="?", default=10_000)
    count, begin, wrong, refused = parser.parse_args().count, time.perf_counter(), 0, 0
    for seed in range(count):
        said, no = judged(seed)
        refused += no
        for kind, text in (("vereinbar", solved(seed)), ("beliebig", said)):
            if text:
                wrong += 1
                print(f"{kind} {seed}: {text}")
    seconds = time.perf_counter() - begin
    print(f"{count} vereinbare und {count} beliebige Vorgaben ({refused} abgelehnt): {wrong} falsch, {seconds:.0f} s")


if __name__ == "__main__":
    main()
