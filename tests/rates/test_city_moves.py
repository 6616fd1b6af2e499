"""Moves that a city publishes as a number: they replace the assumed turnover, and carry a single stock."""

from __future__ import annotations

import numpy as np
import pytest

from zwkprognose import check_balance, estimate_rates, load_example, project
from zwkprognose.errors import RatesError
from zwkprognose.rates.migration.rogers_castro import STANDARD, rogers_castro
from zwkprognose.scenarios import Scenario

MOVES = {"in_moves": 9000.0, "out_moves": 8000.0}


@pytest.fixture(scope="module")
def inputs():
    return load_example("bremerhaven")


def test_the_totals_are_those_of_the_city(inputs):
    rates = estimate_rates(inputs, city_moves=MOVES)
    assert rates.attrs["migration"] == "totals"
    assert float(rates["in_moves"].sum()) == pytest.approx(9000)


SPLIT = {"in_moves": {"german": 3600.0, "foreign": 5400.0}, "out_moves": {"german": 3900.0, "foreign": 4100.0}}


def test_each_nationality_has_its_own_moves(inputs):
    rates = estimate_rates(inputs, city_moves=SPLIT)
    coming = rates["in_moves"].sum(["area", "sex", "age"])
    for group, persons in SPLIT["in_moves"].items():
        assert float(coming.sel(nationality=group)) == pytest.approx(persons)
    last = inputs.isel(year_end=[-1])
    single = estimate_rates(last, city_moves=SPLIT)
    found = project(last, single, until=int(last["year_end"][0]) + 1)
    assert check_balance(found) < 1e-10
    going = found["out_moves"].isel(year=0).sum(["area", "sex", "age"])
    for group, persons in SPLIT["out_moves"].items():
        assert float(going.sel(nationality=group)) == pytest.approx(persons, rel=0.02)
    together = estimate_rates(inputs, city_moves=MOVES)["in_moves"].sum(["area", "sex", "age"])
    assert float(together.sum()) == pytest.approx(9000)
    assert abs(float(together.sel(nationality="foreign")) - 5400) > 500  # the sum alone does not know it


def test_groups_of_several_areas_meet_the_totals_of_the_city():
    inputs = load_example("berlin")
    moves = {"in_moves": {"german": 80e3, "foreign": 110e3}, "out_moves": {"german": 95e3, "foreign": 70e3}}
    rates = estimate_rates(inputs, city_moves=moves)
    coming = rates["in_moves"].sum(["area", "sex", "age"])
    assert [float(coming.sel(nationality=g)) for g in ("german", "foreign")] == pytest.approx([80e3, 110e3])
    assert (rates["in_moves"].sum(["nationality", "sex", "age"]) > 0).all()


def test_several_years_are_weighed_as_counted_ones(inputs):
    last = int(inputs["year_end"][-1])
    years = {"in_moves": {last - 1: 8000.0, last: 10000.0}, "out_moves": {last - 1: 7600.0, str(last): 8400.0}}
    mean = estimate_rates(inputs, city_moves=MOVES, half_life=None)
    same = estimate_rates(inputs, city_moves=years, half_life=None)
    np.testing.assert_allclose(same["in_moves"], mean["in_moves"], rtol=1e-12)
    np.testing.assert_allclose(same["out_prob"], mean["out_prob"], rtol=1e-12)
    later = estimate_rates(inputs, city_moves=years, half_life=2.0)
    assert float(later["in_moves"].sum()) == pytest.approx((10000 + 8000 * 0.5**0.5) / (1 + 0.5**0.5))
    groups = {name: {last - 1: SPLIT[name], last: SPLIT[name]} for name in SPLIT}
    np.testing.assert_allclose(
        estimate_rates(inputs, city_moves=groups)["in_moves"], estimate_rates(inputs, city_moves=SPLIT)["in_moves"]
    )


def test_a_usual_year_stands_beside_births_of_other_years(inputs):
    """Births of the base years, none of them of the year after which the moves would be filed."""
    years = [int(y) for y in inputs["year_end"].values[1:]]
    births = 1000.0 + np.zeros((len(years), inputs.sizes["area"]))
    counted = inputs.assign(births=(("year", "area"), births)).assign_coords(year=years)
    rates = estimate_rates(counted, city_moves=MOVES)
    assert rates.attrs["fertility"] == "events"
    assert float(rates["in_moves"].sum()) == pytest.approx(9000)
    earlier = [int(y) for y in inputs["year_end"].values[:2]]
    assert float(estimate_rates(inputs, city_moves=MOVES, base_years=earlier)["in_moves"].sum()) == pytest.approx(9000)


def test_past_forecasts_know_the_moves_as_those_of_a_usual_year(inputs):
    from zwkprognose.evaluation.launch import at_launch

    last = int(inputs["year_end"][-1])
    years = {"in_moves": {last - 1: 8000.0, last: 10000.0}, "out_moves": {last - 1: 7600.0, last: 8400.0}}
    assert at_launch({"city_moves": years}, [2010, 2015], last)["city_moves"] == {
        "in_moves": 9000.0,
        "out_moves": 8000.0,
    }
    assert at_launch({"city_moves": years}, [2010, last], last)["city_moves"] == years


def test_a_single_stock_is_carried_on_by_a_schedule(inputs):
    """In- and out-moves of the first year are the totals; out-moves follow the ages of Rogers and Castro."""
    one = inputs.isel(year_end=[-1])
    rates = estimate_rates(one, city_moves=MOVES)
    assert rates.attrs["migration"] == "schedule"
    assert float(rates["in_moves"].sum()) == pytest.approx(9000)
    shape = rates["out_prob"].sel(age=slice(20, 60)).mean(["area", "nationality", "sex"]).values
    schedule = rogers_castro(np.arange(20, 61), **STANDARD)
    np.testing.assert_allclose(shape / shape[0], schedule / schedule[0], rtol=0.01)
    found = project(one, rates, until=int(one["year_end"][0]) + 3)
    assert check_balance(found) < 1e-10
    assert float(found["out_moves"].isel(year=0).sum()) == pytest.approx(8000, rel=0.02)


def test_without_moves_a_single_stock_says_what_is_missing(inputs):
    with pytest.raises(RatesError, match="city_moves"):
        estimate_rates(inputs.isel(year_end=[-1]))


@pytest.mark.parametrize(
    ("moves", "said"),
    [
        ({"in_moves": 1.0}, "Genau in_moves und out_moves"),
        (MOVES | {"out_moves": -1.0}, "keine Zahl von Personen"),
        (MOVES | {"in_moves": {"german": 1.0}}, "nennt die Gruppen german"),
        (MOVES | {"in_moves": float("nan")}, "keine Zahl von Personen"),
        (MOVES | {"in_moves": "9000"}, "keine Zahl von Personen"),
        (MOVES | {"in_moves": {}}, "nennt die Gruppen nicht"),
        ({"in_moves": {1950: 1.0}, "out_moves": {1950: 1.0}}, "für 1950 bleibt ohne Wirkung"),
        ({"in_moves": {2022: 1.0, 2023: 2.0}, "out_moves": {2023: 1.0}}, "in_moves nennt die Jahre 2022, 2023"),
        (
            {"in_moves": {2022: 9e3, 2023: SPLIT["in_moves"]}, "out_moves": {2022: 8e3, 2023: 8e3}},
            "nur in manchen Jahren",
        ),
        ([9000, 8000], "nennt nichts"),
        ({key: {"german": 1e4, "foreign": 1.0} for key in MOVES}, "Ausländerinnen und Ausländer, es fehlen: "),
    ],
)
def test_what_cannot_be_is_refused(inputs, moves, said):
    with pytest.raises(RatesError, match=said):
        estimate_rates(inputs, city_moves=moves)


def test_moves_that_are_counted_already_are_not_said_again(inputs):
    from zwkprognose.rates.city_moves import with_city_moves

    with pytest.raises(RatesError, match="bleibt ohne Wirkung"):
        estimate_rates(with_city_moves(inputs, MOVES, [2023]), city_moves=MOVES)


def test_a_statement_that_acts_on_the_assumption_is_warned_of(inputs):
    stock = inputs["population"].isel(year_end=-1)
    staying = Scenario.from_toml('name = "x"\n[[halten]]\nprozent = 10\n')
    assumed, known = estimate_rates(inputs), estimate_rates(inputs, city_moves=MOVES)
    assert any("halten 1: Zuzüge und Fortzüge sind nicht gezählt" in text for text in staying.warnings(assumed, stock))
    assert not any("nicht gezählt" in text for text in staying.warnings(known, stock))
