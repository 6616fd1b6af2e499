"""Totals of events (births, deaths, moves) of the base period, by area."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.errors import RatesError
from zwkprognose.names import label
from zwkprognose.rates.base import Base


def has_events(inputs: xr.Dataset, *names: str) -> bool:
    """Whether the inputs carry all of these flows."""
    return all(name in inputs for name in names)


def event_years(inputs: xr.Dataset, name: str, base: Base) -> list[int]:
    """Years of the base period in which events are known; at least one, or an error that names the years."""
    if name not in inputs:
        raise RatesError(f"Die Eingaben enthalten keine Angaben zu: {label('variables', name)}.",
                         remedy='Eine Tabelle mit diesen Ereignissen ergänzen oder "auto" wählen.')  # fmt: skip
    known = [int(y) for y in inputs[name]["year"].values]
    common = [y for y in known if y in base.years]
    if not common:
        raise RatesError(
            f"{label('variables', name)}: in den Stützjahren {base.years} liegen keine Ereignisse "
            f"(vorhanden: {known}).",
            cells=[{"year": y} for y in base.years],
            remedy="base_years so wählen, dass Bestände und Ereignisse sich überschneiden, "
            "oder eine Methode wählen, die diese Ereignisse nicht braucht.",
        )
    return common


def area_totals(inputs: xr.Dataset, name: str, years: list[int], expected: np.ndarray) -> np.ndarray:
    """Events of each area summed over the years [area].

    Where the source knows the city only, its events are spread over the areas like ``expected`` [area],
    so that every area gets the city's level.
    """
    flow = inputs[name].sel(year=years)
    total = flow.sum([dim for dim in flow.dims if dim != "area"], skipna=False)
    if not np.isfinite(total).all():
        raise RatesError(f"{label('variables', name)}: Werte fehlen.", cells=[{"year": y} for y in years],
                         remedy="Die Jahre ohne Werte mit exclude_years auslassen.")  # fmt: skip
    if "area" in total.dims:
        return np.asarray(total.sel(area=inputs["area"]).to_numpy(), dtype=float)
    return np.asarray(float(total) * expected / expected.sum())
