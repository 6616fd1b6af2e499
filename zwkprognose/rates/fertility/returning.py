"""Fertility that returns to its level: what the city's earlier stocks say of it, and the way back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import mean, summed
from zwkprognose.errors import RatesError
from zwkprognose.inputs.handed import require_dataset
from zwkprognose.rates.checks import check_numbers, projected_years, refuse_years
from zwkprognose.rates.estimate import estimate_rates


def return_fertility(inputs: xr.Dataset, rates: xr.Dataset, years: Sequence[int], *, within: int = 10) -> xr.Dataset:
    """Let the level of births go evenly from the last one to the mean of all that the city has had.

    Areas and groups keep their relative level. Nothing chooses this by itself: early launches
    would have chosen it in one of four cities (docs/genauigkeit.md).

    Parameters
    ----------
    inputs : xr.Dataset
        ``population`` of at least three 31.12.
    rates : xr.Dataset
        With ``fertility_rate`` for one year, estimated from these inputs.
    years : sequence of int
        Years of the projection, ascending.
    within : int, years
        After so many years the mean is reached; from then on it stays.

    Returns
    -------
    xr.Dataset
        A copy whose ``fertility_rate`` has the dimension ``year``; its attributes say after how many years which
        multiple of the last level is reached.

    Raises
    ------
    RatesError
        If fewer than two levels are known, ``within`` is no number of years, or the rates change over the years
        already.

    Examples
    --------
    >>> from zwkprognose import load_example
    >>> inputs = load_example("konstanz")
    >>> rates = estimate_rates(inputs)
    >>> first = int(inputs["year_end"][-1]) + 1
    >>> path = return_fertility(inputs, rates, range(first, first + 15), within=10)
    >>> tfr = path["fertility_rate"].sum("age").mean(["area", "nationality"])
    >>> bool(tfr[9] == tfr[14]), bool(tfr[0] == tfr[9])
    (True, False)
    """
    check_numbers(within=within)
    refuse_years(rates, "fertility_rate")
    years = projected_years(years)
    levels = fertility_levels(inputs)
    if levels.size < 2:
        raise RatesError(
            f"Ein mittleres Geburtenniveau braucht mindestens zwei; bekannt ist {levels.size}.",
            remedy="Bestände von mindestens drei Stichtagen angeben oder ein Ziel nennen (im Szenario „ziel“ zur "
            "Größe „geburten“, in Python change_fertility).",
        )
    back = float(mean(levels.values) / levels.values[-1])
    share = np.minimum(np.arange(1, len(years) + 1) / within, 1.0)
    factor = xr.DataArray(1 + share * (back - 1), {"year": years}, ("year",))
    before = rates["fertility_rate"]
    after = (factor * before).transpose("year", *before.dims)
    path = rates.assign(fertility_rate=after.assign_attrs(before.attrs))
    return path.assign_attrs(fertility_return=within, fertility_mean_level=back)


def fertility_levels(inputs: xr.Dataset) -> xr.DataArray:
    """Children per woman that each stock but the first implies of the whole city, from what was known then.

    Returns
    -------
    xr.DataArray [year_end]
        Mean of the groups.
    """
    remedy = "Das Ergebnis von build_inputs oder load_example übergeben."
    inputs = require_dataset(inputs, "population", what="ein Datensatz", remedy=remedy, error=RatesError)
    population = inputs["population"]
    city = summed(population, ["area"]).expand_dims(area=["x"]).transpose(*population.dims)
    city["age"].attrs = population["age"].attrs
    years = population["year_end"].values.tolist()[1:]
    known = (city.sel(year_end=slice(None, year)).to_dataset(name="population") for year in years)
    rates = (summed(estimate_rates(one)["fertility_rate"], ["age"]) for one in known)
    levels = [float(mean(children.values)) for children in rates]
    return xr.DataArray(levels, {"year_end": years}, ("year_end",))
