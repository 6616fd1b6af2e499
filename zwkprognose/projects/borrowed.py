"""What a project still says about the tables of the template although it has tables of its own."""

from __future__ import annotations

from importlib import resources
from typing import TYPE_CHECKING

from zwkprognose.german import listed
from zwkprognose.projects.load import load_project
from zwkprognose.projects.sources import checksum, stock_files

if TYPE_CHECKING:
    from zwkprognose.projects.document import Project
    from zwkprognose.tables import Findings


def borrowed_source(project: Project) -> Findings:
    """A warning if numbers of somebody else would be published under the template's title, publisher or licence."""
    from zwkprognose.tables import Findings

    said = _same_as_template(project)
    if not said or project.data.example is not None or _has_bundled_table(project):
        return Findings.of([])
    verb = "stammen" if len(said) > 1 else "stammt"
    message = f"{listed(said)} {verb} noch aus der Vorlage, die Tabelle nicht; so stünde es in jedem Ergebnis"
    remedy = (
        "Im Projekt den eigenen Titel, unter [daten.quelle] den eigenen Herausgeber und die eigene Lizenz nennen; "
        "„lizenz“ weglassen, wo es keine gibt."
    )
    return Findings.of([{"severity": "warning", "rule": "P01", "message": message, "remedy": remedy}])


def _same_as_template(project: Project) -> list[str]:
    """What a reader would be told wrongly."""
    text = resources.files("zwkprognose").joinpath("projects", "templates", "projekt.toml").read_text(encoding="utf-8")
    template = load_project(text)
    source, bundled = project.data.source, template.data.source
    known = {"Titel": (project.title, template.title)}
    if source is not None and bundled is not None:
        known["Herausgeber"] = (source.publisher, bundled.publisher)
        known["Name der Quelle"] = (source.title, bundled.title)
        known["Lizenz"] = (source.licence, bundled.licence)
    return [name for name, (own, borrowed) in known.items() if own == borrowed]


def _has_bundled_table(project: Project) -> bool:
    """Whether one of the tables is that of the template, to the byte."""
    import gzip
    import hashlib

    from zwkprognose.examples import tables_of

    (packed,) = tables_of("berlin")
    bundled = hashlib.sha256(gzip.decompress(packed.read_bytes())).hexdigest()
    return any(checksum(path) == bundled for path in stock_files(project))
