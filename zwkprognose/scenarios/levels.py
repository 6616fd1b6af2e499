"""The level of a quantity, in the unit in which people speak of it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import summed, total
from zwkprognose.errors import ScenarioError
from zwkprognose.names import SEXES

#: Unit of the level of each quantity.
UNITS = {
    "geburten": "Kinder je Frau",
    "sterblichkeit": "Jahre Lebenserwartung",
    "zuzuege": "Personen im Jahr",
    "fortzuege": "% der Bevölkerung im Jahr",
    "umzuege": "% der Bevölkerung im Jahr",
    "einbuergerungen": "% der Bevölkerung im Jahr",
}


def level(quantity: str, values: xr.DataArray, hit: xr.DataArray | None, stock: xr.DataArray | None) -> xr.DataArray:
    """Level of one quantity in the selected cells.

    Parameters
    ----------
    quantity : str
        As in a document: ``geburten``, ``sterblichkeit`` …
    values : xr.DataArray
        The rates of this quantity, by age reached at the end of the year.
    hit : xr.DataArray of bool, optional
        Selected cells; ``None``: all.
    stock : xr.DataArray [area, nationality, sex, age], persons
        Weights of areas and groups. Not needed for in-moves, nor where the rates are the same for all.

    Returns
    -------
    xr.DataArray
        A number, or one per year; unit: :data:`UNITS`.
    """
    if quantity == "zuzuege":
        return summed(_inside(values, hit), [dim for dim in values.dims if dim != "year"])
    if quantity == "geburten":
        return summed(by_age(values, hit, _of_women(stock)), ["age"])
    if quantity == "sterblichkeit":
        return life_expectancy(by_age(values, hit, stock))
    return 100 * _mean(values, _weights(values, hit, stock), [d for d in values.dims if d != "year"])


def by_age(values: xr.DataArray, hit: xr.DataArray | None, stock: xr.DataArray | None) -> xr.DataArray:
    """Mean over areas, groups and sexes, weighted with the population, for each age."""
    dims = [dim for dim in values.dims if dim in ("area", "nationality", "sex")]
    if not dims and (hit is None or "sex" not in hit.dims):
        return values
    return _mean(values, _weights(values, hit, stock), dims)


def life_expectancy(death_prob: xr.DataArray) -> xr.DataArray:
    """Life expectancy at birth from death probabilities by age reached at the end of the year.

    With S = 1 − q: L0 = S[0], L[x] = L[x−1]·S[x], and for the open group T = S·(L[A−1] + T).

    Examples
    --------
    >>> q = xr.DataArray([0.0, 0.5, 0.5], coords={"age": [0, 1, 2]}, dims="age")
    >>> float(life_expectancy(q))
    2.0
    """
    survival = 1 - death_prob.transpose(..., "age")
    lived = np.cumprod(survival.values[..., :-1], axis=-1)
    last = survival.values[..., -1]
    with np.errstate(divide="ignore", invalid="ignore"):  # without end where nobody of the oldest dies
        years = total(lived, -1) + lived[..., -1] * last / (1 - last)
    return xr.DataArray(years, dims=survival.dims[:-1], coords={d: survival[d] for d in survival.dims[:-1]})


def at_risk(stock: xr.DataArray) -> xr.DataArray:
    """The population by age reached at the end of the year; newborns count like those under one."""
    ages = stock.transpose(..., "age").values
    moved = np.concatenate([ages[..., :1], ages[..., :-1]], axis=-1)
    moved[..., -1] += ages[..., -1]
    return stock.transpose(..., "age").copy(data=moved)


def _weights(values: xr.DataArray, hit: xr.DataArray | None, stock: xr.DataArray | None) -> xr.DataArray:
    """Persons behind every cell of the values, zero outside of the selection."""
    if stock is None:
        raise ScenarioError(
            "Für diesen Zielwert müssen Gebiete und Gruppen gewichtet werden; dazu fehlt der Bestand.",
            remedy="apply_scenario(…, stock=bestand) aufrufen; project() tut das von selbst.",
        )
    persons = at_risk(stock.drop_vars([c for c in stock.coords if c not in stock.dims]))
    persons = persons.sel(age=values["age"].values) if "age" in values.dims else persons
    chosen = _inside(persons, hit)
    return summed(chosen, [dim for dim in chosen.dims if dim not in values.dims])


def _mean(values: xr.DataArray, weights: xr.DataArray, dims: list[Any]) -> xr.DataArray:
    """Weighted mean; at an age at which nobody lives, all areas and groups count the same."""
    with xr.set_options(arithmetic_join="exact"):
        persons = summed(weights, dims)
        weighted = summed(values * weights, dims)
        alike = summed(values, dims) / math.prod(values.sizes[d] for d in dims)
        return xr.where(persons > 0, weighted / xr.where(persons > 0, persons, 1.0), alike)


def _inside(values: xr.DataArray, hit: xr.DataArray | None) -> xr.DataArray:
    return values if hit is None else xr.where(hit, values, 0.0)


def _of_women(stock: xr.DataArray | None) -> xr.DataArray | None:
    return None if stock is None else stock.sel(sex=SEXES[0], drop=True)
