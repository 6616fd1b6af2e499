"""Somebody who knows every published table of one year and asks what a hidden cell can be at most."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import xarray as xr
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

CELL = ("area", "nationality", "sex", "age_group")
#: Published tables of the areas with their dimensions; broad bands are runs of fine ones.
TABLES = {
    "population": CELL,
    "by_nationality": ("area", "nationality"),
    "by_age": ("area", "sex", "age_group"),
    "by_broad_age": ("area", "sex", "broad_group"),
    "broad": ("area", "broad_group"),
    "total": ("area",),
}


@dataclass
class Attacker:
    """Linear equations over the cells [area, nationality, sex, fine band] of one year.

    Stronger than anybody can be: where no cell of the city is small, the city is known in the finest split,
    although it is not published so.
    """

    published: xr.Dataset
    truth: xr.Dataset
    time: dict[str, object]
    districts: dict[str, str] = field(default_factory=dict)
    min_cell: int = 5
    rows: list[csr_array] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shape = tuple(self.truth["population"].sizes[d] for d in CELL)
        self.broad_of = np.searchsorted(self.truth["broad_from"], self.truth["age_from"], side="right") - 1
        self._know_tables("")
        if self.districts:
            self._know_tables("district_")
        whole = self.truth["population"].sel(self.time).transpose(*CELL).values.sum(axis=0)
        if ((whole == 0) | (whole >= self.min_cell)).all():
            for index in np.ndindex(*self.shape[1:]):
                self._know(self._members(nationality=index[0], sex=index[1], age_group=index[2]), whole[index])
        self._know_city()

    def cells(self, name: str, tables: xr.Dataset) -> list[tuple[np.ndarray, float]]:
        """Members (positions of the finest cells) and value of every cell of a table."""
        base = name.removeprefix("district_")
        dims = tuple("district" if d == "area" and base != name else d for d in TABLES[base])
        values = tables[name].sel(self.time).transpose(*dims).values
        return [
            (self._members(**dict(zip(dims, index, strict=True))), float(values[index]))
            for index in np.ndindex(*values.shape)
        ]

    def most(self, members: np.ndarray) -> float:
        """Largest number of persons in these cells that all published numbers allow."""
        goal = np.zeros(int(np.prod(self.shape)))
        goal[members] = -1
        solved = linprog(goal, A_eq=vstack(self.rows), b_eq=self.values, method="highs")
        assert solved.status == 0, solved.message
        return -float(solved.fun)

    def _know_tables(self, prefix: str) -> None:
        for name in TABLES:
            for members, value in self.cells(prefix + name, self.published):
                if not np.isnan(value):
                    self._know(members, value)

    def _know_city(self) -> None:
        """The published tables of the city, as far as they do not cut the fine bands."""
        self._know(self._members(), float(self.published["city_total"].sel(self.time)))
        for k, value in enumerate(self.published["city_by_nationality"].sel(self.time).values):
            if not np.isnan(value):
                self._know(self._members(nationality=k), float(value))
        city = self.published["city"].sel(self.time).transpose("sex", "city_group")
        firsts = city["city_from"].values.tolist()
        for k, (low, high) in enumerate(pairwise([*self.truth["age_from"].values.tolist(), np.inf])):
            if low in firsts and (high in firsts or high == np.inf):
                inside = [low <= first < high for first in firsts]
                for s, value in enumerate(city.values[:, inside].sum(axis=1)):
                    self._know(self._members(sex=s, age_group=k), float(value))

    def _members(self, **place: int) -> np.ndarray:
        """Positions of the finest cells in a cell that is fixed in some dimensions."""
        sizes = zip(CELL, self.shape, strict=True)
        index = [np.arange(size) if dim not in place else np.array([place[dim]]) for dim, size in sizes]
        if "broad_group" in place:
            index[3] = np.flatnonzero(self.broad_of == place["broad_group"])
        if "district" in place:
            names = sorted(set(self.districts.values()))
            index[0] = np.flatnonzero([names.index(d) == place["district"] for d in self.districts.values()])
        return np.arange(int(np.prod(self.shape))).reshape(self.shape)[np.ix_(*index)].ravel()

    def _know(self, members: np.ndarray, value: float) -> None:
        row = np.zeros((1, int(np.prod(self.shape))))
        row[0, members] = 1
        self.rows.append(csr_array(row))
        self.values.append(value)
