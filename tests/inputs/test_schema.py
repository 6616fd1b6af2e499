"""The registry is enforced at the door."""

from __future__ import annotations

import numpy as np
import pytest
from support.cities import City, rates_of
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


def test_bounds_themselves_are_allowed_and_nothing_beyond() -> None:
    """Nobody dies, or everybody; a number without end is none, even where nothing bounds it from above."""
    rates = rates_of(City(areas=2, groups=1, open_age=5, seed=1))
    cell = {"area": "01", "nationality": "total", "sex": "male", "age": 3}
    for name, allowed, refused in (("death_prob", 1.0, np.nextafter(1.0, 2.0)), ("in_moves", 0.0, np.inf)):
        rates[name].loc[cell] = allowed
        check_dataset(rates, "rates")
        wrong = rates.copy(deep=True)
        wrong[name].loc[cell] = refused
        with pytest.raises(InputError) as error:
            check_dataset(wrong, "rates")
        assert error.value.cells == (cell | {"value": refused},)
