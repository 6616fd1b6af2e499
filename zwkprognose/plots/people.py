"""What pictures are drawn from: a projection or a counted stock, its part for one place, its draws."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose.errors import OutputError
from zwkprognose.inputs.handed import require_dataset
from zwkprognose.output.content.facts import facts_of, with_scenario
from zwkprognose.output.content.places import Place

Floats = NDArray[np.float64]
#: Share of the draws that a band holds.
WITHIN = 0.8


def people_of(given: Any) -> xr.Dataset:
    """A projection or inputs; anything else is refused in German.

    Raises
    ------
    OutputError
        Says what is needed instead.
    """
    if isinstance(given, xr.Dataset) and "publication" in given.attrs:
        raise OutputError(
            "Bilder entstehen aus der ungerundeten Vorausberechnung, nicht aus der veröffentlichten Fassung.",
            remedy="Das Ergebnis von project(…) übergeben; geschützte Bilder enthält der Bericht (write_report).",
        )
    return require_dataset(given, "population", "year_end", "area", error=OutputError)


def projection_of(given: Any) -> xr.Dataset:
    """A projection with its components.

    Raises
    ------
    OutputError
        If it is none, such as counted stocks.
    """
    return require_dataset(people_of(given), "births", "deaths", "in_moves", "year", error=OutputError)


def inputs_of(given: Any) -> xr.Dataset | None:
    """Counted stocks, or nothing.

    Raises
    ------
    OutputError
        If something else was handed on.
    """
    remedy = "Das Ergebnis von build_inputs(…) übergeben."
    names, what = ("population", "year_end", "area"), "eine Reihe gezählter Bestände"
    return None if given is None else require_dataset(given, *names, what=what, remedy=remedy, error=OutputError)


def limits_of(given: Any, *names: str) -> xr.Dataset:
    """Limits with ``lower`` and ``upper`` by level, year and area, and what else must be in them.

    Raises
    ------
    OutputError
        If something else was handed on.
    """
    what, remedy = "eine Spanne", "Das Ergebnis von intervals(…) übergeben."
    names = ("lower", "upper", "level", "year_end", "area", *names)
    return require_dataset(given, *names, what=what, remedy=remedy, error=OutputError)


def family_of(given: Any) -> xr.Dataset:
    """Scenarios side by side: of one projection, or several projections under their titles.

    Raises
    ------
    OutputError
        If one of them is no projection, or their areas and years differ.
    """
    if not isinstance(given, Mapping) or isinstance(given, xr.Dataset):
        return people_of(given)
    if not given:
        raise OutputError("Es wurde keine Vorausberechnung übergeben.", remedy="{titel: project(…)} übergeben.")
    stocks = {str(title): people_of(one)[["population"]] for title, one in given.items()}
    many = [title for title, one in stocks.items() if one.sizes.get("scenario", 1) > 1]
    if many:
        raise OutputError(f"„{many[0]}“ enthält selbst mehrere Szenarien.", remedy="Je Titel ein Szenario übergeben.")
    plain = [with_scenario(one).isel(scenario=0, drop=True) for one in stocks.values()]
    try:
        joined = xr.concat(plain, xr.IndexVariable("scenario", list(stocks)), join="exact", combine_attrs="drop")
    except ValueError:
        remedy = "Vorausberechnungen derselben Stadt mit demselben Ausgangs- und Endjahr vergleichen."
        raise OutputError("Gebiete, Alter oder Jahre der Vorausberechnungen sind verschieden.", remedy=remedy) from None
    return joined.assign_attrs(plain[0].attrs)


def titles_of(family: xr.Dataset) -> dict[str, str]:
    """Name and German title of every scenario."""
    return {one.name: one.title for one in facts_of(family).scenarios}


def kept(values: xr.DataArray, *dims: str) -> xr.DataArray:
    """The sum over all other dimensions but draws, with these in this order."""
    others = [dim for dim in values.dims if dim not in (*dims, "draw")]
    summed = values.sum(others, skipna=False)
    return summed.transpose(..., *dims)


def at(place: Place, values: xr.DataArray, *dims: str) -> xr.DataArray:
    """The sum over a place's areas and all other dimensions but draws."""
    return kept(values.sel(area=list(place.keys)), *dims)


def middle(values: xr.DataArray) -> Floats:
    """The value, or the mean of the draws."""
    return np.asarray(values.mean("draw") if "draw" in values.dims else values, dtype=float)


def band(values: xr.DataArray) -> tuple[Floats, Floats] | None:
    """Limits that hold most draws; nothing without draws."""
    if "draw" not in values.dims:
        return None
    low, high = np.quantile(values.transpose("draw", ...).values, [(1 - WITHIN) / 2, (1 + WITHIN) / 2], axis=0)
    return low, high
