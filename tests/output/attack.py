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
    min_cell: int = 5
    rows: list[csr_array] = field(default_factory=list)
    values: list[float] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.shape = tuple(self.truth["population"].sizes[d] for d in CELL)
        self.groups = np.searchsorted(self.truth["broad_from"], self.truth["age_from"], side="right") - 1
        for name in TABLES:
            for members, value in self.cells(name, self.published):
                if not np.isnan(value):
                    self._know(members, value)
        whole = self.truth["population"].sel(self.time).transpose(*CELL).values.sum(axis=0)
        if ((whole == 0) | (whole >= self.min_cell)).all():
            for index in np.ndindex(*self.shape[1:]):
                self._know(self._members((slice(None), *index)), whole[index])
        self._know_city()

    def _know_city(self) -> None:
        """The published table of the city, as far as it does not cut the fine bands."""
        city = self.published["city"].sel(self.time)
        for name, dims in (("city_by_nationality", ("nationality",)), ("city_total", ())):
            values = self.published[name].sel(self.time)
            for index in np.ndindex(*values.shape):
                if not np.isnan(values.values[index]):
                    place = [slice(None)] * 4
                    for dim, k in zip(dims, index, strict=True):
                        place[CELL.index(dim)] = k
                    self._know(self._members(tuple(place)), float(values.values[index]))
        starts = self.truth["age_from"].values
        for k, (low, high) in enumerate(pairwise([*starts.tolist(), np.inf])):
            inside = (city["city_from"] >= low) & (city["city_from"] < high)
            if low in city["city_from"].values and (high in city["city_from"].values or high == np.inf):
                for s, value in enumerate(city.transpose("sex", "city_group").values[:, inside.values].sum(axis=1)):
                    self._know(self._members((slice(None), slice(None), s, k)), float(value))

    def cells(self, name: str, tables: xr.Dataset) -> list[tuple[np.ndarray, float]]:
        """Members (positions of the finest cells) and value of every cell of a table."""
        values = tables[name].sel(self.time).transpose(*TABLES[name]).values
        found = []
        for index in np.ndindex(*values.shape):
            chosen = dict(zip(TABLES[name], index, strict=True))
            ages = np.flatnonzero(self.groups == chosen["broad_group"]) if "broad_group" in chosen else None
            last = chosen.get("age_group", slice(None) if ages is None else ages)
            place = (*(chosen.get(d, slice(None)) for d in CELL[:3]), last)
            found.append((self._members(place), float(values[index])))
        return found

    def most(self, members: np.ndarray) -> float:
        """Largest number of persons in these cells that all published numbers allow."""
        goal = np.zeros(int(np.prod(self.shape)))
        goal[members] = -1
        solved = linprog(goal, A_eq=vstack(self.rows), b_eq=self.values, method="highs")
        assert solved.status == 0, solved.message
        return -float(solved.fun)

    def _members(self, index: tuple) -> np.ndarray:
        return np.arange(int(np.prod(self.shape))).reshape(self.shape)[index].ravel()

    def _know(self, members: np.ndarray, value: float) -> None:
        row = np.zeros((1, int(np.prod(self.shape))))
        row[0, members] = 1
        self.rows.append(csr_array(row))
        self.values.append(value)
