"""Statements that say a change of nothing, or bring nobody."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from zwkprognose.scenarios.effects.years import Lost
from zwkprognose.scenarios.measures import Attraction, Housing, Retention, Shock
from zwkprognose.scenarios.statements import Assumption

REMEDY = "Eine andere Zahl angeben oder die Angabe weglassen."


def nothing_changes(statement: Any, areas: int) -> Iterator[Lost]:
    """A factor of 1, a percentage of 0, no persons, or moves inside of the only area."""
    if isinstance(statement, Assumption) and statement.goal is None and statement.level == 1:
        yield _all("faktor" if statement.percent is None else "prozent", "Die Größe ändert sich nicht.")
    elif isinstance(statement, Retention) and statement.percent == 0:
        yield _all("prozent", "Niemand bleibt, der sonst fortzöge.")
    elif isinstance(statement, Shock | Attraction) and not (statement.persons or getattr(statement, "percent", None)):
        yield _all("prozent" if statement.persons is None else "personen", "Niemand zieht zusätzlich zu.")
    elif isinstance(statement, Housing) and statement.outside_share == 0 and areas == 1:
        said = "Niemand kommt von außerhalb, und andere Gebiete, aus denen jemand umziehen könnte, gibt es nicht."
        yield _all("anteil_von_aussen", said, statement.dwellings * statement.persons)


def _all(key: str, text: str, persons: float | None = None) -> Lost:
    return Lost(key, text, persons, True, REMEDY)
