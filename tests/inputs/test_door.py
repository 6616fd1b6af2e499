"""Tables built by hand are checked before they are used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
import xarray as xr
from support.frames import town

from zwkprognose.errors import EngineError, InputError
from zwkprognose.inputs import build_inputs
from zwkprognose.inputs.handed import is_number, is_whole, require_dataset


def test_missing_columns_are_named() -> None:
    source = town()
    with pytest.raises(InputError, match=r"fehlen Spalten: (status, value|value, status)"):
        build_inputs(source.with_cells(source.cells.drop(columns=["value", "status"])))


def test_the_wrong_kind_of_value_is_named() -> None:
    source = town()
    with pytest.raises(InputError, match="falsche Art von Werten: year"):
        build_inputs(source.with_cells(source.cells.assign(year=source.cells["year"].astype(float))))


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("sex", "frau"),
        ("age_to", 3),
        ("status", "vielleicht"),
        ("value", np.nan),
        ("value", 1e13),
        ("age_from", -1),
        ("area_name", None),
    ],
)
def test_impossible_cells_are_named(column: str, value: Any) -> None:
    source = town()
    cells = source.cells.copy()
    cells.loc[7, column] = value
    with pytest.raises(InputError, match="unmöglich") as error:
        build_inputs(source.with_cells(cells))
    assert [(cell["column"], cell["area"]) for cell in error.value.cells] == [(column, "01")]


@pytest.mark.parametrize("open_age", [0, 101, -1, True, 85.5, "85"])
def test_what_is_no_beginning_of_an_open_group_is_refused(open_age: Any) -> None:
    with pytest.raises(InputError, match="kein Anfang einer offenen Altersgruppe") as error:
        build_inputs(town(), open_age=open_age)
    assert "von 1 bis 100" in error.value.remedy


def test_the_lowest_and_the_highest_open_group() -> None:
    groups = ((0, 1), (1, 65), (65, 90), (90, None))
    for open_age in (1, np.int64(100)):
        inputs = build_inputs(town(groups=groups), open_age=open_age)
        assert inputs["age"].values.tolist() == list(range(open_age + 1))
        assert inputs["age"].attrs | {"open": 1, "group_width": 64} == inputs["age"].attrs


STOCK = xr.Dataset({"population": 1.0, "births": 2.0})


def test_a_dataset_that_holds_what_is_asked_for_is_handed_on() -> None:
    assert require_dataset(STOCK, "population", "births", error=EngineError) is STOCK
    assert require_dataset(STOCK, error=EngineError) is STOCK


@pytest.mark.parametrize(
    ("given", "names", "said"),
    [
        (STOCK, ("deaths",), "ein Dataset, in dem sie fehlt"),
        (STOCK, ("population", "deaths"), "ein Dataset, in dem sie fehlt"),
        ({"population": 1}, ("population",), "übergeben wurde"),
        ("population", ("population",), "übergeben wurde"),
        (None, (), "übergeben wurde"),
    ],
)
def test_what_does_not_hold_it_is_refused_in_words(given: Any, names: tuple[str, ...], said: str) -> None:
    with pytest.raises(EngineError, match=f"Hier ist ein Bestand nötig; .*{said}") as error:
        require_dataset(given, *names, what="ein Bestand", error=EngineError)
    assert error.value.remedy == "Das Ergebnis von project(…) übergeben."
    with pytest.raises(EngineError) as error:
        require_dataset(given, *names, remedy="Anderes übergeben.", error=EngineError)
    assert error.value.remedy == "Anderes übergeben."


@pytest.mark.parametrize(
    ("value", "number", "whole"),
    [
        (3, True, True), (3.0, True, True), (3.5, True, False), (np.float64(2), True, True), (np.int64(2), True, True),
        (True, False, False), (np.True_, False, False), ("3", False, False), (None, False, False), (3j, False, False),
    ],
)  # fmt: skip
def test_numbers_and_whole_ones_are_told_from_truth_values_and_texts(value: object, number: bool, whole: bool) -> None:
    assert (is_number(value), is_whole(value)) == (number, whole)
