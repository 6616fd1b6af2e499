"""One part computed: some areas with their rates, in memory, every city of them on its own."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.engine.arrays import Array
from zwkprognose.engine.case.base import Base, stock_of
from zwkprognose.engine.case.question import Question
from zwkprognose.engine.case.without_effect import plan_begun
from zwkprognose.engine.draws.drawn import Asked, Part, model_of, part_of, trajectories_of, values_of
from zwkprognose.engine.grid import grid_of, told
from zwkprognose.engine.parts.cities import cities_of, couples, of_areas, plan_of
from zwkprognose.engine.parts.statements import plan_under, rates_under, said_of
from zwkprognose.engine.prepare import Prepared
from zwkprognose.errors import ScenarioWarning
from zwkprognose.names import variable

#: What is asked of the areas of one city: stock, rates and what is planned there.
OfCity = Callable[[xr.Dataset, xr.Dataset, Question], xr.Dataset]


def project_block(inputs: xr.Dataset, rates: xr.Dataset, question: Question, whole: bool) -> xr.Dataset:
    """The projection of some areas; scenarios are those of parts (:func:`statements.for_parts`).

    With ``whole`` these are all areas of one city, and anything may be asked.
    """
    if whole:
        return _projection(inputs, rates, question)
    each = [by_city(inputs, changed, alone, _projection) for changed, alone in _under(inputs, rates, question)]
    if not question.many:
        return each[0]
    return xr.concat(alike(each), question.dimension, join="exact")


def draw_block(inputs: xr.Dataset, rates: xr.Dataset, question: Question, whole: bool, asked: Asked) -> Part:
    """Random projections of some areas under one scenario, and their sum."""
    sums: list[Array] = []

    def drawn(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> xr.Dataset:
        part = part_of(*model_of(inputs, rates, question), asked)
        sums.append(part.sums)
        return part.areas

    return Part(_under_one(inputs, rates, question, whole, drawn), np.add.reduce(sums))


def trajectories_block(
    inputs: xr.Dataset, rates: xr.Dataset, question: Question, whole: bool, asked: Asked
) -> xr.Dataset:
    """Whole random projections of some areas."""

    def drawn(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> xr.Dataset:
        return trajectories_of(*model_of(inputs, rates, question), asked)

    return _under_one(inputs, rates, question, whole, drawn)


def _under_one(inputs: xr.Dataset, rates: xr.Dataset, question: Question, whole: bool, work: OfCity) -> xr.Dataset:
    """The work on every city of some areas under one scenario."""
    if whole:
        return work(inputs, rates, question)
    ((changed, alone),) = _under(inputs, rates, question)
    return by_city(inputs, changed, alone, work)


def value_block(inputs: xr.Dataset, rates: xr.Dataset, question: Question, asked: Asked) -> Array:
    """Persons [area, year, band, draw] in some of the draws of one city."""
    return values_of(*model_of(inputs, rates, question), asked)


def by_city(inputs: xr.Dataset, rates: xr.Dataset, question: Question, work: OfCity) -> xr.Dataset:
    """What is found for every city, areas in the order of the inputs; all at once if nothing couples them."""
    cities, work = cities_of(inputs), _planned(work)
    if len(cities) == 1 or not couples(rates, question):
        return work(inputs, rates, question)
    found = []
    for positions in cities.values():
        areas = inputs["area"].values[positions].tolist()
        found.append(work(inputs.isel(area=positions), of_areas(rates, areas), here(question, areas)))
    whole = xr.concat(alike(found), "area", data_vars="minimal", coords="minimal", compat="override", join="override")
    return whole.isel(area=np.argsort(np.concatenate(list(cities.values()))))


def here(question: Question, areas: list[Any]) -> Question:
    """What of a question belongs to some of the areas."""
    said = [None if one is None else said_of(one, areas) for one in question.scenarios]
    return replace(question, plan=plan_of(question.plan, areas), scenario=said if question.many else said[0])


def alike(found: Sequence[xr.Dataset]) -> list[xr.Dataset]:
    """Results with the same components: what takes place in one of them only is zero in the others."""
    every = dict.fromkeys(str(name) for one in found for name in one.data_vars)
    return [with_all(one, every) for one in found]


def with_all(found: xr.Dataset, components: Iterable[str]) -> xr.Dataset:
    """The result with components that do not take place in it: they are zero."""
    missing = [variable("projection", name) for name in components if name not in found]
    return found.assign({one.name: xr.zeros_like(found["deaths"]).assign_attrs(told(one)) for one in missing})


def _projection(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> xr.Dataset:
    return Prepared(inputs, rates, question).project(question.scenario)


def _planned(work: OfCity) -> OfCity:
    """The work on a city, with what its scenario builds, houses and holds there in the plan."""

    def of_city(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> xr.Dataset:
        (scenario,) = question.scenarios
        base = _base(inputs, rates, question)
        plan = question.plan if scenario is None else plan_under(scenario, base)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ScenarioWarning)  # was said of all parts together
            return work(inputs, rates, replace(question, scenario=None, plan=plan_begun(plan, base.grid)))

    return of_city


def _under(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> list[tuple[xr.Dataset, Question]]:
    """Rates under each scenario, and the question of which only what it plans is still to be done."""
    base = _base(inputs, rates, question)
    wholes = question.wholes or ({},) * len(question.scenarios)
    return [
        (rates if one is None else rates_under(one, measures, base), replace(question, scenario=one, wholes=()))
        for one, measures in zip(question.scenarios, wholes, strict=True)
    ]


def _base(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> Base:
    return Base(inputs, rates, grid_of(stock_of(inputs), question.until), question.plan)
