"""Errors of area totals in percent."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.errors import EvaluationError


def percent_error(forecast: xr.DataArray, observed: xr.DataArray) -> xr.DataArray:
    """Percent error 100·(F − A)/A of each area.

    Raises
    ------
    EvaluationError
        Where nobody lived: there is no error in percent; names the areas.
    """
    empty = ~(observed > 0)
    if bool(empty.any()):
        raise EvaluationError(
            "In diesen Gebieten lebte niemand; ein Fehler in Prozent ist nicht bestimmt.",
            cells=_where(empty),
            remedy="Nur Gebiete einer Größenklasse auswerten.",
        )
    with xr.set_options(arithmetic_join="exact"):
        return 100 * (forecast - observed) / observed


def absolute_percent_error(forecast: xr.DataArray, observed: xr.DataArray) -> xr.DataArray:
    """Absolute percent error of each area."""
    return abs(percent_error(forecast, observed))


def mape(forecast: xr.DataArray, observed: xr.DataArray) -> xr.DataArray:
    """Mean absolute percent error over the areas.

    Examples
    --------
    >>> areas = {"area": ["A", "B"]}
    >>> float(mape(xr.DataArray([90.0, 120.0], areas), xr.DataArray([100.0, 100.0], areas)))
    15.0
    """
    return absolute_percent_error(forecast, observed).mean("area", skipna=False)


def medape(forecast: xr.DataArray, observed: xr.DataArray) -> xr.DataArray:
    """Median absolute percent error over the areas."""
    return absolute_percent_error(forecast, observed).median("area", skipna=False)


def malpe(forecast: xr.DataArray, observed: xr.DataArray) -> xr.DataArray:
    """Mean percent error with its sign: the bias."""
    return percent_error(forecast, observed).mean("area", skipna=False)


def ape90(forecast: xr.DataArray, observed: xr.DataArray) -> xr.DataArray:
    """Absolute percent error that nine in ten areas stay below."""
    return absolute_percent_error(forecast, observed).quantile(0.9, "area", skipna=False).drop_vars("quantile")


def share_above(forecast: xr.DataArray, observed: xr.DataArray, limit: float = 10.0) -> xr.DataArray:
    """Share of areas in percent with an absolute error above a limit (in percent)."""
    error = absolute_percent_error(forecast, observed)
    return (100.0 * (error > limit).mean("area")).where(error.notnull().all("area"))


def _where(mask: xr.DataArray) -> list[dict[str, object]]:
    names = [str(d) for d in mask.dims]
    return [
        {name: mask[name].values[k] for name, k in zip(names, index, strict=True) if name in mask.coords}
        for index in np.argwhere(mask.values)
    ]
