"""The Demografielabor beside the other results of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from zwkprognose.errors import ZwkError
from zwkprognose.projects.document import Project
from zwkprognose.projects.load import scenarios_of
from zwkprognose.scenarios import Scenario

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.output.content.material import Material
    from zwkprognose.output.content.services import Service
    from zwkprognose.tables import Findings

#: Rule of the Befund that a run could not write it.
RULE = "P02"


def lab_of(
    project: Project,
    inputs: xr.Dataset,
    rates: xr.Dataset,
    geometry: dict[str, Any] | None,
    services: Sequence[Service],
    plan: str | None,
    districts: dict[str, str] | None,
) -> Callable[[Material], tuple[str, Findings]]:
    """What makes the page of a run from the numbers that the run publishes; a Befund if it cannot be made of these."""
    from zwkprognose.lab.page import lab_page
    from zwkprognose.tables import Findings

    def page(material: Material) -> tuple[str, Findings]:
        try:
            given = project.horizon.options()
            made = lab_page(
                material, inputs, rates, main_scenario(scenarios_of(project)), geometry=geometry, services=services,
                totals=given.get("totals"), city=given.get("city"), milestones=plan, districts=districts,
            )  # fmt: skip
        except ZwkError as error:
            message = f"{project.where('ausgabe', 'labor')}: Es gibt kein Demografielabor. {error.message}"
            row = {"severity": "warning", "rule": RULE, "message": message, "remedy": error.remedy}
            return "", Findings.of([row])
        return made.html, Findings.of([])

    return page


def main_scenario(scenarios: list[Scenario]) -> Scenario:
    """What the page begins with."""
    from zwkprognose.output.content.facts import main_of

    return main_of(scenarios or [Scenario.bundled("unchanged")])
