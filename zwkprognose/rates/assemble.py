"""Put estimates together as the rates Dataset of the contract, with diagnostics and provenance."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.names import variables
from zwkprognose.rates.base import Base
from zwkprognose.rates.fertility.schedule import Fertility
from zwkprognose.rates.migration.gross import GrossMigration
from zwkprognose.rates.migration.residuals import NetMigration
from zwkprognose.rates.stocks import CELL_DIMS

#: Girls among births: 100 per 205, the usual value for Germany.
FEMALE_BIRTH_SHARE = 100 / 205
NATURALISATION_NOTE = (
    "Einbürgerungen sind in Beständen nicht zu sehen: Sie stecken in den Wanderungsraten nach "
    "Staatsangehörigkeit (Zugang bei Deutschen, Abgang bei Ausländerinnen und Ausländern)."
)


def assemble(
    base: Base, death_prob: np.ndarray, births: Fertility, gross: GrossMigration, diagnostics: dict[str, Any]
) -> xr.Dataset:
    """The rates Dataset; ``diagnostics`` are further variables as (dims, values)."""
    coords = base.stocks.coords
    arrays: dict[str, Any] = {
        "death_prob": (CELL_DIMS, np.broadcast_to(death_prob, gross.out_prob.shape).copy()),
        "out_prob": (CELL_DIMS, gross.out_prob),
        "in_moves": (CELL_DIMS, gross.in_moves),
        "fertility_rate": (("area", "nationality", "age"), births.rate),
        "birth_group_share": (("nationality", "nationality_child"), births.group_share),
        "female_birth_share": ((), FEMALE_BIRTH_SHARE),
    }
    extra = {"nationality_child": coords["nationality"].to_numpy()}
    if "destination_share" in diagnostics:
        extra |= {dim: coords["area"].to_numpy() for dim in ("origin", "destination")}
    return _described(xr.Dataset({**arrays, **diagnostics}, coords={**coords, **extra}), base)


def net_diagnostics(net: NetMigration) -> dict[str, Any]:
    """Net rate, exposure and weight of the residual method."""
    return {
        "net_migration_rate": (CELL_DIMS, net.rate),
        "net_migration_city": (CELL_DIMS[1:], net.city),
        "migration_weight": (CELL_DIMS, net.weight),
        "migration_exposure": (CELL_DIMS, net.exposure),
    }


def _described(rates: xr.Dataset, base: Base) -> xr.Dataset:
    for record in variables("rates"):
        if record.name in rates:
            rates[record.name].attrs.update(unit=record.unit, label=record.label)
    rates.attrs.update(
        base_period=", ".join(f"{p.start}–{p.end}" for p in base.periods),
        mortality_period=base.mortality_period,
        fertility_year=base.fertility_year,
        note=NATURALISATION_NOTE if rates.sizes["nationality"] > 1 else "",
    )
    return rates
