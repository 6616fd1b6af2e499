"""The past of all areas as plain arrays: totals by year and, where known, the age structure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any, TypeVar

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import summed, total
from zwkprognose.errors import RatesError
from zwkprognose.inputs.handed import is_whole, require_dataset
from zwkprognose.names import LAST_YEAR

Result = TypeVar("Result")
#: Longest base period that is looked for; with sparser stocks the nearest earlier one is taken.
BASE_YEARS = 5
#: Nowhere live more; a larger figure is a mistake, and its powers would be none that a machine can hold.
MOST_PERSONS = 1e10
#: First ages of the classes that describe the age structure of an area.
AGE_CLASSES = (0, 5, 15, 20, 25, 30, 40, 50, 60, 70, 80)


@dataclass(frozen=True, eq=False)
class Past:
    """Stocks on 31.12. of past years, nothing else.

    Attributes
    ----------
    years : tuple of int
        Ascending; gaps are allowed.
    persons : np.ndarray [year, area], persons
        Totals of the areas.
    shares : np.ndarray [year, area, class] or None
        Shares of the age classes in each area; None where ages are not known.
    """

    years: tuple[int, ...]
    persons: np.ndarray
    shares: np.ndarray | None = None
    #: What was once computed of some of the years, by their names; the same in every past that holds them.
    _computed: dict[Hashable, Any] = field(default_factory=dict, repr=False)

    def once(self, key: Hashable, compute: Callable[[], Result]) -> Result:
        """What depends on the stocks of the years named in the key alone is computed once for all launches."""
        if key not in self._computed:
            self._computed[key] = compute()
        found: Result = self._computed[key]
        return found

    @property
    def launch(self) -> int:
        """The last known year."""
        return self.years[-1]

    @property
    def last(self) -> np.ndarray:
        """Totals of the last known year [area], persons."""
        return np.asarray(self.persons[-1])

    def at(self, year: int) -> np.ndarray:
        """Totals of a known year [area], persons."""
        return np.asarray(self.persons[self.years.index(year)])

    def until(self, year: int) -> Past:
        """Only what was known on 31.12. of a year."""
        count = sum(y <= year for y in self.years)
        shares = None if self.shares is None else self.shares[:count]
        return replace(self, years=self.years[:count], persons=self.persons[:count], shares=shares)

    def of_areas(self, order: np.ndarray) -> Past:
        """The same of some areas, in that order."""
        if np.array_equal(order, np.arange(self.last.size)):
            return self
        shares = None if self.shares is None else self.shares[:, order]
        return Past(self.years, self.persons[:, order], shares)

    def base_years(self, year: int | None = None, longest: int = BASE_YEARS) -> tuple[int, ...]:
        """Starts of the base periods that end in a year: all of the five years before, else the nearest.

        Raises
        ------
        RatesError
            If nothing is known before that year.
        """
        year = self.launch if year is None else year
        earlier = [y for y in self.years if y < year]
        if not earlier:
            raise RatesError(
                f"Vor dem 31.12.{year} ist kein Bestand bekannt; ein Trend lässt sich nicht schätzen.",
                cells=[{"year_end": year}],
                remedy="Einen früheren Bestand ergänzen oder die Regel „unchanged“ verwenden.",
            )
        return tuple(y for y in earlier if year - y <= longest) or (earlier[-1],)

    def base_year(self) -> int:
        """Start of the longest base period before the last known year."""
        return self.base_years()[0]


def past_of(inputs: xr.Dataset | xr.DataArray) -> Past:
    """The past in an inputs Dataset or in a bare population array.

    Parameters
    ----------
    inputs : xr.Dataset or xr.DataArray
        ``population`` [year_end, area, …, age], persons; ``age`` may be missing.

    Raises
    ------
    RatesError
        If a figure is missing or negative, the years are not in order, or nobody lived in the whole city.
    """
    population = stocks_of(inputs)
    years = _years(population)
    rest = [d for d in population.dims if d not in ("year_end", "area")]
    _check_figures(population, rest)
    persons = summed(population, rest).transpose("year_end", "area").to_numpy().astype(float)
    _check_somebody(years, persons)
    shares = _shares(population) if "age" in population.dims else None
    return Past(years, persons, shares)


def stocks_of(inputs: xr.Dataset | xr.DataArray) -> xr.DataArray:
    """Stocks by year and area."""
    if not isinstance(inputs, xr.DataArray):
        remedy = "Das Ergebnis von build_inputs oder load_example übergeben."
        require_dataset(inputs, "population", what="ein Bestand", remedy=remedy, error=RatesError)
    population = inputs["population"] if isinstance(inputs, xr.Dataset) else inputs
    if not {"year_end", "area"} <= set(population.dims):
        raise RatesError(
            "Ohne Bestände nach Stichtag und Gebiet gibt es keine Gesamtzahlen.",
            remedy="Einen Bestand [year_end, area, …] übergeben; ein einzelnes Gebiet mit isel(area=[0]) wählen.",
        )
    return population


def key_order(areas: np.ndarray) -> np.ndarray:
    """Positions of the areas in the order of their keys: whoever sums in it finds the same bits in every order.

    Raises
    ------
    RatesError
        If an area has no key, or one that another has too.
    """
    keys = [str(area) for area in areas.tolist()]
    wrong = sorted({k for k in keys if k in ("", "nan", "None")} | {k for k, n in Counter(keys).items() if n > 1})
    if wrong:
        raise RatesError(
            "Jedes Gebiet braucht einen eigenen Schlüssel; diese fehlen oder stehen mehrfach.",
            cells=[{"area": key} for key in wrong],
            remedy="Doppelte Gebiete zusammenfassen oder umbenennen und leere Schlüssel ergänzen.",
        )
    return np.array(sorted(range(len(keys)), key=keys.__getitem__), dtype=int)


def _years(population: xr.DataArray) -> tuple[int, ...]:
    """The years of the stocks, whole and ascending, each once."""
    given = population["year_end"].values.tolist() if "year_end" in population.coords else []
    whole = [y for y in given if is_whole(y)]
    if not given or len(whole) < len(given) or any(not 1 <= y <= LAST_YEAR for y in whole):
        raise RatesError(
            f"Die Stichtage der Bestände (year_end) sind keine ganzen Jahre bis {LAST_YEAR}.",
            cells=[{"year_end": str(y)} for y in given if y not in whole],
            remedy="Als year_end das Jahr des 31.12. angeben, zum Beispiel 2020.",
        )
    years = tuple(int(y) for y in whole)
    if any(b <= a for a, b in pairwise(years)):
        raise RatesError(
            "Die Stichtage der Bestände stehen nicht aufsteigend, jeder einmal.",
            cells=[{"year_end": y} for y in years],
            remedy='Die Bestände ordnen, inputs.sortby("year_end"), und doppelte Stichtage weglassen.',
        )
    return years


def _check_figures(population: xr.DataArray, rest: list[Hashable]) -> None:
    """Every figure is a number of persons that there can be: it is there, not negative and not beyond all measure."""
    if population.dtype.kind not in "iuf":
        raise RatesError(
            "Die Bestände sind keine Zahlen.",
            remedy="Personenzahlen übergeben, Texte vorher in Zahlen umwandeln.",
        )
    wrong = (~((population >= 0) & (population <= MOST_PERSONS))).any(rest).transpose("year_end", "area")
    if not wrong.values.any():
        return
    years, areas = np.nonzero(wrong.values)
    cells = [
        {"year_end": int(population["year_end"][y]), "area": str(population["area"].values[a])}
        for y, a in zip(years, areas, strict=True)
    ]
    raise RatesError(
        "Bestände fehlen oder sind negativ; Gebiete, die es nicht in allen Jahren gibt, sind nicht vergleichbar.",
        cells=cells,
        remedy="Geteilte oder zusammengelegte Gebiete auf einen Gebietsstand umrechnen oder weglassen; möglich ist "
        "auch, nur die Stichtage zu verwenden, an denen es alle Gebiete gab.",
    )


def _check_somebody(years: tuple[int, ...], persons: np.ndarray) -> None:
    """A city in which nobody lived has no growth."""
    empty = [y for y, row in zip(years, persons, strict=True) if not row.any()]
    if empty:
        raise RatesError(
            "An diesen Stichtagen wohnt in keinem Gebiet jemand; daraus folgt kein Wachstum.",
            cells=[{"year_end": y} for y in empty],
            remedy="Die Stichtage ohne Personen weglassen oder ihre Zahlen prüfen.",
        )


def _shares(population: xr.DataArray) -> np.ndarray:
    """Shares of the age classes; an empty area has none and gets zeros."""
    others = [d for d in population.dims if d not in ("year_end", "area", "age")]
    by_age = summed(population, others).transpose("year_end", "area", "age")
    ages = by_age["age"].values
    starts = np.searchsorted(ages, [a for a in AGE_CLASSES if a <= ages[-1]])
    ends = [*starts[1:], len(ages)]
    classes = np.stack([total(by_age[..., a:b].to_numpy(), -1) for a, b in zip(starts, ends, strict=True)], axis=-1)
    persons = total(classes, -1, keepdims=True)
    return np.divide(classes, persons, out=np.zeros_like(classes), where=persons > 0)
