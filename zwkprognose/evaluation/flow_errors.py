"""Errors by component: were births, deaths and moves foreseen, or did errors cancel?"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd
import xarray as xr

from zwkprognose.engine import project
from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.history import known_at
from zwkprognose.evaluation.library import EXPECTED
from zwkprognose.rates import estimate_rates
from zwkprognose.scenarios import Scenario

FLOWS = ("births", "deaths", "in_moves", "out_moves")


def flow_errors(inputs: xr.Dataset, launches: Iterable[int], horizon: int) -> pd.DataFrame:
    """Hold projected births, deaths and moves against those that happened, from earlier launches.

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` of several 31.12. and ``births``, ``deaths``, ``in_moves`` or ``out_moves`` by year.
    launches : iterable of int
        Years whose 31.12. is the last thing known.
    horizon : int
        Years ahead.

    Returns
    -------
    pandas.DataFrame
        By ``launch`` and ``component``: persons ``forecast`` and ``observed`` over the years of the horizon in
        the areas that the events are known for, and the ``percent`` error.

    Raises
    ------
    EvaluationError
        If the inputs hold no events in those years.
    """
    rows = [row for launch in launches for row in _launch(inputs, launch, horizon)]
    if not rows:
        raise EvaluationError(
            "Für diese Jahre sind keine Bewegungen bekannt.",
            cells=[{"launch": launch} for launch in launches],
            remedy="Geburten, Sterbefälle, Zu- oder Fortzüge der Jahre nach dem Startpunkt einlesen.",
        )
    return pd.DataFrame(rows).set_index(["launch", "component"])


def _launch(inputs: xr.Dataset, launch: int, horizon: int) -> list[dict[str, object]]:
    years = list(range(launch + 1, launch + horizon + 1))
    present = [name for name in FLOWS if name in inputs and set(years) <= set(inputs["year"].values.tolist())]
    if not present:
        return []
    known = known_at(inputs, launch)
    projection = project(known, estimate_rates(known), Scenario.bundled(EXPECTED), until=years[-1])
    return [_row(name, launch, projection[name], inputs[name].sel(year=years)) for name in present]


def _row(name: str, launch: int, forecast: xr.DataArray, observed: xr.DataArray) -> dict[str, object]:
    if "area" in observed.dims:
        forecast = forecast.sel(area=observed["area"].values)
    f, a = float(forecast.sum()), float(observed.sum())
    return {"launch": launch, "component": name, "forecast": f, "observed": a, "percent": 100 * (f - a) / a}
