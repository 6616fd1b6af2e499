"""The published tables before protection: whole persons, all of them sums of the same cells."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output.aggregate import aggregate
from zwkprognose.output.publication.rounding import round_table

#: Flows that a published table shows by area.
FLOWS = (
    "births", "deaths", "in_moves", "out_moves", "moves_in", "moves_out",
    "naturalisations", "erstbezug", "sondergruppe",
)  # fmt: skip
#: Events that take persons away.
LEAVING = frozenset({"deaths", "out_moves", "moves_out"})

_CELL = ("scenario", "year_end", "area", "nationality", "sex", "age_group")


def rounded_cells(projection: xr.Dataset, first_ages: Sequence[int], broad_ages: Sequence[int]) -> xr.DataArray:
    """The stock in whole persons by area, nationality, sex and fine band, with the number of its broad band."""
    _check_nested(first_ages, broad_ages)
    oldest = int(projection["age"][-1])
    cells = aggregate(projection[["population"]], ages=_up_to(first_ages, oldest))["population"].transpose(*_CELL)
    broad_of = np.searchsorted(_up_to(broad_ages, oldest), cells["age_from"].values, side="right") - 1
    return _rounded(cells).assign_coords(broad_of=("age_group", broad_of))


def tables_of(cells: xr.DataArray, broad_ages: Sequence[int]) -> dict[str, xr.DataArray]:
    """Tables of the stock by area, all of them sums of the rounded cells."""
    cells = cells.drop_vars("broad_of")
    fine = cells.sum("nationality")
    coarse = _broad(fine, broad_ages)
    return {
        "population": cells,
        "by_nationality": cells.sum(("sex", "age_group")),
        "by_age": fine,
        "by_broad_age": coarse,
        "broad": coarse.sum("sex"),
        "total": coarse.sum(("sex", "broad_group")),
    }


def _check_nested(first_ages: Sequence[int], broad_ages: Sequence[int]) -> None:
    odd = sorted(set(broad_ages) - set(first_ages))
    if odd:
        raise OutputError(
            f"Grobe Altersgruppen beginnen mit {odd}, feine nicht.",
            remedy="Jede Grenze der groben Altersgruppen auch in den feinen verwenden.",
        )


def _up_to(first_ages: Sequence[int], oldest: int) -> list[int]:
    """The usual limits as far as the stock knows them: a higher one only splits its open group further."""
    return [first for first in first_ages if first <= oldest]


def _rounded(banded: xr.DataArray) -> xr.DataArray:
    """Controlled rounding of the table [area, cell] of every scenario and year."""
    scenarios, years, areas = banded.shape[:3]
    values = banded.values.reshape(scenarios * years, areas, -1)
    rounded = np.stack([round_table(year) for year in values])
    return banded.copy(data=rounded.reshape(banded.shape))


def _broad(fine: xr.DataArray, broad_ages: Sequence[int]) -> xr.DataArray:
    """Sum the fine bands [… age_group] to broad ones [… broad_group]."""
    as_ages = fine.drop_vars(["age_group", "age_to"]).swap_dims(age_group="age_from").rename(age_from="age")
    within = _up_to(broad_ages, int(as_ages["age"][-1]))
    merged = aggregate(as_ages.to_dataset(name="broad"), ages=within)["broad"]
    return merged.rename(age_group="broad_group", age_from="broad_from", age_to="broad_to")
