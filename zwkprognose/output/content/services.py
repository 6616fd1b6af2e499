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
from zwkprognose.german import age_span, listed, share
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.quotas import OLD, Quota
from zwkprognose.output.content.sites import Sites
from zwkprognose.output.content.spans import Spans
from zwkprognose.output.demand import SMALL_AREA, SMALL_NOTE, demand, places_of
from zwkprognose.output.publication.bands import Band
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.tables.ranges import ages_known

#: An age that no quota tells from older ones.
OLDEST = 105
#: Demand is an estimate and is shown in steps of this many persons.
STEP = 5


@dataclass(frozen=True, slots=True)
class Service:
    """A quota and, if known, the places that there are in every area, or at sites that serve several.

    ``reserve`` is the part of the places that shall stay free.
    """

    quota: Quota
    places: Mapping[str, float] | None = None
    reserve: float = 0.0
    sites: Sites | None = None


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
    margin : [1 + area]
        Relative error from chance alone; 0 if none is known.
    calibrated : bool
        Whether the limits come from past errors; they are missing then where there is no demand or nobody lives.
    places : [1 + area] or None
    """

    title: str
    source: str
    note: str
    demand: Floats
    low: Floats
    high: Floats
    margin: Floats
    calibrated: bool
    places: Floats | None

    @property
    def said(self) -> str:
        """Where the quota comes from, and what must be said of it."""
        return f"{self.source}. {self.note}".strip()


def check_services(projection: xr.Dataset, services: Sequence[Service]) -> None:
    """Raise :class:`OutputError` for a quota or places that do not fit a projection."""
    if not services:
        return
    one = projection[["population"]].isel(year_end=[0])
    one = one.isel(scenario=[0]) if "scenario" in one.dims else one
    areas = [str(key) for key in one["area"].values]
    for service in services:
        if service.places is not None:
            places_of(areas, service.places, service.quota.title)
        demand(one, service.quota, capacity=service.places)
        if service.sites is not None:
            service.sites.matrix(areas)


def need_of(service: Service, numbers: Numbers, spans: Spans) -> Need:
    """Demand for one service from published numbers, with limits of the ages concerned where they are known."""
    quota = service.quota
    level = quota.factors(numbers.years)[:, None]
    by_band, of_city = _areas(quota, numbers), _city(quota, numbers)
    needed = np.concatenate([of_city.sum(axis=-1, keepdims=True), by_band.sum(axis=-1)], axis=-1) * level
    calibrated = past_errors(of_city[numbers.main], by_band[numbers.main], numbers, spans)
    margin = _chance(quota, numbers)
    known = np.where(margin > 0, margin, np.nan)
    low, high = (1 - known, 1 + known) if calibrated is None else calibrated
    places = None if service.places is None else places_of(list(numbers.facts.areas), service.places)
    places = None if places is None else (1 - service.reserve) * places
    return Need(
        quota.title,
        quota.source,
        _note(service, numbers),
        _rounded(needed),
        _rounded(needed * low),
        _rounded(needed * high),
        margin,
        calibrated is not None,
        None if places is None else np.concatenate([[places.sum()], places]),
    )


def _note(service: Service, numbers: Numbers) -> str:
    """What must be said beside the demand."""
    quota, band = service.quota, numbers.city_bands[-1]
    said = [quota.bias] if quota.bias else []
    if quota.small_margin:
        said.append(numbers.facts.regions.worded(SMALL_NOTE))
    if _is_mixed(quota, band):
        said.append(
            f"In der Altersgruppe {band.label} verteilt sich das Alter wie in der Sterbetafel 2022/24 für Deutschland."
        )
    if gaps := quota.uncovered():
        ages = listed([age_span(*gap) for gap in gaps])
        said.append(f"Die Quote nennt für das Alter {ages} keinen Anteil; dort ist kein Bedarf gerechnet.")
    if service.reserve and service.places is not None:
        said.append(f"Von den Plätzen sind {share(service.reserve)} als Reserve abgezogen.")
    return " ".join(said)


def _chance(quota: Quota, numbers: Numbers) -> Floats:
    """What chance alone does in areas that are small in the base year [1 + area]; 0 for the city."""
    small = numbers.total[numbers.main, 0] < SMALL_AREA
    return np.concatenate([[0.0], np.where(small, quota.small_margin, 0.0)])


def past_errors(of_city: Floats, by_band: Floats, numbers: Numbers, spans: Spans) -> tuple[Floats, Floats] | None:
    """Factors [y, 1 + area] of the limits of the ages that the demand comes from; None if unknown.

    The demand is that of the city [y, city band] and of the areas [y, area, band].
    """
    if spans.ages is None or [str(b) for b in spans.ages["age_group"].values] != [b.label for b in numbers.broad_bands]:
        return None
    areas = _broad(by_band, numbers.bands, numbers)
    if ages_known(numbers, spans, None):
        city = _broad(of_city, numbers.city_bands, numbers)[:, None]
    else:
        city = np.full_like(areas[:, :1], np.nan)
    weights = np.concatenate([city, areas], axis=1)
    at = [numbers.year(int(year)) for year in spans.ages["year_end"].values]
    return _weighted(weights, at, spans.ages, "lower"), _weighted(weights, at, spans.ages, "upper")


def _broad(values: Floats, bands: Sequence[Band], numbers: Numbers) -> Floats:
    """Sums of fine bands by broad band."""
    firsts = [band.first for band in bands]
    return np.asarray(np.add.reduceat(values, [firsts.index(band.first) for band in numbers.broad_bands], axis=-1))


def _weighted(weights: Floats, at: Sequence[int], limits: xr.Dataset, side: str) -> Floats:
    """Mean factor [y, 1 + area] of a limit, bands weighing with their demand; NaN where one of them has no limit."""
    forecast = limits["forecast"].transpose("year_end", "area", "age_group").values
    limit = limits[side].transpose("year_end", "area", "age_group").values
    factor = np.divide(limit, forecast, out=np.full_like(limit, np.nan), where=forecast > 0)
    total = weights[at].sum(axis=-1)
    sums = (weights[at] * np.where(weights[at] > 0, factor, 0.0)).sum(axis=-1)
    result = np.full(weights.shape[:2], np.nan)
    result[at] = np.divide(sums, total, out=np.full_like(total, np.nan), where=total > 0)
    return result


def _city(quota: Quota, numbers: Numbers) -> Floats:
    """Demand of the city [scenario, y, city band] before the level of the quota."""
    shares = [_of_city_band(quota, numbers, band) for band in numbers.city_bands]
    return np.asarray((numbers.city * np.stack(shares, axis=-1)).sum(axis=-2))


def _areas(quota: Quota, numbers: Numbers) -> Floats:
    """Demand of the areas [scenario, y, area, band] before the level of the quota; NaN where ages are not shown."""
    shares = np.stack([_band_share(quota, numbers, band) for band in numbers.bands], axis=-1)
    return np.asarray((numbers.by_age * shares[:, :, None]).sum(axis=-2))


def _band_share(quota: Quota, numbers: Numbers, band: Band) -> Floats:
    """Share of a band that needs the service [scenario, y, sex], single years weighing as in the city."""
    same = _same(quota, numbers, band)
    inside = [k for k, own in enumerate(numbers.city_bands) if _contains(band, own)]
    if not np.isnan(same).any() or not inside or numbers.city_bands[inside[0]].first != band.first:
        return np.broadcast_to(same, (*numbers.city_total.shape, len(same)))
    people = numbers.city[..., inside]
    shares = np.stack([_of_city_band(quota, numbers, numbers.city_bands[k]) for k in inside], axis=-1)
    total = people.sum(axis=-1)
    weighted = np.divide((people * shares).sum(axis=-1), total, out=np.zeros_like(total), where=total > 0)
    return np.asarray(weighted)


def _of_city_band(quota: Quota, numbers: Numbers, band: Band) -> Floats:
    """Share [sex] of a band of the city, the open one of the old divided as the national life table is."""
    return quota.open_share(band.first, numbers.sexes) if _is_mixed(quota, band) else _same(quota, numbers, band)


def _same(quota: Quota, numbers: Numbers, band: Band) -> Floats:
    """Share [sex] that all ages of a band have; NaN where they differ."""
    oldest = max(band.first, OLDEST)
    ages = np.arange(band.first, (oldest if band.last is None else band.last) + 1)
    try:
        shares = quota.shares(np.arange(oldest + 1), numbers.sexes)[:, ages]
    except OutputError:
        return np.full(len(numbers.sexes), np.nan)
    return np.where((shares == shares[:, :1]).all(axis=1), shares[:, 0], np.nan)


def _is_mixed(quota: Quota, band: Band) -> bool:
    """Whether a band is the open one of the old and a quota treats its ages differently."""
    return band.last is None and band.first >= OLD and quota.cuts(band.first)


def _contains(band: Band, own: Band) -> bool:
    """Whether a band of the city lies within a band of the areas."""
    return own.first >= band.first and (band.last is None or (own.last is not None and own.last <= band.last))


def _rounded(values: Floats) -> Floats:
    return np.asarray(np.round(values / STEP) * STEP + 0.0)
