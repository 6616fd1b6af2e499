"""Sum a projection over areas, ages, sexes and nationalities without losing anybody."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.inputs.handed import handed, require_dataset
from zwkprognose.output.named_areas import check_named
from zwkprognose.output.publication.bands import make_bands

SPLITS: tuple[str, ...] = ("area", "nationality", "sex", "age")


def aggregate(
    projection: xr.Dataset,
    *,
    by: Iterable[str] | None = None,
    ages: Sequence[int] | None = None,
    areas: Mapping[str, str] | None = None,
) -> xr.Dataset:
    """Add up the persons and events of a projection in larger groups.

    Parameters
    ----------
    projection : xr.Dataset
        Population, births, deaths, moves as the engine returns them.
    by : str or iterable of str, optional
        The splits to keep, out of ``area nationality sex age``; the others are summed. Default: all.
        Scenario, draw and time are always kept.
    ages : sequence of int, optional
        First ages of age bands; ``age`` becomes ``age_group`` (label) with ``age_from`` and ``age_to``
        (last completed age, NaN if open). Births have no age and stay as they are.
    areas : mapping of area key to group, optional
        Every area belongs to exactly one group (district, service area …); the groups become the areas.

    Returns
    -------
    xr.Dataset
        The same variables in persons; every total is kept.

    Raises
    ------
    OutputError
        If a split is unknown, an age band begins above the oldest age, or ``areas`` misses an area or
        names one that is not there.

    Examples
    --------
    >>> import xarray as xr
    >>> people = xr.Dataset({"population": (("year_end", "area"), [[1.0, 2.0]])},
    ...                     coords={"year_end": [2020], "area": ["1", "2"]})
    >>> aggregate(people, areas={"1": "Nord", "2": "Nord"})["population"].values.tolist()
    [[3.0]]
    """
    require_dataset(projection, error=OutputError)
    if "death_prob" in projection:
        raise OutputError(
            "Raten lassen sich nicht addieren; zusammenfassen lassen sich Bestände und Bewegungen.",
            remedy="Eine Vorausberechnung oder Eingaben übergeben.",
        )
    keep = SPLITS if by is None else _checked(splits_of(by))
    result = projection if areas is None else _merge_areas(projection, areas)
    gone = [dim for dim in SPLITS if dim in result.dims and dim not in keep]
    if gone:
        result = _summed(result, gone)
    return result if ages is None or "age" not in result.dims else _merge_ages(result, ages)


def splits_of(by: Iterable[str]) -> tuple[str, ...]:
    """The splits to keep; a single one may stand without brackets."""
    return (by,) if isinstance(by, str) else tuple(by)


def _checked(keep: tuple[str, ...]) -> tuple[str, ...]:
    unknown = [name for name in keep if name not in SPLITS]
    if unknown:
        raise OutputError(
            f"Nach {', '.join(unknown)} kann nicht gegliedert werden.", remedy=f"Möglich sind {', '.join(SPLITS)}."
        )
    return keep


def _summed(dataset: xr.Dataset, dims: list[str]) -> xr.Dataset:
    with xr.set_options(keep_attrs=True):
        summed = dataset.map(lambda array: array.sum([dim for dim in dims if dim in array.dims], skipna=False))
    return summed.assign_attrs(dataset.attrs)


def _merge_ages(dataset: xr.Dataset, first_ages: Sequence[int]) -> xr.Dataset:
    ages = dataset["age"].values.tolist()
    if not isinstance(first_ages, Sequence | np.ndarray) or not all(map(_is_whole, first_ages)):
        raise OutputError(
            f"Altersgruppen sind eine Liste ihrer ersten Alter; übergeben wurde {handed(first_ages)}.",
            remedy="Zum Beispiel ages=[0, 18, 65] für 0–17, 18–64 und 65 und älter angeben.",
        )
    beyond = [first for first in first_ages if first > ages[-1]]
    if beyond:
        raise OutputError(
            f"Altersgruppen ab {', '.join(map(str, beyond))} gibt es hier nicht: Die oberste ist {ages[-1]} und älter.",
            remedy=f"Nur erste Alter bis {ages[-1]} angeben.",
        )
    bands = make_bands(first_ages, ages[-1])
    starts = [band.first for band in bands]
    cut = [first for first in starts if first not in ages]
    if cut:
        raise OutputError(
            f"Altersgruppen ab {cut} zerschneiden die Alter, die es hier gibt.", remedy=f"Möglich sind {ages}."
        )
    positions = [ages.index(first) for first in starts]
    merged = dataset.map(_reduced, dim="age", starts=positions, new_dim="age_group")
    last = [np.nan if band.last is None else band.last for band in bands]
    return merged.assign_attrs(dataset.attrs).assign_coords(
        age_group=("age_group", [band.label for band in bands]),
        age_from=("age_group", starts),
        age_to=("age_group", last),
    )


def _is_whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _merge_areas(dataset: xr.Dataset, groups: Mapping[str, str]) -> xr.Dataset:
    keys = [str(key) for key in dataset["area"].values]
    check_groups(keys, groups)
    names = sorted({groups[key] for key in keys})
    at = {name: i for i, name in enumerate(names)}
    numbers = np.array([at[groups[key]] for key in keys])
    order = np.argsort(numbers, kind="stable")
    starts = np.unique(numbers[order], return_index=True)[1]
    ordered = dataset.drop_vars([c for c in dataset.coords if c != "area" and "area" in dataset[c].dims])
    merged = ordered.isel(area=order).map(_reduced, dim="area", starts=starts, new_dim="area")
    return merged.assign_attrs(dataset.attrs).assign_coords(area=names, area_name=("area", names))


def check_groups(keys: list[str], groups: Mapping[str, str]) -> None:
    """Raise :class:`OutputError` unless every area belongs to a group and every area named is there."""
    if not isinstance(groups, Mapping):
        raise OutputError(
            f"Die Zuordnung der Gebiete ist ein Wörterbuch; übergeben wurde {handed(groups)}.",
            remedy='Für jedes Gebiet seine Gruppe angeben, zum Beispiel {"0101": "Nord", "0102": "Süd"}.',
        )
    check_named(keys, groups, "Zuordnung zu Gruppen", "Jedes Gebiet genau einer Gruppe zuordnen.")


def _reduced(array: xr.DataArray, *, dim: str, starts: Sequence[int], new_dim: str) -> xr.DataArray:
    """Sum runs that begin at ``starts`` along ``dim``."""
    if dim not in array.dims:
        return array
    axis = array.get_axis_num(dim)
    values = np.add.reduceat(array.values, np.asarray(starts), axis=axis)
    dims: list[Hashable] = [new_dim if d == dim else d for d in array.dims]
    coords = {c: v for c, v in array.coords.items() if dim not in v.dims}
    return xr.DataArray(values, dims=dims, coords=coords, attrs=array.attrs, name=array.name)
