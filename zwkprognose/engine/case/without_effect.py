"""What a projection says of its scenarios: their assumptions in sentences, and what of them has no effect."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.base import Base, Run
from zwkprognose.engine.case.provenance import KEY as PROVENANCE
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.features.housing import Erstbezug
from zwkprognose.engine.features.margins import called
from zwkprognose.engine.grid import Grid
from zwkprognose.errors import EngineError
from zwkprognose.scenarios.describe import statements_told
from zwkprognose.scenarios.effects.verdict import Verdict, rest_of, tell
from zwkprognose.scenarios.effects.years import REMEDY, Lost, Span, calendar, dwellings_lost, facility_lost
from zwkprognose.scenarios.said import ASSUMPTIONS, LOST, kept


def sayings(runs: Sequence[Run]) -> dict[str, str]:
    """Attributes of a projection: what its scenarios assume, and what of them and of the plan has no effect.

    What the plan of the call loses is warned of here; scenarios have warned when they were applied.

    Raises
    ------
    EngineError
        If something that the call gives has no effect at all.
    """
    given = given_by(runs[0].base)
    tell(given)
    assumed, lost = {}, kept(given)
    for run in runs:
        if run.scenario is not None:
            rates, facts = run.base.rates, run.base.run
            assumed[run.scenario.name] = statements_told(run.scenario, rates, facts.stock)
            lost += kept(run.verdicts, run.scenario.name)
    found = {ASSUMPTIONS: assumed, LOST: lost}
    return {key: json.dumps(value, ensure_ascii=False) for key, value in found.items() if value}


def given_by(base: Base) -> tuple[Verdict, ...]:
    """What of the plan of a call has no effect from the first stock on, also of a projection that goes on."""
    first = base.inputs["population"]["year_end"].values[0 if PROVENANCE in base.inputs.attrs else -1]
    return rest_of(plan_verdicts(base.plan, Span(int(first) + 1, int(base.grid.years[-1]))), EngineError)


def plan_verdicts(plan: Plan, span: Span) -> Iterator[Verdict]:
    """What of the objects of a call has no effect in its years."""
    found = [(called(one.name), _targets(one, span)) for one in plan.eckwerte]
    if plan.erstbezug is not None:
        found.append(("Erstbezug", _dwellings(plan.erstbezug, span)))
    for home in plan.sondergruppen:
        lost = facility_lost(home.name, home.capacity, home.closing, span) if home.capacity else ()
        found.append((f"Sondergruppe „{home.name}“", iter(lost)))
    for place, parts in found:
        yield from (Verdict(place, lost.text, REMEDY, lost.persons, lost.whole) for lost in parts)


def plan_begun(plan: Plan, grid: Grid) -> Plan:
    """The plan without what has no effect in a shorter run of it."""
    span = Span(grid.year_start + 1, int(grid.years[-1]))
    empty = {verdict.place for verdict in plan_verdicts(plan, span) if verdict.nothing_left}
    return replace(
        plan,
        eckwerte=tuple(e for e in plan.eckwerte if called(e.name) not in empty),
        erstbezug=None if "Erstbezug" in empty else plan.erstbezug,
        sondergruppen=tuple(s for s in plan.sondergruppen if f"Sondergruppe „{s.name}“" not in empty),
    )


def _targets(eckwert: Eckwert, span: Span) -> Iterator[Lost]:
    years = [] if eckwert.time not in eckwert.target.dims else [int(y) for y in eckwert.target[eckwert.time].values]
    outside = [year for year in years if not span.first <= year <= span.last]
    if outside:
        verb = "bleibt" if len(outside) == 1 else "bleiben"
        text = f"Gerechnet wird {span}; {calendar(outside)} {verb} ohne Wirkung."
        yield Lost("", text, None, len(outside) == len(years))


def _dwellings(plan: Erstbezug, span: Span) -> Iterator[Lost]:
    if "year" not in plan.dwellings.dims:
        return
    each = (plan.dwellings, plan.dwellings * plan.persons)
    dwellings, persons = (_moving_in(v.sum([d for d in v.dims if d != "year"]), plan.spread) for v in each)
    yield from dwellings_lost(dwellings, persons, span)


def _moving_in(values: xr.DataArray, spread: Sequence[float]) -> dict[int, float]:
    moved: dict[int, float] = {}
    for year, amount in zip(values["year"].values.tolist(), np.asarray(values, float).tolist(), strict=True):
        for lag, share in enumerate(spread):
            moved[year + lag] = moved.get(year + lag, 0.0) + amount * share
    return moved
