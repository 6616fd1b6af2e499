"""A case made of nothing but published numbers: what everybody may hold in his hands, everybody may compute with.

The publication of a projection is read as if it were statistics: the stocks of the base year and of one some years
later, the events between them, area by area. From these the rates are estimated as an office would do it with its own
tables, and the flows of every year are then fitted to the published totals. So the page begins with the published
numbers of the base year and follows the published totals, and contains nothing that is not in the tables already.

Ages, sexes and groups that the publication does not show for an area are filled in like those of the whole, within
the sums it does show. Areas that it does not show at all are one area together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import xarray as xr

from zwkprognose.arithmetic import total
from zwkprognose.engine.assemble import Plan
from zwkprognose.engine.features.eckwerte import Eckwert
from zwkprognose.engine.formulas import ALMOST_ALL
from zwkprognose.engine.grid import grid_of
from zwkprognose.engine.totals import met
from zwkprognose.errors import OutputError, ZwkError
from zwkprognose.inputs.stocks import single_years
from zwkprognose.output.publication.rounding import Floats
from zwkprognose.rates import estimate_rates

#: Years after the base year whose published stock tells how ages move; the usual distance of official stocks.
APART = 5
#: Key and name of the areas together that are not shown.
REST, REST_NAME = "–", "Nicht gezeigte Gebiete"
#: Rounds in which births and deaths come near to the published ones, and the largest change in one of them.
_ROUNDS, _MOST = 3, 3.0
#: Rounds in which ages and groups of one area come near to both.
_TURNS = 60
_CELL = ("nationality", "sex", "age")
_EVENTS = ("births", "deaths", "in_moves", "out_moves")


@dataclass(frozen=True, eq=False)
class PublicCase:
    """Stock of the base year and rates of the years after it, both of published numbers only."""

    inputs: xr.Dataset
    rates: xr.Dataset


def public_case(published: xr.Dataset, open_age: int) -> PublicCase:
    """Stock and rates of a town as its publication shows it.

    Parameters
    ----------
    published : xr.Dataset
        One scenario, from :func:`zwkprognose.publish`.
    open_age : int
        First age of the open group of the projection; which it is says nothing about anybody.

    Raises
    ------
    OutputError
        If too little is published to compute with it.
    """
    one = published.isel(scenario=0, drop=True) if "scenario" in published.dims else published
    ends = one["year_end"].values
    later = int(ends[min(APART, len(ends) - 1)])
    stocks = xr.concat([_stock(one, int(end), open_age) for end in (ends[0], later)], "year_end", join="exact")
    observed = xr.Dataset({"population": stocks} | dict(_events(one, stocks, later)))
    start = observed[["population"]].isel(year_end=[0])
    try:
        return PublicCase(start, _following(one, start, estimate_rates(observed), stocks))
    except ZwkError as error:
        raise OutputError(
            f"Aus den veröffentlichten Zahlen allein lässt sich nicht rechnen: {error.message}",
            remedy="Die Seite für den Gebrauch im Haus schreiben: --intern (in Python internal=True).",
        ) from error


def _following(one: xr.Dataset, start: xr.Dataset, rates: xr.Dataset, stocks: xr.DataArray) -> xr.Dataset:
    """Rates under which births, deaths and totals of every year come near to the published ones, totals exactly."""
    grid, plan = grid_of(start["population"], int(one["year_end"][-1])), Plan()
    births, deaths = (_by_area(one[name], one[f"city_{name}"], stocks) for name in ("births", "deaths"))
    target = _totals(one, stocks)
    for _ in range(_ROUNDS):
        _, found = met(grid, rates, plan, target)
        born, died = found["births"].sum(["nationality", "sex"]), found["deaths"].sum(["area", *_CELL])
        dying = _yearly(rates["death_prob"], deaths.sum("area") / died).clip(max=1.0)
        leaving = xr.ufuncs.minimum(rates["out_prob"], ALMOST_ALL * (1 - dying) / (1 - dying / 2))
        rates = rates.assign(
            fertility_rate=_yearly(rates["fertility_rate"], births / born),
            death_prob=dying,
            out_prob=leaving.transpose("year", "area", *_CELL),
        )
    return met(grid, rates, plan, target)[0]


def _yearly(rate: xr.DataArray, factor: xr.DataArray) -> xr.DataArray:
    """The rate times a factor of each year; where nothing is expected, or nothing happens, it stays."""
    usable = factor.where(np.isfinite(factor) & (factor > 0), 1.0).clip(1 / _MOST, _MOST)
    order = [d for d in ("year", "area", *_CELL) if d in {*rate.dims, *factor.dims}]
    return (rate * usable).transpose(*order)


# --- stocks --------------------------------------------------------------------------------------------------------


def _stock(one: xr.Dataset, end: int, open_age: int) -> xr.DataArray:
    """Persons [area, nationality, sex, age] on one 31.12.; the areas not shown come last."""
    at = one.sel(year_end=end)
    shown = ~np.isnan(at["total"].values)
    whole = _city(at, open_age)
    cells = [*_areas(at.isel(area=np.flatnonzero(shown)), whole)]
    names = at["area_name"].values[shown].tolist() if "area_name" in at.coords else [""] * int(shown.sum())
    keys = at["area"].values[shown].tolist()
    if not shown.all():
        left = float(at["city_total"]) - float(at["total"].values[shown].sum())
        cells.append(whole * (max(left, 0.0) / max(float(whole.sum()), 1.0)))
        keys, names = [*keys, REST], [*names, REST_NAME]
    coords = {"area": keys, **{d: at[d].values for d in ("nationality", "sex")}, "age": np.arange(open_age + 1)}
    stock = xr.DataArray(np.stack(cells), coords, ("area", *_CELL)).assign_coords(area_name=("area", names))
    return stock.assign_coords(year_end=end)


def _city(at: xr.Dataset, open_age: int) -> Floats:
    """The whole by nationality, sex and single age: its own table, split into groups like the areas that show them."""
    ages = single_years(at["city"].transpose("sex", "city_group").values, at["city_from"].values.astype(int), open_age)
    known = at["population"].sum("area", skipna=True).transpose("nationality", "sex", "age_group").values
    groups = at["city_by_nationality"].values
    overall = groups / max(groups.sum(), 1.0)
    band = _bands(at["age_from"].values, open_age)
    people = known.sum(axis=0)
    share = np.where(people > 0, known / np.where(people > 0, people, 1.0), overall[:, None, None])
    return np.asarray(share[:, :, band] * ages)


def _areas(at: xr.Dataset, whole: Floats) -> Floats:
    """Every area: the finest table that shows it, its groups, and within both like the whole."""
    seed = np.where(whole > 0, whole, 0.0)
    groups = at["by_nationality"].transpose("area", "nationality").values
    persons = at["total"].values / max(float(seed.sum()), 1.0)
    cells = _fitted(seed * persons[:, None, None, None], groups)
    left = np.ones(len(cells), bool)
    for name, band in (("population", "age"), ("by_age", "age"), ("by_broad_age", "broad"), ("broad", "broad")):
        dims = [d for d in ("nationality", "sex", f"{band}_group") if d in at[name].dims]
        values = at[name].transpose("area", *dims).values
        here = left & ~np.isnan(values).reshape(len(values), -1).any(axis=1)
        if here.any():
            first = at[f"{band}_from"].values.astype(int)
            wanted = np.full_like(groups[here], np.nan) if name == "population" else groups[here]
            cells[here] = _spread(seed, values[here], first, wanted)
        left &= ~here
    return cells


def _spread(seed: Floats, values: Floats, first: np.ndarray, groups: Floats) -> Floats:
    """Published sums of areas over bands [area, (nationality,) (sex,) band] spread over cells like the seed."""
    cells = np.broadcast_to(seed, (len(values), *seed.shape))
    ends = [*first[1:].tolist(), seed.shape[-1]]
    band = np.repeat(np.arange(len(first)), np.diff([*first.tolist(), seed.shape[-1]]))
    lost = tuple(range(1, 1 + cells.ndim - values.ndim))
    width = np.bincount(band) * np.prod([cells.shape[d] for d in lost], dtype=float)
    for _ in range(_TURNS if (~np.isnan(groups)).any() else 1):
        bands = zip(first.tolist(), ends, strict=True)
        summed = np.stack([total(cells[..., begin:end], -1) for begin, end in bands], axis=-1)
        kept = summed.sum(axis=lost, keepdims=True) if lost else summed
        wanted = values.reshape(kept.shape)
        ratio = np.where(kept > 0, wanted / np.where(kept > 0, kept, 1.0), 0.0)
        even = np.where(kept > 0, 0.0, wanted / width)  # nobody in the whole, somebody here: evenly
        cells = _fitted(cells * ratio[..., band] + even[..., band], groups)
    return cells


def _fitted(cells: Floats, groups: Floats) -> Floats:
    """The cells [area, nationality, sex, age] with the sums of the groups, where these are shown."""
    now = total(cells, (2, 3))
    factor = np.where(now > 0, groups / np.where(now > 0, now, 1.0), 1.0)
    return np.asarray(cells * np.where(np.isnan(factor), 1.0, factor)[..., None, None])


def _bands(first: np.ndarray, oldest: int) -> np.ndarray:
    """The band of every age."""
    return np.searchsorted(first.astype(int), np.arange(oldest + 1), side="right") - 1


# --- events and totals ---------------------------------------------------------------------------------------------


def _events(one: xr.Dataset, stocks: xr.DataArray, until: int) -> Iterator[tuple[str, xr.DataArray]]:
    """Births, deaths and moves by year and area up to a year, as published."""
    years = [int(year) for year in one["year"].values if year <= until]
    for name in _EVENTS:
        yield name, _by_area(one[name].sel(year=years), one[f"city_{name}"].sel(year=years), stocks)


def _totals(one: xr.Dataset, stocks: xr.DataArray) -> Eckwert:
    """The published totals of all years after the base year."""
    later = one.isel(year_end=slice(1, None))
    return Eckwert("veröffentlichte Gesamtzahlen", _by_area(later["total"], later["city_total"], stocks))


def _by_area(areas: xr.DataArray, city: xr.DataArray, stocks: xr.DataArray) -> xr.DataArray:
    """Numbers of the areas shown and of the others together."""
    time = next(d for d in areas.dims if d != "area")
    keys = [key for key in stocks["area"].values.tolist() if key != REST]
    shown = areas.transpose(time, "area").sel(area=keys).values
    if REST in stocks["area"].values:
        shown = np.column_stack([shown, np.maximum(city.values - shown.sum(axis=1), 0.0)])
    return xr.DataArray(shown, {time: areas[time].values, "area": stocks["area"].values}, (time, "area"))
