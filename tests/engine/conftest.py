"""Invented cities for the tests of the engine: labelled, random by seed, always possible."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

GROUPS = {1: ["total"], 2: ["german", "foreign"], 3: ["german", "eu", "other"]}


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


def build_rates(stock: xr.Dataset, seed: int = 0, years: range | None = None) -> xr.Dataset:
    """Random rates that fit a city: every probability may vary, together they are possible."""
    c = {d: stock[d].values for d in ("area", "nationality", "sex", "age")}
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
            "naturalisation_prob": draw(0.05, "area"),
        }
    )
    made["naturalisation_prob"] = made["naturalisation_prob"].where(made["nationality"] != groups[0], 0.0)
    share = rng.dirichlet(np.ones(len(groups)), len(groups))
    made["birth_group_share"] = (("nationality", "nationality_child"), share)
    return made.assign_coords(nationality_child=groups)


@pytest.fixture(scope="session")
def city() -> Callable[..., xr.Dataset]:
    """Builder of stocks."""
    return build_city


@pytest.fixture(scope="session")
def rates_of() -> Callable[..., xr.Dataset]:
    """Builder of rates for a stock."""
    return build_rates
