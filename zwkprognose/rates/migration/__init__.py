"""Migration: net figures from the cohorts of stocks, gross figures from what is known of moves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from zwkprognose.rates.methods import Registry

if TYPE_CHECKING:
    from zwkprognose.rates.migration.gross import GrossMigration
    from zwkprognose.rates.migration.residuals import NetMigration


@dataclass(frozen=True)
class Options:
    """Numbers and choices of :func:`zwkprognose.estimate_rates` that concern migration."""

    shrinkage: float
    persistence: float
    turnover: float
    destinations: str


@dataclass(frozen=True)
class Migration:
    """Net rates, gross rates, and further variables of the rates as (dims, values)."""

    net: NetMigration
    gross: GrossMigration
    more: dict[str, Any]


#: ``estimate(inputs, base, death_prob, options)`` of each method.
METHODS: Registry[Migration] = Registry(
    __name__,
    {
        "none": "nobody",
        "residual": "from_stocks",
        "totals": "from_totals",
        "schedule": "from_schedule",
        "register": "from_register",
    },
)
