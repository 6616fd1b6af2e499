"""The households of a report: in words, by size, who lives alone, all areas, and the dwellings they need."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from zwkprognose.german import number, signed
from zwkprognose.output.content.households import Households
from zwkprognose.output.content.material import Material
from zwkprognose.output.content.numbers import Numbers
from zwkprognose.output.tables.households import (
    alone_table,
    dwelling_table,
    household_table,
    note_of,
    people_alone,
    size_table,
)


def household_section(material: Material) -> dict[str, Any] | None:
    """What the section shows; None for a projection without households."""
    found, numbers = material.households, material.numbers
    if found is None:
        return None
    dwellings = dwelling_table(numbers, found)
    several = len(numbers.facts.areas) > 1
    folded = [household_table(numbers, found) if several else None, dwellings]
    return {
        "sentences": list(sentences(numbers, found)),
        "note": note_of(found),
        "tables": [size_table(numbers, found), alone_table(numbers, found)],
        "folded": [table for table in folded if table is not None],
    }


def sentences(numbers: Numbers, found: Households, at: int = 0) -> Iterator[str]:
    """Households, their size and who lives alone, of the whole or of one area; then dwellings."""
    main, first, last = numbers.main, numbers.facts.base_year, numbers.facts.target_year
    counts, mean = found.households[main, :, at, 0], found.mean[main, :, at]
    if np.isnan(counts).any():
        yield "Haushalte: keine Angabe, weil zu wenige Personen dahinterstehen."
        return
    yield (
        f"Am 31.12.{first} sind es {number(counts[0])} Haushalte mit im Mittel {number(mean[0], 2)} Personen, am "
        f"31.12.{last} {number(counts[-1])} mit {number(mean[-1], 2)} ({signed(counts[-1] - counts[0])} Haushalte)."
    )
    low, high = (side[main, -1, at, 0] for side in (found.low, found.high))
    if not np.isnan(low):
        between = f"zwischen {number(low)} und {number(high)}"
        yield f"{last} liegt die Zahl bei gleichen Quoten in 80 von 100 Fällen {between}."
    alone = people_alone(found, 65)[main, :, at]
    yield f"Von den Personen ab 65 Jahren leben {first} {number(alone[0])} allein, {last} {number(alone[-1])}."
    if found.missing is not None:
        yield _dwellings(float(found.missing[main, -1, at]), last)


def _dwellings(missing: float, year: int) -> str:
    if missing > 0:
        return f"{year} fehlen {number(missing)} Wohnungen."
    if missing == 0:
        return f"{year} reichen die Wohnungen gerade."
    return f"{year} reichen die Wohnungen; {number(-missing)} sind mehr da als nötig."
