"""Rates as arrays, and how they are read off a Dataset: aligned with the stock, required or optional."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose import names
from zwkprognose.engine import doors
from zwkprognose.engine.arrays import Array
from zwkprognose.engine.grid import CELL, Grid, axes
from zwkprognose.engine.known import Known
from zwkprognose.errors import EngineError
from zwkprognose.rates.assemble import FEMALE_BIRTH_SHARE

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
        return self.changed(lambda v: v if v.shape[-1] == 1 else v[..., ages], without=_WITHOUT_AGE)

    def changed(self, change: Callable[[Array], Array | None], without: tuple[str, ...] = ()) -> Rates:
        """The same with a change of every array but for some."""
        mine = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in without}
        new: dict[str, Any] = {name: change(v) for name, v in mine.items() if v is not None}
        return replace(self, **new)


def by_name(rates: xr.Dataset) -> dict[str, xr.DataArray]:
    """The variables of a Dataset, each as an array that is always the same object."""
    return {str(name): values for name, values in rates.data_vars.items()}


def rates_of(grid: Grid, rates: Mapping[str, xr.DataArray], known: Known) -> Rates:
    """The rates as arrays (year, area, group, sex, age); axes that do not vary have length one.

    Arrays that are ``known``, of rates on the same grid, were aligned and checked before.
    """
    arrays: dict[str, Any] = {}
    for field, (name, layout) in _READ.items():
        if name not in rates and field in ("death", "out", "in_moves", "fertility"):
            raise EngineError(
                f"In den Raten fehlt: {names.label('variables', name)} ({name}).",
                remedy="Die Raten mit estimate_rates schätzen oder die Variable ergänzen.",
            )
        of = (rates[name].values,) if name in rates else ()
        arrays[field] = known.once(name, of, partial(_laid_out, grid, rates, name, layout))
    return Rates(**arrays)


def _laid_out(grid: Grid, rates: Mapping[str, xr.DataArray], name: str, layout: Layout) -> Array | None:
    return layout(grid, aligned(grid, rates[name], name) if name in rates else None)


def aligned(grid: Grid, values: xr.DataArray, name: str) -> xr.DataArray:
    """The array in the order of the grid, checked: known dimensions, same labels, values within bounds."""
    record = names.variable("rates", name)
    doors.check_dims(values, record)
    title = names.label("variables", name)
    for dim in map(str, values.dims):
        if dim not in values.coords:
            raise EngineError(f"{title}: die Dimension {names.label('dims', dim)} hat keine Werte.")
        found = values.coords.variables[dim].values
        wanted = grid.years if dim == "year" else grid.start.coords.variables[_OF_STOCK.get(dim, dim)].values
        if np.array_equal(found, wanted):
            continue
        if dim == "year":
            doors.check_years(found, wanted, title)
        else:
            doors.check_members(found.tolist(), wanted.tolist(), dim, title)
        values = values.sel({dim: wanted})
    doors.check_values(values, record)
    return values


_OF_STOCK = {"origin": "area", "destination": "area", "nationality_child": "nationality"}


def _cells(grid: Grid, values: xr.DataArray | None) -> Array | None:
    """(year, area, group, sex, age) with axes of length one for missing dimensions; age always in full."""
    if values is None:
        return None
    array = axes(values, ("year", *CELL))
    return np.repeat(array, grid.size("age"), axis=-1) if array.shape[-1] == 1 else array


def _of_women(grid: Grid, values: xr.DataArray | None) -> Array | None:
    cells = _cells(grid, values)
    return None if cells is None else np.ascontiguousarray(cells[:, :, :, 0])


def _destination(grid: Grid, values: xr.DataArray | None) -> Array | None:
    return None if values is None else axes(values, ("year", "origin", "destination", *CELL[1:]))


def _birth_group(grid: Grid, values: xr.DataArray | None) -> Array:
    if values is None:
        return np.eye(grid.size("nationality"))[None, None]
    return axes(values, ("year", "area", "nationality", "nationality_child"))


def _birth_sex(grid: Grid, values: xr.DataArray | None) -> Array:
    share = axes(xr.DataArray(FEMALE_BIRTH_SHARE) if values is None else values, ("year", "area"))
    by_sex = [share if sex == names.SEXES[0] else 1 - share for sex in grid.labels("sex")]
    return np.ascontiguousarray(np.stack(by_sex, axis=-1))


#: How the array of a variable, which may be missing, is laid out for the engine.
Layout = Callable[[Grid, xr.DataArray | None], Array | None]
#: Field of ``Rates`` → variable of the Dataset, and its layout.
_READ: dict[str, tuple[str, Layout]] = {
    "death": ("death_prob", _cells),
    "out": ("out_prob", _cells),
    "in_moves": ("in_moves", _cells),
    "fertility": ("fertility_rate", _of_women),
    "out_moves": ("out_moves", _cells),
    "naturalisation": ("naturalisation_prob", _cells),
    "move_out": ("move_out_prob", _cells),
    "move_in_share": ("move_in_share", _cells),
    "birth_group": ("birth_group_share", _birth_group),
    "birth_sex": ("female_birth_share", _birth_sex),
    "destination": ("destination_share", _destination),
}
