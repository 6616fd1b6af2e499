"""The report of a saved projection, written anew without computing anything again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from zwkprognose.errors import InputError, OutputError
from zwkprognose.projects.effects import lost_in
from zwkprognose.projects.estimated import rates_of
from zwkprognose.projects.geometry import read_geojson
from zwkprognose.projects.households import households_of
from zwkprognose.projects.load import load_project
from zwkprognose.projects.run import (
    checked,
    districts_of,
    doubts,
    estimated,
    geometry_of,
    inputs_of,
    milestones_of,
)  # fmt: skip
from zwkprognose.projects.services import services_lost, services_of
from zwkprognose.projects.sources import read_tables
from zwkprognose.projects.turnover import with_saved_effect

REPORT, DOCUMENT = "bericht.html", "projekt.toml"


def rewrite_report(
    projection_file: str | Path,
    *,
    out: str | Path | None = None,
    geometry_file: str | Path | None = None,
    alone: bool = False,
    internal: bool = False,
    force: bool = False,
) -> Path:
    """Write the report of a ``prognose.nc``.

    Beside the file of a run stands its document; the tables it names give the earlier years, the limits, the
    findings, the demand and the map.

    Parameters
    ----------
    projection_file : path
        netCDF file of a run or of :func:`zwkprognose.write_netcdf`.
    out : path, optional
        The report; default: ``bericht.html`` beside the file.
    geometry_file : path, optional
        GeoJSON for the map; default: what the document names.
    alone : bool
        Do not look for the document and its tables.
    internal : bool
        No protection of small numbers.
    force : bool
        Replace a report that is already there.

    Raises
    ------
    ZwkError
        If the report is already there, the file is no projection, or the tables of the document are gone or
        have changed.
    """
    from zwkprognose.inputs.schema import check_dataset
    from zwkprognose.output import open_netcdf, write_report
    from zwkprognose.output.files.sources import keep_sources

    source = Path(projection_file)
    target = Path(out) if out is not None else source.parent / REPORT
    keep_sources([source], [target])
    if target.exists() and not force:
        raise OutputError(f"{target} gibt es schon.", remedy="Eine andere Datei angeben oder mit --force ersetzen.")
    projection = open_netcdf(source)
    try:
        check_dataset(projection, "projection")
    except InputError as error:
        raise OutputError(
            f"{source} ist keine gespeicherte Vorausberechnung. {error.message}",
            remedy="Lesbar ist prognose.nc aus einem Ergebnisordner.",
        ) from None
    document = source.parent / DOCUMENT
    found = {} if alone or not document.exists() else _of_document(document, projection)
    if geometry_file is not None:
        found["geometry"] = read_geojson(Path(geometry_file))
    found["internal"] = internal or found.get("internal", False)
    return write_report(projection, target, **found)


def _of_document(document: Path, projection: Any) -> dict[str, Any]:
    """What the tables of a run add to its report."""
    project = load_project(document)
    tables = read_tables(project)
    inputs = inputs_of(project, tables)
    rates = with_saved_effect(rates_of(project, inputs), projection)
    findings = checked(tables) + estimated(inputs) + doubts(project, inputs, rates)
    findings += lost_in(projection, services_lost(project, int(projection["year_end"][0])))
    return {
        "inputs": inputs,
        "findings": findings,
        "geometry": geometry_of(project, inputs),
        "services": services_of(project, int(projection["year_end"][0])),
        "districts": districts_of(project, inputs),
        "internal": project.publication.internal,
        "milestones": milestones_of(project, projection, inputs),
        "households": households_of(project, projection),
    }
