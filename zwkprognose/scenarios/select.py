"""The variable and the cells of the rates that a statement speaks of."""

from __future__ import annotations

import xarray as xr

from zwkprognose.errors import ScenarioError
from zwkprognose.names import label, variable
from zwkprognose.scenarios.masks import Place, age_mask, area_mask, equals
from zwkprognose.scenarios.run import Run
from zwkprognose.scenarios.statements import RATE_OF, Assumption, Selected


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


def rate_name(rates: xr.Dataset, assumption: Assumption, place: Place) -> str:
    """Variable that a statement changes.

    Raises
    ------
    ScenarioError
        If the rates have no such movement.
    """
    name = RATE_OF[assumption.quantity]
    if name not in rates:
        raise ScenarioError(
            f"{place.at('groesse')}: Die Raten enthalten keine Größe „{assumption.quantity}“ "
            f"({label('variables', name)}).",
            remedy="Die Annahme streichen oder diese Raten schätzen.",
        )
    return name


def in_contract_order(changed: xr.DataArray, values: xr.DataArray) -> xr.DataArray:
    """Changed values with the dimensions in the order of the contract, named and labelled as before."""
    order = [dim for dim in variable("rates", str(values.name)).dims if dim in changed.dims]
    return changed.transpose(*order).assign_attrs(values.attrs).rename(values.name)


def _masks(rates: xr.Dataset, name: str, statement: Selected, run: Run, place: Place) -> list[xr.DataArray]:
    """One mask per filter."""
    masks = []
    if statement.areas is not None:
        masks.append(area_mask(rates["area"], statement.areas, run.areas, place.at("gebiete")))
    if statement.nationality:
        masks.append(equals(rates, "nationality", statement.nationality, place.at("staatsangehoerigkeit")))
    if statement.sex:
        masks.append(equals(rates, "sex", statement.sex, place.at("geschlecht")))
    if statement.ages:
        ages = rates[name]["age"]
        masks.append(age_mask(ages, int(rates["age"].max()), statement.ages, place.at("alter")))
    return masks
