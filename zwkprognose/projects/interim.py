"""The comparison of last year's forecast with what was counted since, as files beside the new tables."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import ScenarioError
from zwkprognose.projects.files import files_of
from zwkprognose.projects.load import load_project
from zwkprognose.projects.run import read_inputs
from zwkprognose.projects.year import YearComparison, compare_year

if TYPE_CHECKING:
    from zwkprognose.projects.document import Project

#: Folder of a comparison where none is named.
FOLDER = "zwischenbilanz"


def write_comparison(
    last_year_folder: str | Path,
    sources: Sequence[str | Path],
    *,
    events: Sequence[str | Path] = (),
    scenario: str | None = None,
    year: int | None = None,
    out: str | Path | None = None,
    force: bool = False,
) -> tuple[YearComparison, Path]:
    """Compare with :func:`compare_year` and write the result into a folder of its own.

    Parameters
    ----------
    last_year_folder : path
        Folder of results of the earlier run.
    sources : sequence of path
        New stocks as files, read as the earlier project said; or this year's project document alone.
    events : sequence of path
        Births, deaths and moves since, beside stocks given as files.
    scenario, year
        As for :func:`compare_year`.
    out : path, optional
        Folder; default: ``zwischenbilanz`` beside the first source.
    force : bool
        Replace a comparison that is already there.

    Raises
    ------
    ZwkError
        With a German message; nothing is written then.
    """
    from zwkprognose.output.files.folder import refuse_results
    from zwkprognose.output.files.interim import INTERIM, is_interim, write_interim
    from zwkprognose.output.files.sources import keep_sources

    project = _project(sources, events)
    folder = Path(out) if out is not None else Path(sources[0]).parent / FOLDER
    refuse_results(folder, INTERIM, force=force, ours=is_interim)
    read = [*sources, *events] if project is None else files_of(project)
    keep_sources(read, (folder / name for name in INTERIM))
    given: Any = list(sources) if project is None else read_inputs(project)
    seen = compare_year(last_year_folder, given, list(events) or None, scenario=scenario, year=year)
    return seen, write_interim(folder, seen, force=force)


def _project(sources: Sequence[str | Path], events: Sequence[str | Path]) -> Project | None:
    """This year's project, if that is what is given."""
    documents = [source for source in sources if Path(source).suffix == ".toml"]
    if not documents:
        return None
    if len(sources) > 1 or events:
        raise ScenarioError(
            "Ein Projektdokument steht für sich.", remedy="Die neuen Tabellen im Projekt nennen, nicht daneben."
        )
    return load_project(documents[0])
