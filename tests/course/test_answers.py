"""Answer cells take whatever is written into them; a usual mistake gets its own hint."""

from __future__ import annotations

import datetime
import math
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from zwkprognose import demand, load_example, project, publish
from zwkprognose.course import Reply, answer, t7, t8
from zwkprognose.course.answers import tasks
from zwkprognose.examples import musterstadt
from zwkprognose.output import default_quota

KEYS = sorted(tasks())
ODD: list[Any] = [
    ..., None, "", "  ", "keine Ahnung", True, [], [3], {}, {"a": 1}, object(), float("nan"), float("inf"), 10**400, 1j,
    b"3", datetime.date(2023, 12, 31), np.array([1.0, 2.0]), pd.Series([1, 2]), pd.DataFrame(),
    xr.DataArray([1.0, 2.0]), answer, print, "−5", "1.2.3,4", -1, 0,
]  # fmt: skip


@pytest.mark.parametrize("key", KEYS)
def test_anything_may_be_answered(key: str) -> None:
    for given_ in ODD:
        reply = answer(key, given_)
        assert isinstance(reply, Reply)
        assert not reply.right
        assert reply.text.startswith(("Noch keine Antwort", "Noch nicht. ", "Gefragt ist "))
        assert reply.text.endswith(".")


@settings(max_examples=200)
@given(st.sampled_from(KEYS), st.one_of(st.text(), st.floats(), st.integers(), st.binary(), st.lists(st.integers())))
def test_nothing_is_raised(key: str, given_: Any) -> None:
    assert answer(key, given_).text


@pytest.mark.parametrize("key", KEYS)
def test_the_solution_is_right_and_the_usual_mistakes_are_not(key: str) -> None:
    task = tasks()[key]
    wanted = task.solution()
    assert answer(key, wanted).right
    told = [answer(key, wrong()) for wrong, _ in task.mistakes]
    assert not any(reply.right for reply in told)
    # a mistake that happens to give the same number as an earlier one would never be told
    assert [reply.text for reply in told] == [f"Noch nicht. {text}" for _, text in task.mistakes]


#: Answers to tasks whose numbers stand in their text, by hand: what is right, and what a usual mistake gives.
RIGHT = {
    "T1.3": 33.0, "T3.1": 0.99 * 300, "T3.2": 0.15 * 300 + 0.7 * 400,
    "T3.3": (0.15 + math.sqrt(0.15**2 + 4 * 0.99 * 0.7)) / 2,  # λ² = 0.15 λ + 0.99 · 0.7
    "T6.1": 330.0, "T6.2": 20.0, "T7.6": 100 * math.sqrt(0.8 * 0.2 / 20), "T8.5": 3.0,
}  # fmt: skip
WRONG = [
    ("T1.3", 34, "Am 31.12. haben alle in diesem Jahr schon"), ("T1.3", 32, "So alt war der Jahrgang am 31.12. des"),
    ("T3.1", 300, "Nicht alle überleben"), ("T3.1", 0.95 * 400, "Das sind die 40- bis 59-Jährigen"),
    ("T3.2", 0.7 * 400, "Es fehlen die Töchter der jüngsten"),
    ("T3.2", 0.15 * 325 + 0.7 * 297, "Das sind die Töchter der Frauen in zwanzig Jahren"),
    ("T3.3", 0.15 + 0.99 * 0.7, "Das ist die Nettoreproduktionsziffer"),
    ("T3.3", (325 + 297 + 380) / 1200, "Das ist der erste Schritt"),
    ("T3.4", 25, "Das ist der Anteil am Anfang"), ("T3.5", 100, "Die Zahl bleibt nicht gleich"),
    ("T6.1", 660, "Das sind alle, die einziehen"), ("T6.1", 150, "Das sind Wohnungen"),
    ("T6.2", 30, "Prozente lassen sich nicht addieren"), ("T6.2", 50, "Das ist nur die zweite"),
    ("T7.6", math.sqrt(0.8 * 0.2 / 20), "Das ist ein Bruch"),
    ("T7.6", math.sqrt(0.8 * 0.2 * 20), "Das ist die Streuung der Zahl"), ("T7.6", 0.8, "Es fehlt die Wurzel"),
    ("T8.3", 2033, "2033 fehlen Plätze, aber nicht zum ersten Mal"), ("T8.5", 15, "Auch die 12 steht da"),
]  # fmt: skip


@pytest.mark.parametrize("key", RIGHT)
def test_right_answers_by_hand(key: str) -> None:
    assert tasks()[key].solution() == pytest.approx(RIGHT[key])


@pytest.mark.parametrize(("key", "number", "told"), WRONG)
def test_usual_mistakes_by_hand_get_their_own_hint(key: str, number: float, told: str) -> None:
    reply = answer(key, number)
    assert not reply.right
    assert reply.text.startswith(f"Noch nicht. {told}")


def test_in_the_long_run_women_are_as_the_tasks_say() -> None:
    """Step by step; with as many daughters as it takes the number settles where the first ages lead it."""
    women, still = [300.0, 400.0, 500.0], [300.0, 400.0, 500.0]
    for _ in range(200):
        women = [0.15 * women[0] + 0.7 * women[1], 0.99 * women[0], 0.95 * women[1]]
    for _ in range(60):
        still = [(0.15 * still[0] + 0.7 * still[1]) / (0.15 + 0.99 * 0.7), 0.99 * still[0], 0.95 * still[1]]
    assert tasks()["T3.4"].solution() == pytest.approx(100 * women[0] / sum(women))
    assert tasks()["T3.5"].solution() == pytest.approx(100 * sum(still) / 1200)


def test_the_first_year_without_enough_places_may_be_the_last() -> None:
    """Children by hand: 57.3 of them want a place on 31.12.2033, more than ever before."""
    town = musterstadt()
    people = project(town.inputs, town.rates, until=2033)["population"].sel(area="10").sum(["nationality", "sex"])
    wanting = (people.sel(age=[0, 1, 2]) * xr.DataArray([0.018, 0.375, 0.645], {"age": [0, 1, 2]})).sum("age")
    counted = {int(year): float(value) for year, value in zip(wanting["year_end"].values, wanting.values, strict=True)}
    assert max(counted, key=counted.__getitem__) == 2033
    for year, value in counted.items():
        first = next(one for one in counted if counted[one] > value - 1e-6)
        assert t8._first_year(value - 1e-6) == first
        assert first < 2033 or year == 2033


def test_small_cells_are_sought_in_the_groups_that_are_published() -> None:
    town = musterstadt()
    groups = publish(project(town.inputs, town.rates, until=2024))["by_age"]["age_group"].values.tolist()
    firsts = [int(re.match(r"\d+", group.replace("unter ", "0 unter "))[0]) for group in groups]  # type: ignore[index]
    assert list(t8._BANDS) == firsts


def test_numbers_may_be_written_as_people_write_them() -> None:
    share = float(tasks()["T1.2"].solution())
    assert answer("T1.2", f"{share:.1f}".replace(".", ",") + " %").right
    assert answer("T1.2", np.float64(share)).right
    people = tasks()["T1.4"].solution()
    assert answer("T1.4", f"{people:.0f}").right
    assert answer("T1.1", f" {str(tasks()['T1.1'].solution()).upper()} ").right


@pytest.mark.parametrize("key", ["T9.9", None, 3, ["T1.1"]])
def test_an_unknown_task_is_told(key: Any) -> None:
    last = re.escape(KEYS[-1])
    assert re.match(rf"Diese Aufgabe gibt es nicht\. Möglich sind T1\.1, .* und {last}\.", answer(key, 1).text)


def test_a_year_is_said_as_a_year() -> None:
    assert answer("T8.3", 2027).text == "Richtig: 2027."


def test_a_notebook_shows_the_reply() -> None:
    assert answer("T1.3", 33)._repr_html_() == "<p><strong>✓</strong> Richtig: 33.</p>"
    assert "<b>" not in answer("T1.1", "<b>")._repr_html_()


def test_a_range_by_hand_is_that_of_any_other_way_to_count() -> None:
    """Of twenty sorted changes the tenth and ninetieth percentile lie between the second and third from either end."""
    people = load_example("musterstadt")["population"].sum(["nationality", "sex", "age"]).transpose("year_end", "area")
    stocks = dict(zip(people["year_end"].values.tolist(), people.values.tolist(), strict=True))
    changes = sorted(b / a for a, b in zip(stocks[2013], stocks[2018], strict=True))
    low, high = 0.1 * changes[1] + 0.9 * changes[2], 0.9 * changes[17] + 0.1 * changes[18]
    inside = [low * b <= c <= high * b for b, c in zip(stocks[2018], stocks[2023], strict=True)]
    assert t7._range() == pytest.approx((low, high))
    assert tasks()["T7.5"].solution() == sum(inside)


def test_places_and_care_by_hand_are_what_the_package_says() -> None:
    town = musterstadt()
    ahead = project(town.inputs, town.rates, until=2033)
    kita = demand(ahead, default_quota("kita_u3"), capacity=dict.fromkeys(ahead["area"].values.tolist(), 55.0))
    canal = kita.isel(quota=0).sel(area="10")
    assert float(canal["gap"].sel(year_end=2033)) == pytest.approx(float(tasks()["T8.2"].solution()), abs=1e-9)
    assert float(canal["break_even"]) == tasks()["T8.3"].solution()
    care = demand(ahead, default_quota("pflege"), by=())["demand"].isel(quota=0)
    more = 100 * float(care.sel(year_end=2033) / care.sel(year_end=2023) - 1)
    assert more == pytest.approx(float(tasks()["T8.4"].solution()), abs=1e-9)
    hidden = publish(ahead)["by_age"].isel(scenario=0).sel(year_end=2023).isnull().any(["sex", "age_group"])
    assert int(hidden.sum()) == tasks()["T8.6"].solution()


def test_a_cohort_by_hand_is_what_the_engine_computes() -> None:
    town = musterstadt()
    after = project(town.inputs, town.rates, until=2024)["population"]
    cell = {"year_end": 2024, "area": "03", "age": 30, "nationality": "german", "sex": "female"}
    assert float(after.sel(cell)) == pytest.approx(float(tasks()["T3.6"].solution()), abs=1e-9)
