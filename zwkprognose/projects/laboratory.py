"""The Demografielabor of a project: tables in, one page out."""

from __future__ import annotations

from pathlib import Path

from zwkprognose.errors import OutputError
from zwkprognose.projects.document import Project
from zwkprognose.projects.estimated import rates_of
from zwkprognose.projects.files import files_of
from zwkprognose.projects.lab_beside import main_scenario
from zwkprognose.projects.load import load_project, scenarios_of
from zwkprognose.projects.run import check_horizon, districts_of, geometry_of, plan_text, read_inputs
from zwkprognose.projects.services import services_of

#: The page, beside the document unless another place is named.
PAGE = "labor.html"


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
    given = project.horizon.options()
    page = lab(
        inputs, rates_of(project, inputs), main_scenario(scenarios_of(project)), until=project.horizon.until,
        totals=given.get("totals"), city=given.get("city"), geometry=geometry_of(project, inputs),
        services=services_of(project, int(inputs["year_end"][-1])), milestones=plan_text(project),
        districts=districts_of(project, inputs), internal=internal or project.publication.internal,
    )  # fmt: skip
    return page.write(target, force=force)
