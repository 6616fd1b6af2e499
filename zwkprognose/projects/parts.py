"""One scenario of a project in parts: many draws, or more areas than fit in memory, here or on a cluster."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from zwkprognose.errors import ScenarioError
from zwkprognose.projects.document import Project
from zwkprognose.projects.estimated import rates_of
from zwkprognose.projects.load import load_project, scenarios_of
from zwkprognose.projects.run import Progress, check_horizon, read_inputs

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.scenarios import Scenario

#: Folders of the results, beside the document unless another is named.
DRAWN, PROJECTED = "ziehungen", "teile-der-prognose"
#: Areas of a part unless given.
AREAS = 200


@dataclass(frozen=True, slots=True)
class Stored:
    """What a run in parts has made: the results, read when they are asked for, and where they lie."""

    project: Project
    scenario: Scenario | None
    results: xr.Dataset
    folder: Path


def run_project_parts(
    project: Project | str | Path,
    *,
    draws: int | None = None,
    scenario: str | None = None,
    areas: int = AREAS,
    scheduler: str | None = None,
    out: str | Path | None = None,
    force: bool = False,
    progress: Progress | None = None,
) -> Stored:
    """Compute one scenario of a project in parts that are stored one by one.

    Parameters
    ----------
    project : Project, str or Path
        A project, or the path of its document.
    draws : int, optional
        Random projections; default: ``ziehungen`` of the document, and without them the projection itself.
    scenario : str, optional
        Name or title; default: the middle one, or the first.
    areas, scheduler, force, progress
        As for :func:`zwkprognose.cluster.run_parts`.
    out : path, optional
        Folder of the results.

    Raises
    ------
    ZwkError
        As the run of a project and as :func:`zwkprognose.cluster.run_parts`; finished parts stay.
    """
    from zwkprognose.cluster import run_parts
    from zwkprognose.engine import prepare

    project = project if isinstance(project, Project) else load_project(project)
    chosen = chosen_scenario(project, scenario)
    tell = progress or (lambda *_: None)
    tell("Tabellen lesen, Raten schätzen", 0, 1)
    inputs = read_inputs(project)
    check_horizon(project, inputs)
    horizon = project.horizon
    options = horizon.options()
    rates = rates_of(project, inputs)
    if "totals" in options:
        case = prepare(inputs, rates, until=horizon.until, totals=options["totals"], city=options.get("city"))
        rates = case.base(chosen).rates
    count = draws if draws is not None else horizon.draws
    folder = Path(out) if out is not None else project.path(PROJECTED if count is None else DRAWN)
    seed = 1 if horizon.seed is None else horizon.seed
    results = run_parts(
        inputs, rates, chosen, until=horizon.until, out=folder, draws=count, seed=seed, areas=areas,
        scheduler=scheduler, force=force, progress=tell,
    )  # fmt: skip
    return Stored(project, chosen, results, folder)


def chosen_scenario(project: Project, name: str | None) -> Scenario | None:
    """A scenario by name or title; the main one if none is named.

    Raises
    ------
    ScenarioError
        If the project has none of that name.
    """
    from zwkprognose.output.content.facts import main_of
    from zwkprognose.scenarios.scenario import NAMES

    found = scenarios_of(project)
    if name is None:
        return main_of(found) if found else None
    word = name.casefold()
    for one in found:
        if word in (one.name.casefold(), one.title.casefold()) or NAMES.get(word) == one.name:
            return one
    raise ScenarioError(
        f"Das Szenario „{name}“ hat das Projekt nicht.",
        cells=[{"scenario": one.name} for one in found],
        remedy="Eines davon angeben, oder ohne Angabe das mittlere rechnen.",
    )
