"""One projection as a case: everything that goes into it, so that it can be computed again with changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.base import Base, require_rates, stock_of
from zwkprognose.engine.grid import Grid, grid_of
from zwkprognose.scenarios.scenario import required

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.engine.features.eckwerte import Eckwert
    from zwkprognose.engine.features.housing import Erstbezug
    from zwkprognose.engine.features.special import Sondergruppe
    from zwkprognose.engine.model import Model
    from zwkprognose.scenarios import Scenario


@dataclass(frozen=True)
class Case:
    """What :func:`zwkprognose.project` is called with.

    Attributes
    ----------
    inputs, rates : xr.Dataset
        Population at the start (the last 31.12.) and rates.
    scenario : Scenario, optional
        Assumptions.
    title : str
        What the case is called in sentences.
    eckwerte, erstbezug, sondergruppen
        As in :func:`zwkprognose.project`.
    """

    inputs: xr.Dataset
    rates: xr.Dataset
    scenario: Scenario | None = None
    title: str = ""
    eckwerte: Sequence[Eckwert] = ()
    erstbezug: Erstbezug | None = None
    sondergruppen: Sequence[Sondergruppe] = ()

    def __post_init__(self) -> None:
        stock_of(self.inputs)
        require_rates(self.rates)
        if self.scenario is not None:
            required(self.scenario)

    def grid(self, until: int) -> Grid:
        """Start and years up to ``until``."""
        return grid_of(self.inputs["population"], until)

    def base(self, until: int) -> Base:
        """What scenarios up to ``until`` set out from: checked once for all of them."""
        plan = Plan("cohort", None, tuple(self.eckwerte), self.erstbezug, tuple(self.sondergruppen))
        return Base(self.inputs, self.rates, self.grid(until), plan)

    def model(self, until: int) -> Model:
        """The checked arrays of the engine up to ``until``."""
        return self.base(until).model(self.scenario)


def begun_by(case: Case, until: int) -> Case:
    """The case with what has an effect up to a year, for a projection that goes on from there."""
    from zwkprognose.engine.case.without_effect import plan_begun
    from zwkprognose.scenarios.effects.judge import within
    from zwkprognose.scenarios.run import run_of

    grid = case.grid(until)
    plan = plan_begun(Plan("cohort", None, tuple(case.eckwerte), case.erstbezug, tuple(case.sondergruppen)), grid)
    stock = case.inputs["population"].isel(year_end=-1)
    scenario = case.scenario and within(case.scenario, run_of(case.rates, grid.years, stock=stock))
    return replace(case, scenario=scenario, eckwerte=plan.eckwerte, erstbezug=plan.erstbezug,
                   sondergruppen=plan.sondergruppen)  # fmt: skip
