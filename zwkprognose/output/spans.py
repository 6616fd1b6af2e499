"""How far off a number must be expected to be: limits from past errors, or the reason why there are none."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import xarray as xr

from zwkprognose.errors import EvaluationError, RatesError, ZwkError
from zwkprognose.evaluation import age_intervals, intervals
from zwkprognose.names import label
from zwkprognose.output.bands import BROAD, make_bands
from zwkprognose.output.cross_tables import milestones
from zwkprognose.output.facts import Facts
from zwkprognose.output.figures.lines import Fan
from zwkprognose.output.german import number
from zwkprognose.output.rounding import Floats

#: Share of the cases in which the number is to lie within its limits.
LEVEL = 0.8
#: Rule of the limits where the projection names none: the best in hindcasts.
BEST = "shrunk"
NO_INPUTS = "Dem Bericht lagen die früheren Bestände nicht vor."
OTHER_AREAS = "Die früheren Bestände haben andere Gebiete als die Rechnung."
TOO_LITTLE = (
    "Frühere Bestände und Gebiete reichen nicht, um aus Fehlern der Vergangenheit zu lernen: nötig sind mindestens "
    "30 frühere Fehler, also viele Gebiete und Bestände aus mehreren Jahren."
)


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Limits of totals and age bands by area.

    Attributes
    ----------
    method : str
        German name of the rule for totals whose errors these are.
    totals : xr.Dataset or None
        ``forecast``, ``lower``, ``upper`` [year_end, area], persons, every year of the projection.
    ages : xr.Dataset or None
        The same [year_end, area, age_group] in the milestone years.
    lead : int
        Years ahead for which errors have been seen; beyond it limits are extrapolated.
    reasons : tuple of str
        Why there are no limits, in sentences.
    """

    method: str
    totals: xr.Dataset | None = None
    ages: xr.Dataset | None = None
    lead: int = 0
    reasons: tuple[str, ...] = ()


def spans_of(inputs: xr.Dataset | None, facts: Facts) -> Spans:
    """Limits that past errors allow for the areas and years of a projection.

    Parameters
    ----------
    inputs : xr.Dataset or None
        ``population`` [year_end, area, …] of several 31.12., persons; what comes after the base year is not used.
    facts : Facts
        Head of the projection: years, areas, rule for totals.

    Returns
    -------
    Spans
        Without limits and with the reason where they cannot be calibrated; never an error.
    """
    rule = str(facts.provenance.get("totals") or BEST)
    method = label("totals", rule)
    if inputs is None or "population" not in inputs:
        return Spans(method, reasons=(NO_INPUTS,))
    if [str(key) for key in inputs["area"].values] != list(facts.areas):
        return Spans(method, reasons=(OTHER_AREAS,))
    known = inputs.sel({dim: inputs[dim] <= facts.base_year for dim in ("year_end", "year") if dim in inputs.dims})
    try:
        totals = intervals(known, range(facts.base_year + 1, facts.target_year + 1), method=rule, levels=[LEVEL])
    except (EvaluationError, RatesError):
        return Spans(method, reasons=(TOO_LITTLE,))
    ages, why = _ages(known, facts, rule)
    lead = int(totals["calibrated_lead"].max())
    return Spans(method, _widening(totals.sel(level=LEVEL)), ages, lead, why)


def outward(lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Limits rounded away from each other, no finer than a twentieth of their distance or so.

    Examples
    --------
    >>> [limit.tolist() for limit in outward(np.array([8143.2]), np.array([9871.0]))]
    [[8100.0], [9900.0]]
    """
    step = 10.0 ** np.maximum(np.round(np.log10(np.maximum(upper - lower, 1.0) / 20)), 0)
    return np.floor(lower / step) * step, np.ceil(upper / step) * step


def span_text(limits: xr.Dataset, **at: object) -> tuple[str, str]:
    """Lower and upper limit of one area and year as they are printed.

    Examples
    --------
    >>> span_text(xr.Dataset({"lower": ("area", [812.0]), "upper": ("area", [987.0])}, {"area": ["A"]}), area="A")
    ('810', '990')
    """
    one = limits.sel(at)
    low, high = outward(one["lower"].values, one["upper"].values)
    return number(float(low)), number(float(high))


def _ages(inputs: xr.Dataset, facts: Facts, rule: str) -> tuple[xr.Dataset | None, tuple[str, ...]]:
    """Limits of the broad age bands; they need earlier launches of the whole forecast, which may not be possible."""
    years = milestones(facts.base_year, facts.target_year)[1:]
    bands = {b.label: (b.first, b.last) for b in make_bands(BROAD, int(inputs["age"][-1]))}
    try:
        found = age_intervals(inputs, years, bands, totals=rule, levels=[LEVEL])
    except ZwkError as error:
        return None, (f"Für Altersgruppen gibt es keine Spannen: {error.message}",)
    return _widening(found.sel(level=LEVEL).rename(age_band="age_group")), ()


def _widening(limits: xr.Dataset) -> xr.Dataset:
    """Limits that are nowhere nearer to the forecast, in per cent, than in an earlier year.

    Each lead is calibrated on errors of its own; with few earlier stocks a longer lead may have seen calmer years.
    """
    forecast, dims = limits["forecast"].values, limits["forecast"].dims
    along = limits["forecast"].get_axis_num("year_end")
    lower, upper = (limits[side].transpose(*dims).values for side in ("lower", "upper"))
    low, high = (np.divide(limit, forecast, out=np.ones_like(limit), where=forecast > 0) for limit in (lower, upper))
    widest = {"lower": np.minimum.accumulate(low, axis=along), "upper": np.maximum.accumulate(high, axis=along)}
    return limits.assign({side: (dims, ratio * forecast) for side, ratio in widest.items()})


def typical(totals: xr.Dataset, year: int) -> tuple[float, float]:
    """Limits of the middle area in per cent of its forecast."""
    one = totals.sel(year_end=year)
    with xr.set_options(arithmetic_join="exact"):
        low, high = (100 * (one[side] / one["forecast"] - 1) for side in ("lower", "upper"))
    return float(low.median()), float(high.median())


def fan_of(spans: Spans, area: str) -> Fan | None:
    """Limits of one area in the milestone years, for its figure."""
    if spans.totals is None:
        return None
    years = milestones(int(spans.totals["year_end"][0]) - 1, int(spans.totals["year_end"][-1]))[1:]
    one = spans.totals.sel(area=area, year_end=list(years))
    return Fan(one["year_end"].values, one["lower"].values, one["upper"].values)
