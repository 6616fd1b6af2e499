"""The Demografielabor of a project: tables in, one page out."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import OutputError, ZwkError
from zwkprognose.projects.document import Project
from zwkprognose.projects.files import files_of
from zwkprognose.projects.load import load_project, scenarios_of
from zwkprognose.projects.run import check_horizon, districts_of, geometry_of, plan_text, rates_of, read_inputs
from zwkprognose.projects.services import services_of
from zwkprognose.scenarios import Scenario

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.output.content.material import Material
    from zwkprognose.tables import Findings

#: The page, beside the document unless another place is named.
PAGE = "labor.html"
#: Rule of the Befund that a run could not write it.
RULE = "P02"


def write_lab(
    project: Project | str | Path, *, out: str | Path | None = None, internal: bool = False, force: bool = False
) -> Path:
    """Write the Demografielabor of a project.

    It begins with the main scenario of the project (the middle variant, or the first one that is named), and computes
    with the project's rates and totals.

    Parameters
    ----------
    project : Project, str or Path
        A project, or the path of its document.
    out : path, optional
        The page; default: ``labor.html`` beside the document.
    internal : bool
        Stock and rates as they are instead of what follows from the published numbers; for use inside only.
    force : bool
        Replace a page that is already there.

    Raises
    ------
    ZwkError
        With a German message; nothing is written then.
    """
    from zwkprognose.lab import lab
    from zwkprognose.output.files.sources import keep_sources

    project = project if isinstance(project, Project) else load_project(project)
    target = Path(out) if out is not None else project.path(PAGE)
    keep_sources(files_of(project), [target])
    if target.exists() and not force:
        raise OutputError(f"{target} gibt es schon.", remedy="Eine andere Datei angeben oder mit --force ersetzen.")
    inputs = read_inputs(project)
    check_horizon(project, inputs)
    page = lab(
        inputs, rates_of(project, inputs), _main(scenarios_of(project)), until=project.horizon.until,
        totals=project.horizon.options().get("totals"), geometry=geometry_of(project, inputs),
        services=services_of(project, int(inputs["year_end"][-1])), milestones=plan_text(project),
        districts=districts_of(project, inputs), internal=internal or project.publication.internal,
    )  # fmt: skip
    return page.write(target, force=force)


def lab_of(
    project: Project, inputs: xr.Dataset, rates: xr.Dataset, geometry: dict[str, Any] | None
) -> Callable[[Material], tuple[str, Findings]]:
    """What makes the page of a run from the numbers that the run publishes; a Befund if it cannot be made of these."""
    from zwkprognose.lab.page import lab_page
    from zwkprognose.tables import Findings

    def page(material: Material) -> tuple[str, Findings]:
        try:
            made = lab_page(
                material, inputs, rates, _main(scenarios_of(project)), totals=project.horizon.options().get("totals"),
                geometry=geometry, services=services_of(project, int(inputs["year_end"][-1])),
                milestones=plan_text(project),
            )  # fmt: skip
        except ZwkError as error:
            message = f"{project.where('ausgabe', 'labor')}: Es gibt kein Demografielabor. {error.message}"
            row = {"severity": "warning", "rule": RULE, "message": message, "remedy": error.remedy}
            return "", Findings.of([row])
        return made.html, Findings.of([])

    return page


def _main(scenarios: list[Scenario]) -> Scenario:
    """What the page begins with."""
    from zwkprognose.output.content.facts import main_of

    return main_of(scenarios or [Scenario.bundled("unchanged")])
