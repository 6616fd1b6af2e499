"""Answer cells take whatever is written into them; a usual mistake gets its own hint."""

from __future__ import annotations

import datetime
import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from zwkprognose import demand, load_example, project, publish
from zwkprognose.course import Reply, answer
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
