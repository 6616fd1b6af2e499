"""Types of areas (Gebietstypen) as the estimators need them: one code per area."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.rates.stocks import Stocks

MOVEMENTS = ("mortality", "fertility", "migration")
RateGroups = xr.DataArray | Mapping[str, xr.DataArray]


def types_of(rate_groups: RateGroups | None, stocks: Stocks) -> dict[str, np.ndarray | None]:
    """Type of every area for each movement, in the order of the stocks; ``None`` where there are no types.

    Raises
    ------
    RatesError
        If a movement has another name, the types are not a labelled array by area, or an area has no type.
    """
    if rate_groups is None:
        return dict.fromkeys(MOVEMENTS)
    by_movement = rate_groups if isinstance(rate_groups, Mapping) else dict.fromkeys(MOVEMENTS, rate_groups)
    unknown = set(by_movement) - set(MOVEMENTS)
    if unknown:
        raise RatesError(
            f"Gebietstypen für {', '.join(sorted(unknown))} gibt es nicht.",
            remedy=f"Möglich sind {', '.join(MOVEMENTS)}.",
        )
    return {name: _codes(by_movement.get(name), stocks) for name in MOVEMENTS}


def _codes(types: xr.DataArray | None, stocks: Stocks) -> np.ndarray | None:
    if types is None:
        return None
    if not isinstance(types, xr.DataArray) or types.dims != ("area",):
        raise RatesError(
            f"rate_groups={type(types).__name__} ist nicht möglich.",
            remedy='Möglich ist ein xr.DataArray mit der Dimension "area" oder ein dict solcher Felder; '
            "propose_types(inputs).types ist eines.",
        )
    areas = stocks.coords["area"].to_numpy()
    given = types.dropna("area")["area"].to_numpy()
    missing = [a for a in areas if a not in given]
    if missing:
        raise RatesError(
            "Gebiete ohne Gebietstyp.",
            cells=[{"area": a} for a in missing],
            remedy="Jedem Gebiet einen Typ geben.",
        )
    return np.unique(types.sel(area=areas).to_numpy(), return_inverse=True)[1]
