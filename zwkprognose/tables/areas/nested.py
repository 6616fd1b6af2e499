"""Areas that are the sum of others whatever they are called: found by arithmetic, so that nobody is counted twice.

A printed total need not be exact: counts are rounded or carry noise, and some persons are booked under no quarter.
Whether an area *is* nearly the sum of others is therefore a question of chance. Two counts of about ``s`` persons that
have nothing to do with each other differ by about ``sqrt(2 s)`` in every cell, and by more because no two areas have
quite the same people. An area whose differences from a sum are far smaller in all cells together is that sum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from zwkprognose.names import TOTAL
from zwkprognose.tables.noise import tolerance

#: So many cells with people have to agree before a sum counts as no coincidence.
CELLS_THAT_AGREE = 6
#: Share of a count that may be booked under no area.
UNPLACED = 0.01
#: Two areas of one town differ by at least this share of a cell, beside the chance of their counts.
UNLIKE = 0.05
#: Chance that is accepted for a nearly right sum in all areas of a table together, and for an exact one in each.
CHANCE = 1e-4
#: The same for the sum of all others, which a table offers only once.
CHANCE_OF_WHOLE = 1e-3
#: The same for each area of a table that has been seen to print sums under ordinary names.
CHANCE_BESIDE = 1e-3
#: How much nearer to the sum than to its largest part an area has to be; a small rest tells nothing.
NEARER = 4.0
#: So many runs of neighbours are tried, those whose totals are nearest.
_RUNS = 12
_CELL = ["year", "sex", "nationality", "age_from", "age_to"]


@dataclass(frozen=True)
class People:
    """Counts [area, cell] in the order of the table; ``NaN`` where an area prints no number."""

    areas: list[str]
    counts: np.ndarray

    def of(self, areas: list[str]) -> np.ndarray:
        """Counts of some areas in the cells that each of them prints and somebody is counted in."""
        at = {area: i for i, area in enumerate(self.areas)}
        rows = self.counts[[at[area] for area in areas]]
        return rows[:, ~np.isnan(rows).any(axis=0) & (rows > 0).any(axis=0)]

    def __contains__(self, area: str) -> bool:
        return area in self.areas


def people_of(cells: pd.DataFrame) -> People:
    """Counts of one variable: parts without their totals, of the last year if that tells enough.

    A table that prints a cell twice has none.
    """
    cells = parts_of(cells)
    # one year tells, and is a small part of a long series
    latest = _wide(cells[cells["year"] == cells["year"].max()])
    return latest if latest.of(latest.areas).shape[1] >= CELLS_THAT_AGREE else _wide(cells)


def nested_areas(stocks: pd.DataFrame) -> dict[str, list[str]]:
    """Areas that in every cell are nearly the sum of those printed right after or before them, or of all others.

    Parameters
    ----------
    stocks : pandas.DataFrame
        Cells of one variable, such as the population.

    Returns
    -------
    dict
        Area → the areas that it is the sum of, such as a Bezirk → its Ortsteile.
    """
    found = nested_people(people_of(stocks))
    years = [_wide(cells) for _, cells in parts_of(stocks).groupby("year")] if found else []
    return {area: members for area, members in found.items() if all(_holds(year, area, members) for year in years)}


def _holds(people: People, area: str, members: list[str]) -> bool:
    """Whether an area is nearly the sum of others in a year, as far as it prints them all."""
    if not all(name in people for name in (area, *members)):
        return True
    counts = people.of([area, *members])
    return not counts.size or is_near(counts[0], counts[1:])


def nested_people(people: People) -> dict[str, list[str]]:
    """The same from the counts."""
    found: dict[str, list[str]] = {}
    areas, counts = people.areas, people.of(people.areas)
    while counts.shape[1] >= CELLS_THAT_AGREE and (sums := _sums(areas, counts, is_usual=bool(found))):
        found |= sums
        kept = [i for i, area in enumerate(areas) if area not in sums]
        areas, counts = [areas[i] for i in kept], counts[kept]
    return found


def agrees(printed: np.ndarray, parts: np.ndarray, chance: float, tried: int = 1) -> bool:
    """Whether counts [cell] are nearly the sum of several parts [part, cell], and not by chance.

    ``tried`` says how many sums the parts were chosen from: one of many is easily of the right size.

    >>> parts = np.array([[90, 300, 100, 95, 310, 105], [80, 250, 70, 85, 255, 75]])
    >>> agrees(np.array([170, 550, 170, 180, 565, 185]), parts, 1e-4)
    True
    >>> agrees(np.array([230, 500, 180, 180, 530, 195]), parts, 1e-4)
    False
    """
    if (parts.sum(axis=1) > 0).sum() < 2:
        return False
    if not is_near(printed, parts):
        return False
    summed = parts.sum(axis=0)
    gap = np.abs(printed - summed)
    nearer = NEARER * gap.sum() <= np.abs(printed - parts[parts.sum(axis=1).argmax()]).sum()
    size = 2 * (abs(printed.sum() - summed.sum()) + np.sqrt(summed.sum())) / summed.sum()
    return bool(nearer and min(1.0, tried * size) * by_chance(gap, summed) < chance)


def is_near(printed: np.ndarray, parts: np.ndarray) -> bool:
    """Whether noise, rounding and persons without an area explain how counts [cell] differ from a sum of parts.

    Noise goes up and down; only as many may lie on one side of the sum as chance puts there, or as have no area.
    """
    summed = parts.sum(axis=0)
    gap = printed - summed
    one_sided = UNPLACED * summed.mean() + 3 * gap.std() / np.sqrt(len(gap))
    return bool((np.abs(gap) <= explained(summed, len(parts))).all() and abs(gap.mean()) <= one_sided)


def explained(summed: np.ndarray, parts: int) -> np.ndarray:
    """Largest difference of a total that noise, rounding to five and persons without an area explain."""
    return tolerance(np.array(parts + 1)) + UNPLACED * summed


def by_chance(gap: np.ndarray, summed: np.ndarray) -> float:
    """How likely counts that have nothing to do with a sum come as near to it as this in all cells."""
    from scipy.special import gammainc

    told = summed + gap > 0
    if not told.any():
        return 1.0
    spread = 2 * np.maximum(summed[told], 1.0) + (UNLIKE * summed[told]) ** 2
    # whole numbers meet by chance, which the rounding of a half stands for
    distance = ((gap[told] ** 2 + 1 / 12) / spread).sum()
    return float(gammainc(told.sum() / 2, distance / 2))


def _sums(areas: list[str], counts: np.ndarray, *, is_usual: bool) -> dict[str, list[str]]:
    """Areas that are sums; ``is_usual`` where the table has others."""
    nearly = CHANCE_BESIDE if is_usual else CHANCE / len(areas)
    totals, everybody = counts.sum(axis=1), counts.sum(axis=0)
    found = {}
    for i in np.flatnonzero(totals > 0).tolist():
        others = np.delete(np.arange(len(areas)), i)
        half = abs(2 * totals[i] - totals.sum()) <= 0.1 * totals[i] + 10 * len(everybody)
        if half and agrees(counts[i], counts[others], CHANCE_OF_WHOLE):
            found[areas[i]] = [areas[j] for j in others]
            continue
        for run in _runs(totals, i, counts.shape[1]):
            members = counts[run]
            exact = np.abs(members.sum(axis=0) - counts[i]).max() <= 1e-6
            if agrees(counts[i], members, max(CHANCE, nearly) if exact else nearly, 2 * len(areas)):
                found[areas[i]] = areas[run]
                break
    return found


def _runs(totals: np.ndarray, i: int, cells: int) -> Iterator[slice]:
    """Neighbours after and before an area whose totals together are about its own, the nearest first."""
    allowed = (UNPLACED + UNLIKE) * totals[i] + 10 * np.sqrt(cells)
    for step in (1, -1):
        ahead = totals[i + 1 :] if step == 1 else totals[:i][::-1]
        summed = ahead.cumsum()
        gap = np.abs(summed - totals[i])
        near = np.flatnonzero(gap <= allowed)
        for k in near[np.argsort(gap[near], kind="stable")][:_RUNS]:
            yield slice(i + 1, i + 2 + int(k)) if step == 1 else slice(i - 1 - int(k), i)


def parts_of(cells: pd.DataFrame) -> pd.DataFrame:
    """Cells without totals over sex, nationality or age where the parts are printed too."""
    for name in ("sex", "nationality"):
        is_total = (cells[name] == TOTAL).to_numpy()
        cells = cells if is_total.all() else cells[~is_total]
    all_ages = ((cells["age_from"] == 0).fillna(False) & cells["age_to"].isna()).to_numpy(dtype=bool)
    return cells if all_ages.all() else cells[~all_ages]


def _wide(cells: pd.DataFrame) -> People:
    rows, areas = pd.factorize(cells["area"])
    columns = cells.groupby(_CELL, dropna=False, sort=False).ngroup().to_numpy()
    wide = np.full((len(areas), int(columns.max(initial=-1)) + 1), np.nan)
    if len(np.unique(rows * wide.shape[1] + columns)) < len(cells):
        return People([], np.empty((0, 0)))
    wide[rows, columns] = cells["value"].to_numpy(dtype=float)
    printed = ~np.isnan(wide).all(axis=1)
    return People([str(area) for area in areas[printed]], wide[printed])
