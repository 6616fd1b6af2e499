"""Towns in which nothing happens but what a test says, so that a year can be counted by hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import xarray as xr

from support.cities import START

#: A number, or one for each area.
ByArea = float | Sequence[float] | np.ndarray


def town(
    areas: Sequence[str],
    people: ByArea,
    *,
    groups: Sequence[str] = ("total",),
    sexes: Sequence[str] = ("female", "male"),
    oldest: int = 6,
    **where: Any,
) -> xr.Dataset:
    """Persons at the end of 2020 in the cells given by ``where`` (all, if none are); nobody lives elsewhere."""
    coords = {"year_end": [START], "area": list(areas), "nationality": list(groups), "sex": list(sexes),
              "age": np.arange(oldest + 1)}  # fmt: skip
    return only(xr.DataArray(0.0, coords, list(coords)), people, **where).to_dataset(name="population")


def only(like: xr.DataArray, values: ByArea, **where: Any) -> xr.DataArray:
    """Zero but for the cells given by ``where``."""
    cells = xr.zeros_like(like)
    by_area = np.ndim(values) > 0
    cells.loc[where] = xr.DataArray(values, {"area": like["area"]} if by_area else {}, ["area"] if by_area else [])
    return cells


def cells_of(stock: xr.Dataset) -> xr.DataArray:
    """Zero in each cell of a town."""
    return xr.zeros_like(stock["population"].isel(year_end=0, drop=True))


def still(stock: xr.Dataset, **change: Any) -> xr.Dataset:
    """Rates under which nobody is born, dies or moves but for what is given."""
    cells = cells_of(stock)
    none = cells.isel(area=0, nationality=0, sex=0, drop=True)
    return xr.Dataset({"death_prob": none, "out_prob": none, "fertility_rate": none, "in_moves": cells} | change)
