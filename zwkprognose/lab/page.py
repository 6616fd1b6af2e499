"""The page of the Demografielabor: one file with case, engine and screen that needs no server and no network."""

from __future__ import annotations

import datetime
import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import xarray as xr

import zwkprognose
from zwkprognose.engine import formulas
from zwkprognose.engine.base_path import says_mortality
from zwkprognose.engine.prepare import prepare
from zwkprognose.errors import OutputError
from zwkprognose.lab.asked import Asked
from zwkprognose.lab.javascript import javascript
from zwkprognose.lab.observed import observed
from zwkprognose.lab.packing import packed
from zwkprognose.lab.payload import Payload, payload
from zwkprognose.lab.public import REST, public_case
from zwkprognose.names import labels
from zwkprognose.output.content.material import Material, gather
from zwkprognose.output.content.services import Service
from zwkprognose.output.figures.choropleth import Outline, class_limits, outline
from zwkprognose.output.files.endings import require_ending
from zwkprognose.output.files.extras import require
from zwkprognose.output.publication.whole_tables import LEAVING
from zwkprognose.output.report.balances import balances, inside
from zwkprognose.output.report.pages import policy, script_data, text_of, write_page
from zwkprognose.output.tables.cross import relative
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.describe import GOAL, KINDS, SUBJECT, statements_told
from zwkprognose.scenarios.masks import known_areas, matching
from zwkprognose.scenarios.measures import PERSONS_PER_DWELLING
from zwkprognose.scenarios.scenario import BUNDLED, NAMES

#: Parts of the engine in the order in which they need each other.
_ENGINE = ("refusal", "arithmetic", "year", "statements", "plans", "case", "measures", "unpack")
#: Parts of the screen; the first two are those of the report.
_SHARED, _SCREEN = (
    ("words.js", "figures.js"),
    ("refusal", "statements", "describe", "toml", "foundation", "state", "morph", "levers", "screen"),
)
#: Words of the sentences that the page says as ``Scenario.describe`` does.
WORDS = {
    "subject": SUBJECT, "goal": GOAL, "kinds": KINDS, "perDwelling": PERSONS_PER_DWELLING,
    "labels": labels()["nationality"] | labels()["sex"],
}  # fmt: skip


def foundations() -> dict[str, Any]:
    """The scenarios that a document may build on wherever it is opened, and the names that they go by."""
    return {"names": NAMES, "documents": {key: Scenario.bundled(key).document() for key in BUNDLED}}


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
    inputs, rates, until, totals, levels
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
    case = prepare(inputs, rates, until=until, totals=totals, levels=levels)
    material = gather(case.project(scenario), inputs, internal=internal, services=services, districts=districts)
    if internal:
        base, begins, says = case.base(scenario), scenario.document(), says_mortality(scenario)
        other = None if totals is None else case.base(None if says else Scenario.bundled("middle"))
    else:
        public = public_case(material.published, int(inputs["age"].max()))
        base, other, says = prepare(public.inputs, public.rates, until=until).base(), None, False
        begins = {"name": scenario.name, "titel": scenario.title or scenario.name}
        begins |= _known_types(scenario, public.inputs)
    carried, asked = payload(base, other), Asked.of(base.grid, services, milestones, hidden=not internal)
    drawn = None if geometry is None else outline(geometry, list(material.facts.areas))
    seen = observed(inputs, rates, material.past.get("", ()), internal=internal)
    return Lab(_filled(Contents(scenario, begins, says, carried, material, drawn, asked, seen, created)))


@dataclass(frozen=True, slots=True)
class Contents:
    """Everything a page is filled with.

    ``begins`` is the document that its first scenario makes, ``says`` whether that says how mortality goes on.
    """

    scenario: Scenario
    begins: dict[str, Any]
    says: bool
    carried: Payload
    material: Material
    drawn: Outline | None
    asked: Asked
    observed: dict[str, Any]
    created: datetime.date | None


def engine_script() -> str:
    """The engine of the page: the lines of the year from ``engine/formulas.py``, and the loops around them."""
    return javascript(formulas) + "".join(map(_script, _ENGINE))


def screen_script(parts: Sequence[str] = _SCREEN) -> str:
    """What shows and asks, or some parts of it; all but the last know no browser."""
    return "".join(map(text_of, _SHARED)) + "".join(map(_script, parts))


def _known_types(scenario: Scenario, inputs: xr.Dataset) -> dict[str, Any]:
    """Types of areas of a scenario, as far as the areas are shown."""
    known = known_areas(inputs)
    kinds = {
        name: [key for word in words for key in matching(word, known)] for name, words in scenario.area_types.items()
    }
    shown = {name: keys for name, keys in kinds.items() if keys}
    return {"gebietstypen": shown} if shown else {}


def _filled(page: Contents) -> str:
    """The page from its template; every text put into it is escaped."""
    import jinja2

    facts, style, screen = page.material.facts, text_of("report.css") + _text("lab.css"), screen_script()
    by_factors, numbers = packed(page.carried.arrays, page.carried.numbers)
    day = (page.created or datetime.date.today()).strftime("%d.%m.%Y")
    environment = jinja2.Environment(autoescape=True, trim_blocks=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(_text("lab.html.j2")).render(
        policy=policy(screen, css=style, worker=True), version=zwkprognose.__version__, title=facts.title, css=style,
        internal=page.material.internal, base=facts.base_year, first=facts.base_year + 1, last=facts.target_year,
        source=facts.source_line, created=day, several=len(page.carried.facts["areas"]) > 1, asked=page.asked,
        unit=facts.unit[1], outline=page.drawn, engine=engine_script() + _script("worker"), screen=screen,
        assumed=statements_told(page.scenario, None, None), numbers=numbers,
        data=script_data(_data(page, day) | {"byFactors": by_factors}),
    )  # fmt: skip


def _data(page: Contents, day: str) -> dict[str, Any]:
    """Everything of the page but its large arrays."""
    facts, numbers, drawn = page.material.facts, page.material.numbers, page.drawn
    keys = [area["key"] for area in page.carried.facts["areas"]]
    flows, position = list(numbers.flows), {key: k for k, key in enumerate(keys)}
    base, end = numbers.total[numbers.main, 0], numbers.total[numbers.main, -1]
    return {
        "facts": page.carried.facts | {"saysMortality": page.says},
        "arrays": page.carried.arrays,
        "document": page.begins,
        "office": None if page.material.internal else page.scenario.document(),
        "rest": position.get(REST),
        "total": facts.regions.total,
        "inside": inside(facts),
        "balances": [
            [title, [[flows[k], -1 if flows[k] in LEAVING else 1] for k in parts]]
            for title, parts in balances(numbers).items()
        ],
        "past": [[[year, persons] for year, persons in page.material.past.get(key, ())] for key in ("", *keys)],
        "ranges": [_range(page.material.spans.totals, key) for key in ("", *keys)],
        "observed": page.observed,
        "limits": class_limits(relative(end - base, base)),
        "map": [position.get(shape.key, -1) for shape in drawn.shapes] if drawn else [],
        "source": f"{facts.source_line}; Ausgangsbestand 31.12.{facts.base_year}; Demografielabor vom {day}, "
                  f"zwkprognose {zwkprognose.__version__}",
        "needs": page.asked.needs,
        "goals": page.asked.goals,
        "words": WORDS,
        "foundations": foundations(),
    }  # fmt: skip


def _range(limits: xr.Dataset | None, key: str) -> list[list[float]]:
    """Year, lower and upper limit of the persons of one place, where they say something."""
    if limits is None or key not in limits["area"].values:
        return []
    own = limits.sel(area=key)
    rows = zip(own["year_end"].values.tolist(), own["lower"].values.tolist(), own["upper"].values.tolist(), strict=True)
    return [list(row) for row in rows if not np.isnan(row[1:]).any()]


def _script(name: str) -> str:
    return _text(f"js/{name}.js")


def _text(name: str) -> str:
    return resources.files("zwkprognose.lab").joinpath(*name.split("/")).read_text(encoding="utf-8")
