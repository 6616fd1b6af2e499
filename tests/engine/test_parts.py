"""Chunked inputs: lazily, part by part, with the bits of the whole; what belongs together is never cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import dask
import numpy as np
import pytest
import xarray as xr
from support.cities import START, City, plan_of, profile_of, rates_of, stock_of, with_moves

from zwkprognose import Scenario, intervals
from zwkprognose.engine import (
    Eckwert,
    Sondergruppe,
    Uncertainty,
    check_balance,
    cut,
    draw_trajectories,
    project,
    project_draws,
)
from zwkprognose.engine.draws.total import halves, whole_of
from zwkprognose.errors import EngineError, ScenarioError

UNTIL = START + 5
CITY = City(areas=7, groups=2, open_age=40, seed=3)
RATES = Uncertainty().without_events()
MORE = Scenario.from_toml(
    'name = "mehr"\n[[annahme]]\ngroesse = "zuzuege"\nprozent = 10\ngebiete = ["03", "05"]\n'
    "[[halten]]\nprozent = 5\n[[anziehen]]\nprozent = 3\n"
)


def assert_same(whole: xr.Dataset, lazy: xr.Dataset) -> None:
    """Every array has the same bits, type and axes, every coordinate the same labels."""
    assert set(whole.data_vars) == set(lazy.data_vars)
    for name, values in whole.data_vars.items():
        found = lazy[name]
        assert (found.dims, found.dtype, found.attrs) == (values.dims, values.dtype, values.attrs), name
        assert np.array_equal(found.values, values.values), name
    for name, labels in whole.coords.items():
        assert np.array_equal(lazy[name].values, labels.values), name
    assert set(whole.coords) == set(lazy.coords)


@pytest.fixture(scope="module")
def stock() -> xr.Dataset:
    return stock_of(CITY)


@pytest.fixture(scope="module")
def rates() -> xr.Dataset:
    return rates_of(CITY)


def town(seed: int) -> tuple[xr.Dataset, xr.Dataset, dict[str, object]]:
    """Three areas with moves inside, new dwellings and a home."""
    own = City(3, 2, 40, seed)
    keys = [f"{seed}{area}" for area in own.coords["area"]]
    plan = plan_of(own)
    built = plan["erstbezug"]
    home = Sondergruppe("Heim", keys[-1], {START + 2: 5.0, START + 3: 8.0}, profile_of(own, 21), START + 5, 0.5)
    dwellings = built.dwellings.assign_coords(area=keys[:1])  # type: ignore[attr-defined]
    moved = {"erstbezug": replace(built, dwellings=dwellings), "sondergruppen": [home]}  # type: ignore[type-var]
    rates = with_moves(rates_of(own), own, "pool").assign_coords(area=keys)
    return stock_of(own, 1.0).assign_coords(area=keys), rates, moved


@pytest.fixture(scope="module")
def towns() -> list[tuple[xr.Dataset, xr.Dataset, dict[str, object]]]:
    return [town(seed) for seed in (1, 2, 3)]


@pytest.fixture(scope="module")
def land(towns: list[tuple[xr.Dataset, xr.Dataset, dict[str, object]]]) -> tuple[xr.Dataset, xr.Dataset]:
    """The three cities in one Dataset."""
    stock, rates = (xr.concat([town[k] for town in towns], "area", data_vars="all") for k in (0, 1))
    return stock.assign_coords(city=("area", [f"Stadt {k // 3}" for k in range(9)])), rates


# --- bits


@pytest.mark.parametrize("chunks", [1, 3, 7])
@pytest.mark.parametrize("threads", [1, 2])
@pytest.mark.parametrize("scheduler", ["synchronous", "threads"])
def test_a_projection_has_the_same_bits_in_any_chunks(
    stock: xr.Dataset, rates: xr.Dataset, chunks: int, threads: int, scheduler: str
) -> None:
    whole = project(stock, rates, until=UNTIL)
    lazy = project(stock.chunk(area=chunks), rates.chunk(area=2), until=UNTIL, threads=threads)
    assert lazy.chunks["area"] == tuple(min(chunks, 7 - k) for k in range(0, 7, chunks))
    assert_same(whole, lazy.compute(scheduler=scheduler))
    assert lazy.attrs["provenance"] == whole.attrs["provenance"]


def test_and_in_processes(stock: xr.Dataset, rates: xr.Dataset) -> None:
    lazy = project(stock.chunk(area=3), rates.chunk(area=3), until=UNTIL)
    assert_same(project(stock, rates, until=UNTIL), lazy.compute(scheduler="processes", num_workers=2))


def test_rates_alone_may_be_chunked_and_years_may_differ(stock: xr.Dataset) -> None:
    yearly = rates_of(CITY, range(START + 1, UNTIL + 1))
    assert_same(project(stock, yearly, until=UNTIL), project(stock, yearly.chunk(area=3), until=UNTIL).compute())


def test_areas_of_the_rates_may_stand_in_another_order(stock: xr.Dataset, rates: xr.Dataset) -> None:
    lazy = project(stock.chunk(area=3), rates.isel(area=slice(None, None, -1)), until=UNTIL)
    assert_same(project(stock, rates, until=UNTIL), lazy.compute())


def test_relative_changes_of_some_areas_are_the_same_in_parts(stock: xr.Dataset, rates: xr.Dataset) -> None:
    whole = project(stock, rates, [None, MORE], until=UNTIL)
    lazy = project(stock.chunk(area=2), rates.chunk(area=2), [None, MORE], until=UNTIL)
    drop = {"scenario"}  # titles of the scenarios are attributes of their coordinate
    assert_same(whole.drop_vars(drop), lazy.compute().drop_vars(drop))
    assert lazy["scenario"].values.tolist() == ["unchanged", "mehr"]


@pytest.mark.parametrize("chance", [None, RATES])
@pytest.mark.parametrize("chunks", [1, 3, 7])
def test_draws_have_the_same_bits_in_any_chunks(
    stock: xr.Dataset, rates: xr.Dataset, chance: Uncertainty | None, chunks: int
) -> None:
    """Quantiles of the areas and of their sum, with whole persons and with real numbers."""
    given = {"until": START + 3, "draws": 40, "seed": 5, "uncertainty": chance, "exceed": {"insgesamt": 900.0}}
    whole = project_draws(stock, rates, **given)
    assert_same(whole, project_draws(stock.chunk(area=chunks), rates.chunk(area=2), **given).compute())


def test_draws_come_with_a_projection(stock: xr.Dataset, rates: xr.Dataset) -> None:
    whole = project(stock, rates, [None, MORE], until=START + 2, draws=10)
    lazy = project(stock.chunk(area=3), rates, [None, MORE], until=START + 2, draws=10).compute()
    assert_same(whole.drop_vars("scenario"), lazy.drop_vars("scenario"))


def test_trajectories_are_cut_along_areas_and_draws(stock: xr.Dataset, rates: xr.Dataset) -> None:
    with dask.config.set({"array.chunk-size": "300kB"}):
        lazy = draw_trajectories(stock.chunk(area=3), rates, until=START + 2, draws=9)
    assert len(lazy.chunks["draw"]) > 1
    assert_same(draw_trajectories(stock, rates, until=START + 2, draws=9), lazy.compute())


def test_draws_of_a_city_are_cut_along_draws(towns: list[tuple[xr.Dataset, xr.Dataset, dict[str, object]]]) -> None:
    stock, rates, plan = towns[0]
    with dask.config.set({"array.chunk-size": "300kB"}):
        lazy = draw_trajectories(stock.chunk(), rates, until=START + 3, draws=9, **plan)
    assert len(lazy.chunks["draw"]) > 1
    assert_same(draw_trajectories(stock, rates, until=START + 3, draws=9, **plan), lazy.compute())


def test_sums_do_not_depend_on_the_order_of_the_areas() -> None:
    numbers = np.random.default_rng(1).random((5000, 3)) * 10.0 ** np.random.default_rng(2).integers(-6, 7, (5000, 1))
    parts = [halves(row) for row in numbers]
    forwards, backwards = np.add.reduce(parts), np.add.reduce(parts[::-1])
    by_block = np.add.reduce([np.add.reduce(parts[k : k + 7]) for k in range(0, 5000, 7)])
    assert np.array_equal(whole_of(forwards), whole_of(backwards))
    assert np.array_equal(whole_of(forwards), whole_of(by_block))
    np.testing.assert_allclose(whole_of(forwards), [sum(map(float, column)) for column in numbers.T], rtol=1e-12)
    assert not np.array_equal(np.add.reduce(numbers), np.add.reduce(numbers[::-1]))  # otherwise this proves nothing


# --- cities of their own


def test_every_city_is_projected_on_its_own(
    towns: list[tuple[xr.Dataset, xr.Dataset, dict[str, object]]], land: tuple[xr.Dataset, xr.Dataset]
) -> None:
    plan = {"erstbezug": towns[0][2]["erstbezug"], "sondergruppen": towns[1][2]["sondergruppen"]}
    together = project(*land, until=UNTIL, **plan)
    only = [{"erstbezug": plan["erstbezug"]}, {"sondergruppen": plan["sondergruppen"]}, {}]
    for k, ((stock, rates, _), own) in enumerate(zip(towns, only, strict=True)):
        alone = project(stock, rates, until=UNTIL, **own)
        here = together.isel(area=slice(3 * k, 3 * k + 3))
        for name in together:
            there = alone[name].values if name in alone else 0.0
            assert np.array_equal(here[name].values, np.broadcast_to(there, here[name].shape)), name
    assert check_balance(together) < 1e-12
    stock, rates = land
    lazy = project(stock.chunk(area=cut(stock, 4)), rates.chunk(area=2), until=UNTIL, **plan)
    assert_same(together, lazy.compute())


def test_cities_need_not_stand_together_when_nothing_is_cut(land: tuple[xr.Dataset, xr.Dataset]) -> None:
    stock, rates = land
    mixed = stock.isel(area=[0, 3, 6, 1, 4, 7, 2, 5, 8])
    assert_same(project(stock, rates, until=UNTIL).sel(area=mixed["area"]), project(mixed, rates, until=UNTIL))
    with pytest.raises(EngineError, match=r"stehen nicht beieinander(.|\n)*Stadt: Stadt 0"):
        cut(mixed, 3)


def test_draws_of_cities(land: tuple[xr.Dataset, xr.Dataset]) -> None:
    stock, rates = land
    whole = project_draws(stock, rates, until=START + 2, draws=20)
    lazy = project_draws(stock.chunk(area=cut(stock, 3)), rates, until=START + 2, draws=20)
    assert_same(whole, lazy.compute())


def test_eckwerte_belong_to_their_city(land: tuple[xr.Dataset, xr.Dataset]) -> None:
    stock, rates = land
    free = project(stock, rates, until=START + 2)["population"].sum(["nationality", "sex", "age"])
    kreis = dict(zip(stock["area"].values.tolist(), stock["city"].values.tolist(), strict=True))
    wanted = 1.01 * free.isel(year_end=slice(1, None)).groupby("city").sum().rename(city="kreis")
    by_city = Eckwert("Kreise", wanted, groups={"kreis": ("area", kreis)})
    whole = project(stock, rates, until=START + 2, eckwerte=[by_city])
    reached = whole["population"].sum(["nationality", "sex", "age"]).groupby("city").sum()
    np.testing.assert_allclose(reached.isel(year_end=slice(1, None)).values, wanted.values, rtol=1e-9)
    lazy = project(stock.chunk(area=cut(stock, 3)), rates, until=START + 2, eckwerte=[by_city])
    assert_same(whole, lazy.compute())
    everywhere = Eckwert("Land", xr.DataArray([1000.0], {"year_end": [START + 2]}))
    with pytest.raises(EngineError, match=r"„Land“ gilt für mehrere Städte(.|\n)*Stadt 0"):
        project(stock, rates, until=START + 2, eckwerte=[everywhere])


# --- what is refused


def test_chunks_that_cut_a_city_are_named(land: tuple[xr.Dataset, xr.Dataset]) -> None:
    stock, rates = land
    with pytest.raises(EngineError, match=r"zerschneiden Städte(.|\n)*Stadt: Stadt 1, Teile: 1, 2(.|\n)*cut\(inputs"):
        project(stock.chunk(area=(4, 5)), rates, until=UNTIL)
    with pytest.raises(EngineError, match=r"in 3 Teile geschnitten(.|\n)*chunk\(area=-1\)"):
        project(stock.drop_vars("city").chunk(area=3), rates, until=UNTIL)


def test_a_statement_that_touches_no_area_at_all_is_refused(stock: xr.Dataset, rates: xr.Dataset) -> None:
    late = Scenario.from_toml('name = "alt"\n[[annahme]]\ngroesse = "geburten"\nprozent = 5\nalter = "0-3"')
    with pytest.raises(ScenarioError, match="jeder Wert null"):
        project(stock.chunk(area=3), rates, late, until=UNTIL)
    unknown = Scenario.from_toml('name = "x"\n[[annahme]]\ngroesse = "zuzuege"\nprozent = 5\ngebiete = ["99"]')
    with pytest.raises(ScenarioError, match="99"):
        project(stock.chunk(area=3), rates, unknown, until=UNTIL)


def test_a_statement_that_touches_one_part_only(stock: xr.Dataset, rates: xr.Dataset) -> None:
    """Nobody moves into the first areas: that the change does nothing there is no mistake."""
    empty = rates.assign(in_moves=rates["in_moves"].where(rates["area"] > "02", 0.0))
    young = Scenario.from_toml('name = "jung"\n[[annahme]]\ngroesse = "zuzuege"\nprozent = 5\nalter = "18-29"')
    whole = project(stock, empty, young, until=UNTIL)
    assert_same(whole, project(stock.chunk(area=3), empty.chunk(area=3), young, until=UNTIL).compute())


def test_missing_areas_and_rules_for_totals(stock: xr.Dataset, rates: xr.Dataset) -> None:
    with pytest.raises(EngineError, match=r"nicht dieselben Gebiete(.|\n)*Gebiet: 06"):
        project(stock.chunk(area=3), rates.isel(area=slice(6)), until=UNTIL)
    history = stock.assign_coords(city=("area", list("aaabbbb")))
    with pytest.raises(EngineError, match=r"Gesamtzahlen(.|\n)*rates_to_totals"):
        project(history.chunk(area=(3, 4)), rates, until=UNTIL, totals="unchanged")


def test_impossible_values_are_named_by_the_part_that_has_them(stock: xr.Dataset, rates: xr.Dataset) -> None:
    wrong = rates.assign(death_prob=rates["death_prob"].where(rates["area"] != "05", 1.5))
    lazy = project(stock.chunk(area=3), wrong.chunk(area=3), until=UNTIL)
    with pytest.raises(EngineError, match=r"außerhalb von 0 bis 1(.|\n)*Gebiet: 05"):
        lazy.compute()


def test_intervals_take_chunked_stocks() -> None:
    from zwkprognose import load_example

    inputs = load_example("berlin").isel(area=slice(40))
    limits = intervals(inputs.chunk(area=7), [2025], levels=[0.8])
    assert_same(intervals(inputs, [2025], levels=[0.8]), limits.compute())


@pytest.mark.parametrize("given", [[], [None, None], [MORE, MORE], "mehr", ["mehr"], 3])
def test_scenarios_are_refused_in_parts_as_they_are_in_one_piece(
    stock: xr.Dataset, rates: xr.Dataset, given: object
) -> None:
    said = []
    for inputs in (stock, stock.chunk(area=3), stock.chunk(area=-1)):
        with pytest.raises(EngineError) as caught:
            project(inputs, rates, given, until=UNTIL)
        said.append(str(caught.value))
    assert len(set(said)) == 1


@pytest.mark.parametrize("draw", [project_draws, draw_trajectories])
@pytest.mark.parametrize("chunks", [None, 3, -1])
def test_nothing_is_drawn_under_a_list_of_scenarios(
    stock: xr.Dataset, rates: xr.Dataset, draw: Callable[..., xr.Dataset], chunks: int | None
) -> None:
    inputs = stock if chunks is None else stock.chunk(area=chunks)
    with pytest.raises(EngineError, match="unter einem Szenario, nicht unter einer Liste"):
        draw(inputs, rates, [None, MORE], until=UNTIL, draws=4)
