"""Demand for services as tables for people: every area in its years, beside its range and the places there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from zwkprognose.german import HIDDEN, SENSELESS, number
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.services import Need
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.tables.cross import STICHTAG, Cell, CrossTable, key_years, milestones

#: Stands where the places suffice in every year.
ENOUGH = "reichen"


def need_table(numbers: Numbers, need: Need) -> CrossTable:
    """One row per area: milestones, ranges, the other scenarios, places."""
    facts, main = numbers.facts, numbers.main
    years = milestones(facts.base_year, facts.target_year)
    course = {str(year): need.demand[main, numbers.year(year)].tolist() for year in years}
    columns = {head: course[head] for head in (str(years[0]), str(years[-1]))} | _places(numbers, need)
    if not np.isnan(need.low).all():
        columns |= _ranges(need, numbers)
    columns |= course
    others = [k for k in range(len(facts.scenarios)) if k != main]
    columns |= {f"{years[-1]}: {facts.scenarios[k].title}": need.demand[k, -1].tolist() for k in others}
    heads = [("", "Insgesamt"), *facts.areas.items()]
    rows = tuple((*place, *row) for place, *row in zip(heads, *columns.values(), strict=True))
    title = f"{need.title}, {facts.main.title}"
    head = (facts.unit[0], "Name", *columns)
    note = f"Quote: {need.said}"
    return CrossTable(title, head, rows, heads=2, signed=frozenset({_gap(numbers)}), total=True, note=note)


def area_needs(numbers: Numbers, needs: Sequence[Need], area: int | None) -> CrossTable | None:
    """Demand of one area or the city for all services in a few years, as texts with their range."""
    facts, at = numbers.facts, 0 if area is None else area + 1
    shown = [need for need in needs if not np.isnan(need.demand[..., at]).any()]
    years = (facts.base_year, *key_years(facts.base_year, facts.target_year)[-2:])
    places = [(numbers.main, numbers.year(year), at) for year in years]
    rows = tuple((need.title, *(with_range(need, *place) for place in places)) for need in shown)
    return CrossTable(f"Bedarf, {facts.main.title}", (STICHTAG, *map(str, years)), rows) if rows else None


def short_of_places(numbers: Numbers, need: Need) -> int:
    """Number of areas shown whose places do not suffice in the target year."""
    if need.places is None:
        return 0
    return int((need.places[1:] < need.demand[numbers.main, -1, 1:]).sum())


def _gap(numbers: Numbers) -> str:
    return f"Plätze − Bedarf {numbers.facts.target_year}"


def _places(numbers: Numbers, need: Need) -> dict[str, list[Cell]]:
    """Columns of the places, if they are known: how many, how many are left or missing, and from when."""
    if need.places is None:
        return {}
    return {
        "Plätze": need.places.tolist(),
        _gap(numbers): (need.places - need.demand[numbers.main, -1]).tolist(),
        "Plätze fehlen ab": _missing(numbers, need),
    }


def _ranges(need: Need, numbers: Numbers) -> dict[str, list[Cell]]:
    """Columns of the limits some ten years ahead and in the target year."""
    years = key_years(numbers.facts.base_year, numbers.facts.target_year)[-2:]
    return {
        f"{year} {side}": _limits(values[numbers.main, numbers.year(year)], need, numbers)
        for year in years
        for side, values in (("von", need.low), ("bis", need.high))
    }


def _limits(limits: Floats, need: Need, numbers: Numbers) -> list[Cell]:
    """Cells of a limit: a sign where the demand is shown and no range is possible."""
    shown = ~np.isnan(need.demand[numbers.main, -1])
    return [SENSELESS if show and np.isnan(value) else float(value) for value, show in zip(limits, shown, strict=True)]


def _missing(numbers: Numbers, need: Need) -> list[Cell]:
    """First year without enough places."""
    needed = need.demand[numbers.main]
    short = needed > need.places
    years = [str(numbers.years[column.argmax()]) if column.any() else ENOUGH for column in short.T]
    return [HIDDEN if hidden else year for year, hidden in zip(years, np.isnan(needed).any(axis=0), strict=True)]


def with_range(need: Need, scenario: int, y: int, at: int) -> str:
    """``120 (85–155)``; ``120 (mind. ±30 %)`` where only chance is known, ``120`` where nothing is."""
    value, low, high = (float(values[scenario, y, at]) for values in (need.demand, need.low, need.high))
    if not np.isnan(low):
        return f"{number(value)} ({number(low)}–\u2060{number(high)})"
    if not need.calibrated or y == 0 or need.margin[at] == 0:
        return number(value)
    return f"{number(value)} (mind.\u00a0±{number(100 * need.margin[at])}\u202f%)"
