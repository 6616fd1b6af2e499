"""What the page of the Demografielabor is filled with: numbers, engine, screen and words."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np
import xarray as xr

import zwkprognose
from zwkprognose.engine import formulas
from zwkprognose.lab.asked import Asked
from zwkprognose.lab.javascript import javascript
from zwkprognose.lab.packing import packed
from zwkprognose.lab.payload import Payload
from zwkprognose.lab.public import REST
from zwkprognose.names import labels
from zwkprognose.output.content.material import Material
from zwkprognose.output.content.spans import outward
from zwkprognose.output.figures.choropleth import Outline, class_limits
from zwkprognose.output.publication.whole_tables import LEAVING
from zwkprognose.output.report.balances import balances, inside
from zwkprognose.output.report.pages import policy, script_data, text_of
from zwkprognose.output.tables.cross import relative
from zwkprognose.scenarios import Scenario
from zwkprognose.scenarios.describe import GOAL, KINDS, SUBJECT, statements_told
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
    districts: dict[str, list[str]]
    created: datetime.date | None


def engine_script() -> str:
    """The engine of the page: the lines of the year from ``engine/formulas.py``, and the loops around them."""
    return javascript(formulas) + "".join(map(script, _ENGINE))


def screen_script(parts: Sequence[str] = _SCREEN) -> str:
    """What shows and asks, or some parts of it; all but the last know no browser."""
    return "".join(map(text_of, _SHARED)) + "".join(map(script, parts))


def filled(page: Contents) -> str:
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
        unit=facts.unit[1], outline=page.drawn, engine=engine_script() + script("worker"), screen=screen,
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
        "past": [[[year, round(persons)] for year, persons in page.material.past.get(key, ())] for key in ("", *keys)],
        "ranges": [_range(page.material.spans.totals, key) for key in ("", *keys)],
        "observed": page.observed,
        "districts": page.districts,
        "unit": facts.regions.district.singular,
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
    """Year, lower and upper limit of the persons of one place as they are printed, where they say something."""
    if limits is None or key not in limits["area"].values:
        return []
    own = limits.sel(area=key)
    low, high = outward(own["lower"].values, own["upper"].values)
    rows = zip(own["year_end"].values.tolist(), low.tolist(), high.tolist(), strict=True)
    return [list(row) for row in rows if not np.isnan(row[1:]).any()]


def script(name: str) -> str:
    return _text(f"js/{name}.js")


def _text(name: str) -> str:
    return resources.files("zwkprognose.lab").joinpath(*name.split("/")).read_text(encoding="utf-8")
