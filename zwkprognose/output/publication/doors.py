"""What outputs refuse at the door: no projection, impossible rules, inputs of another town."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import xarray as xr

from zwkprognose.errors import OutputError
from zwkprognose.inputs.handed import require_dataset
from zwkprognose.output.content.facts import with_scenario
from zwkprognose.output.publication.whole_tables import FLOWS

#: What every event of a result of the engine is split by.
SPLIT = {"year", "area", "nationality", "sex"}


def check_projection(dataset: xr.Dataset) -> None:
    """Refuse what is not a result of the engine.

    Raises
    ------
    OutputError
        If there is no stock, no event or one that is not split, or the years do not follow the stocks one by one.
    """
    stocks, years = (dataset[dim].values if dim in dataset.dims else np.empty(0) for dim in ("year_end", "year"))
    one_by_one = np.array_equal(stocks[1:], years) and np.array_equal(np.diff(stocks), np.ones(len(years)))
    events = [dataset[name].dims for name in FLOWS if name in dataset]
    if "population" not in dataset or not events or not one_by_one or not all({*dims} >= SPLIT for dims in events):
        raise OutputError(
            "Das ist keine Vorausberechnung, sondern zum Beispiel ein Bestand.",
            remedy="Das Ergebnis von project() übergeben.",
        )


def check_limits(**limits: Any) -> None:
    """Refuse limits of protection that are not whole numbers from 1.

    Raises
    ------
    OutputError
        Names the limit.
    """
    for name, value in limits.items():
        if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 1:
            raise OutputError(
                f"{name}={value} ist keine ganze Zahl ab 1.",
                remedy="Eine Zahl wie 5 angeben; ganz ohne Schutz nur intern mit internal=True.",
            )


def check_whole(stock: xr.DataArray, min_cell: int) -> None:
    """Refuse to publish a whole so small that even its women or its men are a few persons.

    Parameters
    ----------
    stock : xr.DataArray [sex, …], persons
        The counted stock of the base year.

    Raises
    ------
    OutputError
        Says what may be done instead.
    """
    sexes = stock.sum([dim for dim in stock.dims if dim != "sex"]).round()
    if bool(((sexes > 0) & (sexes < min_cell)).any()) or 0 < float(sexes.sum()) < min_cell:
        raise OutputError(
            f"Das Ganze ist zu klein zum Veröffentlichen: Nach Geschlecht wären es weniger als {min_cell} Personen.",
            remedy="Ein größeres Ganzes rechnen, oder nur für den Gebrauch im Haus: nur_intern = true (internal=True).",
        )


def check_rule(published: xr.Dataset, **asked: int | None) -> None:
    """Refuse a stricter rule for what is published already; it would only look like protection.

    Raises
    ------
    OutputError
        Names both rules.
    """
    rule = json.loads(published.attrs["publication"])
    for name, value in asked.items():
        if value is None:
            continue
        check_limits(**{name: value})
        if rule["internal"] or rule[name] < value:
            known = "ohne Schutz" if rule["internal"] else f"mit {name}={rule[name]}"
            raise OutputError(
                f"Die Vorausberechnung ist schon {known} veröffentlicht, verlangt ist {name}={value}.",
                remedy="publish auf die ungerundete Vorausberechnung anwenden.",
            )


def check_inputs(projection: xr.Dataset, inputs: xr.Dataset) -> None:
    """Refuse inputs that a projection did not start from.

    A stock in the base year must be the first of the projection, as far as that is shown; a continued projection
    has none.

    Raises
    ------
    OutputError
        Names the areas that differ.
    """
    remedy = "Das Ergebnis von build_inputs(…) übergeben, mit dem gerechnet wurde."
    require_dataset(inputs, what="der Bestand (inputs)", remedy=remedy, error=OutputError)
    if "death_prob" in inputs:
        raise OutputError("Als inputs wurden Raten übergeben, kein Bestand.", remedy=remedy)
    if "population" not in inputs:
        return
    counted, start = _totals(inputs["population"]), _start(projection)
    strange = {str(area) for area in counted["area"].values} ^ {str(area) for area in start["area"].values}
    if strange:
        raise _other_town("Gebiete", sorted(strange))
    base = int(start["year_end"])
    if base not in counted["year_end"].values:
        return
    away = abs(counted.sel(year_end=base, area=start["area"].values).values - start.values)
    odd = [str(area) for area, gap in zip(start["area"].values, away, strict=True) if gap > 1]
    if odd:
        raise _other_town(f"Bestände am 31.12.{base}", odd)


def _start(projection: xr.Dataset) -> xr.DataArray:
    """First stock by area; whole persons, NaN where hidden, if the projection is published."""
    whole = with_scenario(projection).isel(scenario=0, year_end=0)
    return whole["total"] if "publication" in projection.attrs else _totals(whole["population"])


def _totals(stock: xr.DataArray) -> xr.DataArray:
    dims = [dim for dim in ("nationality", "sex", "age") if dim in stock.dims]
    return stock.sum(dims, skipna=False).transpose(..., "area")


def _other_town(what: str, areas: list[str]) -> OutputError:
    return OutputError(
        f"Eingaben und Vorausberechnung passen nicht zusammen: Ihre {what} sind verschieden.",
        cells=[{"area": area} for area in areas],
        remedy="Bei inputs= die Eingaben angeben, von denen die Vorausberechnung ausgeht.",
    )
