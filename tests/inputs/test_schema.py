"""The registry is enforced at the door."""

from __future__ import annotations

import numpy as np
import pytest
from support.frames import town

from zwkprognose.errors import InputError
from zwkprognose.inputs import build_inputs, check_dataset


@pytest.fixture
def inputs():
    return build_inputs(town())


def test_negative_and_missing_values_are_named(inputs) -> None:
    inputs["population"].loc[{"area": "02", "age": 7, "sex": "male", "nationality": "foreign", "year_end": 2023}] = -1
    with pytest.raises(InputError) as error:
        check_dataset(inputs, "inputs")
    assert error.value.cells == (
        {"year_end": 2023, "area": "02", "nationality": "foreign", "sex": "male", "age": 7, "value": -1.0},
    )
    inputs["population"][:] = np.nan
    with pytest.raises(InputError, match="fehlende"):
        check_dataset(inputs, "inputs")


def test_dims_ages_years_and_keys_are_checked(inputs) -> None:
    with pytest.raises(InputError, match="Dimensionen"):
        check_dataset(inputs.isel(sex=0, drop=True), "inputs")
    with pytest.raises(InputError, match="lückenlos"):
        check_dataset(inputs.isel(age=slice(1, None)), "inputs")
    with pytest.raises(InputError, match="steigen nicht"):
        check_dataset(inputs.isel(year_end=[1, 0]), "inputs")
    with pytest.raises(InputError, match="Doppelte"):
        check_dataset(inputs.isel(area=[0, 0]), "inputs")
    with pytest.raises(InputError, match="Es fehlt"):
        check_dataset(inputs.drop_vars("population"), "inputs")
