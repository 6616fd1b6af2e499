"""What it takes to write the folder of a run: seconds of processor time and memory, for as many areas as asked.

    python benchmarks/speed/folder.py [--areas 11000] [--years 5] [--stocks 3] [--out FOLDER]

An invented city (two nationalities, both sexes, single ages to 100; most cells small, as in small areas) is projected,
then all files of a run are written. With six stocks or more the ranges from past errors are calibrated too. What is
timed is the writing alone; the peak of memory is that of the whole process, the projection included. The script runs
with the code of any checkout on PYTHONPATH, so that two can be compared.
"""

from __future__ import annotations

import argparse
import inspect
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose import project
from zwkprognose.output import write_run
from zwkprognose.tables import Findings

BASE, AGES = 2024, 101
CELL = ("area", "nationality", "sex", "age")


def inputs_of(areas: int, stocks: int) -> xr.Dataset:
    """Counted stocks of some years: a thousand persons an area, some of them a handful."""
    luck = np.random.default_rng(1)
    size = luck.lognormal(6.5, 1.0, areas)
    age = np.arange(AGES)
    shape = np.where(age < 60, 1.0, np.exp(-(((age - 60) / 18.0) ** 2)))
    expected = size[:, None, None, None] * np.array([0.8, 0.2])[:, None, None] * 0.5 * (shape / shape.sum())
    counted = [luck.poisson(np.broadcast_to(expected, (areas, 2, 2, AGES))) for _ in range(stocks)]
    keys = [f"{k:05d}" for k in range(areas)]
    return xr.Dataset(
        {"population": (("year_end", *CELL), np.array(counted, dtype=float))},
        {
            "year_end": np.arange(BASE - stocks + 1, BASE + 1), "area": keys, "nationality": ["german", "foreign"],
            "sex": ["female", "male"], "age": age, "area_name": ("area", [f"Gebiet {key}" for key in keys]),
        },
    ).assign_attrs(title="Erfundene Stadt", findings="[]")  # fmt: skip


def rates_of(inputs: xr.Dataset) -> xr.Dataset:
    """Rates that differ by area."""
    labels = {name: inputs[name].values for name in CELL}
    luck = np.random.default_rng(2)
    age, shape = labels["age"], tuple(inputs.sizes[name] for name in CELL)
    dying = xr.DataArray(0.0005 + 0.4 / (1 + np.exp((95 - age) / 8)), {"age": age})
    fertile = xr.DataArray(0.09 * ((age >= 16) & (age < 46)), {"age": age})
    return xr.Dataset(
        {
            "death_prob": dying,
            "out_prob": (CELL, luck.uniform(0.0, 0.1, shape)),
            "in_moves": (CELL, luck.uniform(0.0, 0.2, shape)),
            "fertility_rate": fertile,
            "birth_group_share": (("nationality", "nationality_child"), [[1.0, 0.0], [0.4, 0.6]]),
        },
        labels | {"nationality_child": labels["nationality"]},
    )


def main() -> None:
    """Print what was written, how long it took and how much memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--areas", type=int, default=11_000)
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--stocks", type=int, default=3)
    parser.add_argument("--out", type=Path, default=None)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as rest:
        folder = asked.out or Path(rest) / "ergebnisse"
        inputs = inputs_of(asked.areas, asked.stocks)
        rates = rates_of(inputs)
        projection = project(inputs, rates, until=BASE + asked.years).assign_attrs(title="Erfundene Stadt")
        begin, wall = time.process_time(), time.perf_counter()
        made: dict[str, Any] = {"projection": projection, "inputs": inputs, "findings": Findings.of([])}
        if "rates" in inspect.signature(write_run).parameters:
            made["rates"] = rates
        write_run(folder, document="", force=True, **made)
        took = time.process_time() - begin, time.perf_counter() - wall
        for path in sorted(folder.iterdir()):
            print(f"{path.name:28} {path.stat().st_size / 1e6:9.1f} MB")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{asked.areas} areas, {asked.years} years, {asked.stocks} stocks: {took[0]:.1f} s of processor time, ", end=""
    )
    print(f"{took[1]:.1f} s in all, {peak:.0f} MiB")


if __name__ == "__main__":
    main()
