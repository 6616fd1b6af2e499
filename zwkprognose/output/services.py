"""Demand that may be published: persons of the published age bands times quotas, beside the places there are.

:func:`zwkprognose.demand` counts with single years of age of every area. Published beside age bands, its results
would say more about single years than may be said. Here a band of an area is divided into single years as that of
the whole city is, so that the demand follows from numbers that are published anyway.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output.bands import Band
from zwkprognose.output.demand import SMALL_AREA, SMALL_NOTE, demand, places_of
from zwkprognose.output.numbers import Numbers
from zwkprognose.output.quotas import Quota
from zwkprognose.output.rounding import Floats

#: Demand is an estimate and is shown in steps of this many persons.
STEP = 5


@dataclass(frozen=True, slots=True)
class Service:
    """A quota and, if known, the places that there are in every area."""

    quota: Quota
    places: Mapping[str, float] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Need:
    """Demand for one service; the city stands before the areas.

    Attributes
    ----------
    title, source : str
        Title of the quota, and where it comes from.
    note : str
        What must be said beside the numbers; may be empty.
    demand, low, high : [scenario, y, 1 + area]
        Persons, rounded; NaN in ``demand`` where it may not be shown, in the limits also where they are unknown.
    places : [1 + area] or None
    """

    title: str
    source: str
    note: str
    demand: Floats
    low: Floats
    high: Floats
    places: Floats | None


def check_services(projection: xr.Dataset, services: Sequence[Service]) -> None:
    """Raise :class:`OutputError` for a quota or places that do not fit a projection."""
    for service in services:
        demand(projection, service.quota, capacity=service.places)


def need_of(service: Service, numbers: Numbers) -> Need:
    """Demand for one service from published numbers."""
    quota, keys = service.quota, list(numbers.facts.areas)
    level = quota.factors(numbers.years)[:, None]
    needed = np.concatenate([_city(quota, numbers)[..., None], _areas(quota, numbers)], axis=-1) * level
    small = np.concatenate([np.zeros((*numbers.city_total.shape, 1), bool), numbers.total < SMALL_AREA], axis=-1)
    margin = np.where(small & (quota.small_margin > 0), quota.small_margin, np.nan)
    places = None if service.places is None else places_of(keys, service.places)
    return Need(
        quota.title,
        quota.source,
        SMALL_NOTE if quota.small_margin else "",
        _rounded(needed),
        _rounded(needed * (1 - margin)),
        _rounded(needed * (1 + margin)),
        None if places is None else np.concatenate([[places.sum()], places]),
    )


def _city(quota: Quota, numbers: Numbers) -> Floats:
    """Demand of the city [scenario, y] before the level of the quota."""
    shares = [_same(quota, numbers, band) for band in numbers.city_bands]
    return np.asarray((numbers.city * np.stack(shares, axis=-1)).sum(axis=(-2, -1)))


def _areas(quota: Quota, numbers: Numbers) -> Floats:
    """Demand of the areas [scenario, y, area] before the level of the quota; NaN where ages are not shown."""
    shares = np.stack([_band_share(quota, numbers, band) for band in numbers.bands], axis=-1)
    return np.asarray((numbers.by_age * shares[:, :, None]).sum(axis=(-2, -1)))


def _band_share(quota: Quota, numbers: Numbers, band: Band) -> Floats:
    """Share of a band that needs the service [scenario, y, sex], single years weighing as in the city."""
    same = _same(quota, numbers, band)
    inside = [k for k, own in enumerate(numbers.city_bands) if _contains(band, own)]
    if not np.isnan(same).any() or not inside or numbers.city_bands[inside[0]].first != band.first:
        return np.broadcast_to(same, (*numbers.city_total.shape, len(same)))
    people = numbers.city[..., inside]
    shares = np.stack([_same(quota, numbers, numbers.city_bands[k]) for k in inside], axis=-1)
    total = people.sum(axis=-1)
    weighted = np.divide((people * shares).sum(axis=-1), total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(weighted)


def _same(quota: Quota, numbers: Numbers, band: Band) -> Floats:
    """Share [sex] that all ages of a band have; NaN where they differ."""
    oldest = max(band.first, numbers.city_bands[-1].first, numbers.bands[-1].first)
    ages = np.arange(band.first, (oldest if band.last is None else band.last) + 1)
    try:
        shares = quota.shares(np.arange(oldest + 1), numbers.sexes)[:, ages]
    except OutputError:
        return np.full(len(numbers.sexes), np.nan)
    return np.where((shares == shares[:, :1]).all(axis=1), shares[:, 0], np.nan)


def _contains(band: Band, own: Band) -> bool:
    """Whether a band of the city lies within a band of the areas."""
    return own.first >= band.first and (band.last is None or (own.last is not None and own.last <= band.last))


def _rounded(values: Floats) -> Floats:
    return np.asarray(np.round(values / STEP) * STEP + 0.0)
