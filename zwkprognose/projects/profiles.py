"""The profiles of a project: tables in, one folder of pages out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zwkprognose.errors import InputError, ScenarioError
from zwkprognose.projects.case import case_of
from zwkprognose.projects.document import Project
from zwkprognose.projects.estimated import rates_of
from zwkprognose.projects.files import files_of
from zwkprognose.projects.households import households_of
from zwkprognose.projects.load import load_project, scenarios_of
from zwkprognose.projects.pairs import KEY, read_number, read_rows, read_whole
from zwkprognose.projects.run import (
    check_horizon,
    districts_of,
    geometry_of,
    milestones_of,
    projection_of,
    read_inputs,
)
from zwkprognose.projects.services import services_of
from zwkprognose.scenarios import Scenario

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.output.profiles import Seat, Survey, Thresholds

#: The folder, beside the document unless another place is named.
FOLDER = "profile"
SURVEY = (
    "Eine CSV-Tabelle mit den Spalten gebiet (leer: das Ganze), grund und anteil (0 bis 1) angeben, dazu, wenn "
    "bekannt, antworten."
)


def write_project_profiles(
    project: Project | str | Path,
    *,
    out: str | Path | None = None,
    kinds: Sequence[str] = (),
    areas: Sequence[str] = (),
    pdf: bool = True,
    internal: bool = False,
    force: bool = False,
) -> Path:
    """Write the profiles of a project.

    Parameters
    ----------
    project : Project, str or Path
        A project, or the path of its document.
    out : path, optional
        The folder; default: ``profile`` beside the document.
    kinds : sequence of str
        Kinds of profiles; default: all.
    areas : sequence of str
        Keys of areas that get files of their own; default: all.
    pdf : bool
        False: HTML only.
    internal : bool
        No protection of small numbers; for use inside only.
    force : bool
        Replace profiles that are already there.

    Raises
    ------
    ZwkError
        With a German message; nothing is written then.
    """
    from zwkprognose.output.files.sources import keep_sources
    from zwkprognose.output.profiles import write_profiles
    from zwkprognose.output.profiles.care import FAMILY_DOCTORS
    from zwkprognose.output.profiles.pages import KINDS
    from zwkprognose.output.profiles.pdf import require_pdf

    project = project if isinstance(project, Project) else load_project(project)
    folder = Path(out) if out is not None else project.path(FOLDER)
    if pdf:
        require_pdf()
    thresholds = thresholds_of_project(project)
    inputs = read_inputs(project)
    keep_sources(files_of(project), (folder / name for name in _names(inputs)))
    check_horizon(project, inputs)
    survey = survey_of(project, [str(key) for key in inputs["area"].values])
    rates = rates_of(project, inputs)
    projection = projection_of(project, inputs, case_of(project, inputs, rates))
    return write_profiles(
        projection, folder, inputs=inputs, rates=rates, kinds=tuple(kinds) or tuple(KINDS), areas=tuple(areas) or None,
        services=services_of(project, int(inputs["year_end"][-1])), seats=(FAMILY_DOCTORS, *_seats(project)),
        households=households_of(project, projection), milestones=milestones_of(project, projection, inputs),
        halved=_halved(project, inputs, rates, kinds), survey=survey, thresholds=thresholds,
        districts=districts_of(project, inputs), geometry=geometry_of(project, inputs), pdf=pdf,
        internal=internal or project.publication.internal, force=force,
    )  # fmt: skip


def thresholds_of_project(project: Project) -> Thresholds | None:
    """The thresholds that the project names; None: those of the package."""
    from zwkprognose.output.profiles import read_thresholds

    named = project.profile.thresholds
    return None if named is None else read_thresholds(project.path(named))


def survey_of(project: Project, areas: Sequence[str]) -> Survey | None:
    """The survey that the project names.

    Raises
    ------
    InputError
        Names file and line.
    """
    from zwkprognose.output.profiles import Survey

    if project.profile.survey is None:
        return None
    path = project.path(project.profile.survey)
    reasons: dict[str, tuple[tuple[str, float], ...]] = {}
    answers: dict[str, float] = {}
    for line, row in enumerate(read_rows(path, (KEY, "grund", "anteil"), SURVEY), start=2):
        key, reason, part = (row[KEY] or "").strip(), (row["grund"] or "").strip(), read_number(row["anteil"])
        if key and key not in areas:
            raise InputError(f"Tabelle {path}, Zeile {line}: Ein Gebiet „{key}“ gibt es nicht.", remedy=SURVEY)
        if not reason or part is None or part > 1:
            raise InputError(f"Tabelle {path}, Zeile {line}: Grund oder Anteil (0 bis 1) fehlt.", remedy=SURVEY)
        reasons[key] = (*reasons.get(key, ()), (reason, part))
        said = (row.get("antworten") or "").strip()
        count = read_whole(said)
        if count is not None:
            answers[key] = float(count)
        elif said:
            wrong = f"„{said}“ ist keine ganze Zahl von Antworten"
            raise InputError(f"Tabelle {path}, Zeile {line}: {wrong}.", remedy=SURVEY)
    return Survey(project.profile.survey_source, reasons, answers)


def _names(inputs: xr.Dataset) -> list[str]:
    from zwkprognose.output.profiles.write import profile_files

    return profile_files([str(key) for key in inputs["area"].values])


def _seats(project: Project) -> list[Seat]:
    from zwkprognose.output.profiles import Seat

    return [Seat(one.title, one.persons, one.source, one.remark) for one in project.profile.seats]


def _halved(project: Project, inputs: xr.Dataset, rates: xr.Dataset, kinds: Sequence[str]) -> xr.Dataset | None:
    """The main scenario with half of the in-moves; None where it is not shown, or nothing can be halved."""
    if kinds and "ankommen" not in kinds:
        return None
    from zwkprognose.output.content.facts import main_of

    main = main_of(scenarios_of(project) or [Scenario.bundled("unchanged")])
    half = Scenario.from_document(
        {"name": "halb", "titel": "Halbe Zuzüge", "annahme": [{"groesse": "zuzuege", "prozent": -50}]}
    )
    certain = project.horizon.model_copy(update={"draws": None, "seed": None, "scenarios": ()})
    try:
        alone = project.model_copy(
            update={"horizon": certain, "scenarios": (main.plus(half).renamed("halb", "Halbe Zuzüge").detached(),)}
        )
        return projection_of(alone, inputs, case_of(alone, inputs, rates))
    except ScenarioError:
        return None
