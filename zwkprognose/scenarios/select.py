"""The cells of the rates that a statement speaks of."""

from __future__ import annotations

import xarray as xr

from zwkprognose.scenarios.masks import Place, age_mask, area_mask, equals
from zwkprognose.scenarios.run import Run
from zwkprognose.scenarios.statements import Selected


def selected(rates: xr.Dataset, name: str, statement: Selected, run: Run, place: Place) -> xr.DataArray | None:
    """Mask over the dimensions that a statement filters; ``None`` if it speaks of all.

    Parameters
    ----------
    rates : xr.Dataset
        Carries the coordinates.
    name : str
        Variable whose ages count.
    statement : Selected
        Areas, group, sex, ages.
    run : Run
        Area names.
    place : Place
        The statement in its document.

    Raises
    ------
    ScenarioError
        If the statement names something that the rates do not have.
    """
    masks = _masks(rates, name, statement, run, place)
    if not masks:
        return None
    hit = masks[0]
    for mask in masks[1:]:
        hit = hit & mask
    return hit


def _masks(rates: xr.Dataset, name: str, statement: Selected, run: Run, place: Place) -> list[xr.DataArray]:
    """One mask per filter."""
    masks = []
    if statement.areas:
        masks.append(area_mask(rates["area"], statement.areas, run.areas, place.at("gebiete")))
    if statement.nationality:
        masks.append(equals(rates, "nationality", statement.nationality, place.at("staatsangehoerigkeit")))
    if statement.sex:
        masks.append(equals(rates, "sex", statement.sex, place.at("geschlecht")))
    if statement.ages:
        ages = rates[name]["age"]
        masks.append(age_mask(ages, int(rates["age"].max()), statement.ages, place.at("alter")))
    return masks
