"""A project as a case that answers its scenarios."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.engine import Prepared
    from zwkprognose.projects.document import Project


def case_of(project: Project, inputs: xr.Dataset, rates: xr.Dataset) -> Prepared:
    """What the scenarios of a project set out from; inputs and rates are not copied."""
    from zwkprognose.engine import Prepared
    from zwkprognose.engine.case.question import Question

    given = project.horizon.options()
    question = Question(project.horizon.until, totals=given.get("totals"), city=given.get("city"))
    return Prepared(inputs, rates, question)
