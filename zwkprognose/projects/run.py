"""Carry out a project: tables → inputs → rates → projection → one folder of results."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import InputError, ScenarioError, ScenarioWarning
from zwkprognose.projects.case import case_of
from zwkprognose.projects.document import Project
from zwkprognose.projects.effects import lost_in
from zwkprognose.projects.estimated import rates_of
from zwkprognose.projects.files import files_of
from zwkprognose.projects.horizon import far_ahead
from zwkprognose.projects.households import households_of
from zwkprognose.projects.load import load_project, scenarios_of
from zwkprognose.projects.official import check_official, without_error
from zwkprognose.projects.record import record
from zwkprognose.projects.services import services_lost, services_of
from zwkprognose.projects.sources import read_tables
from zwkprognose.projects.turnover import beside_projection, with_turnover_effect

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

    from zwkprognose.engine import Prepared
    from zwkprognose.tables import Findings, Table

#: Called before each step with its German name, its number (from 0) and the number of steps.
Progress = Callable[[str, int, int], None]

STEPS = (
    "Tabellen lesen", "Tabellen prüfen", "Bestand und Bewegungen aufbereiten", "Raten schätzen",
    "Bevölkerung fortschreiben", "Ergebnisse schreiben",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything a run has made; ``folder`` is where it was written."""

    project: Project
    inputs: xr.Dataset
    rates: xr.Dataset
    projection: xr.Dataset
    findings: Findings
    milestones: list[str]
    folder: Path


def run_project(
    project: Project | str | Path,
    *,
    out: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Outcome:
    """Compute a project and write its folder of results.

    Parameters
    ----------
    project : Project, str or Path
        A project, or the path of its document.
    out : path, optional
        Folder of the results; default: the one the document names.
    force : bool
        Replace results that are already there.
    progress : callable, optional
        Told about every step.

    Returns
    -------
    Outcome
        Inputs, rates, projection, findings, answers to the milestones, and the folder.

    Raises
    ------
    ZwkError
        With a German message; nothing is written then.
    """
    from zwkprognose.evaluation.milestones import milestone_sentences
    from zwkprognose.output import check_folder, write_run
    from zwkprognose.output.files.run_folder import RESULTS
    from zwkprognose.output.files.sources import keep_sources
    from zwkprognose.projects.borrowed import borrowed_source
    from zwkprognose.projects.lab_beside import lab_of

    project = project if isinstance(project, Project) else load_project(project)
    tell = _teller(progress)
    folder = Path(out) if out is not None else project.path(project.publication.folder)
    check_folder(folder, force=force)
    keep_sources(files_of(project), (folder / name for name in RESULTS))
    tell(0)
    tables = read_tables(project)
    tell(1)
    findings = checked(tables)
    findings.raise_errors()
    tell(2)
    inputs = inputs_of(project, tables)
    del tables  # the printed cells of a large state weigh more than its inputs
    check_horizon(project, inputs)
    geometry = geometry_of(project, inputs)
    tell(3)
    rates = rates_of(project, inputs)
    case = case_of(project, inputs, rates)
    beside = beside_projection(project, inputs, rates, case)
    tell(4)
    projection = projection_of(project, inputs, case)
    del case  # its arrays are not needed for writing
    rates, projection = with_turnover_effect(rates, projection, beside)
    findings += estimated(inputs) + doubts(project, inputs, rates) + borrowed_source(project) + without_error(project)
    findings += far_ahead(project, inputs)
    findings += lost_in(projection, services_lost(project, int(projection["year_end"][0])))
    milestones = milestones_of(project, projection, inputs)
    services = services_of(project, int(projection["year_end"][0]))
    districts = districts_of(project, inputs)
    households = households_of(project, projection)
    plan, page = plan_text(project), None
    if project.publication.lab:
        page = lab_of(project, inputs, rates, geometry, services, plan, districts)
    tell(5)
    findings = write_run(
        folder,
        projection=projection,
        inputs=inputs,
        findings=findings,
        document=record(project, folder),
        geometry=geometry,
        force=force,
        internal=project.publication.internal,
        services=services,
        districts=districts,
        milestones=milestones,
        rates=rates,
        plan=plan,
        lab=page,
        households=households,
    )
    told = [] if milestones is None else milestone_sentences(milestones)
    return Outcome(project, inputs, rates, projection, findings, told, folder)


def checked(tables: list[Table]) -> Findings:
    """Findings of the tables taken together, without what building the inputs refuses by itself (T35)."""
    from zwkprognose.tables import Findings, check

    frame = check(*tables).frame
    return Findings(frame[frame["rule"] != "T35"].reset_index(drop=True))


def estimated(inputs: xr.Dataset) -> Findings:
    """What the inputs say was estimated and is not printed in the tables."""
    from zwkprognose.tables import Findings

    return Findings.of(json.loads(inputs.attrs.get("findings", "[]")))


def doubts(project: Project, inputs: xr.Dataset, rates: xr.Dataset) -> Findings:
    """Values of the scenarios that fall out of what has been observed."""
    from zwkprognose.tables import Findings

    stock = inputs["population"].isel(year_end=-1)
    said = [text for scenario in scenarios_of(project) for text in scenario.warnings(rates, stock)]
    remedy = "Prüfen, ob der Wert so gemeint ist."
    return Findings.of({"severity": "warning", "rule": "S01", "message": text, "remedy": remedy} for text in said)


def plan_text(project: Project) -> str | None:
    """The document of milestones as it stands; ``None`` without one."""
    named = project.horizon.milestones
    return None if named is None else project.path(named).read_text(encoding="utf-8-sig")


def milestones_of(project: Project, projection: xr.Dataset, inputs: xr.Dataset | None = None) -> pd.DataFrame | None:
    """What the projection says to the milestones of the project; with the inputs, with ranges from past errors."""
    from zwkprognose.evaluation.milestones import evaluate_milestones
    from zwkprognose.output import demand

    if project.horizon.milestones is None:
        return None
    needed: dict[str, xr.DataArray] = {}
    for service in services_of(project, int(projection["year_end"][0])):
        found = demand(projection, service.quota)["demand"].isel(quota=0, drop=True)
        needed |= {service.quota.name: found, service.quota.title: found}
    path = project.path(project.horizon.milestones)
    return evaluate_milestones(projection, path, inputs=inputs, demand=needed)


def read_inputs(project: Project) -> xr.Dataset:
    """Inputs of the project's tables, refused if one of these has an error."""
    tables = read_tables(project)
    checked(tables).raise_errors()
    return inputs_of(project, tables)


def inputs_of(project: Project, tables: list[Table]) -> xr.Dataset:
    """Inputs up to the base year of the project.

    Raises
    ------
    InputError
        If there is no stock on 31.12. of the base year.
    """
    from zwkprognose.inputs import build_inputs
    from zwkprognose.tables import concat_tables, understood
    from zwkprognose.tables.codes import categorised

    data = project.data
    inputs = build_inputs(
        *tables,
        open_age=data.open_age,
        last_age="closed" if data.open_age is None else "open",
        areas=data.areas or None,
    )
    inputs.attrs["title"] = project.title or project.name
    joint = concat_tables(tables)
    said = understood(joint.with_cells(categorised(joint.cells)))
    inputs.attrs["understood"] = json.dumps(said, ensure_ascii=False)
    inputs.attrs["regions"] = project.regions().as_text()
    return inhabited(_up_to_base(project, inputs))


def inhabited(inputs: xr.Dataset) -> xr.Dataset:
    """The inputs, if anybody lives there at the start.

    Raises
    ------
    InputError
        If nobody does: there is nothing to project and nothing to publish.
    """
    start = inputs["population"].isel(year_end=-1)
    if not float(start.sum()) > 0:
        raise InputError(
            f"Im Bestand am 31.12.{int(start['year_end'])} wohnt niemand; eine Vorausberechnung ist nicht möglich.",
            remedy="Prüfen, ob die Tabelle zu diesem Jahr schon Zahlen enthält; sonst ein früheres basisjahr angeben.",
        )
    return inputs


def _up_to_base(project: Project, inputs: xr.Dataset) -> xr.Dataset:
    from zwkprognose.evaluation.history import known_at

    base = project.horizon.base_year
    if base is None:
        return inputs
    stocks = inputs["year_end"].values.tolist()
    if base not in stocks:
        raise InputError(
            f"{project.where('prognose', 'basisjahr')}: Einen Bestand am 31.12.{base} gibt es nicht.",
            remedy=f"Vorhanden sind die Jahre {', '.join(map(str, stocks))}.",
        )
    return known_at(inputs, base)


def check_horizon(project: Project, inputs: xr.Dataset) -> None:
    """Refuse a last year that is not after the last stock, and an official total that does not fit the years.

    Raises
    ------
    ScenarioError
        Names the line.
    """
    last, start = project.horizon.until, int(inputs["year_end"][-1])
    if last <= start:
        raise ScenarioError(
            f"{project.where('prognose', 'bis')}: Die Prognose soll bis {last} reichen, der Bestand ist aber vom "
            f"31.12.{start}.",
            remedy=f"Bei „bis“ ein Jahr ab {start + 1} angeben.",
        )
    check_official(project, inputs, range(start + 1, last + 1))


def projection_of(project: Project, inputs: xr.Dataset, case: Prepared) -> xr.Dataset:
    """Projection of the project's case under all scenarios."""
    scenarios: list[Any] = scenarios_of(project)
    given = project.horizon.options()
    drawn = {name: given[name] for name in ("draws", "seed") if name in given}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ScenarioWarning)  # the projection keeps what it says; it becomes a Befund
        projection = case.project(scenarios or None, **drawn)
    return projection.assign_attrs({name: inputs.attrs[name] for name in ("title", "regions")})


def geometry_of(project: Project, inputs: xr.Dataset) -> dict[str, Any] | None:
    """GeoJSON of the areas: the project's own, or that of the example.

    Raises
    ------
    InputError
        If the project's own cannot be read or misses an area.
    """
    from zwkprognose.examples import geometry
    from zwkprognose.projects.geometry import read_geojson

    if project.publication.geometry is not None:
        return read_geojson(project.path(project.publication.geometry), [str(area) for area in inputs["area"].values])
    return geometry(project.data.example) if project.data.example else None


def districts_of(project: Project, inputs: xr.Dataset) -> dict[str, str] | None:
    """District of every area: from the project's table, or from the outlines of the example if they know any.

    Raises
    ------
    OutputError
        If an area has no district; areas of the table that are not projected do not matter.
    """
    from zwkprognose.output.aggregate import check_groups
    from zwkprognose.projects.pairs import read_pairs

    if project.publication.districts is not None:
        known = read_pairs(project.path(project.publication.districts), "bezirk")
    else:
        known = _districts_of_example(project)
    if not known:
        return None
    areas = [str(area) for area in inputs["area"].values]
    districts = {area: known[area] for area in areas if area in known}
    check_groups(areas, districts)
    return districts


def _districts_of_example(project: Project) -> dict[str, str]:
    from zwkprognose.examples import geometry

    outlines = geometry(project.data.example) if project.data.example is not None else None
    places = [feature["properties"] for feature in (outlines or {"features": []})["features"]]
    return {place["area"]: place["bezirk_name"] for place in places if "bezirk_name" in place}


def _teller(progress: Progress | None) -> Callable[[int], None]:
    def tell(step: int) -> None:
        if progress is not None:
            progress(STEPS[step], step, len(STEPS))

    return tell
