"""Households that may be published: they follow from published numbers, from quotas, and from counts in steps of five.

:func:`zwkprognose.output.households` counts with the exact persons of every age. Published beside age bands, its
results would say more about single years than may be said. Here a band of an area is divided into single years as that
of the whole city is, and known households are rounded before quotas are adjusted to them: whoever has the publication
learns nothing that is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from zwkprognose.arithmetic import total
from zwkprognose.national import death_prob
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.services import STEP, past_errors
from zwkprognose.output.content.spans import Spans, outward
from zwkprognose.output.demand import places_of
from zwkprognose.output.publication.bands import Band, make_bands
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.rates.households import HouseholdQuotas, KnownHouseholds
from zwkprognose.rates.households.fit import multiplied, odds_factors
from zwkprognose.rates.households.split import persons_per_household
from zwkprognose.rates.households.tilt import possible, tilted

#: First ages of the groups in which those who live alone are shown.
ALONE_AGES = (0, 35, 65, 80)
#: Oldest single age that quotas are asked for; beyond it nobody differs.
OLDEST = 105
#: Places that are divided in one go.
AT_A_TIME = 200
#: Largest part of the persons that smaller sizes may take from the largest.
MOST = 0.98


@dataclass(frozen=True, slots=True)
class HouseholdPlan:
    """What a project says of households.

    Attributes
    ----------
    quotas : HouseholdQuotas
    known : KnownHouseholds or None
        Counted on 31.12. of the base year.
    dwellings : mapping of area key to dwellings, or None
    planned : mapping of scenario to mapping of (year, area key) to dwellings completed
    reserve : float
        Share of the dwellings that stand empty for moving and repair.
    """

    quotas: HouseholdQuotas
    known: KnownHouseholds | None = None
    dwellings: Mapping[str, float] | None = None
    planned: Mapping[str, Mapping[tuple[int, str], float]] | None = None
    reserve: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Households:
    """Households; the city stands before the areas, all sizes together before the sizes.

    Attributes
    ----------
    sizes : tuple of str
    households, low, high : [scenario, y, 1 + area, 1 + size]
        Rounded; NaN where nothing may be shown, in the limits also where they are unknown.
    mean : [scenario, y, 1 + area]
        Persons in a household, to a hundredth.
    alone : [scenario, y, 1 + area, sex, age group]
        Persons who live alone, rounded.
    institutional : [scenario, y, 1 + area]
    groups : tuple of Band
        Of ``alone``.
    dwellings : [scenario, y, 1 + area] or None
        Stock of the base year with what is completed since.
    missing : [scenario, y, 1 + area] or None
        Dwellings needed with reserve, less those there are.
    """

    sizes: tuple[str, ...]
    plan: HouseholdPlan
    households: Floats
    low: Floats
    high: Floats
    mean: Floats
    alone: Floats
    institutional: Floats
    groups: tuple[Band, ...]
    dwellings: Floats | None
    missing: Floats | None


def households_of(plan: HouseholdPlan, numbers: Numbers, spans: Spans) -> Households:
    """Households from published numbers, with limits of the ages concerned where they are known."""
    areas = list(numbers.facts.areas)
    table = plan.quotas.table(OLDEST, numbers.sexes)
    parts = _divided(plan, table, numbers, numbers.bands, numbers.by_age, areas)
    city = _divided(plan, table, numbers, numbers.city_bands, numbers.city[:, :, None], areas, whole=True)
    whole = parts if not np.isnan(numbers.by_age).any() else city
    counts, alone, institutional, private = (
        np.concatenate([w if whole is city else w.sum(axis=2, keepdims=True), p], axis=2)
        for w, p in zip(whole.parts, parts.parts, strict=True)
    )
    everything = np.concatenate([total(np.moveaxis(counts, -1, 0), axis=0)[..., None], counts], axis=-1)
    low, high = _limits(city, parts, numbers, spans, everything)
    mean = np.divide(private, everything[..., 0], out=np.full_like(private, np.nan), where=everything[..., 0] > 0)
    there, missing = _dwellings(plan, numbers, everything[..., 0], areas)
    return Households(
        plan.quotas.size_labels, plan, _rounded(everything), *outward(low, high), np.round(mean, 2),
        _rounded(alone), _rounded(institutional), _groups(numbers), there, missing,
    )  # fmt: skip


@dataclass(frozen=True)
class _Parts:
    """Households [scenario, y, place, size], those alone [..., sex, group], persons in institutions and in households
    [scenario, y, place]; ``by_band`` are the households of the main scenario [y, place, band, size].
    """

    parts: tuple[Floats, Floats, Floats, Floats]
    by_band: Floats


def _divided(
    plan: HouseholdPlan, table: Floats, numbers: Numbers, bands: Sequence[Band], persons: Floats, areas: Sequence[str],
    *, whole: bool = False,
) -> _Parts:  # fmt: skip
    """Households of persons [scenario, y, place, sex, band], some places after the other for the memory."""
    main, shares = numbers.main, _by_band(table, numbers, bands)  # [scenario, y, sex, band, institution and sizes]
    seed, outside = _private(shares, plan.quotas), 1.0 - shares[..., 0]
    start = np.nan_to_num(persons[main, 0] * outside[main, 0])
    factors, open_size = _adjusted(plan, seed[main, 0], start, areas, whole=whole)
    weights = persons_per_household(plan.quotas, open_size)
    found = []
    for first in range(0, len(start), AT_A_TIME):
        some = slice(first, first + AT_A_TIME)
        found.append(
            _of_places(plan.quotas, persons[:, :, some], outside, seed, factors[some], weights[some], bands, main)
        )
    parts = [np.concatenate(values, axis=2) for values in zip(*(one.parts for one in found), strict=True)]
    return _Parts((parts[0], parts[1], parts[2], parts[3]), np.concatenate([one.by_band for one in found], axis=1))


def _of_places(
    quotas: HouseholdQuotas, persons: Floats, outside: Floats, seed: Floats, factors: Floats, weights: Floats,
    bands: Sequence[Band], main: int,
) -> _Parts:  # fmt: skip
    """Households of some places."""
    private = persons * outside[:, :, None]
    homes = persons - private
    cells = (*seed.shape[:2], -1, seed.shape[-1])
    flat = multiplied(seed.reshape(cells)[:, :, None], factors[None, None])
    share = flat.reshape(*flat.shape[:3], *seed.shape[2:])  # [scenario, y, place, sex, band, class]
    living = private[..., None] * share[..., : len(quotas.sizes)]
    by_band = total(np.moveaxis(living, 3, 0), axis=0)
    counts = total(np.moveaxis(by_band, 3, 0), axis=0)
    people = total(np.moveaxis(private, (-2, -1), (0, 1)), axis=(0, 1))
    tilt = 1.0 / np.broadcast_to(weights, counts.shape) if quotas.kind == "members" else _tilt(counts, weights, people)
    alone = living[..., 0] * tilt[..., 0, None, None]
    return _Parts(
        (counts * tilt, _grouped(alone, bands), total(np.moveaxis(homes, (-2, -1), (0, 1)), axis=(0, 1)), people),
        by_band[main] * tilt[main, ..., None, :],
    )


def _tilt(heads: Floats, sizes: Floats, people: Floats) -> Floats:
    """What heads [..., size] are multiplied by to hold the people; NaN where rounding leaves no way."""
    heads, people = np.nan_to_num(heads), np.nan_to_num(people)
    fits = possible(heads, sizes, people)
    _, factors = tilted(np.where(fits[..., None], heads, 0.0), sizes, np.where(fits, people, 0.0))
    return np.where(fits[..., None], factors, np.nan)


def _by_band(table: Floats, numbers: Numbers, bands: Sequence[Band]) -> Floats:
    """Shares of bands [scenario, y, sex, band, class]: single years weigh as in the city, below its own bands as in the
    life table.
    """
    city = [_of_ages(table, numbers.sexes, band) for band in numbers.city_bands]  # each [sex, class]
    found = []
    for band in bands:
        inside = [k for k, own in enumerate(numbers.city_bands) if own.first >= band.first and _ends_within(own, band)]
        if not inside or numbers.city_bands[inside[0]].first != band.first:
            alike = _of_ages(table, numbers.sexes, band)
            found.append(np.broadcast_to(alike, (*numbers.city.shape[:3], table.shape[-1])))
            continue
        people = numbers.city[..., inside][..., None]
        own = np.stack([city[k] for k in inside], axis=1)
        sums = total(np.moveaxis(people, -2, 0), axis=0)
        mixed = total(np.moveaxis(people * own, -2, 0), axis=0)
        found.append(np.where(sums > 0, np.divide(mixed, sums, out=np.zeros_like(mixed), where=sums > 0), own[:, 0]))
    return np.stack(found, axis=3)


def _ends_within(own: Band, band: Band) -> bool:
    return band.last is None or (own.last is not None and own.last <= band.last)


def _of_ages(table: Floats, sexes: Sequence[str], band: Band) -> Floats:
    """Shares [sex, class] of the ages of a band, weighing as in the national life table."""
    ages = slice(band.first, OLDEST + 1 if band.last is None else band.last + 1)
    alive = np.cumprod(1 - death_prob().values[:, : OLDEST + 1], axis=1)
    alive = np.pad(alive, ((0, 0), (0, max(OLDEST + 1 - alive.shape[1], 0))))
    living = dict(zip(("female", "male"), alive, strict=True)) | {"total": alive.mean(axis=0)}
    return np.stack([np.average(table[s, ages], axis=0, weights=living[sex][ages]) for s, sex in enumerate(sexes)])


def _private(shares: Floats, quotas: HouseholdQuotas) -> Floats:
    """Shares among the persons in households; heads have a last class of persons who are no head."""
    outside, sizes = 1.0 - shares[..., :1], shares[..., 1:]
    if quotas.kind == "heads":
        rest = outside - total(np.moveaxis(sizes, -1, 0), axis=0)[..., None]
        sizes = np.concatenate([sizes, np.maximum(rest, 0.0)], axis=-1)
    return np.divide(sizes, outside, out=np.zeros_like(sizes), where=outside > 0)


def _adjusted(
    plan: HouseholdPlan, seed: Floats, start: Floats, areas: Sequence[str], *, whole: bool
) -> tuple[Floats, Floats]:
    """Factors [place, class] and mean open sizes [place] from the published persons [place, sex, band] of the start.

    What contradicts the persons was refused before; what only their rounding contradicts is bounded here.
    """
    quotas, places = plan.quotas, len(start)
    classes = seed.shape[-1]
    sizes = np.full(places, np.nan if quotas.open_size is None else quotas.open_size)
    if plan.known is None:
        return np.ones((places, classes)), sizes
    counts = _rounded(plan.known.counts(areas, quotas.sizes))
    counts = counts.sum(axis=0, keepdims=True) if whole else counts
    people = start.reshape(places, -1).sum(axis=1)
    smaller = counts[:, :-1] * np.array(quotas.sizes[:-1], dtype=float)
    rest = people - smaller.sum(axis=1)
    known = ~np.isnan(counts).any(axis=1) & (counts[:, -1] > 0) & (people > 0)
    least = float(quotas.sizes[-1])
    sizes[known] = np.clip(rest[known] / counts[known, -1], least, 2 * least)
    sizes = np.where(np.isnan(sizes), np.nanmean(sizes) if known.any() else least, sizes)
    wanted = np.full((places, classes), np.nan)
    wanted[:, : classes - 1] = (smaller if quotas.kind == "members" else counts)[:, : classes - 1]
    flat, cells = start.reshape(places, -1), seed.reshape(-1, classes)
    possible_most = (flat[:, :, None] * (cells > 0)[None]).sum(axis=1)
    wanted = np.minimum(wanted, MOST * possible_most)
    taken = np.nansum(wanted, axis=1)
    scale = np.minimum(1.0, np.divide(MOST * people, taken, out=np.ones_like(taken), where=taken > 0))
    return odds_factors(
        cells, flat, wanted * scale[:, None], areas=["Insgesamt"] if whole else areas, classes=[""] * classes
    ), sizes


def _groups(numbers: Numbers) -> tuple[Band, ...]:
    return make_bands(ALONE_AGES, numbers.bands[-1].first)


def _grouped(alone: Floats, bands: Sequence[Band]) -> Floats:
    """Sums of bands [..., sex, group]."""
    have = [band.first for band in bands]
    starts = [have.index(first) for first in ALONE_AGES if first in have]
    return np.asarray(np.add.reduceat(alone, starts, axis=-1))


def _limits(city: _Parts, parts: _Parts, numbers: Numbers, spans: Spans, everything: Floats) -> tuple[Floats, Floats]:
    """Limits from past errors of the ages that the households come from; NaN where they are not known."""
    low, high = np.full_like(everything, np.nan), np.full_like(everything, np.nan)
    for k in range(everything.shape[-1]):
        of_city, of_areas = (
            p.by_band[..., slice(None) if k == 0 else slice(k - 1, k)].sum(axis=-1) for p in (city, parts)
        )
        found = past_errors(of_city[:, 0], of_areas, numbers, spans)
        if found is not None:
            low[..., k], high[..., k] = everything[..., k] * found[0], everything[..., k] * found[1]
    return low, high


def _dwellings(
    plan: HouseholdPlan, numbers: Numbers, households: Floats, areas: Sequence[str]
) -> tuple[Floats | None, Floats | None]:
    """Dwellings there are and those that are missing [scenario, y, 1 + area]."""
    if plan.dwellings is None:
        return None, None
    stock = places_of(areas, plan.dwellings)
    there = np.broadcast_to(stock, (*households.shape[:2], len(areas))).copy()
    for s, scenario in enumerate(numbers.facts.scenarios):
        for (year, area), built in ((plan.planned or {}).get(scenario.name) or {}).items():
            there[s, numbers.years >= year, areas.index(area)] += built
    there = np.concatenate([there.sum(axis=-1, keepdims=True), there], axis=-1)
    return np.round(there), _rounded(households / (1 - plan.reserve) - there)


def _rounded(values: Floats) -> Floats:
    return np.asarray(np.round(values / STEP) * STEP + 0.0)
