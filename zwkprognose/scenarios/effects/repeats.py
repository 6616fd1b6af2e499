"""Statements that repeat each other, cross each other or come to nothing beside each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from zwkprognose.german import ages as ages_in_words
from zwkprognose.german import counted, listed
from zwkprognose.scenarios.controls import BOUND_OF, Control
from zwkprognose.scenarios.effects.years import Lost, Span, calendar
from zwkprognose.scenarios.masks import Place, area_keys
from zwkprognose.scenarios.measures import Attraction, Retention
from zwkprognose.scenarios.statements import Assumption, Timed

if TYPE_CHECKING:
    from zwkprognose.scenarios.fields import AgeBand

REMEDY = "Eine der beiden Angaben streichen oder ändern."
#: Areas that are named one by one.
MOST_NAMED = 3
#: Kind of statement and position in the document, counted as people count.
Numbered = tuple[str, int, Any]


def repeated(
    statements: list[Numbered], known: Mapping[str, str], span: Span, places: Mapping[tuple[str, int], Place]
) -> Iterator[tuple[Numbered, Lost]]:
    """Statements that mean, reasons aside, the same as an earlier one of their kind, in whatever words."""
    seen: dict[tuple[str, str], int] = {}
    for key, index, statement in statements:
        meant = (key, repr(_meaning(statement, known, span, places[key, index])))
        if meant in seen:
            text = f"Dasselbe sagt schon {key} {seen[meant] + 1}."
            yield (key, index, statement), Lost("", text, None, True, REMEDY)
        seen.setdefault(meant, index)


def _meaning(statement: Any, known: Mapping[str, str], span: Span, place: Place) -> dict[str, Any]:
    """What a statement says, without the choice of its words: areas by key, years from and to, factors."""
    said = {name: getattr(statement, name) for name in type(statement).model_fields} | {"reason": ""}
    for name, key in (("areas", "gebiete"), ("area", "gebiet")):
        if said.get(name):
            words = said[name] if name == "areas" else (said[name],)
            keys = sorted(area_keys(words, known, place.at(key)))
            said[name] = None if len(keys) == len(known) and name == "areas" else keys
    if said.get("ages") == (0, None):
        said["ages"] = None
    if isinstance(statement, Timed):
        first, last = statement.span(span.first)
        said |= {"first_year": first, "last_year": last, "duration": None}
    if isinstance(statement, Assumption) and statement.goal is None:
        said |= {"factor": round(statement.level, 12), "percent": None}
    return said


def doubled_targets(
    statements: list[Numbered], known: Mapping[str, str], span: Span, places: Mapping[tuple[str, int], Place]
) -> Iterator[tuple[Numbered, Lost]]:
    """Eckwerte of one year for the same people."""
    controls = [entry for entry in statements if isinstance(entry[2], Control)]
    whom = {entry[1]: _whom(_meaning(entry[2], known, span, places[entry[:2]])) for entry in controls}
    for (key, first, one), (_, second, other) in combinations(controls, 2):
        mine, theirs = _exact(one), _exact(other)
        both = sorted({*mine} & {*theirs})
        if both and whom[first] == whom[second] and mine != theirs:
            text = f"Für dieselben Personen nennt schon {key} {first + 1} einen Wert für {calendar(both)}."
            yield (key, second, other), Lost("personen", text, None, True, REMEDY)


def _exact(control: Control) -> Mapping[int, float]:
    """Values that are met exactly, by year."""
    return next((values for key, values in control.stated.items() if BOUND_OF[key] == "exact"), {})


def _whom(meaning: Mapping[str, Any]) -> tuple[object, ...]:
    """Of whom an Eckwert speaks."""
    return tuple(meaning[name] for name in ("areas", "nationality", "sex", "ages", "each"))


@dataclass(frozen=True, slots=True)
class Reach:
    """Whom and when a change of a level concerns."""

    quantity: str
    areas: frozenset[str]
    nationality: str | None
    sex: str | None
    ages: tuple[float, float]
    years: tuple[float, float]
    level: float

    def holds(self, other: Reach) -> bool:
        """Whether everyone and every year of another statement are in this one too."""
        return (
            self.areas >= other.areas
            and self.nationality in (None, other.nationality)
            and self.sex in (None, other.sex)
            and all(_within(getattr(other, name), getattr(self, name)) for name in ("ages", "years"))
        )

    def meets(self, other: Reach) -> bool:
        """Whether somebody is concerned by both."""
        return (
            self.quantity == other.quantity
            and bool(self.areas & other.areas)
            and all(
                None in (one, two) or one == two
                for one, two in ((self.nationality, other.nationality), (self.sex, other.sex))
            )
        )


def crossing(
    statements: list[Numbered], known: Mapping[str, str], span: Span, places: Mapping[tuple[str, int], Place]
) -> Iterator[tuple[Numbered, Lost]]:
    """Changes of one level that overlap in part or wholly, and those that another one sets to nothing."""
    changes = [
        (entry, _reach(entry[2], known, span, places[entry[:2]])) for entry in statements if _is_change(entry[2])
    ]
    for (one, mine), (two, theirs) in combinations(changes, 2):
        if not mine.meets(theirs):
            continue
        for (winner, zero), (loser, other) in (((one, mine), (two, theirs)), ((two, theirs), (one, mine))):
            if zero.level == 0 and other.level > 0 and zero.holds(other):
                text = f"{_called(winner)} setzt die Größe auf null; davon lässt sich nichts ändern."
                yield loser, Lost("", text, None, True, REMEDY)
                break
        else:
            if said := _overlap(mine, theirs, known):
                text = f"{_called(one)} und diese Angabe gelten beide für {said}; dort wirken sie zusammen."
                yield two, Lost("", text, remedy=REMEDY)


def _is_change(statement: Any) -> bool:
    if isinstance(statement, Assumption):
        return statement.goal is None
    return isinstance(statement, Retention) or (isinstance(statement, Attraction) and bool(statement.percent))


def _reach(statement: Any, known: Mapping[str, str], span: Span, place: Place) -> Reach:
    change: Assumption = statement if isinstance(statement, Assumption) else statement.assumption()
    first, last = change.span(span.first)
    end = math.inf if last is None or change.course != "sprung" else last
    areas = area_keys(statement.areas, known, place.at("gebiete")) if statement.areas else known
    return Reach(
        change.quantity,
        frozenset(areas),
        statement.nationality,
        statement.sex,
        _bounds(statement.ages),
        (max(first, span.first), end),
        0.0 if change.level == 0 and change.course == "sprung" else max(change.level, 1e-9),
    )


def _bounds(ages: AgeBand | None) -> tuple[float, float]:
    first, last = ages or (0, None)
    return first, math.inf if last is None else last


def _within(inner: tuple[float, float], outer: tuple[float, float]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _overlap(one: Reach, two: Reach, known: Mapping[str, str]) -> str:
    """Areas, ages or years of which both speak, in words; empty if one holds the other or they are apart."""
    shared = {name: _shared(getattr(one, name), getattr(two, name)) for name in ("ages", "years")}
    if any(first > last for first, last in shared.values()):
        return ""
    partly = [n for n in shared if not _within(getattr(one, n), getattr(two, n))
              and not _within(getattr(two, n), getattr(one, n))]  # fmt: skip
    alike = one.holds(two) and two.holds(one)
    crossed = not one.areas <= two.areas and not two.areas <= one.areas
    if not partly and not alike and not crossed:
        return ""
    first, last = shared["years"]
    when = calendar([int(first)]) if first == last else f"die Jahre ab {first}" if last == math.inf else (
        f"{int(first)} bis {int(last)}"
    )  # fmt: skip
    low, high = shared["ages"]
    who = [ages_in_words(int(low), None if high == math.inf else int(high))] if "ages" in partly else []
    both = sorted(one.areas & two.areas)
    where = [_places([known[key] or key for key in both])] if crossed else []
    return listed([*where, *who, when])


def _places(names: list[str]) -> str:
    """Areas by name, the first ones of many."""
    if len(names) <= MOST_NAMED:
        return listed(names)
    more = counted(len(names) - MOST_NAMED, "weiteres Gebiet", "weitere Gebiete")
    return f"{', '.join(names[:MOST_NAMED])} und {more}"


def _shared(one: tuple[float, float], two: tuple[float, float]) -> tuple[float, float]:
    return max(one[0], two[0]), min(one[1], two[1])


def _called(entry: Numbered) -> str:
    return f"{entry[0]} {entry[1] + 1}"
