"""Intervals for area totals that have been shown to cover: calibrated on the method's own past errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from numbers import Integral

import numpy as np
import pandas as pd
import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.asked import check_levels, check_positive
from zwkprognose.evaluation.calibration import Calibration, calibrate, few_persons, typical_errors
from zwkprognose.evaluation.common_error import SURE, CommonError, turning_error, unseen_error, whole_error
from zwkprognose.evaluation.past_errors import LEAST_ERRORS, PastErrors, errors_by_lead, too_few, unrest
from zwkprognose.german import number_text
from zwkprognose.inputs.handed import handed, is_number
from zwkprognose.rates.totals import Past, past_of
from zwkprognose.rates.totals.estimate import totals_from
from zwkprognose.rates.totals.past import key_order, stocks_of

LEVELS = (0.8, 0.95)
#: Largest standard error of a total of the city per year ahead that can be meant; a percent is already much.
MOST_ERROR = 0.1
#: Longest lead whose errors are looked for.
LONGEST_LEAD = 20


def intervals(
    inputs: xr.Dataset | xr.DataArray,
    years: Sequence[int],
    *,
    method: str = "shrunk",
    eckwert: Mapping[int, float] | xr.DataArray | None = None,
    eckwert_error: float = 0.0,
    groups: Mapping[str, str] | None = None,
    levels: Sequence[float] = LEVELS,
    largest: float = np.inf,
) -> xr.Dataset:
    """Forecast area totals with limits calibrated on what the method got wrong before.

    The method is run from every earlier launch, its errors are related to the lead and to the size and the
    unrest of the areas, above and below the forecast apart, and their quantiles become the limits. To them comes
    what a city may be missed by that a short past has not shown yet. Leads that nobody could observe yet are
    extrapolated from the shorter ones. The city and groups of areas are calibrated as areas of their size. A city whose
    total is given with an error is off by that error, and so is a place of one area, which needs no past errors.

    Parameters
    ----------
    inputs : xr.Dataset or xr.DataArray
        ``population`` [year_end, area, …], persons.
    years : sequence of int
        The 31.12. wanted.
    method : str
        Rule of :func:`zwkprognose.rates.totals.estimate_totals`.
    eckwert : mapping or xr.DataArray [year_end], optional
        Total of the city. With one, the limits hold if it comes true; without, they include its error.
    eckwert_error : float
        Standard error of that total per year ahead, as a share: 0.003 for a forecast of a Land that was usually
        within three percent after ten years. The limits then include it.
    groups : mapping of area to group, optional
        Such as districts; every area belongs to one.
    levels : sequence of float
        Nominal coverages of central intervals, such as 0.8.
    largest : float, persons
        Larger areas are not used for calibration.

    Returns
    -------
    xr.Dataset
        ``forecast`` [year_end, area], ``lower`` and ``upper`` [level, year_end, area] in persons; the same of the
        whole city as ``city_forecast``, ``city_lower``, ``city_upper`` without area, with ``groups`` also
        ``group_…`` [group]; ``calibrated_lead`` [year_end], the lead of the errors behind each year, 0 if there are
        none but that of a given total.

    Raises
    ------
    EvaluationError
        If there are fewer than 30 past errors at any lead, an area has no group, or an error is given for no
        Eckwert.

    Examples
    --------
    >>> from zwkprognose import load_example
    >>> limits = intervals(load_example("berlin"), [2025], levels=[0.8])
    >>> inside = (limits["lower"] <= limits["forecast"]) & (limits["forecast"] <= limits["upper"])
    >>> bool(inside.all()), bool(limits["city_lower"][0, 0] < limits["forecast"].sum() < limits["city_upper"][0, 0])
    (True, True)
    """
    check_levels(levels)
    check_positive(largest, "Die Größe der Gebiete, an denen geeicht wird (largest),")
    check_error(eckwert, eckwert_error)
    population = stocks_of(inputs)
    given = population["area"].values
    order = key_order(given)
    past, names = past_of(population).of_areas(order), given[order]
    forecast = totals_from(past, names, years, method, eckwert)
    leads = [int(y) - past.launch for y in forecast["year_end"].values]
    chain = calibrations(past, max(leads), method, None if eckwert is None else eckwert_error, largest)
    areas = _limits(past, forecast, leads, chain, levels)
    everybody = xr.DataArray(np.ones((1, past.last.size)), {"city": ["all"]}, ("city", "area"))
    sums = [_of_a_sum(c) for c in chain]
    city = _together(past, areas, everybody, leads, sums if eckwert is None else _of_the_city(sums))
    result = areas.assign({f"city_{k}": v for k, v in city.isel(city=0, drop=True).items()})
    if groups is not None:
        together = _together(past, areas, _members(names.tolist(), groups), leads, sums)
        result = result.assign({f"group_{k}": v for k, v in together.items()})
    calibrated = [chain[lead - 1].lead for lead in leads]
    return result.assign(calibrated_lead=("year_end", calibrated)).isel(area=np.argsort(order))


def _limits(
    past: Past, forecast: xr.DataArray, leads: Sequence[int], chain: Sequence[Calibration], levels: Sequence[float]
) -> xr.Dataset:
    """Forecast and limits; an area without inhabitants has none to be wrong about."""
    size, restless = np.maximum(past.last, 1.0), unrest(past)
    below, above = [(1 - k) / 2 for k in levels], [(1 + k) / 2 for k in levels]
    few = few_persons(size)
    factors = outwards(np.stack([c.factors(size, restless, below + above, few) for c in chain]), len(below))
    limits, dims = np.stack([factors[lead - 1] for lead in leads], axis=1) * forecast.values, ("level", *forecast.dims)
    sides = {"lower": (dims, limits[: len(levels)]), "upper": (dims, limits[len(levels) :])}
    return xr.Dataset({"forecast": forecast} | sides, {"level": list(levels)})


def outwards(factors: np.ndarray, lower: int) -> np.ndarray:
    """Factors [lead, limit, …], the first limits lower ones: what may be off by so much earlier may be so later too.

    Errors at a longer lead are known from fewer launches, and those may have been the luckier ones.
    """
    low, high = np.minimum.accumulate(factors[:, :lower]), np.maximum.accumulate(factors[:, lower:])
    return np.concatenate([low, high], axis=1)


def _together(
    past: Past, areas: xr.Dataset, member: xr.DataArray, leads: Sequence[int], chain: Sequence[Calibration]
) -> xr.Dataset:
    """Forecast and limits of groups of areas, each as one area of its size; ``member`` is [group, area].

    No sum is less sure than if all of its areas were at their limits at once.
    """
    sums = areas.map(lambda persons: _summed(persons, member))
    together = Past(past.years, _sums(past.persons, member))
    found = _limits(together, sums["forecast"], leads, chain, areas["level"].values.tolist())
    lower, upper = np.maximum(found["lower"], sums["lower"]), np.minimum(found["upper"], sums["upper"])
    return widening(found.assign(lower=lower, upper=upper))


def widening(limits: xr.Dataset) -> xr.Dataset:
    """Limits of which none is nearer to the forecast, as a share of it, than in an earlier year that is asked for."""
    by_year = limits.sortby("year_end")
    share = by_year["forecast"].where(by_year["forecast"] > 0, 1.0)
    lower, upper = (by_year[side] / share for side in ("lower", "upper"))
    axis = lower.get_axis_num("year_end")
    lower = lower.copy(data=np.minimum.accumulate(lower.values, axis)) * share
    upper = upper.copy(data=np.maximum.accumulate(upper.values, axis)) * share
    return limits.assign(
        lower=lower.sel(year_end=limits["year_end"]), upper=upper.sel(year_end=limits["year_end"])
    ).transpose("level", "year_end", ...)


def _summed(persons: xr.DataArray, member: xr.DataArray) -> xr.DataArray:
    """The same numbers of each group instead of each area."""
    (group, _), others = member.dims, [d for d in persons.dims if d != "area"]
    sums = _sums(persons.transpose(..., "area").values, member)
    return xr.DataArray(sums, {group: member[group]} | {d: persons[d] for d in others}, (*others, group))


def _sums(values: np.ndarray, member: xr.DataArray) -> np.ndarray:
    """Sums [..., group] of values [..., area], term by term: no library adds them in an order of its own."""
    return np.stack([total(values[..., inside], -1) for inside in member.values.astype(bool)], axis=-1)


def _members(areas: Sequence[str], groups: Mapping[str, str]) -> xr.DataArray:
    """Which area belongs to which group [group, area], one or zero."""
    if not isinstance(groups, Mapping | pd.Series):
        raise EvaluationError(
            f"Die Gruppen (groups) sind {handed(groups)}.",
            remedy='Zu jedem Gebiet seine Gruppe angeben, zum Beispiel {"0101": "Mitte"}.',
        )
    without = [area for area in areas if area not in groups or not isinstance(groups[area], str | Integral)]
    if without:
        raise EvaluationError(
            "Gebiete ohne Gruppe haben keine Summe, zu der sie gehören.",
            cells=[{"area": area} for area in without],
            remedy="Zu jedem Gebiet des Bestands seine Gruppe angeben (groups), nicht umgekehrt, als Text.",
        )
    names = sorted({groups[area] for area in areas}, key=str)
    belongs = [[float(groups[area] == name) for area in areas] for name in names]
    return xr.DataArray(belongs, {"group": names}, ("group", "area"))


def _of_a_sum(areas: Calibration) -> Calibration:
    """Calibration of a sum of areas, in whose past errors the common one does not show."""
    return replace(areas, common=areas.whole)


def _of_the_city(chain: Sequence[Calibration]) -> list[Calibration]:
    """Calibrations of a total that is given: it is off by its own error only."""
    nothing = np.array([-np.inf, 0.0, 0.0])
    return [replace(c, above=nothing, below=nothing) for c in chain]


def check_error(eckwert: object, error: float, name: str = "eckwert_error") -> None:
    """Refuse an error of a total of the city that can only be a mistake, or that is one of nothing."""
    if not is_number(error) or not 0 <= error <= MOST_ERROR or (error > 0 and eckwert is None):
        raise EvaluationError(
            f"Ein Fehler des Eckwerts ({name}) ist ein Anteil von 0 bis {number_text(MOST_ERROR)} je Jahr und "
            "gehört zu einem Eckwert.",
            cells=[{name: str(error)}],
            remedy="Den Eckwert der Stadt angeben oder den Fehler weglassen.",
        )


def calibrations(
    past: Past, longest: int, method: str, told_error: float | None, largest: float = np.inf
) -> list[Calibration]:
    """One calibration per lead from one year on: what is typical at all leads, scores of the longest not beyond it.

    So the limits of a year do not depend on which others are asked for.
    ``told_error`` is the error per year of a total of the city that is given, None if there is none.
    """
    if told_error and past.last.size == 1:
        return [_of_a_told_total(lead, told_error) for lead in range(1, longest + 1)]
    every = known_errors(past, LONGEST_LEAD, method, told_error is not None, largest)
    typical, chain = typical_errors(every), []
    for lead in range(1, longest + 1):
        part = [e for e in every if e.lead <= lead] or every[:1]
        if told_error is None:
            turning, least, whole = (error(part, lead) for error in (turning_error, unseen_error, whole_error))
            chain.append(calibrate(part, lead, turning, least=least, whole=whole, by_hardest=False, typical=typical))
        else:
            chain.append(calibrate(part, lead, CommonError(lead * told_error, SURE), typical=typical))
    return chain


def _of_a_told_total(lead: int, error: float) -> Calibration:
    """Calibration of a place of one area, which is the city: with its total given, nothing is left to be missed."""
    nothing = np.array([-np.inf, 0.0, 0.0])
    told = CommonError(lead * error, SURE)
    return Calibration(0, nothing, nothing, (np.zeros(1),), common=told, whole=told)


def known_errors(past: Past, longest: int, method: str, told: bool, largest: float) -> list[PastErrors]:
    """Past errors at every lead up to the longest for which there are enough; where stocks lie further apart than that,
    up to their distance."""
    apart = {b - a for a in past.years for b in past.years if b > a}
    leads = sorted(lead for lead in apart if lead <= max(longest, min(apart)))
    by_lead = errors_by_lead(past, leads, method, told=told, largest=largest)
    found = [errors for errors in by_lead.values() if errors.count >= LEAST_ERRORS]
    if not found:
        raise too_few(past, by_lead)
    return found
