"""Tables of limits: totals of all areas, age bands of one or of all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np
import xarray as xr

from zwkprognose.german import SENSELESS
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.spans import CITY, Spans, outward, span_text
from zwkprognose.output.tables.cross import Cell, CrossTable, key_years, milestones

TITLE = "Spannen (80 von 100 Fällen)"


def total_spans(numbers: Numbers, spans: Spans) -> CrossTable | None:
    """One row per area below one of the city: limits of the total in the milestone years; None if there are none."""
    if spans.totals is None:
        return None
    years, places = _years(numbers), _places(numbers)
    limits = _limits(spans.totals.sel(year_end=years, area=[key for _, key, _ in places]))
    rows = [
        (key, name, *(_cells(limits[:, i]) if numbers.shown(area) else [float("nan")] * len(limits)))
        for i, (area, key, name) in enumerate(places)
    ]
    title = f"{TITLE}: Bevölkerung der {numbers.facts.unit[1]}, {spans.method}"
    return CrossTable(title, (numbers.facts.unit[0], "Name", *_heads(years)), tuple(rows), heads=2, total=True)


def age_spans(numbers: Numbers, spans: Spans) -> CrossTable | None:
    """One row per area and age band, those of the city first: limits in the milestone years; None if there are none."""
    if spans.ages is None:
        return None
    years = _years(numbers)
    shown = [(key, name) for area, key, name in _places(numbers) if ages_known(numbers, spans, area)]
    found = spans.ages.sel(year_end=years, area=[key for key, _ in shown])
    limits = np.moveaxis(_limits(found.transpose("year_end", "area", "age_group")), 0, -1)
    rows = [
        (key, name, str(band), *_cells(limits[i, b]))
        for i, (key, name) in enumerate(shown)
        for b, band in enumerate(found["age_group"].values)
    ]
    title = f"{TITLE}: Altersgruppen der {numbers.facts.unit[1]}, {spans.method}"
    return CrossTable(title, (numbers.facts.unit[0], "Name", "Alter", *_heads(years)), tuple(rows), heads=3)


def area_spans(numbers: Numbers, spans: Spans, area: int | None) -> CrossTable | None:
    """Limits of the total and the age bands of one area or the city in a few years, as texts."""
    if spans.totals is None:
        return None
    key, years = place_key(numbers, area), key_years(numbers.facts.base_year, numbers.facts.target_year)
    rows: list[tuple[Cell, ...]] = [("insgesamt", *_texts(spans.totals.sel(area=key), years))]
    if spans.ages is not None and ages_known(numbers, spans, area):
        own = spans.ages.sel(area=key)
        rows += [(str(b), *_texts(own.sel(age_group=b), years)) for b in own["age_group"].values]
    return CrossTable(TITLE, ("Alter", *map(str, years)), tuple(rows))


def place_key(numbers: Numbers, area: int | None) -> str:
    """Key of an area among the limits; None is the city."""
    return CITY if area is None else list(numbers.facts.areas)[area]


def ages_known(numbers: Numbers, spans: Spans, area: int | None) -> bool:
    """Whether the broad age bands of an area or the city may be shown and are those that have limits."""
    bands, persons = numbers.broad(area)
    if spans.ages is None or [band.label for band in bands] != [str(band) for band in spans.ages["age_group"].values]:
        return False
    return not bool(np.isnan(persons).any())


def _places(numbers: Numbers) -> list[tuple[int | None, str, str]]:
    """Position, key and name of the city and of every area."""
    areas = ((i, key, name) for i, (key, name) in enumerate(numbers.facts.areas.items()))
    return [(None, CITY, "Insgesamt"), *areas]


def _years(numbers: Numbers) -> list[int]:
    return list(milestones(numbers.facts.base_year, numbers.facts.target_year)[1:])


def _heads(years: Iterable[int]) -> Iterator[str]:
    return (f"{year} {side}" for year in years for side in ("von", "bis"))


def _texts(limits: xr.Dataset, years: Iterable[int]) -> Iterator[str]:
    return ("–".join(span_text(limits, year_end=year) or [SENSELESS]) for year in years)


def _cells(limits: np.ndarray) -> list[Cell]:
    """A limit; a sign where nobody lives, so that there is nothing to be wrong about."""
    return [SENSELESS if np.isnan(limit) else float(limit) for limit in limits]


def _limits(limits: xr.Dataset) -> np.ndarray:
    """Rounded limits [lower and upper of each year in turn, …]."""
    both = outward(limits["lower"].values, limits["upper"].values)
    return np.stack(both, axis=1).reshape(-1, *both[0].shape[1:])
