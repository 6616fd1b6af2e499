"""From what a projection is asked for to the model that is computed: rates and plan under a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zwkprognose.engine.assemble import Plan, model_of
from zwkprognose.engine.layout import Grid
from zwkprognose.engine.model import Model

if TYPE_CHECKING:
    import xarray as xr

    from zwkprognose.scenarios import Scenario


def prepared(inputs: xr.Dataset, rates: xr.Dataset, scenario: Scenario | None, grid: Grid, plan: Plan) -> Model:
    """The checked arrays of a projection under a scenario."""
    return model_of(grid, _applied(rates, scenario, grid, inputs), _planned(plan, scenario, grid, inputs))


def _applied(rates: xr.Dataset, scenario: Scenario | None, grid: Grid, inputs: xr.Dataset) -> xr.Dataset:
    if scenario is None:
        return rates
    from zwkprognose.scenarios import apply_scenario

    first = _first_stock(inputs, grid)
    return apply_scenario(rates, scenario, grid.years, stock=first, anchor=int(first["year_end"]) + 1)


def _planned(plan: Plan, scenario: Scenario | None, grid: Grid, inputs: xr.Dataset) -> Plan:
    """The plan with the dwellings, facilities and Eckwerte of the scenario."""
    if scenario is None:
        return plan
    from zwkprognose.engine.measures import planned

    return planned(plan, scenario, grid, _first_stock(inputs, grid))


def _first_stock(inputs: xr.Dataset, grid: Grid) -> xr.DataArray:
    """The stock with which a scenario begins: a continued projection stays on the paths of the earlier one."""
    if "provenance" in inputs.attrs:
        return inputs["population"].isel(year_end=0)
    return grid.start.assign_coords(year_end=grid.year_start)
