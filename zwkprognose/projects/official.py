"""An official total of the whole in a project: whether it fits the stock, and what is not said of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from zwkprognose.errors import RatesError, ScenarioError

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.projects.document import Project
    from zwkprognose.tables import Findings

RULE = "P03"


def check_official(project: Project, inputs: xr.Dataset, years: Sequence[int]) -> None:
    """Refuse an official total that begins too early, ends too early, or is none of this stock.

    Raises
    ------
    ScenarioError
        Names the line.
    """
    if project.horizon.official is None:
        return
    try:
        project.horizon.official.totals().path_from(inputs, years)
    except RatesError as error:
        place = project.where("prognose", "eckwert_amtlich", "personen")
        raise ScenarioError(f"{place}: {error.message}", cells=error.cells, remedy=error.remedy) from None


def without_error(project: Project) -> Findings:
    """A warning if nobody has said how far off the official total may be: the ranges then lack its error."""
    from zwkprognose.tables import Findings

    official = project.horizon.official
    if official is None or official.error is not None:
        return Findings.of([])
    message = "Zum amtlichen Eckwert ist kein Fehler angegeben; alle Spannen gelten nur, wenn er genau eintrifft"
    remedy = "In [prognose] bei eckwert_amtlich den Fehler je Jahr nennen, zum Beispiel fehler = 0.003."
    return Findings.of([{"severity": "warning", "rule": RULE, "message": message, "remedy": remedy}])
