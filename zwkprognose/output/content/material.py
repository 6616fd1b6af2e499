"""What workbook, report and portrait start from: published numbers, and all that is said about them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import xarray as xr

from zwkprognose.output.content.facts import Facts, facts_of
from zwkprognose.output.content.goals import published_goals
from zwkprognose.output.content.households import HouseholdPlan, Households, households_of
from zwkprognose.output.content.notes import Notes, notes_for
from zwkprognose.output.content.numbers import Numbers, numbers_of
from zwkprognose.output.content.services import Need, Service, check_services, need_of
from zwkprognose.output.content.spans import Spans, spans_of
from zwkprognose.output.publication.districts import district_numbers
from zwkprognose.output.publication.doors import check_inputs
from zwkprognose.output.publication.protection import hidden_totals
from zwkprognose.output.publication.publish import publish

if TYPE_CHECKING:
    import pandas as pd

#: Year and persons of every earlier count.
Past = Mapping[str, Sequence[tuple[int, float]]]


@dataclass(frozen=True, slots=True, eq=False)
class Material:
    """Published numbers of areas and districts, earlier counts, limits, demand, and the Hinweise."""

    published: xr.Dataset
    facts: Facts
    numbers: Numbers
    past: Past
    internal: bool
    notes: Notes
    spans: Spans
    needs: tuple[Need, ...]
    districts: Numbers | None
    goals: pd.DataFrame | None = None
    households: Households | None = None


def gather(
    projection: xr.Dataset,
    inputs: xr.Dataset | None = None,
    *,
    internal: bool = False,
    services: Sequence[Service] = (),
    districts: Mapping[str, str] | None = None,
    milestones: pd.DataFrame | None = None,
    by_age: bool = True,
    households: HouseholdPlan | None = None,
) -> Material:
    """Publish a projection and collect what the outputs show.

    Parameters
    ----------
    projection : xr.Dataset
        Result of the engine, or one that is published already.
    inputs : xr.Dataset, optional
        What it started from: sources, earlier years, and past errors for the limits.
    internal : bool
        True: no protection of small numbers.
    services : sequence of Service
        Quotas, and places if they are known.
    districts : mapping of area key to district, optional
        Larger areas that are published too.
    milestones : pandas.DataFrame, optional
        Answers of :func:`zwkprognose.evaluation.evaluate_milestones`.
    by_age : bool
        False: no limits of age groups, for a page that shows none.
    households : HouseholdPlan, optional
        Quotas of households, known households and dwellings.

    Raises
    ------
    OutputError
        If the projection did not start from ``inputs``, or something else given does not fit it.
    """
    if inputs is not None:
        check_inputs(projection, inputs)
    published = publish(projection, internal=internal, districts=districts)
    rule = json.loads(published.attrs["publication"])
    facts = facts_of(projection, inputs)
    if published is not projection:
        check_services(projection, services)
    numbers = numbers_of(published, facts)
    smallest = 0 if rule["internal"] else rule["min_cell"]
    spans = spans_of(inputs, facts, districts, by_age=by_age, smallest=max(smallest, 1))
    needs = tuple(need_of(service, numbers, spans) for service in services)
    return Material(
        published,
        facts,
        numbers,
        _past(inputs, list(facts.areas), smallest),
        rule["internal"],
        notes_for(published, facts, spans, needs),
        spans,
        needs,
        district_numbers(published, facts),
        published_goals(milestones, internal=rule["internal"], min_cell=rule["min_cell"], published=published),
        None if households is None else households_of(households, numbers, spans),
    )


def _past(inputs: xr.Dataset | None, areas: Sequence[str], min_cell: int) -> Past:
    """Counted population up to the base year by area, ``""``: the city.

    Hidden are the totals that a publication of that year would hide, so that earlier reports and this one agree.
    """
    if inputs is None or "population" not in inputs:
        return {"": []}
    stock = inputs["population"]
    dims = [dim for dim in stock.dims if dim not in ("year_end", "area")]
    totals = stock.sum(dims, skipna=False).transpose("area", "year_end")
    kept = ~np.apply_along_axis(hidden_totals, 0, totals.values, min_cell)
    years = [int(year) for year in stock["year_end"].values]
    series = {
        str(area): [(year, value) for year, value, is_kept in zip(years, row, own, strict=True) if is_kept]
        for area, row, own in zip(stock["area"].values, totals.values.tolist(), kept, strict=True)
    }
    city = list(zip(years, totals.values.sum(axis=0).tolist(), strict=True))
    return {"": city, **{area: series[area] for area in areas if area in series}}
