"""Do two checkouts compute the same bits?

    python benchmarks/speed/bits.py OLD NEW [--areas 94] [--years 10] [--only NAME …]

Invented busy cities are projected with the code of each checkout through its public doors: areas alone, every feature
at once by pool and by matrix, the conventions of the United Nations, Eckwerte of flows, areas that cease to exist, each
by the reference and by the compiled kernel on one and on three threads, and draws with and without whole persons.
Every array of every result is compared: „gleich“, or the largest difference. The exit status is 1 if any array of a
projection differs; draws are promised to agree to rounding only.
"""

from __future__ import annotations

import argparse
import inspect
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

START, CELL = 2020, ("area", "nationality", "sex", "age")
Towns = dict[str, Callable[[], xr.Dataset]]


def labels(areas: int, ages: int = 101) -> dict[str, Any]:
    """Labels of a city; areas stand in another order than that of their keys."""
    keys = np.random.default_rng(0).permutation([f"{k:04d}" for k in range(areas)])
    return {"area": keys, "nationality": ["german", "foreign"], "sex": ["female", "male"], "age": np.arange(ages)}


def random(c: Mapping[str, Any], high: float, seed: int, without: tuple[str, ...] = ()) -> xr.DataArray:
    """Uniform numbers for each cell."""
    own = {d: v for d, v in c.items() if d not in without}
    return xr.DataArray(np.random.default_rng(seed).uniform(0.0, high, [len(v) for v in own.values()]), own)


def city(areas: int, years: int, moves: str = "") -> tuple[xr.Dataset, xr.Dataset]:
    """Stock and rates, some of them of every year; ``moves`` inside the city by "pool" or "matrix"."""
    c = labels(areas)
    by_year = {"year": np.arange(START + 1, START + years + 1)} | c
    stock = (20 + random(c, 80.0, 1)).expand_dims(year_end=[START]).to_dataset(name="population")
    fertile = xr.DataArray(((c["age"] >= 15) & (c["age"] < 50)).astype(float), {"age": c["age"]})
    change = random(c, 0.05, 6, ("area",))
    rates = xr.Dataset(
        {
            "death_prob": random(c, 0.05, 2, ("area", "nationality")),
            "out_prob": random(by_year, 0.1, 3),
            "in_moves": random(c, 3.0, 4),
            "fertility_rate": random(c, 0.1, 5, ("sex",)) * fertile,
            "naturalisation_prob": change.where(change["nationality"] != "german", 0.0),
            "birth_group_share": (("nationality", "nationality_child"), [[1.0, 0.0], [0.4, 0.6]]),
        }
    ).assign_coords(nationality_child=c["nationality"])
    return stock, with_moves(rates, c, moves) if moves else rates


def with_moves(rates: xr.Dataset, c: Mapping[str, Any], moves: str) -> xr.Dataset:
    """The rates with moves between the areas and out-moves that are known as numbers."""
    rates = rates.assign(move_out_prob=random(c, 0.08, 7), out_moves=0.05 * rates["in_moves"])
    if moves == "pool":
        share = 0.1 + random(c, 1.0, 8, ("nationality", "sex"))
        return rates.assign(move_in_share=share / share.sum("area"))
    share = 0.1 + random({"origin": c["area"], "destination": c["area"], "sex": c["sex"], "age": c["age"]}, 1.0, 9)
    return rates.assign(destination_share=share / share.sum("destination"))


def plan(stock: xr.Dataset, years: int) -> dict[str, Any]:
    """Dwellings in every third area, and two homes of which one grows and one closes."""
    from zwkprognose.engine import Erstbezug, Sondergruppe

    c = {d: stock[d].values for d in CELL}
    profile = random(c, 1.0, 10, ("area",)) + 0.1
    profile = profile.where((profile["age"] > 0) & (profile["age"] < 70), 0.0)
    profile = profile / profile.sum()
    built = random({"year": np.arange(START + 1, START + years), "area": sorted(c["area"])[::3]}, 12.0, 11)
    old = profile.where(profile["age"] > 40, 0.0)
    old = old / old.sum()
    first, last = sorted(c["area"])[0], sorted(c["area"])[-1]
    homes = [Sondergruppe("Heim", first, {START: 30.0, START + 3: 45.5}, old),
             Sondergruppe("Wohnheim", last, {START + 1: 60.0}, profile, START + 4, 0.5)]  # fmt: skip
    return {"erstbezug": Erstbezug(built, 2.1, profile, 0.3, (0.7, 0.3)), "sondergruppen": homes}


def eckwerte(free: xr.Dataset, flows: bool = False) -> list[Any]:
    """Totals of the areas and of age bands of the city near what comes without; or of births, deaths and moves."""
    from zwkprognose.engine import Eckwert, age_bands

    if flows:
        over = ["area", "nationality", "sex"]
        return [
            Eckwert("Geburten", 1.03 * free["births"].sum(["nationality", "sex"]), of="births"),
            Eckwert("Sterbefälle", 0.98 * free["deaths"].sum([*over, "age"]), of="deaths"),
            Eckwert("Zuzüge", 1.05 * free["in_moves"].sum([*over, "age"]), of="in_moves"),
            Eckwert("Fortzüge", 0.97 * free["out_moves"].sum(["area", "sex", "age"]), of="out_moves"),
        ]
    people = free["population"].isel(year_end=slice(1, None))
    bands = age_bands({"0–17": (0, 17), "18–64": (18, 64), "65+": (65, None)})
    group = xr.DataArray([bands[1][a] for a in people["age"].values.tolist()], {"age": people["age"]}, name="band")
    ages = people.sum(["area", "nationality", "sex"]).groupby(group).sum()
    return [
        Eckwert("Alter", 1.01 * ages, groups={"band": bands}),
        Eckwert("Gebiete", 1.01 * people.sum(["nationality", "sex", "age"])),
    ]


def projections(areas: int, years: int) -> Towns:
    """Every projection by its name."""
    from zwkprognose import project

    towns: Towns = {}

    def add(name: str, stock: xr.Dataset, rates: xr.Dataset, **given: Any) -> None:
        for method, threads in (("reference", 1), ("kernel", 1), ("kernel", 3)):
            towns[f"{name}, {method} {threads}"] = lambda method=method, threads=threads: project(  # type: ignore[misc]
                stock, rates, until=START + years, method=method, threads=threads, **given
            )

    stock, rates = city(areas, years)
    add("Gebiete allein", stock, rates)
    for timing in ("even", "end"):
        add(f"Konvention {timing}", stock, rates, timing=timing)
    add("Eckwerte der Bewegungen", stock, rates, eckwerte=eckwerte(project(stock, rates, until=START + years), True))
    gone = xr.DataArray(np.ones((years, areas)), {"year": rates["year"], "area": stock["area"]})
    gone[years // 2 :, 1] = 0.0
    add("Gebiet löst sich auf", stock, city(areas, years, "pool")[1].drop_vars("out_moves").assign(area_exists=gone))
    for moves in ("pool", "matrix"):
        stock, rates = city(areas, years, moves)
        given = plan(stock, years)
        add(f"alles ohne Eckwerte, {moves}", stock, rates, **given)
        free = project(stock, rates, until=START + years, **given)
        add(f"alles, {moves}", stock, rates, eckwerte=eckwerte(free), **given)
        add(f"alles mit Bewegungen, {moves}", stock, rates, eckwerte=eckwerte(free, True), **given)
    return towns


def draws(areas: int, years: int) -> Towns:
    """Draws by name: of areas alone, of coupled cities, whole persons or not, kept or summed up."""
    from zwkprognose import project
    from zwkprognose.engine import Uncertainty, draw_trajectories, project_draws

    towns: Towns = {}
    kinds = {"Personen": Uncertainty.of_events(), "Raten": Uncertainty().without_events(), "beides": Uncertainty()}
    cities: dict[str, tuple[xr.Dataset, xr.Dataset, dict[str, Any]]] = {"allein": (*city(areas, years), {})}
    for moves in ("pool", "matrix"):
        stock, rates = city(areas, years, moves)
        given = plan(stock, years)
        free = project(stock, rates, until=START + years, **given)
        cities[f"ohne Eckwerte, {moves}"] = stock, rates, given
        cities[f"alles, {moves}"] = stock, rates, given | {"eckwerte": eckwerte(free)}
        cities[f"Bewegungen, {moves}"] = stock, rates, given | {"eckwerte": eckwerte(free, True)[1:2]}
    for name, (stock, rates, given) in cities.items():
        for kind, uncertainty in kinds.items():
            for draw, number in ((draw_trajectories, 3), (project_draws, 20)):
                options = {"until": START + years, "draws": number, "uncertainty": uncertainty} | as_taken(draw, given)
                towns[f"Ziehungen {name}, {kind}, {draw.__name__}"] = (
                    lambda draw=draw, stock=stock, rates=rates, options=options: draw(stock, rates, **options)
                )  # type: ignore[misc]
    return towns


def as_taken(draw: Callable[..., xr.Dataset], given: dict[str, Any]) -> dict[str, Any]:
    """Dwellings, homes and Eckwerte as the door of a checkout takes them: one by one, or in a plan."""
    taken = inspect.signature(draw).parameters
    if "plan" not in taken or "erstbezug" in taken:
        return given
    return {"plan": vars(sys.modules[draw.__module__])["Plan"](**given)}


def compute(folder: Path, areas: int, years: int, only: list[str]) -> None:
    """Write every result of the code that is imported here."""
    for build, size in ((projections, areas), (draws, min(areas, 30))):
        for name, work in build(size, years).items():
            if all(word in name for word in only):
                result = work()
                np.savez(folder / f"{name}.npz", **{str(k): v.values for k, v in result.data_vars.items()})


def difference(one: Path, other: Path) -> str:
    """What differs between two files: nothing, or the largest difference."""
    if not (one.exists() and other.exists()):
        return "fehlt auf einer Seite"
    with np.load(one) as a, np.load(other) as b:
        if sorted(a) != sorted(b):
            return f"andere Größen: {sorted(set(a) ^ set(b))}"
        off = {k: float(np.max(abs(a[k] - b[k]))) for k in a if a[k].tobytes() != b[k].tobytes()}
    return ", ".join(f"{k} {most:.2g}" for k, most in off.items()) or "gleich"


def main() -> None:
    """Compute with both checkouts and compare."""
    parser = argparse.ArgumentParser(description="Rechnen zwei Stände bis aufs Bit dasselbe?")
    parser.add_argument("checkouts", type=Path, nargs="+", help="zwei Ordner mit je einem Stand")
    parser.add_argument("--areas", type=int, default=94)
    parser.add_argument("--years", type=int, default=10)
    parser.add_argument("--only", nargs="*", default=[], help="nur Vorausberechnungen, deren Name diese Wörter enthält")
    parser.add_argument("--into", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if foreign := [str(one) for one in options.checkouts if not (one / "zwkprognose" / "__init__.py").is_file()]:
        parser.error(f"kein Stand der Bibliothek: {', '.join(foreign)}")  # the installed one would be compared instead
    if options.into:
        compute(options.into, options.areas, options.years, options.only)
        return
    with tempfile.TemporaryDirectory() as folder:
        sides = [Path(folder, str(k)) for k in range(2)]
        size = ["--areas", str(options.areas), "--years", str(options.years), "--only", *options.only]
        for side, checkout in zip(sides, options.checkouts, strict=True):
            side.mkdir()
            command = [sys.executable, __file__, str(checkout), "--into", str(side), *size]
            subprocess.run(command, env=os.environ | {"PYTHONPATH": str(checkout.resolve())}, check=True)
        results = sorted({f.name for side in sides for f in side.iterdir()})
        found = {name.removesuffix(".npz"): difference(sides[0] / name, sides[1] / name) for name in results}
    print("\n".join(f"{name:55} {what}" for name, what in found.items()))
    promised = [what for name, what in found.items() if not name.startswith("Ziehungen")]
    sys.exit(any(what != "gleich" for what in promised) or not promised)


if __name__ == "__main__":
    main()
