"""Several scenarios at once: the rates as they are among them, and each of them continued from its own stock."""

from __future__ import annotations

import json

import pytest
import xarray as xr
from support.cities import START, City, rates_of, stock_of, with_moves

from zwkprognose import check_balance, estimate_rates, load_example, project
from zwkprognose.errors import EngineError
from zwkprognose.scenarios import Scenario

TOWN = City(areas=4, groups=2, open_age=90, seed=3)
GROWTH = """
name = "growth"
titel = "Wachstum"
[[annahme]]
groesse = "zuzuege"
prozent = 2
verlauf = "jaehrlich"
[[annahme]]
groesse = "geburten"
ziel = 1.6
[[erstbezug]]
name = "Hafen"
gebiet = "01"
wohnungen = 6
von = 2022
bis = 2025
anteil_von_aussen = 0.5
[[eckwert]]
alter = "18-64"
personen = { 2024 = 6000 }
"""
DECLINE = """
name = "decline"
titel = "Rückgang"
[[annahme]]
groesse = "zuzuege"
prozent = -3
verlauf = "jaehrlich"
"""


@pytest.fixture(scope="module")
def stock():
    return stock_of(TOWN, least=1.0)


@pytest.fixture(scope="module")
def rates():
    return with_moves(rates_of(TOWN), TOWN, "pool")


@pytest.fixture(scope="module")
def scenarios():
    return [Scenario.from_toml(GROWTH), None, Scenario.from_toml(DECLINE)]


def same(one, other):
    """Equal in every component, bit for bit, in the years that both have."""
    assert set(one) == set(other)
    for name in one:
        axis = "year_end" if name == "population" else "year"
        xr.testing.assert_equal(one[name], other[name].sel({axis: one[axis]}))


def test_none_among_scenarios_are_the_rates_as_they_are(stock, rates, scenarios):
    many = project(stock, rates, scenarios, until=START + 6)
    assert many["scenario"].values.tolist() == ["growth", "unchanged", "decline"]
    assert json.loads(many["scenario"].attrs["titles"])["unchanged"] == "Unveränderte Verhältnisse"
    alone = project(stock, rates, until=START + 6)
    same(alone, many.sel(scenario="unchanged", drop=True)[list(alone)])
    assert (many["erstbezug"].sel(scenario="unchanged") == 0).all()


def test_each_scenario_is_continued_from_its_own_stock(stock, rates, scenarios):
    whole = project(stock, rates, scenarios, until=START + 10)
    later = project(project(stock, rates, scenarios, until=START + 4), rates, scenarios, until=START + 10)
    same(later, whole)
    assert check_balance(later) < 1e-12
    growth, unchanged, decline = later["population"].isel(year_end=0).sum(("area", "nationality", "sex", "age")).values
    assert len({growth, unchanged, decline}) == 3


@pytest.mark.parametrize("name", ["growth", "unchanged"])
def test_one_scenario_of_several_is_continued_alone(stock, rates, scenarios, name):
    chosen = next(s for s in scenarios if (s.name if s else "unchanged") == name)
    later = project(project(stock, rates, scenarios, until=START + 4), rates, chosen, until=START + 6)
    assert "scenario" not in later.dims
    same(later, project(stock, rates, chosen, until=START + 6))


def test_a_scenario_that_was_not_projected_cannot_be_continued(stock, rates, scenarios):
    growth, _, decline = scenarios
    earlier = project(stock, rates, [growth], until=START + 4)
    for other, name in ((decline, "decline"), (None, "unchanged")):
        with pytest.raises(EngineError, match=f"„{name}“.*frühere Prognose hat es aber nicht") as caught:
            project(earlier, rates, other, until=START + 6)
        assert caught.value.cells == ({"scenario": "growth"},)


def test_two_scenarios_of_one_name_are_refused(stock, rates, scenarios):
    with pytest.raises(EngineError, match="denselben Namen") as caught:
        project(stock, rates, [None, scenarios[0], Scenario.bundled("unchanged")], until=START + 2)
    assert caught.value.cells == ({"scenario": "unchanged"},)


def test_a_path_that_began_earlier_than_the_data_say_is_refused(stock, rates, scenarios):
    """Goals and yearly changes start from the first stock, which the second part of a projection no longer has."""
    growth = scenarios[0]
    second = project(project(stock, rates, growth, until=START + 4), rates, growth, until=START + 6)
    with pytest.raises(EngineError, match="selbst eine Fortsetzung") as caught:
        project(second, rates, growth, until=START + 9)
    assert str(START + 9) in caught.value.remedy


def test_without_scenarios_a_projection_is_continued_as_often_as_one_likes(stock, rates):
    part = stock
    for end in (START + 2, START + 5, START + 9):
        part = project(part, rates, until=end)
    same(part, project(stock, rates, until=START + 9))


def test_provenance_of_a_continued_projection_keeps_the_earlier_one(stock, rates, scenarios):
    stock = stock.assign_attrs(sources=json.dumps([{"file": "a.csv", "sha256": "00ff"}]))
    later = project(project(stock, rates, scenarios[0], until=START + 4), rates, scenarios[0], until=START + 6)
    told = json.loads(later.attrs["provenance"])
    assert told["sources"] == [{"file": "a.csv", "sha256": "00ff"}]
    assert [told[k] for k in ("start", "until")] == [START + 4, START + 6]
    assert [told["continues"][k] for k in ("start", "until")] == [START, START + 4]
    assert "sources" not in told["continues"]


def test_an_eckwert_out_of_reach_is_named_with_its_areas_and_ages() -> None:
    inputs = load_example("bremerhaven")
    rates = estimate_rates(inputs)
    area = str(inputs["area"].values[0])
    scenario = Scenario.from_toml(
        f'schema = 1\nname = "leer"\n[[eckwert]]\ngebiete = ["{area}"]\nalter = "65+"\npersonen = {{ 2026 = 0 }}\n'
    )
    with pytest.raises(EngineError, match="nicht erreichbar") as caught:
        project(inputs, rates, scenario, until=2026)
    assert area in str(caught.value)
    assert "ab 65 Jahren" in str(caught.value)
