"""Tables built by hand are checked before they are used."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from support.frames import town

from zwkprognose.errors import InputError
from zwkprognose.inputs import build_inputs


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
