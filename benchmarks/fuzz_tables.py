"""Break table files at random and hold every reading to its ledger: ``fuzz_tables.py [N] [SHARED] [FIRST]``.

Each of the N files (20,000 if not said) is a fixture of the tests, an office's crosstab or, with the folder of the
published originals, the head of one of them, after one to four mutations. A file must be refused in German or read so
that every printed cell has exactly one fate and every number stands where the table says. Prints how many were read.
"""

from __future__ import annotations

import importlib.util
import random
import sys
import time
from pathlib import Path
from types import ModuleType

TESTS = Path(__file__).resolve().parents[1] / "tests"


def main() -> int:
    """Exit code 1 at the first violation, with the seed of the file."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    fuzz = _tests()
    files = list(_files(fuzz, Path(sys.argv[2]) if len(sys.argv) > 2 else None))
    first = int(sys.argv[3]) if len(sys.argv) > 3 else 0
    read, start = 0, time.perf_counter()
    for seed in range(first, first + count):
        rng = random.Random(seed)
        name, data = rng.choice(files)
        try:
            read += fuzz._survives(name, fuzz.mutated(data, rng, rng.randint(1, 4)))
        except Exception as error:
            print(f"Seed {seed}, {name}: {type(error).__name__}: {error}")
            return 1
        done = seed + 1 - first
        if done % 1000 == 0:
            print(
                f"{done:,}: {read:,} read, {done - read:,} refused, {time.perf_counter() - start:.0f} s",
                flush=True,
            )
    return 0


def _files(fuzz: ModuleType, shared: Path | None) -> list[tuple[str, bytes]]:
    """Small files are taken often, so that most of the time goes into mutations and not into opening workbooks."""
    files = [(path.name, path.read_bytes()) for path in fuzz.FIXTURES]
    files += [("tabelle.csv", fuzz.TIDY)]
    files += [("einwohner.csv", fuzz.office_text(*lines).encode("cp1252")) for lines in fuzz.OFFICE]
    for name in fuzz.REAL if shared else ():
        path = shared / "data" / name
        files.append((path.name, b"\n".join(path.read_bytes().split(b"\n")[:60])))
    return files


def _tests() -> ModuleType:
    sys.path.insert(0, str(TESTS))
    spec = importlib.util.spec_from_file_location("fuzz", TESTS / "tables" / "test_fuzz.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    sys.exit(main())
