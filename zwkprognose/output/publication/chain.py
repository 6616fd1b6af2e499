"""One chain of tables decides for every publication of a town which areas it may show, whatever bands it prints.

The chain is fixed: single years, the usual fine bands, the usual broad bands, all ages together. Bands of a publication
are sums of one of its tables, the coarsest whose limits they keep to, and are shown where that one may be. Any number
of publications of a town therefore tells together no more than the chain itself, which is protected as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose.output.publication.bands import BROAD, PLANNING
from zwkprognose.output.publication.protection import Levels, levels
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.output.publication.whole_tables import rounded_cells, tables_of

Masks = dict[str, NDArray[np.bool_]]

#: Tables of the chain, finest first; ages by sex and of both.
SINGLE, FINE, BROAD_BY_SEX, BROAD_OF_BOTH, TOTAL = range(5)


def usual_cells(projection: xr.Dataset) -> xr.DataArray:
    """Counted stock of the base year in whole persons and the usual bands."""
    return rounded_cells(_counted(projection), PLANNING, BROAD)


def shown_of(
    projection: xr.Dataset,
    usual: xr.DataArray,
    bands: tuple[Sequence[int], Sequence[int]],
    members: Levels,
    *,
    min_cell: int,
    single_ages_from: int,
) -> tuple[Masks, Masks]:
    """Which areas and which districts each table of a publication in these fine and broad ``bands`` shows."""
    oldest = int(projection["age"][-1])
    fine, broad = (level_of(firsts, oldest) for firsts in bands)
    chain = _tables(usual)
    if SINGLE in (fine, broad):
        single = _tables(rounded_cells(_counted(projection), range(oldest + 1), BROAD))
    else:
        single = chain  # nobody reads this level
    tiny = (chain["total"].sum(axis=1) < single_ages_from) & (min_cell > 0)
    ages = levels(
        [single["by_age"], *(chain[name] for name in ("by_age", "by_broad_age", "broad", "total"))],
        min_cell,
        members,
        start=tiny.astype(np.int64),
    )
    # Nationalities go with single years, with the fine ages or with none; where even the total is hidden, so are they.
    start, district_start = (np.where(level > TOTAL, 4, np.minimum(level, 2)) for level in ages)
    groups = levels(
        [single["population"], *(chain[name] for name in ("population", "by_nationality", "total"))],
        min_cell,
        members,
        start=start,
        district_start=district_start,
    )
    areas, districts = (_masks(age, group, fine, broad) for age, group in zip(ages, groups, strict=True))
    return areas, districts


def level_of(first_ages: Iterable[int], oldest: int) -> int:
    """The coarsest table of the chain by sex that has all these limits.

    >>> level_of((0, 20, 65), 100), level_of((0, 70), 100), level_of((0, 18, 65), 100), level_of((0, 18), 15)
    (2, 1, 0, 2)
    """
    limits = {int(first) for first in first_ages if first <= oldest}
    return next((level for level, own in ((BROAD_BY_SEX, BROAD), (FINE, PLANNING)) if limits <= {*own}), SINGLE)


def _masks(ages: Levels, groups: Levels, fine: int, broad: int) -> Masks:
    return {
        "by_age": ages <= fine,
        "by_broad_age": ages <= broad,
        "broad": ages <= (BROAD_OF_BOTH if broad == BROAD_BY_SEX else broad),
        "total": ages <= TOTAL,
        "population": groups <= min(fine, FINE),
        "by_nationality": groups <= 2,
    }


def _counted(projection: xr.Dataset) -> xr.Dataset:
    return projection[["population"]].isel(scenario=slice(1), year_end=slice(1))


def _tables(cells: xr.DataArray) -> dict[str, Floats]:
    """Tables of the base year as arrays [area, cell]."""
    arrays = {
        name: table.transpose("scenario", "year_end", "area", ...).values[0, 0]
        for name, table in tables_of(cells, BROAD).items()
    }
    return {name: values.reshape(len(values), -1) for name, values in arrays.items()}
