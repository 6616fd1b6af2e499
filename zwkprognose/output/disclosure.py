"""What may leave the house: whole numbers that add up, and no cell that points at a person.

Inside, everything is real-valued. :func:`publish` is the one step towards publication.
"""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.output.aggregate import aggregate
from zwkprognose.output.bands import BROAD, PLANNING
from zwkprognose.output.city_ages import city_table
from zwkprognose.output.facts import with_scenario
from zwkprognose.output.protection import levels, small
from zwkprognose.output.rounding import Floats, round_balance, round_table

MIN_CELL = 5
SINGLE_AGES_FROM = 1000
#: Flows that a published table shows by area.
FLOWS = (
    "births", "deaths", "in_moves", "out_moves", "moves_in", "moves_out",
    "naturalisations", "erstbezug", "sondergruppe",
)  # fmt: skip
#: Events that take persons away.
LEAVING = frozenset({"deaths", "out_moves", "moves_out"})


def publish(
    projection: xr.Dataset,
    *,
    min_cell: int = MIN_CELL,
    single_ages_from: int = SINGLE_AGES_FROM,
    first_ages: Sequence[int] = PLANNING,
    broad_ages: Sequence[int] = BROAD,
    internal: bool = False,
) -> xr.Dataset:
    """Round and protect a projection for publication.

    All tables are sums of the same rounded cells: areas, ages, sexes and nationalities add up to the city, and
    stocks and events of the years to each other. An area that would show a cell below ``min_cell`` in any year
    or scenario is shown by the next coarser table, and so are further areas until the city minus the areas
    shown does not give a small cell back (see :mod:`zwkprognose.output.protection`).

    Parameters
    ----------
    projection : xr.Dataset
        Real-valued result of the engine. One that is published already comes back as it is.
    min_cell : int
        Smallest number of persons that may be shown, besides 0.
    single_ages_from : int
        Areas that are smaller than this in any year or scenario never show single years of age.
    first_ages, broad_ages : sequence of int
        First ages of the fine and the broad bands; every broad limit must also be a fine one.
    internal : bool
        True: round only, protect nothing; the result says so.

    Returns
    -------
    xr.Dataset
        Whole persons, NaN where nothing may be shown. On [scenario, year_end, …]: ``population`` [area,
        nationality, sex, age_group], ``by_nationality`` [area, nationality], ``by_age`` [area, sex, age_group],
        ``by_broad_age`` [area, sex, broad_group], ``broad`` [area, broad_group], ``total`` [area]; ``city``
        [sex, city_group], ``city_total``, ``city_by_nationality`` [nationality]. The events on [scenario, year,
        area] and, with ``city_`` before their name, of the city. Events of a projection are expected values,
        not counted persons: they are rounded, and hidden only where the total is.

    Raises
    ------
    OutputError
        If a broad limit is no fine limit.
    """
    if "publication" in projection.attrs:
        return projection
    _check_nested(first_ages, broad_ages)
    projection = with_scenario(projection)
    smallest = 0 if internal else min_cell
    tables = _tables(projection, first_ages, broad_ages)
    flows = _flows(projection, tables["total"])
    city = _city(projection, tables, flows, smallest, single_ages_from)
    shown = _shown(tables, smallest, single_ages_from)
    areas = {name: table.where(shown.get(name, shown["total"])) for name, table in (tables | flows).items()}
    rule = {"internal": internal, "min_cell": min_cell, "single_ages_from": single_ages_from}
    return xr.Dataset(areas | city, attrs={**projection.attrs, "publication": json.dumps(rule)})


def _tables(projection: xr.Dataset, first_ages: Sequence[int], broad_ages: Sequence[int]) -> dict[str, xr.DataArray]:
    """Tables of the stock by area in whole persons, all of them sums of the first."""
    cells = _rounded(aggregate(projection[["population"]], ages=first_ages)["population"])
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


def _city(
    projection: xr.Dataset,
    tables: dict[str, xr.DataArray],
    flows: dict[str, xr.DataArray],
    min_cell: int,
    single_ages_from: int,
) -> dict[str, xr.DataArray]:
    """Tables of the whole city; they stay when an area is hidden."""
    groups = tables["by_nationality"].sum("area")
    return {
        "city": city_table(
            projection["population"], tables["population"], min_cell=min_cell, from_size=single_ages_from
        ),
        "city_total": tables["total"].sum("area"),
        "city_by_nationality": groups.where(not small(groups.values, min_cell).any()),
        **{f"city_{name}": flow.sum("area") for name, flow in flows.items()},
    }


def _check_nested(first_ages: Sequence[int], broad_ages: Sequence[int]) -> None:
    odd = sorted(set(broad_ages) - set(first_ages))
    if odd:
        raise OutputError(
            f"Grobe Altersgruppen beginnen mit {odd}, feine nicht.",
            remedy="Jede Grenze der groben Altersgruppen auch in den feinen verwenden.",
        )


def _rounded(banded: xr.DataArray) -> xr.DataArray:
    """Controlled rounding of the table [area, cell] of every scenario and year."""
    scenarios, years, areas = banded.shape[:3]
    values = banded.values.reshape(scenarios * years, areas, -1)
    rounded = np.stack([round_table(year) for year in values])
    return banded.copy(data=rounded.reshape(banded.shape))


def _broad(fine: xr.DataArray, broad_ages: Sequence[int]) -> xr.DataArray:
    """Sum the fine bands [… age_group] to broad ones [… broad_group]."""
    as_ages = fine.drop_vars(["age_group", "age_to"]).swap_dims(age_group="age_from").rename(age_from="age")
    merged = aggregate(as_ages.to_dataset(name="broad"), ages=broad_ages)["broad"]
    return merged.rename(age_group="broad_group", age_from="broad_from", age_to="broad_to")


def _shown(tables: dict[str, xr.DataArray], min_cell: int, single_ages_from: int) -> dict[str, xr.DataArray]:
    """Which areas each table shows."""
    single = bool((tables["by_age"]["age_from"] == tables["by_age"]["age_to"]).any()) and min_cell > 0
    tiny = (tables["total"] < single_ages_from).any(("scenario", "year_end")).values & single
    ages = levels(_chain(tables, "by_age", "by_broad_age", "broad", "total"), min_cell, tiny.astype(np.int64))
    allowed = np.where(ages > 3, 3, np.minimum(ages, 1))
    groups = levels(_chain(tables, "population", "by_nationality", "total"), min_cell, allowed)
    masks = {name: ages <= level for level, name in enumerate(("by_age", "by_broad_age", "broad", "total"))}
    masks |= {"population": groups == 0, "by_nationality": groups <= 1}
    return {name: xr.DataArray(mask, {"area": tables["total"]["area"].values}) for name, mask in masks.items()}


def _chain(tables: dict[str, xr.DataArray], *names: str) -> list[Floats]:
    """Tables as arrays [scenario and year, area, cell]."""
    arrays = [tables[name].transpose("scenario", "year_end", "area", ...).values for name in names]
    return [values.reshape(-1, values.shape[2], int(np.prod(values.shape[3:]))) for values in arrays]


def _flows(projection: xr.Dataset, total: xr.DataArray) -> dict[str, xr.DataArray]:
    """Events by area in whole numbers that explain the change of the rounded totals."""
    present = [name for name in FLOWS if name in projection]
    sums = aggregate(projection[present], by=("area",)).transpose("scenario", "year", "area")
    signs = np.array([-1.0 if name in LEAVING else 1.0 for name in present])[:, None, None, None]
    parts = np.stack([sums[name].values for name in present]) * signs
    change = np.diff(total.transpose("scenario", "year_end", "area").values, axis=1)
    whole = round_balance(parts, change) * signs
    return {name: sums[name].copy(data=whole[k] + 0.0) for k, name in enumerate(present)}
