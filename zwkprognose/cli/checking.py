"""Check files or the tables of a project."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zwkprognose.errors import ScenarioError

if TYPE_CHECKING:
    from zwkprognose.tables import Findings


def findings_of(files: list[Path]) -> Findings:
    """Findings of tables, or of everything a project document names."""
    from zwkprognose.tables import check, read_table

    if not any(file.suffix == ".toml" for file in files):
        return check(*(read_table(file) for file in files))
    if len(files) > 1:
        raise ScenarioError(
            "Ein Projektdokument wird für sich geprüft.", remedy="die Tabellen im Projekt nennen, nicht daneben"
        )
    return project_findings(files[0])


def project_findings(file: Path) -> Findings:
    """Findings of a project's tables; its rates, scenarios, quotas and districts are tried as well.

    Raises
    ------
    ZwkError
        If the document, the inputs, the rates, a scenario or a table beside them is impossible.
    """
    from zwkprognose.output.services import check_services
    from zwkprognose.projects import load_project, scenarios_of
    from zwkprognose.projects.run import checked, districts_of, doubts, inputs_of, rates_of
    from zwkprognose.projects.services import services_of
    from zwkprognose.projects.sources import read_tables
    from zwkprognose.scenarios import apply_scenario

    project = load_project(file)
    scenarios = scenarios_of(project)
    tables = read_tables(project)
    findings = checked(tables)
    if len(findings.errors):
        return findings
    inputs = inputs_of(project, tables)
    rates = rates_of(project, inputs)
    years = range(int(inputs["year_end"][-1]) + 1, project.horizon.until + 1)
    for scenario in scenarios:
        apply_scenario(rates, scenario, years, stock=inputs["population"].isel(year_end=-1, drop=True))
    check_services(inputs, services_of(project, int(inputs["year_end"][-1])))
    districts_of(project, inputs)
    return findings + doubts(project, inputs, rates)
