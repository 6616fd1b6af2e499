"""The labels of a projection: from labelled Datasets to the arrays of the engine and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose import names
from zwkprognose.engine import doors
from zwkprognose.engine.arrays import Array, Flows
from zwkprognose.errors import EngineError
from zwkprognose.names import LAST_YEAR
from zwkprognose.scenarios.documents import kind_of

CELL = ("area", "nationality", "sex", "age")


@dataclass(frozen=True)
class Grid:
    """The labels of one projection: the stock at its start (area, nationality, sex, age) and its years."""

    start: xr.DataArray
    year_start: int
    years: NDArray[np.int64]

    @property
    def year_ends(self) -> NDArray[np.int64]:
        """Years at whose end there is a stock: that of the start, and those of the projection."""
        return np.concatenate([[self.year_start], self.years])

    @property
    def coords(self) -> dict[str, Any]:
        """Coordinates of a projection: those of the stock, and the years."""
        own: dict[str, Any] = {str(name): c.variable for name, c in self.start.coords.items() if c.ndim}
        return own | {"year_end": self.year_ends, "year": self.years}

    def labels(self, dim: str) -> list[object]:
        """Coordinate of a dimension of the stock."""
        return list(self.start.coords.variables[dim].values.tolist())

    def size(self, dim: str) -> int:
        """Number of labels on a dimension."""
        years = {"year": len(self.years), "year_end": len(self.years) + 1}
        return years[dim] if dim in years else int(self.start.sizes[dim])


def grid_of(population: xr.DataArray, until: int) -> Grid:
    """The grid of a projection that starts from the last stock of ``population``."""
    first = last_stock(population, until)
    start = population.isel(year_end=-1, drop=True).transpose(*CELL)
    doors.check_ages(start["age"])
    if names.SEXES[0] not in start["sex"].values:
        raise EngineError("Der Bestand ist nicht nach Geschlecht getrennt.", remedy="Frauen und Männer angeben.")
    doors.check_values(start, names.variable("inputs", "population"))
    return Grid(start, first, np.arange(first + 1, until + 1, dtype=np.int64))


def last_stock(population: xr.DataArray, until: int) -> int:
    """The year of the last stock, from which a projection reaches until a later year; reads no numbers."""
    doors.check_dims(population, names.variable("inputs", "population"))
    ends = population["year_end"].values
    if not ends.size or not np.array_equal(ends, np.unique(ends)):
        raise EngineError("Die Stichtage des Bestandes sind nicht aufsteigend.", remedy="Nach Jahr sortieren.")
    first = int(ends[-1])
    if isinstance(until, bool) or not isinstance(until, int | np.integer):
        raise EngineError(
            f"Das letzte Jahr der Prognose (until) ist keine ganze Zahl: {kind_of(until)}.",
            remedy=f"Ein Jahr angeben, zum Beispiel until={first + 10}.",
        )
    if until <= first:
        raise EngineError(
            f"Die Prognose soll bis {until} reichen, der Bestand ist aber schon vom 31.12.{first}.",
            remedy=f"until größer als {first} angeben.",
        )
    if until > LAST_YEAR:
        raise EngineError(f"Das Jahr {until} (until) liegt zu weit voraus.", remedy=f"until bis {LAST_YEAR} angeben.")
    return first


def axes(values: xr.DataArray, dims: Sequence[str]) -> Array:
    """Contiguous array with these axes, of length one where the values do not vary."""
    there = values.variable.transpose(*(d for d in dims if d in values.dims)).values
    return np.ascontiguousarray(there[tuple(slice(None) if d in values.dims else None for d in dims)], dtype=np.float64)


def labelled(values: Array, grid: Grid, dims: Sequence[str] = CELL) -> xr.DataArray:
    """Labels for an array; axes of length one that stand for "all" are dropped."""
    array = xr.DataArray(values, dims=dims)
    for dim in dims:
        if array.sizes[dim] == grid.size(dim):
            array = array.assign_coords({dim: grid.years if dim == "year" else grid.start[dim].values})
        else:
            array = array.isel({dim: 0})
    return array


def projection_of(grid: Grid, flows: Flows, leading: tuple[str, ...] = ()) -> xr.Dataset:
    """The result arrays under their labels, as views in the order of the contract."""
    axis = len(leading)
    return under_labels(grid, {name: np.moveaxis(values, axis + 1, axis) for name, values in flows.items()}, leading)


def under_labels(grid: Grid, arrays: Mapping[str, Any], leading: tuple[str, ...] = ()) -> xr.Dataset:
    """Arrays in the order of the contract, also of dask, as a projection."""
    found = {}
    for record in names.variables("projection"):
        if record.name in arrays:
            found[record.name] = (leading + own_dims(record), arrays[record.name], told(record))
    return xr.Dataset(found, grid.coords)


def own_dims(record: names.Variable) -> tuple[str, ...]:
    """The dimensions that a variable always has."""
    return tuple(d for d in record.dims if d not in record.broadcast)


def told(record: names.Variable) -> dict[str, str]:
    """Unit and German name of a variable, as its attributes say them."""
    return {"units": record.unit, "long_name": record.label}
