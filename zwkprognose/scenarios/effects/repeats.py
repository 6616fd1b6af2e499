"""Statements that repeat each other, cross each other or come to nothing beside each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from zwkprognose.german import ages as ages_in_words
from zwkprognose.scenarios.controls import BOUND_OF, Control
from zwkprognose.scenarios.effects.years import Lost, Span, calendar
from zwkprognose.scenarios.masks import Place, area_keys
from zwkprognose.scenarios.measures import Attraction, Retention
from zwkprognose.scenarios.statements import Assumption

if TYPE_CHECKING:
    from zwkprognose.scenarios.fields import AgeBand

REMEDY = "Eine der beiden Angaben streichen oder ändern."
#: Kind of statement and position in the document, counted as people count.
Numbered = tuple[str, int, Any]


def repeated(statements: list[Numbered]) -> Iterator[tuple[Numbered, Lost]]:
    """Statements that say, reasons aside, the same as an earlier one of their kind."""
    seen: dict[tuple[str, str], int] = {}
    for key, index, statement in statements:
        said = (key, repr(statement.model_copy(update={"reason": ""})))
        if said in seen:
            yield (key, index, statement), Lost("", f"Dasselbe sagt schon {key} {seen[said] + 1}.", None, True, REMEDY)
        seen.setdefault(said, index)


def doubled_targets(statements: list[Numbered]) -> Iterator[tuple[Numbered, Lost]]:
    """Eckwerte of one year for the same people."""
    controls = [entry for entry in statements if isinstance(entry[2], Control)]
    for (key, first, one), (_, second, other) in combinations(controls, 2):
        mine, theirs = _exact(one), _exact(other)
        both = sorted({*mine} & {*theirs})
        if both and _whom(one) == _whom(other) and mine != theirs:
            text = f"Für dieselben Personen nennt schon {key} {first + 1} einen Wert für {calendar(both)}."
            yield (key, second, other), Lost("personen", text, None, True, REMEDY)


def _exact(control: Control) -> Mapping[int, float]:
    """Values that are met exactly, by year."""
    return next((values for key, values in control.stated.items() if BOUND_OF[key] == "exact"), {})


def _whom(control: Control) -> tuple[object, ...]:
    """Of whom a statement speaks."""
    return control.areas, control.nationality, control.sex, control.ages, control.each


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
    """Changes of one level whose ages or years partly overlap, and those that another one sets to nothing."""
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
            if one[0] == two[0] and (said := _overlap(mine, theirs)):
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


def _overlap(one: Reach, two: Reach) -> str:
    """Ages or years of which both speak, in words; empty if one holds the other or they are apart."""
    shared = {name: _shared(getattr(one, name), getattr(two, name)) for name in ("ages", "years")}
    if any(first > last for first, last in shared.values()):
        return ""
    partly = [n for n in shared if not _within(getattr(one, n), getattr(two, n))
              and not _within(getattr(two, n), getattr(one, n))]  # fmt: skip
    alike = one.holds(two) and two.holds(one)
    if not partly and not alike:
        return ""
    first, last = shared["years"]
    when = calendar([int(first)]) if first == last else f"die Jahre ab {first}" if last == math.inf else (
        f"{int(first)} bis {int(last)}"
    )  # fmt: skip
    if "ages" not in partly:
        return when
    low, high = shared["ages"]
    return f"{ages_in_words(int(low), None if high == math.inf else int(high))} und {when}"


def _shared(one: tuple[float, float], two: tuple[float, float]) -> tuple[float, float]:
    return max(one[0], two[0]), min(one[1], two[1])


def _called(entry: Numbered) -> str:
    return f"{entry[0]} {entry[1] + 1}"
