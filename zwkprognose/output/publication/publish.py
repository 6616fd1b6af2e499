"""What may leave the house: whole numbers that add up, and no cell that points at a person.

Inside, everything is real-valued. :func:`publish` is the one step towards publication.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.inputs.handed import require_dataset
from zwkprognose.output.aggregate import aggregate, check_groups
from zwkprognose.output.content.facts import with_scenario
from zwkprognose.output.publication.bands import BROAD, PLANNING
from zwkprognose.output.publication.chain import Masks, shown_of, usual_cells
from zwkprognose.output.publication.city_ages import city_table
from zwkprognose.output.publication.doors import check_limits, check_projection, check_rule, check_whole
from zwkprognose.output.publication.protection import Levels, small
from zwkprognose.output.publication.small_numbers import settled
from zwkprognose.output.publication.whole_flows import whole_flows
from zwkprognose.output.publication.whole_tables import rounded_cells, tables_of

MIN_CELL = 5
SINGLE_AGES_FROM = 1000

Tables = dict[str, xr.DataArray]


def publish(
    projection: xr.Dataset,
    *,
    min_cell: int | None = None,
    single_ages_from: int | None = None,
    first_ages: Sequence[int] = PLANNING,
    broad_ages: Sequence[int] = BROAD,
    districts: Mapping[str, str] | None = None,
    internal: bool = False,
) -> xr.Dataset:
    """Round and protect a projection for publication.

    All tables are sums of the same rounded cells: areas, ages, sexes and nationalities add up to the city, and
    stocks and events of the years to each other. What is shown depends on the counted stock of the base year alone,
    so that several publications of one town (other scenarios, years, rates, bands, limits, with districts or without)
    give nothing back together: an area that would show a cell below ``min_cell`` then is shown by the next
    coarser table, and so are further areas until the city minus the areas shown does not give a small cell back (see
    :mod:`zwkprognose.output.publication.protection`). A number of a later year that becomes small is rounded to 0 or
    ``min_cell`` (:mod:`zwkprognose.output.publication.small_numbers`).

    Parameters
    ----------
    projection : xr.Dataset
        Real-valued result of the engine. One that is published already comes back as it is, or is refused if it
        was published under a weaker rule than the one asked for.
    min_cell : int
        Smallest number of persons that may be shown, besides 0; default 5.
    single_ages_from : int
        Areas that are smaller than this in the base year never show single years of age; default 1000.
    first_ages, broad_ages : sequence of int
        First ages of the fine and the broad bands; every broad limit must also be a fine one. Bands with a limit that
        is none of ``PLANNING`` are shown only where single years may be: beside the usual bands they would tell them.
    districts : mapping of area key to district, optional
        Larger areas that are published beside the small ones: every table comes for them too (``district_``
        before its name, dimension ``district``), as far as the areas shown allow it.
        Publishing districts by a second, separate call would give hidden areas back by subtraction.
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
        If this is no projection, the whole is a few persons, a rule is impossible or stricter than the one it is
        published under, a broad limit is no fine limit, or ``districts`` misses an area or names one that is not
        there, or comes too late for a projection that is published without.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> published = publish(project(inputs, estimate_rates(inputs), until=2026))
    >>> by_age = published["by_age"].sum(["sex", "age_group"])
    >>> bool((by_age == published["total"]).all())  # whole persons that add up
    True
    """
    require_dataset(projection, error=OutputError)
    if "publication" in projection.attrs:
        check_rule(projection, min_cell=min_cell, single_ages_from=single_ages_from)
        return _as_published(projection, districts)
    check_projection(projection)
    min_cell = MIN_CELL if min_cell is None else min_cell
    single_ages_from = SINGLE_AGES_FROM if single_ages_from is None else single_ages_from
    check_limits(min_cell=min_cell, single_ages_from=single_ages_from)
    projection = with_scenario(projection)
    smallest = 0 if internal else min_cell
    cells = rounded_cells(projection, first_ages, broad_ages)
    usual = usual_cells(projection)
    keys = [str(key) for key in cells["area"].values]
    members = np.zeros(len(keys), dtype=np.int64) if districts is None else _members(keys, districts)
    shown, district_shown = shown_of(
        projection, usual, (first_ages, broad_ages), members, min_cell=smallest, single_ages_from=single_ages_from
    )
    if smallest:
        check_whole(usual.isel(scenario=0, year_end=0), smallest)
        cells = settled(cells, shown, district_shown, members, smallest)
    tables = tables_of(cells, broad_ages)
    flows = whole_flows(projection, tables["total"])
    result = _masked(tables | flows, shown)
    result |= _city(projection, tables, flows, usual, smallest, single_ages_from)
    if districts is not None:
        merged = aggregate(xr.Dataset(tables | flows), areas=districts)
        result |= _as_districts(_masked({str(name): table for name, table in merged.items()}, district_shown))
    rule = {"internal": internal, "min_cell": min_cell, "single_ages_from": single_ages_from}
    return xr.Dataset(result, attrs={**projection.attrs, "publication": json.dumps(rule)})


def _as_published(published: xr.Dataset, districts: Mapping[str, str] | None) -> xr.Dataset:
    """The same; districts cannot be added to areas that were protected without them."""
    if districts is not None and "district" not in published.dims:
        raise OutputError(
            "Die Vorausberechnung ist schon ohne Bezirke veröffentlicht; nachträglich gäben Bezirke geschützte Gebiete "
            "preis.",
            remedy="publish mit districts= auf die ungerundete Vorausberechnung anwenden.",
        )
    return published


def _masked(tables: Tables, shown: Masks) -> Tables:
    """Tables and events with NaN where an area must not be shown."""
    masks = {name: xr.DataArray(mask, {"area": tables["total"]["area"].values}) for name, mask in shown.items()}
    return {name: table.where(masks.get(name, masks["total"])) for name, table in tables.items()}


def _as_districts(tables: Tables) -> Tables:
    return {f"district_{name}": table.drop_vars("area_name").rename(area="district") for name, table in tables.items()}


def _city(
    projection: xr.Dataset,
    tables: Tables,
    flows: Tables,
    usual: xr.DataArray,
    min_cell: int,
    single_ages_from: int,
) -> Tables:
    """Tables of the whole city; they stay when an area is hidden."""
    groups = tables["by_nationality"].sum("area")
    ages = city_table(
        projection["population"],
        tables["population"],
        usual,
        min_cell=min_cell,
        from_size=single_ages_from,
    )
    return {
        "city": ages,
        "city_total": tables["total"].sum("area"),
        "city_by_nationality": groups.where(not small(groups.isel(year_end=0).values, min_cell).any()),
        **{f"city_{name}": flow.sum("area") for name, flow in flows.items()},
    }


def _members(keys: list[str], districts: Mapping[str, str]) -> Levels:
    """Number of the district of every area."""
    check_groups(keys, districts)
    return np.unique([districts[key] for key in keys], return_inverse=True)[1].astype(np.int64)
