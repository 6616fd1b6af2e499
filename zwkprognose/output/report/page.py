"""Put the report together: one HTML file that needs no network; without script it shows tables of all areas."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from zwkprognose.german import number
from zwkprognose.names import label
from zwkprognose.output.content.goals import goal_sentences, plan_rows
from zwkprognose.output.content.households import HouseholdPlan
from zwkprognose.output.content.material import Material, gather
from zwkprognose.output.content.notes import need_notes, span_sentences
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.services import Need, Service
from zwkprognose.output.files.endings import require_ending
from zwkprognose.output.files.extras import require
from zwkprognose.output.publication.findings import published_findings, worded_findings
from zwkprognose.output.report import words
from zwkprognose.output.report.city_map import change_map
from zwkprognose.output.report.embedded import embedded
from zwkprognose.output.report.households import household_section
from zwkprognose.output.report.pages import policy, render, text_of, write_page
from zwkprognose.output.report.portraits import portrait
from zwkprognose.output.report.selection import SHOWN, is_cut, readable
from zwkprognose.output.report.states import shown_years
from zwkprognose.output.report.tiles import tiles
from zwkprognose.output.tables.cross import CrossTable, area_ages, area_components, area_overview, named_once
from zwkprognose.output.tables.needs import need_table
from zwkprognose.output.tables.ranges import total_spans
from zwkprognose.output.tables.ratios import area_ratios

if TYPE_CHECKING:
    import pandas as pd

    from zwkprognose.tables import Findings

#: Befunde that the report lists; the file befunde.csv holds all of them.
FINDINGS_SHOWN = 100
#: The script of the page in its parts, and what says that scripts run before anything is shown.
SCRIPTS = ("words.js", "figures.js", "tables.js", "page.js")
MARK = 'document.documentElement.classList.add("js");'


def write_report(
    projection: xr.Dataset,
    path: str | Path,
    *,
    inputs: xr.Dataset | None = None,
    geometry: Mapping[str, Any] | None = None,
    findings: Findings | None = None,
    internal: bool = False,
    created: datetime.date | None = None,
    services: Sequence[Service] = (),
    districts: Mapping[str, str] | None = None,
    milestones: pd.DataFrame | None = None,
    households: HouseholdPlan | None = None,
) -> Path:
    """Write the German report of a projection as one HTML file.

    Parameters
    ----------
    projection : xr.Dataset
        Result of the engine.
    path : path
        Target ``.html``; an older file is replaced only when the new one is complete.
    inputs : xr.Dataset, optional
        What the projection started from: sources, earlier years for the lines, and past errors for the limits.
    geometry : GeoJSON dict, optional
        Areas for the map, with the key in the property ``area``.
    findings : Findings, optional
        Befunde of the check of the input tables.
    internal : bool
        True: no protection of small numbers. For use inside the statistics office only.
    created : date, optional
        Printed in the head; default: today.
    services : sequence of Service
        Services whose demand is shown for the city and every area.
    districts : mapping of area key to district, optional
        Larger areas that are shown too; areas are protected so that they do not give them away.
    milestones : pandas.DataFrame, optional
        Answers of :func:`zwkprognose.evaluation.evaluate_milestones`.
    households : HouseholdPlan, optional
        Quotas of households, known households and dwellings.

    Raises
    ------
    OutputError
        If the file cannot be written or the geometry misses an area.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> projection = project(inputs, estimate_rates(inputs), until=2026)
    >>> report = write_report(projection, Path(mkdtemp()) / "bericht.html", inputs=inputs)
    >>> "Bremerhaven" in report.read_text("utf-8")
    True
    """
    require("jinja2", extra="report")
    require_ending(path, ".html", ".htm")
    material = gather(projection, inputs, internal=internal, services=services, districts=districts,
                      milestones=milestones, households=households)  # fmt: skip
    shown = findings if findings is None or internal else published_findings(findings)
    shown = None if shown is None else worded_findings(shown, material.facts.regions)
    return fill_report(material, path, geometry=geometry, findings=shown, created=created)


def fill_report(
    material: Material,
    path: str | Path,
    *,
    geometry: Mapping[str, Any] | None = None,
    findings: Findings | None = None,
    created: datetime.date | None = None,
    lab: str | None = None,
) -> Path:
    """Write the report of what is gathered already; ``lab`` is the page beside it that computes."""
    script = "".join(map(text_of, SCRIPTS))
    page = render(
        "report.html.j2", created, facts=material.facts, internal=material.internal, notes=material.notes,
        findings=_findings(findings), findings_shown=FINDINGS_SHOWN, policy=policy(MARK, script), mark=MARK, js=script,
        lab=lab, **_contents(material, geometry),
    )  # fmt: skip
    return write_page(path, page)


def _contents(material: Material, geometry: Mapping[str, Any] | None) -> dict[str, Any]:
    """City, map, areas, overview; a projection of one area has only the first."""
    numbers = material.numbers
    several, kept = len(material.facts.areas) > 1, readable(material)
    whole_map = several and not is_cut(material)
    drawn = change_map(numbers, geometry) if geometry is not None and whole_map else None
    return {
        "tiles": tiles(numbers, None, material.spans),
        "city": portrait(material, None),
        "safety": _safety(material, kept),
        "needs": [_need(numbers, kept.numbers, *pair) for pair in zip(material.needs, kept.needs, strict=True)],
        "need_notes": need_notes(material.needs, material.facts),
        "goals": goal_sentences(material.goals),
        "plans": _plans(material),
        "households": household_section(kept),
        "map": drawn,
        "years": shown_years(numbers),
        "data": embedded(kept, drawn.limits if drawn else (), material),
        "several": several,
        "left_out": _left_out(material),
        "area_tables": _area_tables(kept.numbers) if several else [],
        "districts": None if material.districts is None else named_once(area_overview(material.districts)),
        "district_spans": _district_spans(material),
    }


def _plans(material: Material) -> list[dict[str, Any]]:
    """The plan under every scenario; without script the main one stands there, with it the one that is chosen."""
    if material.goals is None:
        return []
    numbers = material.numbers
    return [
        {"title": scenario.title, "shown": k == numbers.main, "rows": plan_rows(material.goals, scenario.name)}
        for k, scenario in enumerate(numbers.facts.scenarios)
    ]


def _district_spans(material: Material) -> CrossTable | None:
    """The limits of the districts, where they are shown and known."""
    if material.districts is None or material.spans.districts is None:
        return None
    found = total_spans(material.districts, material.spans.districts)
    return None if found is None else named_once(found)


def _left_out(material: Material) -> str:
    """What a page with very many areas does not show, and where that stands."""
    if not is_cut(material):
        return ""
    many = material.facts.kind.plural_dative
    return (
        f"Der Bericht zeigt von {number(len(material.facts.areas))} {many} die {SHOWN} größten und keine Karte, damit "
        "er im Browser benutzbar bleibt. Alle Zahlen stehen in der CSV-Datei, die Übersichten in der "
        "Arbeitsmappe; ein einzelnes Gebietsprofil schreibt in Python die Funktion profile."
    )


def _area_tables(numbers: Numbers) -> list[CrossTable]:
    """All areas for readers without script."""
    found = [area_overview(numbers), area_ages(numbers), area_components(numbers), area_ratios(numbers)]
    return [table for table in found if table is not None]


def _safety(material: Material, kept: Material) -> dict[str, Any]:
    """How sure the numbers are: sentences, and the limits of all areas."""
    numbers, spans = material.numbers, material.spans
    return {
        "typical": words.typical_text(numbers, spans),
        "sentences": span_sentences(spans, material.facts),
        "table": total_spans(kept.numbers, kept.spans),
    }


def _need(numbers: Numbers, kept: Numbers, need: Need, shown: Need) -> dict[str, Any]:
    """One service: what the city needs in words, where the quota comes from, and the table of the areas."""
    return {
        "title": need.title,
        "sentence": words.need_text(numbers, need),
        "source": need.said,
        "table": need_table(kept, shown),
    }


def _findings(findings: Findings | None) -> list[dict[str, str]]:
    """Befunde as texts, the severe ones first."""
    if findings is None:
        return []
    rank = {"error": 0, "warning": 1, "info": 2}
    rows = findings.frame.astype(object).where(findings.frame.notna(), "").to_dict("records")
    rows.sort(key=lambda row: rank.get(str(row["severity"]), 3))
    texts = [{str(key): str(value) for key, value in row.items()} for row in rows]
    return [row | {"grade": label("severity", row["severity"])} for row in texts]
