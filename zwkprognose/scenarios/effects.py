"""Statements that would have no effect in the years of a projection are refused, not passed over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zwkprognose.errors import ScenarioError
from zwkprognose.scenarios.masks import Place

if TYPE_CHECKING:
    from zwkprognose.scenarios.measures import Facility
    from zwkprognose.scenarios.run import Run
    from zwkprognose.scenarios.scenario import Scenario


def require_effects(scenario: Scenario, run: Run) -> None:
    """Refuse homes in which nobody lives in any year of the run, and removals without a foundation.

    Raises
    ------
    ScenarioError
        Names the statement and the years.
    """
    for index, facility in enumerate(scenario.facilities):
        _require_residents(facility, run, Place(scenario, ("sondergruppe", index)))
    if scenario.removals:
        raise ScenarioError(
            f"{Place(scenario, ('streichung', 0))}: Es gibt keine Grundlage, aus der etwas zu streichen wäre.",
            remedy='grundlage = "…" angeben oder die Streichung weglassen',
        )


def _require_residents(facility: Facility, run: Run, place: Place) -> None:
    first, last = min(run.anchor, int(run.years[0])), int(run.years[-1])
    opened = min(facility.capacity)
    closed_before = facility.closing is not None and facility.closing < first
    if opened > last or closed_before or not any(facility.capacity.values()):
        until = f" bis 31.12.{facility.closing}" if facility.closing else ""
        raise ScenarioError(
            f"{place.at('plaetze')}: „{facility.name}“ hat Plätze ab 31.12.{opened}{until}, gerechnet wird {first} bis "
            f"{last}; dort wohnt also nie jemand.",
            remedy="die Jahre oder die Zahl der Plätze ändern, oder den Abschnitt weglassen",
        )
