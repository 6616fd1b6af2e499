"""Year after year: what is given for a year, and the loop over the years."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Protocol

from zwkprognose.engine import reference
from zwkprognose.engine.arrays import Array, Flows, aged
from zwkprognose.engine.eckwerte_of_flows import advance_to_levels
from zwkprognose.engine.features import moves
from zwkprognose.engine.features.timing import Timing
from zwkprognose.engine.model import Model, YearInputs
from zwkprognose.engine.rates import Rates


class Engine(Protocol):
    """Somebody who can compute one year from the last and write it into the result."""

    def advance(self, t: int, given: YearInputs) -> Flows:
        """Compute year number ``t``; returns views (area, group, sex, age) of what was written."""
        ...


class Reference:
    """The readable year of ``reference``."""

    def __init__(self, model: Model, flows: Flows) -> None:
        self.model, self.flows = model, flows

    def advance(self, t: int, given: YearInputs) -> Flows:
        """Compute year number ``t`` and write it down."""
        year = reference.advance(self.flows["population"][:, t], given, self.model)
        for name in year.keys() & self.flows.keys():
            self.flows[name][:, t + (name == "population")] = year[name]
        return year


def run(model: Model, flows: Flows, engine: Engine) -> None:
    """All years of a model."""
    flows["population"][:, 0] = model.start
    for t in range(len(model.years)):
        given = year_inputs(model, t)
        levels = [m for m in (model.margins[t] if model.margins else ()) if m.of != "population"]
        if levels:
            advance_to_levels(partial(engine.advance, t), given, levels, model)
        else:
            engine.advance(t, given)


def year_inputs(model: Model, t: int) -> YearInputs:
    """Everything that is given for year number ``t``."""
    rates = model.rates_of_year(t)
    exists = None if model.exists is None else model.exists[t]
    if exists is not None:
        rates = moves.of_existing(rates, exists)
    early = None
    if model.timing.by_completed_age:
        rates, early = _in_cohorts(rates, model.timing)
    margins = model.margins[t] if model.margins else ()
    return YearInputs(
        rates=rates,
        arrivals=None if model.housing is None else model.housing.of_year(t),
        special=None if model.facilities is None else model.facilities.of_year(t),
        exists=exists,
        margins=tuple(m for m in margins if m.of == "population"),
        mothers_early=early,
    )


def _in_cohorts(rates: Rates, timing: Timing) -> tuple[Rates, tuple[Array, Array]]:
    """Numbers of movers by completed age as numbers by age reached at the end of the year, and the early ones as given.

    Those who move at the start are a year older at the end, those who move at the end are not.
    """
    come, gone = rates.in_moves, 0 * rates.in_moves if rates.out_moves is None else rates.out_moves
    in_early, out_early = timing.early * aged(come), timing.early * aged(gone)
    late = 1 - timing.early
    moved = replace(rates, in_moves=in_early + late * come, out_moves=out_early + late * gone)
    return replace(moved, in_early=in_early, out_early=out_early), (timing.early * come, timing.early * gone)
