"""Whether what was counted lies within what had to be expected: limits for every component and area of a year."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from zwkprognose.german import number

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.projects.document import Project

LEVEL = 0.8
INSIDE, BELOW, ABOVE = "in der Spanne", "unter der Spanne", "über der Spanne"
#: Limits of one component: of the whole (area "") and of the areas.
Known = dict[tuple[str, str], tuple[float, float]]


def with_ranges(table: pd.DataFrame, project: Project, inputs: xr.Dataset, old: xr.Dataset, year: int) -> pd.DataFrame:
    """The table of projected and observed persons with ``low``, ``high`` and ``place``.

    Limits hold in 80 of 100 cases: those of the draws of the forecast if it has any, else from what the same methods
    got wrong from earlier launches so many years ahead; of the whole under an official total those of its stated error.
    ``place`` is empty where nothing was counted or no limits are known.
    """
    known = _of_draws(old, year) if "draw" in old.dims else _of_errors(table, project, inputs, year)
    limits = [known.get((row["component"], row["area"]), (np.nan, np.nan)) for row in table.to_dict("records")]
    low, high = (np.array(side) for side in zip(*limits, strict=True))
    return table.assign(low=low, high=high, place=_places(table["observed"].to_numpy(), low, high))


def place_text(row: dict[Any, Any]) -> str:
    """``, unter der Spanne (677 bis 831)``; nothing where no range is known."""
    if not row["place"]:
        return ""
    return f", {row['place']} ({number(row['low'])} bis {number(row['high'])})"


def _of_errors(table: pd.DataFrame, project: Project, inputs: xr.Dataset, year: int) -> Known:
    """From earlier launches; as wide as they were wrong."""
    from zwkprognose.evaluation.component_ranges import component_limits

    ahead = year - int(inputs["year_end"][-1])
    totals, city = (project.horizon.options().get(name) for name in ("totals", "city"))
    limits = component_limits(inputs, ahead, rates=project.rates.options(), totals=totals, city=city)
    alone = table["area"].nunique() == 2  # the only area is the whole
    found: Known = {}
    for row in table.to_dict("records"):
        if row["component"] in limits:
            errors, expected = limits[row["component"]], row["projected"]
            bounds = errors.of_whole(expected) if alone or not row["area"] else errors.of_area(expected)
            if bounds is not None:
                found[row["component"], row["area"]] = bounds
    return found


def _of_draws(old: xr.Dataset, year: int) -> Known:
    """Quantiles of the draws."""
    from zwkprognose.evaluation.flow_errors import FLOWS

    base, found = int(old["year_end"][0]), {}
    for name in ("population", *FLOWS):
        values = old[name].sel(year_end=year) if name == "population" else old[name].sel(year=slice(base + 1, year))
        by_area = values.sum([dim for dim in values.dims if dim not in ("area", "draw")])
        low, high = _between(by_area.sum("area")).tolist()
        found[name, ""] = low, high
        areas = zip(by_area["area"].values, *_between(by_area).tolist(), strict=True)
        found |= {(name, str(area)): (low, high) for area, low, high in areas}
    return found


def _between(draws: xr.DataArray) -> np.ndarray:
    """Lower and upper limit [limit, …]."""
    return np.asarray(draws.quantile([(1 - LEVEL) / 2, (1 + LEVEL) / 2], "draw").values)


def _places(observed: np.ndarray, low: np.ndarray, high: np.ndarray) -> list[str]:
    unknown = np.isnan(observed) | np.isnan(low)
    where = np.select([unknown, observed < low, observed > high], ["", BELOW, ABOVE], INSIDE)
    return [str(word) for word in where]
