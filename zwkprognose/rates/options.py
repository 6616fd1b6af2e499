"""What the options of an estimate may be; anything else is refused."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

from zwkprognose import national
from zwkprognose.errors import RatesError
from zwkprognose.rates.checks import check_choice, text_of
from zwkprognose.rates.weights import Outliers

MortalityMethod = Literal["auto", "national", "events"]
FertilityMethod = Literal["auto", "children", "events", "national"]
MigrationMethod = Literal["auto", "residual", "totals", "register", "none"]
Destinations = Literal["pool", "matrix"]

METHODS: dict[str, Any] = {
    "mortality": MortalityMethod,
    "fertility": FertilityMethod,
    "migration": MigrationMethod,
    "outliers": Outliers,
    "destinations": Destinations,
}
#: Number → default, at which an option without effect is not complained about.
DEFAULTS = {"shrinkage": 100.0, "persistence": 0.6, "turnover": 0.05}


def check_names(chosen: Mapping[str, Any]) -> None:
    """Refuse methods that do not exist.

    Raises
    ------
    RatesError
        Names the argument, its value and what is possible.
    """
    for argument, name in chosen.items():
        check_choice(argument, name, METHODS[argument])


def check_schedules(mortality_period: Any, fertility_year: Any) -> None:
    """Refuse national schedules that are not bundled; ``None`` leaves the choice to the estimate.

    Raises
    ------
    RatesError
        Names the option, its value and what is possible.
    """
    bundled: dict[str, tuple[Any, list[Any]]] = {
        "mortality_period": (mortality_period, sorted(national.periods())),
        "fertility_year": (fertility_year, sorted(national.fertility_years())),
    }
    for name, (value, known) in bundled.items():
        if value is not None and value not in known:
            remedy = f"möglich ist {known[0]!r} bis {known[-1]!r} oder None, dann gilt, was zum letzten Bestand passt"
            raise RatesError(f"{name}={text_of(value)} gibt es nicht.", remedy=remedy)
