"""Years of a statement that are not computed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from zwkprognose.german import counted, decimal, listed, number
from zwkprognose.scenarios.controls import Control
from zwkprognose.scenarios.fields import EVERY_YEAR
from zwkprognose.scenarios.measures import Attraction, Facility, Housing, Shock
from zwkprognose.scenarios.statements import Assumption, Timed

REMEDY = "Die Jahre der Angabe oder den Zeitraum der Vorausberechnung ändern, oder die Angabe weglassen."


class Lost(NamedTuple):
    """What has no effect: key of the statement, German text, persons concerned, whether it is all of it, remedy."""

    key: str
    text: str
    persons: float | None = None
    whole: bool = False
    remedy: str = REMEDY


@dataclass(frozen=True, slots=True)
class Span:
    """First and last year that are computed; the stock before the first one is counted."""

    first: int
    last: int

    def __str__(self) -> str:
        return calendar(range(self.first, self.last + 1))

    def split(self, amounts: Mapping[int, float]) -> tuple[dict[int, float], dict[int, float]]:
        """Amounts by year inside and outside; years without any are left out."""
        told = {year: amount for year, amount in sorted(amounts.items()) if amount}
        inside = {year: amount for year, amount in told.items() if self.first <= year <= self.last}
        return inside, {year: amount for year, amount in told.items() if year not in inside}


def calendar(years: Iterable[int]) -> str:
    """Years as people say them.

    >>> calendar([2024, 2031, 2032, 2033]), calendar([2030])
    ('2024 und 2031 bis 2033', '2030')
    """
    runs: list[list[int]] = []
    for year in sorted(years):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return listed([f"{run[0]}" if len(run) == 1 else f"{run[0]} bis {run[-1]}" for run in runs])


def years_lost(statement: Any, span: Span, areas: int) -> Iterator[Lost]:
    """What of a statement lies outside of the years."""
    if isinstance(statement, Housing):
        each = statement.persons * (statement.outside_share if areas == 1 else 1.0)
        moved = moving_in(statement)
        yield from dwellings_lost(moved, {year: count * each for year, count in moved.items()}, span)
    elif isinstance(statement, Facility):
        yield from facility_lost(statement.name, statement.capacity, statement.closing, span)
    elif isinstance(statement, Control):
        for key, values in statement.stated.items():
            yield from stated_years(key, _acting(statement, values, span), span)
    elif isinstance(statement, Timed):
        yield from _timed(statement, span)


def _acting(control: Control, values: Mapping[int, float], span: Span) -> Mapping[int, float]:
    """The values of an Eckwert by the year in which they first act; on a path one that lies ahead draws already."""
    if EVERY_YEAR in values:
        return {}
    ahead = [year for year in sorted(values) if year > span.last]
    held = values
    if control.glides and ahead:
        held = {(span.last if year == ahead[0] else year): value for year, value in values.items()}
    if control.persons is None and control.dwellings is None:  # a bound holds on until the next one is named
        early = [year for year in sorted(values) if year < span.first]
        if early and span.first not in held:
            held = {(span.first if year == early[-1] else year): value for year, value in held.items()}
    return held


def stated_years(key: str, persons: Mapping[int, float], span: Span) -> Iterator[Lost]:
    """Values for single 31.12. that are counted already or lie after the end."""
    past = {year: value for year, value in persons.items() if year < span.first}
    later = {year: value for year, value in persons.items() if year > span.last}
    if not past and not later:
        return
    said = listed([f"{number(value)} am 31.12.{year}" for year, value in (past | later).items()])
    why = []
    if past:
        why.append(f"bis 31.12.{span.first - 1} gilt der Ausgangsbestand")
    if later:
        why.append(f"gerechnet wird nur bis 31.12.{span.last}")
    verb = "bleibt" if len(past | later) == 1 else "bleiben"
    yield Lost(key, f"{said} {verb} ohne Wirkung: {listed(why)}.", None, len(past | later) == len(persons))


def _timed(statement: Timed, span: Span) -> Iterator[Lost]:
    first, last = statement.span(span.first)
    if not statement.acts_in(np.arange(span.first, span.last + 1), span.first):
        until = f"bis {last}" if last else "bis zum Ende"
        said = f"Die Angabe gilt {first} {until}, gerechnet wird aber {span}."
        yield Lost("von", said, _persons_of(statement), True)
        return
    lost = [*_before(statement, first, last, span), *_after(statement, first, last, span)]
    if not lost:
        return
    verb = "bleibt" if len(lost) == 1 else "bleiben"
    way = f"; {span.last} {_way(statement, span)}" if lost[-1] > span.last and _way(statement, span) else ""
    text = f"Gerechnet wird {span}; {calendar(lost)} {verb} ohne Wirkung{way}."
    each = _persons_of(statement)
    yield Lost("bis" if lost[-1] > span.last else "von", text, None if each is None else each * len(lost))


def _before(statement: Timed, first: int, last: int | None, span: Span) -> range:
    """Years before the first one; a change that grows catches up and is told elsewhere."""
    grows = isinstance(statement, Assumption) and statement.course != "sprung"
    end = span.first - 1 if last is None else min(span.first - 1, last)
    return range(0) if grows or statement.first_year is None else range(first, end + 1)


def _after(statement: Timed, first: int, last: int | None, span: Span) -> range:
    """Years after the last one; a duration from the first year on is a course, not a date, unless persons come."""
    course = statement.first_year is None and statement.last_year is None and _persons_of(statement) is None
    return range(0) if last is None or course else range(max(first, span.last + 1), last + 1)


def _way(statement: Timed, span: Span) -> str:
    if not isinstance(statement, Assumption) or statement.course != "gleitend":
        return ""
    share = float(statement.weights(np.array([span.last]), span.first)[0])
    return f"sind erst {decimal(100 * share, 0)} % der Änderung erreicht"


def _persons_of(statement: Timed) -> float | None:
    """Persons of each year, where the statement names any."""
    return statement.persons if isinstance(statement, Shock | Attraction) else None


def moving_in(project: Housing) -> dict[int, float]:
    """Dwellings by the year in which people move in."""
    each = project.dwellings / len(project.years)
    moved: dict[int, float] = {}
    for year in project.years:
        for lag, share in enumerate(project.spread):
            moved[year + lag] = moved.get(year + lag, 0.0) + each * share
    return moved


def dwellings_lost(moved: Mapping[int, float], persons: Mapping[int, float], span: Span) -> Iterator[Lost]:
    """Dwellings, and the persons in them, into which people move in years that are not computed."""
    inside, outside = span.split(moved)
    concerned = sum(persons.get(year, 0.0) for year in outside)
    if not inside:
        when = f"Bezogen wird {calendar(outside)}" if outside else "Niemand zieht ein"
        yield Lost("von", f"{when}, gerechnet wird aber {span}.", concerned, True)
    elif outside:
        count = sum(outside.values())
        text = (
            f"Von {counted(sum(moved.values()), 'Wohnung', 'Wohnungen')} werden {decimal(sum(inside.values()), 1)} in "
            f"den gerechneten Jahren {span} bezogen; {decimal(count, 1)} mit Einzug {calendar(outside)} "
            f"{'bleibt' if count == 1 else 'bleiben'} ohne Wirkung."
        )
        yield Lost("von", text, concerned)


def facility_lost(name: str, places: Mapping[int, float], closing: int | None, span: Span) -> Iterator[Lost]:
    """Places and a closing that no computed year reaches."""
    opened = min(places)
    if opened > span.last or (closing is not None and closing < span.first) or not any(places.values()):
        until = f" bis 31.12.{closing}" if closing else ""
        said = f"„{name}“ hat Plätze ab 31.12.{opened}{until}, gerechnet wird {span}; dort wohnt also nie jemand."
        yield Lost("plaetze", said, None, True)
        return
    later = [f"{number(count)} Plätze ab 31.12.{year}" for year, count in places.items() if year > span.last]
    closes = closing is not None and closing > span.last
    if closes:
        later.append(f"die Schließung am 31.12.{closing}")
    if later:
        verb = "bleibt" if closes and len(later) == 1 else "bleiben"
        said = f"{listed(later)} {verb} ohne Wirkung: gerechnet wird nur bis 31.12.{span.last}."
        now = places[max(year for year in places if year <= span.last)]
        change = abs(now - (0.0 if closes else places[max(places)]))
        yield Lost("plaetze", said[0].upper() + said[1:], change)
