"""What was asked, complete enough to run again: the document that every folder of results carries."""

from __future__ import annotations

from typing import Any

from zwkprognose.projects.document import Project
from zwkprognose.projects.load import scenarios_of
from zwkprognose.projects.services import recorded
from zwkprognose.projects.sources import checksum, event_files, stock_files
from zwkprognose.scenarios.toml import to_toml

_HEAD = """\
# Dieses Dokument gehört zu den Ergebnissen in diesem Ordner und hält fest, wie sie entstanden sind.
# Noch einmal rechnen: zwkprognose run {name} --out NEUER-ORDNER
"""


def record(project: Project, *, file: str = "projekt.toml") -> str:
    """The project with absolute paths, checksums of its tables, and its scenarios written out.

    Returns
    -------
    str
        A TOML document; running it gives the same results, or refuses if a table has changed.
    """
    document = project.document()
    document["daten"] = _data(project, document["daten"])
    document["prognose"].pop("szenarien", None)
    if project.horizon.milestones is not None:
        document["prognose"]["meilensteine"] = str(project.path(project.horizon.milestones).resolve())
    document["szenario"] = [scenario.document() for scenario in scenarios_of(project)]
    document["bedarf"] = recorded(project)
    document["ausgabe"] = _publication(project, document.get("ausgabe", {}))
    order = ("schema", "name", "titel", "text", "daten", "raten", "prognose", "ausgabe", "bedarf", "szenario")
    whole: dict[str, Any] = {"schema": project.schema_version, **document}
    return _HEAD.format(name=file) + "\n" + to_toml({key: whole[key] for key in order if key in whole})


def _data(project: Project, data: dict[str, Any]) -> dict[str, Any]:
    if project.data.example is not None:
        return data
    stocks, events = stock_files(project), event_files(project)
    files = {"bestand": stocks, "ereignisse": events}
    paths = {key: [str(path.resolve()) for path in found] for key, found in files.items() if found}
    sums = {str(path.resolve()): checksum(path) for path in [*stocks, *events]}
    return data | paths | {"pruefsummen": sums}


def _publication(project: Project, publication: dict[str, Any]) -> dict[str, Any]:
    """The results of a second run go beside the document; map and districts are found wherever they are."""
    said = {"karte": project.publication.geometry, "bezirke": project.publication.districts}
    return publication | {key: str(project.path(name).resolve()) for key, name in said.items() if name is not None}
