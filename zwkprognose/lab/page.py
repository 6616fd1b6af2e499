"""The page of the Demografielabor: one file with case, engine and screen that needs no server and no network."""

from __future__ import annotations

import datetime
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import xarray as xr

from zwkprognose.engine.prepare import Prepared, prepare
from zwkprognose.engine.totals import says_mortality
from zwkprognose.errors import OutputError
from zwkprognose.lab.asked import Asked
from zwkprognose.lab.filling import Contents, filled
from zwkprognose.lab.observed import observed
from zwkprognose.lab.payload import payload
from zwkprognose.lab.public import public_case
from zwkprognose.output.content.material import Material, gather
from zwkprognose.output.content.services import Service
from zwkprognose.output.figures.choropleth import outline
from zwkprognose.output.files.endings import require_ending
from zwkprognose.output.files.extras import require
from zwkprognose.output.report.pages import write_page
from zwkprognose.rates.totals import CityTotals
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.masks import known_areas, matching


@dataclass(frozen=True, slots=True)
class Lab:
    """A page ready to be shown or written."""

    html: str

    def write(self, path: str | Path, *, force: bool = False) -> Path:
        """Write the page as one ``.html`` file, whole or not at all.

        Raises
        ------
        OutputError
            If the ending is another one, the file exists and ``force`` is not set, or it cannot be written.
        """
        require_ending(path, ".html", ".htm")
        if Path(path).exists() and not force:
            raise OutputError(
                f"{path} gibt es schon.", remedy="Einen anderen Namen angeben, oder mit force=True ersetzen."
            )
        return write_page(path, self.html)

    def _repr_html_(self) -> str:
        """The page inside a notebook, in a frame of its own."""
        return (
            '<iframe title="Demografielabor" sandbox="allow-scripts allow-downloads" '
            f'style="width:100%;height:52rem;border:0" srcdoc="{html.escape(self.html)}"></iframe>'
        )


def lab(
    inputs: xr.Dataset,
    rates: xr.Dataset,
    scenario: Scenario,
    *,
    until: int,
    totals: str | None = None,
    city: CityTotals | None = None,
    geometry: Mapping[str, Any] | None = None,
    levels: Mapping[str, Mapping[str, str]] | None = None,
    districts: Mapping[str, str] | None = None,
    services: Sequence[Service] = (),
    milestones: str | Path | None = None,
    internal: bool = False,
    created: datetime.date | None = None,
) -> Lab:
    """The Demografielabor of a case: a page in which assumptions are changed and everything is computed anew.

    The page computes what :func:`zwkprognose.project` computes, to the bit (life expectancies and Eckwerte that are
    solved step by step: to 1e-9). What it computes with is made of published numbers alone, so that it may be handed
    on (:mod:`zwkprognose.lab.public`): it begins with the published stock, follows the published totals and comes near
    to everything else. With ``internal`` it carries stock and rates as they are, and says so.

    Parameters
    ----------
    inputs, rates, until, totals, city, levels
        As for :func:`zwkprognose.prepare`.
    scenario : Scenario
        What the page begins with and compares to.
    geometry : GeoJSON dict, optional
        Areas for the map, with the key in the property ``area``.
    services : sequence of Service
        Services whose demand is shown, with the places if they are known.
    milestones : str or path, optional
        Document of milestones, path or text.
    districts : mapping of area key to district, optional
        Larger areas that are published too, as in the other outputs of the run.
    internal : bool
        True: stock and rates as they are, unprotected. For use inside the statistics office only.
    created : date, optional
        Printed in the head; default: today.

    Returns
    -------
    Lab
        ``write("labor.html")`` writes it, a notebook shows it.

    Raises
    ------
    OutputError
        If too little may be published to compute with it.
    EngineError
        If the case has something that a page cannot compute; names it.

    Examples
    --------
    >>> from zwkprognose import Scenario, estimate_rates, load_example
    >>> inputs = load_example("bremerhaven")
    >>> page = lab(inputs, estimate_rates(inputs), Scenario.bundled("middle"), until=2030)
    >>> "Demografielabor" in page.html
    True
    """
    require("jinja2", extra="report")
    case = prepare(inputs, rates, until=until, totals=totals, city=city, levels=levels)
    material = gather(case.project(scenario), inputs, internal=internal, services=services, districts=districts,
                      by_age=False)  # fmt: skip
    return lab_page(material, inputs, rates, scenario, totals=totals, city=city, geometry=geometry, services=services,
                    milestones=milestones, districts=districts, created=created, case=case)  # fmt: skip


def lab_page(
    material: Material,
    inputs: xr.Dataset,
    rates: xr.Dataset,
    scenario: Scenario,
    *,
    totals: str | None = None,
    city: CityTotals | None = None,
    geometry: Mapping[str, Any] | None = None,
    services: Sequence[Service] = (),
    milestones: str | Path | None = None,
    districts: Mapping[str, str] | None = None,
    created: datetime.date | None = None,
    case: Prepared | None = None,
) -> Lab:
    """The same page beside other outputs, made of what these publish; whether it is internal follows from them.

    Parameters
    ----------
    material : Material
        Published numbers of a run, of which those of the main scenario are used.
    scenario : Scenario
        The main scenario.
    case : Prepared, optional
        The case of inputs and rates, if it is prepared already.
    """
    until, internal = material.facts.target_year, material.internal
    if internal:
        case = case or prepare(inputs, rates, until=until, totals=totals, city=city)
        base, begins, says = case.base(scenario), scenario.document(), says_mortality(scenario)
        other = None if totals is None else case.base(None if says else Scenario.bundled("middle"))
    else:
        one = material.published.isel(scenario=material.numbers.main)
        public = public_case(one, int(inputs["age"].max()))
        base, other, says = prepare(public.inputs, public.rates, until=until).base(), None, False
        begins = {"name": scenario.name, "titel": scenario.title or scenario.name}
        begins |= _known_types(scenario, public.inputs)
    carried, asked = payload(base, other), Asked.of(base.grid, services, milestones, hidden=not internal)
    drawn = None if geometry is None else outline(geometry, list(material.facts.areas))
    seen = observed(inputs, rates, material.past.get("", ()), internal=internal)
    larger = _whole_districts(districts or {}, [area["key"] for area in carried.facts["areas"]])
    return Lab(filled(Contents(scenario, begins, says, carried, material, drawn, asked, seen, larger, created)))


def _whole_districts(districts: Mapping[str, str], shown: Sequence[str]) -> dict[str, list[str]]:
    """Areas of every district of which no area is hidden."""
    names = sorted(set(districts.values()) - {name for key, name in districts.items() if key not in shown})
    return {name: [key for key in shown if districts.get(key) == name] for name in names}


def _known_types(scenario: Scenario, inputs: xr.Dataset) -> dict[str, Any]:
    """Types of areas of a scenario, as far as the areas are shown."""
    known = known_areas(inputs)
    kinds = {
        name: [key for word in words for key in matching(word, known)] for name, words in scenario.area_types.items()
    }
    shown = {name: keys for name, keys in kinds.items() if keys}
    return {"gebietstypen": shown} if shown else {}
