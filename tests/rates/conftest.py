"""Small made-up populations for the rates room."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import xarray as xr

from zwkprognose import national
from zwkprognose.rates.mortality.year_end import year_end_death_prob

OPEN_AGE = 95


MakeInputs = Callable[..., xr.Dataset]


@pytest.fixture(scope="session")
def make_inputs() -> MakeInputs:
    """Function that builds inputs from arrays [area, nationality, sex, age] by year."""
    return _inputs


def _inputs(stocks: dict[int, np.ndarray], nationality: list[str] | None = None) -> xr.Dataset:
    persons = np.stack(list(stocks.values()))
    groups = nationality or (["german", "foreign"] if persons.shape[2] == 2 else ["total"])
    return xr.Dataset(
        {"population": (("year_end", "area", "nationality", "sex", "age"), persons)},
        coords={
            "year_end": list(stocks),
            "area": [f"{i + 1:04d}" for i in range(persons.shape[1])],
            "nationality": groups,
            "sex": ["female", "male"],
            "age": np.arange(persons.shape[-1]),
        },
    )


@pytest.fixture(scope="session")
def death_prob() -> np.ndarray:
    """National table 2018/20 by age reached [sex, age]."""
    return year_end_death_prob(national.death_prob("2018/20"), OPEN_AGE).to_numpy()


@pytest.fixture
def stock() -> np.ndarray:
    """Three areas of different size, two groups [area, nationality, sex, age]."""
    shape = 1000.0 * np.exp(-np.arange(OPEN_AGE + 1) / 60)
    size = np.array([5.0, 1.0, 0.05])[:, None, None, None]
    group = np.array([0.8, 0.2])[None, :, None, None]
    return size * group * np.ones((1, 1, 2, 1)) * shape
