"""Eckwerte as a user states them: sums that a projection shall meet in some years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import xarray as xr

from zwkprognose import names
from zwkprognose.engine import doors
from zwkprognose.engine.arrays import Index
from zwkprognose.engine.features.margins import EXACT, LEAST, MOST, Margin
from zwkprognose.engine.grid import CELL, Grid
from zwkprognose.errors import EngineError

Bound = Literal["exact", "least", "most"]
SENSES: dict[str, int] = {"exact": EXACT, "least": LEAST, "most": MOST}
FLOWS = ("births", "deaths", "in_moves", "out_moves")
OLDEST = 130


@dataclass(frozen=True)
class Eckwert:
    """One set of target values.

    Eckwerte of the population scale in-moves and out-moves; those of births and deaths scale their rates,
    those of in-moves or out-moves these alone. Stocks are never touched.

    Parameters
    ----------
    name : str
        What errors call it.
    target : xr.DataArray [year_end, …] for the population, [year, …] for flows, persons
        Further dimensions from area, nationality, sex, age or those in ``groups``: what is missing is summed
        over. Years and members that are not listed are free. Ages are those reached at the end of the year,
        under every timing.
    of : {"population", "births", "deaths", "in_moves", "out_moves"}
        The variable.
    groups : mapping of str to (str, mapping)
        For each other dimension of ``target`` the dimension it groups and the group of each of its members,
        such as ``{"district": ("area", {"0101": "01", "0102": "01"})}``. Members without a group are free.
    bound : {"exact", "least", "most"}
        Whether the values are met exactly, or bound the population from below or above. Bounds that hold change
        nothing; others are met by the smallest change of flows.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> goal = Eckwert("Stadt", xr.DataArray([115_000.0], {"year_end": [2026]}))
    >>> projection = project(inputs, estimate_rates(inputs), until=2026, eckwerte=[goal])
    >>> round(float(projection["population"].sel(year_end=2026).sum()), 6)
    115000.0
    """

    name: str
    target: xr.DataArray
    of: str = "population"
    groups: Mapping[str, tuple[str, Mapping[Any, Any]]] = field(default_factory=dict)
    bound: Bound = "exact"

    @property
    def time(self) -> str:
        """Dimension of the years: stocks are on 31.12., flows in the year."""
        return "year_end" if self.of == "population" else "year"


def age_bands(bands: Mapping[str, tuple[int, int | None]]) -> tuple[str, dict[int, str]]:
    """Groups of ages, from … up to and including …, for ``Eckwert.groups``.

    >>> dimension, members = age_bands({"0–17": (0, 17), "18+": (18, None)})
    >>> dimension, members[17], members[100]
    ('age', '0–17', '18+')
    """
    members = {}
    for label, (first, last) in bands.items():
        for age in range(first, (OLDEST if last is None else last) + 1):
            members[age] = label
    return "age", members


def margins_of(grid: Grid, eckwerte: Sequence[Eckwert]) -> tuple[tuple[Margin, ...], ...]:
    """The checked margins of each year of the projection."""
    for eckwert in eckwerte:
        _check(grid, eckwert)
    if not eckwerte:
        return ()
    prepared = [_Prepared(grid, e) for e in eckwerte]
    return tuple(tuple(p.margin(int(y)) for p in prepared if p.holds(int(y))) for y in grid.years)


class _Prepared:
    """One set of target values on the grid."""

    def __init__(self, grid: Grid, eckwert: Eckwert) -> None:
        self.eckwert, self.time = eckwert, eckwert.time
        dims = [d for d in map(str, eckwert.target.dims) if d != self.time]
        self.area_dim = next((d for d in dims if _grouped(eckwert, d) == "area"), None)
        self.cell_dims = [d for c in CELL[1:] for d in dims if _grouped(eckwert, d) == c]
        self.target = eckwert.target.transpose(self.time, *([self.area_dim] if self.area_dim else []), *self.cell_dims)
        self.memory: dict[Any, Any] = {}
        self.areas = self._positions(grid, "area", self.area_dim)
        self.cells = self._cells(grid)

    def holds(self, year: int) -> bool:
        """Are there target values for this year?"""
        return year in self.target[self.time].values

    def margin(self, year: int) -> Margin:
        """The target values of one year."""
        values = self.target.sel({self.time: year}).values.astype(float)
        rows = self.target.sizes[self.area_dim] if self.area_dim else 1
        table = np.ascontiguousarray(values.reshape(rows, -1))
        label = self._labeller(year)
        given = self.eckwert
        return Margin(given.name, given.of, self.areas, self.cells, table, label, self.memory, SENSES[given.bound])

    def _positions(self, grid: Grid, dim: str, target_dim: str | None) -> Index:
        """Position on the target's dimension of each member of the grid's; −1 for none."""
        if target_dim is None:
            return np.zeros(grid.size(dim), dtype=np.intp)
        groups = self.target[target_dim].values.tolist()
        member_of = self.eckwert.groups[target_dim][1] if target_dim in self.eckwert.groups else None
        labels = grid.labels(dim) if member_of is None else [member_of.get(m) for m in grid.labels(dim)]
        return np.array([groups.index(m) if m in groups else -1 for m in labels], dtype=np.intp)

    def _cells(self, grid: Grid) -> Index:
        position = np.zeros((1, 1, 1), dtype=np.intp)
        free = np.zeros((1, 1, 1), dtype=bool)
        for axis, dim in enumerate(CELL[1:]):
            own = next((d for d in self.cell_dims if _grouped(self.eckwert, d) == dim), None)
            along = self._positions(grid, dim, own).reshape([-1 if k == axis else 1 for k in range(3)])
            free = free | (along < 0)
            position = position * (self.target.sizes[own] if own else 1) + along
        return np.ascontiguousarray(np.where(free, -1, position))

    def _labeller(self, year: int) -> Any:
        sizes = [self.target.sizes[d] for d in self.cell_dims]

        def label(row: int, column: int) -> dict[str, Any]:
            position = [int(k) for k in np.unravel_index(column, sizes)] if sizes else []
            at = ([(self.area_dim, row)] if self.area_dim else []) + list(zip(self.cell_dims, position, strict=True))
            return {self.time: year} | {d: self.target[d].values.tolist()[k] for d, k in at}

        return label


def _grouped(eckwert: Eckwert, dim: str) -> str:
    """The dimension of the stock that a dimension of the target groups."""
    return eckwert.groups[dim][0] if dim in eckwert.groups else dim


def _check(grid: Grid, eckwert: Eckwert) -> None:
    title = f"Eckwert „{eckwert.name}“"
    if eckwert.of not in ("population", *FLOWS):
        raise EngineError(f"{title}: für „{eckwert.of}“ gibt es keine Eckwerte.",
                          remedy="Eine von population, " + ", ".join(FLOWS) + " angeben.")  # fmt: skip
    if eckwert.bound not in SENSES or (eckwert.bound != "exact" and eckwert.of != "population"):
        raise EngineError(f"{title}: „{eckwert.bound}“ ist hier nicht möglich.",
                          remedy="exact angeben, für die Bevölkerung auch least oder most.")  # fmt: skip
    dims = [str(d) for d in eckwert.target.dims]
    if eckwert.time not in dims:
        raise EngineError(f"{title}: die Dimension {names.label('dims', eckwert.time)} fehlt.",
                          remedy="Die Jahre angeben, für die der Eckwert gilt.")  # fmt: skip
    _check_dims(eckwert, [d for d in dims if d != eckwert.time], title)
    _check_members(grid, eckwert, title)
    doors.refuse(~((eckwert.target >= 0) & (eckwert.target < np.inf)),
                 f"{title}: in {{n}} Fällen ist der Wert leer oder negativ.",
                 "Für freie Jahre oder Gebiete keinen Wert angeben statt eines leeren.")  # fmt: skip


def _check_dims(eckwert: Eckwert, dims: list[str], title: str) -> None:
    grouped = [_grouped(eckwert, d) for d in dims]
    unknown = [d for d, g in zip(dims, grouped, strict=True) if g not in CELL]
    twice = [d for d, g in zip(dims, grouped, strict=True) if grouped.count(g) > 1]
    if unknown or twice or (eckwert.of == "births" and "age" in grouped):
        raise EngineError(f"{title}: Dimensionen {', '.join(dims)} passen nicht.",
                          cells=[{"Dimension": d} for d in unknown + twice],
                          remedy="Je eine Gliederung nach area, nationality, sex, age (Geburten ohne Alter); "
                          "andere mit groups= erklären.")  # fmt: skip


def _check_members(grid: Grid, eckwert: Eckwert, title: str) -> None:
    for dim in map(str, eckwert.target.dims):
        own = _grouped(eckwert, dim)
        if own not in CELL:
            continue
        listed = eckwert.target[dim].values.tolist()
        known = set(eckwert.groups[dim][1].values()) if dim in eckwert.groups else set(grid.labels(own))
        strange = [{dim: v} for v in listed if v not in known]
        if dim in eckwert.groups and own == "area":
            strange += [{"area": a} for a in eckwert.groups[dim][1] if a not in grid.labels("area")]
        if strange or len(set(listed)) != len(listed):
            raise EngineError(f"{title}: {names.label('dims', dim)} ist unbekannt oder doppelt.", cells=strange,
                              remedy="Die Schlüssel an die des Bestands angleichen.")  # fmt: skip
