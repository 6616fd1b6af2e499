"""What was known at a launch: stocks by area, sex and age group, and nothing later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import xarray as xr

from zwkprognose.errors import EvaluationError
from zwkprognose.german import numbers
from zwkprognose.inputs.handed import is_whole, require_dataset
from zwkprognose.rates.totals import Past, past_of

#: First ages of the groups of five years that cohort methods and age measures use.
FIVE_YEARS = tuple(range(0, 90, 5))
#: First ages of groups of ten years, for stocks that are ten years apart.
TEN_YEARS = tuple(range(0, 90, 10))


@dataclass(frozen=True, eq=False)
class History:
    """Stocks on 31.12. of past years.

    Attributes
    ----------
    past : Past
        Totals of the areas and their age structure.
    areas : tuple of str
    persons : np.ndarray [year, area, sex, group] or None, persons
        By age group; None where ages are not known.
    groups : tuple of int
        First ages of the groups, all equally wide, the last one open.
    sexes : tuple of str
        Labels of the sex axis; a single one where the source does not split.
    inputs : xr.Dataset
        The same and everything else that was known, for methods that estimate rates.
    """

    past: Past
    areas: tuple[str, ...]
    persons: np.ndarray | None
    groups: tuple[int, ...]
    sexes: tuple[str, ...]
    inputs: xr.Dataset

    @property
    def years(self) -> tuple[int, ...]:
        """Known years, ascending."""
        return self.past.years

    @property
    def width(self) -> int:
        """Width of the age groups in years."""
        return self.groups[1] - self.groups[0]

    def until(self, launch: int) -> History:
        """Only what was known on 31.12. of the launch year.

        Raises
        ------
        EvaluationError
            If that year has no stock.
        """
        if launch not in self.years:
            raise EvaluationError(
                f"Für den Startpunkt 31.12.{launch} gibt es keinen Bestand.",
                cells=[{"launch": launch}],
                remedy=f"Einen der vorhandenen Stichtage wählen: {numbers(self.years)}.",
            )
        past = self.past.until(launch)
        persons = None if self.persons is None else self.persons[: len(past.years)]
        return replace(self, past=past, persons=persons, inputs=known_at(self.inputs, launch))

    def ages(self, year: int | None = None) -> np.ndarray:
        """Stock by age of a year, of the last one unless given [area, sex, group]."""
        if self.persons is None:
            raise EvaluationError(
                "Die Bestände sind nicht nach Alter gegliedert.",
                remedy="Nur Regeln für Gesamtzahlen verwenden oder Bestände nach Altersjahren angeben.",
            )
        return np.asarray(self.persons[-1 if year is None else self.years.index(year)])

    def total(self, year: int) -> float:
        """Persons of all areas in a year."""
        return float(self.past.at(year).sum())


def history_of(inputs: xr.Dataset | xr.DataArray, groups: Sequence[int] = FIVE_YEARS) -> History:
    """Take the stocks out of an inputs Dataset.

    Parameters
    ----------
    inputs : xr.Dataset or xr.DataArray
        ``population`` [year_end, area, nationality, sex, age], persons, single years of age. All dims but the
        first two may be missing.
    groups : sequence of int
        First ages of equally wide groups; the last one is open.

    Raises
    ------
    RatesError
        If a figure is missing or negative (:func:`zwkprognose.rates.totals.past_of`).
    EvaluationError
        If the groups are not equally wide.
    """
    if not isinstance(inputs, xr.DataArray):
        remedy = "Das Ergebnis von build_inputs oder load_example übergeben."
        require_dataset(inputs, "population", what="ein Bestand", remedy=remedy, error=EvaluationError)
    dataset = inputs if isinstance(inputs, xr.Dataset) else inputs.to_dataset(name="population")
    population = dataset["population"]
    past = past_of(population)
    _check_groups(groups, int(population["age"][-1]) if "age" in population.dims else None)
    areas = tuple(str(a) for a in population["area"].values)
    sexes = tuple(str(s) for s in population["sex"].values) if "sex" in population.dims else ("total",)
    return History(past, areas, _grouped(population, groups), tuple(groups), sexes, dataset)


def known_at(inputs: xr.Dataset, launch: int) -> xr.Dataset:
    """Stocks up to 31.12. of the launch year and flows up to that year."""
    return inputs.sel({d: slice(None, launch) for d in ("year_end", "year") if d in inputs.dims})  # a view, no copy


def _grouped(population: xr.DataArray, groups: Sequence[int]) -> np.ndarray | None:
    if "age" not in population.dims:
        return None
    rest = [d for d in population.dims if d not in ("year_end", "area", "sex", "age")]
    kept = population.sum(rest)
    if "sex" not in kept.dims:
        kept = kept.expand_dims("sex")
    values = kept.transpose("year_end", "area", "sex", "age").to_numpy().astype(float)
    return np.add.reduceat(values, np.searchsorted(population["age"].values, groups), axis=-1)


def _check_groups(groups: Sequence[int], oldest: int | None) -> None:
    """Equally wide groups from 0 on, of which the last one begins at an age that there is."""
    given = [] if isinstance(groups, str) or not isinstance(groups, Iterable) else list(groups)
    whole = [g for g in given if is_whole(g)]
    widths = set(np.diff(whole).tolist())
    if len(given) < 3 or len(whole) < len(given) or whole[0] != 0 or len(widths) != 1 or not widths.pop() > 0:
        raise EvaluationError(
            "Die Altersgruppen müssen bei 0 beginnen und gleich breit sein.",
            cells=[{"age": int(g) if is_whole(g) else str(g)} for g in given],
            remedy="Zum Beispiel Fünfjahresgruppen 0, 5, 10 … verwenden.",
        )
    if oldest is not None and whole[-1] > oldest:
        raise EvaluationError(
            f"Die letzte Altersgruppe beginnt mit {whole[-1]}, der Bestand kennt Alter bis {oldest}.",
            remedy=f"Altersgruppen verwenden, die spätestens mit {oldest} beginnen.",
        )
