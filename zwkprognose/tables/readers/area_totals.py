"""Rows for several areas together: kept apart from the areas, so that nobody is counted twice."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile

import numpy as np
import pandas as pd

from zwkprognose.errors import TableError
from zwkprognose.tables.sums import strict_sums
from zwkprognose.tables.words import TOTAL_WORDS, plain

#: "I", "Z" and "alle" are totals of other things; an area may be called so.
_TOTAL_AREAS = (TOTAL_WORDS - {"i", "z", "alle"}) | {
    "stadt insgesamt", "gesamtstadt", "stadt gesamt", "insgesamt (stadt)", "stadt zusammen",
}  # fmt: skip
#: "Bezirk Mitte zusammen", "Summe Nord": neighbouring areas together.
_SUBTOTAL_WORDS = frozenset({"zusammen", "insgesamt", "gesamt", "summe", "zwischensumme"})
_KEY = ["year", "sex", "nationality", "age_from", "age_to", "destination", "variable"]


def is_area_total(name: str) -> bool:
    """Whether a label names all areas together."""
    return plain(name) in _TOTAL_AREAS


def without_area_total(cells: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out rows of all areas that are their sum (with a note); keep them under the empty key if they are not.

    A row that is not the sum stays, so that the check finds the difference; so does a count that only the whole
    prints, such as births of a city beside a stock of its areas.
    """
    whole = cells["area"].isin([key for key in cells["area"].unique() if not key or is_area_total(key)])
    split = cells["variable"].isin(cells.loc[~whole, "variable"].unique())
    is_total = whole & split
    cells = cells.assign(area=cells["area"].mask(whole & ~(cells["area"] == ""), ""))
    if not is_total.any() or not _is_sum(cells[~is_total], cells[is_total]):
        return cells, ()
    note = "Die Zeilen für alle Gebiete zusammen sind deren Summe und ausgelassen."
    return cells[~is_total].reset_index(drop=True), (note,)


def is_subtotal(name: str) -> bool:
    """Whether a label is named like a sum of some areas.

    >>> is_subtotal("Bezirk Mitte zusammen"), is_subtotal("Mitte"), is_subtotal("Gesamtschulviertel")
    (True, False, False)
    """
    words = plain(name).split()
    return len(words) > 1 and not is_area_total(name) and not _SUBTOTAL_WORDS.isdisjoint((words[0], words[-1]))


def without_subtotals(cells: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Leave out rows of some areas together that are the sum of those printed before or after it (with a note).

    Raises
    ------
    TableError
        If a row that is named like a sum is not one: its persons may be counted twice.
    """
    names = [name for name in cells["area"].unique() if not is_area_total(name)]
    sums = [name for name in names if is_subtotal(name)]
    for name in sums:
        if not any(_is_sum_of(cells, name, members) for members in _neighbours(names, name, sums)):
            raise TableError(
                f"„{name}“ heißt wie eine Summe, ist aber nicht die Summe der Gebiete davor oder danach.",
                cells=[{"area": name}],
                remedy="Löschen Sie Zwischensummen, oder nennen Sie das Gebiet anders, wenn es keine ist.",
            )
    if not sums:
        return cells, ()
    note = f"Zwischensummen sind ausgelassen: {', '.join(sums)}."
    return cells[~cells["area"].isin(sums)].reset_index(drop=True), (note,)


def _neighbours(names: list[str], name: str, sums: list[str]) -> Iterator[list[str]]:
    """What a sum may be of: the areas since the sum before it, those up to the next one, or all areas."""
    at = names.index(name)
    yield list(takewhile(lambda other: other not in sums, reversed(names[:at])))
    yield list(takewhile(lambda other: other not in sums, names[at + 1 :]))
    yield [other for other in names if other not in sums]


def _is_sum_of(cells: pd.DataFrame, name: str, members: list[str]) -> bool:
    """Whether all numbers of a row that can be compared are sums; signs among the areas cannot."""
    printed = cells[(cells["area"] == name) & cells["value"].notna()].set_index(_KEY)["value"]
    summed = strict_sums(cells[cells["area"].isin(members)], _KEY).reindex(printed.index)
    known = summed.notna().to_numpy()
    return bool(known.any() and np.allclose(printed[known], summed[known], rtol=0, atol=1e-6))


def _is_sum(parts: pd.DataFrame, totals: pd.DataFrame) -> bool:
    summed, printed = strict_sums(parts, _KEY), totals.set_index(_KEY)["value"]
    if not printed.index.is_unique:
        return False
    values = summed.reindex(printed.index).to_numpy()
    return bool(np.allclose(printed.to_numpy(), values, rtol=0, atol=1e-6, equal_nan=False))
