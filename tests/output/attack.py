"""Somebody who knows everything that was published of one 31.12. and asks what a hidden cell can be at most.

Independent of the code that protects: linear equations over the cells [area, nationality, sex, interval of ages], the
intervals so fine that no published band cuts one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import xarray as xr
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

#: Published tables of the areas: their splits beside the area, the last one of ages.
TABLES: dict[str, tuple[str, ...]] = {
    "population": ("nationality", "sex", "age_group"),
    "by_nationality": ("nationality",),
    "by_age": ("sex", "age_group"),
    "by_broad_age": ("sex", "broad_group"),
    "broad": ("broad_group",),
    "total": (),
}
CITY: dict[str, tuple[str, ...]] = {
    "city": ("sex", "city_group"), "city_by_nationality": ("nationality",), "city_total": (),
}  # fmt: skip
#: Dimension of ages → coordinate of its first ages.
FIRST = {"age_group": "age_from", "broad_group": "broad_from", "city_group": "city_from"}
Cell = tuple[np.ndarray, float]


@dataclass
class Attacker:
    """What several publications of one town say together; ``truth`` is the town rounded without protection.

    Stronger than anybody can be: where no cell of the city is small, the city is known in the finest split of the
    areas, although it is not published so.
    """

    truth: xr.Dataset
    publications: Iterable[xr.Dataset]
    year: int = 2020
    districts: Mapping[str, str] = field(default_factory=dict)
    min_cell: int = 5
    rows: list[csr_array] = field(default_factory=list)
    values: list[float] = field(default_factory=list)
    bounds: list[tuple[np.ndarray, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for published in self.publications:
            for name in self.tables_in(published):
                for members, value in self.cells(name, published):
                    if not np.isnan(value):
                        self.know(members, value)
        whole = self._at(self.truth["population"]).sum("area").transpose("nationality", "sex", "age_group")
        if ((whole == 0) | (whole >= self.min_cell)).all():
            for cell in self._cells_of(whole, TABLES["population"], None):
                self.know(*cell)

    @cached_property
    def firsts(self) -> np.ndarray:
        """First ages of the intervals."""
        known = [one[name].values for one in (self.truth, *self.publications) for name in FIRST.values()]
        return np.unique(np.concatenate(known).astype(int))

    @property
    def shape(self) -> tuple[int, ...]:
        """Number of areas, nationalities, sexes, intervals."""
        return (*(self.truth.sizes[dim] for dim in ("area", "nationality", "sex")), len(self.firsts))

    def tables_in(self, published: xr.Dataset) -> Iterator[str]:
        """Names of the tables of areas, districts and the city."""
        yield from (*TABLES, *CITY)
        yield from (f"district_{name}" for name in TABLES if f"district_{name}" in published)

    def cells(self, name: str, published: xr.Dataset) -> Iterator[Cell]:
        """Members (positions of the finest cells) and value of every cell of a table."""
        base = name.removeprefix("district_")
        table = self._at(published[name])
        if name in CITY:
            yield from self._cells_of(table, CITY[name], None)
            return
        dim = "area" if base == name else "district"
        for place in table[dim].values:
            inside = [
                a for a, key in enumerate(self.truth["area"].values)
                if (key if dim == "area" else self.districts[str(key)]) == place
            ]  # fmt: skip
            yield from self._cells_of(table.sel({dim: place}), TABLES[base], inside)

    def small(self) -> list[np.ndarray]:
        """Members of the finest cells of a few persons, the single years of the city among them.

        Any other small cell holds one of them, so that its bound is at least as large.
        """
        both = (cell for name in ("population", "city") for cell in self.cells(name, self.truth))
        return [members for members, value in both if 0 < value < self.min_cell]

    def most(self, members: np.ndarray) -> float:
        """Largest number of persons in these cells that all that is known allows."""
        goal = np.zeros(int(np.prod(self.shape)))
        goal[members] = -1
        sides = csr_array(np.stack([row for row, _ in self.bounds])) if self.bounds else None
        most = [high for _, high in self.bounds] or None
        solved = linprog(goal, sides, most, A_eq=self._equations, b_eq=self.values, method="highs")
        assert solved.status == 0, solved.message
        return -float(solved.fun)

    def worst(self, at_most: int | None = None) -> float:
        """The smallest bound for a cell of a few persons, of ``at_most`` of them; infinite if there is none."""
        small = self.small()
        chosen = np.random.default_rng(1).permutation(len(small))[:at_most]
        return min((self.most(small[k]) for k in chosen), default=float("inf"))

    def know(self, members: np.ndarray, value: float) -> None:
        """Learn the sum of some cells."""
        row = np.zeros((1, int(np.prod(self.shape))))
        row[0, members] = 1
        self.rows.append(csr_array(row))
        self.values.append(value)
        self.__dict__.pop("_equations", None)

    def know_between(self, weights: np.ndarray, low: float, high: float) -> None:
        """Learn the limits of a weighted sum of the cells [area, nationality, sex, interval]: what rounding leaves."""
        row = np.broadcast_to(weights, self.shape).ravel()
        self.bounds += [(row, high)] if np.isfinite(high) else []
        self.bounds += [(-row, -low)] if np.isfinite(low) else []

    @cached_property
    def _equations(self) -> csr_array:
        return csr_array(vstack(self.rows))

    def _at(self, table: xr.DataArray) -> xr.DataArray:
        """The 31.12. under the first scenario: the base year is the same under all."""
        return table.isel(scenario=0).sel(year_end=self.year)

    def _cells_of(self, table: xr.DataArray, dims: tuple[str, ...], areas: list[int] | None) -> Iterator[Cell]:
        values = table.transpose(*dims).values
        for index in np.ndindex(*values.shape):
            place = dict(zip(dims, index, strict=True))
            choice = [np.arange(size) for size in self.shape]
            choice[0] = choice[0] if areas is None else np.array(areas)
            for k, dim in ((1, "nationality"), (2, "sex")):
                choice[k] = np.array([place[dim]]) if dim in place else choice[k]
            for dim in FIRST.keys() & place.keys():
                starts = [*table[FIRST[dim]].values, np.inf]
                low, high = starts[place[dim]], starts[place[dim] + 1]
                choice[3] = np.flatnonzero((self.firsts >= low) & (self.firsts < high))
            yield np.arange(int(np.prod(self.shape))).reshape(self.shape)[np.ix_(*choice)].ravel(), float(values[index])
