"""How long Eckwerte take beside the run without them: ``python benchmarks/speed/eckwerte.py``.

Berlin's 94 Ortsteile over 20 years; the total of the city, a bound for every Ortsteil and three nested age bands, in
every year. Processor time, best of several, both in one run. A prepared case remembers what it read from the last
scenario; how long the first question takes, with all that is read and checked then, is said beside.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import xarray as xr

from zwkprognose import Scenario, estimate_rates, load_example, prepare

ROUNDS = 3
UNTIL = 2040
BAR = 5.0


def scenario(free: xr.DataArray) -> Scenario:
    """Targets near what comes without them, which contradict nothing."""
    last = int(free["year_end"][-1])
    total = float(free.sel(year_end=last).sum())
    least = free.sum(["nationality", "sex", "age"]).isel(year_end=slice(1, None)).min("year_end")
    lines = ['name = "x"', f'[[eckwert]]\npersonen = {{ {last} = {1.01 * total} }}\nverlauf = "gleitend"']
    for first, factor in ((6, 1.0), (18, 0.995), (65, 1.005)):
        people = factor * float(free.sel(year_end=last, age=slice(first, None)).sum())
        lines.append(f'[[eckwert]]\nalter = "{first}+"\npersonen = {{ {last} = {people} }}\nverlauf = "gleitend"')
    for number, (area, persons) in enumerate(zip(least["area"].values, least.values, strict=True)):
        factor = 1.01 if number % 5 == 0 else 0.97  # a fifth of them has to be asked for
        lines.append(f'[[eckwert]]\ngebiete = ["{area}"]\nmindestens = {factor * float(persons)}')
    return Scenario.from_toml("\n".join(lines))


def as_one(free: xr.DataArray) -> Scenario:
    """The same bounds said at once: every Ortsteil has at least the median of the smallest."""
    head = scenario(free).to_toml().split('[[eckwert]]\ngebiete')[0]
    least = float(free.sum(["nationality", "sex", "age"]).isel(year_end=slice(1, None)).min("year_end").quantile(0.2))
    return Scenario.from_toml(f'{head}[[eckwert]]\nmindestens = {least}\nje = "gebiet"\n')


def best(ask: Callable[[], object]) -> float:
    """Seconds of the fastest of several rounds."""
    took = []
    for _ in range(ROUNDS):
        begin = time.process_time()
        ask()
        took.append(time.process_time() - begin)
    return min(took)


def main() -> None:
    inputs = load_example("berlin")
    rates = estimate_rates(inputs)
    free = prepare(inputs, rates, until=UNTIL).project()["population"]
    for name, asked in (("94 Angaben", scenario(free)), ("je = „gebiet“", as_one(free))):
        for method in ("kernel", "reference"):
            case = prepare(inputs, rates, until=UNTIL, method=method)
            case.project(asked)
            news = iter([Scenario.from_toml(asked.to_toml()) for _ in range(ROUNDS)])
            without, held = best(case.project), best(lambda case=case, asked=asked: case.project(asked))  # type: ignore[misc]
            new = best(lambda case=case, news=news: case.project(next(news)))  # type: ignore[misc]
            verdict = "" if held <= BAR * without else "   zu langsam"
            ratio = f"{held * 1e3:.0f} ms neben {without * 1e3:.0f} ms: {held / without:.1f}"
            print(f"{name}, {method}: {ratio} (höchstens {BAR}){verdict}; erstmals gefragt {new * 1e3:.0f} ms")


if __name__ == "__main__":
    main()
