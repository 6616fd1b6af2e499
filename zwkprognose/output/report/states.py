"""The states between which the reader of the report chooses: a year and a scenario."""

from __future__ import annotations

from collections.abc import Iterator

from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.tables.cross import milestones


def state_key(scenario: int, year: int) -> str:
    """Name of one state of the choosers."""
    return f"{scenario}-{year}"


def shown_years(numbers: Numbers) -> tuple[int, ...]:
    """Years to choose from: the milestones after the base year."""
    return milestones(numbers.facts.base_year, numbers.facts.target_year)[1:]


def states(numbers: Numbers) -> Iterator[tuple[str, int, int]]:
    """Name, position of the scenario and position of the year of every state."""
    for s in range(len(numbers.facts.scenarios)):
        for year in shown_years(numbers):
            yield state_key(s, year), s, numbers.year(year)
