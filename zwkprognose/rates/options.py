"""What the options of an estimate may be, and which of them a method leaves without effect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_args

import xarray as xr

from zwkprognose import national
from zwkprognose.errors import RatesError
from zwkprognose.rates import fertility, migration, mortality
from zwkprognose.rates.checks import check_name, text_of
from zwkprognose.rates.methods import Method
from zwkprognose.rates.weights import Outliers

Destinations = Literal["pool", "matrix"]

#: Option → what it may say.
CHOICES: dict[str, tuple[str, ...]] = {
    "mortality": mortality.METHODS.choices,
    "fertility": fertility.METHODS.choices,
    "migration": migration.METHODS.choices,
    "outliers": get_args(Outliers),
    "destinations": get_args(Destinations),
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
        check_name(argument, name, CHOICES[argument])


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
            remedy = f"Möglich ist {known[0]!r} bis {known[-1]!r} oder None, dann gilt, was zum letzten Bestand passt."
            raise RatesError(f"{name}={text_of(value)} gibt es nicht.", remedy=remedy)


def check_effects(inputs: xr.Dataset, method: Method[Any], destinations: Destinations, **given: Any) -> None:
    """Refuse options that would change nothing with this way to estimate migration.

    Raises
    ------
    RatesError
        Names the option and why it has no effect.
    """
    for name, why in method.unused.items():
        if given[name] != DEFAULTS[name]:
            said = f"{name}={text_of(given[name])}"
            raise RatesError(f"{said} bleibt ohne Wirkung, weil {why}.", remedy=f"{name} weglassen.")
    if destinations == "matrix" and not (method.name == "register" and "moves" in inputs):
        raise RatesError(
            'destinations="matrix" bleibt ohne Wirkung: Zielgebiete kennt nur ein Register mit Zuzügen, Fortzügen und '
            "Umzügen zwischen den Gebieten.",
            remedy="destinations weglassen oder die Umzüge nach Herkunft und Ziel (moves) ergänzen.",
        )
