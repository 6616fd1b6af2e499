"""Moves that a city publishes as a number: in- and out-moves of a year, of all or by nationality."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np
import xarray as xr

from zwkprognose.errors import RatesError

#: ``in_moves`` and ``out_moves`` of a year, persons: of all, or of each group.
CityMoves: TypeAlias = Mapping[str, float | Mapping[str, float]]
BOTH = ("in_moves", "out_moves")


def with_city_moves(inputs: xr.Dataset, moves: CityMoves | None) -> xr.Dataset:
    """The inputs with in- and out-moves of the city as events of the last year that is counted.

    Raises
    ------
    RatesError
        If one direction is missing, a number is impossible, a group is unknown, or moves are counted already.
    """
    if moves is None:
        return inputs
    there = [name for name in BOTH if name in inputs]
    if there:
        raise RatesError(
            "city_moves bleibt ohne Wirkung, weil Zu- und Fortzüge in den Daten stehen.",
            remedy="Die Angabe city_moves (im Projekt „bewegungen“) weglassen.",
        )
    if set(moves) != set(BOTH):
        raise RatesError(
            f"city_moves nennt {', '.join(moves) or 'nichts'}.",
            remedy="Genau in_moves und out_moves angeben, Personen im Jahr.",
        )
    year = int(inputs["year_end"][-1])
    return inputs.assign({name: _events(name, moves[name], inputs, year) for name in BOTH})


def _events(name: str, said: float | Mapping[str, float], inputs: xr.Dataset, year: int) -> xr.DataArray:
    groups = [str(g) for g in inputs["nationality"].values]
    if isinstance(said, Mapping):
        if set(said) != set(groups):
            raise RatesError(
                f"city_moves: {name} nennt die Gruppen {', '.join(said)}.",
                remedy=f"Genau {', '.join(groups)} angeben, oder eine Zahl für alle.",
            )
        values = np.array([[float(said[g]) for g in groups]])
    else:
        values = np.array([float(said)])
    dims = ("year", "nationality")[: values.ndim]
    if not ((values >= 0) & (values < np.inf)).all():
        raise RatesError(f"city_moves: {name} ist keine Zahl von Personen.", remedy="Zahlen ab 0 angeben.")
    coords = {"year": [year]} | ({"nationality": groups} if "nationality" in dims else {})
    return xr.DataArray(values, coords, dims)
