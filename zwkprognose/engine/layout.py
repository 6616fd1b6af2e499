"""From labelled Datasets to the arrays of the engine and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose import names
from zwkprognose.engine import doors
from zwkprognose.engine.model import Array, Model, Rates
from zwkprognose.engine.timing import Timing
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


def model_of(grid: Grid, rates: xr.Dataset, timing: Timing, citizens: str | None = None) -> Model:
    """The checked arrays of a projection."""
    model = Model(
        start=np.ascontiguousarray(grid.start.values, dtype=np.float64),
        years=grid.years,
        rates=rates_of(grid, rates),
        timing=timing,
        female=grid.labels("sex").index(names.SEXES[0]),
        citizens=_citizens(grid, rates, citizens),
    )
    _check_rates(grid, model)
    return model


def rates_of(grid: Grid, rates: xr.Dataset) -> Rates:
    """The rates as arrays (year, area, group, sex, age); axes that do not vary have length one."""
    return Rates(
        death=_required(grid, rates, "death_prob"),
        out=_required(grid, rates, "out_prob"),
        in_moves=_required(grid, rates, "in_moves"),
        fertility=np.ascontiguousarray(_required(grid, rates, "fertility_rate")[:, :, :, 0]),
        birth_group=_birth_group(grid, rates),
        birth_sex=_birth_sex(grid, rates),
        naturalisation=_optional(grid, rates, "naturalisation_prob"),
        out_moves=_optional(grid, rates, "out_moves"),
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
            values = values.sel(year=grid.years)
        else:
            own = _OF_STOCK.get(dim, dim)
            doors.check_members(values[dim].values.tolist(), grid.labels(own), dim, title)
            values = values.sel({dim: grid.start[own].values})
    doors.check_values(values, record)
    return values


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
    array = _axes(values, ("year", *CELL))
    if array.shape[-1] == 1:
        array = np.repeat(array, grid.size("age"), axis=-1)
    return np.ascontiguousarray(array, dtype=np.float64)


def _axes(values: xr.DataArray, dims: Sequence[str]) -> Array:
    missing = [d for d in dims if d not in values.dims]
    return values.expand_dims(missing).transpose(*dims).values


def _birth_group(grid: Grid, rates: xr.Dataset) -> Array:
    if "birth_group_share" not in rates:
        return np.eye(grid.size("nationality"))[None, None]
    share = aligned(grid, rates["birth_group_share"], "birth_group_share")
    off = abs(share.sum("nationality_child") - 1) > 1e-9
    doors.refuse(off, "Staatsangehörigkeit der Neugeborenen: in {n} Fällen ist die Summe der Anteile nicht 1.",
                 "Die Anteile je Gruppe der Mutter auf 1 bringen.")  # fmt: skip
    return np.ascontiguousarray(_axes(share, ("year", "area", "nationality", "nationality_child")))


def _birth_sex(grid: Grid, rates: xr.Dataset) -> Array:
    girls = xr.DataArray(FEMALE_BIRTH_SHARE)
    if "female_birth_share" in rates:
        girls = aligned(grid, rates["female_birth_share"], "female_birth_share")
    share = _axes(girls, ("year", "area"))
    by_sex = [share if sex == names.SEXES[0] else 1 - share for sex in grid.labels("sex")]
    return np.ascontiguousarray(np.stack(by_sex, axis=-1))


def _citizens(grid: Grid, rates: xr.Dataset, citizens: str | None) -> int:
    groups = grid.labels("nationality")
    wanted = citizens or names.NATIONALITIES[0]
    if wanted in groups:
        return groups.index(wanted)
    if citizens is not None or "naturalisation_prob" in rates:
        raise EngineError(
            f"Die Gruppe „{wanted}“, in die eingebürgert wird, gibt es nicht.",
            cells=[{"nationality": g} for g in groups],
            remedy="Mit citizens= eine der vorhandenen Gruppen angeben.",
        )
    return 0


def _check_rates(grid: Grid, model: Model) -> None:
    rates = model.rates
    exposure = xr.DataArray(model.exposure, dims="age")
    _check_citizens(grid, model)
    _check_fertility(grid, model)
    moves = [r for r in (rates.death, rates.out, rates.naturalisation) if r is not None]
    for t in range(max(len(r) for r in moves)):
        parts = [_labelled(grid, r[min(t, len(r) - 1)]) for r in moves]
        doors.check_exits([p.assign_coords(year=int(grid.years[t])) for p in parts], exposure)


def _check_citizens(grid: Grid, model: Model) -> None:
    if model.rates.naturalisation is not None:
        stay = model.rates.naturalisation[:, :, [min(model.citizens, model.rates.naturalisation.shape[2] - 1)]]
        doors.refuse(_labelled(grid, stay.max(axis=0)) > 0,
                     "Einbürgerungswahrscheinlichkeit: die Zielgruppe selbst hat in {n} Zellen einen Wert.",
                     "Für die Gruppe, in die eingebürgert wird, 0 angeben.")  # fmt: skip


def _check_fertility(grid: Grid, model: Model) -> None:
    born = xr.DataArray(model.rates.fertility[..., 0].max(axis=0), dims=("area", "nationality")) > 0
    doors.refuse(born, "Geburtenziffer: Neugeborene haben in {n} Fällen selbst Kinder.",
                 "Die Ziffer für das Alter 0 auf 0 setzen.")  # fmt: skip


def _labelled(grid: Grid, values: Array) -> xr.DataArray:
    """Labels for (area, group, sex, age); axes of length one that stand for "all" are dropped."""
    array = xr.DataArray(values, dims=CELL)
    for dim in CELL:
        if array.sizes[dim] == grid.size(dim):
            array = array.assign_coords({dim: grid.start[dim].values})
        else:
            array = array.isel({dim: 0})
    return array
