"""Rates as arrays, and how they are read off a Dataset: aligned with the stock, required or optional."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose import names
from zwkprognose.engine import doors
from zwkprognose.engine.arrays import Array
from zwkprognose.engine.grid import CELL, Grid, axes
from zwkprognose.errors import EngineError

FEMALE_BIRTH_SHARE = 100 / 205
_WITHOUT_AGE = ("fertility", "birth_group", "birth_sex")


@dataclass(frozen=True)
class Rates:
    """Everything that moves a population, by age reached at the end of the year.

    ``None`` means that the movement does not take place. ``fertility`` has no sex axis,
    ``birth_group`` is (year, area, mother's group, child's group), ``birth_sex`` (year, area, sex),
    ``destination`` (year, origin, destination, group, sex, age). ``in_early`` and ``out_early`` are those
    of the numbers ``in_moves`` and ``out_moves`` who are there from the start of the year, where this is
    not the usual share.
    """

    death: Array
    out: Array
    in_moves: Array
    fertility: Array
    birth_group: Array
    birth_sex: Array
    out_moves: Array | None = None
    naturalisation: Array | None = None
    move_out: Array | None = None
    move_in_share: Array | None = None
    destination: Array | None = None
    in_early: Array | None = None
    out_early: Array | None = None

    def at_ages(self, ages: slice) -> Rates:
        """The same rates for some of the ages."""
        return self._changed(lambda v: v if v.shape[-1] == 1 else v[..., ages], without=_WITHOUT_AGE)

    def _changed(self, change: Callable[[Array], Array], without: tuple[str, ...] = ()) -> Rates:
        mine = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in without}
        return replace(self, **{name: change(v) for name, v in mine.items() if v is not None})


def rates_of(grid: Grid, rates: xr.Dataset) -> Rates:
    """The rates as arrays (year, area, group, sex, age); axes that do not vary have length one."""
    fertility = _required(grid, rates, "fertility_rate")
    return Rates(
        death=_required(grid, rates, "death_prob"),
        out=_required(grid, rates, "out_prob"),
        in_moves=_required(grid, rates, "in_moves"),
        fertility=np.ascontiguousarray(fertility[:, :, :, 0]),
        birth_group=_birth_group(grid, rates),
        birth_sex=_birth_sex(grid, rates),
        out_moves=_optional(grid, rates, "out_moves"),
        naturalisation=_optional(grid, rates, "naturalisation_prob"),
        move_out=_optional(grid, rates, "move_out_prob"),
        move_in_share=_optional(grid, rates, "move_in_share"),
        destination=_destination(grid, rates),
    )


def aligned(grid: Grid, values: xr.DataArray, name: str) -> xr.DataArray:
    """The array in the order of the grid, checked: known dimensions, same labels, values within bounds."""
    record = names.variable("rates", name)
    doors.check_dims(values, record)
    title = names.label("variables", name)
    for dim in map(str, values.dims):
        if dim not in values.coords:
            raise EngineError(f"{title}: die Dimension {names.label('dims', dim)} hat keine Werte.")
        if dim == "year":
            doors.check_years(values["year"].values, grid.years, title)
            values = _in_order(values, dim, grid.years)
        else:
            own = _OF_STOCK.get(dim, dim)
            doors.check_members(values[dim].values.tolist(), grid.labels(own), dim, title)
            values = _in_order(values, dim, grid.start[own].values)
    doors.check_values(values, record)
    return values


def _in_order(values: xr.DataArray, dim: str, labels: NDArray[Any]) -> xr.DataArray:
    """The array with these labels, copied only if it has others or another order."""
    return values if np.array_equal(values[dim].values, labels) else values.sel({dim: labels})


_OF_STOCK = {"origin": "area", "destination": "area", "nationality_child": "nationality"}


def _required(grid: Grid, rates: xr.Dataset, name: str) -> Array:
    if name not in rates:
        raise EngineError(
            f"In den Raten fehlt: {names.label('variables', name)} ({name}).",
            remedy="Die Raten mit estimate_rates schätzen oder die Variable ergänzen.",
        )
    return _cells(aligned(grid, rates[name], name), grid)


def _optional(grid: Grid, rates: xr.Dataset, name: str) -> Array | None:
    return _cells(aligned(grid, rates[name], name), grid) if name in rates else None


def _cells(values: xr.DataArray, grid: Grid) -> Array:
    """(year, area, group, sex, age) with axes of length one for missing dimensions; age always in full."""
    array = axes(values, ("year", *CELL))
    return np.repeat(array, grid.size("age"), axis=-1) if array.shape[-1] == 1 else array


def _destination(grid: Grid, rates: xr.Dataset) -> Array | None:
    if "destination_share" not in rates:
        return None
    share = aligned(grid, rates["destination_share"], "destination_share")
    return axes(share, ("year", "origin", "destination", *CELL[1:]))


def _birth_group(grid: Grid, rates: xr.Dataset) -> Array:
    if "birth_group_share" not in rates:
        return np.eye(grid.size("nationality"))[None, None]
    share = aligned(grid, rates["birth_group_share"], "birth_group_share")
    return axes(share, ("year", "area", "nationality", "nationality_child"))


def _birth_sex(grid: Grid, rates: xr.Dataset) -> Array:
    girls = xr.DataArray(FEMALE_BIRTH_SHARE)
    if "female_birth_share" in rates:
        girls = aligned(grid, rates["female_birth_share"], "female_birth_share")
    share = axes(girls, ("year", "area"))
    by_sex = [share if sex == names.SEXES[0] else 1 - share for sex in grid.labels("sex")]
    return np.ascontiguousarray(np.stack(by_sex, axis=-1))
