"""A projection in one tidy table: a row for every area and year, German columns."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.inputs.handed import require_dataset
from zwkprognose.names import label
from zwkprognose.output.aggregate import aggregate
from zwkprognose.output.content.facts import area_names, facts_of, with_scenario
from zwkprognose.output.content.places import place_of, year_of
from zwkprognose.output.indicators import indicators
from zwkprognose.output.publication.whole_tables import FLOWS
from zwkprognose.regions import regions_in

if TYPE_CHECKING:
    import pandas as pd

#: Measures behind the events, under the names of their columns.
MEASURES = {
    "Durchschnittsalter": "mean_age",
    "Jugendquotient": "youth_ratio",
    "Altenquotient": "old_age_ratio",
}
BALANCES = {"Natürlicher Saldo": ("births", "deaths"), "Wanderungssaldo": ("in_moves", "out_moves")}


def summary(
    projection: xr.Dataset,
    areas: str | Iterable[str] | None = None,
    *,
    years: int | Iterable[int] | None = None,
    whole: bool = False,
) -> pd.DataFrame:
    """Sum a projection up in one table.

    Parameters
    ----------
    projection : xr.Dataset
        Result of :func:`zwkprognose.project`.
    areas : str or iterable of str, optional
        Keys or names of the areas; all unless given.
    years : int or iterable of int, optional
        31.12. wanted; all unless given.
    whole : bool
        True: one row per year for all areas together.

    Returns
    -------
    pandas.DataFrame
        One row per scenario (where there are several), area and 31.12.: ``Gebiet``, ``Name``, ``Jahr``,
        ``Bevölkerung``, ``Veränderung in %`` since the first year, the events and balances of the year that ends
        then (missing in the first), mean age and ratios. Persons are as computed, neither rounded nor protected.

    Raises
    ------
    OutputError
        If this is no projection, or there is no such area or year.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> table = summary(project(inputs, estimate_rates(inputs), until=2030), years=[2023, 2030])
    >>> table["Jahr"].tolist(), round(table["Bevölkerung"].iloc[0])
    ([2023, 2030], 114677)
    """
    import pandas as pd

    given = require_dataset(projection, "population", "year", "births", "deaths", "in_moves", error=OutputError)
    shown = with_scenario(given.drop_vars([name for name in given if name not in ("population", *FLOWS)]))
    chosen = list(place_of(shown, [areas] if isinstance(areas, str) else areas).keys)
    known = shown["year_end"].values.astype(int).tolist()
    several = list(years) if isinstance(years, Iterable) and not isinstance(years, str) else [years]
    wanted = known if years is None else [year_of(shown, year) for year in several]
    by = () if whole else ("area",)
    part = shown.sel(area=chosen)
    columns = _columns(aggregate(part, by=by), indicators(part, by=by))
    frame = xr.Dataset(columns).sel(year_end=wanted).to_dataframe().reset_index()
    titles = {one.name: one.title for one in facts_of(given).scenarios}
    names = area_names(shown)
    heads: dict[str, Any] = {"Szenario": frame["scenario"].map(titles)} if len(titles) > 1 else {}
    if whole:
        heads |= {"Gebiet": regions_in(given.attrs).total if areas is None else place_of(shown, chosen).name}
    else:
        heads |= {"Gebiet": frame["area"], "Name": frame["area"].map(names)}
    table = pd.DataFrame({**heads, "Jahr": frame["year_end"].astype(int), **{name: frame[name] for name in columns}})
    order = [name for name in ("Szenario", "Gebiet", "Jahr") if name in table]
    return table.sort_values(order, kind="stable", ignore_index=True)


def _columns(sums: xr.Dataset, measures: xr.Dataset) -> dict[str, xr.DataArray]:
    """Columns on ``year_end``; what happens in a year stands at its end."""
    stock = sums["population"]
    change = 100 * (stock / stock.isel(year_end=0, drop=True) - 1)
    found = {label("variables", "population"): stock, "Veränderung in %": change.where(np.isfinite(change))}
    events = {name: _at_end(sums[name], stock) for name in FLOWS if name in sums}
    for name, events_at in events.items():
        found[label("variables", name)] = events_at
        found |= {title: events[a] - events[b] for title, (a, b) in BALANCES.items() if b == name}
    found |= {title: measures[name] for title, name in MEASURES.items()}
    return {title: values.reset_coords(drop=True).rename(None) for title, values in found.items()}


def _at_end(events: xr.DataArray, stock: xr.DataArray) -> xr.DataArray:
    return events.rename(year="year_end").reindex(year_end=stock["year_end"].values)
