"""Hindcasts: nothing leaks, references are what they say, bad input is named."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import pytest
import xarray as xr

from zwkprognose.errors import EvaluationError, RatesError
from zwkprognose.evaluation import METHODS, Forecast, History, city_page, hindcast, history_of, over_launches, score
from zwkprognose.evaluation.cohorts import city_ratios, observed_cohorts, project_ages, shrunk_ratios
from zwkprognose.evaluation.library import Library, all_methods
from zwkprognose.evaluation.methods import between_steps
from zwkprognose.evaluation.page import skill_rows
from zwkprognose.evaluation.ratios import base_stock
from zwkprognose.examples import load_example
from zwkprognose.rates.totals import RULES, estimate_totals


@pytest.fixture(scope="module")
def town(berlin: xr.DataArray) -> xr.DataArray:
    """Sixty areas of Berlin."""
    return berlin.isel(area=slice(0, 60))


def test_later_data_move_nothing(town: xr.DataArray) -> None:
    before = hindcast(town, [2008, 2010], [2, 5], eckwert=["none", "trend"])
    later = town.copy(deep=True)
    unknown = {"year_end": slice(2011, None)}
    later.loc[unknown] *= np.random.default_rng(1).uniform(0.1, 9, later.sel(unknown).shape)
    after = hindcast(later, [2008, 2010], [2, 5], eckwert=["none", "trend"])
    for name in ("forecast", "forecast_ages"):
        xr.testing.assert_identical(before[name], after[name])
    assert not before["observed"].equals(after["observed"])


def test_the_library_itself_knows_nothing_of_later_years() -> None:
    """The whole way from stocks over rates and engine, with and without totals by rule."""
    inputs = load_example("berlin").isel(area=slice(0, 12))
    later = inputs.copy(deep=True)
    later["population"].loc[{"year_end": 2020}] *= 1.7
    methods = {"default": Library(), "rates alone": Library(totals=None)}
    first, second = (hindcast(i, [2016], [4], methods, eckwert=["none"]) for i in (inputs, later))
    xr.testing.assert_identical(first["forecast_ages"], second["forecast_ages"])
    rule = estimate_totals(inputs.sel(year_end=slice(None, 2016)), [2020])
    np.testing.assert_allclose(first["forecast"].sel(forecaster="default").squeeze(), rule.squeeze(), rtol=1e-9)


def test_what_the_data_carry_is_run(konstanz: xr.DataArray, town: xr.DataArray) -> None:
    assert "default" in all_methods(load_example("berlin"))
    assert "default" not in all_methods(town)
    assert "hamilton_perry" not in all_methods(konstanz)
    with pytest.raises(EvaluationError, match="nach Geschlecht und Alter"):
        hindcast(town, [2010], [5], {"default": Library()})


def test_of_the_truth_only_the_total_is_told(town: xr.DataArray) -> None:
    """With the true Eckwert, moving later people between areas and ages moves nothing either."""
    swapped = town.copy(deep=True)
    future = swapped.sel(year_end=slice(2011, None))
    swapped.loc[{"year_end": slice(2011, None)}] = future.values[:, ::-1, ::-1]
    for data in (town, swapped):
        result = hindcast(data, [2010], [5], eckwert=["true"])
        if data is town:
            first = result
    np.testing.assert_allclose(first["forecast"], result["forecast"], rtol=1e-12)
    np.testing.assert_allclose(first["forecast_ages"], result["forecast_ages"], rtol=1e-12)


def test_a_method_sees_nothing_after_the_launch(town: xr.DataArray) -> None:
    seen: list[History] = []

    def spy(history: History, years: Sequence[int], eckwert: np.ndarray | None) -> Forecast:
        seen.append(history)
        return Forecast(np.zeros((len(years), len(history.areas))))

    hindcast(town, [2010], [5], {"spy": spy}, eckwert=["none"])
    (history,) = seen
    assert history.years[-1] == 2010
    assert history.past.persons.shape[0] == history.persons.shape[0] == 10  # type: ignore[union-attr]
    assert int(history.inputs["year_end"].max()) == 2010


def test_ages_add_up_to_totals(town: xr.DataArray) -> None:
    result = hindcast(town, [2010], [3, 5, 10])
    summed = result["forecast_ages"].sum(["sex", "age_group"], skipna=False)
    np.testing.assert_allclose(summed, result["forecast"], rtol=1e-12)


def test_eckwert_is_hit_and_constant_share_keeps_shares(town: xr.DataArray) -> None:
    result = hindcast(town, [2010], [5], eckwert=["true"]).isel(eckwert=0, launch=0, lead=0)
    np.testing.assert_allclose(result["forecast"].sum("area"), result["observed"].sum("area"))
    csp = result["forecast"].sel(forecaster="unchanged")
    np.testing.assert_allclose(csp / csp.sum(), result["start"] / result["start"].sum())


def test_a_rule_that_needs_an_eckwert_is_left_out_without_one(town: xr.DataArray) -> None:
    result = hindcast(town, [2010], [5], ["unchanged", "variable_share"])
    part = result["forecast"].sel(eckwert="none", forecaster="variable_share")
    assert part.isnull().all()
    assert ("none", "variable_share") not in score(result).droplevel(["lead", "launch"]).index


def one_area(start: list[float], end: list[float]) -> History:
    values = np.array([start, end])[:, None, :]
    ages = np.repeat(values / 5, 5, axis=-1)[..., :16]
    ages[..., 15] = values[..., 3]
    coords = {"year_end": [2015, 2020], "area": ["A"], "age": np.arange(16)}
    return history_of(xr.DataArray(ages, coords, ("year_end", "area", "age")), (0, 5, 10, 15))


def test_cohort_ratios_by_hand() -> None:
    history = one_area([100, 80, 60, 200], [120, 90, 88, 195])
    # 100 children became 90, 80 became 88, and 60 + 200 became 195 in the open group
    np.testing.assert_allclose(city_ratios(history)[0, 0], [0.9, 1.1, 0.75])
    half = shrunk_ratios(history, np.array([100, 80, 260]), np.ones((1, 1, 3)))
    np.testing.assert_allclose(half[0, 0], [0.95, 1.05, 0.875])
    stocks = project_ages(history, 2, city_ratios(history), lambda h: lambda older, step: older[..., 0] / step)
    np.testing.assert_allclose(stocks[1, 0, 0], [108, 108, 99, 0.75 * (88 + 195)])
    np.testing.assert_allclose(stocks[2, 0, 0, :3], [97.2 / 2, 97.2, 118.8])


def grouped(stocks: dict[int, float]) -> History:
    """One area with as many persons in each of three groups of five years, by year."""
    coords = {"year_end": list(stocks), "area": ["A"], "age": np.arange(11)}
    persons = np.array(list(stocks.values()))[:, None, None] * np.where(np.arange(11) < 10, 0.2, 1.0)
    return history_of(xr.DataArray(persons, coords, ("year_end", "area", "age")), (0, 5, 10))


@pytest.mark.parametrize(
    ("stocks", "persons"),
    [
        ({2015: 60, 2020: 80}, 60),
        ({2010: 50, 2020: 80}, 65),
        ({2013: 60, 2018: 90, 2020: 80}, 72),
        ({2000: 10, 2012: 40, 2016: 80, 2020: 1}, 70),
    ],
)
def test_the_stock_one_step_back_lies_on_a_straight_line(stocks: dict[int, float], persons: float) -> None:
    np.testing.assert_allclose(base_stock(grouped(stocks)), persons)


def test_a_past_shorter_than_a_step_is_refused_with_its_years() -> None:
    with pytest.raises(EvaluationError, match=r"Vor dem Startpunkt 31\.12\.2020 sind keine 5 Jahre bekannt") as caught:
        base_stock(grouped({2016: 60, 2020: 80}))
    assert caught.value.cells == ({"launch": 2020, "year_end": 2015},)
    assert "Startpunkte ab 31.12.2021" in caught.value.remedy


def test_shrinkage_goes_from_raw_to_pooled(town: xr.DataArray) -> None:
    history = history_of(town).until(2010)
    city = city_ratios(history)
    raw, some, much = (shrunk_ratios(history, k, city) for k in (0.0, 100.0, 1e12))
    np.testing.assert_allclose(much, city, rtol=1e-6)
    somebody = observed_cohorts(history)[0] > 0
    assert (abs(some - city) <= abs(raw - city) + 1e-12)[somebody].all()


def test_between_steps_is_a_straight_line() -> None:
    stocks = np.array([0.0, 10.0, 30.0]).reshape(3, 1, 1, 1)
    np.testing.assert_allclose(between_steps(stocks, np.array([0.5, 1.0, 1.5, 2.0])).ravel(), [5, 10, 20, 30])


def test_a_city_without_ages_takes_rules_for_totals(konstanz: xr.DataArray) -> None:
    result = hindcast(konstanz, [2010, 2015], [5, 10], ["unchanged", "average"])
    assert "forecast_ages" not in result
    table = over_launches(score(result, largest=20000))
    assert table["mape"].notna().all()
    with pytest.raises(EvaluationError, match="nicht nach Alter"):
        hindcast(konstanz, [2010], [5], ["hamilton_perry"])


def test_without_ages_or_a_reference_its_rows_are_left_out(konstanz: xr.DataArray) -> None:
    """Two rules for totals and no ages: gains in persons over the one reference that was run, none in ages."""
    methods = {"default": METHODS["average"], "unchanged": METHODS["unchanged"]}
    rows = skill_rows(hindcast(konstanz, [2005, 2010, 2015], [5], methods), 5, 1000, 20000)
    # against the same with the total unknown and known
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("unverändert", "ohne", "MAPE"), ("CSP (fester Anteil am Eckwert)", "wahr", "MAPE"),
    ]  # fmt: skip


def test_page_of_a_city(town: xr.DataArray) -> None:
    methods = {name: METHODS[name] for name in ("unchanged", "average", "composite")}
    methods["default"] = METHODS["cohort_types"]
    page = city_page("Musterberlin", hindcast(town, [2008, 2010], [5], methods))
    assert page.startswith("# Rückblick: Musterberlin")
    assert "| **zwkprognose** |" in page
    assert "Besser als einfache Regeln?" in page
    assert "nan" not in page


@pytest.mark.parametrize(
    ("call", "message", "cell"),
    [
        (lambda t: hindcast(t, [1999], [5]), "Startpunkt 31.12.1999", {"launch": 1999}),
        (lambda t: hindcast(t, [2018], [5]), "keine Ist-Werte", {"launch": 2018, "lead": 5, "year_end": 2023}),
        (
            lambda t: hindcast(t, [2003], [5], ["hamilton_perry"]),
            "Kohorten lassen sich nicht",
            {"launch": 2003, "year_end": 1998},
        ),
        (lambda t: hindcast(t, [2010], []), "Horizonte fehlen", None),
        (lambda t: hindcast(t, [2010], [5], ["orakel"]), "nicht mögliche Verfahren: orakel", None),
        (lambda t: hindcast(t, [2010], [5], eckwert=["geraten"]), "geraten", None),
        (lambda t: hindcast(t, [2010], [5], groups=[0, 5, 15]), "gleich breit", {"age": 0}),
        (lambda t: score(hindcast(t, [2010], [5]), smallest=1e6, largest=2e6), "hat kein Gebiet", {"launch": 2010}),
    ],
)  # fmt: skip
def test_bad_input_is_named(town: xr.DataArray, call: object, message: str, cell: dict[str, int] | None) -> None:
    with pytest.raises(EvaluationError, match=message) as error:
        call(town)  # type: ignore[operator]
    assert error.value.remedy
    assert cell is None or cell in error.value.cells


def test_the_message_says_what_is_possible(town: xr.DataArray) -> None:
    with pytest.raises(EvaluationError, match="Möglich sind: 2010 \\+ 5"):
        hindcast(town, [2010, 2018], [5])


def test_areas_that_change_between_launches_are_named(town: xr.DataArray) -> None:
    broken = town.copy(deep=True)
    broken.loc[{"year_end": 2007, "area": "01011102"}] = np.nan
    with pytest.raises(RatesError, match="nicht vergleichbar") as error:
        hindcast(broken, [2010], [5])
    assert error.value.cells == ({"year_end": 2007, "area": "01011102"},)


def test_one_year_one_lead_one_method_may_stand_alone() -> None:
    stocks = load_example("berlin").isel(area=slice(0, 10))
    alone = hindcast(stocks, 2016, 4, "unchanged", eckwert="none")
    listed = hindcast(stocks, [2016], [4], ["unchanged"], eckwert=["none"])
    xr.testing.assert_identical(alone, listed)


def test_what_cannot_be_run_is_said_unless_it_was_asked_for() -> None:
    """Stocks of 2011, 2014, 2016: no cohort method has the five years that it needs before 2014."""
    stocks = load_example("berlin").isel(area=slice(0, 10))
    result = hindcast(stocks, 2014, 2, eckwert="none")
    missing = {case["method"] for case in json.loads(result.attrs["not_run"])}
    assert {"hamilton_perry", "composite"} <= missing
    empty = result["forecast"].isnull().all(["eckwert", "launch", "lead", "area"])
    assert missing == set(result["forecaster"].values[empty.values]) - {"variable_share"}
    assert "Hamilton–Perry, jedes Gebiet für sich, Start 2014: Vor dem Startpunkt" in city_page("Berlin", result)
    with pytest.raises(EvaluationError, match="keine 5 Jahre bekannt"):
        hindcast(stocks, 2014, 2, "composite", eckwert="none")


def test_cohorts_alone_are_scaled_to_the_total_of_the_city_only() -> None:
    stocks = load_example("berlin").isel(area=slice(0, 10))
    free, told = (hindcast(stocks, 2016, 4, "cohorts", eckwert=e).squeeze() for e in ("none", "true"))
    assert float(told["forecast"].sum()) == pytest.approx(float(told["observed"].sum()))
    ratio = told["forecast"] / free["forecast"]
    assert float(ratio.max() - ratio.min()) < 0.02


def test_all_references_are_shipped() -> None:
    assert {
        "unchanged", "linear", "exponential", "linear_exponential", "variable_share", "average", "hamilton_perry",
        "hamilton_perry_pooled", "hamilton_perry_eb", "composite", "trend_shares", "cohort_types",
    } == set(METHODS)  # fmt: skip


@pytest.mark.parametrize("known", [2, 3, 4])
def test_rules_for_totals_need_no_more_than_two_stocks(town: xr.DataArray, known: int) -> None:
    """With ages in the data too; only methods that follow cohorts for five years need five years."""
    rules = [name for name, method in METHODS.items() if method.ages is None]
    result = hindcast(town.sel(year_end=slice(2011 - known, None)), 2010, 5, rules)
    run = result["forecast"].sel(eckwert="true").notnull().all(["launch", "lead", "area"])
    assert set(result["forecaster"].values[run.values]) == {*RULES, "variable_share"} - {"shrunk", "calm"}
