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

from zwkprognose import project
from zwkprognose.course import Reply, answer
from zwkprognose.course.answers import tasks
from zwkprognose.examples import musterstadt

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


def test_a_notebook_shows_the_reply() -> None:
    assert answer("T1.3", 33)._repr_html_() == "<p><strong>✓</strong> Richtig: 33.</p>"
    assert "<b>" not in answer("T1.1", "<b>")._repr_html_()


def test_a_cohort_by_hand_is_what_the_engine_computes() -> None:
    town = musterstadt()
    after = project(town.inputs, town.rates, until=2024)["population"]
    cell = {"year_end": 2024, "area": "03", "age": 30, "nationality": "german", "sex": "female"}
    assert float(after.sel(cell)) == pytest.approx(float(tasks()["T3.6"].solution()), abs=1e-9)
