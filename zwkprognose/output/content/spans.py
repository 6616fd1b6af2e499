"""How far off a number must be expected to be: limits from past errors, or the reason why there are none."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.errors import EvaluationError, RatesError, ZwkError
from zwkprognose.evaluation.age_intervals import age_intervals
from zwkprognose.evaluation.history import known_at
from zwkprognose.evaluation.intervals import intervals
from zwkprognose.german import number
from zwkprognose.names import label
from zwkprognose.output.content.facts import Facts
from zwkprognose.output.figures.lines import Fan
from zwkprognose.output.publication.bands import BROAD, make_bands
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.tables.cross import milestones
from zwkprognose.rates.totals import CityTotals

#: Share of the cases in which the number is to lie within its limits.
LEVEL = 0.8
#: Times the lower limit beyond which the upper one leaves no more than an order of magnitude.
WIDE = 3
Band = tuple[int, int | None]
#: Stands for the city among the keys of areas.
CITY = ""
#: What is known of every place and year.
SIDES = ("forecast", "lower", "upper")
#: All ages as a band.
WHOLE: dict[str, Band] = {"": (0, None)}
NO_INPUTS = "Dem Bericht lagen die früheren Bestände nicht vor."
OTHER_AREAS = "Die früheren Bestände haben andere Gebiete als die Vorausberechnung."
TOO_LITTLE = (
    "Frühere Bestände und Gebiete reichen nicht, um eine Spanne abzuleiten: Nötig sind mindestens 30 Abweichungen "
    "früherer Vorausberechnungen, also viele Gebiete und Bestände aus mehreren Jahren."
)


@dataclass(frozen=True, slots=True, eq=False)
class Spans:
    """Limits of totals and age bands by area; the city stands before the areas.

    Attributes
    ----------
    method : str
        German name of the forecast whose errors these are.
    totals : xr.Dataset or None
        ``forecast``, ``lower``, ``upper`` [year_end, 1 + area], persons, in the milestone years; limits are
        NaN where nobody lives.
    ages : xr.Dataset or None
        The same [year_end, 1 + area, age_group].
    lead : int
        Years ahead for which errors have been seen; beyond it limits are extrapolated. 0 if none have: the limits are
        those of an official total.
    reasons : tuple of str
        Why there are no limits, in sentences.
    districts : Spans or None
        The same with the districts as areas.
    """

    method: str
    totals: xr.Dataset | None = None
    ages: xr.Dataset | None = None
    lead: int = 0
    reasons: tuple[str, ...] = ()
    districts: Spans | None = None


def spans_of(
    inputs: xr.Dataset | None,
    facts: Facts,
    districts: Mapping[str, str] | None = None,
    *,
    by_age: bool = True,
    smallest: float = 1.0,
) -> Spans:
    """Limits that past errors allow for the areas and years of a projection.

    Parameters
    ----------
    inputs : xr.Dataset or None
        ``population`` [year_end, area, …] of several 31.12., persons; what comes after the base year is not used.
    facts : Facts
        Head of the projection: years, areas, rule for totals.
    districts : mapping of area key to district, optional
        Larger areas, which have limits of their own.
    by_age : bool
        False: of totals alone, which takes a fraction of the time under a rule for totals.
    smallest : float, persons
        Fewer are never told apart: where fewer are expected, the limits are 0 and those of so many.

    Returns
    -------
    Spans
        Without limits and with the reason where they cannot be calibrated; never an error.
    """
    rule, city = facts.provenance.get("totals"), CityTotals.of(facts.provenance.get("city"))
    method = label("totals", rule or "none")
    if inputs is None or "population" not in inputs:
        return Spans(method, reasons=(NO_INPUTS,))
    if [str(key) for key in inputs["area"].values] != list(facts.areas):
        return Spans(method, reasons=(OTHER_AREAS,))
    known = known_at(inputs, facts.base_year)
    years = milestones(facts.base_year, facts.target_year)[1:]
    asked = json.loads(facts.provenance.get("rates", {}).get("asked", "{}"))
    try:
        totals, ages, why = _calibrated(known, years, (rule, city), asked, districts, by_age)
    except (EvaluationError, RatesError):
        return Spans(method, _of_the_official(known, years, city, smallest), reasons=(TOO_LITTLE,))
    lead = int(totals["calibrated_lead"].max())
    larger = None
    if districts is not None:
        larger = Spans(method, _of_districts(totals, smallest), _of_districts(ages, smallest))
    return Spans(method, _of_areas(totals, smallest), _of_areas(ages, smallest), lead, why, larger)


def outward(lower: Floats, upper: Floats) -> tuple[Floats, Floats]:
    """Limits rounded away from each other, no finer than a twentieth of their distance or so.

    Where they lie far apart, the lower one keeps its size.

    Examples
    --------
    >>> [limit.tolist() for limit in outward(np.array([8143.2]), np.array([9871.0]))]
    [[8100.0], [9900.0]]
    >>> [limit.tolist() for limit in outward(np.array([96.0]), np.array([904.0]))]
    [[90.0], [910.0]]
    """
    apart = np.round(np.log10(np.maximum(upper - lower, 1.0) / 20))
    size = np.where(lower >= 1, np.floor(np.log10(np.maximum(lower, 1.0) / 5)), np.inf)
    step = 10.0 ** np.maximum(np.minimum(apart, size), 0)
    return np.floor(lower / step) * step, np.ceil(upper / step) * step


def span_text(limits: xr.Dataset, **at: object) -> tuple[str, str] | None:
    """Lower and upper limit of one area and year as they are printed; None where they say nothing.

    Examples
    --------
    >>> span_text(xr.Dataset({"lower": ("area", [812.0]), "upper": ("area", [987.0])}, {"area": ["A"]}), area="A")
    ('810', '990')
    """
    one = limits.sel(at)
    low, high = map(float, outward(one["lower"].values, one["upper"].values))
    return None if np.isnan(low) else (number(low), number(high))


def _calibrated(
    inputs: xr.Dataset,
    years: Sequence[int],
    given: tuple[str | None, CityTotals | None],
    rates: Mapping[str, Any],
    groups: Mapping[str, str] | None,
    by_age: bool,
) -> tuple[xr.Dataset, xr.Dataset | None, tuple[str, ...]]:
    """Limits of the totals and of the broad age bands, or why there are none of these.

    Ages need earlier launches of the whole forecast, which may not be possible. Without a rule, totals are a band
    like others: that of all ages.
    """
    bands: dict[str, Band] = {b.label: (b.first, b.last) for b in make_bands(BROAD, int(inputs["age"][-1]))}
    (rule, city), totals = given, None
    path = {} if city is None else city.path_from(inputs, range(int(inputs["year_end"][-1]) + 1, max(years) + 1))
    told, error = path or None, 0.0 if city is None else city.yearly_error
    if rule is not None:
        found = intervals(inputs, years, method=rule, eckwert=told, eckwert_error=error, groups=groups, levels=[LEVEL])
        totals = _with_sums(found.sel(level=LEVEL))
    if totals is not None and not by_age:
        return totals, None, ()
    options = {"totals": rule, "rates": rates, "city": told, "city_error": error}
    options |= {"sums": _sums([str(key) for key in inputs["area"].values], groups)}
    try:
        found = _bands(inputs, years, bands if rule else bands | WHOLE, options)
    except ZwkError as error:
        alone = _whole(_bands(inputs, years, WHOLE, options)) if totals is None else totals
        return alone, None, (f"Für Altersgruppen gibt es keine Spannen: {error.message}",)
    return _whole(found) if totals is None else totals, found.sel(age_group=list(bands)), ()


def _of_the_official(
    inputs: xr.Dataset, years: Sequence[int], city: CityTotals | None, smallest: float
) -> xr.Dataset | None:
    """Limits of the city alone, from the error that is stated for its total; NaN of areas. None if none is stated."""
    if city is None or not city.error:
        return None
    whole = inputs["population"].sum("area").expand_dims(area=["whole"])
    path = city.path_from(inputs, years)
    found = intervals(whole, years, method="unchanged", eckwert=path, eckwert_error=city.error, levels=[LEVEL])
    limits = _called(found.sel(level=LEVEL), "").assign_coords(area=[CITY])
    return shown_limits(limits.reindex(area=[CITY, *inputs["area"].values.tolist()]), smallest)


def _bands(inputs: xr.Dataset, years: Sequence[int], bands: dict[str, Band], options: Mapping[str, Any]) -> xr.Dataset:
    return age_intervals(inputs, years, bands, levels=[LEVEL], **options).sel(level=LEVEL).rename(age_band="age_group")


def _whole(found: xr.Dataset) -> xr.Dataset:
    return found.sel(age_group="", drop=True)


def _sums(areas: Sequence[str], groups: Mapping[str, str] | None) -> dict[str, list[str]]:
    """Areas of the city and of every district."""
    sums = {CITY: list(areas)} | {name: [] for name in sorted(set((groups or {}).values()))}
    for area, name in (groups or {}).items():
        sums[name].append(area)
    return sums


def _with_sums(found: xr.Dataset) -> xr.Dataset:
    """Limits of totals with those of the city and of groups side by side as ``sum_…`` [sum]."""
    parts = [_called(found, "city_", "sum_").expand_dims(sum=[CITY])]
    if "group" in found.dims:
        parts.append(_called(found, "group_", "sum_").rename(group="sum"))
    return found.merge(xr.concat(parts, "sum", join="exact", coords="minimal", compat="override"), join="exact")


def _called(found: xr.Dataset, before: str, after: str = "") -> xr.Dataset:
    """Forecast and limits whose names begin in one way, with another beginning."""
    names = {f"{before}{side}": f"{after}{side}" for side in SIDES}
    return found[list(names)].rename(names).reset_coords(drop=True)


def _of_areas(found: xr.Dataset | None, smallest: float) -> xr.Dataset | None:
    """Limits of the city and of its areas."""
    if found is None:
        return None
    city = _called(found, "sum_").rename(sum="area").sel(area=[CITY])
    both = xr.concat([city, _called(found, "")], "area", join="exact", coords="minimal", compat="override")
    return shown_limits(both, smallest)


def _of_districts(found: xr.Dataset | None, smallest: float) -> xr.Dataset | None:
    """Limits of the city and of its districts."""
    return None if found is None else shown_limits(_called(found, "sum_").rename(sum="area"), smallest)


def shown_limits(limits: xr.Dataset, smallest: float) -> xr.Dataset:
    """Limits that widen with the years; NaN where nobody is expected in a place.

    Fewer persons than ``smallest`` count as so many of whom there may be none, so that limits tell no more of small
    numbers than these do.
    """
    ordered = limits.transpose("year_end", "area", ...)
    forecast, upper = ordered["forecast"], ordered["upper"]
    few = forecast < smallest
    factor = (upper / forecast.where(forecast > 0)).fillna(1.0)
    counted = ordered.assign(
        forecast=forecast.where(~few, smallest),
        lower=ordered["lower"].where(~few, 0.0),
        upper=upper.where(~few, factor * smallest),
    )
    lived_in = forecast.sum([dim for dim in forecast.dims if dim not in {"year_end", "area"}]) > 0
    return _widening(counted).where(lived_in)


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
    one = totals.sel(year_end=year).drop_sel(area=CITY)
    with xr.set_options(arithmetic_join="exact"):
        low, high = (100 * (one[side] / one["forecast"] - 1) for side in ("lower", "upper"))
    return float(low.median()), float(high.median())


def fan_of(spans: Spans, area: str) -> Fan | None:
    """Limits of one area or the city for its figure as they are printed, as far as they say something."""
    if spans.totals is None:
        return None
    one = spans.totals.sel(area=area).dropna("year_end")
    years, limits = one["year_end"].values, outward(one["lower"].values, one["upper"].values)
    return Fan(years, *limits) if years.size else None
