"""Goals are reached exactly, in the unit in which they are stated."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios import Scenario, apply_scenario
from zwkprognose.scenarios.levels import level, life_expectancy

YEARS = range(2021, 2031)


def scenario(body: str) -> Scenario:
    return Scenario.from_toml(f'name = "probe"\n[[annahme]]\n{body}')


@pytest.fixture
def stock(rates: xr.Dataset) -> xr.DataArray:
    """Twice as many people in the first quarter as in the second, nobody over 85 in the second."""
    persons = xr.ones_like(rates["in_moves"]) * xr.DataArray([200.0, 100.0], coords={"area": ["0101", "0102"]})
    persons.loc[{"area": "0102", "age": slice(86, None)}] = 0.0
    return persons


@pytest.fixture
def varied(rates: xr.Dataset) -> xr.Dataset:
    """Rates of realistic shape that differ between the quarters."""
    ages = rates["age"]
    q = (0.00005 * np.exp(0.09 * ages)).assign_coords(age=ages)
    women = xr.where((ages >= 15) & (ages < 45), 0.05, 0.0)
    areas = xr.DataArray([1.0, 1.4], coords={"area": ["0101", "0102"]}, dims="area")
    return rates.assign(
        death_prob=(q * areas * xr.DataArray([0.9, 1.2], coords={"sex": rates["sex"]}, dims="sex")).transpose(
            "area", "sex", "age"
        ),
        fertility_rate=(women * areas).transpose("area", "age"),
    )


def tfr(values: xr.DataArray) -> xr.DataArray:
    """By hand: two thirds of the women live in the first quarter."""
    return (2 * values.sel(area="0101").sum("age") + values.sel(area="0102").sum("age")) / 3


def test_the_birth_rate_of_the_city_glides_to_its_goal(varied: xr.Dataset, stock: xr.DataArray) -> None:
    goal = scenario('groesse = "geburten"\nziel = 2.0\nverlauf = "gleitend"\nbis = 2025')
    reached = tfr(apply_scenario(varied, goal, YEARS, stock=stock)["fertility_rate"])
    now = (2 * 1.5 + 2.1) / 3
    np.testing.assert_allclose(reached, [now + (2 - now) * w for w in (0.2, 0.4, 0.6, 0.8, 1, 1, 1, 1, 1, 1)])


def test_at_an_age_without_women_the_quarters_count_the_same(varied: xr.Dataset, stock: xr.DataArray) -> None:
    """Women of 30 count by quarter as before at every age but 30, which nobody reaches: there both weigh a half."""
    stock.loc[{"age": 29}] = 0.0
    goal = scenario('groesse = "geburten"\nziel = 2.0')
    reached = apply_scenario(varied, goal, YEARS, stock=stock)["fertility_rate"].isel(year=0)
    mean = reached.sel(age=30).mean("area")
    others = tfr(reached.sel(age=[age for age in reached["age"].values if age != 30]))
    assert float(mean + others) == pytest.approx(2.0)


def test_the_ratio_between_areas_stays(varied: xr.Dataset, stock: xr.DataArray) -> None:
    goal = scenario('groesse = "geburten"\nziel = 2.0')
    rates = apply_scenario(varied, goal, YEARS, stock=stock)["fertility_rate"].sel(age=30)
    np.testing.assert_allclose(rates.sel(area="0102") / rates.sel(area="0101"), 1.4)


def test_a_goal_for_one_area_leaves_the_other(varied: xr.Dataset, stock: xr.DataArray) -> None:
    goal = scenario('groesse = "geburten"\nziel = 1.8\ngebiete = ["Hafen"]\nvon = 2025\nbis = 2026')
    rates = apply_scenario(varied, goal, YEARS, stock=stock)["fertility_rate"].sum("age")
    np.testing.assert_allclose(rates.sel(area="0102"), 2.1)
    np.testing.assert_allclose(rates.sel(area="0101"), [1.5] * 4 + [1.8] * 2 + [1.5] * 4)


def test_life_expectancy_reaches_its_goal(varied: xr.Dataset, stock: xr.DataArray) -> None:
    goal = scenario('groesse = "sterblichkeit"\ngeschlecht = "w"\nziel = 84.0\nverlauf = "gleitend"\nbis = 2030')
    result = apply_scenario(varied, goal, YEARS, stock=stock)["death_prob"]
    women = result["sex"] == "female"
    reached = level("sterblichkeit", result, women, stock)
    assert float(reached.sel(year=2030)) == pytest.approx(84.0, abs=1e-9)
    steps = np.diff(reached)
    np.testing.assert_allclose(steps, steps[0], rtol=1e-6)
    for year in YEARS:
        xr.testing.assert_allclose(
            result.sel(year=year, sex="male", drop=True), varied["death_prob"].sel(sex="male", drop=True)
        )


def test_life_expectancy_of_a_constant_risk_is_known() -> None:
    """With the same probability q at every age, L0 = 1 − q and every later year is (1 − q) times the last."""
    q = xr.DataArray(np.full(101, 0.02), coords={"age": np.arange(101)}, dims="age")
    assert float(life_expectancy(q)) == pytest.approx(0.98 / 0.02)


def test_in_moves_reach_a_number_of_persons(rates: xr.Dataset, stock: xr.DataArray) -> None:
    goal = scenario('groesse = "zuzuege"\nziel = 500\nalter = "18-29"\ngebiete = ["0102"]')
    moves = apply_scenario(rates, goal, YEARS, stock=stock)["in_moves"].sel(area="0102", age=slice(18, 29))
    np.testing.assert_allclose(moves.sum(["nationality", "sex", "age"]), 500)


def test_out_moves_reach_a_share_of_the_population(rates: xr.Dataset, stock: xr.DataArray) -> None:
    goal = scenario('groesse = "fortzuege"\nziel = 10')
    result = apply_scenario(rates, goal, YEARS, stock=stock)["out_prob"]
    np.testing.assert_allclose(result, 0.1)


def test_relative_changes_act_on_top_of_goals(varied: xr.Dataset, stock: xr.DataArray) -> None:
    body = 'groesse = "geburten"\nfaktor = 1.1\n[[annahme]]\ngroesse = "geburten"\nziel = 2.0'
    reached = tfr(apply_scenario(varied, scenario(body), YEARS, stock=stock)["fertility_rate"])
    np.testing.assert_allclose(reached, 2.2)


def test_two_goals_for_the_same_cells_contradict(varied: xr.Dataset, stock: xr.DataArray) -> None:
    two = 'groesse = "geburten"\nziel = 2.0\n[[annahme]]\ngroesse = "geburten"\nziel = 1.5\ngebiete = ["0102"]\n'
    with pytest.raises(ScenarioError, match=r"Zeile 5, annahme 2: .* schon einen Zielwert"):
        apply_scenario(varied, scenario(two), YEARS, stock=stock)
    apart = two.replace("ziel = 2.0", "ziel = 2.0\nbis = 2024") + "von = 2025"
    apply_scenario(varied, scenario(apart), YEARS, stock=stock)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('groesse = "sterblichkeit"\nziel = 300\ngeschlecht = "w"', "lassen sich mit diesen Raten nicht erreichen"),
        ('groesse = "geburten"\nziel = 2', "dazu fehlt der Bestand"),
    ],
)
def test_impossible_goals_are_refused(varied: xr.Dataset, stock: xr.DataArray, body: str, sentence: str) -> None:
    given = None if "Bestand" in sentence else stock
    with pytest.raises(ScenarioError, match=sentence):
        apply_scenario(varied, scenario(body), YEARS, stock=given)


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ('groesse = "sterblichkeit"\nziel = 84', "je Geschlecht anzugeben"),
        ('groesse = "geburten"\nziel = 2\nalter = "20-29"', "gilt für alle Alter"),
        ('groesse = "geburten"\nziel = 2\nverlauf = "jaehrlich"', "nicht „jaehrlich“"),
        ('groesse = "geburten"\nziel = 2\nfaktor = 2', "genau eine der Angaben"),
    ],
)
def test_goals_that_say_too_much_or_too_little(body: str, sentence: str) -> None:
    with pytest.raises(ScenarioError, match=sentence):
        scenario(body)


@pytest.mark.parametrize("before", [0.1, 1.0])
def test_a_life_expectancy_without_end_is_no_start_for_a_goal(
    varied: xr.Dataset, stock: xr.DataArray, before: float
) -> None:
    """Nobody of the open age group dies; with 1 before it, nobody reaches it either."""
    q, oldest = varied["death_prob"], varied["age"].values[-1]
    q = xr.where(q["age"] == oldest, 0.0, xr.where(q["age"] == oldest - 1, before, q)).transpose(*q.dims)
    goal = scenario('groesse = "sterblichkeit"\ngeschlecht = "w"\nziel = 84.0\nverlauf = "gleitend"\nbis = 2030')
    with pytest.raises(ScenarioError, match="lassen sich mit diesen Raten nicht erreichen"):
        apply_scenario(varied.assign(death_prob=q), goal, YEARS, stock=stock)
