"""What was asked, complete enough to run again: the document that every folder of results carries."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from zwkprognose.projects import households
from zwkprognose.projects.document import Project
from zwkprognose.projects.load import scenarios_of
from zwkprognose.projects.services import recorded
from zwkprognose.projects.sources import checksum, event_files, stock_files
from zwkprognose.scenarios.toml import to_toml

_HEAD = """\
# Dieses Dokument gehört zu den Ergebnissen in diesem Ordner und hält fest, wie sie entstanden sind.
# Noch einmal rechnen: zwkprognose run {name} --out NEUER-ORDNER
"""

_ORDER = (
    "schema", "name", "titel", "text", "gesamt", "ebenen", "daten", "raten", "prognose", "ausgabe", "profil",
    "haushalte", "bedarf", "szenario",
)  # fmt: skip


def record(project: Project, folder: str | Path, *, file: str = "projekt.toml") -> str:
    """The project with checksums of its tables and its scenarios written out, for a document in ``folder``.

    Paths are relative to the folder, so that project and results can be moved together.

    Returns
    -------
    str
        A TOML document; running it gives the same results, or refuses if a table has changed.
    """
    document = project.document()
    document["daten"] = _data(project, document["daten"], folder)
    document["prognose"].pop("szenarien", None)
    if project.horizon.milestones is not None:
        document["prognose"]["meilensteine"] = "meilensteine-des-laufs.toml"  # kept in the folder itself
    document["szenario"] = [scenario.document() for scenario in scenarios_of(project)]
    document["bedarf"] = recorded(project)
    if (said := households.recorded(project)) is not None:
        document["haushalte"] = said
    document["ausgabe"] = _publication(project, document.get("ausgabe", {}), folder)
    if "profil" in document:
        named = {"schwellen": project.profile.thresholds, "umfrage": project.profile.survey}
        document["profil"] |= {key: _from(folder, project.path(name)) for key, name in named.items() if name}
    whole: dict[str, Any] = {"schema": project.schema_version, **document}
    return _HEAD.format(name=file) + "\n" + to_toml({key: whole[key] for key in _ORDER if key in whole})


def _from(folder: str | Path, path: Path) -> str:
    """A path as seen from a folder; whole if it lies on another drive."""
    try:
        return Path(os.path.relpath(path.resolve(), Path(folder).resolve())).as_posix()
    except ValueError:
        return str(path.resolve())


def _data(project: Project, data: dict[str, Any], folder: str | Path) -> dict[str, Any]:
    if project.data.example is not None:
        return data
    stocks, events = stock_files(project), event_files(project)
    files = {"bestand": stocks, "ereignisse": events}
    paths = {key: [_from(folder, path) for path in found] for key, found in files.items() if found}
    sums = {_from(folder, path): checksum(path) for path in [*stocks, *events]}
    return data | paths | {"pruefsummen": sums}


def _publication(project: Project, publication: dict[str, Any], folder: str | Path) -> dict[str, Any]:
    """The results of a second run go beside the document; map and districts are found wherever they are."""
    said = {"karte": project.publication.geometry, "bezirke": project.publication.districts}
    return publication | {key: _from(folder, project.path(name)) for key, name in said.items() if name is not None}
