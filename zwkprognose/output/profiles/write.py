"""All profiles of a town into one folder: everything or nothing."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.german import listed
from zwkprognose.output.content.households import HouseholdPlan
from zwkprognose.output.content.material import Material, gather
from zwkprognose.output.content.numbers import Numbers, numbers_of
from zwkprognose.output.content.services import Service
from zwkprognose.output.files.extras import require
from zwkprognose.output.files.folder import recover, refuse_results, whole_folder
from zwkprognose.output.files.passing_on import NAME, passing_on
from zwkprognose.output.profiles.arrivals import Survey, arrivals_of
from zwkprognose.output.profiles.care import FAMILY_DOCTORS, Seat, care_of
from zwkprognose.output.profiles.indices import indices
from zwkprognose.output.profiles.pages import KINDS, Contents, Kind, Locator, Page, html_of, locator_of, slugs
from zwkprognose.output.profiles.pdf import laid_out, require_pdf, write_all, write_each
from zwkprognose.output.profiles.sections import Section
from zwkprognose.output.profiles.thresholds import Thresholds, thresholds_of
from zwkprognose.output.publication.publish import publish
from zwkprognose.scenarios.turnover import is_assumed

if TYPE_CHECKING:
    import pandas as pd


def write_profiles(
    projection: xr.Dataset,
    folder: str | Path,
    *,
    inputs: xr.Dataset | None = None,
    rates: xr.Dataset | None = None,
    kinds: Sequence[str] = tuple(KINDS),
    areas: Sequence[str] | None = None,
    services: Sequence[Service] = (),
    seats: Sequence[Seat] = (FAMILY_DOCTORS,),
    alone: Section | None = None,
    households: HouseholdPlan | None = None,
    milestones: pd.DataFrame | None = None,
    halved: xr.Dataset | None = None,
    survey: Survey | None = None,
    thresholds: Thresholds | str | Path | None = None,
    districts: Mapping[str, str] | None = None,
    geometry: Mapping[str, Any] | None = None,
    pdf: bool = True,
    internal: bool = False,
    force: bool = False,
    created: datetime.date | None = None,
) -> Path:
    """Write the profiles of a town and of all its areas, one page of A4 each.

    For every kind: one document of all places, and one for each, as HTML and as PDF. They show what
    :func:`zwkprognose.publish` lets through, the same as report and workbook.

    Parameters
    ----------
    projection : xr.Dataset
        Result of the engine for the whole town.
    folder : path
        Target; made if it does not exist.
    inputs : xr.Dataset, optional
        What the projection started from: earlier counts, and past errors for the ranges.
    rates : xr.Dataset, optional
        Rates of the projection: who stays of those who arrive.
    kinds : sequence of {"kommunal", "versorgung", "ankommen"}
    areas : sequence of str, optional
        Keys of the areas that get a file of their own; default: all.
    services, seats : sequences
        Whose demand is shown, beside the services that come with the package.
    households : HouseholdPlan, optional
        Quotas of households: who lives alone.
    alone : Section, optional
        The same, if somebody else has computed it.
    milestones : pandas.DataFrame, optional
        Answers of :func:`zwkprognose.evaluation.evaluate_milestones`: the plan, on the page of each place it names.
    halved : xr.Dataset, optional
        The same town projected with half of the in-moves.
    survey : Survey, optional
        Reasons for moving away, shown as they were answered.
    thresholds : Thresholds, path or text, optional
        When a figure is called strong or weak; default: those of the package.
    districts, geometry, internal, created
        As for :func:`zwkprognose.write_report`.
    pdf : bool
        False: HTML only.
    force : bool
        Replace profiles that are already there.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    OutputError
        If something given does not fit the projection, or profiles are there already.
    MissingExtraError
        If PDF is wanted and cannot be written; nothing is written then.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import mkdtemp
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> projection = project(inputs, estimate_rates(inputs), until=2026)
    >>> folder = write_profiles(projection, Path(mkdtemp()) / "profile", inputs=inputs, kinds=["kommunal"], pdf=False)
    >>> sorted(path.name for path in folder.iterdir())[0]
    'kommunalprofil-04012.html'
    """
    require("jinja2", extra="report")
    wanted = [_kind(key) for key in kinds]
    if pdf:
        require_pdf()
    contents = contents_of(
        projection, inputs=inputs, rates=rates, services=services, seats=seats, alone=alone, households=households,
        milestones=milestones, halved=halved, survey=survey, thresholds=thresholds, districts=districts,
        geometry=geometry, internal=internal, created=created,
    )  # fmt: skip
    keys = list(contents.material.facts.areas)
    _check_areas(keys, areas)
    names = profile_files(keys)
    recover(folder, names)
    refuse_results(folder, names, force=force, what="Profile")
    drawn = locator_of(contents)
    with whole_folder(folder, names, force=force, what="Profile") as draft:
        for kind in wanted:
            pages = contents.pages(kind)
            own = [page for page in pages if areas is None or not page.key or page.key in areas]
            everything = html_of(contents, kind, pages, drawn)
            _write(draft / f"{kind.file}e.html", everything)
            for page in own:
                _write(draft / _name(kind, page, keys, "html"), html_of(contents, kind, [page], drawn))
            if pdf:
                document = printed(contents, kind, pages, drawn)
                write_all(document, draft / f"{kind.file}e.pdf")
                chosen = [k for k, page in enumerate(pages) if page in own]
                write_each(document.copy([document.pages[k] for k in chosen]),
                           [draft / _name(kind, page, keys, "pdf") for page in own])  # fmt: skip
        made = sorted(path.name for path in draft.iterdir())
        (draft / NAME).write_text(passing_on(made, internal=contents.material.internal), encoding="utf-8")
    return Path(folder)


def contents_of(
    projection: xr.Dataset,
    *,
    inputs: xr.Dataset | None = None,
    rates: xr.Dataset | None = None,
    services: Sequence[Service] = (),
    seats: Sequence[Seat] = (FAMILY_DOCTORS,),
    alone: Section | None = None,
    households: HouseholdPlan | None = None,
    milestones: pd.DataFrame | None = None,
    halved: xr.Dataset | None = None,
    survey: Survey | None = None,
    thresholds: Thresholds | str | Path | None = None,
    districts: Mapping[str, str] | None = None,
    geometry: Mapping[str, Any] | None = None,
    internal: bool = False,
    created: datetime.date | None = None,
) -> Contents:
    """Collect once what all pages show; see :func:`write_profiles`."""
    rules = thresholds_of(thresholds)
    material = gather(projection, inputs, internal=internal, services=services, districts=districts,
                      households=households, milestones=milestones)  # fmt: skip
    values = indices(material.numbers, material.spans)
    if is_assumed((rates.attrs if rates is not None else None) or material.facts.provenance.get("rates", {})):
        values |= {"umschlag": values["umschlag"] * float("nan")}
    other = None if halved is None else _halved_numbers(halved, material, districts, internal)
    return Contents(
        material, values, rules, care_of(material, services, seats, alone),
        arrivals_of(material, projection, rates=rates, halved=other, survey=survey), geometry, created,
    )  # fmt: skip


def printed(contents: Contents, kind: Kind, pages: Sequence[Page], drawn: Locator | None) -> Any:
    """Pages laid out for paper, one for every place."""
    return laid_out(
        lambda dense: html_of(contents, kind, pages, drawn, listed=False, dense=dense), [page.anchor for page in pages]
    )


def profile_files(keys: Sequence[str]) -> list[str]:
    """Names of all files that profiles may have, the whole before the areas.

    Those of kinds that are not written this time are among them: what an earlier run has left, perhaps without
    protection, does not stay beside the new ones.
    """
    places, kinds = ["gesamt", *slugs(keys).values()], KINDS.values()
    return [
        *(f"{kind.file}e.{ending}" for kind in kinds for ending in ("html", "pdf")),
        *(f"{kind.file}-{place}.{ending}" for kind in kinds for place in places for ending in ("html", "pdf")),
        NAME,
    ]


def _halved_numbers(
    halved: xr.Dataset, material: Material, districts: Mapping[str, str] | None, internal: bool
) -> Numbers:
    """Published numbers of the other projection; it must be of the same town and years."""
    published = publish(halved, internal=internal, districts=districts)
    numbers = numbers_of(published, replace(material.facts, scenarios=material.facts.scenarios[:1]))
    same = [str(key) for key in published["area"].values] == list(material.facts.areas)
    if not same or numbers.years.tolist() != material.numbers.years.tolist():
        raise OutputError(
            "Die Vorausberechnung mit halben Zuzügen hat andere Gebiete oder Jahre.",
            remedy="Beide mit denselben Eingaben und demselben letzten Jahr rechnen.",
        )
    return numbers


def _kind(key: Any) -> Kind:
    if key not in KINDS:
        raise OutputError(f"Profile der Art „{key}“ gibt es nicht.", remedy=f"Möglich sind {listed(KINDS)}.")
    return KINDS[key]


def _check_areas(keys: Sequence[str], wanted: Sequence[str] | None) -> None:
    strange = [key for key in wanted or () if key not in keys]
    if strange:
        raise OutputError(
            f"Das Gebiet {strange[0]} gibt es nicht.",
            remedy=f"Schlüssel sind zum Beispiel {', '.join(keys[:5])}; führende Nullen gehören dazu.",
        )


def _name(kind: Kind, page: Page, keys: Sequence[str], ending: str) -> str:
    return f"{kind.file}-{slugs(keys)[page.key] if page.key else 'gesamt'}.{ending}"


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
