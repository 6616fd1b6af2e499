"""What is asked of a projection besides stock and rates: small enough to be sent along with every part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import xarray as xr

from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.case.base import UNCHANGED, listed, name_of, several
from zwkprognose.engine.case.provenance import KEY, provenance
from zwkprognose.engine.compiled import compute
from zwkprognose.errors import EngineError
from zwkprognose.rates.totals import CityTotals

if TYPE_CHECKING:
    from zwkprognose.scenarios import Scenario


@dataclass(frozen=True)
class Question:
    """Last year, plan, scenario and who computes, as :func:`zwkprognose.project` takes them.

    For parts there is beside each of the scenarios what its statements are measured by, found for all areas together.
    """

    until: int
    plan: Plan = field(default_factory=Plan)
    scenario: Scenario | Sequence[Scenario | None] | None = None
    totals: str | None = None
    method: compute.Method = "auto"
    threads: int | None = None
    city: CityTotals | None = None
    wholes: tuple[Mapping[tuple[str | int, ...], xr.DataArray], ...] = ()

    @property
    def many(self) -> bool:
        """Is there a list of scenarios, and so a dimension for them?"""
        return several(self.scenario)

    @property
    def scenarios(self) -> tuple[Scenario | None, ...]:
        """All of them, checked; ``None`` are the rates as they are."""
        return tuple(listed(self.scenario))

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [name_of(one) for one in self.scenarios]

    @property
    def whoever_computes(self) -> Question:
        """The same without what has no part in the result: by which method and with how many threads."""
        return replace(self, method="auto", threads=None)

    def drawn(self) -> Scenario | None:
        """The scenario under which is drawn; it is one alone.

        Raises
        ------
        EngineError
            For a list.
        """
        if self.many:
            raise EngineError(
                "Gezogen wird unter einem Szenario, nicht unter einer Liste.",
                remedy="Ein Szenario angeben und für jedes weitere noch einmal ziehen.",
            )
        return self.scenarios[0]

    def provenance(self, inputs: xr.Dataset, rates: xr.Dataset) -> dict[str, str]:
        """The attribute that says what was asked, of all parts together."""
        from zwkprognose.scenarios import Scenario

        stated = [
            Scenario.bundled(UNCHANGED) if one is None else one
            for one in self.scenarios
            if self.many or one is not None
        ]
        return {KEY: provenance(inputs, rates, stated, self.plan, self.totals, self.until, self.city)}
