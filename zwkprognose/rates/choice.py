"""Which way to estimate migration the inputs allow, and which options it leaves without effect."""

from __future__ import annotations

from typing import Any

import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.rates.checks import text_of
from zwkprognose.rates.events import has_events
from zwkprognose.rates.migration_events import has_register
from zwkprognose.rates.options import DEFAULTS, Destinations, MigrationMethod

#: Options that each way to estimate migration leaves unused.
UNUSED: dict[str, dict[str, str]] = {
    "none": dict.fromkeys(("shrinkage", "persistence", "turnover"), "ohne Wanderung gerechnet wird"),
    "totals": {"turnover": "Zu- und Fortzüge bekannt sind"},
    "register": {"turnover": "Zu- und Fortzüge bekannt sind"},
}


def migration_method(inputs: xr.Dataset, method: MigrationMethod) -> MigrationMethod:
    """How migration is estimated: as asked for, or by the most that the inputs know."""
    if method != "auto":
        return method
    if has_register(inputs):
        return "register"
    return "totals" if has_events(inputs, "in_moves", "out_moves") else "residual"


def check_effects(inputs: xr.Dataset, migration: MigrationMethod, destinations: Destinations, **given: Any) -> None:
    """Refuse options that would change nothing with this way to estimate migration.

    Raises
    ------
    RatesError
        Names the option and why it has no effect.
    """
    for name, why in UNUSED.get(migration, {}).items():
        if given[name] != DEFAULTS[name]:
            said = f"{name}={text_of(given[name])}"
            raise RatesError(f"{said} bleibt ohne Wirkung, weil {why}.", remedy=f"{name} weglassen")
    if destinations == "matrix" and not (migration == "register" and "moves" in inputs):
        raise RatesError(
            'destinations="matrix" bleibt ohne Wirkung: Zielgebiete kennt nur ein Register mit Zuzügen, Fortzügen und '
            "Umzügen zwischen den Gebieten.",
            remedy="destinations weglassen oder die Umzüge nach Herkunft und Ziel (moves) ergänzen",
        )
