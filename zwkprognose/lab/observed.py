"""How far assumptions have gone in the past: what a slider marks beside the value of today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.scenarios.context import observed_birth_rates, observed_life_expectancy

#: Years that must be known before their lowest and highest are a range.
FEW = 3
#: Quantity of a document, its events, and the rate that expects them.
_COUNTED = {
    "geburten": ("births", "fertility_rate"), "sterblichkeit": ("deaths", "death_prob"),
    "zuzuege": ("in_moves", "in_moves"), "fortzuege": ("out_moves", "out_prob"),
}  # fmt: skip
Seen = dict[str, Any]


def observed(
    inputs: xr.Dataset, rates: xr.Dataset, past: Sequence[tuple[int, float]], *, internal: bool
) -> dict[str, Any]:
    """Ranges of what has been seen in the whole: ``levels`` in per cent of the rates, ``goals``, yearly ``growth``.

    Parameters
    ----------
    inputs : xr.Dataset
        Stocks, and events of some years if they are known.
    rates : xr.Dataset
        What is expected of each person.
    past : sequence of year and persons
        Counted population of the whole, as it is shown.
    internal : bool
        False: events are left out, for they are not among the published numbers.
    """
    return {
        "levels": dict(_levels(inputs, rates)) if internal else {},
        "goals": _national(),
        "growth": _growth(past),
    }


def _national() -> dict[str, Seen]:
    births = observed_birth_rates()
    found = {"geburten": {"low": births[0], "high": births[1], "text": "in Deutschland seit 1972"}}
    for sign, sex in (("w", "female"), ("m", "male")):
        low, high = observed_life_expectancy(sex)
        found[f"sterblichkeit {sign}"] = {"low": low, "high": high, "text": "in Deutschland seit 1991"}
    return found


def _growth(past: Sequence[tuple[int, float]]) -> Seen | None:
    """Slowest and fastest growth between two counts, as yearly factors."""
    counted = [(year, round(persons)) for year, persons in past]
    steps = [(b / a) ** (1 / (end - begin)) for (begin, a), (end, b) in pairwise(counted) if a > 0 and b > 0]
    if len(steps) < FEW:
        return None
    (first, _), (base, start) = counted[0], counted[-1]
    return {"low": min(steps), "high": max(steps), "start": start, "base": base, "when": f"{first}–{base}"}


def _levels(inputs: xr.Dataset, rates: xr.Dataset) -> Iterator[tuple[str, Seen]]:
    for quantity, (events, rate) in _COUNTED.items():
        if events in inputs and rate in rates:
            found = dict(_yearly(inputs, rates[rate], events))
            if len(found) >= FEW:
                low, high = min(found.values()), max(found.values())
                yield quantity, {"low": low, "high": high, "text": f"{min(found)}–{max(found)}"}


def _yearly(inputs: xr.Dataset, rate: xr.DataArray, events: str) -> Iterator[tuple[int, float]]:
    """Events of each year in per cent of those that the rates expect of the stocks around it, less 100."""
    counted, stock = inputs[events], inputs["population"]
    one = rate.isel(year=0, drop=True) if "year" in rate.dims else rate
    known = set(stock["year_end"].values.tolist())
    for year in counted["year"].values.tolist():
        happened = float(counted.sel(year=year).sum(skipna=False))
        if np.isnan(happened) or not {year - 1, year} <= known:
            continue
        expected = float(one.sum()) if events == "in_moves" else _expected(stock, year, one, events)
        if expected > 0:
            yield year, 100 * (happened / expected - 1)


def _expected(stock: xr.DataArray, year: int, rate: xr.DataArray, events: str) -> float:
    """Events of those who lived there, by the age that they reach in the year."""
    before, after = stock.sel(year_end=year - 1, drop=True), stock.sel(year_end=year, drop=True)
    aged = before.shift(age=1)
    aged = aged.where(aged["age"] < aged["age"][-1], before.isel(age=[-2, -1]).sum("age"))
    aged = aged.where(aged["age"] > 0, after)  # those of age 0 were born in the year
    if events == "births":
        return float((rate * ((aged + after) / 2).sel(sex="female", drop=True)).sum())
    return float((rate * aged).sum())
