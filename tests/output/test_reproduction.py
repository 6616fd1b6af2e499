"""Fertility, reproduction and life expectancy by hand, against the life table, and against the engine."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

import zwkprognose as zwk
from zwkprognose.errors import OutputError
from zwkprognose.national import death_prob, fertility_rate
from zwkprognose.output import indicators
from zwkprognose.scenarios import apply_scenario

AGES = np.arange(4)


def _town(stock: dict[str, list[float]]) -> tuple[xr.Dataset, xr.Dataset]:
    """One year of a town that stands still, and rates: two areas, women and men, ages 0 to 3 and over."""
    cells = np.array([[[counts, counts]] for counts in stock.values()], dtype=float)
    dims = ("year_end", "area", "nationality", "sex", "age")
    coords = {"area": list(stock), "nationality": ["total"], "sex": ["female", "male"], "age": AGES}
    births = cells[..., 0]
    projection = xr.Dataset(
        {"population": (dims, np.stack([cells, cells])), "births": (("year", *dims[1:4]), births[None])},
        coords | {"year_end": [2020, 2021], "year": [2021]},
    )
    rates = xr.Dataset(
        {
            "death_prob": (("sex", "age"), [[0.1, 0.2, 0.5, 0.5], [0.2, 0.2, 0.5, 1.0]]),
            "fertility_rate": (("area", "age"), [[0.0, 0.0, 0.5, 0.2], [0.0, 0.0, 0.1, 0.2]]),
        },
        coords,
    )
    return projection, rates


def test_by_hand() -> None:
    projection, rates = _town({"a": [10, 10, 10, 10], "b": [0, 0, 0, 0]})
    result = indicators(projection, rates=rates).isel(year=0, drop=True)
    assert result["total_fertility_rate"].values.tolist() == pytest.approx([0.7, 0.3])
    # survivors of women 0.9, 0.72, 0.36; the open group lives 0.36·0.5/0.5 more years. Men 0.8, 0.64, 0.32, none
    expected = {"female": 0.9 + 0.72 + 0.36 + 0.36, "male": 0.8 + 0.64 + 0.32}
    for sex, years in expected.items():
        assert result["life_expectancy"].sel(area="a", sex=sex).item() == pytest.approx(years)
    # girls 100/205, women alive halfway through the years of ages 2 and 3: (0.72 + 0.36)/2 and (0.36 + 0.18)/2
    daughters = 100 / 205 * (0.5 * 0.54 + 0.2 * 0.27)
    assert result["net_reproduction_rate"].sel(area="a").item() == pytest.approx(daughters)


def test_areas_count_with_their_women() -> None:
    """At age 2 there are 30 and 10 women, at age 3 and over 10 and 30 who came from age 2 or stayed."""
    projection, rates = _town({"a": [10, 30, 30, 10], "b": [10, 10, 10, 30]})
    city = indicators(projection, rates=rates, by=()).isel(year=0, drop=True)
    a2, b2 = (30 + 30) / 2, (10 + 10) / 2
    expected = (0.5 * a2 + 0.1 * b2) / (a2 + b2) + 0.2
    assert city["total_fertility_rate"].item() == pytest.approx(expected)
    share = xr.DataArray([0.5, 0.4], {"area": ["a", "b"]})
    fewer = indicators(projection, rates=rates.assign(female_birth_share=share), by=())["net_reproduction_rate"]
    assert fewer.item() / city["net_reproduction_rate"].item() == pytest.approx(0.45 * 205 / 100)


@pytest.mark.parametrize(("period", "girls", "boys"), [("2022/24", 83.2, 78.5), ("2018/20", 83.4, 78.6)])
def test_national_tables_give_their_published_life_expectancy(period: str, girls: float, boys: float) -> None:
    """Statistisches Bundesamt, life expectancy at birth of the Sterbetafeln, rounded to a tenth of a year."""
    inputs = zwk.load_example("bremerhaven")
    rates = zwk.estimate_rates(inputs, mortality="national", mortality_period=period)
    projection = zwk.project(inputs, rates, until=2024)
    found = indicators(projection, rates=rates, by=()).isel(year=0)["life_expectancy"]
    assert found.sel(sex="female").item() == pytest.approx(girls, abs=0.06)
    assert found.sel(sex="male").item() == pytest.approx(boys, abs=0.06)


def test_daughters_in_the_engine_are_the_net_reproduction_rate() -> None:
    """A thousand girls, followed until their childbearing is over and before a daughter has a child."""
    ages = np.arange(101)
    coords = {"area": ["a"], "nationality": ["total"], "sex": ["female", "male"], "age": ages}
    stock = np.zeros((1, 1, 1, 2, 101))
    stock[0, 0, 0, 0, 0] = 1000.0
    inputs = xr.Dataset({"population": (("year_end", *coords), stock)}, coords | {"year_end": [2020]})
    death = death_prob().reindex(age=ages).values
    birth = fertility_rate().reindex(age=ages, fill_value=0.0)
    birth = birth.where((birth["age"] >= 24) & (birth["age"] <= 40), 0.0)
    rates = xr.Dataset(
        {
            "death_prob": (("sex", "age"), death),
            "fertility_rate": ("age", birth.values),
            "out_prob": (tuple(coords), np.zeros(stock.shape[1:])),
            "in_moves": (tuple(coords), np.zeros(stock.shape[1:])),
        },
        coords,
    )
    projection = zwk.project(inputs, rates, until=2061)
    daughters = float(projection["births"].sel(sex="female").sum())
    survived = 1 - float(rates["death_prob"].sel(sex="female", age=0))
    rate = indicators(projection, rates=rates, by=())["net_reproduction_rate"].isel(year=0)
    assert daughters * survived / 1000 == pytest.approx(float(rate), rel=1e-9)


def test_a_scenario_changes_them_year_by_year() -> None:
    inputs = zwk.load_example("bremerhaven")
    rates = zwk.estimate_rates(inputs)
    document = 'name = "s"\n[[annahme]]\ngroesse = "geburten"\nprozent = 10\nvon = 2026\n'
    scenario = zwk.Scenario.from_toml(document)
    applied = apply_scenario(rates, scenario, range(2024, 2028))
    projection = zwk.project(inputs, rates, scenario, until=2027)
    tfr = indicators(projection, rates=applied, by=("nationality",))["total_fertility_rate"]
    ratio = tfr.sel(year=2026) / tfr.sel(year=2025)
    np.testing.assert_allclose(ratio, 1.1, rtol=0.02)
    assert tfr.dims == ("year", "nationality")


def test_what_does_not_fit_is_refused() -> None:
    projection, rates = _town({"a": [1, 1, 1, 1], "b": [1, 1, 1, 1]})
    with pytest.raises(OutputError, match="mehrere"):
        indicators(projection.expand_dims(scenario=["x", "y"]), rates=rates)
    with pytest.raises(OutputError, match="Frauen und Männer"):
        indicators(projection.sum("sex").expand_dims(sex=["total"]), rates=rates)


def test_an_open_group_that_never_dies_has_no_life_expectancy() -> None:
    projection, rates = _town({"a": [1, 1, 1, 1], "b": [1, 1, 1, 1]})
    rates["death_prob"].loc[{"age": 3}] = 0.0
    assert indicators(projection, rates=rates)["life_expectancy"].isnull().all()
