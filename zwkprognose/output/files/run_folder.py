"""The one folder of a run: everything or nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from zwkprognose.output.content.goals import write_goals
from zwkprognose.output.content.households import HouseholdPlan
from zwkprognose.output.content.material import Material, gather
from zwkprognose.output.content.services import Service
from zwkprognose.output.files.folder import recover, refuse_results, whole_folder
from zwkprognose.output.files.household_table import write_households
from zwkprognose.output.files.long_table import write_csv, write_findings
from zwkprognose.output.files.netcdf import write_netcdf
from zwkprognose.output.files.passing_on import NAME, passing_on
from zwkprognose.output.households import households as households_of
from zwkprognose.output.publication.findings import published_findings, worded_findings
from zwkprognose.output.report.page import fill_report
from zwkprognose.output.report.pages import write_page
from zwkprognose.output.workbook.workbook import fill_workbook

if TYPE_CHECKING:
    import pandas as pd

    from zwkprognose.tables import Findings

#: The page that computes.
LAB = "labor.html"
#: Files of a run in the order in which they are written; the districts only where there are any.
RESULTS = (
    "prognose.nc", "prognose.xlsx", "bevoelkerung.csv", "bevoelkerung-bezirke.csv", "meilensteine.csv", "haushalte.csv",
    "befunde.csv", "bericht.html", LAB, "eingaben.nc", "raten.nc", "haushalte.nc", "meilensteine-des-laufs.toml", NAME,
    "projekt.toml",
)  # fmt: skip


def write_run(
    folder: str | Path,
    *,
    projection: xr.Dataset,
    inputs: xr.Dataset,
    findings: Findings,
    document: str,
    geometry: dict[str, Any] | None = None,
    force: bool = False,
    internal: bool = False,
    services: Sequence[Service] = (),
    districts: Mapping[str, str] | None = None,
    milestones: pd.DataFrame | None = None,
    rates: xr.Dataset | None = None,
    plan: str | None = None,
    households: HouseholdPlan | None = None,
    lab: Callable[[Material], tuple[str, Findings]] | None = None,
) -> Findings:
    """Write all results of a run into one folder.

    The files are written beside the target and moved there when all are complete; files that the run did not
    write are left alone.

    Parameters
    ----------
    folder : path
        Target; made if it does not exist.
    projection, inputs : xr.Dataset
        Result of the engine and what it started from.
    findings : Findings
        Befunde of the check of the input tables.
    document : str
        Text of the project file, complete enough to run again.
    geometry : GeoJSON dict, optional
        Areas for the map, with the key in the property ``area``.
    force : bool
        Replace the results that are already there.
    internal : bool
        True: no protection of small numbers. For use inside the statistics office only.
    services : sequence of Service
        Services whose demand is shown.
    districts : mapping of area key to district, optional
        Larger areas that are published too.
    milestones : pandas.DataFrame, optional
        Answers to the milestones.
    rates : xr.Dataset, optional
        Kept beside the inputs, so that the folder alone can be held against the next year.
    plan : str, optional
        Text of the document of milestones, kept for the same reason.
    lab : callable, optional
        Makes the Demografielabor of what is published here, to which the report then links; nothing and why not, if
        that is too little.
    households : HouseholdPlan, optional
        Quotas of households, known households and dwellings.

    Returns
    -------
    Findings
        The Befunde, with those that came while the results were written.

    Raises
    ------
    OutputError
        If the folder already has results and ``force`` is not given, or the system refuses to write.
    """
    target = Path(folder)
    check_folder(target, force=force)
    with whole_folder(target, RESULTS, force=force) as draft:
        write_netcdf(projection, draft / "prognose.nc")
        if rates is not None:
            write_netcdf(inputs, draft / "eingaben.nc")
            write_netcdf(rates, draft / "raten.nc")
        if households is not None:
            exact = households_of(projection, households.quotas, known=households.known, dwellings=households.dwellings,
                                  reserve=households.reserve)  # fmt: skip
            write_netcdf(exact, draft / "haushalte.nc")
        if plan is not None:
            (draft / "meilensteine-des-laufs.toml").write_text(plan, encoding="utf-8")
        material = gather(projection, inputs, internal=internal, services=services, districts=districts,
                          milestones=milestones, households=households)  # fmt: skip
        fill_workbook(material, draft / "prognose.xlsx")
        write_csv(material.published, draft / "bevoelkerung.csv")
        if material.goals is not None:
            write_goals(material.goals, draft / "meilensteine.csv")
        if material.households is not None:
            write_households(material.households, material.numbers, draft / "haushalte.csv")
        page = ""
        if lab is not None:
            page, more = lab(material)
            findings += more
        if page:
            write_page(draft / LAB, page)
        shown = worded_findings(findings if internal else published_findings(findings), material.facts.regions)
        write_findings(shown, draft / "befunde.csv")
        fill_report(material, draft / "bericht.html", geometry=geometry, findings=shown, lab=LAB if page else None)
        (draft / "projekt.toml").write_text(document, encoding="utf-8")
        made = [name for name in RESULTS if (draft / name).exists()]
        (draft / NAME).write_text(passing_on(made, internal=internal), encoding="utf-8")
    return findings


def check_folder(folder: str | Path, *, force: bool = False) -> None:
    """Refuse a folder that already has results of a run, before any work is done.

    A document that stands there alone is no result.

    Raises
    ------
    OutputError
        If results are there and ``force`` is not given, files of the same names are there that no run has written, or
        the path is a file.
    """
    recover(folder, RESULTS)
    refuse_results(folder, RESULTS[:-1], force=force, ours=_is_of_a_run)


def _is_of_a_run(folder: Path) -> bool:
    """Whether the report in a folder is one of this program; files of others that have the same names are not ours."""
    report = folder / "bericht.html"
    return report.is_file() and b"zwkprognose" in report.read_bytes()[:4096]
