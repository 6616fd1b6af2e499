"""Area totals from the better rule as Eckwerte: ages come from the cohorts, how many people from the trend."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import xarray as xr

from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.errors import EngineError
from zwkprognose.rates.totals import CityTotals, estimate_totals

NAME = "Gesamtzahl der Gebiete"


def area_totals(
    inputs: xr.Dataset, *, until: int, method: str = "shrunk", city: Mapping[int, float] | CityTotals | None = None
) -> Eckwert:
    """The totals of the areas by a named rule, for every year of a projection.

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` of several 31.12.; areas in which nobody lives have no trend and stay free.
    until : int
        Last year.
    method : str
        Rule of :func:`zwkprognose.rates.totals.estimate_totals`.
    city : mapping of year to persons or CityTotals, optional
        Total of the city in one or more years up to ``until``; in the years between it changes at a constant
        rate, that of :class:`zwkprognose.rates.totals.CityTotals` in a straight line. The areas share it.

    Returns
    -------
    Eckwert
        For ``eckwerte`` of :func:`zwkprognose.project`.

    Raises
    ------
    EngineError
        If the total of the city is not given for the last year.
    """
    population = inputs["population"]
    last = population.isel(year_end=-1).sum([d for d in population.dims if d not in ("year_end", "area")])
    launch = int(population["year_end"][-1])
    years = range(launch + 1, until + 1)
    path = None if city is None else _path(city, launch, float(last.sum()), years)
    totals = estimate_totals(inputs, list(years), method=method, eckwert=path)
    return Eckwert(NAME, totals.isel(area=np.flatnonzero(last.values > 0)))


def _path(city: Mapping[int, float] | CityTotals, launch: int, start: float, years: range) -> dict[int, float]:
    """The city in every year: at a constant rate between the years that are known."""
    if isinstance(city, CityTotals):
        return city.path(launch, start, years)
    known = {launch: start} | {int(y): float(v) for y, v in city.items()}
    if max(known) < years[-1] or min(known.values()) <= 0:
        raise EngineError(
            f"Der Eckwert der Stadt muss positiv sein und bis {years[-1]} reichen.",
            cells=[{"year_end": y, "value": v} for y, v in city.items()],
            remedy="Mindestens für das letzte Jahr der Prognose einen Eckwert angeben.",
        )
    at = sorted(known)
    logs = np.interp(list(years), at, np.log([known[y] for y in at]))
    return dict(zip(years, np.exp(logs).tolist(), strict=True))
