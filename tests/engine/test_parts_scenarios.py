"""Scenarios in parts: what speaks of all areas together gives every part the bits it has in one piece."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from distributed import Client, LocalCluster
from support.cities import START, City, rates_of, stock_of, with_moves

from zwkprognose import Scenario
from zwkprognose.cluster import open_parts, run_parts
from zwkprognose.engine import Erstbezug, check_balance, cut, draw_trajectories, project, project_draws
from zwkprognose.errors import EngineError, OutputError, ScenarioError, ScenarioWarning

UNTIL = START + 5
CITY = City(areas=7, groups=2, open_age=40, seed=3)

#: Statements whose numbers belong to all areas that they select, in one part or in several.
TOGETHER = {
    "children per woman": '[[annahme]]\ngroesse = "geburten"\nziel = 1.4',
    "of some areas, gliding": '[[annahme]]\ngroesse = "geburten"\nziel = 1.9\ngebiete = ["02", "05", "06"]\n'
    'verlauf = "gleitend"\ndauer = 4',
    "life expectancy": '[[annahme]]\ngroesse = "sterblichkeit"\nziel = {life}\ngeschlecht = "w"',
    "in-moves and then more": '[[annahme]]\ngroesse = "zuzuege"\nziel = 900\nalter = "18-29"\n'
    '[[annahme]]\ngroesse = "zuzuege"\nprozent = 10\ngebiete = ["03"]',
    "who leaves": '[[annahme]]\ngroesse = "fortzuege"\nziel = 4.5\nstaatsangehoerigkeit = "foreign"',
    "attracted": '[[anziehen]]\npersonen = 100\ngebiete = ["01", "04", "06"]\nvon = {second}',
    "an event, by the standard schedule": '[[ereignis]]\nname = "Zuflucht"\npersonen = 333\nprofil = "standard"\n'
    "von = {second}\ndauer = 2",
    "everything": '[[annahme]]\ngroesse = "geburten"\nziel = 1.4\n[[annahme]]\ngroesse = "zuzuege"\nziel = 900\n'
    '[[anziehen]]\npersonen = 50\ngebiete = ["06"]\n[[halten]]\nprozent = 5\ngebiete = ["01"]\n'
    '[[ereignis]]\nname = "Hochschule"\npersonen = 80\nalter = "18-25"\ngebiete = ["02", "03"]',
}  # fmt: skip


def scenario(statements: str, name: str = "gemeinsam") -> Scenario:
    return Scenario.from_toml(f'name = "{name}"\n' + statements.format(life=28.5, second=START + 2))


def assert_same(whole: xr.Dataset, lazy: xr.Dataset) -> None:
    """The same variables with the same bits, types and axes."""
    assert set(whole.data_vars) == set(lazy.data_vars)
    for name, values in whole.data_vars.items():
        found = lazy[name]
        assert (found.dims, found.dtype) == (values.dims, values.dtype), name
        assert np.array_equal(found.values, values.values), name


@pytest.fixture(scope="module")
def stock() -> xr.Dataset:
    return stock_of(CITY)


@pytest.fixture(scope="module", params=["constant", "yearly"])
def rates(request: pytest.FixtureRequest) -> xr.Dataset:
    return rates_of(CITY, range(START + 1, UNTIL + 1) if request.param == "yearly" else None)


# --- goals and additional persons


@pytest.mark.parametrize("said", TOGETHER.values(), ids=TOGETHER.keys())
def test_what_belongs_to_all_areas_has_the_same_bits_in_parts(stock: xr.Dataset, rates: xr.Dataset, said: str) -> None:
    whole = project(stock, rates, scenario(said), until=UNTIL)
    unchanged = project(stock, rates, until=UNTIL)
    assert not np.array_equal(whole["population"].values, unchanged["population"].values)
    for chunks in (1, 3):
        lazy = project(stock.chunk(area=chunks), rates.chunk(area=2), scenario(said), until=UNTIL)
        assert lazy.chunks["area"][0] == chunks
        assert_same(whole, lazy.compute(scheduler="threads", num_workers=2))
        assert lazy.attrs["provenance"] == whole.attrs["provenance"]


def test_several_such_scenarios_at_once(stock: xr.Dataset) -> None:
    rates = rates_of(CITY)
    several = [None, scenario(TOGETHER["everything"], "alles"), scenario(TOGETHER["life expectancy"], "leben")]
    whole = project(stock, rates, several, until=UNTIL)
    assert_same(whole, project(stock.chunk(area=2), rates, several, until=UNTIL).compute())


def test_draws_under_such_a_scenario(stock: xr.Dataset) -> None:
    rates, wanted = rates_of(CITY), scenario(TOGETHER["everything"])
    whole = project_draws(stock, rates, wanted, until=START + 2, draws=12)
    assert_same(whole, project_draws(stock.chunk(area=3), rates, wanted, until=START + 2, draws=12).compute())
    paths = draw_trajectories(stock, rates, wanted, until=START + 2, draws=3)
    assert_same(paths, draw_trajectories(stock.chunk(area=3), rates, wanted, until=START + 2, draws=3).compute())


def test_a_projection_that_goes_on_keeps_its_goals(stock: xr.Dataset) -> None:
    """The second half is measured by the stock with which the first began."""
    rates, wanted = rates_of(CITY), scenario(TOGETHER["of some areas, gliding"])
    half = project(stock, rates, wanted, until=START + 2)
    whole = project(half, rates, wanted, until=UNTIL)
    assert_same(whole, project(half.chunk(area=3), rates, wanted, until=UNTIL).compute())


def test_the_numbers_are_those_that_were_asked_for(stock: xr.Dataset) -> None:
    """By hand: in-moves sum to the goal, and a hundred more come."""
    rates = rates_of(CITY)
    goal = scenario('[[annahme]]\ngroesse = "zuzuege"\nziel = 900')
    lazy = project(stock.chunk(area=2), rates, goal, until=START + 1).compute()
    assert float(lazy["in_moves"].sum()) == pytest.approx(900, rel=1e-12)
    more = project(stock.chunk(area=2), rates, scenario("[[anziehen]]\npersonen = 100"), until=START + 1).compute()
    before = float(project(stock, rates, until=START + 1)["in_moves"].sum())
    assert float(more["in_moves"].sum()) - before == pytest.approx(100, rel=1e-10)


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ('[[annahme]]\ngroesse = "zuzuege"\nziel = 9\n[[annahme]]\ngroesse = "zuzuege"\nziel = 8', "schon einen Ziel"),
        ('[[annahme]]\ngroesse = "sterblichkeit"\nziel = 500\ngeschlecht = "w"', "nicht erreichen"),
        ('[[anziehen]]\npersonen = 5\ngebiete = ["99"]', "99"),
        ('[[ereignis]]\nname = "a"\npersonen = 5\nvon = 1990\nbis = 1991', "gerechnet wird aber"),
    ],
)
def test_refused_in_parts_as_in_one_piece(stock: xr.Dataset, said: str, message: str) -> None:
    """At once, not when the parts are computed."""
    rates, texts = rates_of(CITY), []
    for inputs in (stock, stock.chunk(area=3)):
        with pytest.raises(ScenarioError, match=message) as caught:
            project(inputs, rates, scenario(said), until=UNTIL)
        texts.append(str(caught.value))
    assert texts[0] == texts[1]


# --- what is built, housed and held in one city

BUILT = (
    '[[erstbezug]]\nname = "Am Bach"\ngebiet = "101"\nwohnungen = 20\nvon = {second}\nanteil_von_aussen = 0.4\n'
    'alter = {{"0-17" = 0.3, "18+" = 0.7}}',
    '[[sondergruppe]]\nname = "Heim"\ngebiet = "202"\nplaetze = {{"{second}" = 12}}\nalter = {{"18-30" = 1.0}}',
    '[[eckwert]]\ngebiete = ["301", "302"]\npersonen = {{"{second}" = {held}}}',
)
LEVEL = '[[annahme]]\ngroesse = "fortzuege"\nprozent = -10\n[[annahme]]\ngroesse = "zuzuege"\nprozent = 5\n'


def town(seed: int) -> tuple[xr.Dataset, xr.Dataset]:
    own = City(3, 2, 40, seed)
    keys = [f"{seed}{area}" for area in own.coords["area"]]
    return tuple(d.assign_coords(area=keys) for d in (stock_of(own, 1.0), with_moves(rates_of(own), own, "pool")))


def land_of(towns: list[tuple[xr.Dataset, xr.Dataset]]) -> tuple[xr.Dataset, xr.Dataset]:
    stock, rates = (xr.concat([town[k] for town in towns], "area", data_vars="all") for k in (0, 1))
    return stock.assign_coords(city=("area", [f"Stadt {key[0]}" for key in stock["area"].values])), rates


def planned(which: int, stock: xr.Dataset) -> str:
    held = round(1.02 * float(stock["population"].isel(year_end=-1).sel(area=["301", "302"]).sum()), 1)
    return BUILT[which].format(second=START + 2, held=held)


@pytest.fixture(scope="module")
def towns() -> list[tuple[xr.Dataset, xr.Dataset]]:
    return [town(seed) for seed in (1, 2, 3)]


def test_what_a_scenario_plans_stays_in_its_city(towns: list[tuple[xr.Dataset, xr.Dataset]]) -> None:
    """Every city has the bits it has alone under its own statements."""
    stock, rates = land_of(towns)
    every = Scenario.from_toml('name = "x"\n' + LEVEL + "\n".join(planned(k, stock) for k in range(3)))
    found = {
        "at once": project(stock, rates, every, until=UNTIL),
        "in parts": project(stock.chunk(area=cut(stock, 3)), rates, every, until=UNTIL).compute(),
        "two of them": project(stock.chunk(area=cut(stock, 6)), rates.chunk(area=2), every, until=UNTIL).compute(),
    }
    for k, (own, own_rates) in enumerate(towns):
        alone = project(own, own_rates, Scenario.from_toml('name = "x"\n' + LEVEL + planned(k, stock)), until=UNTIL)
        for how, together in found.items():
            here = together.sel(area=own["area"])
            for name in together:
                there = alone[name].values if name in alone else 0.0
                assert np.array_equal(here[name].values, np.broadcast_to(there, here[name].shape)), (how, name)
    assert check_balance(found["at once"]) < 1e-12
    assert float(found["at once"]["erstbezug"].sum()) > 0 < float(found["at once"]["sondergruppe"].sum())


def test_plans_and_goals_of_several_scenarios(towns: list[tuple[xr.Dataset, xr.Dataset]]) -> None:
    """A component that takes place under one of them only is zero under the others."""
    stock, rates = land_of(towns)
    goal = scenario('[[annahme]]\ngroesse = "geburten"\nziel = 1.5', "ziel")
    home = Scenario.from_toml('name = "heim"\n' + planned(1, stock))
    whole = project(stock, rates, [None, goal, home], until=UNTIL)
    assert_same(whole, project(stock.chunk(area=3), rates, [None, goal, home], until=UNTIL).compute())
    assert float(abs(whole["sondergruppe"].sel(scenario="ziel")).sum()) == 0
    alone = project(stock, rates, home, until=UNTIL)
    assert np.array_equal(whole["population"].sel(scenario="heim").values, alone["population"].values)


def test_draws_of_cities_with_plans(towns: list[tuple[xr.Dataset, xr.Dataset]]) -> None:
    stock, rates = land_of(towns)
    every = Scenario.from_toml('name = "x"\n' + "\n".join(planned(k, stock) for k in range(3)))
    whole = project_draws(stock, rates, every, until=START + 2, draws=8)
    assert_same(whole, project_draws(stock.chunk(area=3), rates, every, until=START + 2, draws=8).compute())


def test_eckwerte_of_a_scenario_over_several_cities_are_named(towns: list[tuple[xr.Dataset, xr.Dataset]]) -> None:
    stock, rates = land_of(towns)
    everywhere = scenario('[[eckwert]]\npersonen = {{"{second}" = 3000}}')
    for inputs in (stock, stock.chunk(area=3)):
        with pytest.raises(EngineError, match=r"eckwert 1(.|\n)*mehrere Städte(.|\n)*Stadt 1(.|\n)*je Stadt angeben"):
            project(inputs, rates, everywhere, until=UNTIL)
    free = project(stock, rates, until=START + 2)["population"].sum(["nationality", "sex", "age"])
    most = 0.99 * float(free.isel(year_end=slice(1, None)).max())
    each = scenario(f'[[eckwert]]\nje = "gebiet"\nhoechstens = {most}')
    whole = project(stock, rates, each, until=START + 2)
    assert float(whole["population"].isel(year_end=-1).sum(["nationality", "sex", "age"]).max()) <= most + 1e-6
    assert_same(whole, project(stock.chunk(area=3), rates, each, until=START + 2).compute())
    with pytest.raises(EngineError, match=r"hängen voneinander ab(.|\n)*chunk\(area=-1\)"):
        project(stock.drop_vars("city").chunk(area=3), rates, each, until=UNTIL)


def test_dwellings_of_one_city_that_come_too_late(towns: list[tuple[xr.Dataset, xr.Dataset]]) -> None:
    """Of the plan of a call something is left as a whole, though nothing of it in one city; that is told once."""
    stock, rates = land_of(towns)
    built = xr.DataArray([[9.0, 0.0], [0.0, 9.0]], {"year": [START + 2, UNTIL + 9], "area": ["101", "201"]})
    own = City(3, 2, 40, 1)
    profile = xr.DataArray(np.full((2, 2, 41), 1 / 164), {d: own.coords[d] for d in ("nationality", "sex", "age")})
    plan = Erstbezug(built, 2.0, profile, 1.0)
    with pytest.warns(ScenarioWarning, match="ohne Wirkung"):
        whole = project(stock, rates, until=UNTIL, erstbezug=plan)
    with pytest.warns(ScenarioWarning, match="ohne Wirkung"):
        lazy = project(stock.chunk(area=3), rates, until=UNTIL, erstbezug=plan)
    assert_same(whole, lazy.compute())
    assert float(whole["erstbezug"].sum()) == pytest.approx(18)


# --- on workers


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with (
        LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0") as local,
        Client(local, set_as_default=False) as client,
    ):
        yield client


def test_workers_compute_goals_in_several_parts(stock: xr.Dataset, client: Client, tmp_path: Path) -> None:
    rates, wanted = rates_of(CITY), scenario(TOGETHER["everything"])
    stored = run_parts(stock, rates, wanted, until=UNTIL, out=tmp_path / "o", areas=2, scheduler=client)
    assert stored.chunks["area"] == (2, 2, 2, 1)
    whole = project(stock, rates, wanted, until=UNTIL)
    assert_same(whole, stored)
    assert stored.attrs["provenance"] == whole.attrs["provenance"]


def test_other_rates_are_another_run(stock: xr.Dataset, tmp_path: Path) -> None:
    """What goals are measured by goes into the checksum of a part, whose own rates are the same."""
    rates, wanted = rates_of(CITY), scenario(TOGETHER["children per woman"])
    run_parts(stock, rates, wanted, until=UNTIL, out=tmp_path, areas=3)
    other = rates.assign(fertility_rate=rates["fertility_rate"] * xr.where(rates["area"] == "06", 1.1, 1.0))
    again = run_parts(stock, other, wanted, until=UNTIL, out=tmp_path / "neu", areas=3)
    before = open_parts(tmp_path)["births"].sel(area="01")
    assert not np.array_equal(again["births"].sel(area="01").values, before.values)
    with pytest.raises(OutputError, match=r"anderen Laufs(.|\n)*Teil: 1"):
        run_parts(stock, other, wanted, until=UNTIL, out=tmp_path, areas=3)
