"""What the tasks expect, held against other ways to get there: balances, published figures, the engine."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from zwkprognose import Scenario, decompose, project
from zwkprognose.course.answers import tasks
from zwkprognose.course.t5 import births
from zwkprognose.evaluation import Case, reach
from zwkprognose.examples import musterstadt
from zwkprognose.rates import empirical_bayes

TOWN = musterstadt()
UNIT = (Path(__file__).parents[2] / "notebooks" / "T6_szenarien_und_zerlegung.md").read_text(encoding="utf-8")


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


def test_variance_weight_and_level_are_those_of_marshall() -> None:
    """Marshall (1991): A = Σn(r − m)²/Σn − m/n̄ with the expected births as n, here in whole sums of fractions."""
    one, village = births(), list(TOWN.rates["area"].values).index("19")
    pairs = [(Fraction(o), Fraction(e)) for o, e in zip(one.counted, one.expected, strict=True)]
    awaited = sum(e for _, e in pairs)
    real = sum(e * (o / e - 1) ** 2 for o, e in pairs) / awaited - len(pairs) / awaited
    weight = real / (real + 1 / pairs[village][1])
    assert solved("T5.3") == pytest.approx(float(real))
    assert solved("T5.4") == pytest.approx(float(weight))
    assert solved("T5.5") == pytest.approx(float(1 + weight * (pairs[village][0] / pairs[village][1] - 1)))


def test_weight_and_level_are_those_of_the_estimate() -> None:
    one = births()
    levels = empirical_bayes(one.counted, one.expected)
    village = list(TOWN.rates["area"].values).index("19")
    assert solved("T5.3") == pytest.approx(float(levels.variance[village]))
    assert solved("T5.4") == pytest.approx(float(levels.weight[village]))
    before = levels.mean + levels.weight * (one.counted / one.expected - levels.mean)  # not yet fitted to the sum
    assert solved("T5.5") == pytest.approx(float(before[village]))


def test_the_true_levels_are_those_of_the_kinds_of_quarters() -> None:
    """Quarters of one kind and few foreigners have true levels in proportion to what their kind was given."""
    one, areas = births(), list(TOWN.rates["area"].values)
    rates = TOWN.rates["fertility_rate"].sel(nationality="german", age=30)
    assert float(rates.sel(area="19") / rates.sel(area="03")) == pytest.approx(1.15 / 0.55)
    assert one.truth[areas.index("19")] / one.truth[areas.index("20")] == pytest.approx(1, abs=0.05)
    assert one.truth[areas.index("19")] > 2 * one.truth[areas.index("03")]


def test_between_is_nearer_to_the_truth_than_either_end() -> None:
    one = births()
    own = np.sqrt(np.mean((one.own - one.truth) ** 2))
    assert solved("T5.6") < min(own, np.sqrt(np.mean((1 - one.truth) ** 2)))
    assert 0.6 < solved("T5.6") / own < 0.7  # "ein Drittel kleiner"


def document(name: str) -> Scenario:
    """A scenario as it stands in T6."""
    return next(one for text in UNIT.split("'''")[1::2] if (one := Scenario.from_toml(text)).name == name)


def test_the_new_dwellings_bring_as_many_as_the_engine_lets_in() -> None:
    arrived = project(TOWN.inputs, TOWN.rates, document("hafenkante"), until=2027)["erstbezug"]
    assert solved("T6.1") == pytest.approx(float(arrived.sum()))  # moves inside the town cancel out


def test_two_assumptions_multiply_as_in_the_engine() -> None:
    cell = {"year": 2024, "nationality": "foreign", "age": 20}
    usual, other = (
        float(project(TOWN.inputs, TOWN.rates, one, until=2026)["in_moves"].sel(cell).sum())
        for one in (None, document("hafenkante"))
    )
    assert solved("T6.2") == pytest.approx(100 * (other / usual - 1))


def test_what_is_missing_after_a_year_is_what_the_engine_computes() -> None:
    cell = {"year_end": 2024, "area": "02", "nationality": "foreign", "age": slice(18, 29)}
    usual, other = (
        float(project(TOWN.inputs, TOWN.rates, one, until=2024)["population"].sel(cell).sum())
        for one in (None, document("weniger-zuzug"))
    )
    assert solved("T6.4") == pytest.approx(usual - other)


def test_parts_are_those_of_the_decomposition() -> None:
    said = [{"groesse": "geburten", "prozent": 10}, {"groesse": "zuzuege", "prozent": -20}]
    both = Scenario.from_document({"name": "beides", "annahme": said})
    parts = decompose(Case(TOWN.inputs, TOWN.rates), Case(TOWN.inputs, TOWN.rates, both), until=2033)
    assert solved("T6.6") == pytest.approx(float(parts["contribution"].sel(component="fertility", year_end=2033).sum()))


def test_in_moves_for_the_goal_are_those_that_the_search_finds() -> None:
    found = reach(Case(TOWN.inputs, TOWN.rates), persons=5000, year=2033, areas=["06"])
    assert found.reachable
    assert solved("T6.7") == pytest.approx(found.value)
