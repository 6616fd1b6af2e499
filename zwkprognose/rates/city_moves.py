"""Moves that a city publishes as a number: in- and out-moves of one or several years, of all or by nationality."""

from __future__ import annotations

import re
from collections.abc import Mapping
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.german import numbers

Count: TypeAlias = "float | Mapping[str, float]"
#: ``in_moves`` and ``out_moves`` of a usual year or of each of several, persons: of all, or of each group.
CityMoves: TypeAlias = "Mapping[str, Count | Mapping[int, Count]]"
BOTH = ("in_moves", "out_moves")
_YEAR = re.compile(r"(19|2[0-2])\d\d")


def with_city_moves(inputs: xr.Dataset, moves: CityMoves | None, years: list[int]) -> xr.Dataset:
    """The stocks with in- and out-moves of the city as events of the base years; without any the inputs as they are.

    Moves of a usual year are those of the last of ``years``. Other events are left out: they may be of other years.

    Raises
    ------
    RatesError
        If one direction is missing, a number is impossible, a group is unknown, moves are counted already, or a year
        does not count.
    """
    if moves is None:
        return inputs
    there = [name for name in BOTH if name in inputs]
    if there:
        raise RatesError(
            "city_moves bleibt ohne Wirkung, weil Zu- und Fortzüge in den Daten stehen.",
            remedy="Die Angabe city_moves (im Projekt „bewegungen“) weglassen.",
        )
    if not isinstance(moves, Mapping) or set(moves) != set(BOTH):
        raise RatesError(
            f"city_moves nennt {', '.join(map(str, moves)) if isinstance(moves, Mapping) and moves else 'nichts'}.",
            remedy="Genau in_moves und out_moves angeben, Personen im Jahr.",
        )
    groups = [str(g) for g in inputs["nationality"].values]
    found = {name: _events(name, moves[name], groups, years) for name in BOTH}
    one, other = (found[name]["year"].values.tolist() for name in BOTH)
    if one != other:
        raise RatesError(
            f"city_moves: in_moves nennt die Jahre {numbers(one)}, out_moves {numbers(other)}.",
            remedy="Zuzüge und Fortzüge für dieselben Jahre angeben.",
        )
    return inputs[["population"]].assign(found).assign_attrs(inputs.attrs)


def usual(moves: CityMoves) -> CityMoves:
    """The same as of a usual year: the mean of those that are named.

    >>> usual({"in_moves": {2020: 100.0, 2021: 120.0}, "out_moves": {2020: {"all": 80.0}, 2021: {"all": 70.0}}})
    {'in_moves': 110.0, 'out_moves': {'all': 75.0}}
    """
    return {name: _mean(list(said.values())) if _is_by_year(said) else said for name, said in moves.items()}  # type: ignore[union-attr]


def _mean(counts: list[Any]) -> Any:
    if isinstance(counts[0], Mapping):
        return {group: sum(count[group] for count in counts) / len(counts) for group in counts[0]}
    return sum(counts) / len(counts)


def _events(name: str, said: Any, groups: list[str], years: list[int]) -> xr.DataArray:
    by_year = {int(year): count for year, count in said.items()} if _is_by_year(said) else {years[-1]: said}
    unused = sorted(set(by_year) - set(years))
    if unused:
        raise RatesError(
            f"city_moves: {name} für {numbers(unused)} bleibt ohne Wirkung, denn Basisjahre sind {numbers(years)}.",
            remedy="Jahre des Basiszeitraums nennen, oder eine Zahl für ein übliches Jahr.",
        )
    rows = [_row(name, by_year[year], groups) for year in sorted(by_year)]
    split = isinstance(next(iter(by_year.values())), Mapping)
    if any(isinstance(count, Mapping) != split for count in by_year.values()):
        raise RatesError(
            f"city_moves: {name} ist nur in manchen Jahren nach Gruppen getrennt.", remedy="Alle Jahre gleich gliedern."
        )
    coords = {"year": sorted(by_year)} | ({"nationality": groups} if split else {})
    values = np.array(rows)
    return xr.DataArray(values if split else values[:, 0], coords, ("year", "nationality")[: 2 if split else 1])


def _is_by_year(said: Any) -> bool:
    return isinstance(said, Mapping) and bool(said) and all(_YEAR.fullmatch(str(key)) for key in said)


def _row(name: str, said: Any, groups: list[str]) -> list[float]:
    """Persons of a year: of all, or of each group."""
    if isinstance(said, Mapping):
        if set(said) != set(groups):
            raise RatesError(
                f"city_moves: {name} nennt die Gruppen {', '.join(map(str, said)) or 'nicht'}.",
                remedy=f"Genau {', '.join(groups)} angeben, oder eine Zahl für alle.",
            )
        counts = [said[g] for g in groups]
    else:
        counts = [said]
    wrong = [c for c in counts if isinstance(c, bool) or not isinstance(c, Real) or not 0 <= float(c) < np.inf]
    if wrong:
        raise RatesError(f"city_moves: {name} ist keine Zahl von Personen.", remedy="Zahlen ab 0 angeben.")
    return [float(count) for count in counts]
