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


def test_by_nationality_is_the_sum(inputs):
    split = {name: {"german": 0.25 * n, "foreign": 0.75 * n} for name, n in MOVES.items()}
    one, other = (estimate_rates(inputs, city_moves=m)["in_moves"] for m in (MOVES, split))
    np.testing.assert_allclose(one, other, rtol=1e-12)


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
    ],
)
def test_what_cannot_be_is_refused(inputs, moves, said):
    with pytest.raises(RatesError, match=said):
        estimate_rates(inputs, city_moves=moves)


def test_moves_that_are_counted_already_are_not_said_again(inputs):
    from zwkprognose.rates.city_moves import with_city_moves

    with pytest.raises(RatesError, match="bleibt ohne Wirkung"):
        estimate_rates(with_city_moves(inputs, MOVES), city_moves=MOVES)


def test_a_statement_that_acts_on_the_assumption_is_warned_of(inputs):
    stock = inputs["population"].isel(year_end=-1)
    staying = Scenario.from_toml('name = "x"\n[[halten]]\nprozent = 10\n')
    assumed, known = estimate_rates(inputs), estimate_rates(inputs, city_moves=MOVES)
    assert any("halten 1: Zuzüge und Fortzüge sind nicht gezählt" in text for text in staying.warnings(assumed, stock))
    assert not any("nicht gezählt" in text for text in staying.warnings(known, stock))
