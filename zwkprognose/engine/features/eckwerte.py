"""Eckwerte as a user states them: sums that a projection shall meet in some years."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Literal

import numpy as np
import xarray as xr

from zwkprognose import names
from zwkprognose.engine import doors
from zwkprognose.engine.arrays import Index
from zwkprognose.engine.features.margins import EXACT, LEAST, MOST, Margin, called
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
    stated = [_by_year(grid, eckwert) for eckwert in eckwerte]
    return tuple(tuple(by_year[y] for by_year in stated if y in by_year) for y in grid.years.tolist())


def _by_year(grid: Grid, eckwert: Eckwert) -> dict[int, Margin]:
    """The target values of each year on the grid."""
    time, target = eckwert.time, eckwert.target
    own = {_grouped(eckwert, d): d for d in map(str, target.dims) if d != time}
    dims = [own[d] for d in CELL if d in own]
    labels = {d: target[d].values.tolist() for d in (time, *dims)}
    sizes = [len(labels[d]) for d in dims]
    values = target.variable.transpose(time, *dims).values.astype(float)
    rows = sizes[0] if "area" in own else 1
    table = np.ascontiguousarray(values.reshape(len(values), rows, -1))

    def called_there(year: int, row: int, column: int) -> dict[str, Any]:
        at = np.unravel_index(row * table.shape[2] + column, sizes) if sizes else ()
        return {time: year} | {d: labels[d][int(k)] for d, k in zip(dims, at, strict=True)}

    areas, cells, memory = _positions(grid, eckwert, "area", own), _cells(grid, eckwert, own), dict[Any, Any]()
    return {
        year: Margin(eckwert.name, eckwert.of, areas, cells, held, partial(called_there, year), memory,
                     SENSES[eckwert.bound])
        for year, held in zip(labels[time], table, strict=True)
    }  # fmt: skip


def _positions(grid: Grid, eckwert: Eckwert, dim: str, own: Mapping[str, str]) -> Index:
    """Position on the target's dimension of each member of the grid's; −1 for none."""
    if dim not in own:
        return np.zeros(grid.size(dim), dtype=np.intp)
    position = {label: k for k, label in enumerate(eckwert.target[own[dim]].values.tolist())}
    members = grid.labels(dim)
    if own[dim] in eckwert.groups:
        group_of = eckwert.groups[own[dim]][1]
        members = [group_of.get(m) for m in members]
    return np.array([position.get(m, -1) for m in members], dtype=np.intp)


def _cells(grid: Grid, eckwert: Eckwert, own: Mapping[str, str]) -> Index:
    """Column of the target of each cell (group, sex, age); −1 for none."""
    position = np.zeros((1, 1, 1), dtype=np.intp)
    free = np.zeros((1, 1, 1), dtype=bool)
    for axis, dim in enumerate(CELL[1:]):
        along = _positions(grid, eckwert, dim, own).reshape([-1 if k == axis else 1 for k in range(3)])
        free = free | (along < 0)
        position = position * (eckwert.target.sizes[own[dim]] if dim in own else 1) + along
    return np.ascontiguousarray(np.where(free, -1, position))


def _grouped(eckwert: Eckwert, dim: str) -> str:
    """The dimension of the stock that a dimension of the target groups."""
    return eckwert.groups[dim][0] if dim in eckwert.groups else dim


def _check(grid: Grid, eckwert: Eckwert) -> None:
    title = called(eckwert.name)
    if eckwert.of not in ("population", *FLOWS):
        raise EngineError(f"{title}: für „{eckwert.of}“ gibt es keine Eckwerte.",
                          remedy="Eine von population, " + ", ".join(FLOWS) + " angeben.")  # fmt: skip
    if eckwert.bound not in SENSES or (eckwert.bound != "exact" and eckwert.of != "population"):
        raise EngineError(f"{title}: „{eckwert.bound}“ ist hier nicht möglich.",
                          remedy="exact angeben, für die Bevölkerung auch least oder most.")  # fmt: skip
    if not isinstance(eckwert.target, xr.DataArray) or eckwert.target.dtype.kind not in "fiu":
        raise EngineError(f"{title}: die Werte sind kein DataArray von Zahlen.",
                          remedy='Zum Beispiel xr.DataArray([9500.0], {"year_end": [2030]}) angeben.')  # fmt: skip
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
    years = eckwert.target[eckwert.time].values.tolist()
    if len(set(years)) < len(years):
        raise EngineError(f"{title}: ein Jahr steht zweimal da.", remedy="Jedes Jahr einmal nennen.")
    for dim in map(str, eckwert.target.dims):
        own = _grouped(eckwert, dim)
        if own not in CELL:
            continue
        listed = eckwert.target[dim].values.tolist()
        known = set(eckwert.groups[dim][1].values()) if dim in eckwert.groups else set(grid.labels(own))
        strange = [{dim: v} for v in listed if v not in known]
        if dim in eckwert.groups and own == "area":
            areas = set(grid.labels("area"))
            strange += [{"area": a} for a in eckwert.groups[dim][1] if a not in areas]
        if strange or len(set(listed)) != len(listed):
            raise EngineError(f"{title}: {names.label('dims', dim)} ist unbekannt oder doppelt.", cells=strange,
                              remedy="Die Schlüssel an die des Bestands angleichen.")  # fmt: skip
