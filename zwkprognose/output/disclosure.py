"""What may leave the house: whole numbers that add up, and no cell that points at a person.

Inside, everything is real-valued. :func:`publish` is the one step towards publication.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose.output.aggregate import aggregate
from zwkprognose.output.bands import PLANNING
from zwkprognose.output.facts import with_scenario
from zwkprognose.output.rounding import round_half_up, round_table, round_to_total

Floats = NDArray[np.float64]

MIN_CELL = 5
SINGLE_AGES_FROM = 1000
#: Flows that a published table shows by area.
FLOWS = (
    "births", "deaths", "in_moves", "out_moves", "moves_in", "moves_out",
    "naturalisations", "erstbezug", "sondergruppe",
)  # fmt: skip


def publish(
    projection: xr.Dataset,
    *,
    min_cell: int = MIN_CELL,
    single_ages_from: int = SINGLE_AGES_FROM,
    first_ages: Sequence[int] = PLANNING,
    internal: bool = False,
) -> xr.Dataset:
    """Round and protect a projection for publication.

    Parameters
    ----------
    projection : xr.Dataset
        Real-valued result of the engine.
    min_cell : int
        Smallest number of persons that may be shown.
    single_ages_from : int
        Areas that are smaller than this in any year or scenario are shown by broad totals only.
    first_ages : sequence of int
        First ages of the bands in which areas are shown.
    internal : bool
        True: round only, protect nothing; the result says so.

    Returns
    -------
    xr.Dataset
        Whole persons, NaN where nothing may be shown: ``total`` [scenario, year_end, area],
        ``by_nationality`` [… area, nationality], ``by_age`` [… area, sex, age_group], ``population`` [… area,
        nationality, sex, age_group], ``city`` [scenario, year_end, nationality, sex, age], and the flows
        [scenario, year, area]. A projection that is published already comes back as it is.
        Every table is a sum of the same rounded cells, so differences between tables tell nothing new.
    """
    if "publication" in projection.attrs:
        return projection
    projection = with_scenario(projection)
    banded = aggregate(projection[["population"]], ages=first_ages)["population"]
    cells = xr.DataArray(_rounded_cells(banded), coords=banded.coords, dims=banded.dims)
    tables = xr.Dataset({
        "total": cells.sum(("nationality", "sex", "age_group")),
        "by_nationality": cells.sum(("sex", "age_group")),
        "by_age": cells.sum("nationality"),
        "population": cells,
        "city": _city(projection["population"], cells),
    })
    if not internal:
        tables = _protected(tables, single_ages_from)
    rule = {"internal": internal, "min_cell": min_cell, "single_ages_from": single_ages_from}
    return tables.assign(_flows(projection).data_vars).assign_attrs(
        {**projection.attrs, "publication": json.dumps(rule)}
    )


def _rounded_cells(banded: xr.DataArray) -> Floats:
    """Round [scenario, year_end, area, nationality, sex, age_group]: city, areas and bands keep their totals."""
    scenarios, years, areas = banded.shape[:3]
    values = banded.values.reshape(scenarios * years, areas, -1)
    rounded = np.stack([_rounded_year(year) for year in values])
    return rounded.reshape(banded.shape)


def _rounded_year(values: Floats) -> Floats:
    """Round the table [area, cell] of one year: city total, then areas and city cells, then every cell."""
    city = round_half_up(values.sum())
    area_totals = round_to_total(values.sum(axis=1), city)
    cell_totals = round_to_total(values.sum(axis=0), city)
    return round_table(values, area_totals, cell_totals)


def _city(population: xr.DataArray, cells: xr.DataArray) -> xr.DataArray:
    """Single ages of the city that add up to the rounded bands."""
    city = population.sum("area")
    bands = cells.sum("area").transpose(..., "age_group")
    first = [int(age) for age in cells["age_from"].values] + [city.sizes["age"]]
    parts = [
        round_to_total(city.values[..., low:high], bands.values[..., k])
        for k, (low, high) in enumerate(pairwise(first))
    ]
    return city.copy(data=np.concatenate(parts, axis=-1))


def _protected(tables: xr.Dataset, single_ages_from: int) -> xr.Dataset:
    small = (tables["total"] < single_ages_from).any(("scenario", "year_end"))
    hidden = {name: tables[name].where(~small) for name in ("by_nationality", "by_age", "population")}
    return tables.assign(hidden)


def _flows(projection: xr.Dataset) -> xr.Dataset:
    """Events by area in whole numbers that add up to the city."""
    present = [name for name in FLOWS if name in projection]
    totals = aggregate(projection[present], by=("area",))
    return totals.map(lambda array: array.copy(data=round_to_total(array.transpose(..., "area").values)))
