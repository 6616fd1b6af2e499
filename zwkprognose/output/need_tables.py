"""Demand for services as tables for people: every area in its years, beside its range and the places there are."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output.cross_tables import Cell, CrossTable, key_years, milestones
from zwkprognose.output.facts import Facts, with_scenario
from zwkprognose.output.german import HIDDEN, NOTHING, number
from zwkprognose.output.numbers import Numbers
from zwkprognose.output.rounding import Floats

#: Demand is an estimate and is shown in steps of this many persons; so it gives no single person away either.
STEP = 5


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """Demand for one service; the city stands before the areas.

    Attributes
    ----------
    title, source : str
        Title of the quota, and where it comes from.
    note : str
        What must be said beside the numbers; may be empty.
    demand, low, high : [scenario, y, 1 + area]
        Persons, rounded; NaN in ``low`` and ``high`` where no range is known.
    places : [1 + area] or None
    """

    title: str
    source: str
    note: str
    demand: Floats
    low: Floats
    high: Floats
    places: Floats | None


def needs_of(demands: Sequence[xr.Dataset], facts: Facts) -> tuple[Need, ...]:
    """One record per quota of results of :func:`zwkprognose.demand`.

    Raises
    ------
    OutputError
        If a result has other areas than the projection, such as one of the city alone.
    """
    for result in demands:
        if "area" not in result.dims or [str(key) for key in result["area"].values] != list(facts.areas):
            raise OutputError(
                "Der Bedarf hat andere Gebiete als die Rechnung.",
                remedy='demand mit derselben Rechnung und by=("area",) aufrufen.',
            )
    return tuple(need for result in demands for need in _needs(with_scenario(result)))


def need_table(numbers: Numbers, need: Need) -> CrossTable:
    """One row per area: milestones, range in the target year, the other scenarios, places."""
    facts, main = numbers.facts, numbers.main
    years = milestones(facts.base_year, facts.target_year)
    columns = {str(year): need.demand[main, numbers.year(year)] for year in years}
    if not np.isnan(need.low).all():
        columns |= {f"{years[-1]} von": need.low[main, -1], f"{years[-1]} bis": need.high[main, -1]}
    others = [k for k in range(len(facts.scenarios)) if k != main]
    columns |= {f"{years[-1]}: {facts.scenarios[k].title}": need.demand[k, -1] for k in others}
    cells = [_cells(values, numbers) for values in columns.values()]
    gap = f"Plätze − Bedarf {years[-1]}"
    if need.places is not None:
        cells += [need.places.tolist(), _cells(need.places - need.demand[main, -1], numbers), _missing(numbers, need)]
        columns |= dict.fromkeys(("Plätze", gap, "Plätze fehlen ab"), need.places)
    heads = [("", "Insgesamt"), *facts.areas.items()]
    rows = tuple((*place, *row) for place, *row in zip(heads, *cells, strict=True))
    title = f"{need.title}, {facts.main.title}"
    return CrossTable(title, ("Gebiet", "Name", *columns), rows, heads=2, signed=frozenset({gap}), total=True)


def area_needs(numbers: Numbers, needs: Sequence[Need], area: int | None) -> CrossTable | None:
    """Demand of one area or the city for all services in a few years, as texts with their range."""
    if not needs or (area is not None and not _shown(numbers, area)):
        return None
    facts, at = numbers.facts, 0 if area is None else area + 1
    years = (facts.base_year, *key_years(facts.base_year, facts.target_year))
    places = [(numbers.main, numbers.year(year), at) for year in years]
    rows = tuple((n.title, *(_text(n.demand[k], n.low[k], n.high[k]) for k in places)) for n in needs)
    return CrossTable(f"Bedarf, {facts.main.title}", ("31.12.", *map(str, years)), rows)


def short_of_places(numbers: Numbers, need: Need) -> int:
    """Number of areas shown whose places do not suffice in the target year."""
    if need.places is None:
        return 0
    short = need.places[1:] < need.demand[numbers.main, -1, 1:]
    return sum(bool(lacks) and _shown(numbers, i) for i, lacks in enumerate(short))


def _needs(result: xr.Dataset) -> Iterator[Need]:
    titles, sources = (json.loads(result["quota"].attrs[name]) for name in ("titles", "sources"))
    for name in map(str, result["quota"].values):
        one = result.sel(quota=name)
        demand, low, high = (
            one[side].transpose("scenario", "year_end", "area").values
            for side in ("demand", "demand_low", "demand_high")
        )
        note = str(result.attrs.get("note", "")) if not np.isnan(low).all() else ""
        whole = _rounded(_city_first(demand, demand.sum(axis=-1)))
        limits = (_rounded(_city_first(low)), _rounded(_city_first(high)))
        yield Need(titles[name], sources[name], note, whole, *limits, _places(one))


def _places(one: xr.Dataset) -> Floats | None:
    if "places" not in one:
        return None
    places = one["places"].values
    return _city_first(places, places.sum())


def _city_first(areas: Floats, city: Floats | float = np.nan) -> Floats:
    """Areas on the last axis behind the city; a city of which nothing is known is NaN."""
    whole = np.broadcast_to(np.asarray(city), areas.shape[:-1])[..., None]
    return np.concatenate([whole, areas], axis=-1)


def _rounded(values: Floats) -> Floats:
    return np.asarray(np.round(values / STEP) * STEP + 0.0)


def _shown(numbers: Numbers, area: int) -> bool:
    """Whether the ages of an area are shown finely enough for its demand to be shown."""
    return not bool(np.isnan(numbers.by_age[:, :, area]).any())


def _cells(values: Floats, numbers: Numbers) -> list[Cell]:
    """Cells of a column: a dash where nothing is known, NaN where nothing may be shown."""
    shown = [True, *(_shown(numbers, i) for i in range(len(values) - 1))]
    known = [NOTHING if np.isnan(value) else float(value) for value in values]
    return [cell if show else float("nan") for cell, show in zip(known, shown, strict=True)]


def _missing(numbers: Numbers, need: Need) -> list[Cell]:
    """First year without enough places."""
    assert need.places is not None
    short = need.demand[numbers.main] > need.places
    years = [str(numbers.years[column.argmax()]) if column.any() else NOTHING for column in short.T]
    return [years[0], *(year if _shown(numbers, i) else HIDDEN for i, year in enumerate(years[1:]))]


def _text(value: float, low: float, high: float) -> str:
    """``120 (85–155)``, or ``120`` where no range is known."""
    return number(value) if np.isnan(low) else f"{number(value)} ({number(low)}–{number(high)})"
