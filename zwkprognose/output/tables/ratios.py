"""Ratios of age structure as tables for people, from the numbers that are published."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.tables.cross import STICHTAG, Cell, CrossTable, key_years, relative

#: Ratio → ages that are counted and ages that they are related to, as first ages (None: all, or open).
_AGES: Mapping[str, tuple[tuple[int, int | None], tuple[int, int | None]]] = {
    "Jugendquotient": ((0, 20), (20, 65)),
    "Altenquotient": ((65, None), (20, 65)),
    "80 und älter in %": ((80, None), (0, None)),
}
FOREIGN = "Ausländeranteil in %"
MEANING = (
    "Jugendquotient: Personen unter 20 je 100 Personen von 20 bis 64 Jahren; Altenquotient: Personen ab 65 je 100 "
    "Personen von 20 bis 64 Jahren."
)


def ratios(numbers: Numbers, area: int | None = None) -> dict[str, Floats]:
    """Ratios [y] of one area or the city in the main scenario; those that cannot be formed are left out."""
    bands, counts = numbers.broad(area)
    firsts, people = [band.first for band in bands], counts[numbers.main]
    found = {
        name: relative(_between(firsts, people, part), _between(firsts, people, whole))
        for name, (part, whole) in _AGES.items()
        if {limit for limit in (*part, *whole) if limit} <= set(firsts)
    }
    if "foreign" not in numbers.nationalities:
        return found
    groups = (numbers.city_by_nationality if area is None else numbers.by_nationality[:, :, area])[numbers.main]
    return found | {FOREIGN: relative(groups[:, numbers.nationalities.index("foreign")], groups.sum(axis=-1))}


def ratio_table(numbers: Numbers, area: int | None) -> CrossTable | None:
    """Ratios of one area or the city in a few years; None if none can be formed."""
    base, target = numbers.facts.base_year, numbers.facts.target_year
    years = (base, *key_years(base, target))
    places = [numbers.year(year) for year in years]
    rows = tuple((name, *values[places].tolist()) for name, values in ratios(numbers, area).items())
    head = (STICHTAG, *map(str, years))
    title = f"Kennzahlen, {numbers.facts.main.title}"
    return CrossTable(title, head, rows, decimals=frozenset(head[1:])) if rows else None


def area_ratios(numbers: Numbers) -> CrossTable | None:
    """One row per area: ratios in the base and the target year; None if none can be formed."""
    city = ratios(numbers)
    names = list(city)
    rows: list[tuple[Cell, ...]] = [("", "Insgesamt", *_ends(city, names))]
    rows += [(*place, *_ends(ratios(numbers, i), names)) for i, place in enumerate(numbers.facts.areas.items())]
    years = (numbers.facts.base_year, numbers.facts.target_year)
    groups = (("", 2), *((f"31.12.{year}", len(names)) for year in years))
    title = f"Kennzahlen der {numbers.facts.unit[1]}, {numbers.facts.main.title}"
    head = (numbers.facts.unit[0], "Name", *names, *names)
    table = CrossTable(title, head, tuple(rows), heads=2, groups=groups, decimals=frozenset(names), total=True)
    return table if names else None


def _ends(found: Mapping[str, Floats], names: list[str]) -> list[float]:
    """First and last value of every ratio."""
    return [float(found[name][y]) for y in (0, -1) for name in names]


def _between(firsts: list[int], people: Floats, limits: tuple[int, int | None]) -> Floats:
    """Persons [y] of the bands from the first limit up to, not including, the second."""
    first, end = limits
    inside = [k for k, age in enumerate(firsts) if age >= first and (end is None or age < end)]
    return np.asarray(people[:, inside].sum(axis=1))
