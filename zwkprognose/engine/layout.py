"""From labelled Datasets to the arrays of the engine and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose import names
from zwkprognose.engine import doors
from zwkprognose.engine.model import Array, Rates
from zwkprognose.errors import EngineError

CELL = ("area", "nationality", "sex", "age")
FEMALE_BIRTH_SHARE = 100 / 205


@dataclass(frozen=True)
class Grid:
    """The labels of one projection: the stock at its start (area, nationality, sex, age) and its years."""

    start: xr.DataArray
    year_start: int
    years: NDArray[np.int64]

    def labels(self, dim: str) -> list[object]:
        """Coordinate of a dimension of the stock."""
        return list(self.start[dim].values.tolist())

    def size(self, dim: str) -> int:
        """Number of labels on a dimension."""
        return len(self.years) if dim == "year" else int(self.start.sizes[dim])


def grid_of(population: xr.DataArray, until: int) -> Grid:
    """The grid of a projection that starts from the last stock of ``population``."""
    doors.check_dims(population, names.variable("inputs", "population"))
    ends = population["year_end"].values
    if not ends.size or not np.array_equal(ends, np.unique(ends)):
        raise EngineError("Die Stichtage des Bestandes sind nicht aufsteigend.", remedy="Nach Jahr sortieren.")
    first = int(ends[-1])
    if isinstance(until, bool) or not isinstance(until, int | np.integer):
        raise EngineError(
            f"Das letzte Jahr der Prognose (until) ist keine ganze Zahl: {until}.",
            remedy=f"Ein Jahr angeben, zum Beispiel until={first + 10}.",
        )
    if until <= first:
        raise EngineError(
            f"Die Prognose soll bis {until} reichen, der Bestand ist aber schon vom 31.12.{first}.",
            remedy=f"until größer als {first} angeben.",
        )
    start = population.isel(year_end=-1, drop=True).transpose(*CELL)
    doors.check_ages(start["age"])
    if names.SEXES[0] not in start["sex"].values:
        raise EngineError("Der Bestand ist nicht nach Geschlecht getrennt.", remedy="Frauen und Männer angeben.")
    doors.check_values(start, names.variable("inputs", "population"))
    return Grid(start, first, np.arange(first + 1, until + 1, dtype=np.int64))


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


def axes(values: xr.DataArray, dims: Sequence[str]) -> Array:
    """Contiguous array with these axes, of length one where the values do not vary."""
    missing = [d for d in dims if d not in values.dims]
    return np.ascontiguousarray(values.expand_dims(missing).transpose(*dims).values, dtype=np.float64)


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


def labelled(values: Array, grid: Grid, dims: Sequence[str] = CELL) -> xr.DataArray:
    """Labels for an array; axes of length one that stand for "all" are dropped."""
    array = xr.DataArray(values, dims=dims)
    for dim in dims:
        if array.sizes[dim] == grid.size(dim):
            array = array.assign_coords({dim: grid.years if dim == "year" else grid.start[dim].values})
        else:
            array = array.isel({dim: 0})
    return array
