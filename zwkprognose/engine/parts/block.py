"""One part computed: some areas with their rates, in memory, every city of them on its own."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.engine.arrays import Array
from zwkprognose.engine.case.base import Base, stock_of
from zwkprognose.engine.case.without_effect import plan_begun
from zwkprognose.engine.draws.drawn import Asked, Part, model_of, part_of, trajectories_of, values_of
from zwkprognose.engine.grid import Grid, grid_of
from zwkprognose.engine.model import Model
from zwkprognose.engine.parts.cities import Positions, cities_of, couples, of_areas, plan_of
from zwkprognose.engine.parts.question import Question
from zwkprognose.engine.parts.statements import plan_under, rates_under, said_of
from zwkprognose.engine.prepare import Prepared
from zwkprognose.errors import ScenarioWarning

#: What is asked of the areas of one city: stock, rates and what is planned there.
OfCity = Callable[[xr.Dataset, xr.Dataset, Question], xr.Dataset]


def project_block(inputs: xr.Dataset, rates: xr.Dataset, question: Question, whole: bool) -> xr.Dataset:
    """The projection of some areas; scenarios are those of parts (:func:`statements.for_parts`).

    With ``whole`` these are all areas of one city, and anything may be asked.
    """
    if whole:
        q = question
        return Prepared(inputs, rates, q.until, q.plan, q.totals, q.method, q.threads, q.city).project(q.scenario)
    each = [by_city(inputs, changed, alone, _projection) for changed, alone in _under(inputs, rates, question)]
    if not question.many:
        return each[0]
    there = {str(name): one["deaths"] for one in each for name in one.data_vars}
    each = [one.assign({name: xr.zeros_like(like) for name, like in there.items() if name not in one}) for one in each]
    return xr.concat(each, xr.Variable("scenario", question.names), join="exact")


def draw_block(inputs: xr.Dataset, rates: xr.Dataset, question: Question, whole: bool, asked: Asked) -> Part:
    """Random projections of some areas under one scenario, and their sum."""
    if whole:
        return part_of(*_model(inputs, rates, question), asked)
    ((changed, alone),) = _under(inputs, rates, question)
    sums: list[Array] = []

    def drawn(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> xr.Dataset:
        part = part_of(*_model(inputs, rates, question), asked)
        sums.append(part.sums)
        return part.areas

    return Part(by_city(inputs, changed, alone, drawn), np.add.reduce(sums))


def trajectories_block(
    inputs: xr.Dataset, rates: xr.Dataset, question: Question, whole: bool, asked: Asked
) -> xr.Dataset:
    """Whole random projections of some areas."""
    if whole:
        return trajectories_of(*_model(inputs, rates, question), asked)
    ((changed, alone),) = _under(inputs, rates, question)

    def drawn(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> xr.Dataset:
        return trajectories_of(*_model(inputs, rates, question), asked)

    return by_city(inputs, changed, alone, drawn)


def value_block(inputs: xr.Dataset, rates: xr.Dataset, question: Question, asked: Asked) -> Array:
    """Persons [area, year, band, draw] in some of the draws of one city."""
    return values_of(*_model(inputs, rates, question), asked)


def by_city(inputs: xr.Dataset, rates: xr.Dataset, question: Question, work: OfCity) -> xr.Dataset:
    """What is found for every city, areas in the order of the inputs; all at once if nothing couples them."""
    cities, work = cities_of(inputs), _planned(work)
    if len(cities) == 1 or not couples(rates, question):
        return work(inputs, rates, question)
    found = []
    for positions in cities.values():
        areas = inputs["area"].values[positions].tolist()
        found.append((positions, work(inputs.isel(area=positions), of_areas(rates, areas), here(question, areas))))
    return joined(found, inputs)


def here(question: Question, areas: list[Any]) -> Question:
    """What of a question belongs to some of the areas."""
    said = [None if one is None else said_of(one, areas) for one in question.scenarios]
    return replace(question, plan=plan_of(question.plan, areas), scenario=said if question.many else said[0])


def joined(parts: list[tuple[Positions, xr.Dataset]], inputs: xr.Dataset) -> xr.Dataset:
    """Parts in their places; a component that does not take place in one of them is zero there."""
    variables: dict[str, tuple[tuple[str, ...], Array, dict[str, object]]] = {}
    for positions, part in parts:
        for name, values in part.data_vars.items():
            if str(name) not in variables:
                sizes = [inputs.sizes["area"] if d == "area" else n for d, n in values.sizes.items()]
                variables[str(name)] = tuple(map(str, values.dims)), np.zeros(sizes), dict(values.attrs)
            dims, whole, _ = variables[str(name)]
            np.moveaxis(whole, dims.index("area"), 0)[positions] = values.transpose("area", ...).values
    first = parts[0][1]
    coords = {name: c for name, c in first.coords.items() if "area" not in c.dims}
    of_area = {name: c for name, c in inputs.coords.items() if c.dims == ("area",)}
    return xr.Dataset(variables, coords | of_area, first.attrs)


def _model(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> tuple[Grid, Model]:
    return model_of(inputs, rates, question.drawn(), question.until, question.plan)


def _projection(inputs: xr.Dataset, rates: xr.Dataset, question: Question) -> xr.Dataset:
    return Prepared(inputs, rates, question.until, question.plan, None, question.method, question.threads).project()


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
