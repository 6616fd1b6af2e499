"""Sondergruppen: homes, dormitories, prisons, reception centres.

Those who live there are replaced, they do not age in place: the stock of a facility is its capacity in that
year times a stationary age profile. It is taken out before rates are applied and added back afterwards.
When a facility closes, a share of its residents stays in the city and moves to its areas like other movers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import xarray as xr

from zwkprognose.engine import doors
from zwkprognose.engine.arrays import Array, Index, aged
from zwkprognose.engine.grid import Grid
from zwkprognose.errors import EngineError

CELL = ("nationality", "sex", "age")


@dataclass(frozen=True)
class Sondergruppe:
    """One facility.

    Parameters
    ----------
    name, area : str
        What it is called and where it is.
    capacity : mapping of int to float
        Residents from 31.12. of a year on, until the next entry; the first entry is the opening.
    profile : xr.DataArray [nationality, sex, age]
        Share of each cell among the residents; sums to 1.
    closing : int, optional
        From 31.12. of this year on nobody lives there.
    stay_share : float
        Share of the residents who stay in the city when the facility closes.

    Examples
    --------
    >>> from zwkprognose import estimate_rates, load_example, project
    >>> inputs = load_example("bremerhaven")
    >>> profile = inputs["population"].isel(year_end=-1, area=0, drop=True)
    >>> home = Sondergruppe("Wohnheim", "04012", {2025: 80.0}, profile / profile.sum())
    >>> projection = project(inputs, estimate_rates(inputs), until=2026, sondergruppen=[home])
    >>> round(float(projection["sondergruppe"].sel(year=2025).sum()), 6)
    80.0
    """

    name: str
    area: str
    capacity: Mapping[int, float]
    profile: xr.DataArray
    closing: int | None = None
    stay_share: float = 0.0

    def residents(self, year_end: int) -> float:
        """Persons who live there on 31.12. of a year."""
        if self.closing is not None and year_end >= self.closing:
            return 0.0
        begun = [year for year in self.capacity if year <= year_end]
        return float(self.capacity[max(begun)]) if begun else 0.0


class Special(NamedTuple):
    """One year (area, group, sex, age): residents before and after, and those released by a closing."""

    before: Array
    after: Array
    released: Array

    @property
    def change(self) -> Array:
        """What the facilities add to the stock, cohort by cohort."""
        return self.after - aged(self.before)


class Facilities(NamedTuple):
    """All facilities as arrays: area and profile of each, residents (year_end, facility), share that stays."""

    areas: Index
    profile: Array
    residents: Array
    stay: Array
    cells: tuple[int, ...]

    def of_year(self, index: int) -> Special:
        """Residents before and after the year with this index."""
        before, after = self.residents[index], self.residents[index + 1]
        closing = np.where((before > 0) & (after == 0), self.stay, 0.0)
        return Special(self._spread(before), self._spread(after), aged(self._spread(before * closing)))

    def _spread(self, residents: Array) -> Array:
        stock = np.zeros(self.cells)
        np.add.at(stock, self.areas, residents[:, None, None, None] * self.profile)
        return stock


def facilities_of(grid: Grid, groups: Sequence[Sondergruppe]) -> Facilities:
    """The checked arrays of the facilities."""
    for group in groups:
        _check(grid, group)
    areas = np.array([grid.labels("area").index(g.area) for g in groups], dtype=np.intp)
    order = {d: grid.start[d].values for d in CELL}
    profile = np.stack([g.profile.sel(order).transpose(*CELL).values for g in groups])
    ends = [grid.year_start, *grid.years.tolist()]
    residents = np.array([[g.residents(year) for g in groups] for year in ends])
    stay = np.array([g.stay_share for g in groups])
    facilities = Facilities(areas, profile.astype(float), residents, stay, grid.start.shape)
    _check_start(grid, facilities)
    return facilities


def _check(grid: Grid, group: Sondergruppe) -> None:
    if group.area not in grid.labels("area"):
        raise EngineError(f"Sondergruppe „{group.name}“: das Gebiet gibt es nicht.", cells=[{"area": group.area}],
                          remedy="Den Schlüssel eines Gebiets des Bestands angeben.")  # fmt: skip
    if set(group.profile.dims) != set(CELL):
        raise EngineError(f"Sondergruppe „{group.name}“: das Profil braucht Staatsangehörigkeit, Geschlecht, Alter.",
                          remedy="Ein DataArray [nationality, sex, age] angeben.")  # fmt: skip
    for dim in CELL:
        doors.check_members(group.profile[dim].values.tolist(), grid.labels(dim), dim, f"Sondergruppe „{group.name}“")
    doors.refuse(~((group.profile >= 0) & (group.profile <= 1)),
                 f"Sondergruppe „{group.name}“: {{n}} Werte des Profils liegen nicht zwischen 0 und 1.",
                 "Das Profil prüfen.")  # fmt: skip
    wrong = [c for c in group.capacity.values() if not 0 <= c < np.inf]
    if wrong or not 0 <= group.stay_share <= 1 or abs(float(group.profile.sum()) - 1) > 1e-9:
        raise EngineError(f"Sondergruppe „{group.name}“: Plätze, Bleibeanteil oder Summe des Profils sind unmöglich.",
                          cells=[{"Plätze": c} for c in wrong],
                          remedy="Plätze ab 0, Bleibeanteil von 0 bis 1, Summe des Profils 1.")  # fmt: skip


def _check_start(grid: Grid, facilities: Facilities) -> None:
    before = facilities.of_year(0).before
    short = grid.start.copy(data=grid.start.values < before)
    doors.refuse(short, "Sondergruppen: in {n} Zellen wohnen am Anfang weniger Personen, als die Einrichtungen haben.",
                 "Plätze oder Profil der Einrichtung an den Bestand anpassen.")  # fmt: skip
