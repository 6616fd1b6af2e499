"""A city of two quarters with round rates, so that every changed cell can be computed in the head."""

from __future__ import annotations

import numpy as np
import pytest
import xarray as xr

AREAS = ["0101", "0102"]
NAMES = ["Hafen", "Mitte"]
AGES = np.arange(91)


def filled(dims: tuple[str, ...], value: float, coords: dict[str, object]) -> xr.DataArray:
    shape = [len(coords[dim]) for dim in dims]
    return xr.DataArray(np.full(shape, value), coords={dim: coords[dim] for dim in dims}, dims=dims)


@pytest.fixture
def rates() -> xr.Dataset:
    coords = {"area": AREAS, "nationality": ["german", "foreign"], "sex": ["female", "male"], "age": AGES}
    cell = ("area", "nationality", "sex", "age")
    data = {
        "death_prob": filled(("sex", "age"), 0.01, coords),
        "out_prob": filled(cell, 0.2, coords),
        "fertility_rate": filled(("area", "age"), 0.04, coords),
        "in_moves": filled(cell, 10.0, coords),
    }
    return xr.Dataset(data).assign_coords(area_name=("area", NAMES))
