"""What is asked of a projection besides stock and rates: small enough to be sent along with every part."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeGuard

import xarray as xr

from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.compiled import compute
from zwkprognose.errors import EngineError
from zwkprognose.rates.totals import CityTotals
from zwkprognose.scenarios import Scenario

#: Among several scenarios the rates as they are; the bundled scenario of this name says the same.
UNCHANGED = "unchanged"


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
        """All of them; ``None`` are the rates as they are.

        Raises
        ------
        EngineError
            For an empty list, anything but scenarios, and names that come twice.
        """
        scenarios: tuple[Any, ...] = tuple(self.scenario) if several(self.scenario) else (self.scenario,)
        if not scenarios:
            raise EngineError("Die Liste der Szenarien ist leer.", remedy="Mindestens ein Szenario angeben.")
        _refuse_others([s for s in scenarios if s is not None])
        names = [name_of(s) for s in scenarios]
        double = sorted({name for name in names if names.count(name) > 1})
        if double:
            raise EngineError("Mehrere Szenarien haben denselben Namen.", cells=[{"scenario": name} for name in double],
                              remedy="Jedem Szenario einen eigenen Namen geben.")  # fmt: skip
        return scenarios

    @property
    def documents(self) -> list[Scenario]:
        """Those that say something; in a list also the rates as they are."""
        said = [one for one in self.scenarios if self.many or one is not None]
        return [Scenario.bundled(UNCHANGED) if one is None else one for one in said]

    @property
    def dimension(self) -> xr.Variable:
        """The names of the scenarios, with their titles."""
        titles = {document.name: document.title for document in self.documents}
        return xr.Variable("scenario", list(titles), {"titles": json.dumps(titles, ensure_ascii=False)})

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


def several(scenario: object) -> TypeGuard[Sequence[Any]]:
    """Is it a list of scenarios, for which results have a dimension?"""
    return isinstance(scenario, Sequence) and not isinstance(scenario, str)


def name_of(scenario: Scenario | None) -> str:
    """Name of a scenario, or of the rates as they are."""
    return UNCHANGED if scenario is None else scenario.name


def _refuse_others(scenarios: Sequence[object]) -> None:
    """Refuse names and documents in the place of scenarios."""
    wrong = [s for s in scenarios if not isinstance(s, Scenario)]
    if wrong:
        raise EngineError(
            "Ein Szenario wird als Scenario übergeben, mehrere als Liste.",
            cells=[{"scenario": s} for s in wrong],
            remedy='Zum Beispiel Scenario.bundled("middle") oder Scenario.from_toml("szenario.toml").',
        )
