"""Do the intervals cover? Limits known at a launch against what came."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose import estimate_rates
from zwkprognose.engine import project_draws, rates_to_totals
from zwkprognose.evaluation import age_intervals, intervals
from zwkprognose.evaluation import measures as m
from zwkprognose.evaluation.calibration import TYPICAL_SIZE, TYPICAL_UNREST, calibrate
from zwkprognose.evaluation.common_error import turning_error
from zwkprognose.evaluation.intervals import known_errors
from zwkprognose.evaluation.past_errors import PastErrors, past_errors
from zwkprognose.rates.totals import past_of

LEVELS = (0.5, 0.8, 0.95)
#: Probabilities of the points that stand for a whole distribution.
POINTS = (np.arange(99) + 0.5) / 99
#: Random projections of a launch.
DRAWS = 200


def coverage_table(stocks: xr.DataArray, cases: list[tuple[int, int]], *, told: bool) -> pd.DataFrame:
    """One row per launch and lead: coverage, by tercile of size and growth, width, WIS and CRPS.

    Calibrated on outcomes before the launch only; areas of 1,000 to 10,000 inhabitants.
    """
    return pd.DataFrame([_row(stocks, launch, lead, told) for launch, lead in cases])


def _row(stocks: xr.DataArray, launch: int, lead: int, told: bool) -> dict[str, float]:
    known, truth = stocks.sel(year_end=slice(None, launch)), _totals(stocks, launch + lead)
    eckwert = {launch + lead: float(truth.sum())} if told else None
    limits = intervals(known, [launch + lead], eckwert=eckwert, levels=_all_levels(), largest=10000).isel(year_end=0)
    size = _totals(stocks, launch)
    counts = ((size >= 1000) & (size <= 10000)).values
    limits, truth, size = limits.isel(area=counts), truth[counts], size[counts]
    growth = size / _totals(stocks, launch - 5)[counts]
    row: dict[str, float] = {"launch": launch, "lead": lead, "areas": int(counts.sum())}
    row["calibrated_lead"] = int(limits["calibrated_lead"])
    for level in LEVELS[1:]:
        row |= _of_level(limits.sel(level=level), truth, size, growth, f"{level:.0%}")
    row |= _scores(limits, truth)
    return row | _same_for_all(known, lead, told, limits["forecast"], truth)


def _of_level(
    limits: xr.Dataset, truth: xr.DataArray, size: xr.DataArray, growth: xr.DataArray, name: str
) -> dict[str, float]:
    inside = (limits["lower"] <= truth) & (truth <= limits["upper"])
    thirds = [100 * float(inside[m.growth_bands(x).values == k].mean()) for x in (size, growth) for k in range(3)]
    return {
        f"coverage_{name}": float(m.coverage(limits["lower"], limits["upper"], truth)),
        f"worst_third_{name}": min(thirds),
        f"half_width_{name}": float(m.median_half_width(limits["lower"], limits["upper"], limits["forecast"])),
    }


def _scores(limits: xr.Dataset, truth: xr.DataArray) -> dict[str, float]:
    """WIS and CRPS in percent of the population observed."""
    lower, upper = limits["lower"], limits["upper"]
    median = (lower.sel(level=_all_levels()[0]) + upper.sel(level=_all_levels()[0])) / 2
    pairs = {level: (lower.sel(level=level), upper.sel(level=level)) for level in LEVELS}
    sample = np.concatenate([lower.values, upper.values])
    return {
        "wis": float((100 * m.wis(median, pairs, truth) / truth).mean()),
        "crps": float((100 * m.crps(sample, truth.values) / truth.values).mean()),
    }


def _all_levels() -> list[float]:
    """Central levels whose limits are evenly spread points of the distribution, and those of the table."""
    return sorted({*(abs(2 * p - 1) for p in POINTS if p > 0.5), *LEVELS})


def _same_for_all(
    known: xr.DataArray, lead: int, told: bool, forecast: xr.DataArray, truth: xr.DataArray
) -> dict[str, float]:
    """Two bands that are the same for every area.

    ``plain`` needs no thought: quantiles of all past errors at this lead. ``even`` is calibrated as the
    library's limits are, extrapolation and hardest launch included, but knows neither size nor unrest.
    """
    past = past_of(known)
    errors = [_alike(e) for e in known_errors(past, lead, "shrunk", told, 10000)]
    even = calibrate(errors, lead) if told else calibrate(errors, lead, turning_error(errors, lead), by_hardest=False)
    here = (np.array([TYPICAL_SIZE]), np.array([TYPICAL_UNREST]))
    out = _band("even", lambda p: float(even.factors(*here, [p])[0, 0]), forecast, truth)
    if past.years[0] + 2 + lead <= past.launch:
        factors = np.exp(np.sort(np.concatenate(past_errors(past, lead, "shrunk", told=told, largest=10000).errors)))
        out |= _band("plain", lambda p: float(np.quantile(factors, p)), forecast, truth)
    return out


def _alike(errors: PastErrors) -> PastErrors:
    """The same errors of areas of which nothing is known."""
    size = tuple(np.full(len(e), TYPICAL_SIZE) for e in errors.errors)
    return replace(errors, size=size, unrest=tuple(np.full(len(e), TYPICAL_UNREST) for e in errors.errors))


def _band(name: str, factor: Callable[[float], float], forecast: xr.DataArray, truth: xr.DataArray) -> dict[str, float]:
    """Coverage, width and scores of a band with the same relative limits everywhere."""
    out: dict[str, float] = {}
    pairs = {}
    for level in LEVELS:
        low, high = factor((1 - level) / 2), factor((1 + level) / 2)
        pairs[level] = (forecast * low, forecast * high)
        out[f"{name}_coverage_{level:.0%}"] = float(m.coverage(*pairs[level], truth))
        out[f"{name}_half_width_{level:.0%}"] = float(m.median_half_width(*pairs[level], forecast))
    sample = np.array([factor(p) for p in POINTS])[:, None] * forecast.values
    out[f"{name}_wis"] = float((100 * m.wis(forecast * factor(0.5), pairs, truth) / truth).mean())
    out[f"{name}_crps"] = float((100 * m.crps(sample, truth.values) / truth.values).mean())
    return out


def _totals(stocks: xr.DataArray, year: int) -> xr.DataArray:
    return stocks.sel(year_end=year, drop=True).sum([d for d in stocks.dims if d not in ("year_end", "area")])


#: Age bands whose limits are tested.
AGE_BANDS = {"unter 3": (0, 2), "6 bis 9": (6, 9), "18 bis 24": (18, 24), "25 bis 39": (25, 39), "40 bis 64": (40, 64),
             "65+": (65, None), "80+": (80, None)}  # fmt: skip


def age_coverage_table(stocks: xr.Dataset, launches: tuple[int, ...], lead: int) -> pd.DataFrame:
    """Coverage and median half-width of the limits of age bands, with the true total of the city."""
    columns: dict[str, pd.Series] = {}
    for launch in launches:
        columns |= _age_coverage(stocks, launch, lead)
    return pd.DataFrame(columns)


def _age_coverage(stocks: xr.Dataset, launch: int, lead: int) -> dict[str, pd.Series]:
    known = stocks.sel(year_end=slice(None, launch))
    truth = stocks["population"].sel(year_end=launch + lead).sum(["nationality", "sex"])
    city = {launch + lead: float(truth.sum())}
    limits = age_intervals(known, [launch + lead], AGE_BANDS, city=city, largest=10000).isel(year_end=0)
    size = known["population"].isel(year_end=-1).sum(["nationality", "sex", "age"]).values
    counts = (size >= 1000) & (size <= 10000)
    out: dict[str, pd.Series] = {}
    for level in LEVELS[1:]:
        part = limits.sel(level=level).isel(area=counts)
        rows = {}
        for name, (first, last) in AGE_BANDS.items():
            band, persons = part.sel(age_band=name), truth.sel(age=slice(first, last)).sum("age").isel(area=counts)
            inside = (band["lower"] <= persons) & (persons <= band["upper"])
            width = 50 * (band["upper"] - band["lower"]) / band["forecast"].where(band["forecast"] > 0)
            rows[name] = (100 * float(inside.mean()), float(width.median()))
        out[f"{launch}: {level:.0%}"] = pd.Series({k: v[0] for k, v in rows.items()})
        out[f"{launch}: {level:.0%}, Breite"] = pd.Series({k: v[1] for k, v in rows.items()})
    out[f"{launch}: 80%, nur Ziehungen"] = _drawn_coverage(known, launch + lead, city, truth, counts)
    return out


def _drawn_coverage(
    known: xr.Dataset, year: int, city: dict[int, float], truth: xr.DataArray, counts: np.ndarray
) -> pd.Series:
    """Coverage of the middle 80 % of random projections: chance and uncertain rates alone."""
    rates = rates_to_totals(known, estimate_rates(known), until=year, city=city)
    drawn = project_draws(known, rates, until=year, draws=DRAWS, seed=1, bands=AGE_BANDS, quantiles=(0.1, 0.9))
    low, high = (drawn["quantiles"].sel({"year_end": year, "quantile": q}).isel(area=counts) for q in (0.1, 0.9))
    covered = {}
    for name, (first, last) in AGE_BANDS.items():
        persons = truth.sel(age=slice(first, last)).sum("age").isel(area=counts)
        inside = (low.sel(age_band=name) <= persons) & (persons <= high.sel(age_band=name))
        covered[name] = 100 * float(inside.mean())
    return pd.Series(covered)
