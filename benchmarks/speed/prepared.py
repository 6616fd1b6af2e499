"""What a prepared case costs beside ``project``: ``python benchmarks/speed/prepared.py [--against FOLDER]``.

Berlin's 94 Ortsteile over 20 years, one changed scenario at a time, each of them new. Processor time, best of several;
``--against`` takes the other side of the ratios from the sources in another folder (an earlier commit, for example),
which computes its rounds in turn with this one so that both see the same machine.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 12
UNTIL = 2040
#: Question → largest share of the time of ``project`` that it may take.
BARS = {
    "ein Szenario, Kern": 1 / 5,
    "ein Szenario, ohne Übersetzer": 1 / 2.5,
    "neun Szenarien": 1 / 4,
    "Zielrechnung": 1 / 3,
}


def questions(prepared: bool) -> dict[str, Callable[[int], object]]:
    """Every question as a function of a number that makes it new; by a prepared case or as before."""
    from zwkprognose import Scenario, estimate_rates, load_example, project
    from zwkprognose.evaluation import Case, reach

    inputs = load_example("berlin")
    rates = estimate_rates(inputs)

    def scenario(number: float, name: str = "s") -> Scenario:
        text = f'name = "{name}"\n[[annahme]]\ngroesse = "zuzuege"\nfaktor = {1.001 + number / 1000}'
        return Scenario.from_toml(text)

    def nine(number: int) -> list[Scenario]:
        return [scenario(number + k / 10, f"s{k}") for k in range(9)]

    def goal(number: int) -> object:
        return reach(Case(inputs, rates), persons=4_300_000 + number, year=UNTIL)

    if prepared:
        from zwkprognose import prepare

        kernel, reference = (prepare(inputs, rates, until=UNTIL, method=m) for m in ("kernel", "reference"))
        asked = [lambda n: kernel.population(scenario(n)), lambda n: reference.population(scenario(n)),
                 lambda n: kernel.population(nine(n)), goal]  # fmt: skip
    else:

        def pyramid(chosen: Scenario | list[Scenario]) -> object:
            return project(inputs, rates, chosen, until=UNTIL)["population"].sum(["area", "nationality"])

        asked = [lambda n: pyramid(scenario(n)), lambda n: pyramid(scenario(n)), lambda n: pyramid(nine(n)), goal]
    return dict(zip(BARS, asked, strict=True))


def answer(prepared: bool) -> None:
    """Read numbers, time every question with each of them, write the seconds."""
    asked = questions(prepared)
    for ask in asked.values():
        ask(0)
    for line in sys.stdin:
        took = {}
        for name, ask in asked.items():
            begin = time.process_time()
            ask(int(line))
            took[name] = time.process_time() - begin
        print(json.dumps(took), flush=True)


class Other:
    """A process that answers in one of the two ways, from the sources in a folder."""

    def __init__(self, folder: Path, prepared: bool) -> None:
        call = [sys.executable, __file__, "--answer", "prepared" if prepared else "before"]
        environment = os.environ | {"PYTHONPATH": str(folder)}
        self.process = subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=folder,
                                        env=environment)  # fmt: skip

    def took(self, number: int) -> dict[str, float]:
        """Seconds of each question."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(f"{number}\n")
        self.process.stdin.flush()
        seconds: dict[str, float] = json.loads(self.process.stdout.readline())
        return seconds


def main() -> None:
    here = Path(__file__).resolve().parents[2]
    parser = argparse.ArgumentParser(description="Vorbereiteter Fall neben project()")
    parser.add_argument("--against", type=Path, default=here, help="Ordner mit den Quellen, gegen die gemessen wird")
    parser.add_argument("--answer", choices=["prepared", "before"], help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.answer:
        answer(options.answer == "prepared")
        return
    sides = Other(here, prepared=True), Other(options.against.resolve(), prepared=False)
    taken: list[list[dict[str, float]]] = [[], []]
    for number in range(1, ROUNDS + 1):
        for side, found in zip(sides, taken, strict=True):
            found.append(side.took(number))
    for name, bar in BARS.items():
        now, before = (1000 * min(round_[name] for round_ in found) for found in taken)
        verdict = "" if now <= bar * before else "   zu langsam"
        print(
            f"{name:32} {now:7.1f} ms neben {before:7.1f} ms: 1/{before / now:.1f} (höchstens 1/{1 / bar:g}){verdict}"
        )


if __name__ == "__main__":
    main()
