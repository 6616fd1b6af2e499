"""Births, deaths and moves of the years, split as far as the source splits them."""

from __future__ import annotations

from collections.abc import Container, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from zwkprognose.arithmetic import total
from zwkprognose.errors import InputError
from zwkprognose.inputs.arrays import age_edges, to_array
from zwkprognose.inputs.graduation import graduate
from zwkprognose.inputs.stocks import Frame, single_years
from zwkprognose.names import SEXES, TOTAL, label, variable

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

FLOWS = ("births", "deaths", "in_moves", "out_moves", "moves")
#: Age at which a first group such as "under 20" begins: younger mothers are too few to be drawn out of it.
FIRST_MOTHERS = 15


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

    axes = _axes(cells, name, frame)
    by_age = "age_from" in axes
    array = to_array(cells, axes, label("variables", name))
    if name == "births" and "sex" in axes:  # the split by sex comes from the share of girls
        array = total(array, list(axes).index("sex"))
        del axes["sex"]
    coords: dict[str, Any] = {column: list(values) for column, values in axes.items()}
    if by_age:
        lower = np.array(coords.pop("age_from"))
        if name == "births":
            array = mothers(array, _mothers_edges(cells), frame.open_age)
        else:
            array = _by_single_age(array, lower, name, frame, axes)
        coords["age"] = frame.ages
    if name == "moves":
        coords = {("origin" if c == "area" else c): v for c, v in coords.items()}
    ordered = [d for d in variable("inputs", name).dims if d in coords]
    return xr.DataArray(array, coords=coords, dims=tuple(coords), name=name).transpose(*ordered)


def refuse_other_years(flows: Mapping[str, xr.DataArray]) -> None:
    """All kinds of events must cover the same years, or those of some years would be lost."""
    years = {name: [int(y) for y in array["year"].values] for name, array in flows.items()}
    common = set.intersection(*map(set, years.values())) if years else set()
    beyond = {name: sorted(set(of) - common) for name, of in years.items() if set(of) - common}
    if beyond:
        said = ", ".join(f"{label('variables', name)} {min(of)} bis {max(of)}" for name, of in years.items())
        raise InputError(
            f"Die Bewegungen liegen nicht für dieselben Jahre vor: {said}.",
            cells=[{"Ereignis": label("variables", name), "year": y} for name, of in beyond.items() for y in of],
            remedy="Die fehlenden Jahre ergänzen oder die genannten Jahre aus den Tabellen nehmen.",
        )


def _by_single_age(array: np.ndarray, lower: np.ndarray, name: str, frame: Frame, split: Container[str]) -> np.ndarray:
    events = "deaths" if name == "deaths" else "lived"
    if "sex" in split:
        return single_years(array, lower, frame.open_age, events)
    both = single_years(array[..., np.newaxis, :], lower, frame.open_age, events)
    return both[..., 0, :]


def mothers(births: np.ndarray, edges: np.ndarray, open_age: int) -> np.ndarray:
    """Births by single age of the mother; none at the ages that the source leaves out.

    Parameters
    ----------
    births : np.ndarray [..., group], persons
    edges : np.ndarray [group + 1], years of age
        Limits of the mothers' age groups.
    open_age : int
        First age of the open group of the stock.

    Returns
    -------
    np.ndarray [..., age], persons
        Ages ``0 … open_age``; the sum is kept.
    """
    single = np.zeros((*births.shape[:-1], max(int(edges[-1]), open_age + 1)))
    single[..., edges[0] : edges[-1]] = graduate(births, edges)
    return np.concatenate([single[..., :open_age], total(single[..., open_age:], -1, keepdims=True)], axis=-1)


def _mothers_edges(births: pd.DataFrame) -> np.ndarray:
    """Limits of the mothers' age groups; "under 20" begins at 15, an open last group is five years wide."""
    groups = births[["age_from", "age_to"]].drop_duplicates().sort_values("age_from")
    lower = groups["age_from"].to_numpy(dtype=int)
    upper = groups["age_to"].fillna(lower[-1] + 5).to_numpy(dtype=int)
    breaks = np.flatnonzero(lower[1:] != upper[:-1])
    if breaks.size:
        raise InputError(
            f"{label('variables', 'births')}: Die Altersgruppen der Mütter schließen nicht aneinander an.",
            cells=[{"age": f"erwartet ab {upper[i]}, gefunden ab {lower[i + 1]}"} for i in breaks],
            remedy="Altersgruppen ohne Lücke und ohne Überlappung führen; Zwischensummen weglassen.",
        )
    first = FIRST_MOTHERS if upper[0] > FIRST_MOTHERS > lower[0] else lower[0]
    return np.array([first, *upper])


def _axes(cells: pd.DataFrame, name: str, frame: Frame) -> dict[str, Any]:
    """Columns that split this flow, with their coordinates, age last."""
    axes: dict[str, Any] = {"year": sorted(cells["year"].unique().tolist())}
    areas = set(cells["area"].unique())
    if areas <= set(frame.areas):
        axes["area"] = list(frame.areas)
    elif len(areas) > 1:
        _refuse_areas(areas - set(frame.areas), name)
    if name == "moves":
        if beyond := set(cells["destination"].unique()) - set(frame.areas):
            _refuse_areas(beyond, name)
        axes["destination"] = list(frame.areas)
    if (cells["nationality"] != TOTAL).any():
        axes["nationality"] = list(frame.nationalities)
    if (cells["sex"] != TOTAL).any():
        axes["sex"] = list(SEXES)
    ages = set(cells["age_from"].astype(int))
    if len(ages) > 1:
        # mothers' ages begin at 15, not at 0
        axes["age_from"] = sorted(ages) if name == "births" else age_edges(cells, label("variables", name)).tolist()
    return axes


def _refuse_areas(unknown: set[str], name: str) -> None:
    raise InputError(
        f"{label('variables', name)}: Gebiete, die es im Bestand nicht gibt.",
        cells=[{"area": key} for key in sorted(unknown)],
        remedy="Schlüssel angleichen; für geänderte Gebiete eine Umsteigetabelle anwenden.",
    )
