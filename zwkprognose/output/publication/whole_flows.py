"""Events in whole numbers: those of the town first, then the areas so that they add up to it."""

from __future__ import annotations

import numpy as np
import xarray as xr

from zwkprognose.output.aggregate import aggregate
from zwkprognose.output.publication.rounding import Floats, round_balance, round_half_up
from zwkprognose.output.publication.whole_tables import FLOWS, LEAVING

#: Moves inside the town: every one is both.
INSIDE = ("moves_in", "moves_out")


def whole_flows(projection: xr.Dataset, total: xr.DataArray) -> dict[str, xr.DataArray]:
    """Events by area in whole numbers that explain the change of the rounded totals.

    The events of the town are rounded from its own sums, moves into its areas equal to moves out of them. Areas
    add up to them, as long as no event has to be shown where there is none.
    """
    present = [name for name in FLOWS if name in projection]
    sums = aggregate(projection[present], by=("area",)).transpose("scenario", "year", "area")
    signs = np.array([-1.0 if name in LEAVING else 1.0 for name in present])[:, None, None, None]
    parts = np.stack([sums[name].values for name in present]) * signs
    change = np.diff(total.transpose("scenario", "year_end", "area").values, axis=1)
    town = _town(present, parts.sum(axis=-1), change.sum(axis=-1))
    whole = _to_town(round_balance(parts, change), parts, town) * signs
    return {name: sums[name].copy(data=whole[k] + 0.0) for k, name in enumerate(present)}


def _town(names: list[str], parts: Floats, change: Floats) -> Floats:
    """Whole signed events of the town [part, scenario, year] that explain its change."""
    inside = [names.index(name) for name in INSIDE if name in names]
    if len(inside) < len(INSIDE) or not np.allclose(parts[inside].sum(axis=0), 0, atol=1e-6):
        return round_balance(parts, change)
    whole = np.empty_like(parts)
    others = np.setdiff1d(np.arange(len(names)), inside)
    whole[others] = round_balance(parts[others], change)
    whole[inside[0]] = round_half_up(parts[inside[0]])
    whole[inside[1]] = -whole[inside[0]]
    return whole


def _to_town(whole: Floats, parts: Floats, town: Floats) -> Floats:
    """Areas [part, scenario, year, area] moved to the sums of the town, the balance of every area kept."""
    for scenario, year in np.ndindex(town.shape[1:]):
        place = (slice(None), scenario, year)
        whole[place] = _with_sums(whole[place], parts[place], town[place])
    return whole


def _with_sums(whole: Floats, parts: Floats, sums: Floats) -> Floats:
    """Take one from a kind of event that has too many and give one to another, in the area that it suits best."""
    whole = whole.copy()
    while (gap := np.rint(sums - whole.sum(axis=1))).any():
        less, more = np.flatnonzero(gap < 0), np.flatnonzero(gap > 0)
        cost = _cost(whole[less], parts[less], -1)[:, None] + _cost(whole[more], parts[more], 1)
        best = np.unravel_index(int(np.argmin(cost)), cost.shape)
        if not np.isfinite(cost[best]):
            break
        whole[less[best[0]], best[2]] -= 1
        whole[more[best[1]], best[2]] += 1
    return whole


def _cost(whole: Floats, parts: Floats, step: int) -> Floats:
    """How much further from the parts (squared) a step leads; infinite where it would change a sign."""
    crosses = (parts == 0) | ((whole + step) * np.sign(parts) < 0)
    return np.where(crosses, np.inf, 1 + 2 * step * (whole - parts))
