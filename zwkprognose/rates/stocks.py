"""The stocks of an inputs Dataset as one plain array, and what ageing does to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.inputs.handed import handed

STOCK_DIMS = ("year_end", "area", "nationality", "sex", "age")
CELL_DIMS = STOCK_DIMS[1:]


@dataclass(frozen=True)
class Stocks:
    """Persons on 31.12. of several years.

    Attributes
    ----------
    years : tuple of int
        The years, ascending; gaps are allowed.
    persons : np.ndarray [year_end, area, nationality, sex, age], persons
        Single completed years of age, the last one open.
    coords : dict
        Coordinates of ``area``, ``nationality``, ``sex``, ``age`` as in the inputs.
    group_width : int, years
        Width of the age groups from which the single years were estimated; 1 if they were counted.
    """

    years: tuple[int, ...]
    persons: np.ndarray
    coords: dict[str, xr.DataArray]
    group_width: int = 1

    @property
    def open_age(self) -> int:
        """First age of the open group."""
        return self.persons.shape[-1] - 1

    @property
    def areas(self) -> np.ndarray:
        """Keys of the areas."""
        return np.asarray(self.coords["area"].to_numpy())

    @property
    def groups(self) -> list[str]:
        """Names of the nationality groups."""
        return [str(g) for g in self.coords["nationality"].values]

    @property
    def female(self) -> int:
        """Position of women on the sex axis."""
        sexes = [str(s) for s in self.coords["sex"].values]
        if "female" not in sexes:
            raise RatesError(
                "Der Bestand ist nicht nach Geschlecht getrennt; ohne Frauen gibt es keine Geburtenziffern.",
                remedy="Bestand mit der Spalte geschlecht (m, w) einlesen.",
            )
        return sexes.index("female")

    def at(self, year: int) -> np.ndarray:
        """Stock [area, nationality, sex, age] on 31.12. of a year, on a straight line between known stocks."""
        if not self.years[0] <= year <= self.years[-1]:
            raise RatesError(
                f"Für den 31.12.{year} gibt es keinen Bestand (vorhanden: {self.years[0]} bis {self.years[-1]}).",
                cells=[{"year_end": year}],
                remedy="Bestände dieses Jahres ergänzen oder den Basiszeitraum kürzen.",
            )
        right = int(np.searchsorted(self.years, year))
        if self.years[right] == year:
            return np.asarray(self.persons[right])
        share = (year - self.years[right - 1]) / (self.years[right] - self.years[right - 1])
        return np.asarray((1 - share) * self.persons[right - 1] + share * self.persons[right])


def require_inputs(inputs: object) -> None:
    """Refuse what is no Dataset of inputs, before anything is looked up in it."""
    if isinstance(inputs, xr.Dataset) and {"population", "provenance"} <= {*inputs, *inputs.attrs}:
        raise RatesError(
            "Raten werden aus gezählten Beständen geschätzt; übergeben wurde eine Vorausberechnung.",
            remedy="Das Ergebnis von build_inputs oder load_example übergeben.",
        )
    if not isinstance(inputs, xr.Dataset) or "population" not in inputs:
        raise RatesError(
            f"Die Eingaben enthalten keinen Bestand (population); übergeben wurde {handed(inputs)}.",
            remedy="Das Ergebnis von build_inputs oder load_example übergeben.",
        )


def read_stocks(inputs: xr.Dataset) -> Stocks:
    """Take the population out of an inputs Dataset in the order of the contract."""
    require_inputs(inputs)
    population = inputs["population"].transpose(*STOCK_DIMS)
    persons = population.to_numpy().astype(float)
    if not np.isfinite(persons).all() or (persons < 0).any():
        raise RatesError("Der Bestand enthält fehlende oder negative Werte.", cells=_bad_cells(population, persons),
                         remedy="Den Bestand mit check() prüfen und die genannten Zellen klären.")  # fmt: skip
    years = tuple(int(y) for y in population["year_end"].values)
    width = int(inputs["age"].attrs.get("group_width", 1))
    return Stocks(years, persons, {dim: inputs[dim] for dim in CELL_DIMS}, width)


def reached(persons: np.ndarray) -> np.ndarray:
    """Cohorts by the age they reach in the coming year; the last two ages join, age 0 is not yet born."""
    cohorts = np.zeros_like(persons)
    cohorts[..., 1:] = persons[..., :-1]
    cohorts[..., -1] += persons[..., -1]
    return cohorts


def survivors(persons: np.ndarray, death_prob: np.ndarray, years: int) -> np.ndarray:
    """Who of a stock is still alive after some years without migration; the unborn stay zero."""
    for _ in range(years):
        persons = reached(persons) * (1 - death_prob)
    return persons


def _bad_cells(population: xr.DataArray, persons: np.ndarray) -> list[dict[str, object]]:
    positions = np.argwhere(~np.isfinite(persons) | (persons < 0))
    return [
        {dim: population[dim].values[i] for dim, i in zip(STOCK_DIMS, position, strict=True)} for position in positions
    ]
