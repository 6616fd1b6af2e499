"""Check files or the tables of a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from zwkprognose.errors import ScenarioError
from zwkprognose.regions import Regions, regions_of

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.projects import Project
    from zwkprognose.tables import Findings


class Checked(NamedTuple):
    """What was understood of the tables, which methods follow, in German lines, and what is wrong or remarkable.

    All of it is said in the words for these ``regions``.
    """

    understood: list[str]
    methods: list[str]
    findings: Findings
    regions: Regions


def check_files(files: list[Path]) -> Checked:
    """Tables, or everything that a project document names."""
    from zwkprognose.tables import check, concat_tables, read_table, understood

    if not any(file.suffix == ".toml" for file in files):
        tables = [read_table(file) for file in files]
        return Checked(understood(concat_tables(tables)), [], check(*tables), regions_of())
    if len(files) > 1:
        raise ScenarioError(
            "Ein Projektdokument wird für sich geprüft.", remedy="Die Tabellen im Projekt nennen, nicht daneben."
        )
    return check_project(files[0])


def read_by(files: list[Path]) -> list[Path]:
    """Files that a check reads: those given, and what a project document names."""
    from zwkprognose.projects import load_project
    from zwkprognose.projects.files import files_of

    return [*files, *(named for file in files if file.suffix == ".toml" for named in files_of(load_project(file)))]


def check_project(file: Path) -> Checked:
    """The tables of a project; everything that a run would refuse is tried, only nothing is written.

    Raises
    ------
    ZwkError
        If the document, the inputs, the rates, a scenario, a milestone or a table beside them is impossible.
    """
    from zwkprognose.output import check_folder
    from zwkprognose.output.content.notes import methods_of, totals_sentence
    from zwkprognose.output.publication.findings import worded_findings
    from zwkprognose.projects import load_project, scenarios_of
    from zwkprognose.projects.borrowed import borrowed_source
    from zwkprognose.projects.effects import lost_in
    from zwkprognose.projects.estimated import rates_of
    from zwkprognose.projects.horizon import far_ahead
    from zwkprognose.projects.official import without_error
    from zwkprognose.projects.run import checked, doubts, inputs_of
    from zwkprognose.projects.services import services_lost
    from zwkprognose.projects.sources import read_tables
    from zwkprognose.tables import concat_tables, understood

    project = load_project(file)
    regions = project.regions()
    scenarios_of(project)
    check_folder(project.path(project.publication.folder), force=True)
    tables = read_tables(project)
    read = [regions.worded(line) for line in understood(concat_tables(tables))]
    findings = checked(tables)
    if len(findings.errors):
        return Checked(read, [], worded_findings(findings, regions), regions)
    inputs = inputs_of(project, tables)
    _try_files(project, inputs)
    rates = rates_of(project, inputs)
    rates, projection = _try_projection(project, inputs, rates)
    lost = lost_in(projection, services_lost(project, int(projection["year_end"][0])))
    given = project.horizon.options()
    methods = [
        *map(regions.worded, methods_of(rates.attrs)),
        totals_sentence(given.get("totals"), regions.part.plural, given.get("city")),
    ]
    findings += doubts(project, inputs, rates) + lost + borrowed_source(project) + without_error(project)
    findings += far_ahead(project, inputs)
    return Checked(read, methods, worded_findings(findings, regions), regions)


def _try_files(project: Project, inputs: xr.Dataset) -> None:
    """Look at everything that the project names beside its tables, before anything is estimated."""
    from zwkprognose.output.content.services import check_services
    from zwkprognose.output.publication.doors import check_whole
    from zwkprognose.output.publication.publish import MIN_CELL
    from zwkprognose.projects.profiles import survey_of, thresholds_of_project
    from zwkprognose.projects.run import check_horizon, districts_of, geometry_of
    from zwkprognose.projects.services import services_of

    check_horizon(project, inputs)
    if not project.publication.internal:
        check_whole(inputs["population"].isel(year_end=-1), MIN_CELL)
    geometry_of(project, inputs)
    check_services(inputs, services_of(project, int(inputs["year_end"][-1])))
    districts_of(project, inputs)
    thresholds_of_project(project)
    survey_of(project, [str(key) for key in inputs["area"].values])


def _try_projection(project: Project, inputs: xr.Dataset, rates: xr.Dataset) -> tuple[xr.Dataset, xr.Dataset]:
    """Project all scenarios, without chance, with what a turnover does, and hold the milestones against them."""
    from zwkprognose.projects.case import case_of
    from zwkprognose.projects.run import milestones_of, projection_of
    from zwkprognose.projects.turnover import beside_projection, with_turnover_effect

    certain = project.horizon.model_copy(update={"draws": None, "seed": None})
    sure = project.model_copy(update={"horizon": certain})
    case = case_of(sure, inputs, rates)
    projection = projection_of(sure, inputs, case)
    milestones_of(sure, projection)
    return with_turnover_effect(rates, projection, beside_projection(sure, inputs, rates, case))
