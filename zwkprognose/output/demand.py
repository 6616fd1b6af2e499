"""Demand for services: persons times quotas, beside what is there."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import NDArray

from zwkprognose.errors import OutputError
from zwkprognose.german import number_text
from zwkprognose.inputs.handed import handed, require_dataset
from zwkprognose.output.aggregate import aggregate, splits_of
from zwkprognose.output.content.quotas import Quota
from zwkprognose.output.named_areas import check_named

#: Below this size chance alone makes the number of a small age group uncertain.
SMALL_AREA = 10_000
SMALL_NOTE = (
    "In Gebieten unter 10.000 Personen weicht die Zahl der Kita-Kinder allein durch Zufall leicht um 25 bis 30 % ab."
)


def demand(
    projection: xr.Dataset,
    quotas: Quota | Sequence[Quota],
    *,
    by: Iterable[str] = ("area",),
    capacity: Mapping[str, float] | None = None,
    interval: float = 0.8,
) -> xr.Dataset:
    """Project the demand for services: Σ population · quota over ages and sexes.

    Parameters
    ----------
    projection : xr.Dataset
        Population [year_end …, sex, age], persons.
    quotas : Quota or sequence of Quota
        Constant and rising quotas side by side, for example ``[q, q.rising(1.2, start=2020, end=2035)]``.
    by : iterable of str
        ``("area",)`` or ``()`` for the city.
    capacity : mapping of area key to places, optional
        Places that are there; with ``by=()`` under the key ``""``. One quota only.
    interval : float
        Mass of the band if the projection has draws.

    Returns
    -------
    xr.Dataset
        ``demand`` [quota, …, year_end, area], persons; ``demand_low`` and ``demand_high`` around it, NaN where
        nothing is known about the uncertainty; with ``capacity`` also ``gap`` (places − demand) and
        ``break_even`` (first year in which the demand exceeds the places, NaN if none does). Titles and source
        lines of the quotas are in the attributes of ``quota``.

    Raises
    ------
    OutputError
        If there is no quota, one does not fit the ages, or ``capacity`` misses an area or names one that is not there.

    Examples
    --------
    >>> from zwkprognose.output.content.quotas import Quota, Rate
    >>> people = xr.Dataset({"population": (("year_end", "sex", "age"), [[[10.0, 20, 30]]])},
    ...                     coords={"year_end": [2030], "sex": ["total"], "age": [0, 1, 2]})
    >>> kita = Quota("kita", "Krippenkinder", (Rate(1, 1, 0.5),), "eigene Annahme")
    >>> float(demand(people, kita, by=())["demand"].item())
    10.0
    """
    listed = _quotas(quotas)
    if not listed:
        raise OutputError("Bedarf ohne Quote gibt es nicht.", remedy="Mindestens eine Quote angeben.")
    require_dataset(projection, "population", error=OutputError)
    keep = splits_of(by)
    people = aggregate(projection[["population"]], by=(*keep, "sex", "age"))["population"]
    needed = xr.concat([_needed(people, quota) for quota in listed], _quota_index(listed), join="exact")
    result = _with_interval(needed, people, listed, interval)
    if capacity is not None:
        result = result.assign(_against(result["demand"], capacity))
    return result.assign_attrs(note=SMALL_NOTE) if any(quota.small_margin for quota in listed) else result


def _quotas(given: Any) -> list[Quota]:
    """Quotas as a list; :class:`OutputError` for anything else, such as the name of one."""
    listed = [given] if isinstance(given, Quota) or not isinstance(given, Iterable) else list(given)
    wrong = next((one for one in listed if not isinstance(one, Quota)), None)
    if wrong is not None or given is None or isinstance(given, str):
        raise OutputError(
            f"Erwartet wird eine Quote (Quota); übergeben wurde {handed(given)}.",
            remedy="Eine Quote mit default_quota(name) holen oder mit Quota(…) selbst angeben.",
        )
    return listed


def dwellings_needed(households: xr.DataArray, *, stock: xr.DataArray, vacancy: float) -> xr.DataArray:
    """Dwellings that are missing: households / (1 − vacancy) − stock.

    Households come from :func:`demand` with Haushaltsvorstandsquoten as quota.

    Parameters
    ----------
    households, stock : xr.DataArray
        On the same labels; a missing label is an error.
    vacancy : float
        Share of dwellings that stand empty for moving and repair, 0 ≤ vacancy < 1.

    Raises
    ------
    OutputError
        If ``vacancy`` is out of range.
    """
    if not 0 <= vacancy < 1:
        raise OutputError(
            f"Eine Leerstandsquote von {number_text(vacancy)} ist nicht möglich.",
            remedy="Einen Anteil wie 0.03 angeben.",
        )
    with xr.set_options(arithmetic_join="exact"):
        missing = households / (1 - vacancy) - stock
    return missing.assign_attrs(long_name="Fehlende Wohnungen", units="Wohnungen")


def _needed(people: xr.DataArray, quota: Quota) -> xr.DataArray:
    """Persons who need the service [… without sex and age]."""
    sexes = [str(sex) for sex in people["sex"].values]
    shares = xr.DataArray(
        quota.shares(people["age"].values, sexes), {"sex": people["sex"].values, "age": people["age"].values}
    )
    level = xr.DataArray(quota.factors(people["year_end"].values), {"year_end": people["year_end"].values})
    with xr.set_options(arithmetic_join="exact"):
        return (people * shares).sum(("sex", "age")) * level


def _quota_index(quotas: Sequence[Quota]) -> xr.IndexVariable:
    names = [quota.name for quota in quotas]
    if len(set(names)) < len(names):
        raise OutputError("Zwei Quoten tragen denselben Namen.", remedy="Jeder Quote einen eigenen Namen geben.")
    said = {
        "titles": json.dumps({quota.name: quota.title for quota in quotas}, ensure_ascii=False),
        "sources": json.dumps({quota.name: quota.source for quota in quotas}, ensure_ascii=False),
    }
    return xr.IndexVariable("quota", names, attrs=said)


def _with_interval(needed: xr.DataArray, people: xr.DataArray, quotas: Sequence[Quota], mass: float) -> xr.Dataset:
    """Demand with a band: from the draws if there are any, else from the size of the area."""
    named = {"long_name": "Bedarf", "units": "Personen"}
    if "draw" in needed.dims:
        low, high = (needed.quantile(q, "draw").drop_vars("quantile") for q in ((1 - mass) / 2, (1 + mass) / 2))
        middle = needed.mean("draw")
    else:
        margins = xr.DataArray([quota.small_margin for quota in quotas], {"quota": needed["quota"].values})
        small = people.sum(("sex", "age")) < SMALL_AREA
        margin = margins.where(margins > 0) * xr.ones_like(needed).where(small)
        low, high, middle = needed * (1 - margin), needed * (1 + margin), needed
    return xr.Dataset({"demand": middle.assign_attrs(named), "demand_low": low, "demand_high": high})


def _against(needed: xr.DataArray, capacity: Mapping[str, float]) -> dict[str, xr.DataArray]:
    """Gap and break-even year."""
    if needed.sizes["quota"] > 1:
        raise OutputError("Plätze lassen sich nur einer Quote gegenüberstellen.", remedy="demand je Quote aufrufen.")
    places = _places(needed, capacity)
    with xr.set_options(arithmetic_join="exact"):
        gap = places - needed
    short = (gap < 0).transpose(..., "year_end")
    first = needed["year_end"].values[short.values.argmax(axis=-1)].astype(float)
    year = short.isel(year_end=0, drop=True).copy(data=np.where(short.any("year_end"), first, np.nan))
    return {
        "gap": gap.assign_attrs(long_name="Plätze minus Bedarf", units="Personen"),
        "break_even": year.assign_attrs(long_name="Erstes Jahr mit zu wenigen Plätzen"),
    }


def _places(needed: xr.DataArray, capacity: Mapping[str, float]) -> xr.DataArray:
    if "area" not in needed.dims:
        return xr.DataArray(places_of([""], capacity)[0])
    keys = [str(key) for key in needed["area"].values]
    return xr.DataArray(places_of(keys, capacity), {"area": needed["area"].values})


def places_of(keys: Sequence[str], capacity: Mapping[str, float], title: str = "") -> NDArray[np.float64]:
    """Places in the order of the areas; raises :class:`OutputError` unless every area has exactly one number."""
    if not isinstance(capacity, Mapping):
        raise OutputError(
            f"Plätze gehören zu Gebieten; übergeben wurde {handed(capacity)}.",
            remedy='Für jedes Gebiet eine Zahl angeben, zum Beispiel capacity={"0101": 120}.',
        )
    remedy = "Für jedes Gebiet genau eine Zahl angeben, auch eine Null."
    check_named(keys, capacity, f"Plätze für „{title}“" if title else "Plätze", remedy)
    return np.array([float(capacity[key]) for key in keys])
