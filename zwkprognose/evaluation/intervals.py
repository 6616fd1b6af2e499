"""Intervals for area totals that have been shown to cover: calibrated on the method's own past errors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from zwkprognose.errors import EvaluationError
from zwkprognose.evaluation.calibration import Calibration, calibrate
from zwkprognose.evaluation.past_errors import PastErrors, past_errors, unrest
from zwkprognose.rates.totals import Past, estimate_totals, past_of

LEVELS = (0.8, 0.95)


def intervals(
    inputs: xr.Dataset | xr.DataArray,
    years: Sequence[int],
    *,
    method: str = "shrunk",
    eckwert: Mapping[int, float] | xr.DataArray | None = None,
    levels: Sequence[float] = LEVELS,
    largest: float = np.inf,
) -> xr.Dataset:
    """Forecast area totals with limits calibrated on what the method got wrong before.

    The method is run from every earlier launch, its errors are related to the lead and to the size and the
    unrest of the areas, above and below the forecast apart, and their quantiles become the limits, as wide as
    the launch that was hardest to foresee would have needed. Leads that nobody could observe yet are
    extrapolated from the shorter ones.

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
    levels : sequence of float
        Nominal coverages of central intervals, such as 0.8.
    largest : float, persons
        Larger areas are not used for calibration.

    Returns
    -------
    xr.Dataset
        ``forecast`` [year_end, area], ``lower`` and ``upper`` [level, year_end, area] in persons,
        ``calibrated_lead`` [year_end], the lead of the errors behind each year.

    Raises
    ------
    EvaluationError
        If there are fewer than 30 past errors at any lead.

    Examples
    --------
    >>> from zwkprognose import load_example
    >>> limits = intervals(load_example("berlin"), [2025], levels=[0.8])
    >>> inside = (limits["lower"] <= limits["forecast"]) & (limits["forecast"] <= limits["upper"])
    >>> bool(inside.all())
    True
    """
    past = past_of(inputs)
    forecast = estimate_totals(inputs, years, method=method, eckwert=eckwert)
    chain = calibrations(past, [int(y) - past.launch for y in years], method, eckwert is not None, largest)
    limits = np.array([_limits(past, c, levels) for c in chain])  # year, side, level, area
    lower, upper = (forecast.values * np.moveaxis(limits[:, side], 0, 1) for side in (0, 1))
    dims = ("level", "year_end", "area")
    return xr.Dataset(
        {
            "forecast": forecast,
            "lower": (dims, lower),
            "upper": (dims, upper),
            "calibrated_lead": ("year_end", [c.lead for c in chain]),
        },
        {"level": list(levels)},
    )


def calibrations(
    past: Past, leads: Sequence[int], method: str, told: bool, largest: float = np.inf
) -> list[Calibration]:
    """One calibration per lead, from the errors at all shorter leads and its own."""
    known = known_errors(past, max(leads), method, told, largest)
    return [calibrate([e for e in known if e.lead <= lead] or known[:1], lead) for lead in leads]


def known_errors(past: Past, longest: int, method: str, told: bool, largest: float) -> list[PastErrors]:
    """Past errors at every lead up to the longest for which there are enough."""
    found = []
    for lead in sorted({b - a for a in past.years for b in past.years if 0 < b - a <= longest}):
        try:
            found.append(past_errors(past, lead, method, told=told, largest=largest))
        except EvaluationError:
            continue  # too few at this lead; the next calibrated one is stretched
    if not found:
        past_errors(past, longest, method, told=told, largest=largest)
    return found


def _limits(past: Past, calibration: Calibration, levels: Sequence[float]) -> np.ndarray:
    """Factors on the forecast [side, level, area]; an area without inhabitants has none to be wrong about."""
    size = np.maximum(past.last, 1.0)
    restless = unrest(past)
    lower = calibration.factors(size, restless, [(1 - level) / 2 for level in levels])
    upper = calibration.factors(size, restless, [(1 + level) / 2 for level in levels])
    return np.stack([lower, upper])
