"""First occupation of new dwellings (Erstbezug) and the vacancy chain behind it.

New dwellings bring persons into an area: dwellings times persons per dwelling, by a move-in profile, spread
over the years after completion. Some come from outside the city. The others leave another area of the city:
each area other than the new one gives the same share of its cohort, so that the city as a whole grows by
those from outside only.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr

from zwkprognose.engine import doors, formulas
from zwkprognose.engine.arrays import Array, Index, in_order, over_areas
from zwkprognose.engine.grid import Grid, axes
from zwkprognose.errors import EngineError


@dataclass(frozen=True)
class Erstbezug:
    """Dwellings to be built, and who moves into them.

    Parameters
    ----------
    dwellings : xr.DataArray [year, area] or [year, area, dwelling_type]
        Dwellings completed; areas and years without building may be left out.
    persons : float or xr.DataArray [dwelling_type]
        Persons per dwelling.
    profile : xr.DataArray [nationality, sex, age] or with dwelling_type
        Share of each cell among those who move in, by age reached at the end of the year; sums to 1.
    outside_share : float or xr.DataArray [dwelling_type]
        Share of the persons who come from outside the city.
    spread : tuple of float
        Share that moves in in the year of completion, the year after …; sums to 1.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> profile = inputs["population"].isel(year_end=-1, area=0, drop=True)
    >>> new = Erstbezug(
    ...     dwellings=xr.DataArray([[100.0]], {"year": [2025], "area": ["04012"]}),
    ...     persons=2.1, profile=profile / profile.sum(), outside_share=1.0,
    ... )
    >>> projection = project(inputs, estimate_rates(inputs), until=2026, erstbezug=new)
    >>> round(float(projection["erstbezug"].sum()), 6)
    210.0
    """

    dwellings: xr.DataArray
    persons: float | xr.DataArray
    profile: xr.DataArray
    outside_share: float | xr.DataArray
    spread: tuple[float, ...] = (1.0,)


class Housing(NamedTuple):
    """The same as arrays: persons (year, area, type) from inside and outside, profile (type, group, sex, age)."""

    inside: Array
    outside: Array
    profile: Array

    def of_year(self, index: int) -> Arrivals:
        """Arrivals of one year."""
        return Arrivals(self.inside[index], self.outside[index], self.profile)


class Arrivals(NamedTuple):
    """Persons (area, type) who move into new dwellings in a year."""

    inside: Array
    outside: Array
    profile: Array

    def cells(self, ages: slice) -> tuple[Array, Array]:
        """Persons from inside and from outside the city by (area, group, sex, age)."""
        profile = self.profile[..., ages]
        inside = in_order(self.inside[:, :, None, None, None] * profile, axis=1)
        return inside, in_order(self.outside[:, :, None, None, None] * profile, axis=1)


def drawn(start: Array, inside: Array, order: Index | None) -> Array:
    """Persons whom each area gives to the new dwellings of the others.

    The persons moving into area i come from the others in proportion to the cohort living there:
    area j gives J_j·Σ_{i≠j} E_i / (ΣJ − J_i).
    """
    everywhere = over_areas(start, order)
    elsewhere = everywhere - start
    someone = np.where(elsewhere > formulas.NOBODY_ELSE * everywhere, elsewhere, np.nan)
    each = np.where(inside > 0, formulas.asked(inside, someone), 0.0)
    return formulas.given(start, in_order(each, 0, order), each)


def housing_of(grid: Grid, given: Erstbezug) -> Housing:
    """The checked arrays of the dwellings to be built."""
    dwellings, persons, share, profile = _by_type(given)
    _check(grid, dwellings, persons, share, profile, given.spread)
    with xr.set_options(arithmetic_join="exact"):
        people = _on_grid(grid, dwellings * persons, given.spread)
        inside, outside = people * (1 - share), people * share
    order = ("year", "area", "dwelling_type")
    cells = profile.sel({d: grid.start[d].values for d in ("nationality", "sex", "age")})
    return Housing(
        axes(inside, order), axes(outside, order), axes(cells, ("dwelling_type", "nationality", "sex", "age"))
    )


def _by_type(given: Erstbezug) -> tuple[xr.DataArray, xr.DataArray, xr.DataArray, xr.DataArray]:
    """Dwellings, persons, outside share and profile, all with a dimension ``dwelling_type``."""
    parts = [xr.DataArray(v) for v in (given.dwellings, given.persons, given.outside_share, given.profile)]
    types = next((p["dwelling_type"].values for p in parts if "dwelling_type" in p.dims), ["alle"])
    dwellings, persons, share, profile = (
        p if "dwelling_type" in p.dims else p.expand_dims(dwelling_type=types) for p in parts
    )
    return dwellings, persons, share, profile


def _on_grid(grid: Grid, people: xr.DataArray, spread: tuple[float, ...]) -> xr.DataArray:
    """Persons by year of moving in, zero for the areas and years without building."""
    moved = [
        (people * part).assign_coords(year=people["year"] + lag).reindex(year=grid.years, fill_value=0.0)
        for lag, part in enumerate(spread)
    ]
    with xr.set_options(arithmetic_join="exact"):
        total = sum(moved[1:], start=moved[0])
    return total.reindex(area=grid.start["area"].values, fill_value=0.0)


def _check(
    grid: Grid,
    dwellings: xr.DataArray,
    persons: xr.DataArray,
    share: xr.DataArray,
    profile: xr.DataArray,
    spread: tuple[float, ...],
) -> None:
    _check_dims(dwellings, ("year", "area", "dwelling_type"), "Wohnungen")
    _check_dims(profile, ("nationality", "sex", "age", "dwelling_type"), "Einzugsprofil")
    for dim in ("nationality", "sex", "age"):
        doors.check_members(profile[dim].values.tolist(), grid.labels(dim), dim, "Einzugsprofil")
    for part in (persons, share, profile):
        doors.check_members(
            part["dwelling_type"].values, dwellings["dwelling_type"].values, "dwelling_type", "Erstbezug"
        )
    unknown = [a for a in dwellings["area"].values.tolist() if a not in grid.labels("area")]
    if unknown:
        raise EngineError("Erstbezug: Gebiete sind nicht im Bestand.", cells=[{"area": a} for a in unknown],
                          remedy="Die Schlüssel der Wohnungsdaten an die des Bestands angleichen.")  # fmt: skip
    for values, name in ((dwellings, "Wohnungen"), (persons, "Personen je Wohnung"), (profile, "Einzugsprofil")):
        doors.refuse(~((values >= 0) & (values < np.inf)), f"{name}: in {{n}} Fällen ist der Wert leer oder negativ.",
                     "Die Werte prüfen.")  # fmt: skip
    doors.refuse(~((share >= 0) & (share <= 1)), "Anteil von außen: {n} Werte liegen nicht zwischen 0 und 1.",
                 "Den Anteil der Zuziehenden von außerhalb der Stadt angeben.")  # fmt: skip
    total = profile.sum(["nationality", "sex", "age"])
    doors.refuse(abs(total - 1) > 1e-9, "Einzugsprofil: in {n} Fällen ist die Summe nicht 1.",
                 "Das Profil auf die Summe 1 bringen.")  # fmt: skip
    if min(spread) < 0 or abs(sum(spread) - 1) > 1e-9:
        raise EngineError("Erstbezug: die Verteilung auf die Jahre hat nicht die Summe 1.",
                          cells=[{"Anteile": spread}], remedy="Zum Beispiel (0.7, 0.3) angeben.")  # fmt: skip


def _check_dims(values: xr.DataArray, dims: tuple[str, ...], name: str) -> None:
    if set(values.dims) != set(dims):
        raise EngineError(f"{name}: Dimensionen {', '.join(map(str, values.dims))} passen nicht.",
                          remedy=f"Erwartet werden {', '.join(dims)}.")  # fmt: skip
