"""Every city from every launch: errors of the rules for totals, and whether their limits held."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation import intervals
from zwkprognose.evaluation.past_errors import LEAST_PAST
from zwkprognose.rates.totals import Past, past_of
from zwkprognose.rates.totals.estimate import forecast_totals
from zwkprognose.rates.totals.growth import SMALLEST_AREA

LEADS = (5, 10, 15, 20)
#: Label of the method in the pages → rule.
RULES = {"unchanged": "unchanged", "average": "average", "trend_shares": "trend_shares", "default": "shrunk"}
LEVELS = (0.8, 0.95)
#: Coverage of a launch below which a limit of 80 % is said to have failed.
FAILED = 60


def launches_of(past: Past, lead: int) -> list[int]:
    """All launches with some past whose outcome is known."""
    return [y for y in past.years if y - past.years[0] > LEAST_PAST and y + lead in past.years]


def errors_of_all(cities: Mapping[str, xr.DataArray | xr.Dataset]) -> pd.DataFrame:
    """MAPE of areas from 1,000 persons by city, lead and launch, a column for each method, nothing known of the future.

    ``city`` is how far the whole city was missed, in percent of the forecast.
    """
    rows = [row for name, stocks in cities.items() for row in _errors(name, past_of(stocks))]
    return pd.DataFrame(rows).set_index(["city", "lead", "launch"])


def _errors(name: str, past: Past) -> Iterator[dict[str, object]]:
    for lead in LEADS:
        for launch in launches_of(past, lead):
            known, seen = past.until(launch), past.at(launch + lead)
            counts = (known.last >= SMALLEST_AREA) & (seen > 0)
            row: dict[str, object] = {"city": name, "lead": lead, "launch": launch}
            for label, rule in RULES.items():
                forecast = forecast_totals(known, [launch + lead], rule, None)[0]
                row[label] = 100 * float(np.mean(abs(forecast[counts] / seen[counts] - 1)))
            yield row | {"missed": 100 * float(seen.sum() / forecast.sum() - 1)}


def limits_of_all(cities: Mapping[str, xr.DataArray | xr.Dataset]) -> pd.DataFrame:
    """Coverage by city, lead and launch, by thirds of size and below 1,000 persons; median half-width in percent."""
    rows = [row for name, stocks in cities.items() for row in _limits(name, stocks)]
    return pd.DataFrame(rows).set_index(["city", "lead", "launch"])


def _limits(name: str, stocks: xr.DataArray | xr.Dataset) -> Iterator[dict[str, object]]:
    past = past_of(stocks)
    population = stocks["population"] if isinstance(stocks, xr.Dataset) else stocks
    totals = population.sum([d for d in population.dims if d not in ("year_end", "area")])
    for launch in sorted({launch for lead in LEADS for launch in launches_of(past, lead)}):
        leads = [lead for lead in LEADS if launch + lead in past.years]
        known = population.sel(year_end=slice(None, launch))
        try:
            limits = intervals(known, [launch + lead for lead in leads], levels=LEVELS)
        except EvaluationError:  # too short a past for any limits: there is nothing that could hold
            continue
        for lead in leads:
            yield {"city": name, "lead": lead, "launch": launch} | _held(limits, totals, launch, launch + lead)


def _held(limits: xr.Dataset, totals: xr.DataArray, launch: int, year: int) -> dict[str, float]:
    start, seen = totals.sel(year_end=launch, drop=True), totals.sel(year_end=year, drop=True)
    large, small = (start >= SMALLEST_AREA).values, ((start > 0) & (start < SMALLEST_AREA)).values
    there, every = (seen > 0).values, limits.sel(year_end=year)
    held = ((every["lower"] <= seen) & (seen <= every["upper"])).transpose("level", "area").values
    part, size, inside = every.isel(area=large & there), start.values[large & there], held[:, large & there]
    third = np.argsort(np.argsort(size, kind="stable")) * 3 // len(size)
    width = 50 * (part["upper"] - part["lower"]) / part["forecast"]
    total = float(seen.sum())
    city = limits.sel(year_end=year, level=LEVELS[0])
    return {
        "covered": 100 * float(inside[0].mean()),
        **{f"third_{k}": 100 * float(inside[0][third == k].mean()) for k in range(3)},
        "few": 100 * float(held[0][small & there].mean()) if (small & there).any() else float("nan"),
        "covered_95": 100 * float(inside[1].mean()),
        "half_width": float(width.sel(level=LEVELS[0]).median()),
        "city_covered": 100.0 * bool(city["city_lower"] <= total <= city["city_upper"]),
    }


#: Age spans of the whole city: name → (first age, age after the last or None).
SPANS = {"unter 10": (0, 10), "unter 5": (0, 5), "65+": (65, None), "80+": (80, None)}


def age_errors(runs: list[tuple[str, int, xr.Dataset]]) -> pd.DataFrame:
    """By how many percent the persons of an age span in all areas were missed, by city, lead, method and launch."""
    rows = []
    for city, lead, result in runs:
        part = result.sel(lead=lead, eckwert="none")
        starts = part["age_group"].values.tolist()
        for name, (first, end) in SPANS.items():
            groups = [g for g in starts if g >= first and (end is None or g < end)]
            if first not in starts or (end is not None and end not in starts):
                continue
            expected, seen = (part[k].sel(age_group=groups).sum(["area", "sex", "age_group"]) for k in PAIR)
            missed = 100 * (expected / seen - 1)
            for method in ("unchanged", "composite", "default"):
                values = missed.sel(forecaster=method)
                rows += [
                    {"city": city, "lead": lead, "method": method, "span": name, "launch": int(y), "missed": float(v)}
                    for y, v in zip(part["launch"].values, values.values, strict=True)
                ]
    return pd.DataFrame(rows)


PAIR = ("forecast_ages", "observed_ages")
