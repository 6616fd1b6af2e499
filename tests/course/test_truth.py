"""What the tasks expect, held against other ways to get there: balances, published figures, the engine."""

from __future__ import annotations

import pytest

from zwkprognose import project
from zwkprognose.course.answers import tasks
from zwkprognose.examples import musterstadt

TOWN = musterstadt()


def solved(key: str) -> float:
    return float(tasks()[key].solution())


def test_the_net_closes_the_balance_of_the_quarter() -> None:
    area = TOWN.inputs.sel(area="02")
    before, after = (float(area["population"].sel(year_end=year).sum()) for year in (2022, 2023))
    natural = float(area["births"].sel(year=2023).sum() - area["deaths"].sel(year=2023).sum())
    assert before + natural + solved("T4.1") == after


def test_konstanz_is_as_the_city_publishes_it() -> None:
    assert solved("T4.3") == pytest.approx((8784 + 8628) / (8784 - 8628))


def test_who_stays_is_who_is_left_when_nobody_comes() -> None:
    """The engine with the true rates, all in-moves and all destinations in the quarter taken away."""
    rates = TOWN.rates.copy()
    rates["in_moves"] = rates["in_moves"] * 0
    share = rates["destination_share"].copy()
    share.loc[{"destination": "02"}] = 0
    rates["destination_share"] = share / share.sum("destination")
    people = project(TOWN.inputs, rates, until=2028)["population"]
    women = people.sel(area="02", nationality="foreign", sex="female")
    left = float(women.sel(year_end=2028, age=30)) / float(women.sel(year_end=2023, age=25))
    assert solved("T4.5") == pytest.approx(100 * left)
