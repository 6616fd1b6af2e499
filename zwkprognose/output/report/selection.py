"""Which areas a page holds: all of them, or the largest where there are too many to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose.output.content.households import Households
from zwkprognose.output.content.material import Material
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.content.services import Need
from zwkprognose.output.content.spans import CITY, Spans
from zwkprognose.output.publication.rounding import Floats

#: Largest number of areas that a page holds, and how many it shows where there are more.
LARGEST, SHOWN = 1500, 200

Places = NDArray[np.int64]


def is_cut(material: Material) -> bool:
    """Whether the page leaves areas out."""
    return len(material.numbers.facts.areas) > LARGEST


def readable(material: Material) -> Material:
    """The same with the largest areas of the base year only, where there are too many; the city stays whole."""
    if not is_cut(material):
        return material
    numbers = material.numbers
    persons = np.nan_to_num(numbers.total[numbers.main, 0], nan=-1.0)
    kept = np.sort(np.argsort(-persons, kind="stable")[:SHOWN])
    keys = [list(numbers.facts.areas)[k] for k in kept]
    return replace(
        material,
        numbers=_numbers(numbers, kept),
        needs=tuple(_need(need, np.concatenate([[0], 1 + kept])) for need in material.needs),
        spans=_spans(material.spans, keys),
        households=_households(material.households, np.concatenate([[0], 1 + kept])),
    )


def _numbers(numbers: Numbers, kept: Places) -> Numbers:
    areas = list(numbers.facts.areas.items())
    return replace(
        numbers,
        facts=replace(numbers.facts, areas=dict(areas[k] for k in kept)),
        total=numbers.total[:, :, kept],
        by_age=numbers.by_age[:, :, kept],
        by_broad_age=numbers.by_broad_age[:, :, kept],
        broad_ages=numbers.broad_ages[:, :, kept],
        by_nationality=numbers.by_nationality[:, :, kept],
        flows=_each(numbers.flows, kept),
    )


def _each(flows: Mapping[str, Floats], kept: Places) -> dict[str, Floats]:
    return {name: values[:, :, kept] for name, values in flows.items()}


def _need(need: Need, kept: Places) -> Need:
    return replace(
        need,
        demand=need.demand[..., kept],
        low=need.low[..., kept],
        high=need.high[..., kept],
        margin=need.margin[kept],
        places=None if need.places is None else need.places[kept],
    )


def _households(found: Households | None, kept: Places) -> Households | None:
    if found is None:
        return None
    names = ("households", "low", "high", "mean", "alone", "institutional", "dwellings", "missing")
    there = {name: getattr(found, name) for name in names}
    changed: dict[str, Any] = {name: None if values is None else values[:, :, kept] for name, values in there.items()}
    return replace(found, **changed)


def _spans(spans: Spans, keys: list[str]) -> Spans:
    def of(limits: xr.Dataset | None) -> xr.Dataset | None:
        return None if limits is None else limits.sel(area=[CITY, *keys])

    return replace(spans, totals=of(spans.totals), ages=of(spans.ages))
