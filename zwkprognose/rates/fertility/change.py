"""Fertility over time: towards a target total fertility rate, and births at a later mean age."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import mean, total
from zwkprognose.errors import RatesError
from zwkprognose.german import number_text
from zwkprognose.rates.checks import check_numbers, projected_years, refuse_years


def change_fertility(
    rates: xr.Dataset,
    years: Sequence[int],
    *,
    target_tfr: float | None = None,
    mean_age_shift: float = 0.0,
) -> xr.Dataset:
    """Let the fertility of a rates Dataset change evenly until the last year of a projection.

    Parameters
    ----------
    rates : xr.Dataset
        With ``fertility_rate`` for one year.
    years : sequence of int
        Years of the projection, ascending.
    target_tfr : float, children per woman, optional
        Total fertility rate of the last year, for the mean of all areas and groups; areas and groups keep
        their relative level.
    mean_age_shift : float, years
        By how much mothers are older in the last year; the level is kept.

    Returns
    -------
    xr.Dataset
        A copy whose ``fertility_rate`` has the dimension ``year``.

    Raises
    ------
    RatesError
        If an option is impossible, the rates change over the years already, or the shift would move births below
        the first or above the last age.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example
    >>> rates = estimate_rates(load_example("bremerhaven"))
    >>> path = change_fertility(rates, range(2024, 2041), target_tfr=1.5)
    >>> round(float(path["fertility_rate"].sel(year=2040).sum("age").mean()), 3)
    1.5
    """
    check_numbers(target_tfr=target_tfr, mean_age_shift=mean_age_shift)
    refuse_years(rates, "fertility_rate")
    years = projected_years(years)
    share = np.arange(1, len(years) + 1) / len(years)
    before = rates["fertility_rate"]
    schedule = before.to_numpy()
    shifted = np.stack([shift_ages(schedule, mean_age_shift * s) for s in share])
    level = np.ones(len(years)) if target_tfr is None else _path(schedule, target_tfr, share)
    after = shifted * level.reshape(-1, *[1] * schedule.ndim)
    return rates.assign(fertility_rate=(("year", *before.dims), after, before.attrs)).assign_coords(year=years)


def shift_ages(schedule: np.ndarray, years: float) -> np.ndarray:
    """Move a schedule [..., age] to higher (or lower) ages; its sum stays.

    A fraction of a year is shared between the two neighbouring ages.

    Examples
    --------
    >>> shift_ages(np.array([0.0, 0.4, 0.0, 0.0]), 1.25).tolist()
    [0.0, 0.0, 0.30000000000000004, 0.1]
    """
    whole = int(np.floor(years))
    part = years - whole
    moved = (1 - part) * _rolled(schedule, whole)
    return moved + part * _rolled(schedule, whole + 1) if part else moved


def mean_age(schedule: np.ndarray) -> np.ndarray:
    """Mean age reached in the year of birth under a schedule [..., age]."""
    return total(schedule * np.arange(schedule.shape[-1]), -1) / total(schedule, -1)


def _rolled(schedule: np.ndarray, ages: int) -> np.ndarray:
    """Schedule moved by whole ages; births must not fall off either end."""
    lost = schedule[..., -ages:] if ages > 0 else schedule[..., :-ages]
    if ages and (lost != 0).any():
        raise RatesError(
            f"Eine Verschiebung um {ages} Jahre schiebt Geburten über den Rand der Altersskala.",
            remedy="Eine kleinere Verschiebung des Gebäralters wählen.",
        )
    return np.roll(schedule, ages, axis=-1)


def _path(schedule: np.ndarray, target: float, share: np.ndarray) -> np.ndarray:
    """Factor of each year on the even way from today's mean TFR to the target."""
    today = float(mean(total(schedule, -1)))
    if target <= 0 or today <= 0:
        raise RatesError(
            f"Eine zusammengefasste Geburtenziffer von {number_text(target)} ist nicht möglich "
            f"(bisher {number_text(round(today, 2))}).",
            remedy="Einen positiven Zielwert angeben, zum Beispiel 1,4.",
        )
    return 1 + share * (target / today - 1)
