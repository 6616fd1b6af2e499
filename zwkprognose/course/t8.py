"""Tasks of T8, use: places in a Kita and the year in which they lack, care, and what may be published."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import numpy as np
import xarray as xr

from zwkprognose.course.answers import Task
from zwkprognose.course.town import town
from zwkprognose.engine import project
from zwkprognose.output import default_quota

_BASE, _TARGET, _QUARTER, _PLACES, _RESERVE = 2023, 2033, "10", 55, 0.05
#: Share of children of a completed age that are looked after: the official rates of 2020, as T8 shows them.
_KITA = {0: 0.018, 1: 0.375, 2: 0.645}
#: First ages of the age groups that are published, as T8 shows them.
_BANDS = (0, 3, 6, 10, 16, 20, 25, 30, 35, 40, 45, 50, 55, 60, 65, 70, 75, 80, 85, 90)
_SECRET = 5


@cache
def _projection() -> xr.DataArray:
    return project(town().inputs, town().rates, until=_TARGET)["population"]


def _children(year: int, quota: Mapping[int, float] = _KITA) -> float:
    """Children of the quarter, each age times its share."""
    ages = _projection().sel(year_end=year, area=_QUARTER).sum(["nationality", "sex"])
    return float(sum(share * float(ages.sel(age=age)) for age, share in quota.items()))


_ALL = dict.fromkeys(_KITA, 1.0)


def _first_year(places: float, quota: Mapping[int, float] = _KITA) -> float:
    """The first 31.12. on which there are more children than places."""
    return float(next(year for year in range(_BASE, _TARGET + 1) if _children(year, quota) > places))


@cache
def _in_care(year: int) -> float:
    """Persons of the town in need of care: every sex and age group times its share."""
    people = _projection().sel(year_end=year).sum(["area", "nationality"])
    rates = default_quota("pflege").rates
    groups = [float(people.sel(sex=rate.sex, age=slice(rate.first, rate.last)).sum()) for rate in rates]
    return sum(rate.share * group for rate, group in zip(rates, groups, strict=True))


def _aged(year: int) -> float:
    return float(_projection().sel(year_end=year, age=slice(80, None)).sum())


@cache
def _small_cells(*, nationality: bool = False) -> xr.DataArray:
    """Where in quarter × sex × age group (× nationality) so few persons stand that the cell points at them."""
    people = town().inputs["population"].sel(year_end=_BASE)
    people = people if nationality else people.sum("nationality")
    starts = xr.DataArray(np.digitize(people["age"].values, _BANDS), dims="age", name="band")
    cells = people.groupby(starts).sum()
    return (cells > 0) & (cells < _SECRET)


def _quarters(cells: xr.DataArray) -> float:
    return float(cells.any([dim for dim in cells.dims if dim != "area"]).sum())


def _tiny_quarters() -> float:
    total = town().inputs["population"].sel(year_end=_BASE).sum(["nationality", "sex", "age"])
    return float((total < 1000).sum())


TASKS = {
    "T8.1": Task(
        lambda: _children(_BASE),
        "Jedes Alter mal seine Quote und dann addieren: Kinder von 0, 1 und 2 Jahren mal 0,018, 0,375 und 0,645.",
        (
            (lambda: _children(_BASE, _ALL), "Das sind alle Kinder unter 3 Jahren. Nicht jedes ist in einer Kita."),
            (
                lambda: _children(_BASE, dict.fromkeys(_KITA, sum(_KITA.values()) / 3)),
                "Das ist die mittlere Quote mal alle Kinder. Jedes Alter hat seine eigene.",
            ),
        ),
        within=0.1,
    ),
    "T8.2": Task(
        lambda: _PLACES - _children(_TARGET),
        "55 Plätze minus Bedarf am 31.12.2033. Fehlen Plätze, ist die Zahl kleiner als null.",
        (
            (lambda: _children(_TARGET) - _PLACES, "Der Betrag stimmt. Gefragt sind Plätze minus Bedarf."),
            (lambda: _PLACES - _children(_BASE), "Das ist die Lücke von 2023. Gefragt ist der 31.12.2033."),
            (lambda: _children(_TARGET), "Das ist der Bedarf. Gefragt sind Plätze minus Bedarf."),
        ),
        within=0.05,
    ),
    "T8.3": Task(
        lambda: _first_year(_PLACES),
        "Das erste Jahr, in dem der Bedarf am 31.12. größer ist als 55.",
        (
            (
                lambda: _first_year((1 - _RESERVE) * _PLACES),
                "So ist es mit Reserve, oder wenn alle Kinder zählen. Gefragt ist der Bedarf gegen alle 55 Plätze.",
            ),
            (lambda: float(_TARGET), "2033 fehlen Plätze, aber nicht zum ersten Mal."),
        ),
        year=True,
    ),
    "T8.4": Task(
        lambda: 100 * (_in_care(_TARGET) / _in_care(_BASE) - 1),
        "Pflegebedürftige 2033 durch Pflegebedürftige 2023, minus eins, mal hundert.",
        (
            (
                lambda: 100 * (_aged(_TARGET) / _aged(_BASE) - 1),
                "So wachsen die Personen ab 80 Jahren. Pflegebedürftig sind auch Jüngere, und nicht alle Älteren.",
            ),
            (lambda: _in_care(_TARGET) - _in_care(_BASE), "Das sind Personen. Gefragt ist der Zuwachs in Prozent."),
            (lambda: 100 * _in_care(_TARGET) / _in_care(_BASE), "Das ist das Verhältnis. Davon hundert abziehen."),
        ),
        within=0.1,
    ),
    "T8.5": Task(
        lambda: 55.0 - 12 - 40,
        "Die Summe steht da: 55 minus die beiden Zahlen, die auch dastehen.",
        (
            (lambda: 0.0, "Ein Punkt ist keine Null: Die Summe verrät, was fehlt."),
            (lambda: 55.0 - 40, "Auch die 12 steht da."),
        ),
        within=0.1,
    ),
    "T8.6": Task(
        lambda: _quarters(_small_cells()),
        "In jedem Quartier die Zellen von 1 bis 4 suchen und die Quartiere zählen, in denen es eine gibt.",
        (
            (_tiny_quarters, "Das sind die Quartiere unter 1.000 Personen. Kleine Zellen gibt es auch in größeren."),
            (lambda: float(_small_cells().sum()), "Das sind die Zellen. Gefragt sind die Quartiere."),
            (
                lambda: _quarters(_small_cells(nationality=True)),
                "So ist es mit Staatsangehörigkeit. Gefragt ist die Tabelle nach Geschlecht und Alter.",
            ),
        ),
        within=0.1,
    ),
}
