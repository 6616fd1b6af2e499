"""Area totals from the better rule as Eckwerte: ages come from the cohorts, how many people from the trend."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.engine.layout import Grid
from zwkprognose.engine.targets import Eckwert
from zwkprognose.rates.totals import estimate_totals

NAME = "Gesamtzahl der Gebiete"


def totals_of(inputs: xr.Dataset, grid: Grid, method: str, city: xr.DataArray | None = None) -> Eckwert:
    """The totals of the areas by a named rule, for every year of a projection.

    Areas in which nobody lives have no trend and stay free.

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` of several 31.12.
    grid : Grid
    method : str
        Rule of :func:`zwkprognose.rates.totals.estimate_totals`.
    city : xr.DataArray [year_end], optional
        Total of the city in every year; the areas then share it.
    """
    totals = estimate_totals(inputs, grid.years.tolist(), method=method, eckwert=city)
    inhabited = grid.start.sum([d for d in grid.start.dims if d != "area"]).to_numpy() > 0
    return Eckwert(NAME, totals.isel(area=np.flatnonzero(inhabited)))
