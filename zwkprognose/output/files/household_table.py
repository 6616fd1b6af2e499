"""Households as one long table for Excel and for machines."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

from zwkprognose.german import age_label
from zwkprognose.output.content.households import Households
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.files.long_table import CODES, field, write_rows
from zwkprognose.output.publication.rounding import Floats

HEADER = (
    "szenario", "jahr", "gebiet", "name", "merkmal", "haushaltsgroesse", "geschlecht", "alter", "anzahl", "von", "bis",
    "hinweis",
)  # fmt: skip
HIDDEN = "geheim gehalten"


def write_households(found: Households, numbers: Numbers, path: str | Path) -> Path:
    """Households by size, people living alone, persons in institutions, dwellings; the whole has no key."""
    return write_rows(path, HEADER, _lines(found, numbers))


def _lines(found: Households, numbers: Numbers) -> Iterator[str]:
    places = [("", "Insgesamt"), *numbers.facts.areas.items()]
    for s, scenario in enumerate(numbers.facts.scenarios):
        for y, year in enumerate(numbers.years.tolist()):
            for a, (key, name) in enumerate(places):
                head = ";".join((field(scenario.name), str(year), field(key), field(name)))
                yield from (f"{head};{rest}" for rest in _of_place(found, numbers, s, y, a))


def _of_place(found: Households, numbers: Numbers, s: int, y: int, a: int) -> Iterator[str]:
    for k, size in enumerate(("", *found.sizes)):
        limits = (found.low[s, y, a, k], found.high[s, y, a, k]) if y else (math.nan, math.nan)
        yield _line("haushalte", size, "", "", found.households[s, y, a, k], *limits)
    for i, sex in enumerate(numbers.sexes):
        for g, band in enumerate(found.groups):
            ages = age_label(band.first, band.last)
            yield _line("alleinlebende", "", CODES.get(sex, sex), ages, found.alone[s, y, a, i, g])
    yield _line("personen_in_einrichtungen", "", "", "", found.institutional[s, y, a])
    for name, values in (("wohnungen", found.dwellings), ("fehlende_wohnungen", found.missing)):
        if values is not None:
            yield _line(name, "", "", "", _at(values, s, y, a))


def _at(values: Floats, s: int, y: int, a: int) -> float:
    return float(values[s, y, a])


def _line(
    name: str, size: str, sex: str, ages: str, count: float, low: float = math.nan, high: float = math.nan
) -> str:
    cells = (name, size, sex, ages, count, low, high, HIDDEN if math.isnan(count) else "")
    return ";".join(field(float(cell) if not isinstance(cell, str) else cell) for cell in cells)
