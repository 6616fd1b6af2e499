"""The way from a table to the folder of results, step by step, beside the kernel that it is all for.

    python benchmarks/speed/way.py [--areas 447 11000] [--years 10] [--json FILE]

An invented city (two 31.12., both sexes, groups of five years, sizes log-normal) is written as a tidy CSV and goes the
whole way: read, check, build, rates, project, write everything. Seconds are those of the processors, threads together,
and of the clock; ``x`` is how many times the kernel a step takes, both on the processors of the same run. Each size
runs in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

BASE, BACK = 2024, 5
STEPS = {
    "lesen": "read_table", "prüfen": "check", "aufbereiten": "build_inputs", "Raten": "estimate_rates",
    "fortschreiben": "project", "schreiben": "write_run",
}  # fmt: skip


def write_table(
    path: Path, areas: int, years: Iterable[int] = (BASE - BACK, BASE), open_age: int = 95, kind: str = "Gebiet"
) -> list[str]:
    """Stocks of an invented city by sex and five years of age; gives the keys of its areas."""
    luck = np.random.default_rng(1)
    lower = np.arange(0, open_age + 1, 5)
    shape = np.where(lower < 60, 1.0, np.exp(-(((lower - 60) / 18.0) ** 2)))
    expected = luck.lognormal(6.5, 1.0, areas)[:, None, None] * 0.5 * (shape / shape.sum()) * np.ones((2, 1))
    keys = [f"{k:05d}" for k in range(areas)]
    index = pd.MultiIndex.from_product(
        [keys, ["w", "m"], lower.tolist()], names=["gebiet", "geschlecht", "alter_von"]
    )
    parts = []
    for year in years:
        frame = pd.DataFrame({"anzahl": luck.poisson(expected).ravel()}, index).reset_index()
        parts.append(frame.assign(jahr=year))
    table = pd.concat(parts)
    table["name"] = f"{kind} " + table["gebiet"]
    table["alter_bis"] = (table["alter_von"] + 4).where(table["alter_von"] < open_age).astype("Int64")
    columns = ["jahr", "gebiet", "name", "geschlecht", "alter_von", "alter_bis", "anzahl"]
    table[columns].to_csv(path, sep=";", index=False)
    return keys


def way(areas: int, years: int) -> list[dict[str, Any]]:
    """Seconds of every step."""
    from zwkprognose import build_inputs, check, estimate_rates, project, read_table
    from zwkprognose.engine.assemble import Plan
    from zwkprognose.engine.case.base import Base, stock_of
    from zwkprognose.engine.compiled import compute
    from zwkprognose.engine.grid import grid_of
    from zwkprognose.engine.model import allocate, of_scenario
    from zwkprognose.output import write_run

    rows: list[dict[str, Any]] = []

    def timed(name: str, work: Callable[[], Any]) -> Any:
        wall, processor = time.perf_counter(), time.process_time()
        found = work()
        rows.append(
            {"case": name, "areas": areas, "seconds": time.perf_counter() - wall,
             "processor": time.process_time() - processor,
             "peak_GB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6}
        )  # fmt: skip
        return found

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bestand.csv"
        write_table(file, areas)
        table = timed("lesen", lambda: read_table(file))
        findings = timed("prüfen", lambda: check(table))
        inputs = timed("aufbereiten", lambda: build_inputs(table))
        rates = timed("Raten", lambda: estimate_rates(inputs))
        model = Base(inputs, rates, grid_of(stock_of(inputs), BASE + years), Plan()).model()
        compute.run(model, of_scenario(allocate([model]), 0), "kernel")  # compiled, or found
        flows = of_scenario(allocate([model]), 0)
        timed("Kern", partial(compute.run, model, flows, "kernel"))
        del model, flows
        projection = timed("fortschreiben", lambda: project(inputs, rates, until=BASE + years, method="kernel"))
        given = {"projection": projection, "inputs": inputs, "rates": rates, "findings": findings}
        timed("schreiben", lambda: write_run(Path(folder) / "ergebnisse", document="", **given))
    kernel = next(row["processor"] for row in rows if row["case"] == "Kern")
    return [row | {"ratio_mapped": row["processor"] / kernel} for row in rows]


def rows_of(areas: int, years: int) -> list[dict[str, Any]]:
    """The way in a process of its own."""
    line = [sys.executable, __file__, "--one", str(areas), "--years", str(years)]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: list[dict[str, Any]] = json.loads(done.stdout.splitlines()[-1])
    return found


def shown(rows: list[dict[str, Any]]) -> str:
    """The rows for reading."""
    lines = [f"{'Schritt':16}{'Gebiete':>8}{'Prozessor':>11}{'Uhr':>9}{'x Kern':>9}{'Spitze':>9}"]
    for row in rows:
        lines.append(
            f"{row['case']:16}{row['areas']:8}{row['processor']:9.2f} s{row['seconds']:7.1f} s"
            f"{row['ratio_mapped']:9.1f}{row['peak_GB']:6.2f} GB"
        )
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, nargs="+", default=[447, 11_000])
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--one", type=int)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(way(asked.one, asked.years)))
        return
    rows = [row for areas in asked.areas for row in rows_of(areas, asked.years)]
    print(shown(rows))
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    main()
