"""Ranges of milestones, calibrated on what the method got wrong before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from zwkprognose.engine.provenance import provenance_of
from zwkprognose.errors import ZwkError
from zwkprognose.evaluation.age_intervals import age_intervals
from zwkprognose.evaluation.history import known_at
from zwkprognose.evaluation.intervals import WIDEST
from zwkprognose.rates.totals.growth import SMALLEST_AREA

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.evaluation.milestone_document import Milestone

LEVEL = 0.8
Limits = tuple[float, float] | None


def limits_of(
    projection: xr.Dataset, inputs: xr.Dataset | None, asked: Sequence[tuple[Milestone, int, list[str]]]
) -> list[Limits]:
    """Factors below and above the value of each milestone; ``None`` where past errors say nothing.

    Known are the errors of persons of an age band in a single area, both sexes and all groups together.
    """
    known = [_is_known(milestone, areas) for milestone, _, areas in asked]
    if inputs is None or not any(known) or "draw" in projection.dims:
        return [None] * len(asked)
    try:
        found = _calibrated(projection, inputs, [one for one, told in zip(asked, known, strict=True) if told])
    except ZwkError:  # too few earlier stocks or areas to learn from
        return [None] * len(asked)
    return [_factors(found, *one) if told else None for one, told in zip(asked, known, strict=True)]


def _is_known(milestone: Milestone, areas: list[str]) -> bool:
    restricted = milestone.demand or milestone.per or milestone.nationality or milestone.sex
    return len(areas) == 1 and milestone.size == "bestand" and not restricted


def _calibrated(
    projection: xr.Dataset, inputs: xr.Dataset, asked: Sequence[tuple[Milestone, int, list[str]]]
) -> xr.Dataset:
    past = known_at(inputs, int(projection["year_end"][0]))
    bands = {_band(milestone): milestone.ages for milestone, _, _ in asked}
    years = sorted({year for _, year, _ in asked})
    found = age_intervals(past, years, bands, totals=provenance_of(projection).get("totals"), levels=[LEVEL])
    size = past["population"].isel(year_end=-1).sum(["nationality", "sex", "age"])
    return found.sel(level=LEVEL).assign(size=size.drop_vars("year_end", errors="ignore"))


def _factors(found: xr.Dataset, milestone: Milestone, year: int, areas: list[str]) -> Limits:
    one = found.sel(area=areas[0], age_band=_band(milestone), year_end=year)
    forecast, low, high = (float(one[name]) for name in ("forecast", "lower", "upper"))
    says = forecast > 0 and np.isfinite(high) and high <= WIDEST * low and float(one["size"]) >= SMALLEST_AREA
    return (low / forecast, high / forecast) if says else None


def _band(milestone: Milestone) -> str:
    return "-".join(str(age) for age in milestone.ages)
