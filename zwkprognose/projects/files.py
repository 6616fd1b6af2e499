"""All files that a project reads."""

from __future__ import annotations

from pathlib import Path

from zwkprognose.projects.document import Project
from zwkprognose.projects.household_document import NATIONAL
from zwkprognose.projects.sources import event_files, stock_files


def files_of(project: Project) -> list[Path]:
    """The document, tables, scenarios, map, districts, milestones and places, as far as they exist."""
    named = [
        *project.horizon.scenarios, project.horizon.milestones, project.publication.geometry,
        project.publication.districts, project.profile.thresholds, project.profile.survey,
        *(table for service in project.services for table in service.tables()), *_of_households(project),
    ]  # fmt: skip
    tables = [] if project.data.example is not None else [*stock_files(project), *event_files(project)]
    paths = [project.file, *tables, *(project.path(name) for name in named if name)]
    return [path for path in paths if path is not None and path.is_file()]


def _of_households(project: Project) -> list[str | None]:
    """Tables of quotas, households and dwellings."""
    said = project.households
    return [] if said is None else [None if said.quotas == NATIONAL else said.quotas, said.known, said.dwellings]
