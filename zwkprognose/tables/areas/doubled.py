"""Areas that hold other areas of the same table: both together count people twice.

One judgement for the check and for the inputs. Keys of areas may begin the keys of their parts; numbers may add up; a
name may say that it is the whole. Which areas count everybody once is said with it, so that no advice loses anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from zwkprognose.tables.areas.keys import is_official
from zwkprognose.tables.areas.nested import UNPLACED, People, explained, nested_areas, people_of
from zwkprognose.tables.areas.whole import may_be_total
from zwkprognose.tables.noise import VARIANCE
from zwkprognose.tables.table import Status

#: Key of the whole country, which begins no other key.
GERMANY = "DG"
#: Word for the smallest areas that together hold everybody, in place of keys.
FINEST = "feinste"
#: An area that is called like the whole leaves doubt from this multiple of all others together on.
_DOUBT = 0.95
_CODE = re.compile(r"[0-9A-Z]{1,12}(?:[-. /][0-9A-Z]{1,12})*")
_COUNTED = re.compile(r"([A-Z]*)([1-9]\d{0,2})")


@dataclass(frozen=True)
class Doubled:
    """What is counted twice, each area with those that it holds.

    ``levels`` by their keys, ``sums`` by their numbers, ``doubts`` by name and size; ``finest`` are areas that together
    count everybody once.
    """

    levels: Mapping[str, list[str]] = field(default_factory=dict)
    sums: Mapping[str, list[str]] = field(default_factory=dict)
    doubts: Mapping[str, list[str]] = field(default_factory=dict)
    finest: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.levels or self.sums or self.doubts)


def doubled_areas(stocks: pd.DataFrame) -> Doubled:
    """Areas of a stock that hold others.

    Parameters
    ----------
    stocks : pandas.DataFrame
        Cells of the population; areas that do not exist in a year may be among them.
    """
    present = stocks[(stocks["status"] != Status.ABSENT.value) & (stocks["area"] != "")]
    keys = [str(key) for key in present["area"].unique()]
    if len(keys) < 2:
        return Doubled(finest=tuple(keys))
    people = people_of(present)
    levels = _levels(keys, people)
    sums = {
        area: members
        for area, members in nested_areas(present).items()
        if area not in levels and not _apart_and_alike(present, people, [area, *members])
    }
    doubts = {} if levels or sums else _doubts(present, people)
    return Doubled(levels, sums, doubts, tuple(_finest(keys, {**sums, **levels}, people)))


def _apart_and_alike(stocks: pd.DataFrame, people: People, areas: list[str]) -> bool:
    """Areas each of which has a sheet or file of its own, and whose people are spread alike over all cells.

    That all cells add up then says no more than one number does, and the sheets say that each is an area.
    """
    own = stocks[stocks["area"].isin(areas)].groupby("file")["area"].agg(set)
    if any(len(found) > 1 for found in own) or stocks[stocks["file"].isin(own.index)]["area"].nunique() > len(areas):
        return False
    counts = people.of(areas)
    totals = counts.sum(axis=1)
    return bool(np.allclose(counts * totals[0], np.outer(totals, counts[0]), rtol=1e-9, atol=0))


def families(keys: Iterable[str]) -> dict[str, list[str]]:
    """Each key that begins others, with those of which it is the nearest; names are no keys, and Germany holds all.

    >>> families(["DG", "01", "01001", "01002", "02"])
    {'01': ['01001', '01002'], 'DG': ['01', '02']}
    >>> families(["Nord", "Nordstadt"]), families(["1", "2", "10", "20"])
    ({}, {'1': ['10'], '2': ['20']})
    """
    known = {key for key in keys if _is_code(key)}
    found: dict[str, list[str]] = {}
    tops = []
    for key in sorted(known):
        above = next((key[:n] for n in range(len(key) - 1, 0, -1) if key[:n] in known), None)
        if above is not None:
            found.setdefault(above, []).append(key)
        elif is_official(key):
            tops.append(key)
    if GERMANY in set(keys) and tops:
        found[GERMANY] = tops
    return found


def _is_code(key: str) -> bool:
    return any(map(str.isdigit, key)) and _CODE.fullmatch(key) is not None


def _levels(keys: list[str], people: People) -> dict[str, list[str]]:
    """Families of keys; where areas are only numbered (1, 2, …, 19, 20, 30), the numbers of persons must confirm it."""
    found = families(keys)
    codes = [match for key in keys if _is_code(key) and (match := _COUNTED.fullmatch(key))]
    is_numbering = len(codes) == sum(map(_is_code, keys)) and len({match[1] for match in codes}) == 1
    if not is_numbering:
        return found
    return {parent: children for parent, children in found.items() if _adds_up(parent, children, people, exactly=True)}


def _adds_up(parent: str, children: list[str], people: People, *, exactly: bool = False) -> bool:
    """Whether the children together have about as many people as their parent; ``exactly`` asks it of every cell.

    Where the children print no numbers the parent stands for them, and the other way round.
    """
    if parent not in people or not all(child in people for child in children):
        return parent not in people and not exactly
    counts = people.of([parent, *children])
    if not counts.size:
        return False
    printed, summed = counts[0], counts[1:].sum(axis=0)
    together = UNPLACED * summed.sum() + 3 * np.sqrt(VARIANCE * len(counts) * len(summed))
    near = abs(printed.sum() - summed.sum()) <= together
    return bool(near and (not exactly or (np.abs(printed - summed) <= explained(summed, len(children))).all()))


def _doubts(stocks: pd.DataFrame, people: People) -> dict[str, list[str]]:
    """Areas called like the whole that hold at least what all others hold: a total with an area missing."""
    pairs = stocks[["area", "area_name"]].drop_duplicates().itertuples(index=False)
    called = {str(area) for area, name in pairs if may_be_total(area) or may_be_total(name)}
    if len(people.areas) < 3 or 2 * len(called) > len(people.areas):
        return {}
    found = {}
    for area in called & set(people.areas):
        others = [other for other in people.areas if other != area]
        counts = people.of([area, *others])
        printed, summed = counts[0], counts[1:].sum(axis=0)
        holds = (printed >= summed - explained(summed, len(others))).all()
        if summed.sum() and printed.sum() >= _DOUBT * summed.sum() and holds:
            found[area] = others
    return found


def _finest(keys: list[str], parents: Mapping[str, list[str]], people: People) -> list[str]:
    """Smallest areas that together hold everybody: an area stands for its parts where not all of these are printed."""
    inside = {child for children in parents.values() for child in children}
    chosen: list[str] = []
    open_ = [key for key in keys if key not in inside]
    while open_:
        key = open_.pop(0)
        children = parents.get(key, [])
        if children and _adds_up(key, children, people):
            open_ += children
        else:
            chosen.append(key)
    return sorted(set(chosen))
