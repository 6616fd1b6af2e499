"""Groups of areas under names of their own (Amt, Regionalkonferenz …), as coordinates of the areas."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import xarray as xr

from zwkprognose.engine.arrays import Array, Index, over_areas
from zwkprognose.errors import EngineError

#: Names that mean something else already.
TAKEN = ("area", "area_name", "nationality", "sex", "age", "year", "year_end", "scenario", "draw")


class Level(NamedTuple):
    """The areas of each group, or every area as a group of its own."""

    name: str
    coords: dict[str, Any]
    members: tuple[Index, ...] | None

    @classmethod
    def of(cls, stock: xr.DataArray, name: str) -> Level:
        """A level that the stock carries as a coordinate of its areas."""
        if name == "area":
            names = {"area_name": ("area", stock["area_name"].values)} if "area_name" in stock.coords else {}
            return cls(name, {"area": stock["area"].values, **names}, None)
        groups, of_area = np.unique(stock[name].values, return_inverse=True)
        return cls(name, {name: groups}, tuple(np.flatnonzero(of_area == k) for k in range(len(groups))))

    def summed(self, people: Array, order: Index | None) -> Array:
        """(area, year, …) as (year, group, …), each sum in the order of the keys of the areas."""
        if self.members is None:
            return np.ascontiguousarray(people.swapaxes(0, 1))
        ordered = np.arange(len(people)) if order is None else order
        of_groups = [ordered[np.isin(ordered, areas)] for areas in self.members]
        return np.stack([over_areas(people, areas) for areas in of_groups], axis=1)


def with_levels(inputs: xr.Dataset, levels: Mapping[str, Mapping[str, str]]) -> xr.Dataset:
    """The inputs with each level as a coordinate of the areas."""
    if not isinstance(levels, Mapping) or not all(isinstance(group_of, Mapping) for group_of in levels.values()):
        raise EngineError(
            "Die Ebenen (levels) nennen zu jedem Namen, in welcher Gruppe jedes Gebiet liegt.",
            remedy='Zum Beispiel levels={"Amt": {"0101": "Nord", "0102": "Süd"}} angeben.',
        )
    for name, group_of in levels.items():
        if not isinstance(name, str) or not name.strip() or name in TAKEN:
            raise EngineError(
                f"Eine Ebene der Gebiete kann nicht „{name}“ heißen.", remedy="Einen anderen Namen wählen."
            )
        keys = inputs["area"].values.tolist()
        wrong = [{"area": key, "Befund": "fehlt"} for key in keys if key not in group_of]
        wrong += [{"area": key, "Befund": "nicht im Bestand"} for key in group_of if key not in keys]
        wrong += [{"area": key, "Befund": "ohne Gruppe"} for key in keys if key in group_of and _empty(group_of[key])]
        if wrong:
            raise EngineError(
                f"Ebene „{name}“: Die Gebiete stimmen nicht mit dem Bestand überein.",
                cells=wrong,
                remedy="Jedem Gebiet des Bestands genau eine Gruppe geben.",
            )
        inputs = inputs.assign_coords({name: ("area", [str(group_of[key]) for key in keys])})
    return inputs


def _empty(group: Any) -> bool:
    return group is None or group != group or not str(group).strip()
