"""What every page starts from: published numbers, head, rule, earlier counts; and the templates."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import xarray as xr

from zwkprognose.output import german
from zwkprognose.output.disclosure import publish
from zwkprognose.output.districts import district_numbers
from zwkprognose.output.facts import Facts, facts_of
from zwkprognose.output.need_tables import Need, needs_of
from zwkprognose.output.notes import Notes, notes_for
from zwkprognose.output.numbers import Numbers, numbers_of
from zwkprognose.output.spans import Spans, spans_of

#: Year and persons of every earlier count.
Past = Mapping[str, Sequence[tuple[int, float]]]


@dataclass(frozen=True, slots=True)
class Material:
    """Published numbers and all that is said about them."""

    facts: Facts
    numbers: Numbers
    past: Past
    internal: bool
    notes: Notes
    spans: Spans
    needs: tuple[Need, ...] = ()
    districts: Numbers | None = None


def gather(
    projection: xr.Dataset,
    inputs: xr.Dataset | None,
    internal: bool,
    spans: Spans | None = None,
    demands: Sequence[xr.Dataset] = (),
    districts: Mapping[str, str] | None = None,
) -> Material:
    """Publish a projection and collect what the pages show."""
    published = publish(projection, internal=internal, districts=districts)
    rule = json.loads(published.attrs["publication"])
    facts = facts_of(projection, inputs)
    past = _past(inputs, list(facts.areas), 0 if rule["internal"] else rule["min_cell"])
    spans = spans_of(inputs, facts) if spans is None else spans
    needs = needs_of(demands, facts)
    notes = notes_for(published, facts, spans, needs)
    larger = district_numbers(published, facts)
    return Material(facts, numbers_of(published, facts), past, rule["internal"], notes, spans, needs, larger)


def template(name: str) -> Any:
    """A template of the package; every text put into it is escaped."""
    import jinja2

    loader = jinja2.FunctionLoader(text_of)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    for filter_ in (german.number, german.signed, german.percent, german.counted):
        environment.filters[filter_.__name__] = filter_
    return environment.get_template(name)


def text_of(name: str) -> str:
    """Text of a file in ``templates``."""
    return resources.files("zwkprognose.output").joinpath("templates", name).read_text(encoding="utf-8")


def _past(inputs: xr.Dataset | None, areas: Sequence[str], min_cell: int) -> Past:
    """Counted population up to the base year by area, ``""``: the city; small numbers are left out."""
    if inputs is None or "population" not in inputs:
        return {"": []}
    stock = inputs["population"]
    totals = stock.sum([dim for dim in stock.dims if dim not in ("year_end", "area")]).transpose("area", "year_end")
    series = dict(zip(map(str, stock["area"].values), totals.values.tolist(), strict=True))
    shown = {"": totals.values.sum(axis=0).tolist(), **{area: series[area] for area in areas if area in series}}
    years = [int(year) for year in stock["year_end"].values]
    return {
        area: [(year, value) for year, value in zip(years, values, strict=True) if not 0.5 <= value < min_cell - 0.5]
        for area, values in shown.items()
    }
