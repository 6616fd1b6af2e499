"""Names that were written to do harm: a page shows them, and nothing of them acts."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xarray as xr
from output.conftest import make_city
from support.browser import Visit

from zwkprognose.output import write_report

#: Each would call ``harm`` if it ended up as markup, in an attribute, in a style, or in a link.
HARM = (
    "<script>harm()</script>", "<img src=x onerror=harm()>", '" onfocus="harm()" autofocus="', "' onclick='harm()",
    "</script><script>harm()</script>", "</title><svg onload=harm()>", "javascript:harm()", "${harm()}", "{{ harm() }}",
    "<!--<script>", "\u2028harm()", "&lt;b&gt;",
)  # fmt: skip


@pytest.fixture(scope="module")
def city() -> xr.Dataset:
    """A city whose areas, scenarios, whole and districts have such names."""
    town = make_city(tuple(3000.0 + 100 * k for k in range(len(HARM))), scenarios={"lower": 0.8, "middle": 1.0})
    town = town.assign_coords(area_name=("area", list(HARM)))
    town["scenario"].attrs["titles"] = json.dumps({"lower": HARM[0], "middle": HARM[1]})
    return town.assign_attrs(title=HARM[4])


def _square(key: str, k: int) -> dict[str, Any]:
    corners = [[k, 50], [k + 1, 50], [k + 1, 51], [k, 51], [k, 50]]
    return {
        "type": "Feature", "properties": {"area": key}, "geometry": {"type": "Polygon", "coordinates": [corners]}
    }  # fmt: skip


@pytest.fixture(scope="module")
def report(city: xr.Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its report with map and districts."""
    keys = [str(key) for key in city["area"].values]
    outlines = {"type": "FeatureCollection", "features": [_square(key, k) for k, key in enumerate(keys)]}
    districts = {key: HARM[k % 2] for k, key in enumerate(keys)}
    path = tmp_path_factory.mktemp("harm") / "bericht.html"
    return write_report(city, path, geometry=outlines, districts=districts)


def test_names_are_shown_and_do_nothing(visit: Callable[..., Visit], report: Path) -> None:
    seen = visit(report)
    page = seen.page
    page.evaluate("() => { window.harmed = 0; window.harm = () => { window.harmed += 1; }; }")
    scripts, pictures = page.locator("script").count(), page.locator("img").count()
    for scenario in (0, 1):
        seen.choose(scenario=scenario)
        assert HARM[scenario] in seen.text("#kurz")
    for k, name in enumerate(HARM):
        seen.search(f"{k + 1:04d}")
        assert " ".join(name.split()) in " ".join(seen.text("#titel-0").split())
        seen.search(f"{len(HARM) - k:04d}", field="#daneben")
        page.locator("#karte a").nth(k).hover(force=True)
        page.locator("#karte a").nth(k).focus()
        page.locator("#portraets svg.fig").first.focus()
    seen.unfold_all()
    seen.search("<img src=x onerror=harm()>x")
    assert page.evaluate("window.harmed") == 0
    assert (page.locator("script").count(), page.locator("img").count()) == (scripts, pictures)


@pytest.mark.parametrize("name", HARM)
def test_an_address_does_nothing(visit: Callable[..., Visit], report: Path, name: str) -> None:
    seen = visit(report, at=f"#gebiet={name}&szenario={name}&daneben={name}&jahr={name}")
    assert seen.page.locator("#portraets article").count() == 1
    assert seen.page.evaluate("typeof harmed") == "undefined"
    assert seen.text("#kurz").startswith("Im Szenario")
