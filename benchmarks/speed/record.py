"""Keep a record of a run of the benchmarks, and compare two records.

    python benchmarks/speed/record.py take FILE [--kernel] [--way] [--germany SHARE] [--first]
    python benchmarks/speed/record.py compare OLD NEW
    python benchmarks/speed/record.py page FILE > table

A record is JSON: the machine (processor, number, versions, load, the roof of this run: bytes a second that filling
memory reaches), and rows with ``case``, ``areas``, ``threads`` and numbers. Ratios (``ratio_…``) compare times of one
run, so they can be compared across machines; seconds only between records of the same processor. A ratio that grew by
more than a quarter is marked, and the exit status is 1.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

HERE = Path(__file__).parent
Record = dict[str, Any]
#: Growth of a ratio from which it is marked: runs of the same code differ by less.
MARKED = 1.25
PACKAGES = ("numpy", "numba", "xarray", "pandas", "dask")
FIRST = (
    "import sys, time; sys.path[:0] = [{tests!r}]; from support.cities import City, rates_of, stock_of, with_moves; "
    "from zwkprognose.engine import project_draws; town = City(3, 2, 90, 1); rates = rates_of(town); "
    "rates = with_moves(rates, town, 'pool') if {coupled} else rates; begin = time.process_time(); "
    "project_draws(stock_of(town, 1.0), rates, until=2022, draws=4, threads=1); print(time.process_time() - begin)"
)


def machine() -> Record:
    """Where a record comes from, and how fast it was just then."""
    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "processor": _processor(), "processors": os.cpu_count(), "system": platform.platform(),
        "python": platform.python_version(), **{name: version(name) for name in PACKAGES},
        "commit": _commit(), "load": os.getloadavg()[0], "roof_GBps": roof(), "python_loop_s": loop(),
    }  # fmt: skip


def roof(size: int = 40_000_000, rounds: int = 5) -> float:
    """Bytes a second (in GB) that one thread fills, best of several."""
    values = np.ones(size)
    return 8e-9 * size / min(_seconds(lambda: values.fill(2.0)) for _ in range(rounds))


def loop(rounds: int = 5) -> float:
    """Seconds of the processor for ten million turns of a loop of Python, best of several: the speed of a compiler."""

    def turn() -> None:
        total = 0
        for k in range(10_000_000):
            total += k

    return min(_seconds(turn, time.process_time) for _ in range(rounds))


def first_draws() -> list[Record]:
    """Seconds of the processor until the first draw is there: nothing compiled yet, then everything found."""
    rows = []
    pace = loop()
    for coupled in (False, True):
        code = FIRST.format(tests=str(HERE.parents[1] / "tests"), coupled=coupled)
        with tempfile.TemporaryDirectory() as cache:
            environment = os.environ | {"NUMBA_CACHE_DIR": cache}
            first, later = (float(_output([sys.executable, "-c", code], environment)) for _ in range(2))
        kind = "einer Stadt, die zusammenhängt" if coupled else "von Gebieten für sich"
        rows.append({"case": f"erste Ziehung {kind}", "processor": first, "again": later, "ratio_loop": first / pace})
    return rows


def take(asked: argparse.Namespace) -> None:
    """Run what is asked for and write it down."""
    found: Record = {"machine": machine(), "rows": []}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "rows.json"
        for wanted, line in (
            (asked.kernel, ["run.py", "--areas", "94", "2000"]),
            (asked.way, ["way.py"]),
        ):
            if wanted:
                _output([sys.executable, str(HERE / line[0]), *line[1:], "--json", str(file)], dict(os.environ))
                found["rows"] += json.loads(file.read_text(encoding="utf-8"))
        if asked.germany:
            line = [str(HERE / "germany.py"), "--share", str(asked.germany), "--json", str(file)]
            _output([sys.executable, *line], dict(os.environ))
            told = json.loads(file.read_text(encoding="utf-8"))
            rows = [{"case": f"Deutschland: {k}", "areas": told["areas"], **v} for k, v in told.items() if _is_row(v)]
            found["rows"] += rows
    if asked.first:
        found["rows"] += first_draws()
    asked.file.write_text(json.dumps(found, indent=1, ensure_ascii=False), encoding="utf-8")
    print(page(found))


def compare(old: Record, new: Record) -> tuple[str, bool]:
    """Ratios of two records side by side, and whether one grew; seconds too if the processor is the same."""
    same = old["machine"]["processor"] == new["machine"]["processor"]
    before = {_key(row): row for row in old["rows"]}
    lines, grew = [f"{'Fall':58}{'Größe':>16}{'alt':>10}{'neu':>10}{'neu/alt':>9}"], False
    for row in new["rows"]:
        earlier = before.get(_key(row), {})
        for name in sorted(row):
            if name not in earlier or not _compared(name, same) or not earlier[name]:
                continue
            change = row[name] / earlier[name]
            marked = name.startswith("ratio") and change > MARKED
            grew = grew or marked
            lines.append(
                f"{_called(row):58}{name:>16}{earlier[name]:10.3g}{row[name]:10.3g}{change:9.2f}{' !' * marked}"
            )
    if not same:
        lines.append("Verschiedene Prozessoren: Sekunden sind nicht vergleichbar, nur Verhältnisse.")
    return "\n".join(lines), grew


def page(record: Record) -> str:
    """A record as a table for the documentation."""
    here = record["machine"]
    lines = [
        f"Gemessen am {here['date'][:10]}: {here['processor']}, {here['processors']} Prozessoren, Python "
        f"{here['python']}, NumPy {here['numpy']}, numba {here['numba']}; Last {here['load']:.1f}; ein Thread füllt "
        f"{here['roof_GBps']:.1f} GB/s.",
        "",
        "| Fall | Gebiete | Threads | Prozessor | Uhr | Verhältnis | Spitze |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for row in record["rows"]:
        ratio = next((row[name] for name in sorted(row) if name.startswith("ratio")), None)
        known = (row.get(name) for name in ("areas", "threads", "processor", "seconds"))
        cells = [*known, ratio, row.get("peak_GB")]
        shown = ["" if cell is None else f"{cell:.3g}" if isinstance(cell, float) else str(cell) for cell in cells]
        lines.append("| " + " | ".join([row["case"], *shown]) + " |")
    return "\n".join(lines)


def _compared(name: str, same: bool) -> bool:
    return name.startswith("ratio") or (same and name in ("seconds", "processor", "peak_GB", "microseconds"))


def _key(row: Record) -> tuple[Any, ...]:
    return row["case"], row.get("areas"), row.get("threads")


def _called(row: Record) -> str:
    return ", ".join(str(part) for part in _key(row) if part is not None)


def _is_row(value: Any) -> bool:
    return isinstance(value, dict) and "seconds" in value


def _seconds(work: Any, clock: Any = time.perf_counter) -> float:
    begin = clock()
    work()
    return float(clock() - begin)


def _processor() -> str:
    try:
        text = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        return next(line.split(":", 1)[1].strip() for line in text.splitlines() if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def _commit() -> str:
    line = ["git", "-C", str(HERE), "rev-parse", "--short", "HEAD"]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _output(line: list[str], environment: dict[str, str]) -> str:
    done = subprocess.run(line, env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    return done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    taking = commands.add_parser("take", help="messen und aufschreiben")
    taking.add_argument("file", type=Path)
    for name in ("kernel", "way", "first"):
        taking.add_argument(f"--{name}", action="store_true")
    taking.add_argument("--germany", type=float, metavar="SHARE")
    comparing = commands.add_parser("compare", help="zwei Aufzeichnungen vergleichen")
    comparing.add_argument("old", type=Path)
    comparing.add_argument("new", type=Path)
    showing = commands.add_parser("page", help="als Tabelle für die Dokumentation")
    showing.add_argument("file", type=Path)
    asked = parser.parse_args()
    if asked.command == "take":
        take(asked)
        return 0
    if asked.command == "page":
        print(page(json.loads(asked.file.read_text(encoding="utf-8"))))
        return 0
    text, grew = compare(*(json.loads(file.read_text(encoding="utf-8")) for file in (asked.old, asked.new)))
    print(text)
    return int(grew)


if __name__ == "__main__":
    sys.exit(main())
