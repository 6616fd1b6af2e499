"""Look back with the tables of a project: how good its forecast would have been from earlier stocks."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from zwkprognose.errors import EvaluationError
from zwkprognose.projects.document import Project
from zwkprognose.projects.files import files_of
from zwkprognose.projects.load import load_project
from zwkprognose.projects.run import read_inputs

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.evaluation import Forecaster

#: Years ahead that are looked at if the stocks allow it.
LEADS = (5, 10)
#: Years that must be known before a launch, for cohorts to be followed.
LEAST_PAST = 5
#: Launches that make a look back at several leads worth reading.
ENOUGH = 3
#: Folder of a look back where none is named.
FOLDER = "rueckblick"


def review_project(
    project: Project | str | Path,
    *,
    launches: Sequence[int] = (),
    leads: Sequence[int] = (),
    out: str | Path | None = None,
    force: bool = False,
) -> Path:
    """Forecast the past with the tables of a project and write a look back.

    Parameters
    ----------
    project : Project, str or Path
        A project, or the path of its document. Its rates and its rule for totals are put to the test; its scenarios
        do not matter.
    launches, leads : sequence of int
        Years whose 31.12. is the last thing known, and years ahead; chosen from the stocks unless given.
    out : path, optional
        Folder; default: ``rueckblick`` beside the document.
    force : bool
        Replace a look back that is already there.

    Raises
    ------
    ZwkError
        With a German message; nothing is written then.
    """
    from zwkprognose.evaluation import hindcast
    from zwkprognose.output.files.folder import refuse_results
    from zwkprognose.output.files.review import REVIEW, is_review, write_review
    from zwkprognose.output.files.sources import keep_sources

    project = project if isinstance(project, Project) else load_project(project)
    folder = Path(out) if out is not None else project.path(FOLDER)
    keep_sources(files_of(project), (folder / name for name in REVIEW))
    refuse_results(folder, REVIEW, force=force, ours=is_review)
    inputs = read_inputs(project)
    plan = plan_of([int(year) for year in inputs["year_end"].values], launches, leads)
    looked = hindcast(inputs, *plan, own=own_forecast(project, inputs))
    title, notes = project.title or project.name, left_out(project)
    return write_review(folder, looked, title, force=force, regions=project.regions(), notes=notes)


def left_out(project: Project) -> tuple[str, ...]:
    """German sentences about what the project assumes and a look back does not put to the test."""
    years = project.rates.fertility_return
    if years is None:
        return ()
    return (
        f"Die Angabe `geburten_rueckkehr = {years}` ist eine Annahme über die Zukunft und gilt im Rückblick nicht: Von "
        "jedem Startpunkt aus bleibt das Geburtenniveau, wie es dort zuletzt war.",
    )


def own_forecast(project: Project, inputs: xr.Dataset) -> Forecaster | None:
    """The forecast of the project as it would have been made at a launch: its rates and totals, no scenario."""
    from zwkprognose.evaluation.library import Library, can_run

    if not can_run(inputs):
        return None
    totals = project.horizon.options().get("totals")
    return Library(totals, options=project.rates.options(), base=int(inputs["year_end"][-1]))


def plan_of(
    years: Sequence[int], launches: Sequence[int] = (), leads: Sequence[int] = ()
) -> tuple[list[int], list[int]]:
    """Launches and leads: those given, else all launches from which every lead ends in a stock.

    Raises
    ------
    EvaluationError
        If the stocks allow no look back.

    Examples
    --------
    >>> plan_of([1990, 2000, 2005, 2010, 2015, 2020])
    ([2000, 2005, 2010], [5, 10])
    >>> plan_of([2011, 2014, 2016, 2020])
    ([2016], [4])
    """
    starts = list(launches) or [year for year in years if year - years[0] >= LEAST_PAST and year < years[-1]]
    if not starts:
        raise EvaluationError(
            f"Die Bestände {', '.join(map(str, years))} erlauben keinen Rückblick.",
            remedy=f"Nötig ist ein Bestand, vor dem einer {LEAST_PAST} Jahre früher und nach dem noch einer liegt.",
        )
    ahead = list(leads) or _leads(years, starts)
    return list(launches) or _complete(years, starts, ahead) or starts, ahead


def _leads(years: Sequence[int], starts: Sequence[int]) -> list[int]:
    """Both usual leads if enough launches have them, else the one that most have, else the longest possible."""
    if len(_complete(years, starts, LEADS)) >= ENOUGH:
        return list(LEADS)
    most = max(LEADS, key=lambda lead: len(_complete(years, starts, [lead])))
    possible = _complete(years, starts, [most])
    return [most] if possible else [max(end - start for end in years for start in starts)]


def _complete(years: Sequence[int], starts: Sequence[int], leads: Sequence[int]) -> list[int]:
    """Launches from which every lead ends in a stock."""
    return [start for start in starts if all(start + lead in years for lead in leads)]
