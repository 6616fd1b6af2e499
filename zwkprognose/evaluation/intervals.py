"""Intervals for area totals that have been shown to cover: calibrated on the method's own past errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import xarray as xr

from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.asked import check_horizon, check_levels, check_whole
from zwkprognose.evaluation.calibration import Calibration, calibrate
from zwkprognose.evaluation.common_error import CommonError, turning_error, unseen_error
from zwkprognose.evaluation.past_errors import LEAST_ERRORS, PastErrors, errors_by_lead, too_few, unrest
from zwkprognose.rates.totals import Past, past_of
from zwkprognose.rates.totals.estimate import totals_from
from zwkprognose.rates.totals.past import stocks_of

LEVELS = (0.8, 0.95)
#: Times the lower limit beyond which the upper one says nothing.
WIDEST = 3
#: Experiences behind an error that is given as a number: as good as known.
MANY = 1e6


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
    extrapolated from the shorter ones. The city and groups of areas are calibrated as areas of their size.

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
        ``group_…`` [group]; ``calibrated_lead`` [year_end], the lead of the errors behind each year.

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
    check_whole(years, "Stichtage")
    check_horizon(years)
    _check_error(eckwert, eckwert_error)
    past, population = past_of(inputs), stocks_of(inputs)
    forecast = totals_from(past, population["area"].values, years, method, eckwert)
    leads = [int(y) - past.launch for y in years]
    chain = calibrations(past, leads, method, None if eckwert is None else eckwert_error, largest)
    areas = _limits(past, forecast, chain, levels)
    everybody = xr.DataArray(np.ones((1, past.last.size)), {"city": ["all"]}, ("city", "area"))
    sums = [_of_a_sum(c) for c in chain]
    city = _together(past, areas, everybody, sums if eckwert is None else _of_the_city(sums))
    result = areas.assign({f"city_{k}": v for k, v in city.isel(city=0, drop=True).items()})
    if groups is not None:
        together = _together(past, areas, _members(forecast["area"].values.tolist(), groups), sums)
        result = result.assign({f"group_{k}": v for k, v in together.items()})
    return result.assign(calibrated_lead=("year_end", [c.lead for c in chain]))


def _limits(past: Past, forecast: xr.DataArray, chain: Sequence[Calibration], levels: Sequence[float]) -> xr.Dataset:
    """Forecast and limits; an area without inhabitants has none to be wrong about."""
    size, restless = np.maximum(past.last, 1.0), unrest(past)
    points = [*((1 - k) / 2 for k in levels), *((1 + k) / 2 for k in levels)]
    factors = np.stack([c.factors(size, restless, points) for c in chain], axis=1)
    limits, dims = factors * forecast.values, ("level", *forecast.dims)
    sides = {"lower": (dims, limits[: len(levels)]), "upper": (dims, limits[len(levels) :])}
    return xr.Dataset({"forecast": forecast} | sides, {"level": list(levels)})


def _together(past: Past, areas: xr.Dataset, member: xr.DataArray, chain: Sequence[Calibration]) -> xr.Dataset:
    """Forecast and limits of groups of areas, each as one area of its size; ``member`` is [group, area].

    No sum is less sure than if all of its areas were at their limits at once.
    """
    sums, levels = areas.map(lambda persons: xr.dot(persons, member, dim="area")), areas["level"].values.tolist()
    found = _limits(Past(past.years, past.persons @ member.values.T), sums["forecast"], chain, levels)
    lower, upper = np.maximum(found["lower"], sums["lower"]), np.minimum(found["upper"], sums["upper"])
    return found.assign(lower=lower, upper=upper)


def _members(areas: Sequence[str], groups: Mapping[str, str]) -> xr.DataArray:
    """Which area belongs to which group [group, area], one or zero."""
    without = [area for area in areas if area not in groups]
    if without:
        raise EvaluationError(
            "Gebiete ohne Gruppe haben keine Summe, zu der sie gehören.",
            cells=[{"area": area} for area in without],
            remedy="Für jedes Gebiet eine Gruppe angeben (groups).",
        )
    names = sorted({groups[area] for area in areas})
    belongs = [[float(groups[area] == name) for area in areas] for name in names]
    return xr.DataArray(belongs, {"group": names}, ("group", "area"))


def _of_a_sum(areas: Calibration) -> Calibration:
    """Calibration of a sum of areas, in whose past errors the common one does not show."""
    return replace(areas, common=max(areas.common, areas.least, key=lambda error: error.scale))


def _of_the_city(chain: Sequence[Calibration]) -> list[Calibration]:
    """Calibrations of a total that is given: it is off by its own error only."""
    nothing = np.array([-np.inf, 0.0, 0.0])
    return [replace(c, above=nothing, below=nothing) for c in chain]


def _check_error(eckwert: object, error: float) -> None:
    if not 0 <= error < 1 or (error > 0 and eckwert is None):
        raise EvaluationError(
            "Ein Fehler des Eckwerts (eckwert_error) ist ein Anteil von 0 bis unter 1 und gehört zu einem Eckwert.",
            cells=[{"eckwert_error": error}],
            remedy="Den Eckwert der Stadt angeben oder den Fehler weglassen.",
        )


def calibrations(
    past: Past, leads: Sequence[int], method: str, told_error: float | None, largest: float = np.inf
) -> list[Calibration]:
    """One calibration per lead, from the errors at all shorter leads and its own.

    ``told_error`` is the error per year of a total of the city that is given, None if there is none.
    """
    known = known_errors(past, max(leads), method, told_error is not None, largest)
    chain = []
    for lead in leads:
        part = [e for e in known if e.lead <= lead] or known[:1]
        if told_error is None:
            unseen = unseen_error(part, lead)
            chain.append(calibrate(part, lead, turning_error(part, lead), least=unseen, by_hardest=False))
        else:
            chain.append(calibrate(part, lead, CommonError(lead * told_error, MANY)))
    return chain


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
