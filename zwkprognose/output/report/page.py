"""Put the report together: one HTML file that needs no network and, to be read, no script."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import xarray as xr

import zwkprognose
from zwkprognose.names import label
from zwkprognose.output import german
from zwkprognose.output.atomic import whole_file
from zwkprognose.output.cross_tables import area_overview
from zwkprognose.output.disclosure import publish
from zwkprognose.output.extras import require
from zwkprognose.output.facts import facts_of
from zwkprognose.output.notes import notes_for
from zwkprognose.output.numbers import numbers_of
from zwkprognose.output.report.content import (
    area_portraits,
    change_map,
    choices,
    portrait,
    shown_years,
    small_multiples,
    state_key,
    tiles,
)

#: Befunde that the report lists; the file befunde.csv holds all of them.
FINDINGS_SHOWN = 100


def write_report(
    projection: xr.Dataset,
    path: str | Path,
    *,
    inputs: xr.Dataset | None = None,
    geometry: Mapping[str, Any] | None = None,
    findings: Any = None,
    internal: bool = False,
    created: datetime.date | None = None,
) -> Path:
    """Write the German report of a projection as one HTML file.

    Parameters
    ----------
    projection : xr.Dataset
        Result of the engine.
    path : path
        Target ``.html``; an older file is replaced only when the new one is complete.
    inputs : xr.Dataset, optional
        What the projection started from: sources and earlier years for the lines.
    geometry : GeoJSON dict, optional
        Areas for the map, with the key in the property ``area``.
    findings : Findings, optional
        Befunde of the check of the input tables.
    internal : bool
        True: no protection of small numbers. For use inside the statistics office only.
    created : date, optional
        Printed in the head; default: today.

    Raises
    ------
    OutputError
        If the file cannot be written or the geometry misses an area.
    """
    require("jinja2", extra="report")
    page = render(projection, inputs, geometry, findings, internal, created or datetime.date.today())
    with whole_file(path) as temporary:
        temporary.write_text(page, encoding="utf-8")
    return Path(path)


def render(
    projection: xr.Dataset,
    inputs: xr.Dataset | None,
    geometry: Mapping[str, Any] | None,
    findings: Any,
    internal: bool,
    created: datetime.date,
) -> str:
    """The text of the report."""
    published = publish(projection, internal=internal)
    rule = json.loads(published.attrs["publication"])
    facts = facts_of(projection, inputs)
    numbers = numbers_of(published, facts)
    past = _past(inputs, list(facts.areas), 0 if rule["internal"] else rule["min_cell"])
    drawn = change_map(numbers, geometry) if geometry is not None and len(facts.areas) > 1 else None
    several = len(facts.areas) > 1
    return _environment().get_template("report.html.j2").render(
        facts=facts, internal=rule["internal"],
        created=created.strftime("%d.%m.%Y"), version=zwkprognose.__version__,
        tiles=tiles(numbers),
        city=portrait(numbers, None, past[""]),
        areas=area_portraits(numbers, past) if several else [],
        map=drawn,
        multiples=small_multiples(numbers) if several else None,
        overview=area_overview(numbers) if several else None,
        years=shown_years(numbers),
        first_state=state_key(numbers.main, facts.target_year),
        data=choices(numbers, drawn.limits if drawn else ()),
        findings=_findings(findings), findings_shown=FINDINGS_SHOWN,
        notes=notes_for(published, facts),
        css=_text("report.css"), js=_text("report.js"),
    )  # fmt: skip


def _past(inputs: xr.Dataset | None, areas: Sequence[str], min_cell: int) -> dict[str, list[tuple[int, float]]]:
    """Counted population of the years up to the base year by area, ``""``: the city; small numbers left out."""
    if inputs is None or "population" not in inputs:
        return {"": []}
    stock = inputs["population"]
    totals = stock.sum([dim for dim in stock.dims if dim not in ("year_end", "area")]).transpose("area", "year_end")
    years = [int(year) for year in stock["year_end"].values]
    by_area = dict(zip(map(str, stock["area"].values), totals.values.tolist(), strict=True))
    series = {"": totals.values.sum(axis=0).tolist(), **{area: by_area[area] for area in areas}}
    return {
        area: [(year, value) for year, value in zip(years, values, strict=True) if not 0.5 <= value < min_cell - 0.5]
        for area, values in series.items()
    }


def _findings(findings: Any) -> list[dict[str, str]]:
    """Befunde as texts, the severe ones first."""
    if findings is None:
        return []
    rank = {"error": 0, "warning": 1, "info": 2}
    rows = findings.frame.astype(object).where(findings.frame.notna(), "").to_dict("records")
    rows.sort(key=lambda row: rank.get(str(row["severity"]), 3))
    texts = [{str(key): str(value) for key, value in row.items()} for row in rows]
    return [row | {"grade": label("severity", row["severity"])} for row in texts]


def _environment() -> Any:
    import jinja2

    loader = jinja2.FunctionLoader(_text)
    environment = jinja2.Environment(
        loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    environment.filters.update(number=german.number, signed=german.signed, percent=german.percent)
    return environment


def _text(name: str) -> str:
    return resources.files("zwkprognose.output").joinpath("templates", name).read_text(encoding="utf-8")


