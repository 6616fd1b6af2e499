"""The published numbers that the page carries for its script, which draws portraits, tables and map from them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.output.content.facts import Facts
from zwkprognose.output.content.material import Material
from zwkprognose.output.content.numbers import Bands, Numbers
from zwkprognose.output.content.services import Need
from zwkprognose.output.content.spans import CITY, WIDE, Spans, outward
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.publication.whole_tables import LEAVING
from zwkprognose.output.report.balances import balances, inside
from zwkprognose.output.report.pages import script_data
from zwkprognose.output.report.words import VERY_WIDE, no_span
from zwkprognose.output.tables.cross import flow_labels, key_years, milestones
from zwkprognose.output.tables.ranges import ages_known

#: Which ages a place shows: fine bands by sex, broad bands by sex, broad bands alone, none.
FINE, BROAD_BY_SEX, BROAD_ALONE, NO_AGES = range(4)


def embedded(material: Material, limits: Sequence[float], everything: Material | None = None) -> str:
    """All that the script needs as compact JSON that cannot end the element it stands in.

    The first place is the city. Numbers are whole persons; null where nothing may be shown. ``everything``: the
    same before areas were left out.
    """
    all_needs = (everything or material).needs
    numbers, facts = material.numbers, material.numbers.facts
    data = {
        "baseYear": facts.base_year,
        "years": numbers.years.tolist(),
        "milestones": list(milestones(facts.base_year, facts.target_year)),
        "keyYears": list(key_years(facts.base_year, facts.target_year)),
        "scenarios": [scenario.title for scenario in facts.scenarios],
        "main": numbers.main,
        "unit": list(facts.unit),
        "words": _words(facts),
        "sexes": len(numbers.sexes),
        "flows": [
            {"name": title, "sign": -1 if name in LEAVING else 1}
            for name, title in zip(numbers.flows, flow_labels(numbers), strict=True)
        ],
        "balances": [[name, list(flows), name == inside(facts)] for name, flows in balances(numbers).items()],
        "bands": {name: _bands(bands) for name, bands in _all_bands(numbers).items()},
        "places": list(_places(material)),
        "districts": _districts(material.districts, material.spans.districts),
        "needs": [_need(numbers, *pair) for pair in zip(material.needs, all_needs, strict=True)],
        "limits": list(limits),
    }
    return script_data(data)


def _words(facts: Facts) -> dict[str, Any]:
    """What the whole and its parts are called where sentences need it."""
    regions, kind = facts.regions, facts.kind
    return {
        "toTheWhole": regions.whole.to_the,
        "district": [regions.district.singular, regions.district.plural],
        "dative": kind.plural_dative,
        "none": kind.none[0].upper() + kind.none[1:],
        "noSpan": [no_span(regions.whole), no_span(kind)],
        "wide": [WIDE, VERY_WIDE],
    }


def whole(values: Floats) -> Any:
    """Nested lists of whole numbers, None where nothing may be shown."""
    missing = np.isnan(values)
    if not missing.any():
        return values.astype(np.int64).tolist()
    known = np.where(missing, 0, values).astype(np.int64).astype(object)
    known[missing] = None
    return known.tolist()


def _all_bands(numbers: Numbers) -> dict[str, Bands]:
    return {
        "city": numbers.city_bands,
        "cityBroad": numbers.broad()[0],
        "fine": numbers.bands,
        "broad": numbers.broad_bands,
    }


def _bands(bands: Bands) -> list[list[Any]]:
    return [[band.first, band.last, band.label] for band in bands]


def _places(material: Material) -> Iterator[dict[str, Any]]:
    """The city, then every area; of one that may not be shown only its name."""
    numbers = material.numbers
    limits = _limits(numbers, material.spans)
    yield {"key": CITY, "name": numbers.facts.regions.total, **_shown(material, None), **limits.get(CITY, {})}
    for i, (key, name) in enumerate(numbers.facts.areas.items()):
        own = _shown(material, i) | limits.get(key, {}) if numbers.shown(i) else {}
        yield {"key": key, "name": name, **own}


def _districts(numbers: Numbers | None, spans: Spans | None) -> list[dict[str, Any]]:
    """Totals of the districts and their limits."""
    names = {} if numbers is None else numbers.facts.areas
    limits = {} if numbers is None or spans is None else _limits(numbers, spans)
    return [
        {"key": key, "name": name}
        | ({"total": whole(numbers.totals(i)), **limits.get(key, {})} if numbers and numbers.shown(i) else {})
        for i, (key, name) in enumerate(names.items())
    ]


def _shown(material: Material, area: int | None) -> dict[str, Any]:
    """Numbers of one place: totals and events of all years, ages and nationalities of the years to choose from."""
    numbers, at = material.numbers, _milestones(material.numbers)
    key = "" if area is None else list(numbers.facts.areas)[area]
    kind, ages = _ages(numbers, area)
    return {
        "total": whole(numbers.totals(area)),
        "flows": [whole(numbers.events(name, area)) for name in numbers.flows],
        "kind": kind,
        "ages": None if ages is None else whole(ages[:, at].reshape(*ages.shape[:1], len(at), -1)),
        "foreign": _foreign(numbers, area),
        "past": [[year, round(value)] for year, value in material.past.get(key, ())],
    }


def _milestones(numbers: Numbers) -> list[int]:
    return [numbers.year(year) for year in milestones(numbers.facts.base_year, numbers.facts.target_year)]


def _ages(numbers: Numbers, area: int | None) -> tuple[int, Floats | None]:
    """The finest ages that are shown, women before men where they are split by sex."""
    found = numbers.pyramid(area)
    if found is not None:
        return (BROAD_BY_SEX if found[0] == numbers.broad_bands and area is not None else FINE), found[1]
    broad = numbers.broad(area)[1]
    return (NO_AGES, None) if np.isnan(broad).any() else (BROAD_ALONE, broad)


def _foreign(numbers: Numbers, area: int | None) -> Any:
    """Persons of foreign nationality in the years to choose from; None where they are not known or not shown."""
    if "foreign" not in numbers.nationalities:
        return None
    groups = numbers.city_by_nationality if area is None else numbers.by_nationality[:, :, area]
    people = groups[:, _milestones(numbers), numbers.nationalities.index("foreign")]
    return None if np.isnan(people).any() else whole(people)


def _limits(numbers: Numbers, spans: Spans) -> Mapping[str, dict[str, Any]]:
    """Limits of city and areas as they are printed.

    ``fan``: of the total in the years to choose from [year][low, high]; ``ageSpans``: of the broad ages in the years
    of small tables [band][year][low, high].
    """
    if spans.totals is None:
        return {}
    base, target = numbers.facts.base_year, numbers.facts.target_year
    keys, totals = [str(key) for key in spans.totals["area"].values], _pairs(spans.totals, milestones(base, target)[1:])
    found = {key: {"fan": own} for key, own in zip(keys, totals, strict=True)}
    if spans.ages is not None:
        places = {CITY: None} | {key: i for i, key in enumerate(numbers.facts.areas)}
        for key, own in zip(keys, _pairs(spans.ages, key_years(base, target)), strict=True):
            if ages_known(numbers, spans, places[key]):
                found[key]["ageSpans"] = own
    return found


def _pairs(limits: xr.Dataset, years: Sequence[int]) -> Any:
    """Printed limits [area, …, year, low and high]."""
    one = limits.sel(year_end=list(years)).transpose("area", ..., "year_end")
    return whole(np.stack(outward(one["lower"].values, one["upper"].values), axis=-1))


def _need(numbers: Numbers, need: Need, everywhere: Need) -> dict[str, Any]:
    """Demand and its limits [scenario][year to choose from][place], and what stands beside them."""
    at = _milestones(numbers)
    known = not np.isnan(need.low).all()
    short = need.demand > need.places if need.places is not None else None
    return {
        "title": need.title,
        "source": need.source,
        "demand": whole(need.demand[:, at]),
        "low": whole(need.low[:, at]) if known else None,
        "high": whole(need.high[:, at]) if known else None,
        "margin": np.round(100 * need.margin).astype(int).tolist(),
        "calibrated": need.calibrated,
        "places": None if need.places is None else need.places.tolist(),
        "lacking": _lacking(everywhere, at),
        "blank": np.isnan(everywhere.demand[:, at, 1:]).any(axis=-1).tolist(),
        "short": None if short is None else _first_short(numbers, short),
    }


def _lacking(need: Need, at: list[int]) -> Any:
    """Number of areas without enough places [scenario][year to choose from]."""
    if need.places is None:
        return None
    return (need.demand[:, at, 1:] > need.places[1:]).sum(axis=-1).tolist()


def _first_short(numbers: Numbers, short: Any) -> list[list[int | None]]:
    """First year without enough places [scenario][place]; None where they suffice."""
    first = numbers.years[short.argmax(axis=1)]
    return [
        [int(year) if any_ else None for year, any_ in zip(years, found, strict=True)]
        for years, found in zip(first, short.any(axis=1), strict=True)
    ]
