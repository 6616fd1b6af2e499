"""What a cluster costs and gains: this process alone, one worker and two, in turn in one run.

    python benchmarks/speed/workers.py [--share 0.5] [--draws 100] [--years 20] [--part 200] [--rounds 3] [--json FILE]

The Gemeinden are those of ``germany.py`` (``--share`` of the Kreise). Scheduler and workers of one thread each are
programs of their own on the loopback; alone one thread computes as well. Everybody computes a small run first: what
that costs (imports, machine code from the disk) is told apart as the start, and so are the seconds of the processor by
step of a part, of the workers and of the client. The overhead of one worker and the gain of two are medians of the
rounds, in which the three take turns; on a machine on which anything else runs the clock says nothing about two.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import xarray as xr
from distributed import Client
from germany import ROOT, gemeinden, kreise, rates_of
from germany import _processor as processor_of

from zwkprognose.cluster import run_parts, stored, task

sys.path.insert(0, str(ROOT / "tests"))
from support.cluster import Programs

#: Steps of a part: what is called for each, where it stands.
STEPS: dict[str, tuple[Any, str]] = {
    "rechnen": (task, "_found"), "Prüfsumme der Eingaben": (task, "digest_of"), "Fassungen": (task, "versions"),
    "schreiben": (stored, "write_netcdf"), "Prüfsumme der Datei": (stored, "checksum"),
}  # fmt: skip


def spent() -> dict[str, float]:
    """What each step has taken so far in this process; kept in the package, for workers do not know this module."""
    found: dict[str, float] = vars(task).setdefault("_spent", dict.fromkeys(STEPS, 0.0))
    return found


def watch() -> None:
    """From now on add up what each step takes of the processor in this process; once is enough."""
    if "_spent" in vars(task):
        return
    spent()
    for step, (module, name) in STEPS.items():
        setattr(module, name, timed(step, getattr(module, name)))


def timed(step: str, work: Callable[..., Any]) -> Callable[..., Any]:
    """The same function, with its seconds added up."""

    def counted(*given: Any, **named: Any) -> Any:
        begin = time.process_time()
        try:
            return work(*given, **named)
        finally:
            spent()[step] += time.process_time() - begin

    return counted


def more(after: dict[str, float], before: dict[str, float]) -> dict[str, float]:
    """The difference."""
    return {step: after[step] - before[step] for step in after}


class Team:
    """So many workers with their scheduler, or this process alone."""

    def __init__(self, folder: Path, count: int) -> None:
        self.count, self.programs = count, Programs(folder)
        self.client: Client | None = None
        self.workers: list[int] = []
        if count:
            folder.mkdir()
            self.programs.scheduler()
            self.workers = [self.programs.worker(f"w{k}").pid for k in range(count)]
            self.client = Client(self.programs.address, set_as_default=False)
            self.client.wait_for_workers(count, timeout=120)
            self.client.register_worker_callbacks(watch)
        else:
            watch()

    def processor(self) -> tuple[float, float]:
        """Seconds that the workers and this process have used."""
        return sum(map(processor_of, self.workers)), time.process_time()

    def steps(self) -> dict[str, float]:
        """Seconds by step, of all who work."""
        if self.client is None:
            return dict(spent())
        each = self.client.run(spent).values()
        return {step: sum(one[step] for one in each) for step in STEPS}

    def run(self, stock: xr.Dataset, rates: xr.Dataset, out: Path, asked: argparse.Namespace) -> dict[str, Any]:
        """Seconds of one run, by the clock and by who used the processors for what."""
        steps, (theirs, own), begin = self.steps(), self.processor(), time.perf_counter()
        run_parts(stock, rates, until=2020 + asked.years, draws=asked.draws, out=out, areas=asked.part,
                  scheduler=self.client, threads=1, force=True)  # fmt: skip
        clock, (theirs_after, own_after) = time.perf_counter() - begin, self.processor()
        found = {"clock": clock, "workers": theirs_after - theirs, "client": own_after - own}
        return found | {"processor": found["workers"] + found["client"], "steps": more(self.steps(), steps)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kreise", type=Path, default=ROOT.parent / "shared/data/kreise")
    parser.add_argument("--share", type=float, default=0.5)
    for name, count in (("draws", 100), ("years", 20), ("part", 200), ("rounds", 3)):
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--json", type=Path)
    asked = parser.parse_args()
    stock = gemeinden(kreise(asked.kreise), asked.share)
    rates, few = rates_of(stock), slice(4)
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        teams = [Team(folder / f"team{count}", count) for count in (0, 1, 2)]
        try:
            for team in teams:
                small = argparse.Namespace(**{**vars(asked), "years": 1, "part": 2})
                start = team.run(stock.isel(area=few), rates.isel(area=few), folder / f"warm{team.count}", small)
                rows.append({"case": f"Start, {called(team.count)}", **start})
            for turn in range(asked.rounds):
                for team in teams:
                    found = team.run(stock, rates, folder / f"run{team.count}", asked)
                    rows.append({"case": called(team.count), "round": turn, "areas": stock.sizes["area"], **found})
                    print(told(rows[-1]), flush=True)
        finally:
            for team in teams:
                if team.client is not None:
                    team.client.close()
                team.programs.end()
    report(rows, asked.rounds)
    if asked.json:
        asked.json.write_text(json.dumps(rows, indent=1, ensure_ascii=False), encoding="utf-8")


def called(count: int) -> str:
    """Who computes."""
    return f"{count} Worker" if count else "allein"


def told(row: dict[str, Any]) -> str:
    """One run in a line."""
    steps = ", ".join(f"{step} {seconds:.2f}" for step, seconds in row["steps"].items())
    rest = row["processor"] - sum(row["steps"].values())
    return (f"{row['case']:16} Uhr {row['clock']:7.1f} s, Prozessor {row['processor']:7.1f} s (Client "
            f"{row['client']:.1f}): {steps}, übrig {rest:.2f}; Last {os.getloadavg()[0]:.1f}")  # fmt: skip


def report(rows: list[dict[str, Any]], rounds: int) -> None:
    """The start of each, and the two ratios, median of the rounds."""
    for row in rows[:3]:
        print(told(row))

    def of(kind: str, count: int) -> list[float]:
        return [row[kind] for row in rows[3:] if row["case"] == called(count)]

    for kind, word in (("clock", "Uhr"), ("processor", "Prozessor")):
        over = median(one / alone for one, alone in zip(of(kind, 1), of(kind, 0), strict=True)) - 1
        gain = median(one / two for one, two in zip(of(kind, 1), of(kind, 2), strict=True))
        print(f"{word}, Median aus {rounds}: ein Worker {100 * over:+.1f} % gegenüber allein; "
              f"zwei gegenüber einem {gain:.2f}-mal so schnell")  # fmt: skip


if __name__ == "__main__":
    main()
