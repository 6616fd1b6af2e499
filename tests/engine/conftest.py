"""Invented cities for the tests of the engine: labelled, random by seed, always possible."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import xarray as xr

from zwkprognose.engine import Erstbezug, Sondergruppe
from zwkprognose.engine.compiled import compute

ROOM = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Runs of the engine are short on purpose; what of a plan they do not reach is tested with the scenarios."""
    for item in items:
        if item.path.is_relative_to(ROOM):
            item.add_marker(pytest.mark.filterwarnings("ignore::zwkprognose.errors.ScenarioWarning"))


GROUPS = {1: ["total"], 2: ["german", "foreign"], 3: ["german", "eu", "other"]}
CELL = ("nationality", "sex", "age")


def coords(areas: int, groups: int, open_age: int) -> dict[str, object]:
    """Labels of a city."""
    return {
        "area": [f"{k:04d}" for k in range(areas)],
        "nationality": GROUPS[groups],
        "sex": ["female", "male"],
        "age": np.arange(open_age + 1),
    }


def build_city(areas: int = 3, groups: int = 2, open_age: int = 100, seed: int = 0, year: int = 2020) -> xr.Dataset:
    """Stock of a random city."""
    c = coords(areas, groups, open_age)
    rng = np.random.default_rng(seed)
    shape = (1, *(len(v) for v in c.values()))
    stock = rng.gamma(0.7, 30.0, shape)
    stock[rng.random(shape) < 0.1] = 0.0
    return xr.Dataset({"population": (("year_end", *c), stock)}, c | {"year_end": [year]})


def build_rates(stock: xr.Dataset, seed: int = 0, years: range | None = None, moves: str | None = None) -> xr.Dataset:
    """Random rates that fit a city; ``moves`` inside the city by "pool" or "matrix"."""
    c = {d: stock[d].values for d in ("area", *CELL)}
    if years is not None:
        c = {"year": np.array(years)} | c
    rng = np.random.default_rng(seed + 1)

    def draw(high: float, *without: str) -> xr.DataArray:
        own = {d: v for d, v in c.items() if d not in without}
        return xr.DataArray(rng.uniform(0.0, high, [len(v) for v in own.values()]), own)

    groups, oldest = list(c["nationality"]), len(c["age"]) - 1
    fertile = (c["age"] >= min(15, oldest // 2)) & (c["age"] <= 49)
    made = xr.Dataset(
        {
            "death_prob": draw(0.2, "area"),
            "out_prob": draw(0.2),
            "in_moves": draw(3.0),
            "fertility_rate": draw(0.1, "sex") * xr.DataArray(fertile.astype(float), {"age": c["age"]}),
        }
    )
    if len(groups) > 1:
        leave = draw(0.05, "area")
        made["naturalisation_prob"] = leave.where(leave["nationality"] != groups[0], 0.0)
    share = rng.dirichlet(np.ones(len(groups)), len(groups))
    made["birth_group_share"] = (("nationality", "nationality_child"), share)
    made = made.assign_coords(nationality_child=groups)
    return made if moves is None else _with_moves(made, c, rng, moves)


def _with_moves(made: xr.Dataset, c: dict, rng: np.random.Generator, moves: str) -> xr.Dataset:
    own = {d: c[d] for d in ("area", *CELL)}
    sizes = [len(v) for v in own.values()]
    made["move_out_prob"] = xr.DataArray(rng.uniform(0.0, 0.2, sizes), own)
    if moves == "pool":
        share = rng.uniform(0.1, 1.0, (sizes[0], sizes[3]))
        made["move_in_share"] = (("area", "age"), share / share.sum(axis=0))
        return made
    share = rng.uniform(0.1, 1.0, (sizes[0], sizes[0], sizes[2], sizes[3]))
    share /= share.sum(axis=1, keepdims=True)
    made["destination_share"] = (("origin", "destination", "sex", "age"), share)
    return made.assign_coords(origin=c["area"], destination=c["area"])


def build_profile(stock: xr.Dataset, seed: int = 0) -> xr.DataArray:
    """Random shares of the cells of an area, which sum to one; none for children."""
    c = {d: stock[d].values for d in CELL}
    values = np.random.default_rng(seed).uniform(0.1, 1.0, [len(v) for v in c.values()])
    values[..., : min(10, values.shape[-1] // 2)] = 0.0
    return xr.DataArray(values / values.sum(), c)


def build_plan(stock: xr.Dataset, seed: int = 0) -> dict[str, object]:
    """New dwellings in the first and last area, and a home in the first that opens, grows and closes."""
    areas, first = stock["area"].values.tolist(), int(stock["year_end"][-1])
    built = xr.DataArray([[3.0, 1.0], [0.5, 2.0]], {"year": [first + 1, first + 3], "area": [areas[0], areas[-1]]})
    if len(areas) == 1:
        built = built.isel(area=[0])
    share = 1.0 if len(areas) == 1 else 0.4
    erstbezug = Erstbezug(built, 2.1, build_profile(stock, seed), share, (0.6, 0.4))
    home = Sondergruppe("Heim", areas[0], {first + 1: 30.0, first + 3: 40.0}, build_profile(stock, seed + 1),
                        closing=first + 5, stay_share=0.5)  # fmt: skip
    return {"erstbezug": erstbezug, "sondergruppen": [home]}


@pytest.fixture(scope="session", autouse=True)
def threads_for_a_town():
    """As many threads as a test asks for, however small the town."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(compute, "CELLS_PER_THREAD", 1)
        patch.setattr(compute, "CELLS_OF_ALL_YEARS", 1)
        yield


@pytest.fixture(scope="session")
def city() -> Callable[..., xr.Dataset]:
    """Builder of stocks."""
    return build_city


@pytest.fixture(scope="session")
def rates_of() -> Callable[..., xr.Dataset]:
    """Builder of rates for a stock."""
    return build_rates


@pytest.fixture(scope="session")
def plan_of() -> Callable[..., dict[str, object]]:
    """Builder of dwellings and facilities for a stock."""
    return build_plan


@pytest.fixture(scope="session")
def profile_of() -> Callable[..., xr.DataArray]:
    """Builder of profiles for a stock."""
    return build_profile
