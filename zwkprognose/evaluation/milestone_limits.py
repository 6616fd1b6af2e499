"""Ranges of milestones, calibrated on what the method got wrong before, or the reason why there is none."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from zwkprognose.engine.case.provenance import provenance_of
from zwkprognose.errors import ZwkError
from zwkprognose.evaluation.age_intervals import age_intervals
from zwkprognose.evaluation.history import known_at
from zwkprognose.evaluation.quantities import Quantity
from zwkprognose.rates.totals import CityTotals

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.evaluation.milestone_document import Milestone

#: Coverages whose limits are the tenths of the errors: 10, 20 … 90 of 100, without the middle.
TENTHS = (0.2, 0.4, 0.6, 0.8)
#: Why there is no range, as a half-sentence.
OF_FLOWS = "für Bewegungen sind frühere Abweichungen nicht bekannt"
OF_DEMAND = "für einen Bedarf sind frühere Abweichungen nicht bekannt"
TOO_LITTLE = "frühere Bestände und Gebiete reichen nicht"
NOBODY = "dort wird niemand erwartet"
#: A milestone with the year and the areas it speaks of.
Asked = tuple["Milestone", int, list[str]]


class Range(NamedTuple):
    """Factors below and above the value, or why there are none; neither where nobody asked for ranges.

    ``tenths`` are the factors below which 1, 2, 3, 4, 6, 7, 8 and 9 of 10 cases lie.
    """

    factors: tuple[float, float] | None = None
    why_not: str = ""
    tenths: tuple[float, ...] = ()

    def chance(self, value: float, goal: float, *, at_least: bool) -> float | None:
        """Share of the cases in which a value expected to be so large reaches a goal; None where it is not known.

        Between the tenths it is interpolated; beyond the outermost it is at most or at least a tenth.
        """
        if not self.tenths or value <= 0:
            return None
        below = float(np.interp(goal / value, self.tenths, _SHARES, left=0.0, right=1.0))
        return 1 - below if at_least else below


_SHARES = (0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9)


def ranges_of(projection: xr.Dataset, inputs: xr.Dataset | None, asked: Sequence[Asked]) -> list[Range]:
    """The range of each milestone.

    Known are the errors of persons, all or of one group or sex, and of ratios, in single areas; sums of areas are
    calibrated as one area. Rates of earlier launches are estimated as those of the projection were.
    """
    if inputs is None or "draw" in projection.dims:
        return [Range()] * len(asked)
    known = [one for one in asked if not _unknown(one[0])]
    try:
        found = _calibrated(projection, inputs, known) if known else None
    except ZwkError:  # too few earlier stocks or areas to learn from
        found = None
    return [
        Range(None, _unknown(one[0])) if _unknown(one[0]) else Range(None, TOO_LITTLE) if found is None
        else _range(found, *one)
        for one in asked
    ]  # fmt: skip


def _unknown(milestone: Milestone) -> str:
    """Why past errors say nothing of what a milestone counts; empty if they do."""
    return OF_DEMAND if milestone.demand else OF_FLOWS if milestone.size != "bestand" else ""


def _calibrated(projection: xr.Dataset, inputs: xr.Dataset, asked: Sequence[Asked]) -> xr.Dataset:
    """Limits of every quantity in every area and in every sum of areas that is spoken of."""
    past = known_at(inputs, int(projection["year_end"][0]))
    stated = provenance_of(projection)
    years = sorted({year for _, year, _ in asked})
    city = CityTotals.of(stated.get("city"))
    return age_intervals(
        past,
        years,
        {_key(milestone): _quantity(milestone) for milestone, _, _ in asked},
        totals=stated.get("totals"),
        rates=json.loads(stated.get("rates", {}).get("asked", "{}")),
        city=None if city is None else city.path_from(past, range(int(past["year_end"][-1]) + 1, max(years) + 1)),
        city_error=0.0 if city is None else city.yearly_error,
        sums={_sum(areas): areas for _, _, areas in asked},
        levels=TENTHS,
    )


def _range(found: xr.Dataset, milestone: Milestone, year: int, areas: list[str]) -> Range:
    at = {"age_band": _key(milestone), "year_end": year}
    one = found.sel(at | ({"area": areas[0]} if len(areas) == 1 else {"sum": _sum(areas)}))
    prefix = "" if len(areas) == 1 else "sum_"
    forecast = float(one[f"{prefix}forecast"])
    lower, upper = (one[f"{prefix}{name}"].values for name in ("lower", "upper"))
    low, high = float(lower[-1]), float(upper[-1])
    if not (forecast > 0 and np.isfinite(high)):
        return Range(None, NOBODY)
    tenths = np.maximum.accumulate(np.concatenate([lower[::-1], upper]) / forecast)
    return Range((low / forecast, high / forecast), "", tuple(map(float, tenths)))


def _quantity(milestone: Milestone) -> Quantity:
    return Quantity(milestone.ages, milestone.nationality, milestone.sex, milestone.per)


def _key(milestone: Milestone) -> str:
    return repr(_quantity(milestone))


def _sum(areas: list[str]) -> str:
    return "+".join(areas)
