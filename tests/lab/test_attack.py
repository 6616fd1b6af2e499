"""Somebody who has the page, the tables beside it and earlier publications learns no more than from the tables."""

from __future__ import annotations

import datetime
import json
import re
from typing import Any

import numpy as np
import pytest
import xarray as xr
from output.attack import FIRST, TABLES, Attacker
from output.conftest import make_city

from zwkprognose import Scenario, estimate_rates, load_example, project, publish
from zwkprognose.lab.page import lab_page
from zwkprognose.lab.public import REST, public_case
from zwkprognose.output import default_quota
from zwkprognose.output.content.material import gather
from zwkprognose.output.content.services import Service

MIDDLE, UNTIL = Scenario.bundled("middle"), 2032
PLAN = '[[meilenstein]]\nname = "Kinder"\nalter = "0-5"\nziel = 100\n'
DAY = datetime.date(2026, 1, 1)


def page(projection: xr.Dataset, inputs: xr.Dataset, rates: xr.Dataset) -> str:
    material = gather(projection, inputs, services=[Service(default_quota("pflege"))], by_age=False)
    return lab_page(
        material, inputs, rates, MIDDLE, totals="shrunk", services=[Service(default_quota("pflege"))],
        milestones=PLAN, created=DAY,
    ).html  # fmt: skip


@pytest.fixture(scope="module")
def town() -> tuple[xr.Dataset, xr.Dataset, xr.Dataset]:
    """Most areas of Berlin, some of them so small that they are hidden: projection, inputs, rates."""
    whole = load_example("berlin")
    some = whole.isel(area=slice(64))
    now = some["population"].isel(year_end=-1).sum(["nationality", "sex", "age"])
    persons = xr.DataArray([np.nan] * 60 + [3.0, 4.0, 6.0, 300.0], {"area": some["area"].values})
    inputs = (some * (persons / now).fillna(1.0)).assign_attrs(whole.attrs)
    rates = estimate_rates(inputs)
    return project(inputs, rates, MIDDLE, until=UNTIL, totals="shrunk"), inputs, rates


def exchanged(data: xr.Dataset, one: int, other: int) -> xr.Dataset:
    """Everything of two areas under the name of the other."""
    order = np.arange(data.sizes["area"])
    order[[one, other]] = other, one
    return data.isel(area=order).assign_coords(
        {name: data[name] for name in ("area", "area_name") if name in data.coords}
    )


def moved_inside_bands(projection: xr.Dataset, seed: int) -> xr.Dataset:
    """Later stocks with persons of one age made one year older in an area and younger in another, inside a band."""
    rng, people = np.random.default_rng(seed), projection["population"].copy(deep=True)
    for _ in range(40):
        (one, other), age, end = (
            rng.choice(20, 2, replace=False),
            5 * rng.integers(2, 16) + 1,
            rng.integers(1, people.sizes["year_end"]),
        )
        take = (
            np.minimum(
                people[{"area": one, "year_end": end}].sel(age=age),
                people[{"area": other, "year_end": end}].sel(age=age + 1),
            )
            / 2
        )
        for area, sign in ((one, -1), (other, 1)):
            people[{"area": area, "year_end": end}].loc[{"age": age}] += sign * take
            people[{"area": area, "year_end": end}].loc[{"age": age + 1}] -= sign * take
    return projection.assign(population=people)


@pytest.mark.parametrize("seed", range(2))
def test_towns_with_the_same_publication_have_the_same_page(
    town: tuple[xr.Dataset, xr.Dataset, xr.Dataset], seed: int
) -> None:
    """Hidden areas change places with all their past, and ages move inside published bands: no sign is another."""
    projection, inputs, rates = town
    hidden = np.flatnonzero(publish(projection)["total"].isnull().all(["scenario", "year_end"]).values)
    pair = np.random.default_rng(seed).choice(hidden, 2, replace=False)
    other = moved_inside_bands(exchanged(projection, *pair), seed)
    assert not other["population"].equals(projection["population"])
    assert publish(other).drop_attrs().equals(publish(projection).drop_attrs()), "another publication is another test"
    told = page(projection, inputs, rates), page(other, exchanged(inputs, *pair), exchanged(rates, *pair))
    assert told[0] == told[1]


def test_limits_are_those_that_the_report_prints(town: tuple[xr.Dataset, xr.Dataset, xr.Dataset]) -> None:
    text = page(*town)
    data: Any = json.loads(re.search(r'<script id="daten" [^>]*>(.*?)</script>', text, re.DOTALL)[1])  # type: ignore[index]
    limits = [limit for place in data["ranges"] for _, *both in place for limit in both]
    assert limits
    assert all(limit == round(limit) for limit in limits)


@pytest.mark.parametrize("seed", [1, 5, 11])
def test_with_page_and_tables_no_small_cell_is_found(seed: int) -> None:
    """Bounds by linear programming: what the page says where tables are shown is true, and narrows none of them."""
    rng = np.random.default_rng(seed)
    sizes = tuple(np.round(10 ** rng.uniform(2.3, 4.3, rng.integers(4, 8))))
    first = make_city(sizes, scenarios={"middle": 1.0}, until=2025, seed=seed)
    second = make_city(sizes, scenarios={"lower": 0.5, "upper": 1.5}, until=2030, seed=seed)
    publications, truth = [publish(first), publish(second)], publish(first, internal=True)
    attacker = Attacker(truth, publications)
    assert attacker.small(), "the city has nothing to protect"
    for one in publications:
        carried = public_case(one.isel(scenario=0, drop=True), int(first["age"].max())).inputs["population"]
        learned = _learn(attacker, one, carried.isel(year_end=0))
        assert learned > 10
    assert attacker.worst(at_most=20) > 5 - 1e-6


def _learn(attacker: Attacker, published: xr.Dataset, stock: xr.DataArray) -> int:
    """Tell the attacker all sums of the page that stand in a published table too; how many these are."""
    before = len(attacker.values)
    at = published.isel(scenario=0, year_end=0)
    for name, dims in TABLES.items():
        (band,) = [dim for dim in dims if dim in FIRST] or [None]
        for key in stock["area"].values:
            if key == REST or bool(at[name].sel(area=key).isnull().any()):
                continue
            own = stock.sel(area=key).transpose("nationality", "sex", "age").values
            if band is not None:
                own = np.add.reduceat(own, at[FIRST[band]].values.astype(int), axis=-1)
            kept = tuple(k for k, dim in enumerate(("nationality", "sex")) if dim not in dims)
            sums = own.sum(axis=(*kept, *(() if band else (2,))))
            cells = attacker._cells_of(
                at[name].sel(area=key), dims, [attacker.truth["area"].values.tolist().index(key)]
            )
            for (members, value), mine in zip(cells, np.ravel(sums), strict=True):
                assert mine == pytest.approx(value, rel=1e-5, abs=1e-3)
                attacker.know(members, round(float(mine), 2))
    return len(attacker.values) - before
