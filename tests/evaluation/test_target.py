"""Targets: the answer, put into the engine, reaches the goal."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from support.cities import City, rates_of, stock_of, with_moves

from zwkprognose.engine import project
from zwkprognose.errors import EngineError, ScenarioError
from zwkprognose.evaluation.case import Case
from zwkprognose.evaluation.target import Answer, reach
from zwkprognose.examples import load_example
from zwkprognose.rates import estimate_rates
from zwkprognose.scenarios import Scenario


@pytest.fixture(scope="module")
def town() -> Case:
    inputs = load_example("bremerhaven")
    return Case(inputs, estimate_rates(inputs), Scenario.bundled("middle"))


@pytest.fixture(scope="module")
def quarters() -> Case:
    inputs = load_example("berlin")
    rates = estimate_rates(inputs)
    few = inputs["area"].values[:5]
    return Case(inputs.sel(area=few), rates.sel(area=few))


def reached(case: Case, answer: Answer, year: int, **where: object) -> float:
    run = project(case.inputs, case.rates, answer.scenario, until=year)["population"].sel(year_end=year)
    return float(run.sel(**where).sum())


@pytest.mark.parametrize(
    ("lever", "options"), [("zuzuege", {}), ("wohnungen", {"outside_share": 0.7}), ("halten", {"lever_ages": "18-30"})]
)
def test_the_answer_reaches_the_goal(town: Case, lever: str, options: dict[str, object]) -> None:
    answer = reach(town, persons=121_000, year=2035, lever=lever, **options)  # type: ignore[arg-type]
    assert answer.reachable
    assert reached(town, answer, 2035) == pytest.approx(121_000, abs=0.05)
    assert answer.without < 121_000
    assert "121.000 Personen am 31.12.2035" in answer.text
    assert "„Mittlere Variante“" in answer.text


def test_a_goal_for_an_age_band_in_some_areas(quarters: Case) -> None:
    where = {"area": quarters.inputs["area"].values[:2], "age": slice(18, 29)}
    now = float(quarters.inputs["population"].isel(year_end=-1).sel(**where).sum())
    answer = reach(quarters, persons=1.5 * now, year=2030, areas=list(where["area"]), ages=(18, 29), lever_ages="18-29")
    assert answer.reachable
    assert reached(quarters, answer, 2030, **where) == pytest.approx(1.5 * now, abs=0.05)
    outside = answer.scenario.attraction[0]
    assert outside.areas == tuple(where["area"])


def test_dwellings_of_the_case_stay(quarters: Case) -> None:
    planned = Scenario.from_document({"name": "plan", "erstbezug": [
        {"name": "Hafen", "gebiet": "0101", "wohnungen": 500, "von": 2024, "anteil_von_aussen": 0.5}]})  # fmt: skip
    case = Case(quarters.inputs, quarters.rates, planned)
    base = float(project(case.inputs, case.rates, planned, until=2030)["population"].sel(year_end=2030).sum())
    answer = reach(case, persons=base + 3000, year=2030, lever="wohnungen", outside_share=1.0)
    assert answer.scenario.housing[0] == planned.housing[0]
    assert reached(case, answer, 2030) == pytest.approx(base + 3000, abs=0.05)


@pytest.mark.parametrize(("lever", "options"), [("zuzuege", {}), ("wohnungen", {"outside_share": 1.0})])
def test_net_migration_counts_everybody_who_comes_or_goes(lever: str, options: dict[str, float]) -> None:
    """In one of three areas: across the line of the city, from and to the other areas, and into new dwellings."""
    city = City(areas=3, groups=2, open_age=90, seed=2)
    stock = stock_of(city, least=1.0)
    case = Case(stock, with_moves(rates_of(city), city, "pool"))
    free = project(stock, case.rates, until=2025)["population"].sel(year_end=2025, area="01").sum()
    answer = reach(case, persons=1.05 * float(free), year=2025, areas=["01"], lever=lever, **options)
    assert answer.reachable
    flows = project(stock, case.rates, answer.scenario, until=2025).sel(area="01").sum()
    come = flows["in_moves"] + flows["moves_in"] + (flows["erstbezug"] if lever == "wohnungen" else 0)
    assert float(come - flows["out_moves"] - flows["moves_out"]) / 5 == pytest.approx(answer.net_migration, abs=0.01)


def test_what_no_setting_can_reach_is_said(town: Case) -> None:
    answer = reach(town, persons=500_000, year=2030, lever="halten")
    assert not answer.reachable
    assert answer.value == 100
    assert "ist es nicht erreichbar" in answer.text
    few = reach(town, persons=50_000, year=2030)
    assert not few.reachable
    assert few.value == 0
    assert "keine zusätzliche Änderung nötig" in few.text


def test_unknown_areas_are_refused(town: Case) -> None:
    with pytest.raises(ScenarioError, match="„Bremerhafen“"):
        reach(town, persons=1, year=2030, areas=["Bremerhafen"])


@pytest.mark.shared
def test_kreis_dueren_with_300_000_people(shared: object) -> None:
    """280,726 persons (register, 31.12.2023) with the ages of 31.12.2020; no migration is known, so that the
    answer needs the model schedule. Births less deaths are negative: the net migration must exceed the gap."""
    case = _dueren(shared)
    assert float(case.inputs["population"].sum()) == pytest.approx(280_726)
    answer = reach(case, persons=300_000, year=2040)
    assert answer.reachable
    assert reached(case, answer, 2040) == pytest.approx(300_000, abs=0.05)
    assert answer.net_migration > (300_000 - 280_726) / 17
    assert "Rogers und Castro" in answer.text


def _dueren(shared: object) -> Case:
    from zwkprognose.inputs import build_inputs
    from zwkprognose.tables import read_table

    table = read_table(next((shared / "data" / "kreise").glob("*12411-04-02*2020*")))  # type: ignore[operator]
    inputs = build_inputs(table, areas="05358")
    inputs = (inputs * (280_726 / inputs["population"].sum())).assign_coords(year_end=[2023])
    return Case(inputs, estimate_rates(inputs, migration="none"))


def test_the_solution_is_a_straight_line_for_arrivals(town: Case) -> None:
    one, two = (reach(town, persons=p, year=2030) for p in (118_000, 119_000))
    three = reach(town, persons=120_000, year=2030)
    assert np.isclose(two.value - one.value, three.value - two.value, rtol=1e-4)
    assert isinstance(three.net_migration, float)
    assert xr.DataArray(three.value).item() > two.value


def test_dwellings_that_would_empty_other_areas_end_the_search() -> None:
    """More dwellings than the largest number would take more people from other areas than live there."""
    city = City(areas=3, groups=2, open_age=90, seed=2)
    case = Case(stock_of(city, 1.0), with_moves(rates_of(city), city, "pool"))
    start = float(case.inputs["population"].isel(year_end=-1).sel(area="01").sum())
    near = reach(case, persons=1.05 * start, year=2025, areas=["01"], lever="wohnungen")
    if near.reachable:
        assert abs(reached(case, near, 2025, area="01") - 1.05 * start) < 0.02
    far = reach(case, persons=50 * start, year=2025, areas=["01"], lever="wohnungen")
    assert not far.reachable
    assert far.value == far.bounds[1]
    assert "nicht erreichbar" in far.text
    assert far.text.count("Bei mehr gingen irgendwo mehr Personen fort, als da sind.") == 1
    assert abs(reached(case, far, 2025, area="01") - far.persons) < 0.02
    more = far.scenario.model_copy(update={"housing": tuple(
        h.model_copy(update={"dwellings": 1.001 * h.dwellings}) for h in far.scenario.housing
    )})  # fmt: skip
    with pytest.raises(EngineError, match="als da sind"):
        project(case.inputs, case.rates, more, until=2025)
