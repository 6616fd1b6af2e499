"""The city's own age table: single years as far as they carry, else the bands of the areas."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np
import xarray as xr

from zwkprognose.output.publication.bands import Band
from zwkprognose.output.publication.protection import small
from zwkprognose.output.publication.rounding import Floats, round_balance
from zwkprognose.output.publication.small_numbers import without_small


def city_table(
    population: xr.DataArray, cells: xr.DataArray, usual: xr.DataArray, *, min_cell: int, from_size: int
) -> xr.DataArray:
    """Population of the city by sex and the finest ages without a small cell in the base year.

    Parameters
    ----------
    population : xr.DataArray [scenario, year_end, area, nationality, sex, age], persons
    cells : xr.DataArray [scenario, year_end, area, nationality, sex, age_group], whole persons
        The rounded bands, to which the single years add up.
    usual : xr.DataArray [scenario, year_end, area, nationality, sex, age_group], whole persons
        The base year in the usual bands, ``broad_of`` their broad ones.
    min_cell : int
        Smallest number that may be shown, besides 0.
    from_size : int
        A city below this size in the base year shows no single years.

    Notes
    -----
    Areas, or the districts of another publication, may give the sum of the city in any usual band that is not small
    there. Single years are therefore shown only as far as no difference to such a band is small. The limits depend on
    the base year alone; where no single years are shown, the bands of a publication are shown as far as they keep to
    these limits.

    Returns
    -------
    xr.DataArray [scenario, year_end, sex, city_group], whole persons
        With ``city_from`` and ``city_to`` (NaN: open).
    """
    bands = cells.sum(("area", "nationality")).transpose("scenario", "year_end", "sex", "age_group")
    single = _single_years(population, bands)
    starts = [int(age) for age in bands["age_from"].values]
    limits = _limits(population, usual, min_cell, from_size)
    firsts = limits if 1 in limits else [first for first in starts if first in limits]  # with age 1: single years
    values = np.add.reduceat(single, firsts, axis=-1)
    if min_cell > 0:
        _raise_later(values, [bisect(starts, first) for first in firsts], min_cell)
    lasts = [float(first) - 1 for first in firsts[1:]] + [np.nan]
    return xr.DataArray(
        values,
        dims=("scenario", "year_end", "sex", "city_group"),
        coords={
            **{name: bands[name].values for name in ("scenario", "year_end", "sex")},
            "city_group": [Band(a, None if np.isnan(b) else int(b)).label for a, b in zip(firsts, lasts, strict=True)],
            "city_from": ("city_group", firsts),
            "city_to": ("city_group", lasts),
        },
    )


def _limits(population: xr.DataArray, usual: xr.DataArray, min_cell: int, from_size: int) -> list[int]:
    """First ages of the city's groups, the same whatever is published: no difference to what others know is small.

    What is refused under a weaker limit is refused under a stricter one, so that they give nothing back together.
    """
    base = usual.sum(("area", "nationality")).transpose("scenario", "year_end", "sex", "age_group")
    single = _single_years(population.isel(scenario=slice(1), year_end=slice(1)), base)[0, 0]
    starts = [int(age) for age in usual["age_from"].values]
    broad = [starts[k] for k in np.unique(usual["broad_of"].values, return_index=True)[1]]
    known = [pair for least in range(1, min_cell + 1) for pair in _known_from(single, starts, broad, least)]
    too_small = bool(single.sum() < from_size) and min_cell > 0
    for firsts in _candidates(starts, single.shape[-1], too_small):
        if not any(_has_small(table, [*firsts, *there], least) for table, there, least in known):
            break
    return firsts


def _known_from(
    single: Floats, starts: Sequence[int], broad: Sequence[int], least: int
) -> list[tuple[Floats, Sequence[int], int]]:
    """The city [sex, age] by sex and for both sexes, and first ages of the bands in which others may give its sum."""
    both = single.sum(axis=0, keepdims=True)
    by_sex = next((bands for bands in (starts, broad) if not _has_small(single, bands, least)), [])
    return [(single, by_sex, least), (both, [] if _has_small(both, broad, least) else broad, least)]


def _has_small(table: Floats, firsts: Sequence[int], min_cell: int) -> bool:
    """Whether a sum over the ages between these first ages shows a few persons."""
    return bool(small(np.add.reduceat(table, sorted({*firsts}), axis=-1), min_cell).any())


def _raise_later(values: Floats, band: Sequence[int], least: int) -> None:
    """Let no number [scenario, year, sex, group] after the base year be small; bands of the areas keep their sums."""
    later = values[:, 1:]
    for row in np.argwhere(small(later, least).any(axis=-1)):
        ages = later[tuple(row)]
        for one in set(band):
            inside = np.equal(band, one)
            ages[inside] = without_small(ages[inside], least)


def _single_years(population: xr.DataArray, bands: xr.DataArray) -> Floats:
    """Single years [scenario, year_end, sex, age] that add up to the rounded bands."""
    exact = population.sum(("area", "nationality"), skipna=False).transpose("scenario", "year_end", "sex", "age").values
    edges = [int(age) for age in bands["age_from"].values] + [exact.shape[-1]]
    parts = [
        round_balance(np.moveaxis(exact[..., low:high], -1, 0), bands.values[..., k])
        for k, (low, high) in enumerate(pairwise(edges))
    ]
    return np.moveaxis(np.concatenate(parts), 0, -1)


def _candidates(starts: list[int], ages: int, too_small: bool) -> Iterator[list[int]]:
    """First ages to try: single years with ever lower open age, then the bands, merged from the top."""
    if not too_small:
        yield from (list(range(top + 1)) for top in range(ages - 1, 64, -1))
    yield from (starts[:count] for count in range(len(starts), 0, -1))
