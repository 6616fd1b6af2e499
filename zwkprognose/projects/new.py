"""A commented project to start from, with the example's tables as CSV beside it."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

PROJECT_FILE = "projekt.toml"


def new_project(folder: str | Path, *, force: bool = False) -> list[Path]:
    """Write a project folder that can be run at once and changed step by step.

    Parameters
    ----------
    folder : path
        Made if it does not exist.
    force : bool
        Replace files of the same name.

    Returns
    -------
    list of Path
        The files written.

    Raises
    ------
    OutputError
        If a file is already there and ``force`` is not given, or the system refuses to write.
    """
    from zwkprognose.output.files.folder import refuse_results, whole_folder

    target = Path(folder)
    contents = dict(_contents())
    refuse_results(target, contents, force=force, what="Dateien")
    with whole_folder(target, list(contents), force=force, what="Dateien") as draft:
        for name, content in contents.items():
            (draft / name).write_bytes(content)
    return [target / name for name in contents]


def _contents() -> Iterator[tuple[str, bytes]]:
    """Name and content of every file of a new project."""
    from zwkprognose.examples import geometry, tables_of
    from zwkprognose.projects.schema import schema_text as project_schema_text
    from zwkprognose.scenarios.schema import schema_text

    templates = resources.files("zwkprognose").joinpath("projects", "templates")
    for name in (PROJECT_FILE, "szenario.toml"):
        yield name, templates.joinpath(name).read_bytes()
    yield "szenario.schema.json", schema_text().encode()
    yield "projekt.schema.json", project_schema_text().encode()
    (stocks,) = tables_of("berlin")
    yield "bestand.csv", gzip.decompress(stocks.read_bytes())
    outlines = geometry("berlin")
    yield "gebiete.geojson", json.dumps(outlines, ensure_ascii=False).encode()
    yield "bezirke.csv", _districts(outlines or {}).encode("utf-8-sig")


def _districts(outlines: dict[str, Any]) -> str:
    """Table of the district of every area."""
    places = [feature["properties"] for feature in outlines["features"]]
    return "\n".join(["gebiet;bezirk", *(f"{place['area']};{place['bezirk_name']}" for place in places)]) + "\n"
