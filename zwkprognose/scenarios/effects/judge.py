"""One rule for statements without effect: what the years, areas, groups, ages and rates of a run leave of them.

A statement of which nothing is left is refused by name; where a part is lost, the rest is computed, and a warning
says what is lost and how many persons are concerned.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import xarray as xr

from zwkprognose.names import label
from zwkprognose.scenarios.compose import ADDRESS, document_key
from zwkprognose.scenarios.effects import repeats, sizes, years
from zwkprognose.scenarios.effects.verdict import Verdict, rest_of
from zwkprognose.scenarios.effects.years import Lost
from zwkprognose.scenarios.masks import Place
from zwkprognose.scenarios.select import selected
from zwkprognose.scenarios.statements import RATE_OF, Assumption, Selected

if TYPE_CHECKING:
    from zwkprognose.scenarios.run import Run
    from zwkprognose.scenarios.scenario import Scenario


def require_effects(scenario: Scenario, run: Run, rates: xr.Dataset | None = None) -> tuple[Verdict, ...]:
    """Verdicts about parts of statements; refuses those of which nothing is left.

    Raises
    ------
    ScenarioError
        Names every statement without effect, its file, line and years.
    """
    return rest_of(judged(scenario, run, rates))


def within(scenario: Scenario, run: Run) -> Scenario:
    """The scenario without the statements that have no effect in a shorter run of it."""
    empty = {verdict.path for verdict in judged(scenario, run) if verdict.nothing_left}
    fields: dict[str, Any] = {
        field: tuple(s for i, s in enumerate(getattr(scenario, field)) if (document_key(field), i) not in empty)
        for field in ADDRESS
    }
    return scenario.model_copy(update=fields) if empty else scenario


def judged(scenario: Scenario, run: Run, rates: xr.Dataset | None = None) -> list[Verdict]:
    """Everything of a scenario that has no effect in a run.

    Parameters
    ----------
    scenario : Scenario
    run : Run
        Years, areas and, if known, the stock at the start.
    rates : xr.Dataset, optional
        Tells which movements there are.
    """
    statements = [
        (document_key(field), index, statement)
        for field in ADDRESS
        for index, statement in enumerate(getattr(scenario, field))
    ]
    places = {(key, index): Place(scenario, (key, index)) for key, index, _ in statements}
    lost = [*_single(statements, run, rates), *_together(statements, run, places)]
    found = [_verdict(entry[:2], part, places[entry[:2]]) for entry, part in lost]
    if scenario.removals:
        found.append(_without_foundation(scenario))
    for key, index, statement in statements:
        if key == "eckwert" and run.stock is not None:
            _require_people(statement, run, places[key, index])
    return found


def _single(
    statements: list[repeats.Numbered], run: Run, rates: xr.Dataset | None
) -> Iterator[tuple[repeats.Numbered, Lost]]:
    span, areas = run.span, len(run.areas)
    for entry in statements:
        lost = [*sizes.nothing_changes(entry[2], areas), *years.years_lost(entry[2], span, areas)]
        lost += [] if rates is None else _movements(entry[2], rates)
        yield from ((entry, part) for part in lost)


def _together(
    statements: list[repeats.Numbered], run: Run, places: dict[tuple[str, int], Place]
) -> Iterator[tuple[repeats.Numbered, Lost]]:
    yield from repeats.repeated(statements, run.areas, run.span, places)
    yield from repeats.doubled_targets(statements, run.areas, run.span, places)
    yield from repeats.crossing(statements, run.areas, run.span, places)


def _movements(statement: Any, rates: xr.Dataset) -> Iterator[Lost]:
    """A change for all of something that does not take place; for some it is refused where the cells are known."""
    if not isinstance(statement, Assumption) or statement.goal is not None or statement.level in (0, 1):
        return
    name = RATE_OF[statement.quantity]
    chosen = any(getattr(statement, field) is not None for field in Selected.model_fields)
    if name in rates and not chosen and not rates[name].values.any():
        yield Lost("groesse", f"{label('variables', name)}: Alle Werte sind null; daran ändert sich nichts.")


def require_touched(values: xr.DataArray, hit: xr.DataArray | None, level: float, place: Place) -> None:
    """Refuse a change of selected cells in which nothing takes place, such as births at 60 and more.

    Raises
    ------
    ScenarioError
        Names the statement.
    """
    if hit is None or level == 0 or bool((values.where(hit, 0.0) != 0).any()):
        return
    said = f"{label('variables', str(values.name))}: In der Auswahl ist jeder Wert null; daran ändert sich nichts."
    remedy = "Gebiete, Gruppen und Alter der Angabe prüfen oder sie weglassen."
    rest_of([Verdict(str(place), said, remedy, nothing_left=True)])


def _require_people(statement: Any, run: Run, place: Place) -> None:
    """Refuse Eckwerte of ages, groups or areas that the stock does not tell apart."""
    assert run.stock is not None
    selected(run.stock.to_dataset(name="population"), "population", statement, run, place)


def _verdict(path: tuple[str, int], lost: Lost, place: Place) -> Verdict:
    where = str(place.at(lost.key) if lost.key else place)
    return Verdict(where, lost.text, lost.remedy, lost.persons, lost.whole, path)


def _without_foundation(scenario: Scenario) -> Verdict:
    place = scenario.place("streichung", 0)
    remedy = 'Die Angabe grundlage = "…" ergänzen oder die Streichung weglassen.'
    text = "Es gibt keine Grundlage, aus der etwas zu streichen wäre."
    return Verdict(place, text, remedy, nothing_left=True, path=("streichung", 0))
