"""Read a project document and the scenarios it names."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from zwkprognose.errors import ScenarioError
from zwkprognose.projects.document import Project
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.documents import Document, read_document, validated


def load_project(path: str | Path) -> Project:
    """Read a project document.

    Parameters
    ----------
    path : str or Path
        A TOML file, or the text of one (then relative paths refer to the current folder).

    Raises
    ------
    ScenarioError
        Names line and statement of every mistake.
    """
    document = read_document(path)
    project = validated(Project, document).found_in(document)
    inlined = tuple(s.found_in(_part(document, i)) for i, s in enumerate(project.scenarios))
    return project.model_copy(update={"scenarios": inlined})


def scenarios_of(project: Project) -> list[Scenario]:
    """All scenarios of a project: the bundled ones and files it names, then those written into it.

    Raises
    ------
    ScenarioError
        If a file or name is unknown, or two scenarios have the same name.
    """
    named = [_scenario(project, entry, i) for i, entry in enumerate(project.horizon.scenarios)]
    found = [*named, *project.scenarios]
    twice = [name for name, count in Counter(s.name for s in found).items() if count > 1]
    if twice:
        raise ScenarioError(
            f"{project.where('prognose', 'szenarien')}: Der Name „{twice[0]}“ kommt zweimal vor.",
            remedy="Jedem Szenario einen eigenen Namen geben.",
        )
    return found


def _scenario(project: Project, entry: str, index: int) -> Scenario:
    """A scenario by file name, or a bundled one by name."""
    place = project.where("prognose", "szenarien", index)
    if entry.endswith((".toml", ".json")):
        path = project.path(entry)
        if not path.exists():
            raise ScenarioError(
                f"{place}: Die Datei {entry} gibt es nicht.", remedy=f"Den Pfad prüfen; gesucht wurde {path}."
            )
        return Scenario.from_toml(path)
    try:
        return Scenario.bundled(entry)
    except ScenarioError as error:
        raise ScenarioError(f"{place}: {error.message}", remedy=error.remedy) from None


def _part(document: Document, index: int) -> Document:
    return Document(document.data["szenario"][index], document.text, document.file, ("szenario", index))
