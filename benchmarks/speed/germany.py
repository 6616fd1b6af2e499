"""All Gemeinden of an invented Germany: how long, how much memory, what a cluster adds.

    python benchmarks/speed/germany.py [--share 1] [--draws 100] [--years 20] [--far 40] [--workers 1 2] [--json FILE]

**Where it comes from.** The Kreis table 12411-04-02-4 (31.12.2020, single ages; Statistische Ämter des Bundes und der
Länder, dl-de/by-2-0) is looked for in ../shared/data/kreise. Every person of it is dealt to one of 11,000 Gemeinden:
a kreisfreie Stadt is one, the others are shared out over the Kreise by their persons (at least two each). Sizes inside
a Kreis are log-normal (sigma 1.2), each cell of sex and age is dealt by a multinomial draw, all from
``default_rng([SEED, Kreis])``: the sums of every Kreis are those of the table. Deaths and births follow the national
schedules, five per cent of every age leave and as many come. It is a test of size, not a forecast.

**What is measured.** Every step in a process of its own, so that peaks of memory are its own; seconds of the clock and
of the processors, with the load of the machine beside them. ``--share 0.1`` takes every tenth Kreis. One worker and
two are programs of their own on the loopback; the share that does not scale follows from both (Amdahl).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

ROOT = Path(__file__).parents[2]
TABLE = "12411-04-02-4_2020-12-31.csv"
#: Länder that are a Kreis of their own: Hamburg and Berlin.
STADTSTAATEN = ("02", "11")
GEMEINDEN, SEED, SIGMA, TURNOVER = 11_000, 2020, 1.2, 0.05


def kreise(folder: Path) -> xr.Dataset:
    """Persons of every Kreis by sex and single age."""
    from zwkprognose import build_inputs, read_table

    table = read_table(folder / TABLE)
    cells = table.cells[table.cells["value"] > 0]
    kreis = (cells["area"].str.len() == 5) | cells["area"].isin(STADTSTAATEN)
    stock = build_inputs(table, areas=sorted(cells.loc[kreis, "area"].unique()))
    whole = table.cells.loc[(table.cells["area"] == "DG") & (table.cells["sex"] == "total"), "value"].max()
    if round(float(stock["population"].sum())) != round(whole):
        raise SystemExit(f"Die Kreise ergeben andere Summen als Deutschland ({whole:.0f} Personen).")
    return stock


def gemeinden(stock: xr.Dataset, share: float) -> xr.Dataset:
    """Every person of the Kreise in one of the Gemeinden."""
    people = np.rint(stock["population"].isel(year_end=-1).transpose("area", "nationality", "sex", "age").values)
    names = stock["area_name"].values.astype(str)
    count = _counts(people.sum(axis=(1, 2, 3)), _alone(names, stock["area"].values))
    chosen = range(0, len(count), max(1, round(1 / share)))
    parts, keys, of = [], [], []
    for k in chosen:
        luck = np.random.default_rng([SEED, k])
        size = luck.lognormal(0.0, SIGMA, count[k])
        parts.append(np.moveaxis(luck.multinomial(people[k].astype(np.int64), size / size.sum()), -1, 0))
        key = str(stock["area"].values[k]).ljust(5, "0")
        keys += [f"{key}{number:03d}" for number in range(count[k])]
        of += [key] * count[k]
    labels = {d: stock[d].values for d in ("nationality", "sex", "age")}
    found = xr.Dataset(
        {"population": (("year_end", "area", *labels), np.concatenate(parts)[None].astype(float))},
        {"year_end": stock["year_end"].values[-1:], "area": keys, **labels},
    )
    return found.assign_coords(city=("area", of))


def _alone(names: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """Kreise that are one Gemeinde."""
    city = (np.char.find(names, "kreisfreie Stadt") >= 0) | (np.char.find(names, "Stadtkreis") >= 0)
    return np.asarray(city | np.isin(keys.astype(str), STADTSTAATEN))


def _counts(persons: np.ndarray, alone: np.ndarray) -> np.ndarray:
    """Gemeinden of each Kreis; together 11,000."""
    count = np.where(alone, 1, 2)
    left = GEMEINDEN - count.sum()
    wanted = left * np.where(alone, 0.0, persons) / persons[~alone].sum()
    more = np.floor(wanted).astype(int)
    rest = left - more.sum()
    more[np.argsort(more - wanted, kind="stable")[:rest]] += 1
    return count + more


def rates_of(stock: xr.Dataset) -> xr.Dataset:
    """National deaths and births; five per cent of every age leave a Gemeinde, and as many come."""
    from zwkprognose import estimate_rates

    few = stock.isel(area=slice(1)).drop_vars("city")
    national = estimate_rates(few, mortality="national", fertility="national", migration="none").isel(area=0, drop=True)
    now = stock["population"].isel(year_end=-1, drop=True).drop_vars("city")
    return national.assign(out_prob=xr.full_like(now, TURNOVER), in_moves=TURNOVER * now)


# --- one step in a process of its own


def measured(work: Any) -> dict[str, Any]:
    """Seconds and peak of memory of a call in this process; threads count, other programs do not."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": time.perf_counter() - wall, "processor": time.process_time() - processor,
        "peak_GB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, "load": os.getloadavg()[0],
    }  # fmt: skip


def step(asked: argparse.Namespace) -> dict[str, Any]:
    """Project, or draw, what was prepared."""
    from zwkprognose.cluster import run_parts
    from zwkprognose.output import open_netcdf

    stock, rates = (open_netcdf(asked.folder / f"{name}.nc") for name in ("stock", "rates"))
    if asked.step == "draws":
        given = {"draws": asked.draws, "until": 2020 + asked.years}
    else:
        given = {"until": 2020 + asked.far}
    run_parts(stock.isel(area=slice(4)), rates.isel(area=slice(4)), out=asked.folder / "warm", force=True,
              **(given | {"until": 2021}), scheduler=asked.scheduler)  # fmt: skip
    out = asked.folder / f"{asked.step}-{asked.scheduler is not None}"
    shutil.rmtree(out, ignore_errors=True)
    found = measured(
        lambda: run_parts(
            stock, rates, out=out, scheduler=asked.scheduler, areas=asked.part, threads=asked.threads, **given
        )
    )
    found["stored_GB"] = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e9
    shutil.rmtree(out)
    return found


def apart(asked: argparse.Namespace, name: str, *more: str) -> dict[str, Any]:
    """The same in a new process."""
    words = [f"--{key}={getattr(asked, key)}" for key in ("draws", "years", "far", "part")]
    line = [sys.executable, __file__, "--step", name, "--folder", str(asked.folder), *words, *more]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def cluster(asked: argparse.Namespace, count: int) -> dict[str, Any]:
    """The draws on so many workers of one thread each, programs of their own."""
    sys.path.insert(0, str(ROOT / "tests"))
    from distributed import Client
    from support.cluster import Programs

    with tempfile.TemporaryDirectory() as folder:
        programs = Programs(Path(folder))
        try:
            programs.scheduler()
            workers = [programs.worker(f"w{k}").pid for k in range(count)]
            with Client(programs.address, set_as_default=False) as client:
                client.wait_for_workers(count, timeout=120)
            before = sum(map(_processor, workers))
            found = apart(asked, "draws", "--scheduler", programs.address)
            found["processor"] = sum(map(_processor, workers)) - before
            found["peak_GB_of_a_worker"] = max(map(_peak, workers))
            return found | {"workers": count}
        finally:
            programs.end()


def _peak(process: int) -> float:
    text = Path(f"/proc/{process}/status").read_text(encoding="utf-8")
    return int(text.split("VmHWM:")[1].split()[0]) / 1e6


def _processor(process: int) -> float:
    """Seconds of the processor that a program has used."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kreise", type=Path, default=ROOT.parent / "shared/data/kreise")
    parser.add_argument("--share", type=float, default=1.0)
    parser.add_argument("--draws", type=int, default=100)
    parser.add_argument("--years", type=int, default=20)
    parser.add_argument("--far", type=int, default=40)
    parser.add_argument("--part", type=int, default=200)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--workers", type=int, nargs="*", default=[1, 2])
    parser.add_argument("--only", nargs="*", default=["projection", "draws", "thread"])
    parser.add_argument("--json", type=Path)
    parser.add_argument("--step")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--scheduler")
    asked = parser.parse_args()
    if asked.step:
        print(json.dumps(step(asked)))
        return
    with tempfile.TemporaryDirectory() as folder:
        asked.folder = Path(folder)
        report(asked)


def report(asked: argparse.Namespace) -> None:
    """Everything, one line after the other."""
    from zwkprognose.output import write_netcdf

    begin = time.perf_counter()
    stock = gemeinden(kreise(asked.kreise), asked.share)
    write_netcdf(stock, asked.folder / "stock.nc")
    write_netcdf(rates_of(stock), asked.folder / "rates.nc")
    areas, persons = stock.sizes["area"], float(stock["population"].sum())
    print(f"{areas} Gemeinden, {persons:.0f} Personen, in {time.perf_counter() - begin:.1f} s gebildet", flush=True)
    rows: dict[str, Any] = {"areas": areas, "persons": persons, "processors": os.cpu_count()}
    rows |= {key: getattr(asked, key) for key in ("share", "draws", "years", "far", "part")}
    if "projection" in asked.only:
        rows["projection"] = told(f"{asked.far} Jahre", apart(asked, "projection"), areas * asked.far)
    each = areas * asked.draws * asked.years
    if "draws" in asked.only:
        title = f"{asked.draws} Ziehungen, {asked.years} Jahre"
        rows["draws"] = told(title, apart(asked, "draws"), each)
    if "thread" in asked.only:
        title = f"{asked.draws} Ziehungen, 1 Thread"
        rows["draws_one_thread"] = told(title, apart(asked, "draws", "--threads=1"), each)
    for count in asked.workers:
        rows[f"workers_{count}"] = told(f"{count} Worker", cluster(asked, count), each)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1), encoding="utf-8")


def told(title: str, row: dict[str, Any], steps: int) -> dict[str, Any]:
    """Print a row; ``steps`` are areas times years (times draws)."""
    row["microseconds"] = 1e6 * row["processor"] / steps
    print(f"{title:32} {row['seconds']:8.1f} s, Prozessor {row['processor']:8.1f} s = {row['microseconds']:.2f} µs je "
          f"Gebiet und Jahr (und Ziehung), {row['peak_GB']:.2f} GB, Last {row['load']:.1f}", flush=True)  # fmt: skip
    return row


if __name__ == "__main__":
    main()
