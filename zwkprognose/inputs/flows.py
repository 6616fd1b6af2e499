"""Births, deaths and moves of the years, split as far as the source splits them."""

from __future__ import annotations

from collections.abc import Container
from typing import TYPE_CHECKING, Any

import numpy as np

from zwkprognose.errors import InputError
from zwkprognose.inputs.arrays import age_edges, to_array
from zwkprognose.inputs.graduation import graduate
from zwkprognose.inputs.stocks import Frame, single_years
from zwkprognose.names import SEXES, TOTAL, label, variable

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FLOWS = ("births", "deaths", "in_moves", "out_moves", "moves")


def flow(cells: pd.DataFrame, name: str, frame: Frame) -> xr.DataArray:
    """One flow variable of the years.

    Parameters
    ----------
    cells : pandas.DataFrame
        Cells of this variable with numbers only and without totals beside parts.
    name : str
        ``births`` (by age of the mother), ``deaths``, ``in_moves``, ``out_moves`` or ``moves``.
    frame : Frame

    Returns
    -------
    xr.DataArray, persons in the year
        Dimensions of the registry, without those that the source does not split. Age groups are split into
        single years so that every group keeps its sum.
    """
    import xarray as xr

    cells = _both_sexes(cells) if name == "births" else cells
    axes = _axes(cells, name, frame)
    by_age = "age_from" in axes
    array = to_array(cells, axes, label("variables", name))
    coords: dict[str, Any] = {column: list(values) for column, values in axes.items()}
    if by_age:
        lower = np.array(coords.pop("age_from"))
        array, coords["age"] = _by_single_age(array, lower, name, frame, axes)
    if name == "moves":
        coords = {("origin" if c == "area" else c): v for c, v in coords.items()}
    ordered = [d for d in variable("inputs", name).dims if d in coords]
    return xr.DataArray(array, coords=coords, dims=tuple(coords), name=name).transpose(*ordered)


def _by_single_age(
    array: np.ndarray, lower: np.ndarray, name: str, frame: Frame, split: Container[str]
) -> tuple[np.ndarray, np.ndarray]:
    if name == "births":
        return _mothers(array, lower)
    events = "deaths" if name == "deaths" else "lived"
    if "sex" in split:
        return single_years(array, lower, frame.open_age, events), frame.ages
    both = single_years(array[..., np.newaxis, :], lower, frame.open_age, events)
    return both[..., 0, :], frame.ages


def _mothers(array: np.ndarray, lower: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Births by single age of the mother; an open last group is taken as five years wide (45 … 49)."""
    edges = np.append(lower, lower[-1] + 5)
    return graduate(array, edges), np.arange(edges[0], edges[-1])


def _axes(cells: pd.DataFrame, name: str, frame: Frame) -> dict[str, Any]:
    """Columns that split this flow, with their coordinates, age last."""
    axes: dict[str, Any] = {"year": sorted(cells["year"].unique().tolist())}
    areas = set(cells["area"].unique())
    if areas <= set(frame.areas):
        axes["area"] = list(frame.areas)
    elif len(areas) > 1:
        _refuse_areas(areas - set(frame.areas), name)
    if name == "moves":
        axes["destination"] = list(frame.areas)
    if (cells["nationality"] != TOTAL).any():
        axes["nationality"] = list(frame.nationalities)
    if (cells["sex"] != TOTAL).any():
        axes["sex"] = list(SEXES)
    if cells["age_from"].nunique() > 1:
        axes["age_from"] = _lower(cells, name)
    return axes


def _both_sexes(births: pd.DataFrame) -> pd.DataFrame:
    """Births of boys and girls together: the split by sex comes from the share of girls."""
    keys = ["area", "year", "nationality", "age_from", "age_to"]
    return births.groupby(keys, dropna=False, as_index=False)["value"].sum().assign(sex=TOTAL)


def _lower(cells: pd.DataFrame, name: str) -> list[int]:
    if name == "births":  # mothers' ages begin at 15, not at 0
        return sorted(int(a) for a in cells["age_from"].unique())
    return [int(a) for a in age_edges(cells, label("variables", name))]


def _refuse_areas(unknown: set[str], name: str) -> None:
    raise InputError(
        f"{label('variables', name)}: Gebiete, die es im Bestand nicht gibt.",
        cells=[{"area": key} for key in sorted(unknown)],
        remedy="Schlüssel angleichen; für geänderte Gebiete eine Umschlüsselung anwenden.",
    )
